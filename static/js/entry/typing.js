/* Helps for typing: one answer for a group, sums, rows, keys, the clerk's own text. */
import { parse } from "./names.js";
import { grouped, sum } from "./numbers.js";
import { button, field, form, on } from "./page.js";
import { baseOf, forget, remove, restore, touch } from "./saving.js";

/* What stands empty above the button, and nothing else; one press takes it back. */
function answerGroup(press) {
  const empty = [...press.closest("fieldset").querySelectorAll("input.number")].filter(
    (input) =>
      input.offsetParent &&
      !input.value.trim() &&
      input.closest(".figure-field").querySelector(".unit")?.textContent !== "%",
  );
  for (const input of empty) write(input, "Không phát sinh");
  if (empty.length) offerBack(press, empty);
}
function write(input, text) {
  input.value = text;
  touch(input, 50);
}
function offerBack(press, answered) {
  press.parentElement.querySelector(".take-back")?.remove();
  const back = button(
    `Hoàn tác ${answered.length} ô vừa trả lời`,
    "button small quiet take-back",
    () => {
      for (const input of answered) if (input.value === "Không phát sinh") write(input, "");
      back.remove();
      press.focus();
    },
  );
  press.after(" ", back);
}

function addUp() {
  for (const press of form.querySelectorAll("[data-parts]")) {
    const parts = press.dataset.parts.split(" ").map(field).filter(Boolean);
    const total = sum(parts.map((part) => part.value));
    if (total === null) continue;
    press.querySelector("b").textContent = grouped(total);
    press.hidden = field(press.dataset.total)?.value === grouped(total);
  }
}

/* The foot of a table: its columns added up, marked where the section says another total. */
function addColumns() {
  for (const foot of form.querySelectorAll("table.grid > tfoot")) {
    const rows = [...foot.parentElement.tBodies[0].rows].filter(
      (row) => !row.classList.contains("gone"),
    );
    for (const cell of foot.querySelectorAll("[data-sum]")) {
      const texts = rows.map(
        (row) => row.cells[cell.cellIndex]?.querySelector("input")?.value ?? "",
      );
      const total = sum(texts) ?? 0;
      cell.textContent = grouped(total);
      cell.classList.toggle(
        "differs",
        "total" in cell.dataset && cell.dataset.total !== String(total),
      );
    }
  }
}
function takeTotals(answer) {
  for (const cell of form.querySelectorAll("tfoot [data-sum]")) {
    const table = cell.closest("[data-table]").dataset.table;
    const total = answer.column_totals?.[`${table}.${cell.dataset.sum}`];
    if (total === undefined) delete cell.dataset.total;
    else cell.dataset.total = total;
  }
  addColumns();
}

// --- rows -------------------------------------------------------------------------------------
const newUid = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
export function cellsOf(row) {
  return [...row.querySelectorAll("input, select, textarea")].filter((e) => e.type !== "checkbox");
}
/* A new row at the end of a table; returns it. */
export function addRow(table, uid = newUid()) {
  const section = form.querySelector(`[data-table="${CSS.escape(table)}"]`);
  const pattern = section?.querySelector("template");
  if (!pattern) return null;
  const body = section.querySelector("tbody");
  const before = itemOf(body.querySelector("tr:last-of-type"))?.value;
  body.insertAdjacentHTML("beforeend", pattern.innerHTML.replaceAll("__uid__", uid));
  const item = itemOf(body.lastElementChild);
  if (item) item.value = before || (item.options.length === 2 ? item.options[1].value : "");
  return body.lastElementChild;
}
/* The list of a row that says which item of the outline it belongs to. */
const itemOf = (row) =>
  [...(row?.querySelectorAll("select") ?? [])].find(({ name }) => parse(name)?.column === "item");
/* Whether a row is shown as deleted. */
export function showGone(row, gone) {
  row.classList.toggle("gone", gone);
  const press = row.querySelector("[data-delete]");
  if (press) press.textContent = gone ? "Hoàn tác" : "Xóa dòng";
}
export function removeRow(press) {
  const row = press.closest("tr");
  const name = press.dataset.delete;
  showGone(row, !row.classList.contains("gone"));
  if (row.classList.contains("gone"))
    remove(
      name,
      new Map(
        cellsOf(row)
          .map((e) => [e.name, baseOf(e.name)])
          .filter(([, base]) => base !== undefined),
      ),
    );
  else {
    restore(name);
    for (const element of cellsOf(row)) {
      forget(element.name);
      touch(element, 50);
    }
  }
}

