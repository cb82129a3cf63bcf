/* Saving by itself. Only fields that changed are sent, each with the text it was based on, so that the
   server can tell when another person wrote the same field. What could not be read or conflicts stays
   in its field with the reason; everything else of the same save is kept. One save runs at a time. */
import { form, editable, field, fields, isField, make, post, same, say, tell } from "./page.js";

const known = new Map(); // the text the server holds, by field: the base of what is typed next
const readings = new Map(); // what was typed and how the server shows it: 2395 → 2.395
const dirty = new Map(); // typed and not yet saved
const removed = new Map(); // rows to delete: `table@uid` → the texts of their cells, by field
const confirmed = new Set(); // carried over from last time and now confirmed
const unread = new Set(); // fields whose text the server could not read
const disputed = new Set(); // fields another person wrote meanwhile, or that wait for a decision
const asIs = new Set(); // fields whose strange letters are meant
const sent = new Map(); // what left this page without an answer so far, by field: the server may hold it
let timer = 0,
  since = 0,
  running = false,
  delay = 0,
  savedAt = "";
export let keptHere = false; // whether drafts are kept in this browser
export const keepsHere = () => {
  keptHere = true;
};

export const pending = () => running || dirty.size || removed.size || confirmed.size;
export const isDirty = (name) => dirty.has(name) || disputed.has(name) || unread.has(name);
export const baseOf = (name) => known.get(name);
export const isRemoving = (name) => removed.has(name);
/* What only this page has: typed and not saved, refused, or in conflict. */
export function unsaved() {
  const names = new Set([...dirty.keys(), ...unread, ...disputed]);
  return [...names]
    .map((name) => [name, field(name)?.value ?? dirty.get(name), known.get(name), sent.get(name)])
    .filter(([, value]) => value !== undefined);
}

/* The text a field came with; something may have been typed before this script was here. */
const served = (element) =>
  element.matches("select")
    ? ([...element.options].find((option) => option.defaultSelected)?.value ??
      element.options[0]?.value ??
      "")
    : element.defaultValue;
if (form) for (const element of fields()) known.set(element.name, served(element));

/* The server holds this text in the field now. */
export function adopt(name, text) {
  known.set(name, text);
  readings.delete(name);
  for (const set of [dirty, unread, disputed]) set.delete(name);
}
/* What is typed next was based on this text, however old; `unanswered` may have reached the server. */
export function rebase(name, base, unanswered) {
  if (base !== undefined) known.set(name, base);
  if (unanswered) sent.set(name, unanswered);
}
/* The field is a new one for the server: a row that was deleted there comes back with it. */
export function forget(name) {
  known.delete(name);
  readings.delete(name);
  for (const set of [dirty, unread, disputed]) set.delete(name);
}
/* The server holds another text than the page was based on; what is typed here replaces it. */
export function overrule(name, theirs) {
  known.set(name, theirs);
  readings.delete(name);
  disputed.delete(name);
  dirty.set(name, field(name).value);
  schedule(0);
}

/* The strange letters of the field are meant. */
export function keepAsIs(name) {
  asIs.add(name);
  disputed.delete(name);
  dirty.set(name, field(name).value);
  schedule(0);
}

export function touch(element, wait) {
  if (!editable || !isField(element)) return;
  const reading = readings.get(element.name);
  const saved = element.value === known.get(element.name) || element.value === reading?.typed;
  if (saved && !isDirty(element.name)) return;
  dirty.set(element.name, element.value);
  say("Đang nhập…", "saving");
  tell("touched");
  schedule(wait);
}
// However steadily somebody types, what was typed is sent after a second and a half.
function schedule(wait) {
  since ||= Date.now();
  clearTimeout(timer);
  timer = setTimeout(save, Math.min(wait, Math.max(0, since + 1500 - Date.now())));
}
export function confirm(names) {
  for (const name of names) confirmed.add(name);
  schedule(0);
}
export function remove(name, bases) {
  removed.set(name, bases);
  for (const cell of bases.keys()) for (const set of [dirty, unread, disputed]) set.delete(cell);
  say("Đang nhập…", "saving");
  tell("touched");
  schedule(50);
}
export function restore(name) {
  removed.delete(name);
}

