/* The reviewer's page: a click on a figure, or a passage marked, tells what the remark is about. */
import { parse } from "./entry/names.js";

let about = null; // the list of what a remark may be about; null where nobody may write one
let passage = null;
let shown = null;
let remark = null;
let draft = ""; // the key of what is being written

const plain = (text) => text.trim().replace(/\s+/g, " ");

/* Of the subjects `section/field` the one of a figure; a share computed in a row is about that row. */
export function subjectOf(figure, subjects) {
  const { table, uid } = parse(figure) ?? {};
  const fields = subjects.map((subject) => subject.slice(subject.indexOf("/") + 1));
  const inRow = (name) => {
    const field = parse(name);
    return field?.kind === "cell" && field.table === table && field.uid === uid;
  };
  const at = fields.includes(figure) ? fields.indexOf(figure) : uid ? fields.findIndex(inRow) : -1;
  return subjects[at];
}

function quote(text) {
  passage.value = text.slice(0, 500);
  shown.textContent = passage.value;
  shown.hidden = !passage.value;
}

/* What is being written stays with this window until it stands on the page as a remark: a login that
   ended meanwhile, or a refusal, loses nothing. */
function keep() {
  if (!remark.value.trim()) sessionStorage.removeItem(draft);
  else sessionStorage.setItem(draft, JSON.stringify([remark.value, about.value, passage.value]));
}

function restore() {
  const [text, subject, quoted] = JSON.parse(sessionStorage.getItem(draft) || "[]");
  if (!text) return;
  const accepted = [...document.querySelectorAll(".thread > .said")].some(
    (thread) => plain(thread.textContent) === plain(text),
  );
  if (accepted) return sessionStorage.removeItem(draft);
  remark.value = text;
  if ([...about.options].some((option) => option.value === subject)) about.value = subject;
  quote(quoted || "");
}

function choose(event) {
  const figure = event.target.closest("[data-figure]");
  if (!figure || String(getSelection()).trim()) return;
  const subjects = [...about.options].map((option) => option.value);
  about.value = subjectOf(figure.dataset.figure, subjects) ?? about.value;
  quote(plain(figure.closest("p, td, li")?.textContent ?? "") || figure.textContent);
  remark.focus();
}

function insert(event) {
  const { value } = event.target;
  if (value) remark.value = (remark.value ? `${remark.value.trimEnd()}\n` : "") + value;
  event.target.value = "";
  remark.focus();
}

export function start() {
  document.documentElement.classList.add("js");
  about = document.getElementById("ve");
  if (!about) return;
  passage = document.querySelector("[data-passage]");
  shown = document.querySelector("[data-passage-shown]");
  remark = document.getElementById("noi-dung-y-kien");
  draft = `y-kien:${about.form.dataset.writer}:${location.pathname}`;
  restore();
  about.form.addEventListener("input", keep);
  about.form.addEventListener("submit", keep);
  const sheet = document.querySelector("[data-review]");
  sheet.addEventListener("click", choose);
  sheet.addEventListener("mouseup", () => {
    const text = plain(String(getSelection()));
    if (text.length > 2) quote(text);
  });
  document.querySelector("[data-standard]")?.addEventListener("change", insert);
}
if (globalThis.document) start();
