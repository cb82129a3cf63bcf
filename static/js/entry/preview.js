/* Form and paper side by side: what changes in a field lights up in the text, a click goes back. */
import { reveal } from "./groups.js";
import { parse, text } from "./names.js";
import { field, form, on } from "./page.js";

let preview = null; // the text, null on a page without it
let fold = null; // the press that folds it away

/* Everything beside the fields, as the server says it reads now. */
function refresh(answer) {
  for (const [item, sentence] of Object.entries(answer.composed || {}))
    showSentence(item, sentence);
  for (const [name, sum] of Object.entries(answer.sums || {})) {
    const press = form.querySelector(`[data-total="${CSS.escape(name)}"]`);
    if (press) showText(press.querySelector("b"), sum, press);
  }
  for (const [name, ratio] of Object.entries(answer.computed || {})) {
    const output = form.querySelector(`[data-computed="${CSS.escape(name)}"]`);
    if (output) showText(output, ratio, output);
  }
  const list = document.getElementById("live-figures");
  if (list && "live_figures" in answer) list.innerHTML = answer.live_figures;
  if (preview && answer.preview) showPreview(answer.preview);
  if (answer.progress) showProgress(answer.progress);
}

/* What an item would say by itself, for whoever takes it over into their own text. */
function showSentence(item, sentence) {
  const select = form.querySelector(`[data-takes-over="${CSS.escape(text(item))}"]`);
  if (!select) return;
  select.dataset.composed = sentence;
  select.parentElement.hidden = !sentence;
}

function showText(element, shown, box) {
  element.textContent = shown;
  box.hidden = !shown;
}

function showPreview(html) {
  const top = preview.scrollTop;
  preview.innerHTML = html;
  preview.scrollTop = top;
  dim();
  light(document.activeElement);
}

/* Of the section's text, what the group in sight makes stands out. */
function dim({ scroll = false } = {}) {
  const paper = preview?.querySelector(".paper");
  const group = form.querySelector("[data-group]:not([hidden])");
  const others = form.querySelector("[data-group][hidden]");
  if (!paper || !others) {
    for (const part of paper?.children || []) part.classList.remove("elsewhere");
    return;
  }
  let first = null;
  for (const part of paper.children) {
    const ours = [...part.querySelectorAll("[data-figure]")].some(({ dataset }) =>
      isOf(group, dataset.figure),
    );
    part.classList.toggle("elsewhere", !ours);
    if (ours) first ??= part;
  }
  if (!first) for (const part of paper.children) part.classList.remove("elsewhere");
  if (scroll) preview.scrollTop = first ? first.offsetTop - preview.offsetTop - 60 : 0;
}
/* Whether a figure of the text is typed in this group: in a field of its own, or in a column of a table. */
function isOf(group, figure) {
  const element = field(figure);
  if (element?.closest) return group.contains(element);
  const table = parse(figure)?.table || figure.split(".")[0];
  return Boolean(group.querySelector(`[data-table="${CSS.escape(table)}"]`));
}

function showProgress({ label, state, answered, required, asked }) {
  const element = document.querySelector("[data-progress]");
  element.textContent = label;
  element.className = `status ${state}`;
  const count = document.querySelector("[data-progress-count]");
  if (count) count.textContent = `${answered}/${required} ${asked} bắt buộc`;
}

function light(element) {
  if (!preview) return;
  for (const lit of preview.querySelectorAll(".lit")) lit.classList.remove("lit");
  const name = element?.name;
  if (!name) return;
  const figure = parse(name)?.code ?? name; // a cell lights up its whole column
  const spans = preview.querySelectorAll(`[data-figure="${CSS.escape(figure)}"]`);
  for (const span of spans) span.classList.add("lit");
  if (spans[0]) {
    const inside = spans[0].offsetTop - preview.offsetTop;
    if (inside < preview.scrollTop || inside > preview.scrollTop + preview.clientHeight - 60)
      preview.scrollTop = inside - preview.clientHeight / 2;
  }
}

/* On a phone form and text take turns. */
export function showPanel(name) {
  for (const panel of document.querySelectorAll("[data-panel]"))
    panel.classList.toggle("off", panel.dataset.panel !== name);
}

/* The text can be folded away, and beside a wide table it is until it is opened. */
function nameFold() {
  if (!fold) return;
  const { classList } = document.querySelector(".workspace");
  const away = classList.contains("wide-group")
    ? !classList.contains("opened")
    : classList.contains("folded");
  fold.textContent = away ? "Mở văn bản" : "Gập lại";
}

/* Whether the text is folded away, for the next page. */
const FOLDED = "cchc-paper-folded";
function remember(folded) {
  try {
    localStorage.setItem(FOLDED, folded ? "1" : "");
  } catch {
    /* A browser that keeps nothing shows the text. */
  }
}
function remembered() {
  try {
    return localStorage.getItem(FOLDED) === "1";
  } catch {
    return false;
  }
}

export function start() {
  preview = document.querySelector("[data-preview]");
  on("answer", refresh);
  form.addEventListener("focusin", (event) => light(event.target));
  preview?.addEventListener("click", (event) => {
    const span = event.target.closest("[data-figure]");
    const element = span && field(span.dataset.figure);
    if (element?.focus) {
      showPanel("entry");
      reveal(element);
      element.focus();
      element.scrollIntoView({ block: "center" });
    }
  });
  document.addEventListener("groupshown", () => {
    dim({ scroll: true });
    nameFold();
  });
  dim({ scroll: true });
  for (const tab of document.querySelectorAll("[data-tab]"))
    tab.addEventListener("click", () => showPanel(tab.dataset.tab));
  showPanel("entry");
  fold = document.querySelector("[data-fold]");
  fold?.addEventListener("click", () => {
    const { classList } = document.querySelector(".workspace");
    if (classList.contains("wide-group")) classList.toggle("opened");
    else remember(classList.toggle("folded"));
    nameFold();
  });
  document.querySelector(".workspace")?.classList.toggle("folded", remembered());
  nameFold();
}
