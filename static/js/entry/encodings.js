/* Text of an old encoding (TCVN3, VNI): its conversion is offered with a preview, and the clerk decides. */
import { button, field, form, make, on } from "./page.js";
import { keepAsIs, sayHow, touch } from "./saving.js";

function offer(name, { encoding, text }) {
  const element = field(name);
  if (!element) return;
  const place = element.closest(".figure-field, .narrative-field, td") || element.parentElement;
  place.querySelector(".old-text")?.remove();
  const close = () => {
    box.remove();
    element.focus();
    sayHow();
  };
  const box = make(
    "div",
    "conflict old-text",
    make("p", "", `Nội dung này gõ bằng bảng mã ${encoding}, chưa lưu. Chuyển sang Unicode thành:`),
    make("p", "converted", text.length > 600 ? text.slice(0, 600) + "…" : text),
    button("Chuyển sang Unicode", "btn btn-sm btn-primary", () => {
      element.value = text;
      close();
      touch(element, 0);
    }),
    button("Giữ nguyên", "btn btn-sm btn-outline-primary", () => {
      close();
      keepAsIs(name);
    }),
  );
  box.setAttribute("role", "alert");
  place.append(box);
}

export function start() {
  on("answer", (answer) => {
    for (const [name, old] of Object.entries(answer.old || {})) offer(name, old);
    // What was typed over needs no decision any more.
    for (const box of form.querySelectorAll(".old-text")) {
      const element = box.parentElement.querySelector("textarea, input");
      if (
        answer.old &&
        element &&
        !(element.name in answer.old) &&
        element.name in (answer.shown || {})
      )
        box.remove();
    }
  });
}
