// Words typed and not sent yet hold the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { unsent } from "../../static/js/unsent.js";

test("a field that reads as it came is sent, any other is not", () => {
  const came = { value: "Đúng.", defaultValue: "Đúng." };
  assert.ok(!unsent([]) && !unsent([came]));
  assert.ok(unsent([came, { value: "Đúng", defaultValue: "" }]));
  assert.ok(unsent([{ value: "", defaultValue: "Đúng." }]), "what was emptied counts too");
});
