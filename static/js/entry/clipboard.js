/* A block of cells from Excel or Word, as rows of texts. */
import { isValue } from "./numbers.js";

const MOST_COLUMNS = 100; // that one merged cell may cover

/* Plain text as rows of texts; null when it is no block but one line. */
export function blockOfText(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  return /[\t\n]/.test(lines) ? withoutTail(separated(lines)) : null;
}

/* Rows of cells `{text, wide, high}` as rows of texts; what a merged cell covers is null. */
export function blockOfCells(rows) {
  const grid = rows.map(() => []);
  rows.forEach((row, down) => {
    let across = 0;
    for (const { text, wide, high } of row) {
      while (grid[down][across] !== undefined) across++;
      cover(
        grid,
        down,
        across,
        Math.min(high || 1, rows.length - down),
        Math.min(wide, MOST_COLUMNS),
      );
      grid[down][across] = text;
    }
  });
  return withoutTail(grid.map((row) => Array.from(row, (text) => text ?? null)));
}

/* The block without its first row when that is words over columns of numbers: a heading, not data. */
export function withoutHeading(rows, isNumberColumn) {
  const over = rows[0].filter((text, across) => text && isNumberColumn(across));
  return rows.length > 1 && over.length && !over.some(isValue) ? rows.slice(1) : rows;
}

function cover(grid, down, across, high, wide) {
  for (let y = down; y < down + high; y++)
    for (let x = across; x < across + wide; x++) grid[y][x] = null;
}

function withoutTail(rows) {
  while (rows.length > 1 && rows.at(-1).every((text) => !text)) rows.pop();
  return rows;
}

/* Text parted by tabs; Excel puts a cell with line ends in quotes. */
function separated(text) {
  const rows = [[]];
  const cells = text.matchAll(/(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/gy);
  for (const [, quoted, plain, end] of cells) {
    rows.at(-1).push((quoted !== undefined ? quoted.replaceAll('""', '"') : plain).trim());
    if (end === "\n") rows.push([]);
    else if (end === "") break;
  }
  return rows;
}
