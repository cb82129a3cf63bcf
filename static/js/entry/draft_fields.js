/* A draft as it is kept in the browser: a list of fields `{name, value, base, unanswered, at, label, words}`,
   `at` in milliseconds. Pages of one person share it. */
import { same } from "./texts.js";

/* The draft after this page has written: what it has left, and of the rest what it never touched. */
export const merged = (kept, left, mine) => [
  ...left,
  ...kept.filter(({ name }) => !mine.has(name)),
];

/* The draft without these fields, unless they were kept anew meanwhile. */
export const without = (kept, gone) =>
  kept.filter(({ name, at }) => !gone.some((field) => field.name === name && field.at === at));

/* Whether a kept field says something that the page does not; `present` undefined without such a field. */
export const isNews = ({ value }, present) =>
  present === undefined ? Boolean(value) : !same(present, value);

/* `14:05`, with the day when it was another one than that of `now`. */
export function moment(at, now = Date.now()) {
  const day = (time) => new Date(time).toLocaleDateString("vi-VN");
  const hour = new Date(at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
  return day(at) === day(now) ? hour : `${hour} ngày ${day(at)}`;
}
