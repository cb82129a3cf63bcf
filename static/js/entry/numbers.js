/* Numbers as clerks type them: 2.395, 12,5 %, kps. The server reads them for good; these only help. */

const COUNT = /^\d{1,3}(\.\d{3})*$|^\d+$/;
const VALUE =
  /^(\d{1,3}(\.\d{3})*|\d+)(,\d+)?\s*%?$|^(kps|không|khong|ko)( phát sinh| phat sinh)?$/i;
// A number may bring its unit, an amount its words (6 lượt, 1 tỷ 250 triệu): the server knows which are right.
const READABLE =
  /^\d[\d.,\s\p{L}%]*$|^(kps|không|khong|ko)(\s+(phát sinh|phat sinh|có|co))?$|^[-–—]$/iu;
const DAY = /^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(\d{2})?$/;

/* A whole number; 0 for "không phát sinh", null for what is no count. */
export function count(text) {
  const typed = text.trim().toLowerCase();
  if (typed.startsWith("k")) return 0;
  return COUNT.test(typed) ? Number(typed.replaceAll(".", "")) : null;
}

/* The sum of what is a count among these texts; null when none is. */
export function sum(texts) {
  const counts = texts.map(count).filter((part) => part !== null);
  return counts.length ? counts.reduce((total, part) => total + part, 0) : null;
}

/* 2395 → 2.395 */
export const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ".");

/* Whether a text is a figure or a day, as a cell of a table holds it. */
export const isValue = (text) => VALUE.test(text) || DAY.test(text);

/* Whether the server may be able to read a text as a figure or a day. */
export const mayBeValue = (text) => READABLE.test(text) || DAY.test(text);
