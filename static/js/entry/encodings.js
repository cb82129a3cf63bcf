/* Text of an old encoding (TCVN3, VNI): its conversion is offered with a preview, and the clerk decides. */
import { button, field, form, make, on } from "./page.js";
import { keepAsIs, sayHow, touch } from "./saving.js";
import { shortened } from "./texts.js";

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
    make("p", "converted", shortened(text, 600)),
    button("Chuyển sang Unicode", "button small primary", () => {
      element.value = text;
      close();
      touch(element, 0);
    }),
    button("Giữ nguyên", "button small", () => {
      close();
      keepAsIs(name);
    }),
  );
  box.setAttribute("role", "alert");
  place.append(box);
}

/* Whether what was typed over an old text needs no decision any more. */
export const isSettled = (name, { old, shown }) =>
  Boolean(old) && !(name in old) && name in (shown || {});

export function start() {
  on("answer", (answer) => {
    for (const [name, old] of Object.entries(answer.old || {})) offer(name, old);
    for (const box of form.querySelectorAll(".old-text")) {
      const element = box.parentElement.querySelector("textarea, input");
      if (element && isSettled(element.name, answer)) box.remove();
    }
  });
}
