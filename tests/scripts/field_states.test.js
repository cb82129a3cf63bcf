// What a page knows of its fields: what is typed, sent, answered, in conflict, removed.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { FieldStates } from "../../static/js/entry/field_states.js";

const NAME = "egov.mailboxes";
const ROW = "staff@u1";
const CELL = "staff.headcount@u1";

let states;
let shown; // what the fields of the page show, by name

beforeEach(() => {
  states = new FieldStates();
  shown = {};
  serve(NAME, "4");
});

function serve(name, text) {
  shown[name] = text;
  states.adopt(name, text);
}
function type(name, text) {
  shown[name] = text;
  states.type(name, text);
}
const answer = (parts = {}) => ({ errors: {}, conflicts: {}, old: {}, shown: {}, ...parts });
const settle = (leaving, parts) => states.settle(answer(parts), leaving, (name) => shown[name]);
const save = (parts) => settle(states.take(), parts);
const posted = () => [...states.posted(states.take())];
const is = (name) => states.of(name).is;

describe("a field", () => {
  test("comes saved, with nothing to send", () => {
    assert.equal(is(NAME), "saved");
    assert.ok(states.isSaved(NAME, "4"));
    assert.ok(!states.isSaved(NAME, "5"));
    assert.ok(!states.holdsChanges());
    assert.deepEqual(posted(), []);
  });

  test("typed is sent with the text it was based on", () => {
    type(NAME, "5");
    assert.ok(states.isUnsaved(NAME));
    assert.ok(states.holdsChanges());
    assert.deepEqual(posted(), [
      [NAME, "5"],
      ["base:egov.mailboxes", "4"],
    ]);
  });

  test("new for the server is sent without a base", () => {
    type(CELL, "7");
    assert.deepEqual(posted(), [[CELL, "7"]]);
  });

  test("saved is shown as the server writes it, and both texts are saved ones", () => {
    type(NAME, "2395");
    const { judged, wrote } = save({ shown: { [NAME]: "2.395" } });
    assert.equal(is(NAME), "saved");
    assert.deepEqual([...judged], [[NAME, ""]]);
    assert.ok(wrote);
    assert.deepEqual(states.of(NAME).reading, { typed: "2395", shown: "2.395" });
    assert.ok(states.isSaved(NAME, "2395") && states.isSaved(NAME, "2.395"));
    assert.equal(states.of(NAME).base, "2.395");
  });

  test("saved with the same text but for blanks has changed nothing", () => {
    type(NAME, " 4");
    assert.ok(!save({ shown: { [NAME]: "4" } }).wrote);
  });

  test("typed anew while it was on its way goes once more, based on what arrived", () => {
    type(NAME, "5");
    const leaving = states.take();
    type(NAME, "6");
    settle(leaving);
    assert.equal(is(NAME), "typed");
    assert.deepEqual(posted(), [
      [NAME, "6"],
      ["base:egov.mailboxes", "5"],
    ]);
  });

  test("typed back to what is on its way needs no second save", () => {
    type(NAME, "5");
    const leaving = states.take();
    type(NAME, "6");
    type(NAME, "5");
    settle(leaving);
    assert.equal(is(NAME), "saved");
  });

  test("refused keeps its reason until it is read", () => {
    type(NAME, "nhiều");
    const { judged, wrote } = save({ errors: { [NAME]: "Chưa đọc được." } });
    assert.equal(is(NAME), "refused");
    assert.deepEqual([...judged], [[NAME, "Chưa đọc được."]]);
    assert.ok(!wrote);
    assert.equal(states.waiting(), 1);
    assert.ok(!states.holdsChanges());
    assert.ok(!states.isSaved(NAME, "4"), "typed back to the saved text, the reason has to go");
    type(NAME, "4");
    assert.equal(states.of(NAME).problem, "Chưa đọc được.");
    assert.equal(states.waiting(), 0);
    save();
    assert.equal(states.of(NAME).problem, "");
    assert.equal(is(NAME), "saved");
  });

  test("whose strange letters are meant says so", () => {
    type(NAME, "Tr­êng");
    save({ old: { [NAME]: { encoding: "TCVN3", text: "Trường" } } });
    assert.equal(is(NAME), "old");
    states.keepAsIs(NAME, "Tr­êng");
    assert.deepEqual(posted().slice(2), [["as_is", NAME]]);
  });

  test("notes of what was saved otherwise than typed last until the next save of it", () => {
    type(NAME, "5");
    save({ doubts: {}, noted: { [NAME]: "Đã bỏ ký tự lạ." } });
    assert.deepEqual(states.noted(), [NAME]);
    type(CELL, "1");
    save({ doubts: {} });
    assert.deepEqual(states.noted(), [NAME]);
    type(NAME, "6");
    save({ doubts: {} });
    assert.deepEqual(states.noted(), []);
  });
});

