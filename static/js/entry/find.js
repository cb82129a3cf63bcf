/* Find a figure of the page by its name, with or without diacritics. */
import { reveal, searching } from "./groups.js";
import { form, wordsIn } from "./page.js";
import { showPanel } from "./preview.js";
import { folded } from "./texts.js";
import { cellsOf } from "./typing.js";

/* A text as it is searched in: dashes part words, as blanks do. */
const searchable = (text) => folded(text).replace(/\s*[‐‑‒–—―−-]\s*/g, " ");
/* The parts of what was typed; a label has to hold all of them, in any order. */
export const partsOf = (typed) => searchable(typed).split(/\s+/).filter(Boolean);
export const holdsAll = (label, parts) => {
  const text = searchable(label);
  return parts.every((part) => text.includes(part));
};

/* Shows what is called so and hides the rest; the number of lines shown, null when all are. */
function show(typed) {
  const parts = partsOf(typed);
  let found = 0;
  for (const part of form.querySelectorAll(
    ".figure-field, .narrative-field, table.grid tbody tr",
  )) {
    const own =
      part.querySelector("label:not(.no-script), th[scope=row]")?.textContent ||
      cellsOf(part).map(wordsIn).join(" ");
    const label = `${titleOf(part)} ${own}`;
    const hit = holdsAll(label, parts);
    part.classList.toggle("unfound", !hit);
    found += hit;
  }
  searching(parts.length > 0);
  for (const group of form.querySelectorAll("[data-group], .figure-group"))
    group.classList.toggle(
      "unfound",
      parts.length > 0 &&
        !group.querySelector(
          ".figure-field:not(.unfound), .narrative-field:not(.unfound), tbody tr:not(.unfound)",
        ),
    );
  return parts.length ? found : null;
}

/* What the group or table of a figure is called: its name finds all of it. */
const titleOf = (part) =>
  part.closest("fieldset.figure-group")?.querySelector("legend")?.textContent ||
  part.closest("[data-group]")?.querySelector("h2")?.textContent ||
  "";

/* The address may name a field: it is shown, wherever it is folded away, and marked until one types. A
   share that is computed has no field of its own: its line is shown. */
function land() {
  const id = decodeURIComponent(location.hash.slice(1));
  const name = CSS.escape(id.replace(/^id_/, ""));
  const target =
    id &&
    (document.getElementById(id) ||
      form.querySelector(`[data-computed="${name}"], [data-row="${name}"]`));
  if (!target || !form.contains(target)) return;
  reveal(target, { history: false });
  for (let outer = target.closest("details"); outer; outer = outer.parentElement.closest("details"))
    outer.open = true;
  for (const part of form.querySelectorAll(".unfound")) part.classList.remove("unfound");
  showPanel("entry");
  for (const before of form.querySelectorAll(".landed")) before.classList.remove("landed");
  const place = target.closest(".figure-field, .narrative-field, td, .field, tr") || target;
  place.classList.add("landed");
  form.addEventListener("input", () => place.classList.remove("landed"), { once: true });
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center", inline: "center" });
}

function clear(box, count) {
  box.value = "";
  show("");
  count.textContent = "";
}

export function start() {
  const box = document.querySelector("[data-find]");
  const count = document.querySelector("[data-found]");
  box?.addEventListener("input", () => {
    const found = show(box.value);
    count.textContent =
      found === null ? "" : found ? `${found} dòng` : "Không có số liệu nào tên như vậy";
  });
  box?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear(box, count);
    if (event.key !== "Enter") return;
    event.preventDefault();
    const hit = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].find(
      (e) => e.offsetParent,
    );
    if (!hit) return;
    clear(box, count);
    reveal(hit);
    hit.focus();
    hit.scrollIntoView({ block: "center" });
  });
  addEventListener("keydown", (event) => {
    if (!box || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    box.focus();
    box.select();
  });
  addEventListener("hashchange", land);
  land();
}
