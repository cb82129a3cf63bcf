/* What only this page has is kept in the browser too, by user, report and section, until the server has
   it: a killed browser or an expired login loses nothing, and the text is offered again. IndexedDB
   because it is on disk at once; local storage is written seconds later. */
import { createStore, get, update } from "idb-keyval";
import { isNews, merged, moment, without } from "./draft_fields.js";
import { parse } from "./names.js";
import { button, field, form, make, on, placeOf, wordsFor } from "./page.js";
import { keepsHere, rebase, touch, unsaved } from "./saving.js";
import { shortened } from "./texts.js";
import { addRow } from "./typing.js";

const MOST_SHOWN = 8;
const mine = new Set(); // fields this page has kept: of others, another page or an offer, it keeps its hands off
let key = "";
let store = null;
let timer = 0;

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
  if (mine.size) await change((kept) => merged(kept, left, mine));
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
  const news = kept.filter((draft) => isNews(draft, field(draft.name)?.value));
  const stale = kept.filter((draft) => !news.includes(draft));
  if (stale.length) await drop(stale);
  if (!news.length) return;
  const list = make("ul", "");
  for (const { label, words } of news.slice(0, MOST_SHOWN))
    list.append(
      make(
        "li",
        "",
        make("strong", "", label || "Nội dung"),
        `: ${shortened(words, 120) || "để trống"}`,
      ),
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
    button("Đưa lại vào các ô", "button primary", () => {
      close();
      bringBack(news);
    }),
    button("Bỏ", "button", () => {
      close();
      drop(news);
    }),
  );
  const heading = document.querySelector("h1");
  heading.tabIndex = -1;
  box.setAttribute("role", "alert");
  form.before(box);
}
const drop = (gone) => change((kept) => without(kept, gone));

function bringBack(news) {
  for (const { name, value, base, unanswered } of news) {
    const { table, uid } = parse(name) ?? {};
    if (!field(name) && uid) addRow(table, uid);
    const element = field(name);
    if (!element || mine.has(name)) continue; // typed anew meanwhile: that stays
    // Based on what it was typed over, so that what others wrote since is a conflict, not overwritten.
    rebase(name, base, unanswered);
    element.value = value;
    touch(element, 0);
  }
}

export async function start() {
  key = form.dataset.draft;
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
