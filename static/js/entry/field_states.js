/* What this page knows of each of its fields, by name: one state, and what belongs to it. Knows neither
   the page nor the network.

   A field is in one state (`is`):
     saved     the server holds what the field shows
     typed     `text` was typed and is not saved, or is on its way
     refused   the server could not read what the field shows
     conflict  another person wrote the field meanwhile; somebody has to choose
     old       the text is of an old encoding; somebody has to say what it is
   A row, which has a name too, is `saved`, or `removing` with the `bases` of its cells. */
import { base as baseName, deletion, parse, row as rowName } from "./names.js";
import { same } from "./texts.js";

const MOST_SENT = 5; // texts of one field without an answer that are kept in mind

const fresh = () => ({
  is: "saved",
  text: undefined, // what was typed
  base: undefined, // the text the server holds, from which the next change is made; none for a new field
  reading: null, // {typed, shown}: how the server shows what was typed, 2395 → 2.395
  problem: "", // why the server could not read it, as the field shows it
  note: "", // what was saved otherwise than typed
  sent: [], // what left this page without an answer so far: the server may hold it
  asIs: false, // strange letters are meant
  confirming: false, // carried over from last time and now confirmed
});
const WAITING = new Set(["refused", "conflict", "old"]);

export class FieldStates {
  constructor() {
    this.states = new Map();
  }

  /* The state of a name; it is not to be changed from outside. */
  of(name) {
    return this.states.get(name) ?? fresh();
  }

