/* Who else has this section open, and what they wrote: it comes into every field not touched here. */
import { field, form, make, on, post, tell, token } from "./page.js";
import { adopt, isDirty, pending } from "./saving.js";

const address = form?.dataset.company;
let revision = Number(form?.dataset.revision);
let line = null;

async function beat() {
  if (document.hidden || pending()) return;
  try {
    const answer = await post(address, new URLSearchParams({ revision }));
    introduce(answer.others);
    if (answer.texts && !pending()) {
      revision = answer.revision;
      take(answer);
    }
  } catch { /* The next beat asks again; what was typed is the business of saving. */ }
}

function introduce(names) {
  line.textContent = names.length ? `Đang cùng nhập phần này: ${names.join(", ")}` : "";
  line.hidden = !names.length;
}

function take(answer) {
  const rows = new Set();
  let added = false;
  for (const [name, text] of Object.entries(answer.texts)) {
    if (name.includes("@")) rows.add(name.slice(name.indexOf("@") + 1));
    const element = field(name);
    if (!element) { added ||= Boolean(text); continue; }
    if (isDirty(name) || element === document.activeElement || element.value === text) continue;
    element.value = text;
    adopt(name, text);
    element.classList.add("from-other");
    setTimeout(() => element.classList.remove("from-other"), 6000);
  }
  for (const row of form.querySelectorAll("tr[data-row]")) {
    const cells = [...row.querySelectorAll("[name]")];
    const deleted = !rows.has(row.dataset.row) && cells.some((e) => e.dataset.was);
    if (deleted && !cells.some((e) => isDirty(e.name) || e === document.activeElement)) row.remove();
  }
  if (added) offerReload(answer.by);
  tell("answer", { ...answer, conflicts: {} });
}

function offerReload(by) {
  form.querySelector(".news")?.remove();
  const link = make("a", "", "Tải lại trang");
  link.href = location.href;
  form.querySelector(".save-bar").before(make("p", "news", `${by || "Người khác"} vừa thêm dòng mới. `, link, " để xem."));
}

export function start() {
  if (!address) return;
  line = make("p", "company");
  line.hidden = true;
  form.querySelector(".save-bar").prepend(line);
  for (const element of form.querySelectorAll("tr[data-row] [name]")) element.dataset.was = "1";
  // A jump of more than one says that somebody else saved in between: the next beat brings it.
  on("answer", (answer) => { if (answer.saved_at && answer.revision <= revision + 1) revision = answer.revision; });
  beat();
  setInterval(beat, Number(form.dataset.beat) * 1000);
  addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });
  addEventListener("pagehide", () => {
    navigator.sendBeacon(address, new URLSearchParams({ leave: "1", csrfmiddlewaretoken: token() }));
  });
}
