/* The reviewer's page: a click on a figure, or a passage marked, tells what the remark is about. */
document.documentElement.classList.add("js");
const sheet = document.querySelector("[data-review]");
const about = document.getElementById("ve");
const passage = document.querySelector("[data-passage]");
const shown = document.querySelector("[data-passage-shown]");
const words = document.getElementById("noi-dung-y-kien");

function choose(figure) {
  const option = [...about.options].find((one) => one.value.endsWith("/" + figure));
  if (option) about.value = option.value;
}
function quote(text) {
  passage.value = text.slice(0, 500);
  shown.textContent = passage.value;
  shown.hidden = !passage.value;
}

if (about) {
  sheet.addEventListener("click", (event) => {
    const figure = event.target.closest("[data-figure]");
    if (!figure || String(getSelection()).trim()) return;
    choose(figure.dataset.figure);
    quote(figure.closest("p, td, li")?.textContent.trim().replace(/\s+/g, " ") || figure.textContent);
    words.focus();
  });
  sheet.addEventListener("mouseup", () => {
    const text = String(getSelection()).trim().replace(/\s+/g, " ");
    if (text.length > 2) quote(text);
  });
  document.querySelector("[data-standard]")?.addEventListener("change", (event) => {
    if (event.target.value) words.value = (words.value ? words.value.trimEnd() + "\n" : "") + event.target.value;
    event.target.value = "";
    words.focus();
  });
}
