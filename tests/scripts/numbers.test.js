// Numbers as clerks type them: what the sum of a group adds up, what a pasted cell may be.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { count, grouped, isValue, mayBeValue, sum } from "../../static/js/entry/numbers.js";

describe("a count", () => {
  for (const [typed, expected] of [
    ["0", 0],
    ["2395", 2395],
    [" 2.395 ", 2395],
    ["1.234.567", 1234567],
    ["không phát sinh", 0],
    ["KPS", 0],
  ])
    test(`${JSON.stringify(typed)} is ${expected}`, () => {
      assert.equal(count(typed), expected);
    });

  for (const typed of ["", "2.39", "12.3456", "1,5", "-3", "6 lượt", "abc", "2..395"])
    test(`${JSON.stringify(typed)} is none`, () => {
      assert.equal(count(typed), null);
    });
});

describe("a sum", () => {
  test("adds what can be counted, whatever else stands there", () => {
    assert.equal(sum(["2.395", "", "kps", "rất nhiều", "5"]), 2400);
  });
  test("of nothing is none, of zeros is zero", () => {
    assert.equal(sum([]), null);
    assert.equal(sum(["", "abc"]), null);
    assert.equal(sum(["0", "không"]), 0);
  });
});

test("numbers are grouped by points", () => {
  const shown = [0, 999, 2395, 100000, 1234567].map(grouped);
  assert.deepEqual(shown, ["0", "999", "2.395", "100.000", "1.234.567"]);
});

describe("a cell", () => {
  const VALUES = ["5", "2.395", "12,5", "12,5 %", "100%", "kps", "Không phát sinh", "01/7/2026"];
  const READABLE = ["6 lượt", "1 tỷ 250 triệu", "không có", "–", "3.5.2026"];
  const WORDS = ["Công chức", "", "n/a", "khoảng 5", "không rõ lắm"];

  test("of digits, a day or 'none arisen' is a value", () => {
    assert.deepEqual(VALUES.filter(isValue), VALUES);
    assert.deepEqual([...WORDS, "6 lượt", "–"].filter(isValue), []);
  });
  test("may be read by the server with a unit or in words, too", () => {
    const all = [...VALUES, ...READABLE];
    assert.deepEqual(all.filter(mayBeValue), all);
    assert.deepEqual(WORDS.filter(mayBeValue), []);
  });
});
