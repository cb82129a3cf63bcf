/* A block copied from Excel or Word into a table: shows what lands where before anything is written. */
import { blockOfCells, blockOfText, withoutHeading } from "./clipboard.js";
import { mayBeValue } from "./numbers.js";
import { button, form, headOf, make, wordsIn } from "./page.js";
import { touch } from "./saving.js";
import { folded } from "./texts.js";
import { addRow } from "./typing.js";

const MOST_ROWS = 300; // of one table, as the server has it
const SHOWN = 40;
const INPUT = "input, select, textarea";

// --- reading the clipboard ------------------------------------------------------------------------
/* The block as rows of texts; a cell covered by a merged one is null. Null when it is no block. */
function block(data) {
  const html = data.getData("text/html");
  return /<table/i.test(html)
    ? blockOfCells(rowsOfCells(html))
    : blockOfText(data.getData("text/plain"));
}

function rowsOfCells(html) {
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  for (const end of table.querySelectorAll("br")) end.replaceWith(" ");
  return [...table.rows].map((row) =>
    [...row.cells].map((cell) => ({
      text: cell.textContent.replace(/\s+/g, " ").trim(),
      wide: cell.colSpan,
      high: cell.rowSpan,
    })),
  );
}

// --- where it lands -------------------------------------------------------------------------------
const rowLabel = (row) =>
  (row.querySelector("th")?.textContent || wordsIn(row.querySelector(INPUT))).trim() ||
  "Chưa có tên";
const inputOf = (cell) => {
  const input = cell?.querySelector(INPUT);
  return input?.type === "checkbox" ? null : input;
};

const columnOf = (cell) => [...cell.parentElement.children].indexOf(cell);

/* For each text its field, what is there and what will be; `why` when it is not written. */
function plan(texts, startCell) {
  const first = startCell.parentElement;
  const column = columnOf(startCell);
  const table = first.closest("[data-table]")?.querySelector("template")
    ? first.closest("[data-table]").dataset.table
    : "";
  const rows = [...first.parentElement.children].filter(
    (row) => row.offsetParent && !row.matches(".gone, .row-findings"),
  );
  const from = rows.indexOf(first);
  const landing = texts.map((line, down) => {
    const row = rows[from + down];
    return {
      row,
      fresh: !row,
      cells: line.map((text, across) => land(text, (row || first).children[column + across], !row)),
    };
  });
  const room = table ? MOST_ROWS - rows.length : 0;
  let spare = room;
  const kept = landing.filter((line) => !line.fresh || spare-- > 0);
  return {
    table,
    column,
    first,
    lines: kept,
    left: landing.length - kept.length,
    merged: texts.flat().includes(null),
  };
}
function land(text, cell, fresh) {
  const input = inputOf(cell);
  const now = fresh || !input ? "" : input.value;
  const line = input?.matches("textarea") ? text : text?.replace(/\s*\n\s*/g, " ");
  const landing = { text, now, value: line, why: "", doubt: false };
  if (text === null || text === "") return { ...landing, text: "", why: "trống" };
  if (!cell || cell.matches(".row-actions")) return { ...landing, why: "ngoài bảng" };
  if (!input) return { ...landing, why: "ô không nhập được" };
  if (input.matches("select")) return { ...landing, ...choose(input, text, fresh) };
  if (input.matches(".number")) return { ...landing, doubt: !mayBeValue(text) };
  return landing;
}
/* The option of a list that a text names, by its words or its code. */
function choose(select, text, fresh) {
  const name = folded(text).trim();
  const option = [...select.options].find(
    (choice) => folded(choice.textContent).trim() === name || choice.value === text,
  );
  if (!option?.value) return { why: "không có trong danh sách" };
  const now = fresh || !select.value ? "" : select.selectedOptions[0].textContent;
  return { value: option.value, now };
}

