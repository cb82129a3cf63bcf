/* A section page that saves itself. Without scripts the page's buttons do the same. */
import * as carried from "./carried.js";
import * as conflicts from "./conflicts.js";
import * as drafts from "./drafts.js";
import * as encodings from "./encodings.js";
import * as find from "./find.js";
import * as findings from "./findings.js";
import * as groups from "./groups.js";
import * as page from "./page.js";
import * as paste from "./paste.js";
import * as presence from "./presence.js";
import * as preview from "./preview.js";
import * as saving from "./saving.js";
import * as typing from "./typing.js";

const READING = [preview, groups, find];
const WRITING = [
  saving,
  typing,
  preview,
  groups,
  find,
  findings,
  carried,
  conflicts,
  encodings,
  paste,
  presence,
  drafts,
];

document.documentElement.classList.add("js");
page.start();
if (page.form) {
  for (const part of page.editable ? WRITING : READING) part.start();
  document.getElementById("loi")?.focus();
}
