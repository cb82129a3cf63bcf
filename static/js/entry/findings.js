/* What the checks say at the fields: how many there are, the way to the next, and the fields that take part. */
import { reveal } from "./groups.js";
import { field, form, on } from "./page.js";

let link = null; // in the head: the number of errors of this page

const errors = () => [...form.querySelectorAll(".at-field .finding:not(.warn)")];

function count() {
  for (const element of form.querySelectorAll(".takes-part, .is-wrong"))
    element.classList.remove("takes-part", "is-wrong");
  const all = errors();
  for (const error of all) field(error.closest("[data-at]").dataset.at)?.classList?.add("is-wrong");
  for (const finding of all)
    for (const name of finding.dataset.beside.split(" ").filter(Boolean))
      field(name)?.classList?.add("takes-part");
  if (!link) return;
  link.hidden = !all.length;
  link.textContent = `${all.length} lỗi`;
}

/* To the error after the one whose field has the focus; after the last comes the first. */
function next(event) {
  event.preventDefault();
  const all = errors();
  const at = all.findIndex(
    (error) => field(error.closest("[data-at]").dataset.at) === document.activeElement,
  );
  const finding = all[(at + 1) % all.length];
  const box = finding?.closest("[data-at]");
  const element = box && field(box.dataset.at);
  if (!element?.focus) return;
  reveal(element);
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center" });
}

export function start() {
  link = document.querySelector("[data-first-finding]");
  link?.addEventListener("click", next);
  on("answer", () => setTimeout(count)); // after the answer's findings are in their places
  count();
}
