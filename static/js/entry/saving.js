/* Saving by itself. Only fields that changed are sent, each with the text it was based on, so that the
   server can tell when another person wrote the same field. What could not be read or conflicts stays
   in its field with the reason; everything else of the same save is kept. One save runs at a time. */
import { settleFlag, showDoubts, showFindings, showProblem, showReading } from "./field_signs.js";
import { FieldStates } from "./field_states.js";
import { editable, field, fields, form, isField, make, post, say, tell } from "./page.js";

const LONGEST_WAIT = 1500; // however steadily somebody types, what was typed is sent after this
const LONGEST_DELAY = 30000;

const states = new FieldStates();
let timer = 0;
let since = 0; // when the first text was typed that waits for the next save
let running = false;
let delay = 0; // until the next try, after a save without an answer
let savedAt = "";
export let keptHere = false; // whether drafts are kept in this browser
export const keepsHere = () => {
  keptHere = true;
};

export const pending = () => running || states.holdsChanges() || states.holdsConfirmations();
export const isUnsaved = (name) => states.isUnsaved(name);
export const baseOf = (name) => states.of(name).base;
export const isRemoving = (row) => states.isRemoving(row);
export const adopt = (name, text) => states.adopt(name, text);
export const rebase = (name, base, unanswered) => states.rebase(name, base, unanswered);
export const forget = (name) => states.forget(name);
export const restore = (row) => states.restore(row);

/* What only this page has: typed and not saved, refused, or in conflict. */
export const unsaved = () =>
  states
    .unsaved()
    .map(([name, { text, base, sent }]) => [name, field(name)?.value ?? text, base, sent])
    .filter(([, value]) => value !== undefined);

/* The text a field came with; something may have been typed before this script was here. */
const served = (element) =>
  element.matches("select")
    ? ([...element.options].find((option) => option.defaultSelected)?.value ??
      element.options[0]?.value ??
      "")
    : element.defaultValue;

/* The server holds another text than the page was based on; what is typed here replaces it. */
export function overrule(name, theirs) {
  states.overrule(name, theirs, field(name).value);
  schedule(0);
}

/* The strange letters of the field are meant. */
export function keepAsIs(name) {
  states.keepAsIs(name, field(name).value);
  schedule(0);
}

export function touch(element, wait) {
  if (!editable || !isField(element) || states.isSaved(element.name, element.value)) return;
  states.type(element.name, element.value);
  sayTyping();
  schedule(wait);
}

export function confirm(names) {
  for (const name of names) states.confirm(name);
  schedule(0);
}

export function remove(row, bases) {
  states.remove(row, bases);
  sayTyping();
  schedule(50);
}

function sayTyping() {
  say("Đang nhập…", "saving");
  tell("touched");
}

function schedule(wait) {
  since ||= Date.now();
  clearTimeout(timer);
  timer = setTimeout(save, waitingTime(wait, Date.now() - since));
}

/* In how many milliseconds to save what was typed now, when the oldest text has waited that long. */
export const waitingTime = (wait, waited) => Math.min(wait, Math.max(0, LONGEST_WAIT - waited));

/* In how many milliseconds to try again: after 2, 4, 8 … 30 seconds, or when the server wants it. */
export const nextDelay = (before, wanted = 0) =>
  Math.min(LONGEST_DELAY, wanted * 1000 || (before || 1000) * 2);

const REFUSALS = {
  login:
    "Phiên làm việc đã hết, số liệu còn trên trang này. Mời đăng nhập lại ở thẻ khác; trang này sẽ tự lưu tiếp.",
  403: "Không lưu được: quyền nhập liệu hoặc trạng thái báo cáo đã thay đổi. Nội dung vừa gõ còn trên trang này, mời chép ra chỗ khác trước khi rời trang.",
  404: "Không lưu được: tài khoản không còn quyền xem báo cáo này.",
};

/* Why a save had no answer, and where what was typed is meanwhile; `kept`: also in this browser. */
export function refusal({ message, words }, kept) {
  if (words)
    return `${words} Nội dung vừa gõ còn trên trang này${kept ? ", cũng được giữ trên máy này cho người mở trang" : ""}.`;
  if (REFUSALS[message]) return REFUSALS[message];
  const cause = message === "503" ? "Máy chủ đang bận" : "Chưa gửi được";
  return `${cause}, ${kept ? "đã giữ trên máy này" : "số liệu còn trên trang này"}; đang thử lại…`;
}

