/* The reviewer's page: a click on a figure, or a passage marked, tells what the remark is about. */
document.documentElement.classList.add("js");
const sheet = document.querySelector("[data-review]");
const about = document.getElementById("ve");
const passage = document.querySelector("[data-passage]");
const shown = document.querySelector("[data-passage-shown]");
const words = document.getElementById("noi-dung-y-kien");

/* What the remark is about: the figure that was clicked; a share computed in a row is about that row. */
function choose(figure) {
  const [code, uid] = figure.split("@");
  const table = "/" + code.split(".")[0] + ".";
  const options = [...about.options];
  const option =
    options.find((one) => one.value.endsWith("/" + figure)) ||
    (uid && options.find((one) => one.value.includes(table) && one.value.endsWith("@" + uid)));
  if (option) about.value = option.value;
}
function quote(text) {
  passage.value = text.slice(0, 500);
  shown.textContent = passage.value;
  shown.hidden = !passage.value;
}

/* What is being written stays with this window until it stands on the page as a remark: a login that
   ended meanwhile, or a refusal, loses nothing. */
const draft = about && `y-kien:${about.form.dataset.writer}:${location.pathname}`;
const plain = (text) => text.trim().replace(/\s+/g, " ");
function keep() {
  if (!words.value.trim()) sessionStorage.removeItem(draft);
  else sessionStorage.setItem(draft, JSON.stringify([words.value, about.value, passage.value]));
}
function restore() {
  const [text, where, quoted] = JSON.parse(sessionStorage.getItem(draft) || "[]");
  if (!text) return;
  const accepted = [...document.querySelectorAll(".thread > .said")].some(
    (one) => plain(one.textContent) === plain(text),
  );
  if (accepted) return sessionStorage.removeItem(draft);
  words.value = text;
  if ([...about.options].some((one) => one.value === where)) about.value = where;
  quote(quoted || "");
}

if (about) {
  restore();
  about.form.addEventListener("input", keep);
  about.form.addEventListener("submit", keep);
  sheet.addEventListener("click", (event) => {
    const figure = event.target.closest("[data-figure]");
    if (!figure || String(getSelection()).trim()) return;
    choose(figure.dataset.figure);
    quote(
      figure.closest("p, td, li")?.textContent.trim().replace(/\s+/g, " ") || figure.textContent,
    );
    words.focus();
  });
  sheet.addEventListener("mouseup", () => {
    const text = String(getSelection()).trim().replace(/\s+/g, " ");
    if (text.length > 2) quote(text);
  });
  document.querySelector("[data-standard]")?.addEventListener("change", (event) => {
    if (event.target.value)
      words.value = (words.value ? words.value.trimEnd() + "\n" : "") + event.target.value;
    event.target.value = "";
    words.focus();
  });
}
