/* Form and paper side by side: what changes in a field lights up in the text, a click goes back. */
import { form, field, on } from "./page.js";

const preview = document.querySelector("[data-preview]");

/* Everything beside the fields, as the server says it reads now. */
function refresh(answer) {
  for (const [item, sentence] of Object.entries(answer.composed || {})) {
    const select = form.querySelector(`[data-takes-over="${CSS.escape("text:" + item)}"]`);
    if (!select) continue;
    select.dataset.composed = sentence;
    select.parentElement.hidden = !sentence;
  }
  const list = document.getElementById("live-figures");
  if (list && "live_figures" in answer) list.innerHTML = answer.live_figures;
  for (const [name, words] of Object.entries(answer.sums || {})) {
    const press = form.querySelector(`[data-total="${CSS.escape(name)}"]`);
    if (press) {
      press.querySelector("b").textContent = words;
      press.hidden = !words;
    }
  }
  for (const [name, words] of Object.entries(answer.computed || {})) {
    const output = form.querySelector(`[data-computed="${CSS.escape(name)}"]`);
    if (output) {
      output.textContent = words;
      output.hidden = !words;
    }
  }
  if (preview && answer.preview) {
    const top = preview.scrollTop;
    preview.innerHTML = answer.preview;
    preview.scrollTop = top;
    light(document.activeElement);
  }
  if (!answer.progress) return;
  const state = document.querySelector("[data-progress]");
  state.textContent = answer.progress.label;
  state.className = "progress-state " + answer.progress.state;
  const count = document.querySelector("[data-progress-count]");
  if (count)
    count.firstChild.textContent = `${answer.progress.answered}/${answer.progress.required} ${answer.progress.asked} bắt buộc đã có. Không có việc phát sinh thì gõ `;
}

function light(element) {
  if (!preview) return;
  for (const lit of preview.querySelectorAll(".lit")) lit.classList.remove("lit");
  const name = element && element.name ? element.name.split("@")[0] : "";
  if (!name) return;
  const spans = preview.querySelectorAll(`[data-figure="${CSS.escape(name)}"]`);
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
  on("answer", refresh);
  form.addEventListener("focusin", (event) => light(event.target));
  preview?.addEventListener("click", (event) => {
    const span = event.target.closest("[data-figure]");
    const element = span && field(span.dataset.figure);
    if (element && element.focus) {
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