const REFUSALS = {
  login:
    "Phiên làm việc đã hết, số liệu còn trên trang này. Mời đăng nhập lại ở thẻ khác; trang này sẽ tự lưu tiếp.",
  403: "Không lưu được: quyền nhập liệu hoặc trạng thái báo cáo đã thay đổi. Nội dung vừa gõ còn trên trang này, mời chép ra chỗ khác trước khi rời trang.",
  404: "Không lưu được: tài khoản không còn quyền xem báo cáo này.",
};
const KEPT = () =>
  ` Nội dung vừa gõ còn trên trang này${keptHere ? ", cũng được giữ trên máy này cho người mở trang" : ""}.`;
const refusal = (error) =>
  error.words
    ? error.words + KEPT()
    : REFUSALS[error.message] ||
      `${error.message === "503" ? "Máy chủ đang bận" : "Chưa gửi được"}, ${keptHere ? "đã giữ trên máy này" : "số liệu còn trên trang này"}; đang thử lại…`;

/* The login page in another tab: this one keeps what was typed, and saves it after that. */
function offerLogin() {
  const link = make("a", "", "Đăng nhập lại");
  link.href = form.dataset.login;
  link.target = "_blank";
  form.querySelector("[data-save-state]")?.append(" ", link);
}

async function save(more) {
  if (running || !pending()) return;
  running = true;
  clearTimeout(timer);
  since = 0;
  const texts = new Map(dirty),
    gone = new Map(removed),
    sure = new Set(confirmed);
  for (const [name, value] of texts) sent.set(name, [...(sent.get(name) || []), value].slice(-5));
  say("Đang lưu…", "saving");
  tell("sending");
  let answer = null;
  try {
    answer = await post(location.pathname, written(texts, gone, sure), more);
    delay = 0;
  } catch (error) {
    say(refusal(error), "failed");
    if (error.message === "login") offerLogin();
    delay = Math.min(30000, error.wait * 1000 || (delay || 1000) * 2);
    timer = setTimeout(save, delay);
  }
  running = false;
  if (answer) settle(answer, texts, gone, sure); // outside the try: a mistake of ours is no lost connection
  if (pending() && !delay) timer = setTimeout(save, 300);
}

function written(texts, gone, sure) {
  const body = new URLSearchParams();
  for (const [name, value] of texts) {
    body.append(name, value);
    if (known.has(name)) body.append("base:" + name, known.get(name));
  }
  for (const [name, bases] of gone) {
    body.append("delete:" + name, "1");
    for (const [cell, base] of bases) body.append("base:" + cell, base);
  }
  for (const name of sure) body.append("confirm", name);
  for (const name of asIs) if (texts.has(name)) body.append("as_is", name);
  return body;
}

function settle(answer, texts, gone, sure) {
  let wrote = false; // whether the report changed by this save, for all this page can tell
  for (const [name, value] of texts) {
    const problem = answer.errors[name] || "";
    if (dirty.get(name) === value) dirty.delete(name);
    if (isEcho(name, answer.conflicts[name])) {
      settleEcho(name, answer.conflicts);
      continue;
    }
    sent.delete(name);
    if (name in answer.conflicts || name in answer.old) {
      disputed.add(name);
      continue;
    }
    disputed.delete(name);
    if (problem) unread.add(name);
    else unread.delete(name);
    mark(name, problem);
    if (problem) continue;
    const shown = answer.shown[name] ?? value;
    wrote ||= !same(known.get(name), shown);
    known.set(name, shown);
    readings.set(name, { typed: value, shown });
    const element = field(name);
    if (element && element !== document.activeElement) {
      format(element);
      settleFlag(element);
    }
  }
  for (const [name, bases] of gone) {
    removed.delete(name);
    wrote ||= bases.size > 0 && !("delete:" + name in answer.conflicts);
    const row = name.slice(name.indexOf("@"));
    if (!("delete:" + name in answer.conflicts))
      for (const set of [unread, disputed])
        for (const wrong of set) if (wrong.endsWith(row)) set.delete(wrong);
  }
  for (const name of sure) confirmed.delete(name);
  savedAt = answer.saved_at;
  doubt(answer, texts);
  tell("answer", { ...answer, wrote });
  sayHow();
}

/* A line that broke after the server had saved: what it calls another's text is what this page sent. */
const isEcho = (name, conflict) =>
  conflict && !conflict.gone && (sent.get(name) || []).some((text) => same(text, conflict.theirs));
function settleEcho(name, found) {
  known.set(name, found[name].theirs);
  if (field(name)) dirty.set(name, field(name).value);
  delete found[name];
}