describe("another person's text", () => {
  const conflict = { [NAME]: { theirs: "9", gone: false } };

  beforeEach(() => type(NAME, "5"));

  test("waits for a choice", () => {
    const { conflicts, judged } = save({ conflicts: conflict });
    assert.deepEqual(conflicts, conflict);
    assert.equal(judged.size, 0);
    assert.equal(is(NAME), "conflict");
    assert.ok(states.isUnsaved(NAME));
    assert.equal(states.waiting(), 1);
  });

  test("is taken over", () => {
    save({ conflicts: conflict });
    states.adopt(NAME, "9");
    assert.equal(is(NAME), "saved");
    assert.ok(states.isSaved(NAME, "9"));
  });

  test("is overruled by what stands in the field", () => {
    save({ conflicts: conflict });
    states.overrule(NAME, "9", "5");
    assert.deepEqual(posted(), [
      [NAME, "5"],
      ["base:egov.mailboxes", "9"],
    ]);
  });

  test("does not stop what was typed anew meanwhile", () => {
    const leaving = states.take();
    type(NAME, "6");
    settle(leaving, { conflicts: conflict });
    assert.equal(is(NAME), "typed");
    assert.equal(states.of(NAME).base, "4");
  });

  test("that is what this page sent before its line broke is no other's", () => {
    states.take(); // sent, and never answered
    type(NAME, "6");
    const { conflicts } = save({ conflicts: { [NAME]: { theirs: "5", gone: false } } });
    assert.deepEqual(conflicts, {});
    assert.deepEqual(posted(), [
      [NAME, "6"],
      ["base:egov.mailboxes", "5"],
    ]);
  });

  test("is another's again once there was an answer", () => {
    save({ shown: { [NAME]: "5" } });
    type(NAME, "6");
    const { conflicts } = save({ conflicts: { [NAME]: { theirs: "5", gone: false } } });
    assert.ok(NAME in conflicts);
  });

  test("of a draft brought back is compared with what that draft had sent", () => {
    const again = new FieldStates();
    again.adopt(NAME, "5");
    again.rebase(NAME, "4", ["5"]);
    again.type(NAME, "6");
    const { conflicts } = again.settle(
      answer({ conflicts: { [NAME]: { theirs: "5", gone: false } } }),
      again.take(),
      () => "6",
    );
    assert.deepEqual(conflicts, {});
    assert.equal(again.of(NAME).base, "5");
  });

  test("remembers five texts without an answer", () => {
    for (const text of ["1", "2", "3", "4", "5", "6"]) {
      type(NAME, text);
      states.take();
    }
    assert.deepEqual(states.of(NAME).sent, ["2", "3", "4", "5", "6"]);
  });
});

describe("a row", () => {
  beforeEach(() => serve(CELL, "3"));

  test("goes with the bases of its cells, which need no saving any more", () => {
    type(CELL, "nhiều");
    states.remove(ROW, new Map([[CELL, "3"]]));
    assert.ok(states.isRemoving(ROW));
    assert.ok(!states.isUnsaved(CELL));
    assert.deepEqual(posted(), [
      ["delete:staff@u1", "1"],
      ["base:staff.headcount@u1", "3"],
    ]);
    assert.ok(save().wrote);
    assert.ok(!states.holdsChanges());
  });

  test("takes along what was wrong in it, and in it alone", () => {
    for (const name of [CELL, NAME]) type(name, "nhiều");
    save({ errors: { [CELL]: "?", [NAME]: "?" } });
    states.remove(ROW, new Map());
    save();
    assert.deepEqual([is(CELL), is(NAME)], ["saved", "refused"]);
    assert.equal(states.waiting(), 1);
  });

  test("that another changed meanwhile has not gone", () => {
    states.remove(ROW, new Map([[CELL, "3"]]));
    const { wrote } = save({ conflicts: { "delete:staff@u1": { theirs: "8", gone: false } } });
    assert.ok(!wrote);
    assert.ok(!states.isRemoving(ROW));
  });

  test("brought back at once is not sent", () => {
    states.remove(ROW, new Map([[CELL, "3"]]));
    states.restore(ROW);
    assert.ok(!states.holdsChanges());
  });

  test("brought back after it went is new for the server", () => {
    states.forget(CELL);
    type(CELL, "3");
    assert.deepEqual(posted(), [[CELL, "3"]]);
  });
});

describe("what was carried over", () => {
  test("is confirmed once, also beside what is typed", () => {
    states.confirm(NAME);
    assert.ok(states.holdsConfirmations());
    assert.ok(!states.holdsChanges(), "nothing is lost when the page is left");
    type(NAME, "5");
    assert.deepEqual(posted().at(-1), ["confirm", NAME]);
    save();
    assert.ok(!states.holdsConfirmations());
  });
});

test("what only this page has is every field that is not saved", () => {
  for (const name of ["egov.a", "egov.b", "egov.c"]) type(name, "x");
  save({
    errors: { "egov.a": "?" },
    conflicts: { "egov.b": { theirs: "y", gone: false } },
    old: { "egov.c": { encoding: "VNI", text: "z" } },
  });
  type("egov.d", "x");
  const unsaved = states.unsaved().map(([name, { is: state }]) => [name, state]);
  assert.deepEqual(unsaved, [
    ["egov.a", "refused"],
    ["egov.b", "conflict"],
    ["egov.c", "old"],
    ["egov.d", "typed"],
  ]);
});
