// The box of the search: results below it as one types, and Ctrl+K to get there from anywhere. Without this it is
// a form like any other.
const WAIT = 250;
/* Fewer letters would find everything. */
const SHORTEST = 2;

/* Whether so few letters are worth asking. */
export const worthAsking = (typed) => typed.trim().length >= SHORTEST;

/* Where the first results for the fields of a form are. */
export function suggestionsOf(action, fields) {
  const says = new URLSearchParams(fields);
  says.set("dang", "goi-y");
  return `${action}?${says}`;
}

/* The option that an arrow leads to, of `count` of them; -1 is none, the box itself. */
export function stepped(present, count, key) {
  if (!count) return -1;
  const last = count - 1;
  if (key === "ArrowDown") return present >= last ? 0 : present + 1;
  return present <= 0 ? last : present - 1;
}

/* Whether a key calls the search: Ctrl+K, and ⌘K where there is no Ctrl. */
export const calls = ({ key, ctrlKey, metaKey, altKey, shiftKey }) =>
  (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "k";

/* What is said of a list. */
export const countSaid = (count) =>
  count ? `${count} kết quả, dùng mũi tên để chọn` : "Không có kết quả nào";

/* Asks for an address once no other was wanted for a moment, one at a time: what is newer ends what is older.
   `ask(address, signal)` answers a promise, `tell` hears what it gives; of failures nothing is heard. */
export function onePatientAsker(ask, tell, wait = WAIT) {
  let timer = 0;
  let running = null;
  function stop() {
    clearTimeout(timer);
    running?.abort();
    running = null;
  }
  function want(address) {
    stop();
    timer = setTimeout(async () => {
      const own = new AbortController();
      running = own;
      try {
        const answer = await ask(address, own.signal);
        if (running === own) tell(answer);
      } catch {
        if (running === own) tell(null);
      }
    }, wait);
  }
  return { want, stop };
}

/* The options as the server wrote them; null when it did not answer, or the login has ended. */
async function askServer(address, signal) {
  const answer = await fetch(address, { signal, headers: { accept: "text/html" } });
  return answer.ok && !answer.redirected ? answer.text() : null;
}

function serve(form) {
  const box = form.elements.namedItem("q");
  const place = form.querySelector("[data-list-place]");
  const list = form.querySelector("[data-list]");
  const none = form.querySelector("[data-none]");
  const said = form.querySelector("[data-said]");
  let options = [];
  let chosen = -1;

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  function choose(number) {
    options[chosen]?.setAttribute("aria-selected", "false");
    chosen = number;
    const option = options[chosen];
    if (!option) return box.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  }

  function close() {
    asker.stop();
    choose(-1);
    place.hidden = true;
    box.setAttribute("aria-expanded", "false");
  }

  function show(html) {
    if (html === null || document.activeElement !== box) return close();
    const parsed = new DOMParser().parseFromString(html, "text/html");
    list.replaceChildren(...parsed.body.childNodes);
    options = [...list.querySelectorAll("[role=option]")];
    for (const [number, option] of options.entries()) {
      option.id = `${list.id}-${number}`;
    }
    choose(-1);
    list.hidden = !options.length;
    none.hidden = Boolean(options.length);
    place.hidden = false;
    box.setAttribute("aria-expanded", String(Boolean(options.length)));
    said.textContent = countSaid(options.length);
  }

  const asker = onePatientAsker(askServer, show);

  function press(event) {
    if (event.isComposing) return; // Telex keyboards put letters together
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (place.hidden && worthAsking(box.value)) ask();
      else choose(stepped(chosen, options.length, event.key));
    } else if (event.key === "Enter" && options[chosen] && !place.hidden) {
      event.preventDefault();
      options[chosen].click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (place.hidden) box.value = "";
      close();
    }
  }

  function ask() {
    if (worthAsking(box.value)) asker.want(suggestionsOf(form.action, new FormData(form)));
    else close();
  }

  box.addEventListener("input", () => {
    choose(-1); // what was chosen answered to other words
    ask();
  });
  box.addEventListener("keydown", press);
  // A press on an option leaves the focus in the box, so that the list stays until the press is over.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (!form.contains(relatedTarget)) close();
  });
  form.addEventListener("submit", () => asker.stop());
}

export function start() {
  const forms = document.querySelectorAll("[data-search]");
  for (const form of forms) serve(form);
  document.addEventListener("keydown", (event) => {
    const box = forms[0]?.elements.namedItem("q");
    if (!box || !calls(event)) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
