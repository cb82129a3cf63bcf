// A choice of files in the portal's own words: browsers write theirs in the language of the machine.
// Shows what was chosen by name, and says of one too large before it is sent. Without this script the
// browser's own control stands there and works.

/* 1572864 → 1,5 MB */
export const megabytes = (size) =>
  `${(size / 1048576).toFixed(1).replace(".", ",").replace(",0", "")} MB`;

/* What is said of a chosen file; `most` in bytes, 0 without a limit. */
export const description = ({ name, size }, most) =>
  most && size > most
    ? `${name}: nặng ${megabytes(size)}, mỗi tệp tối đa ${megabytes(most)}; mời chọn lại`
    : name;

function listed(file, most) {
  const line = document.createElement("li");
  line.className = most && file.size > most ? "error" : "";
  line.textContent = description(file, most);
  return line;
}

function dress(input) {
  const most = Number(input.dataset.most || 0);
  const button = document.createElement("label");
  button.htmlFor = input.id;
  button.className = "button";
  button.setAttribute("aria-hidden", "true"); // the field has its name already
  button.textContent = "Chọn tệp";
  const list = document.createElement("ul");
  list.className = "chosen";
  list.setAttribute("aria-live", "polite");
  const none = input.multiple ? "" : "Chưa chọn tệp";
  input.classList.add("chosen-by-button");
  input.after(button, list);

  const show = () => {
    const files = [...input.files];
    const empty = document.createElement("li");
    empty.textContent = none;
    list.replaceChildren(
      ...(files.length ? files.map((file) => listed(file, most)) : none ? [empty] : []),
    );
    const wrong = most && files.some((file) => file.size > most);
    input.setCustomValidity(wrong ? "Có tệp quá lớn, mời chọn lại." : "");
  };
  input.addEventListener("change", show);
  show();
}

// A form that says so (data-sends) is sent by this script, so that nothing chosen is lost when the portal is
// busy: it stays as it is and is sent again when the portal said so.
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

async function answered(form, body, say) {
  for (;;) {
    say("Đang gửi…");
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { accept: "text/html" },
    });
    if (answer.status !== 503) return answer;
    const wait = Number(answer.headers.get("Retry-After")) || 5;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const reason = page.querySelector("[data-words]")?.textContent || "Máy chủ đang bận.";
    say(`${reason} Tệp và nội dung đã chọn còn nguyên; tự gửi lại sau ${wait} giây.`);
    await pause(wait);
  }
}

/* Taken: on to the next page. Refused in part: the reasons, beside what is still chosen. */
async function settle(form, answer) {
  if (answer.type === "opaqueredirect") return goOn(form.dataset.after || "");
  const html = answer.status === 200 || answer.status === 422 ? await answer.text() : "";
  const page = new DOMParser().parseFromString(html, "text/html");
  const summary = page.querySelector(".summary");
  if (form.dataset.sends === "reasons" && answer.status === 422 && summary)
    showReasons(form, page, summary);
  else if (form.dataset.sends === "page" && page.querySelector("main")) showPage(page);
  else form.submit(); // nothing was done; the browser shows the page that says so
}

function goOn(address) {
  const next = new URL(address, location.href);
  location.assign(next);
  if (next.pathname === location.pathname) location.reload(); // another place on the page is no new page
}

function showReasons(form, page, summary) {
  for (const old of form.parentElement.querySelectorAll(":scope > .told")) old.remove();
  for (const part of [...page.querySelectorAll("main > .wide > .message"), summary]) {
    part.classList.add("told");
    form.before(part);
  }
  summary.focus();
}

function showPage(page) {
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  start();
  (document.querySelector("main .summary") || document.querySelector("h1")).scrollIntoView();
}

function sends(form) {
  const line = document.createElement("p");
  line.className = "hint";
  line.setAttribute("role", "status");
  form.append(line);
  const say = (text) => {
    line.textContent = text;
  };
  let running = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (running) return;
    running = true;
    try {
      const answer = await answered(form, new FormData(form), say);
      say("");
      await settle(form, answer);
    } catch {
      say("Chưa gửi được; tệp và nội dung đã chọn còn nguyên. Mời thử lại.");
    }
    running = false;
  });
}

export function start() {
  for (const input of document.querySelectorAll('input[type="file"]')) dress(input);
  for (const form of document.querySelectorAll("form[data-sends]")) sends(form);
}
if (globalThis.document) start();
