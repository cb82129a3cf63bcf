/* What only this page has is kept in the browser too, by user, report and section, until the server has
   it: a killed browser or an expired login loses nothing, and the text is offered again. IndexedDB
   because it is on disk at once; local storage is written seconds later. */
import { createStore, get, update } from "../../vendor/idb-keyval/index.js";
import { button, field, form, make, on, placeOf, same, wordsFor } from "./page.js";
import { keepsHere, rebase, touch, unsaved } from "./saving.js";
import { addRow } from "./typing.js";

const MOST_SHOWN = 8;
const key = form?.dataset.draft;
const mine = new Set(); // fields this page has kept: of others, another page or an offer, it keeps its hands off
let store = null,
  timer = 0;

async function keep() {
  clearTimeout(timer);
  timer = 0;
  const at = Date.now();
  const left = unsaved().map(([name, value, base, unanswered]) => ({
    name,
    value,
    base,
    unanswered,
    at,
    ...named(name, value),
  }));
  for (const { name } of left) mine.add(name);
  if (mine.size) await change((kept) => [...left, ...kept.filter(({ name }) => !mine.has(name))]);
}
const change = (edit) => update(key, (draft) => ({ fields: edit(draft?.fields || []) }), store);
const named = (name, value) => ({
  label: field(name) ? placeOf(field(name)) : "",
  words: wordsFor(field(name), value),
});
const now = () => keep().catch(() => {});
const soon = () => {
  timer ||= setTimeout(now, 200);
};

async function offer() {
  const kept = (await get(key, store))?.fields || [];
  const news = kept.filter(({ name, value }) =>
    field(name) ? !same(field(name).value, value) : value,
  );
  const stale = kept.filter((one) => !news.includes(one));
  if (stale.length) await drop(stale);
  if (!news.length) return;
  const list = make("ul", "");
  for (const { label, words } of news.slice(0, MOST_SHOWN))
    list.append(
      make("li", "", make("strong", "", label || "Nội dung"), `: ${short(words) || "để trống"}`),
    );
  if (news.length > MOST_SHOWN)
    list.append(make("li", "", `và ${news.length - MOST_SHOWN} ô khác`));
  const close = () => {
    box.remove();
    heading.focus();
  };
  const box = make(
    "div",
    "draft-offer",
    make(
      "h2",
      "",
      `Còn ${news.length} ô nhập lúc ${moment(Math.max(...news.map(({ at }) => at)))} chưa gửi được, đã giữ trên máy này`,
    ),
    list,
    button("Đưa lại vào các ô", "btn btn-primary", () => {
      close();
      bringBack(news);
    }),
    button("Bỏ", "btn btn-outline-primary", () => {
      close();
      drop(news);
    }),
  );
  const heading = document.querySelector("h1");
  heading.tabIndex = -1;
  box.setAttribute("role", "alert");
  form.before(box);
}
const short = (words) => (words.length > 120 ? words.slice(0, 120) + "…" : words);
const drop = (gone) =>
  change((kept) =>
    kept.filter(({ name, at }) => !gone.some((one) => one.name === name && one.at === at)),
  );

/* `14:05`, with the day when it was another one. */
function moment(at) {
  const time = new Date(at),
    day = time.toLocaleDateString("vi-VN");
  return (
    time.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" }) +
    (day === new Date().toLocaleDateString("vi-VN") ? "" : ` ngày ${day}`)
  );
}

function bringBack(news) {
  for (const { name, value, base, unanswered } of news) {
    const at = name.indexOf("@");
    if (!field(name) && at > 0) addRow(name.slice(0, name.indexOf(".")), name.slice(at + 1));
    const element = field(name);
    if (!element || mine.has(name)) continue; // typed anew meanwhile: that stays
    // Based on what it was typed over, so that what others wrote since is a conflict, not overwritten.
    rebase(name, base, unanswered);
    element.value = value;
    touch(element, 0);
  }
}

export async function start() {
  if (!key || !window.indexedDB) return;
  try {
    store = createStore("cchc", "drafts");
    await get(key, store);
  } catch {
    return; // a browser that keeps nothing: saving says "còn trên trang này"
  }
  keepsHere();
  on("touched", soon);
  on("sending", now); // what leaves may arrive even when its answer does not
  form.addEventListener("input", soon);
  await offer();
}
