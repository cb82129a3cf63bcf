/* Another person wrote the same field meanwhile: both texts are shown, the clerk chooses. */
import { button, field, form, make, on, tell } from "./page.js";
import { adopt, forget, overrule, remove, touch } from "./saving.js";
import { cellsOf } from "./typing.js";

const said = (text) => (text.trim() ? `“${text.length > 200 ? text.slice(0, 200) + "…" : text}”` : "để trống");

function show(name, { theirs, gone }, by) {
  if (name.startsWith("delete:")) return showDeletion(name.slice(7), theirs, by);
  const element = field(name);
  if (!element) return;
  const place = element.closest(".figure-field, .narrative-field, td") || element.parentElement;
  place.querySelector(".conflict")?.remove();
  const box = make("div", "conflict");
  box.setAttribute("role", "alert");
  const close = () => { box.remove(); tell("touched"); };
  if (gone) {
    box.append(make("p", "", `${by || "Người khác"} vừa xóa dòng này. Nội dung vừa gõ: ${said(element.value)}.`),
      button("Khôi phục dòng", "btn btn-sm btn-primary", () => {
        for (const cell of cellsOf(element.closest("tr"))) { forget(cell.name); touch(cell, 0); }
        close();
      }),
      button("Bỏ dòng", "btn btn-sm btn-outline-primary", () => {
        for (const cell of cellsOf(element.closest("tr"))) forget(cell.name);
        element.closest("tr").remove();
        close();
      }));
  } else {
    box.append(make("p", "", `${by || "Người khác"} vừa ghi ${said(theirs)}; ô này đang là ${said(element.value)}.`),
      button("Lấy nội dung của người kia", "btn btn-sm btn-outline-primary", () => {
        element.value = theirs;
        adopt(name, theirs);
        close();
      }),
      button("Giữ nội dung trong ô", "btn btn-sm btn-primary", () => { overrule(name, theirs); close(); }));
  }
  place.append(box);
}

function showDeletion(name, theirs, by) {
  const press = form.querySelector(`[data-delete="${CSS.escape(name)}"]`);
  const row = press?.closest("tr");
  if (!row) return;
  const box = make("div", "conflict", make("p", "", `${by || "Người khác"} vừa sửa dòng này: ${said(theirs)}.`),
    button("Vẫn xóa", "btn btn-sm btn-primary", () => { box.remove(); remove(name, new Map()); }),
    button("Giữ dòng", "btn btn-sm btn-outline-primary", () => {
      box.remove();
      row.classList.remove("gone");
      press.textContent = "Xóa dòng";
    }));
  box.setAttribute("role", "alert");
  press.parentElement.append(box);
}

export function start() {
  on("answer", (answer) => {
    for (const [name, conflict] of Object.entries(answer.conflicts || {})) show(name, conflict, answer.by);
  });
}
