/* What every part of a section page needs: the form, its fields, words for the clerk, news between parts. */
import { parse } from "./names.js";

export let form = null; // null on a page without one
export let editable = false;
let saveState = null;

/* Finds the form; before every other part, since all of them ask for it. */
export function start() {
  form = document.querySelector("form[data-autosave]");
  editable = Boolean(form && !form.querySelector("fieldset.plain").disabled);
  saveState = document.querySelector("[data-save-state]");
}

export const field = (name) => form.elements.namedItem(name);
export const fields = () => [...form.elements].filter((e) => isField(e));
export const isField = (element) =>
  Boolean(element.name) &&
  element.matches("input, select, textarea") &&
  !element.closest("noscript") &&
  !["csrfmiddlewaretoken", "opened_by", "seen"].includes(element.name) &&
  parse(element.name)?.kind !== "delete";

/* The name by which a clerk knows a field. */
export function labelOf(element) {
  // Cells come by the thousand and name themselves; looking for a label goes through the whole page.
  const own = element.getAttribute("aria-label");
  const label = !own && element.id && form.querySelector(`label[for="${CSS.escape(element.id)}"]`);
  return (own || label?.firstChild.textContent || "").trim();
}

/* The same in a table: of which row, or of which column where the rows are the questions. */
export function placeOf(element) {
  const cell = element.closest("td");
  const own = labelOf(element);
  if (!cell) return own;
  const row = cell.parentElement;
  const head = row.querySelector("th[scope=row]");
  if (head && !row.closest("[data-table]")) return own; // the appendix: a row is one question
  const about = head ? headOf(cell) : wordsIn(row.querySelector("input, select, textarea")).trim();
  return about ? `${about}: ${own}` : own;
}
export const headOf = (cell) =>
  (cell.closest("table").tHead?.rows[0]?.cells[cell.cellIndex]?.textContent || "").trim();

/* A text of a field as a clerk reads it: of a list its words, not its code. */
export function wordsFor(element, text) {
  const option =
    element?.matches?.("select") && [...element.options].find((one) => one.value === text);
  return option ? text && option.textContent : text;
}
export const wordsIn = (element) => wordsFor(element, element.value);

/* A small element: make("p", "hint", "words", child…). */
export function make(tag, className, ...inside) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...inside);
  return element;
}
export function button(words, className, press) {
  const element = make("button", className, words);
  element.type = "button";
  element.addEventListener("click", press);
  return element;
}

export function say(text, kind) {
  if (!saveState) return;
  saveState.textContent = text;
  saveState.className = `save-state ${kind}`;
}

/* "touched": something was typed; "answer": the server's answer to a save, or its news. */
const bus = new EventTarget();
export const on = (kind, heard) => bus.addEventListener(kind, (event) => heard(event.detail));
export const tell = (kind, detail) => bus.dispatchEvent(new CustomEvent(kind, { detail }));

// The token of the cookie: a new login elsewhere changes it while this page stands open.
export const token = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] || field("csrfmiddlewaretoken").value;

// Whose page this is: another login elsewhere does not make it theirs.
export const openedBy = () => field("opened_by")?.value || "";

/* A refusal of the server: its status, its own words, the seconds after which it wants to be asked again. */
export class Refusal extends Error {
  constructor(status, words = "", wait = 0) {
    super(status);
    this.words = words;
    this.wait = wait;
  }
}

export async function post(address, body, more = {}) {
  const response = await fetch(address, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token(), "X-Opened-By": openedBy(), Accept: "application/json" },
    redirect: "manual",
    ...more,
  });
  if (response.type === "opaqueredirect") throw new Error("login");
  if (response.status === 409) throw new Refusal("409", (await response.json()).whose);
  if (!response.ok)
    throw new Refusal(
      String(response.status),
      "",
      Number(response.headers.get("Retry-After")) || 0,
    );
  return response.json();
}
