/* Another person wrote the same field meanwhile: both texts are shown, the clerk chooses. */
import { parse, row as rowName } from "./names.js";
import { button, field, form, make, on, wordsFor, wordsIn } from "./page.js";
import { adopt, forget, overrule, remove, sayHow, touch } from "./saving.js";
import { shortened } from "./texts.js";
import { cellsOf, showGone } from "./typing.js";

/* A text of a field within a sentence. */
export const quoted = (text) => (text.trim() ? `“${shortened(text, 200)}”` : "để trống");

function show(name, { theirs, gone }, by) {
  const { kind, table, uid } = parse(name) ?? {};
  if (kind === "delete") return showDeletion(rowName(table, uid), theirs, by);
  const element = field(name);
  if (!element) return;
  const place = element.closest(".figure-field, .narrative-field, td") || element.parentElement;
  place.querySelector(".conflict")?.remove();
  const box = make("div", "conflict");
  box.setAttribute("role", "alert");
  const close = () => {
    box.remove();
    element.focus();
    sayHow();
  };
  if (gone) {
    box.append(
      make(
        "p",
        "",
        `${by || "Người khác"} vừa xóa dòng này. Nội dung vừa gõ: ${quoted(wordsIn(element))}.`,
      ),
      button("Khôi phục dòng", "button small primary", () => {
        const row = element.closest("tr");
        for (const other of row.querySelectorAll(".conflict")) other.remove();
        for (const cell of cellsOf(row)) {
          forget(cell.name);
          touch(cell, 0);
        }
        close();
      }),
      button("Bỏ dòng", "button small", () => {
        const row = element.closest("tr");
        const section = row.closest("[data-table]");
        for (const cell of cellsOf(row)) forget(cell.name);
        row.remove();
        section.querySelector("[data-add]").focus();
        sayHow();
      }),
    );
  } else {
    box.append(
      make(
        "p",
        "",
        `${by || "Người khác"} vừa ghi ${quoted(wordsFor(element, theirs))}; ô này đang là ${quoted(wordsIn(element))}.`,
      ),
      button("Lấy nội dung của người kia", "button small", () => {
        element.value = theirs;
        adopt(name, theirs);
        close();
      }),
      button("Giữ nội dung trong ô", "button small primary", () => {
        overrule(name, theirs);
        close();
      }),
    );
  }
  place.append(box);
}

function showDeletion(name, theirs, by) {
  const press = form.querySelector(`[data-delete="${CSS.escape(name)}"]`);
  const row = press?.closest("tr");
  if (!row) return;
  const words = theirs
    .split("; ")
    .map((text) => inWords(row, text))
    .join("; ");
  press.parentElement.querySelector(".conflict")?.remove();
  const box = make(
    "div",
    "conflict",
    make("p", "", `${by || "Người khác"} vừa sửa dòng này: ${quoted(words)}.`),
    button("Vẫn xóa", "button small primary", () => {
      box.remove();
      press.focus();
      remove(name, new Map());
    }),
    button("Giữ dòng", "button small", () => {
      box.remove();
      press.focus();
      showGone(row, false);
    }),
  );
  box.setAttribute("role", "alert");
  press.parentElement.append(box);
}

function inWords(row, text) {
  const select = [...row.querySelectorAll("select")].find((one) =>
    [...one.options].some((option) => option.value === text),
  );
  return wordsFor(select, text);
}

export function start() {
  on("answer", (answer) => {
    for (const [name, conflict] of Object.entries(answer.conflicts || {}))
      show(name, conflict, answer.by);
  });
}
