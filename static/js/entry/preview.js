/* Form and paper side by side: what changes in a field lights up in the text, a click goes back. */
import { parse, text } from "./names.js";
import { field, form, on } from "./page.js";

let preview = null; // the text, null on a page without it

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
  light(document.activeElement);
}

function showProgress({ label, state, answered, required, asked }) {
  const element = document.querySelector("[data-progress]");
  element.textContent = label;
  element.className = `status ${state}`;
  const count = document.querySelector("[data-progress-count]");
  if (count)
    count.firstChild.textContent = `${answered}/${required} ${asked} bắt buộc đã có. Không có việc phát sinh thì gõ `;
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

export function showPanel(name) {
  for (const panel of document.querySelectorAll("[data-panel]"))
    panel.classList.toggle("off", panel.dataset.panel !== name);
  for (const tab of document.querySelectorAll("[data-tab]"))
    tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
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
      element.focus();
      element.scrollIntoView({ block: "center" });
    }
  });
  const tabs = document.querySelector(".tabs");
  if (tabs) {
    tabs.hidden = false;
    tabs.addEventListener(
      "click",
      (event) => event.target.dataset.tab && showPanel(event.target.dataset.tab),
    );
    showPanel("entry");
  }
}
