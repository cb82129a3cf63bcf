// The box of the search: when it asks, where an arrow leads, which results are on the page one is on.
import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import {
  calls,
  countSaid,
  onePatientAsker,
  stepped,
  suggestionsOf,
  worthAsking,
} from "../../static/js/search.js";

describe("the list of the search", () => {
  test("is asked for from two letters on", () => {
    assert.ok(!worthAsking(" a "));
    assert.ok(!worthAsking("   "));
    assert.ok(worthAsking("hà"));
  });
  test("is asked for with all that the form would send", () => {
    const address = suggestionsOf("/tim/", [
      ["q", "hà & tiến"],
      ["bao-cao", "7"],
    ]);
    assert.equal(address, "/tim/?q=h%C3%A0+%26+ti%E1%BA%BFn&bao-cao=7&dang=goi-y");
  });
  for (const [present, key, expected] of [
    [-1, "ArrowDown", 0],
    [0, "ArrowDown", 1],
    [2, "ArrowDown", 0],
    [-1, "ArrowUp", 2],
    [0, "ArrowUp", 2],
    [2, "ArrowUp", 1],
  ])
    test(`${key} leads from ${present} to ${expected} of three`, () => {
      assert.equal(stepped(present, 3, key), expected);
    });
  test("has nowhere to go without options", () => {
    assert.equal(stepped(-1, 0, "ArrowDown"), -1);
  });
  test("says how long it is", () => {
    assert.match(countSaid(3), /^3 kết quả/);
    assert.equal(countSaid(0), "Không có kết quả nào");
  });
});

describe("Ctrl+K", () => {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  test("calls the search, and so does its twin of a Mac", () => {
    assert.ok(calls({ ...none, key: "k", ctrlKey: true }));
    assert.ok(calls({ ...none, key: "K", metaKey: true }));
  });
  test("calls it alone", () => {
    assert.ok(!calls({ ...none, key: "k" }));
    assert.ok(!calls({ ...none, key: "k", ctrlKey: true, shiftKey: true }));
    assert.ok(!calls({ ...none, key: "k", ctrlKey: true, altKey: true }));
    assert.ok(!calls({ ...none, key: "l", ctrlKey: true }));
  });
});

describe("the asker", () => {
  /* A server that answers when told to; `ended` are the addresses that were given up. */
  function server() {
    const open = new Map();
    const asked = [];
    const ended = [];
    const ask = (address, signal) =>
      new Promise((resolve, reject) => {
        asked.push(address);
        open.set(address, { resolve, reject });
        signal.addEventListener("abort", () => {
          ended.push(address);
          reject(new Error("aborted"));
        });
      });
    return { ask, asked, ended, open };
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  test("asks once for what was typed in one go", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { ask, asked, open } = server();
    const heard = [];
    const asker = onePatientAsker(ask, (answer) => heard.push(answer), 250);
    asker.want("h");
    mock.timers.tick(200);
    asker.want("ha");
    mock.timers.tick(249);
    assert.deepEqual(asked, []);
    mock.timers.tick(1);
    assert.deepEqual(asked, ["ha"]);
    open.get("ha").resolve("list");
    await settled();
    assert.deepEqual(heard, ["list"]);
    mock.timers.reset();
  });

  test("gives up what is older, and hears nothing of it", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { ask, asked, ended, open } = server();
    const heard = [];
    const asker = onePatientAsker(ask, (answer) => heard.push(answer), 250);
    asker.want("ha");
    mock.timers.tick(250);
    asker.want("ha t");
    assert.deepEqual(ended, ["ha"]);
    mock.timers.tick(250);
    open.get("ha").resolve("old");
    open.get("ha t").resolve("new");
    await settled();
    assert.deepEqual([asked, heard], [["ha", "ha t"], ["new"]]);
    mock.timers.reset();
  });

  test("tells null when no answer comes, and nothing after it was stopped", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { ask, open } = server();
    const heard = [];
    const asker = onePatientAsker(ask, (answer) => heard.push(answer), 250);
    asker.want("a");
    mock.timers.tick(250);
    open.get("a").reject(new Error("no line"));
    await settled();
    assert.deepEqual(heard, [null]);
    asker.want("b");
    asker.stop();
    mock.timers.tick(1000);
    await settled();
    assert.deepEqual(heard, [null]);
    mock.timers.reset();
  });
});