  #change(name, change) {
    this.states.set(name, Object.assign(this.of(name), change));
  }

  // --- what happens to a field ---------------------------------------------------------------------

  /* The field came with this text, or the server holds it now. */
  adopt(name, text) {
    this.#change(name, { is: "saved", base: text, reading: null, problem: "" });
  }
  /* What is typed next was based on this text, however old; `unanswered` may have reached the server. */
  rebase(name, base, unanswered) {
    if (base !== undefined) this.#change(name, { base });
    if (unanswered) this.#change(name, { sent: unanswered });
  }
  /* The field is a new one for the server: a row that was deleted there comes back with it. */
  forget(name) {
    this.adopt(name, undefined);
  }
  type(name, text) {
    this.#change(name, { is: "typed", text });
  }
  /* The server holds another text than the page was based on; what is typed here replaces it. */
  overrule(name, theirs, text) {
    this.#change(name, { is: "typed", text, base: theirs, reading: null });
  }
  /* The strange letters of the text are meant. */
  keepAsIs(name, text) {
    this.#change(name, { is: "typed", text, asIs: true });
  }
  confirm(name) {
    this.#change(name, { confirming: true });
  }
  /* The row is to go, with what was typed into those of its cells that the server holds. */
  remove(row, bases) {
    this.#change(row, { is: "removing", bases });
    for (const cell of bases.keys()) this.#change(cell, { is: "saved", problem: "" });
  }
  restore(row) {
    if (this.isRemoving(row)) this.#change(row, { is: "saved" });
  }

  // --- what is asked of them -------------------------------------------------------------------------

  /* Whether the server has this text of the field already. */
  isSaved(name, text) {
    const { is, base, reading } = this.of(name);
    return is === "saved" && (text === base || text === reading?.typed);
  }
  /* Whether only this page has what the field shows. */
  isUnsaved(name) {
    const { is } = this.of(name);
    return is === "typed" || WAITING.has(is);
  }
  isRemoving(row) {
    return this.of(row).is === "removing";
  }
  /* Whether something would be lost with the page. */
  holdsChanges() {
    return this.#some(({ is }) => is === "typed" || is === "removing");
  }
  holdsConfirmations() {
    return this.#some(({ confirming }) => confirming);
  }
  #some(test) {
    for (const state of this.states.values()) if (test(state)) return true;
    return false;
  }
  /* How many fields were sent and not saved. */
  waiting() {
    return [...this.states.values()].filter(({ is }) => WAITING.has(is)).length;
  }
  /* Names and states of the fields that only this page has. */
  unsaved() {
    return [...this.states].filter(([name]) => this.isUnsaved(name));
  }
  /* Names of the fields that were saved otherwise than typed. */
  noted() {
    return [...this.states].filter(([, { note }]) => note).map(([name]) => name);
  }

  // --- a save ----------------------------------------------------------------------------------------

  /* What leaves now: texts by field, bases by removed row, names that are confirmed. */
  take() {
    const leaving = { texts: new Map(), removals: new Map(), confirmed: new Set() };
    for (const [name, state] of this.states) {
      if (state.is === "typed") {
        leaving.texts.set(name, state.text);
        state.sent = [...state.sent, state.text].slice(-MOST_SENT);
      }
      if (state.is === "removing") leaving.removals.set(name, state.bases);
      if (state.confirming) leaving.confirmed.add(name);
    }
    return leaving;
  }

  /* The same as it is posted. */
  posted({ texts, removals, confirmed }) {
    const body = new URLSearchParams();
    for (const [name, text] of texts) {
      const { base, asIs } = this.of(name);
      body.append(name, text);
      if (base !== undefined) body.append(baseName(name), base);
      if (asIs) body.append("as_is", name);
    }
    for (const [row, bases] of removals) {
      body.append(deletion(row), "1");
      for (const [cell, base] of bases) body.append(baseName(cell), base);
    }
    for (const name of confirmed) body.append("confirm", name);
    return body;
  }

  /* The server's answer to what left. `textOf` says what a field shows now, undefined without the field.

     Gives `wrote`: whether the report changed by this save, for all this page can tell; `conflicts`: those
     of the answer that are another person's; `judged`: by field that was read, why it was not saved, or "". */
  settle(answer, { texts, removals, confirmed }, textOf) {
    const settled = { wrote: false, conflicts: { ...answer.conflicts }, judged: new Map() };
    for (const [name, text] of texts) this.#settleField(name, text, answer, settled, textOf);
    for (const [row, bases] of removals) {
      const contested = deletion(row) in answer.conflicts;
      this.restore(row);
      if (!contested) this.#settleRow(row);
      settled.wrote ||= bases.size > 0 && !contested;
    }
    for (const name of confirmed) this.#change(name, { confirming: false });
    if (answer.doubts) this.#note(texts.keys(), answer.noted || {});
    return settled;
  }

  #note(names, notes) {
    for (const name of names) this.#change(name, { note: "" });
    for (const [name, note] of Object.entries(notes)) this.#change(name, { note });
  }

  #settleField(name, text, answer, settled, textOf) {
    const state = this.of(name);
    const typedAnew = state.is === "typed" && state.text !== text;
    const becomes = (is) => (typedAnew ? "typed" : is);
    const conflict = settled.conflicts[name];
    if (isEcho(state, conflict)) {
      delete settled.conflicts[name];
      const shown = textOf(name);
      this.#change(name, { is: becomes("saved"), base: conflict.theirs });
      if (shown !== undefined) this.type(name, shown);
      return;
    }
    this.#change(name, { sent: [] });
    if (conflict) return this.#change(name, { is: becomes("conflict") });
    if (name in answer.old) return this.#change(name, { is: becomes("old") });
    const problem = answer.errors[name] || "";
    settled.judged.set(name, problem);
    if (problem) return this.#change(name, { is: becomes("refused"), problem });
    const shown = answer.shown[name] ?? text;
    settled.wrote ||= !same(state.base, shown);
    const reading = { typed: text, shown };
    this.#change(name, { is: becomes("saved"), base: shown, reading, problem: "" });
  }

  /* The row is gone, and with it what was wrong in it. */
  #settleRow(row) {
    for (const [name, state] of this.states) {
      const { kind, table, uid } = parse(name) ?? {};
      if (kind !== "cell" || rowName(table, uid) !== row) continue;
      this.#change(name, { is: WAITING.has(state.is) ? "saved" : state.is, problem: "" });
    }
  }
}

/* A line that broke after the server had saved: what it calls another's text is what this page sent. */
const isEcho = ({ sent }, conflict) =>
  Boolean(conflict) && !conflict.gone && sent.some((text) => same(text, conflict.theirs));
