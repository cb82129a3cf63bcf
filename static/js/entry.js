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
  const dirty = new Map();
  const removed = new Map();
  const unread = new Set(); // fields whose text the server could not read
  const saved = new Map(); // what the server holds of each field, as it was typed
  const shown = new Map(); // how it wants that written
  let timer = 0, running = false, delay = 0;

  const say = (words, kind) => {
    status.textContent = words;
    status.className = "save-state " + kind;
  };
  const field = (name) => form.elements.namedItem(name);

  // --- saving ---------------------------------------------------------------------------------
  const touch = (element, wait) => {
    if (!element.name || element.name === "csrfmiddlewaretoken" || !editable) return;
    if (saved.get(element.name) === element.value && !dirty.has(element.name)) return;
    dirty.set(element.name, element.value);
    say("Đang nhập…", "saving");
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  form.addEventListener("input", (event) => touch(event.target, 900));
  form.addEventListener("change", (event) => touch(event.target, 150));
  form.addEventListener("focusout", (event) => write(event.target));

  // A figure is written the official way once it is saved and the cursor has left it.
  function write(element) {
    const name = element.name;
    if (!name || dirty.has(name) || saved.get(name) !== element.value || !shown.has(name)) return;
    element.value = shown.get(name);
    saved.set(name, element.value);
    shown.delete(name);
  }

  // Logging in again elsewhere renews the token: the cookie knows the one that counts.
  const token = () =>
    document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] || field("csrfmiddlewaretoken").value;

  const REASONS = {
    login: "Phiên làm việc đã hết. Mời đăng nhập lại ở thẻ khác; số liệu trên trang này sẽ tự lưu.",
    403: "Chưa lưu được: phiên làm việc hoặc quyền nhập liệu đã thay đổi. Mời đăng nhập lại ở thẻ khác.",
    404: "Chưa lưu được: tài khoản đang đăng nhập không có báo cáo này.",
    413: "Chưa lưu được: nội dung quá dài.",
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
    try {
      const answer = await fetch(location.pathname, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect") throw new Error("login");
      if (!answer.ok) throw new Error(String(answer.status));
      settle(await answer.json(), sent, gone);
      delay = 0;
    } catch (error) {
      say(REASONS[error.message] || "Chưa gửi được, số liệu còn trên trang này; đang thử lại…", "failed");
      delay = Math.min(REASONS[error.message] ? 3000 : 30000, (delay || 1000) * 2);
      timer = setTimeout(save, delay);
    }
    running = false;
    if ((dirty.size || removed.size) && !delay) timer = setTimeout(save, 300);
  }

  function settle(answer, sent, gone) {
    for (const [name, value] of sent) {
      const element = field(name);
      const problem = answer.errors[name] || "";
      tell(name, problem);
      if (problem) unread.add(name); else unread.delete(name);
      if (dirty.get(name) === value) dirty.delete(name);
      saved.set(name, value);
      if (!problem && name in answer.shown) shown.set(name, answer.shown[name]);
      if (element && element !== document.activeElement) write(element);
      if (!problem && element && element !== document.activeElement && element.closest(".flagged"))
        settleFlag(element);
    }
    for (const name of gone.keys()) {
      removed.delete(name);
      for (const wrong of unread) if (wrong.endsWith(name.slice(name.indexOf("@")))) unread.delete(wrong);
    }
    const bad = unread.size;
    for (const [name, words] of Object.entries(answer.computed || {})) {
      const output = form.querySelector(`[data-computed="${CSS.escape(name)}"]`);
      if (output) { output.textContent = words; output.hidden = !words; }
    }
    for (const select of form.querySelectorAll("[data-takes-over]"))
      if (select.dataset.takesOver in (answer.composed || {}))
        select.dataset.composed = answer.composed[select.dataset.takesOver];
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
    say(bad ? `Đã lưu lúc ${answer.saved_at}; còn ${bad} ô chưa lưu được` : `Đã lưu lúc ${answer.saved_at}`, bad ? "failed" : "saved");
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
      const box = element.closest(".figure-field, .narrative-field");
      if (box) box.classList.toggle("has-error", Boolean(problem));
    }
    if (mark) { mark.textContent = problem ? "!" : "✓"; mark.classList.toggle("bad", Boolean(problem)); }
  }

  // A link waits for the save and goes on; only closing the page with something unsaved asks.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !plain || !(dirty.size || removed.size || running)) return;
    if (link.origin !== location.origin || link.pathname === location.pathname) return;
    event.preventDefault();
    for (let wait = 0; running && wait < 40; wait++) await new Promise((done) => setTimeout(done, 100));
    await save();
    location.assign(link.href);
  });
  addEventListener("beforeunload", (event) => {
    if (dirty.size || removed.size) event.preventDefault();
  });
  form.addEventListener("submit", () => { dirty.clear(); removed.clear(); });

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
    body.insertAdjacentHTML("beforeend", html);
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
  const list = document.getElementById("live-figures");
  for (const select of form.querySelectorAll("[data-inserts]")) {
    select.addEventListener("focus", () => {
      if (select.options.length === 1 && list) select.append(list.content.cloneNode(true));
    }, { once: true });
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
