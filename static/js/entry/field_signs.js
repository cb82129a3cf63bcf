/* What a field shows of the server's judgement: the reason it was refused, a tick, a doubt. */
import { field, form, make } from "./page.js";

const problemLine = (name) => document.getElementById(`error_${name}`);
const tickOf = (name) => form.querySelector(`[data-tick="${CSS.escape(name)}"]`);

/* Why the text of a field was not saved; "" when it was. */
export function showProblem(name, problem) {
  const line = problemLine(name);
  if (line) {
    line.textContent = problem;
    line.hidden = !problem;
  }
  const element = field(name);
  const tick = element?.parentElement
    ?.closest(".figure-field, .narrative-field")
    ?.querySelector("[data-tick]");
  if (element?.setAttribute) markElement(element, name, problem);
  if (tick) {
    tick.textContent = problem ? "!" : "✓";
    tick.classList.toggle("bad", Boolean(problem));
  }
}

function markElement(element, name, problem) {
  element.classList.toggle("bad", Boolean(problem));
  if (problem) {
    element.setAttribute("aria-invalid", "true");
    element.setAttribute("aria-describedby", `error_${name}`);
  } else element.removeAttribute("aria-invalid");
  element
    .closest(".figure-field, .narrative-field, td")
    ?.classList.toggle("has-error", Boolean(problem));
}

/* What the checks say, at the fields: `findings` is markup by name. */
export function showFindings(findings) {
  for (const box of form.querySelectorAll("[data-at]"))
    if (!(box.dataset.at in findings)) box.remove();
  for (const row of form.querySelectorAll("tr.row-findings"))
    if (!row.querySelector("[data-at]")) row.remove();
  for (const [name, markup] of Object.entries(findings)) showFinding(name, markup);
}

function showFinding(name, markup) {
  const place = problemLine(name);
  if (!place) return;
  const present = form.querySelector(`[data-at="${CSS.escape(name)}"]`);
  const box = present || make("div", "at-field");
  box.dataset.at = name;
  if (box.innerHTML !== markup) box.innerHTML = markup;
  if (present) return;
  const row = place.closest("table.grid:not(.indicators) tr");
  if (row) rowBelow(row).append(box);
  else place.after(box);
}

/* In a table what is said of a cell stands below its row, as wide as the table. */
function rowBelow(row) {
  const next = row.nextElementSibling;
  if (next?.matches(".row-findings")) return next.firstElementChild;
  const cell = document.createElement("td");
  cell.colSpan = row.cells.length;
  const below = make("tr", "row-findings", cell);
  row.after(below);
  return cell;
}

/* What looks wrong in fields that were saved, and what was saved otherwise than typed. */
export function showDoubts(doubts, states) {
  for (const line of form.querySelectorAll("[data-doubt]")) line.remove();
  for (const name of new Set([...Object.keys(doubts), ...states.noted()]))
    showDoubt(name, doubts[name], states.of(name));
  for (const tick of form.querySelectorAll(".tick.doubtful")) {
    if (doubts[tick.dataset.tick]) continue;
    tick.classList.remove("doubtful");
    tick.textContent = "✓";
  }
}

function showDoubt(name, doubt, { note, problem }) {
  const place = problemLine(name);
  if (!place || problem) return;
  const line = make("p", "doubt", [doubt, note].filter(Boolean).join(" "));
  line.dataset.doubt = name;
  place.after(line);
  const tick = tickOf(name);
  if (tick && doubt) {
    tick.textContent = "!";
    tick.classList.add("doubtful");
  }
}

/* What was typed, as the server writes it: 2395 becomes 2.395. */
export function showReading(element, reading) {
  if (reading && reading.typed === element.value) element.value = reading.shown;
}

/* A text that was imported as printed is a value now. */
export function settleFlag(element) {
  const box = element.closest(".flagged");
  box?.classList.remove("flagged");
  box?.querySelector(".as-stated")?.remove();
}