// --- showing and accepting --------------------------------------------------------------------------
/* What a plan would do, in sentences; `headless`: its heading was left out. */
export function announcement({ lines, table, left, merged }, headless) {
  const cells = lines.flatMap((line) => line.cells);
  const landing = cells.filter((cell) => !cell.why);
  const replaced = landing.filter((cell) => cell.now && cell.now !== cell.text).length;
  const doubtful = landing.filter((cell) => cell.doubt).length;
  const skipped = cells.filter((cell) => cell.why && cell.text);
  const reasons = [...new Set(skipped.map((cell) => cell.why))].join("; ");
  const fresh = lines.filter((line) => line.fresh).length;
  const noRoom = table
    ? `${left} dòng không có chỗ: mỗi bảng tối đa ${MOST_ROWS} dòng.`
    : `${left} dòng thừa so với bảng, không được ghi.`;
  return [
    landing.length ? `${landing.length} ô sẽ được ghi.` : "Không có ô nào ghi được vào bảng.",
    replaced && `${replaced} ô đang có nội dung khác sẽ được thay.`,
    fresh && `Thêm ${fresh} dòng mới.`,
    doubtful && `${doubtful} ô không phải số, sẽ báo lại ở từng ô.`,
    skipped.length && `${skipped.length} ô bỏ qua: ${reasons}.`,
    headless && "Dòng tiêu đề được bỏ qua.",
    merged && "Khối chép có ô gộp: chỉ ghi ô đầu của mỗi khối gộp.",
    left && noRoom,
  ]
    .filter(Boolean)
    .join(" ");
}

function ask(planned, headless) {
  const sight = make("div", "scroll", picture(planned));
  sight.tabIndex = 0;
  sight.setAttribute("role", "group");
  sight.setAttribute("aria-label", "Nội dung sẽ ghi");
  const heading = make("h2", "", "Dán vào bảng");
  const summary = make("p", "", announcement(planned, headless));
  const dialog = make("dialog", "paste", heading, summary, sight);
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const choices = [button("Hủy", "button", close)];
  if (planned.lines.some((line) => line.cells.some((cell) => !cell.why)))
    choices.unshift(
      button("Ghi vào bảng", "button primary", () => {
        close();
        write(planned);
      }),
    );
  dialog.append(make("div", "dialog-actions", ...choices));
  dialog.setAttribute("aria-label", "Dán vào bảng");
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  choices[0].focus();
}
function picture({ lines, first, column }) {
  const widest = Math.max(...lines.map((line) => line.cells.length));
  const head = make("tr", "", make("th", "", "Dòng"));
  for (let across = column; across < column + widest; across++) {
    const cell = first.children[across];
    const inTable = cell && !cell.matches(".row-actions");
    head.append(make("th", "", inTable ? headOf(cell) : "Ngoài bảng"));
  }
  const body = make("tbody", "", ...lines.slice(0, SHOWN).map(pictureOfLine));
  if (lines.length > SHOWN)
    body.append(make("tr", "", make("th", "", `và ${lines.length - SHOWN} dòng nữa`)));
  return make("table", "grid", make("thead", "", head), body);
}
const pictureOfLine = ({ row, fresh, cells }) =>
  make("tr", "", make("th", "", fresh ? "Dòng mới" : rowLabel(row)), ...cells.map(pictureOfCell));
function pictureOfCell({ text, now, why, doubt }) {
  const doubtful = doubt ? "doubt" : "";
  const cell = make("td", why ? "skipped" : doubtful, text || "");
  if (!why && now && now !== text) cell.prepend(make("del", "", now), " ");
  if (why && text) cell.title = why;
  return cell;
}
function write({ table, column, lines }) {
  for (const line of lines) {
    const row = line.row || addRow(table);
    line.cells.forEach((cell, across) => {
      const input = inputOf(row.children[column + across]);
      if (cell.why || !input) return;
      input.value = cell.value;
      touch(input, 50);
    });
  }
}

export function start() {
  form.addEventListener("paste", (event) => {
    if (!event.target.closest("table.grid td")) return;
    const texts = block(event.clipboardData);
    if (!texts || (texts.length < 2 && texts[0].length < 2)) return;
    // Lines of one text go into a text field as they are.
    if (event.target.matches("textarea") && texts.every((line) => line.length < 2)) return;
    event.preventDefault();
    const cell = event.target.closest("td");
    const column = columnOf(cell);
    const isNumber = (across) =>
      Boolean(inputOf(cell.parentElement.children[column + across])?.matches(".number"));
    const kept = withoutHeading(texts, isNumber);
    ask(plan(kept, cell), kept.length < texts.length);
  });
}
