/* A block copied from Excel or Word into a table: shows what lands where before anything is written. */
import { button, form, headOf, make, wordsIn } from "./page.js";
import { touch } from "./saving.js";
import { addRow } from "./typing.js";

const MOST_ROWS = 300; // of one table, as the server has it
const SHOWN = 40;
const INPUT = "input, select, textarea";
const BARE =
  /^(\d{1,3}(\.\d{3})*|\d+)(,\d+)?\s*%?$|^(kps|không|khong|ko)( phát sinh| phat sinh)?$/i;
// A number may bring its unit, an amount its words (6 lượt, 1 tỷ 250 triệu): the server knows which are right.
const READABLE =
  /^\d[\d.,\s\p{L}%]*$|^(kps|không|khong|ko)(\s+(phát sinh|phat sinh|có|co))?$|^[-–—]$/iu;
const DAY = /^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(\d{2})?$/;

// --- reading the clipboard ------------------------------------------------------------------------
/* The block as rows of texts; a cell covered by a merged one is null. Null when it is no block. */
function block(data) {
  const html = data.getData("text/html");
  if (/<table/i.test(html)) {
    const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
    return withoutTail(unmerged([...table.rows]));
  }
  const text = data.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  return text.includes("\t") || text.includes("\n") ? withoutTail(separated(text)) : null;
}
function withoutTail(rows) {
  while (rows.length > 1 && rows.at(-1).every((text) => !text)) rows.pop();
  return rows;
}
function unmerged(rows) {
  const grid = rows.map(() => []);
  rows.forEach((row, down) => {
    let across = 0;
    for (const cell of row.cells) {
      while (grid[down][across] !== undefined) across++;
      const wide = Math.min(cell.colSpan, 100),
        high = Math.min(cell.rowSpan || 1, rows.length - down);
      for (let y = 0; y < high; y++)
        for (let x = 0; x < wide; x++) grid[down + y][across + x] = null;
      cell.querySelectorAll("br").forEach((end) => end.replaceWith(" "));
      grid[down][across] = cell.textContent.replace(/\s+/g, " ").trim();
    }
  });
  return grid.map((row) => Array.from(row, (text) => text ?? null));
}
/* Text parted by tabs; Excel puts a cell with line ends in quotes. */
function separated(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/gy,
  )) {
    rows.at(-1).push((quoted !== undefined ? quoted.replaceAll('""', '"') : plain).trim());
    if (end === "\n") rows.push([]);
    else if (end === "") break;
  }
  return rows;
}

// --- where it lands -------------------------------------------------------------------------------
const fold = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().trim();
const rowLabel = (row) =>
  (row.querySelector("th")?.textContent || wordsIn(row.querySelector(INPUT))).trim() ||
  "Chưa có tên";
const inputOf = (cell) => {
  const input = cell?.querySelector(INPUT);
  return input?.type === "checkbox" ? null : input;
};

