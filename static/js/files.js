// A choice of files in the portal's own words: browsers write theirs in the language of the machine.
// Shows what was chosen by name, and says of one too large before it is sent. Without this script the
// browser's own control stands there and works.
const megabytes = (size) => (size / 1048576).toFixed(1).replace(".", ",").replace(",0", "") + " MB";

function words(file, most) {
  const line = document.createElement("li");
  const heavy = most && file.size > most;
  line.className = heavy ? "error" : "";
  line.textContent = heavy
    ? `${file.name}: nặng ${megabytes(file.size)}, mỗi tệp tối đa ${megabytes(most)}; mời chọn lại`
    : file.name;
  return line;
}

function dress(input) {
  const most = Number(input.dataset.most || 0);
  const button = document.createElement("label");
  button.htmlFor = input.id;
  button.className = "btn btn-outline-primary";
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
      ...(files.length ? files.map((file) => words(file, most)) : none ? [empty] : []),
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
    const words = page.querySelector("[data-words]")?.textContent || "Máy chủ đang bận.";
    say(`${words} Tệp và nội dung đã chọn còn nguyên; tự gửi lại sau ${wait} giây.`);
    await pause(wait);
  }
}

/* Taken: on to the next page. Refused in part: the reasons, beside what is still chosen. */
async function settle(form, answer) {
  if (answer.type === "opaqueredirect") {
    const next = new URL(form.dataset.after || "", location.href);
    location.assign(next);
    if (next.pathname === location.pathname) location.reload(); // another place on the page is no new page
    return;
  }
  const told = answer.status === 200 || answer.status === 422 ? await answer.text() : "";
  const page = new DOMParser().parseFromString(told, "text/html");
  const summary = page.querySelector(".summary");
  if (form.dataset.sends === "reasons" && answer.status === 422 && summary) {
    for (const old of form.parentElement.querySelectorAll(":scope > .told")) old.remove();
    for (const one of [...page.querySelectorAll("main > .wide > .notice"), summary]) {
      one.classList.add("told");
      form.before(one);
    }
    summary.focus();
  } else if (form.dataset.sends === "page" && page.querySelector("main")) {
    document.title = page.title;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    start();
    (document.querySelector("main .summary") || document.querySelector("main h1")).scrollIntoView();
  } else {
    form.submit(); // nothing was done; the browser shows the page that says so
  }
}

function sends(form) {
  const line = document.createElement("p");
  line.className = "hint";
  line.setAttribute("role", "status");
  form.append(line);
  const say = (words) => {
    line.textContent = words;
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

function start() {
  for (const input of document.querySelectorAll('input[type="file"]')) dress(input);
  for (const form of document.querySelectorAll("form[data-sends]")) sends(form);
}
start();
