// When a page saves and tries again, and what it says meanwhile.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isSettled } from "../../static/js/entry/encodings.js";
import { nextDelay, refusal, waitingTime } from "../../static/js/entry/saving.js";

describe("what was typed", () => {
  test("waits as long as its field wants", () => {
    assert.equal(waitingTime(900, 0), 900);
  });
  test("is sent after a second and a half, however steadily somebody types", () => {
    assert.equal(waitingTime(900, 1000), 500);
    assert.equal(waitingTime(900, 1500), 0);
    assert.equal(waitingTime(900, 9000), 0);
  });
});

describe("a save without an answer", () => {
  test("is tried again after 2, 4, 8, 16 and then every 30 seconds", () => {
    const delays = [];
    for (let turn = 0; turn < 6; turn++) delays.push(nextDelay(delays.at(-1) ?? 0));
    assert.deepEqual(delays, [2000, 4000, 8000, 16000, 30000, 30000]);
  });
  test("is tried again when the server wants it", () => {
    assert.equal(nextDelay(16000, 5), 5000);
    assert.equal(nextDelay(0, 600), 30000);
  });
  test("says why, and where the text is meanwhile", () => {
    assert.equal(
      refusal(new TypeError("Failed to fetch"), true),
      "Chưa gửi được, đã giữ trên máy này; đang thử lại…",
    );
    assert.equal(
      refusal({ message: "503" }, false),
      "Máy chủ đang bận, số liệu còn trên trang này; đang thử lại…",
    );
    assert.match(refusal({ message: "login" }, true), /^Phiên làm việc đã hết/);
    assert.match(refusal({ message: "403" }, true), /quyền nhập liệu/);
    assert.equal(
      refusal({ message: "409", words: "Trang của người khác." }, true),
      "Trang của người khác. Nội dung vừa gõ còn trên trang này, cũng được giữ trên máy này cho người mở trang.",
    );
  });
});

test("an old text is settled once the field was saved without being asked about", () => {
  assert.ok(isSettled("a", { old: {}, shown: { a: "Trường" } }));
  assert.ok(!isSettled("a", { old: { a: {} }, shown: { a: "x" } }));
  assert.ok(!isSettled("a", { old: {}, shown: {} }), "another field was saved");
  assert.ok(!isSettled("a", { shown: { a: "x" } }), "news of others decide nothing");
});
