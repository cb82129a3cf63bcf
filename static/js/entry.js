/* A section page that saves itself. Without this script the page's buttons do the same.

   Only fields that changed are sent. What the server could not read stays in its field with the
   reason; everything else of the same save is kept. One save runs at a time. */
"use strict";
(() => {
  const form = document.querySelector("form[data-autosave]");
  document.documentElement.classList.add("js");
  if (!form) return;
  const editable = !form.querySelector("fieldset.plain").disabled;
  const status = form.querySelector("[data-save-state]");
  const preview = document.querySelector("[data-preview]");
  const list = document.getElementById("live-figures");
  const dirty = new Map();
  const removed = new Map();
  const stored = new Map(); // what the server has taken, so that leaving a field saves nothing twice
  const readings = new Map(); // how the server shows what was typed: 2395 → 2.395
  const unread = new Set(); // fields whose text the server could not read
  let timer = 0, running = false, delay = 0;

  const say = (words, kind) => {
    status.textContent = words;
    status.className = "save-state " + kind;
  };
  const field = (name) => form.elements.namedItem(name);

  // --- saving ---------------------------------------------------------------------------------
  const touch = (element, wait) => {
    if (!element.name || element.name === "csrfmiddlewaretoken" || !editable) return;
    const known = [stored.get(element.name), readings.get(element.name)?.shown];
    if (known.includes(element.value) && !dirty.has(element.name)) return;
    dirty.set(element.name, element.value);
    say("Đang nhập…", "saving");
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  form.addEventListener("input", (event) => touch(event.target, 900));
  form.addEventListener("change", (event) => touch(event.target, 150));
  const format = (element) => {
    const reading = readings.get(element.name);
    if (reading && reading.typed === element.value) element.value = reading.shown;
  };
  form.addEventListener("focusout", (event) => format(event.target));
  // The token of the cookie: a new login elsewhere changes it while this page stands open.
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] || field("csrfmiddlewaretoken").value;
  const REFUSALS = {
    login: "Phiên làm việc đã hết, số liệu còn trên trang này. Mời đăng nhập lại ở thẻ khác; trang này sẽ tự lưu tiếp.",
    403: "Không lưu được: quyền nhập liệu hoặc trạng thái báo cáo đã thay đổi. Mời chép lại nội dung vừa gõ rồi tải lại trang.",
    404: "Không lưu được: tài khoản không còn quyền xem báo cáo này.",
  };

  async function save() {
    if (running || (!dirty.size && !removed.size)) return;
    running = true;
    clearTimeout(timer);
    const sent = new Map(dirty), gone = new Map(removed);
    const body = new URLSearchParams();
    for (const [name, value] of sent) body.append(name, value);
    for (const name of gone.keys()) body.append("delete:" + name, "1");
    say("Đang lưu…", "saving");
    let answer = null;
    try {
      const response = await fetch(location.pathname, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
        redirect: "manual",
      });
      if (response.type === "opaqueredirect") throw new Error("login");
      if (!response.ok) throw new Error(String(response.status));
      answer = await response.json();
      delay = 0;
    } catch (error) {
      say(REFUSALS[error.message] || "Chưa gửi được, số liệu còn trên trang này; đang thử lại…", "failed");
      delay = Math.min(30000, (delay || 1000) * 2);
      timer = setTimeout(save, delay);
    }
    running = false;
    if (answer) settle(answer, sent, gone); // outside the try: a mistake of ours is no lost connection
    if ((dirty.size || removed.size) && !delay) timer = setTimeout(save, 300);
  }
  for (const back of ["online", "focus"]) addEventListener(back, () => { if (delay) save(); });

  // Everything unsaved, now; gives up when the server cannot be reached.
  async function flush() {
    for (let turn = 0; turn < 100 && (running || dirty.size || removed.size) && !delay; turn++)
      if (running) await new Promise((resolve) => setTimeout(resolve, 50)); else await save();
  }

  // The buttons save what changed, like typing does: posting every field could undo a colleague's work.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    delay = 0;
    await flush();
    if (event.submitter?.name === "leave") location.assign(form.dataset.report);
  });

  // A link saves first and then goes on by itself; the browser asks only when that cannot be done.
  addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.target || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.pathname === location.pathname || !(running || dirty.size || removed.size)) return;
    event.preventDefault();
    await flush();
    location.assign(link.href);
  });

  function settle(answer, sent, gone) {
    for (const [name, value] of sent) {
      const element = field(name);
      const problem = answer.errors[name] || "";
      tell(name, problem);
      if (problem) unread.add(name); else unread.delete(name);
      if (dirty.get(name) === value) dirty.delete(name);
      stored.set(name, value);
      readings.delete(name);
      if (!problem && name in answer.shown) {
        readings.set(name, { typed: value, shown: answer.shown[name] });
        if (element && element !== document.activeElement) format(element);
      }
      if (!problem && element && element !== document.activeElement && element.closest(".flagged"))
        settleFlag(element);
    }
    for (const name of gone.keys()) {
      removed.delete(name);
      for (const wrong of unread) if (wrong.endsWith(name.slice(name.indexOf("@")))) unread.delete(wrong);
    }
    const bad = unread.size;
    for (const [item, sentence] of Object.entries(answer.composed || {})) {
      const select = form.querySelector(`[data-takes-over="${CSS.escape("text:" + item)}"]`);
      if (!select) continue;
      select.dataset.composed = sentence;
      select.parentElement.hidden = !sentence;
    }
    if (list && "live_figures" in answer)
      list.innerHTML = answer.live_figures;
    for (const [name, words] of Object.entries(answer.sums || {})) {
      const button = form.querySelector(`[data-total="${CSS.escape(name)}"]`);
      if (button) { button.querySelector("b").textContent = words; button.hidden = !words; }
    }
    for (const [name, words] of Object.entries(answer.computed || {})) {
      const output = form.querySelector(`[data-computed="${CSS.escape(name)}"]`);
      if (output) { output.textContent = words; output.hidden = !words; }
    }
    if (preview && answer.preview) {
      const top = preview.scrollTop;
      preview.innerHTML = answer.preview;
      preview.scrollTop = top;
      light(document.activeElement);
    }
    const state = document.querySelector("[data-progress]");
    state.textContent = answer.progress.label;
    state.className = "progress-state " + answer.progress.state;
    const count = document.querySelector("[data-progress-count]");
    if (count) count.firstChild.textContent =
      `${answer.progress.answered}/${answer.progress.required} số liệu bắt buộc đã có. Không có việc phát sinh thì gõ `;
    if (dirty.size || removed.size) say("Đang nhập…", "saving");
    else say(bad ? `Đã lưu lúc ${answer.saved_at}; còn ${bad} ô chưa lưu được` : `Đã lưu lúc ${answer.saved_at}`, bad ? "failed" : "saved");
  }

  function settleFlag(element) {
    const box = element.closest(".flagged");
    box.classList.remove("flagged");
    box.querySelector(".as-stated")?.remove();
  }

  function tell(name, problem) {
    const words = document.getElementById("error_" + name);
    const element = field(name);
    const mark = form.querySelector(`[data-tick="${CSS.escape(name)}"]`);
    if (words) { words.textContent = problem; words.hidden = !problem; }
    if (element && element.setAttribute) {
      element.classList.toggle("is-invalid", Boolean(problem));
      if (problem) { element.setAttribute("aria-invalid", "true"); element.setAttribute("aria-describedby", "error_" + name); }
      else element.removeAttribute("aria-invalid");
      const box = element.closest(".figure-field, .narrative-field, td");
      if (box) box.classList.toggle("has-error", Boolean(problem));
    }
    if (mark) { mark.textContent = problem ? "!" : "✓"; mark.classList.toggle("bad", Boolean(problem)); }
  }

  addEventListener("beforeunload", (event) => {
    if (dirty.size || removed.size) { save(); event.preventDefault(); }
  });

  // --- helps for typing -----------------------------------------------------------------------
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.classList.contains("none-arisen")) {
      event.preventDefault();
      answerGroup(button.value);
    } else if (button.dataset.total) {
      const total = field(button.dataset.total);
      total.value = button.querySelector("b").textContent;
      touch(total, 0);
    } else if (button.dataset.add) addRow(button);
    else if (button.dataset.delete) removeRow(button);
  });

  function answerGroup(title) {
    for (const legend of form.querySelectorAll("legend")) {
      if (legend.textContent.trim() !== title) continue;
      for (const input of legend.parentElement.querySelectorAll("input.number"))
        if (!input.value.trim() && input.parentElement.querySelector(".unit")?.textContent !== "%") {
          input.value = "Không phát sinh";
          touch(input, 50);
        }
    }
  }

  const number = (text) => {
    const plain = text.trim().toLowerCase();
    if (plain.startsWith("k")) return 0;
    return /^\d{1,3}(\.\d{3})*$|^\d+$/.test(plain) ? Number(plain.replaceAll(".", "")) : null;
  };
  form.addEventListener("input", () => {
    for (const button of form.querySelectorAll("[data-parts]")) {
      const parts = button.dataset.parts.split(" ").map(field).filter(Boolean).map((e) => number(e.value));
      const known = parts.filter((part) => part !== null);
      if (!known.length) continue;
      const total = known.reduce((a, b) => a + b, 0);
      button.querySelector("b").textContent = String(total).replace(/\B(?=(\d{3})+$)/g, ".");
      button.hidden = false;
    }
  });

  function uid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  function addRow(button) {
    const section = button.closest("[data-table]");
    const html = section.querySelector("template").innerHTML.replaceAll("__uid__", uid());
    const body = section.querySelector("tbody");
    const before = body.querySelector("tr:last-of-type select[name*='.item@']")?.value;
    body.insertAdjacentHTML("beforeend", html);
    const item = body.lastElementChild.querySelector("select[name*='.item@']");
    if (item) item.value = before || (item.options.length === 2 ? item.options[1].value : "");
    body.lastElementChild.querySelector("input, select, textarea").focus();
  }
  function removeRow(button) {
    const row = button.closest("tr"), name = button.dataset.delete;
    if (row.classList.toggle("gone")) {
      button.textContent = "Hoàn tác";
      removed.set(name, true);
      for (const element of row.querySelectorAll("[name]")) dirty.delete(element.name);
      clearTimeout(timer);
      timer = setTimeout(save, 50);
    } else {
      button.textContent = "Xóa dòng";
      removed.delete(name);
      for (const element of row.querySelectorAll("[name]")) { stored.delete(element.name); readings.delete(element.name); }
      for (const element of row.querySelectorAll("input, select, textarea"))
        if (element.type !== "checkbox") touch(element, 50);
    }
  }

  // Enter goes on to the next field; up and down move within a column of a table.
  form.addEventListener("keydown", (event) => {
    const element = event.target;
    if (!element.matches("input, select") || event.isComposing) return;
    if (event.key === "Enter" && element.matches("input")) {
      event.preventDefault();
      const all = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((e) => e.offsetParent);
      all[all.indexOf(element) + 1]?.focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && element.matches("td input")) {
      const cell = element.closest("td"), row = cell.parentElement;
      const column = [...row.children].indexOf(cell);
      const step = event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
      let next = row[step];
      while (next && !next.children[column]?.querySelector("input")) next = next[step];
      if (next) { event.preventDefault(); next.children[column].querySelector("input").focus(); }
    }
  });
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("input.number")) event.target.select();
    light(event.target);
  });

  // --- the clerk's own text ---------------------------------------------------------------------
  for (const select of form.querySelectorAll("[data-inserts]")) {
    select.addEventListener("focus", () => {
      while (select.options.length > 1) select.remove(1);
      if (list) select.append(list.content.cloneNode(true));
    });
    select.addEventListener("change", (event) => {
      event.stopPropagation();
      const area = field(select.dataset.inserts);
      if (select.value) {
        area.setRangeText(`{${select.value}}`, area.selectionStart, area.selectionEnd, "end");
        touch(area, 300);
        area.focus();
      }
      select.value = "";
    });
  }
  for (const select of form.querySelectorAll("[data-takes-over]")) {
    select.addEventListener("change", () => {
      const area = field(select.dataset.takesOver);
      if (select.value === "instead" && !area.value.trim()) {
        area.value = select.dataset.composed;
        touch(area, 100);
      }
    });
  }

  // --- form and paper side by side ----------------------------------------------------------------
  function light(element) {
    if (!preview) return;
    for (const lit of preview.querySelectorAll(".lit")) lit.classList.remove("lit");
    const name = element && element.name ? element.name.split("@")[0] : "";
    if (!name) return;
    const spans = preview.querySelectorAll(`[data-figure="${CSS.escape(name)}"]`);
    for (const span of spans) span.classList.add("lit");
    if (spans[0]) {
      const inside = spans[0].offsetTop - preview.offsetTop;
      if (inside < preview.scrollTop || inside > preview.scrollTop + preview.clientHeight - 60)
        preview.scrollTop = inside - preview.clientHeight / 2;
    }
  }
  preview?.addEventListener("click", (event) => {
    const span = event.target.closest("[data-figure]");
    const element = span && field(span.dataset.figure);
    if (element && element.focus) { showPanel("entry"); element.focus(); element.scrollIntoView({ block: "center" }); }
  });

  function showPanel(name) {
    for (const panel of document.querySelectorAll("[data-panel]")) panel.classList.toggle("off", panel.dataset.panel !== name);
    for (const tab of document.querySelectorAll("[data-tab]")) tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
  }
  const tabs = document.querySelector(".tabs");
  if (tabs) {
    tabs.hidden = false;
    tabs.addEventListener("click", (event) => event.target.dataset.tab && showPanel(event.target.dataset.tab));
    showPanel("entry");
  }
  document.getElementById("loi")?.focus();
})();
