/* What only this page has is kept in the browser too, by user, report and section, until the server has
   it: a killed browser or an expired login loses nothing, and the text is offered again. IndexedDB
   because it is on disk at once; local storage is written seconds later. */
import { createStore, del, get, set } from "../../vendor/idb-keyval/index.js";
import { button, field, form, labelOf, make, on } from "./page.js";
import { keepsHere, rebase, touch, unsaved } from "./saving.js";
import { addRow } from "./typing.js";

const key = form?.dataset.draft;
let store = null, timer = 0, offered = false;

async function keep() {
  timer = 0;
  const left = unsaved();
  // What is still on offer is not given up for what is typed meanwhile.
  const old = offered ? (await get(key, store))?.fields.filter(([name]) => !left.some(([n]) => n === name)) : [];
  const all = [...left.map(([name, value, base]) => [name, value, base, labelFor(name)]), ...(old || [])];
  if (all.length) await set(key, { at: new Date().toISOString(), fields: all }, store);
  else await del(key, store);
}
const labelFor = (name) => (field(name) ? labelOf(field(name)) : "");
const soon = () => { timer ||= setTimeout(() => keep().catch(() => {}), 200); };

async function offer() {
  const draft = await get(key, store);
  const news = (draft?.fields || []).filter(([name, value]) => field(name)?.value !== value && (value || field(name)));
  if (!news.length) return del(key, store);
  offered = true;
  const time = new Date(draft.at);
  const day = time.toLocaleDateString("vi-VN") === new Date().toLocaleDateString("vi-VN") ? "" : ` ngày ${time.toLocaleDateString("vi-VN")}`;
  const list = make("ul", "");
  for (const [, value, , label] of news.slice(0, 8))
    list.append(make("li", "", `${label || "Nội dung"}: ${value.length > 120 ? value.slice(0, 120) + "…" : value || "để trống"}`));
  if (news.length > 8) list.append(make("li", "", `và ${news.length - 8} ô khác`));
  const box = make("div", "draft-offer",
    make("h2", "", `Còn ${news.length} ô nhập lúc ${time.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" })}${day} chưa gửi được, đã giữ trên máy này`),
    list,
    button("Đưa lại vào các ô", "btn btn-primary", () => { bringBack(news); close(box); }),
    button("Bỏ", "btn btn-outline-primary", () => { close(box); soon(); }));
  box.setAttribute("role", "alert");
  form.before(box);
}
function close(box) {
  offered = false;
  box.remove();
}

function bringBack(news) {
  for (const [name, value, base] of news) {
    const at = name.indexOf("@");
    if (!field(name) && at > 0) addRow(name.slice(0, name.indexOf(".")), name.slice(at + 1));
    const element = field(name);
    if (!element) continue;
    rebase(name, base); // so that what others wrote since is a conflict, not overwritten
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
  form.addEventListener("input", soon);
  await offer();
}
