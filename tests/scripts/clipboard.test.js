// A block from Excel or Word, cut into cells.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blockOfCells, blockOfText, withoutHeading } from "../../static/js/entry/clipboard.js";

const cell = (text, wide = 1, high = 1) => ({ text, wide, high });

describe("plain text", () => {
  test("is cut at tabs and line ends of every system", () => {
    assert.deepEqual(blockOfText("a\tb\r\nc\td\r\n"), [
      ["a", "b"],
      ["c", "d"],
    ]);
    assert.deepEqual(blockOfText("1\r2\n3"), [["1"], ["2"], ["3"]]);
  });
  test("of one cell is no block", () => {
    assert.equal(blockOfText("2.395"), null);
    assert.equal(blockOfText("2.395\r\n"), null);
    assert.equal(blockOfText(""), null);
  });
  test("keeps empty cells, and loses empty lines at its end alone", () => {
    assert.deepEqual(blockOfText("a\t\tb\n\t\t\nc\t\t\n\t\t\n\n"), [
      ["a", "", "b"],
      ["", "", ""],
      ["c", "", ""],
    ]);
  });
  test("keeps line ends, tabs and quotes of a quoted cell", () => {
    assert.deepEqual(blockOfText('"hai\ndòng"\t"một\ttab"\n"nói ""có"""\t5'), [
      ["hai\ndòng", "một\ttab"],
      ['nói "có"', "5"],
    ]);
  });
  test("is trimmed cell by cell", () => {
    assert.deepEqual(blockOfText(" 5 \t 6\n7\t8 "), [
      ["5", "6"],
      ["7", "8"],
    ]);
  });
});

describe("cells of a table", () => {
  test("stand in their column; what a merged cell covers is null", () => {
    const rows = [
      [cell("Lĩnh vực", 1, 2), cell("Hồ sơ", 2)],
      [cell("Nhận"), cell("Trả")],
      [cell("Đất đai"), cell("12"), cell("11")],
    ];
    assert.deepEqual(blockOfCells(rows), [
      ["Lĩnh vực", "Hồ sơ", null],
      [null, "Nhận", "Trả"],
      ["Đất đai", "12", "11"],
    ]);
  });
  test("merged beyond the end of the block end with it", () => {
    assert.deepEqual(blockOfCells([[cell("a", 1, 9), cell("b")], [cell("c")]]), [
      ["a", "b"],
      [null, "c"],
    ]);
  });
  test("of no height, as Word may write to the end, count once", () => {
    assert.deepEqual(blockOfCells([[cell("a", 1, 0)], [cell("b")]]), [["a"], ["b"]]);
  });
  test("merged without measure cover a hundred columns at most", () => {
    assert.equal(blockOfCells([[cell("a", 1000)]])[0].length, 100);
  });
  test("leave no empty lines at the end", () => {
    assert.deepEqual(blockOfCells([[cell("a")], [cell("")], [cell("")]]), [["a"]]);
  });
});

describe("a heading", () => {
  const isNumberColumn = (across) => across > 0;

  test("is a first line of words over columns of numbers", () => {
    const rows = [
      ["Lĩnh vực", "Nhận", "Trả"],
      ["Đất đai", "12", "11"],
    ];
    assert.deepEqual(withoutHeading(rows, isNumberColumn), rows.slice(1));
  });
  test("is not a line with a number, a day or 'none arisen' in such a column", () => {
    for (const value of ["12", "kps", "01/7/2026"]) {
      const rows = [
        ["Đất đai", value, "nhiều"],
        ["Hộ tịch", "3", "3"],
      ];
      assert.equal(withoutHeading(rows, isNumberColumn), rows);
    }
  });
  test("is not the only line, nor one over columns of words", () => {
    const alone = [["Lĩnh vực", "Nhận"]];
    assert.equal(withoutHeading(alone, isNumberColumn), alone);
    const words = [["Tên văn bản"], ["Kế hoạch"]];
    assert.equal(withoutHeading(words, isNumberColumn), words);
  });
});
