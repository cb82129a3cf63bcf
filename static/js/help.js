/* The question mark of a page: opens its chapter of the guide in a dialog beside it. Without this script, and in a
   browser that knows no dialogs, it is a link to the chapter. */

const NOT_THERE =
  "Chưa mở được bài hướng dẫn: mất mạng, máy chủ bận hoặc phiên làm việc đã hết. Mời thử lại.";
let dialog = null;

function made(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/* The dialog comes with the first question. */
function build() {
  dialog = made("dialog", "help-dialog");
  dialog.setAttribute("aria-label", "Hướng dẫn");
  const head = made("div", "head");
  const close = made("button", "button", "Đóng");
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  head.append(made("a", "whole", "Mở cả hướng dẫn"), close);
  const body = made("div", "body");
  body.addEventListener("click", turn);
  dialog.append(head, body);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
  document.body.append(dialog);
}

/* A link of the chapter to another one is followed inside the dialog. */
function turn(event) {
  const link = event.target.closest(".chapter a");
  if (link && plain(event)) {
    event.preventDefault();
    show(link.href);
  }
}

/* Whether a click wants nothing else, such as another tab. */
const plain = (event) =>
  event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

/* The chapter that the portal keeps under an address; null where no page of ours came back. */
async function chapterOf(address) {
  const part = new URL(address);
  part.hash = "";
  part.searchParams.set("khung", "1");
  const answer = await fetch(part, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return null;
  return new DOMParser()
    .parseFromString(await answer.text(), "text/html")
    .querySelector("article.chapter");
}

async function show(address) {
  const body = dialog.querySelector(".body");
  dialog.querySelector(".whole").href = address;
  body.replaceChildren(made("p", "hint", "Đang mở…"));
  const chapter = await chapterOf(address).catch(() => null);
  if (!chapter) {
    const words = made("p", "message warn", NOT_THERE);
    words.setAttribute("role", "alert");
    body.replaceChildren(words);
    return;
  }
  body.replaceChildren(chapter);
  const heading = new URL(address).hash.slice(1);
  dialog.scrollTop = 0;
  chapter.querySelector("h2").focus();
  if (heading) chapter.querySelector(`[id="${CSS.escape(heading)}"]`)?.scrollIntoView();
}

function opened(event) {
  const link = event.target.closest("a.help");
  if (!link || !plain(event)) return;
  event.preventDefault();
  if (!dialog) build();
  if (!dialog.open) dialog.showModal();
  show(link.href);
}

export function start() {
  if (globalThis.HTMLDialogElement?.prototype.showModal) document.addEventListener("click", opened);
}
