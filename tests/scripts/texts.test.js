// Texts compared, cut and searched; drafts as lists; what is said of files and remarks.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { quoted } from "../../static/js/entry/conflicts.js";
import { isNews, merged, moment, without } from "../../static/js/entry/draft_fields.js";
import { holdsAll, partsOf } from "../../static/js/entry/find.js";
import { folded, same, shortened } from "../../static/js/entry/texts.js";
import { description, megabytes } from "../../static/js/files.js";
import { subjectOf } from "../../static/js/review.js";

describe("texts", () => {
  test("are one when only blanks differ, or both are missing", () => {
    assert.ok(same(" a  b\n", "ab"));
    assert.ok(same(undefined, ""));
    assert.ok(!same("a", "A"));
  });
  test("are folded in both ways of writing diacritics", () => {
    assert.equal(folded("Điện Biên"), "dien bien");
    assert.equal(folded("Điện Biên".normalize("NFD")), "dien bien");
    assert.equal(folded("ĐẤT đai, Ðông"), "dat dai, dong");
  });
  test("are cut when they are longer", () => {
    assert.equal(shortened("abc", 3), "abc");
    assert.equal(shortened("abcd", 3), "abc…");
  });
  test("are quoted within a sentence", () => {
    assert.equal(quoted("có"), "“có”");
    assert.equal(quoted(" \n"), "để trống");
    assert.equal(quoted("x".repeat(201)), `“${"x".repeat(200)}…”`);
  });
});

describe("a search", () => {
  const found = (label, typed) => holdsAll(label, partsOf(typed));

  test("finds without diacritics, in any order, parts of words too", () => {
    assert.ok(found("Hồ sơ đất đai", "dat ho"));
    assert.ok(found("Hồ sơ đất đai", "ĐẤT ĐA"));
    assert.ok(!found("Hồ sơ đất đai", "đất nhà"));
  });
  test("takes every dash for a blank, and nothing for everything", () => {
    assert.ok(found("Lao động – Thương binh", "lao động-thương"));
    assert.ok(found("Lao động", "  "));
    assert.deepEqual(partsOf("  "), []);
  });
});

describe("a draft", () => {
  const draft = (name, at = 1, value = "x") => ({ name, at, value });

  test("holds what this page has left, and what other pages kept", () => {
    const kept = [draft("a"), draft("b"), draft("c")];
    const left = [draft("a", 2)];
    assert.deepEqual(merged(kept, left, new Set(["a", "b"])), [draft("a", 2), draft("c")]);
  });
  test("loses what was dropped, unless it was kept anew", () => {
    assert.deepEqual(without([draft("a", 1), draft("b", 2)], [draft("a", 1), draft("b", 1)]), [
      draft("b", 2),
    ]);
  });
  test("is news where the page shows another text", () => {
    assert.ok(isNews(draft("a"), "y"));
    assert.ok(!isNews(draft("a"), " x "));
    assert.ok(isNews(draft("a", 1, ""), "y"), "emptied on purpose");
    assert.ok(isNews(draft("a"), undefined), "of a row that is not there");
    assert.ok(!isNews(draft("a", 1, ""), undefined));
  });
  test("tells its hour, and its day when that is past", () => {
    const at = new Date(2026, 6, 1, 14, 5).getTime();
    assert.equal(moment(at, new Date(2026, 6, 1, 23, 0).getTime()), "14:05");
    assert.equal(moment(at, new Date(2026, 6, 2, 8, 0).getTime()), "14:05 ngày 1/7/2026");
  });
});

describe("a file", () => {
  test("is weighed with a comma, and without it when whole", () => {
    assert.deepEqual([1572864, 1048576, 1].map(megabytes), ["1,5 MB", "1 MB", "0 MB"]);
  });
  test("is named, and told when it is too large", () => {
    const file = { name: "a.pdf", size: 2 * 1048576 };
    assert.equal(description(file, 0), "a.pdf");
    assert.equal(description(file, 2 * 1048576), "a.pdf");
    assert.equal(description(file, 1048576), "a.pdf: nặng 2 MB, mỗi tệp tối đa 1 MB; mời chọn lại");
  });
});

describe("the subject of a remark", () => {
  const SUBJECTS = ["", "egov/", "egov/egov.mailboxes", "staffing/staff.headcount@u1"];

  test("is the figure that was clicked", () => {
    assert.equal(subjectOf("egov.mailboxes", SUBJECTS), "egov/egov.mailboxes");
  });
  test("is a cell of the same row for a share computed in it", () => {
    assert.equal(subjectOf("staff.share@u1", SUBJECTS), "staffing/staff.headcount@u1");
  });
  test("is none for what nobody is asked about", () => {
    assert.equal(subjectOf("staff.share@u2", SUBJECTS), undefined);
    assert.equal(subjectOf("egov.other", SUBJECTS), undefined);
  });
});
