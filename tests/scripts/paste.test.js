// What a clerk is told before a pasted block is written.
import assert from "node:assert/strict";
import { test } from "node:test";
import { announcement } from "../../static/js/entry/paste.js";

const cell = (text, more = {}) => ({ text, now: "", value: text, why: "", doubt: false, ...more });
const plan = (cells, more = {}) => ({
  lines: [{ fresh: false, cells }],
  table: "",
  left: 0,
  merged: false,
  ...more,
});

test("only what happens is told", () => {
  assert.equal(announcement(plan([cell("1"), cell("2")]), false), "2 ô sẽ được ghi.");
});

test("a block that fits nowhere says so, with each reason once", () => {
  const outside = cell("1", { why: "ngoài bảng" });
  assert.equal(
    announcement(plan([outside, outside, cell("", { why: "trống" })]), false),
    "Không có ô nào ghi được vào bảng. 2 ô bỏ qua: ngoài bảng.",
  );
});

test("everything at once is told in its order", () => {
  const cells = [
    cell("5", { now: "4" }),
    cell("4", { now: "4" }),
    cell("nhiều", { doubt: true }),
    cell("x", { why: "không có trong danh sách" }),
  ];
  const whole = plan(cells, { table: "staff", left: 2, merged: true });
  whole.lines.push({ fresh: true, cells: [] });
  assert.equal(
    announcement(whole, true),
    "3 ô sẽ được ghi. 1 ô đang có nội dung khác sẽ được thay. Thêm 1 dòng mới. " +
      "1 ô không phải số, sẽ báo lại ở từng ô. 1 ô bỏ qua: không có trong danh sách. " +
      "Dòng tiêu đề được bỏ qua. Khối chép có ô gộp: chỉ ghi ô đầu của mỗi khối gộp. " +
      "2 dòng không có chỗ: mỗi bảng tối đa 300 dòng.",
  );
  assert.match(announcement(plan([], { left: 3 }), false), /3 dòng thừa so với bảng/);
});