/* For each text its field, what is there and what will be; `why` when it is not written. */
function plan(texts, start) {
  const cell = start.closest("td"),
    first = cell.parentElement;
  const column = [...first.children].indexOf(cell);
  const table = first.closest("[data-table]")?.querySelector("template")
    ? first.closest("[data-table]").dataset.table
    : "";
  const rows = [...first.parentElement.children].filter(
    (row) => row.offsetParent && !row.classList.contains("gone"),
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
  const told = { text, now, value: line, why: "", doubt: false };
  if (text === null || text === "") return { ...told, text: "", why: "trống" };
  if (!cell || cell.matches(".row-actions")) return { ...told, why: "ngoài bảng" };
  if (!input) return { ...told, why: "ô không nhập được" };
  if (input.matches("select")) {
    const option = [...input.options].find(
      (o) => fold(o.textContent) === fold(text) || o.value === text,
    );
    if (!option || !option.value) return { ...told, why: "không có trong danh sách" };
    told.value = option.value;
    told.now = fresh || !input.value ? "" : input.selectedOptions[0].textContent;
  } else if (input.matches(".number")) told.doubt = !READABLE.test(text) && !DAY.test(text);
  return told;
}
/* A first row of words over columns of numbers is a heading, not data. */
function withoutHeading(texts, start) {
  const cell = start.closest("td");
  const column = [...cell.parentElement.children].indexOf(cell);
  const over = texts[0].filter(
    (text, across) =>
      text && inputOf(cell.parentElement.children[column + across])?.matches(".number"),
  );
  return texts.length > 1 &&
    over.length &&
    over.every((text) => !BARE.test(text) && !DAY.test(text))
    ? texts.slice(1)
    : texts;
}

// --- showing and accepting --------------------------------------------------------------------------
function ask(found, headless) {
  const cells = found.lines.flatMap((line) => line.cells);
  const landing = cells.filter((cell) => !cell.why);
  const over = landing.filter((cell) => cell.now && cell.now !== cell.text);
  const doubtful = landing.filter((cell) => cell.doubt);
  const skipped = cells.filter((cell) => cell.why && cell.text);
  const fresh = found.lines.filter((line) => line.fresh).length;
  const words = [
    landing.length ? `${landing.length} ô sẽ được ghi.` : "Không có ô nào ghi được vào bảng.",
  ];
  if (over.length) words.push(`${over.length} ô đang có nội dung khác sẽ được thay.`);
  if (fresh) words.push(`Thêm ${fresh} dòng mới.`);
  if (doubtful.length) words.push(`${doubtful.length} ô không phải số, sẽ báo lại ở từng ô.`);
  if (skipped.length)
    words.push(
      `${skipped.length} ô bỏ qua: ${[...new Set(skipped.map((cell) => cell.why))].join("; ")}.`,
    );
  if (headless) words.push("Dòng tiêu đề được bỏ qua.");
  if (found.merged) words.push("Khối chép có ô gộp: chỉ ghi ô đầu của mỗi khối gộp.");
  if (found.left)
    words.push(
      found.table
        ? `${found.left} dòng không có chỗ: mỗi bảng tối đa ${MOST_ROWS} dòng.`
        : `${found.left} dòng thừa so với bảng, không được ghi.`,
    );
  const sight = make("div", "scroll", picture(found));
  sight.tabIndex = 0;
  sight.setAttribute("role", "group");
  sight.setAttribute("aria-label", "Nội dung sẽ ghi");
  const dialog = make(
    "dialog",
    "paste",
    make("h2", "", "Dán vào bảng"),
    make("p", "", words.join(" ")),
    sight,
  );
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const choices = [
    button("Ghi vào bảng", "btn btn-primary", () => {
      close();
      write(found);
    }),
    button("Hủy", "btn btn-outline-primary", close),
  ];
  dialog.append(make("div", "dialog-actions", ...choices.slice(landing.length ? 0 : 1)));
  dialog.setAttribute("aria-label", "Dán vào bảng");
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  choices.find((one) => one.isConnected).focus();
}
function picture({ lines, first, column }) {
  const widest = Math.max(...lines.map((line) => line.cells.length));
  const table = make("table", "grid"),
    head = make("tr", "", make("th", "", "Dòng"));
  for (let across = column; across < column + widest; across++) {
    const cell = first.children[across];
    head.append(
      make("th", "", cell && !cell.matches(".row-actions") ? headOf(cell) : "Ngoài bảng"),
    );
  }
  const body = make("tbody", "");
  for (const line of lines.slice(0, SHOWN)) {
    const row = make("tr", "", make("th", "", line.fresh ? "Dòng mới" : rowLabel(line.row)));
    for (const cell of line.cells) {
      const shown = make("td", cell.why ? "skipped" : cell.doubt ? "doubt" : "", cell.text || "");
      if (!cell.why && cell.now && cell.now !== cell.text)
        shown.prepend(make("del", "", cell.now), " ");
      if (cell.why && cell.text) shown.title = cell.why;
      row.append(shown);
    }
    body.append(row);
  }
  if (lines.length > SHOWN)
    body.append(make("tr", "", make("th", "", `và ${lines.length - SHOWN} dòng nữa`)));
  table.append(make("thead", "", head), body);
  return table;
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
    const kept = withoutHeading(texts, event.target);
    ask(plan(kept, event.target), kept.length < texts.length);
  });
}
