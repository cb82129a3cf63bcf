// The names of fields, by the table of examples that `FieldName` of the server is tested with too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { base, deletion, parse, print, row, text } from "../../static/js/entry/names.js";

const EXAMPLES = JSON.parse(readFileSync(new URL("../data/field_names.json", import.meta.url)));

describe("names of fields", () => {
  for (const { name, ...parts } of EXAMPLES.valid)
    test(`${name} is parsed and printed`, () => {
      assert.deepEqual(parse(name), parts);
      assert.equal(print(parts), name);
    });

  for (const name of EXAMPLES.invalid)
    test(`${JSON.stringify(name)} names no field`, () => {
      assert.equal(parse(name), null);
    });

  test("there are examples of every kind", () => {
    const kinds = new Set(EXAMPLES.valid.map(({ kind }) => kind));
    assert.equal(kinds.size, 10);
    assert.ok(EXAMPLES.invalid.length > 20);
  });

  test("names are made as they are parsed", () => {
    assert.deepEqual(parse(row("staff", "u1")), { kind: "row", table: "staff", uid: "u1" });
    assert.deepEqual(parse(deletion(row("staff", "u1"))), {
      kind: "delete",
      table: "staff",
      uid: "u1",
    });
    assert.deepEqual(parse(text("II.1")), { kind: "text", item: "II.1" });
    assert.deepEqual(parse(base(text("II.1"))), { kind: "base", of: "text:II.1" });
  });
});
