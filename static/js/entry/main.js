/* A section page that saves itself. Without scripts the page's buttons do the same. */
import { editable, form } from "./page.js";
import * as carried from "./carried.js";
import * as encodings from "./encodings.js";
import * as presence from "./presence.js";
import * as conflicts from "./conflicts.js";
import * as drafts from "./drafts.js";
import * as find from "./find.js";
import * as preview from "./preview.js";
import * as paste from "./paste.js";
import * as saving from "./saving.js";
import * as typing from "./typing.js";

document.documentElement.classList.add("js");
if (form) {
  const parts = editable
    ? [saving, typing, preview, find, carried, conflicts, encodings, paste, presence, drafts]
    : [preview, find];
  for (const part of parts) part.start();
  document.getElementById("loi")?.focus();
}