// --- keys ---------------------------------------------------------------------------------------
const inputs = () =>
  [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(
    (e) => e.offsetParent,
  );
function stepDown(element, step) {
  const cell = element.closest("td");
  const row = cell.parentElement;
  const column = [...row.children].indexOf(cell);
  let next = row[step];
  while (next && !next.children[column]?.querySelector("input")) next = next[step];
  return next?.children[column].querySelector("input");
}
function stepAcross(element, step) {
  let cell = element.closest("td")[step];
  while (cell && !cell.querySelector("input, textarea, select")) cell = cell[step];
  return cell?.querySelector("input, textarea, select");
}
const atEnd = (input, forward) =>
  (input.selectionStart === 0 && input.selectionEnd === input.value.length) ||
  (input.selectionStart === input.selectionEnd &&
    input.selectionStart === (forward ? input.value.length : 0));

/* Enter confirms what was carried over and goes on to the next field; arrows move within a table. */
function move(event) {
  const element = event.target;
  if (event.key === "F1") return explain(event);
  if (!element.matches("input, select") || event.isComposing || event.altKey || event.ctrlKey)
    return;
  if (event.key === "Enter" && element.matches("input")) {
    event.preventDefault();
    if (element.type !== "search") goOn(element);
  } else if (element.matches("td input")) {
    const next = neighbour(element, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
/* How the figure at hand is counted, and away again. */
function explain(event) {
  const counting = event.target.closest(".figure-field")?.querySelector(".counting");
  if (!counting) return;
  event.preventDefault();
  counting.open = !counting.open;
}
function goOn(input) {
  const sure = input.closest(".figure-field, td")?.querySelector("[name=confirm]");
  if (sure?.offsetParent) sure.click();
  const all = inputs();
  (all[all.indexOf(input) + 1] || document.querySelector("[data-step=after]"))?.focus();
}
function neighbour(input, key) {
  if (key === "ArrowDown") return stepDown(input, "nextElementSibling");
  if (key === "ArrowUp") return stepDown(input, "previousElementSibling");
  if (key === "ArrowRight" && atEnd(input, true)) return stepAcross(input, "nextElementSibling");
  if (key === "ArrowLeft" && atEnd(input, false))
    return stepAcross(input, "previousElementSibling");
  return null;
}

// --- the clerk's own text -------------------------------------------------------------------------
function offerFigures(select) {
  const list = document.getElementById("live-figures");
  select.addEventListener("focus", () => {
    while (select.options.length > 1) select.remove(1);
    if (list) select.append(list.content.cloneNode(true));
  });
  select.addEventListener("change", (event) => {
    event.stopPropagation();
    const area = field(select.dataset.inserts);
    if (select.value) {
      area.setRangeText(`{${select.value}}`, area.selectionStart, area.selectionEnd, "end");
      touch(area, 300);
      area.focus();
    }
    select.value = "";
  });
}
function takeOver(select) {
  select.addEventListener("change", () => {
    const area = field(select.dataset.takesOver);
    if (select.value === "instead" && !area.value.trim()) {
      area.value = select.dataset.composed;
      touch(area, 100);
    }
  });
}

export function start() {
  form.addEventListener("click", (event) => {
    const press = event.target.closest("button");
    if (!press) return;
    if (press.classList.contains("none-arisen")) {
      event.preventDefault();
      answerGroup(press);
    } else if (press.dataset.total) {
      const total = field(press.dataset.total);
      total.value = press.querySelector("b").textContent;
      touch(total, 0);
      press.hidden = true;
      total.focus();
    } else if (press.dataset.repair) {
      const mended = field(press.dataset.repair);
      mended.value = press.dataset.text;
      touch(mended, 0);
      addUp();
      addColumns();
      mended.focus();
    } else if (press.dataset.add)
      addRow(press.dataset.add)?.querySelector("input, select, textarea").focus();
    else if (press.dataset.delete) removeRow(press);
  });
  form.addEventListener("input", () => {
    addUp();
    addColumns();
  });
  on("answer", takeTotals);
  form.addEventListener("keydown", move);
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("input.number")) event.target.select();
  });
  // One goes from field to field; what explains them is reached by F1 or a press.
  for (const summary of form.querySelectorAll(".counting > summary")) summary.tabIndex = -1;
  form.querySelectorAll("[data-inserts]").forEach(offerFigures);
  form.querySelectorAll("[data-takes-over]").forEach(takeOver);
}