/* The login page in another tab: this one keeps what was typed, and saves it after that. */
function offerLogin() {
  const link = make("a", "", "Đăng nhập lại");
  link.href = form.dataset.login;
  link.target = "_blank";
  document.querySelector("[data-save-state]")?.append(" ", link);
}

async function save(more) {
  if (running || !pending()) return;
  running = true;
  clearTimeout(timer);
  since = 0;
  const leaving = states.take();
  say("Đang lưu…", "saving");
  tell("sending");
  let answer = null;
  try {
    answer = await post(location.pathname, states.posted(leaving), more);
    delay = 0;
  } catch (error) {
    say(refusal(error, keptHere), "failed");
    if (error.message === "login") offerLogin();
    delay = nextDelay(delay, error.wait);
    timer = setTimeout(save, delay);
  }
  running = false;
  if (answer) settle(answer, leaving); // outside the try: a mistake of ours is no lost connection
  if (pending() && !delay) timer = setTimeout(save, 300);
}

function settle(answer, leaving) {
  const textOf = (name) => field(name)?.value;
  const { wrote, conflicts, judged } = states.settle(answer, leaving, textOf);
  for (const [name, problem] of judged) {
    showProblem(name, problem);
    const element = field(name);
    if (problem || !element || element === document.activeElement) continue;
    showReading(element, states.of(name).reading);
    settleFlag(element);
  }
  savedAt = answer.saved_at;
  if (answer.findings) showFindings(answer.findings);
  if (answer.doubts) showDoubts(answer.doubts, states);
  tell("answer", { ...answer, conflicts, wrote });
  sayHow();
}

/* How things stand, after an answer and after each decision of the clerk. */
export function sayHow() {
  const waiting = states.waiting();
  const rest = waiting ? `; còn ${waiting} ô chưa lưu được` : "";
  if (pending()) say("Đang nhập…", "saving");
  else if (savedAt) say(`Đã lưu lúc ${savedAt}${rest}`, waiting ? "failed" : "saved");
  tell("touched");
}

/* Everything unsaved, now; gives up when the server cannot be reached. */
export async function flush() {
  delay = 0;
  for (let turn = 0; turn < 100 && pending() && !delay; turn++)
    if (running) await new Promise((resolve) => setTimeout(resolve, 50));
    else await save();
}

/* The buttons save what changed, like typing does: posting every field could undo a colleague's work. */
async function submit(event) {
  event.preventDefault();
  const press = event.submitter;
  if (press?.name === "confirm") return confirm([press.value]);
  await flush();
  if (press?.name === "leave") location.assign(form.dataset.report);
}

/* A link saves first and then goes on by itself; the browser asks only when that cannot be done. */
async function follow(event) {
  const link = event.target.closest("a[href]");
  if (!link || link.target || event.button || event.ctrlKey || event.metaKey || event.shiftKey)
    return;
  const here =
    link.pathname === location.pathname && (link.hash || link.matches("[href^='?nhom=']"));
  if (here || !pending()) return;
  event.preventDefault();
  await flush();
  location.assign(link.href);
}

export function start() {
  for (const element of fields()) states.adopt(element.name, served(element));
  form.addEventListener("input", (event) => touch(event.target, 900));
  form.addEventListener("change", (event) => touch(event.target, 150));
  form.addEventListener("focusout", (event) =>
    showReading(event.target, states.of(event.target.name).reading),
  );
  for (const element of fields()) if (element.value !== baseOf(element.name)) touch(element, 150);
  for (const back of ["online", "focus"])
    addEventListener(back, () => {
      if (delay) save();
    });
  form.addEventListener("submit", submit);
  addEventListener("click", follow);
  addEventListener("beforeunload", (event) => {
    if (!states.holdsChanges()) return;
    save();
    event.preventDefault();
  });
  // A tab put away, a lid closed: what was typed goes out even while the page goes to sleep.
  addEventListener("visibilitychange", () => {
    if (document.hidden) save({ keepalive: true });
  });
}
