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

for (const input of document.querySelectorAll('input[type="file"]')) {
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
    list.replaceChildren(...(files.length ? files.map((file) => words(file, most)) : none ? [empty] : []));
    const wrong = most && files.some((file) => file.size > most);
    input.setCustomValidity(wrong ? "Có tệp quá lớn, mời chọn lại." : "");
  };
  input.addEventListener("change", show);
  show();
}
