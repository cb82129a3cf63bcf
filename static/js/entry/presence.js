/* Who else has this section open, and what they wrote: it comes into every field not touched here. */
import { parse } from "./names.js";
import { field, form, make, on, openedBy, post, tell, token } from "./page.js";
import { adopt, baseOf, isRemoving, isUnsaved, pending } from "./saving.js";
import { same } from "./texts.js";
import { addRow, cellsOf, showGone } from "./typing.js";

const late = new Map(); // what others wrote into the field where the cursor stands, untouched so far
let address = "";
let revision = 0;
let line = null;

async function beat() {
  if (document.hidden || pending()) return;
  try {
    const answer = await post(address, new URLSearchParams({ revision }));
    introduce(answer.others);
    if (answer.texts && !pending()) {
      revision = answer.revision;
      take(answer);
    }
  } catch {
    /* The next beat asks again; what was typed is the business of saving. */
  }
}

function introduce(names) {
  line.textContent = names.length ? `Đang cùng nhập phần này: ${names.join(", ")}` : "";
  line.hidden = !names.length;
}

function take(answer) {
  const rows = new Set();
  let unplaced = false;
  for (const [name, text] of Object.entries(answer.texts)) {
    const { table, uid } = parse(name) ?? {};
    if (uid) rows.add(uid);
    if (uid && text && !field(name) && !rowOf(uid)) addRow(table, uid);
    if (field(name)) put(name, text);
    else unplaced ||= Boolean(text);
  }
  for (const row of form.querySelectorAll("tr[data-row]"))
    followRow(row, rows.has(row.dataset.row));
  if (unplaced) offerReload(answer.by);
  tell("answer", { ...answer, conflicts: {} });
}

const rowOf = (uid) => form.querySelector(`tr[data-row="${CSS.escape(uid)}"]`);

/* A text of the server's into its field, unless something was typed there; not under the cursor. */
function put(name, text) {
  const element = field(name);
  late.delete(name);
  if (isUnsaved(name) || same(element.value, text)) return;
  if (element === document.activeElement) return late.set(name, text);
  element.value = text;
  adopt(name, text);
  element.classList.add("from-other");
  setTimeout(() => element.classList.remove("from-other"), 6000);
}

/* A row deleted elsewhere goes, one brought back elsewhere comes back; one deleted here keeps its undo. */
function followRow(row, present) {
  const cells = cellsOf(row);
  if (
    present &&
    row.classList.contains("gone") &&
    !isRemoving(row.querySelector("[data-delete]").dataset.delete)
  )
    showGone(row, false);
  const busy = cells.some((cell) => isUnsaved(cell.name) || cell === document.activeElement);
  const saved = cells.some((cell) => baseOf(cell.name) !== undefined);
  if (!present && saved && !busy && !row.classList.contains("gone")) row.remove();
}

function offerReload(by) {
  document.querySelector(".news")?.remove();
  const link = make("a", "", "Tải lại trang");
  link.href = location.pathname; // without the name of a field, which would only lead there
  document
    .querySelector(".save-bar")
    .before(make("p", "news", `${by || "Người khác"} vừa thêm nội dung. `, link, " để xem."));
}

export function start() {
  address = form.dataset.company;
  revision = Number(form.dataset.revision);
  if (!address) return;
  line = make("p", "company");
  line.hidden = true;
  line.setAttribute("role", "status");
  document.querySelector(".save-bar").prepend(line);
  // One step that this page made; a longer one, or one that it did not make, the next beat brings.
  on("answer", (answer) => {
    if (answer.wrote && answer.revision === revision + 1) revision = answer.revision;
  });
  form.addEventListener("input", (event) => late.delete(event.target.name)); // now it is a conflict
  form.addEventListener("focusout", (event) => {
    const name = event.target.name;
    setTimeout(() => late.has(name) && field(name) && put(name, late.get(name)));
  });
  beat();
  setInterval(beat, Number(form.dataset.beat) * 1000);
  addEventListener("visibilitychange", () => {
    if (!document.hidden) beat();
  });
  addEventListener("pagehide", () => {
    navigator.sendBeacon(
      address,
      new URLSearchParams({ leave: "1", csrfmiddlewaretoken: token(), opened_by: openedBy() }),
    );
  });
}