/* How things stand, after an answer and after each decision of the clerk. */
export function sayHow() {
  const bad = unread.size + disputed.size;
  if (pending()) say("Đang nhập…", "saving");
  else if (savedAt)
    say(
      `Đã lưu lúc ${savedAt}` + (bad ? `; còn ${bad} ô chưa lưu được` : ""),
      bad ? "failed" : "saved",
    );
  tell("touched");
}

/* What looks wrong in a field that was saved, and what was saved otherwise than typed. */
const notes = new Map();
function doubt({ doubts, noted }, texts) {
  if (!doubts) return;
  for (const name of texts.keys()) notes.delete(name);
  for (const [name, words] of Object.entries(noted || {})) notes.set(name, words);
  for (const line of form.querySelectorAll("[data-doubt]")) line.remove();
  for (const name of new Set([...Object.keys(doubts), ...notes.keys()])) {
    const words = document.getElementById("error_" + name),
      tick = tickOf(name);
    if (!words || unread.has(name)) continue;
    const line = make("p", "doubt", [doubts[name], notes.get(name)].filter(Boolean).join(" "));
    line.dataset.doubt = name;
    words.after(line);
    if (tick && doubts[name]) {
      tick.textContent = "!";
      tick.classList.add("doubtful");
    }
  }
  for (const tick of form.querySelectorAll(".tick.doubtful")) {
    if (doubts[tick.dataset.tick]) continue;
    tick.classList.remove("doubtful");
    tick.textContent = "✓";
  }
}
const tickOf = (name) => form.querySelector(`[data-tick="${CSS.escape(name)}"]`);

function format(element) {
  const reading = readings.get(element.name);
  if (reading && reading.typed === element.value) element.value = reading.shown;
}

function settleFlag(element) {
  const box = element.closest(".flagged");
  box?.classList.remove("flagged");
  box?.querySelector(".as-stated")?.remove();
}

function mark(name, problem) {
  const words = document.getElementById("error_" + name);
  const element = field(name);
  const tick = element?.parentElement
    ?.closest(".control, .narrative-field")
    ?.querySelector("[data-tick]");
  if (words) {
    words.textContent = problem;
    words.hidden = !problem;
  }
  if (element && element.setAttribute) {
    element.classList.toggle("is-invalid", Boolean(problem));
    if (problem) {
      element.setAttribute("aria-invalid", "true");
      element.setAttribute("aria-describedby", "error_" + name);
    } else element.removeAttribute("aria-invalid");
    element
      .closest(".figure-field, .narrative-field, td")
      ?.classList.toggle("has-error", Boolean(problem));
  }
  if (tick) {
    tick.textContent = problem ? "!" : "✓";
    tick.classList.toggle("bad", Boolean(problem));
  }
}

// Everything unsaved, now; gives up when the server cannot be reached.
export async function flush() {
  delay = 0;
  for (let turn = 0; turn < 100 && pending() && !delay; turn++)
    if (running) await new Promise((resolve) => setTimeout(resolve, 50));
    else await save();
}

export function start() {
  form.addEventListener("input", (event) => touch(event.target, 900));
  form.addEventListener("change", (event) => touch(event.target, 150));
  form.addEventListener("focusout", (event) => format(event.target));
  for (const element of fields())
    if (element.value !== known.get(element.name)) touch(element, 150);
  for (const back of ["online", "focus"])
    addEventListener(back, () => {
      if (delay) save();
    });

  // The buttons save what changed, like typing does: posting every field could undo a colleague's work.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const press = event.submitter;
    if (press?.name === "confirm") return confirm([press.value]);
    await flush();
    if (press?.name === "leave") location.assign(form.dataset.report);
  });

  // A link saves first and then goes on by itself; the browser asks only when that cannot be done.
  addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.target || event.button || event.ctrlKey || event.metaKey || event.shiftKey)
      return;
    if ((link.pathname === location.pathname && link.hash) || !pending()) return;
    event.preventDefault();
    await flush();
    location.assign(link.href);
  });
  addEventListener("beforeunload", (event) => {
    if (dirty.size || removed.size) {
      save();
      event.preventDefault();
    }
  });
  // A tab put away, a lid closed: what was typed goes out even while the page goes to sleep.
  addEventListener("visibilitychange", () => {
    if (document.hidden) save({ keepalive: true });
  });
}
