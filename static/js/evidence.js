// The files chosen for evidence, by name and size, and a word about those too large before they are sent.
(() => {
  const input = document.getElementById("id_files");
  if (!input) return;
  document.documentElement.classList.add("js");
  const list = input.form.querySelector("[data-chosen]");
  const most = Number(input.dataset.most);
  const megabytes = (size) => (size / 1048576).toFixed(1).replace(".", ",").replace(",0", "") + " MB";

  input.addEventListener("change", () => {
    list.replaceChildren(...[...input.files].map((file) => {
      const line = document.createElement("li");
      const heavy = file.size > most;
      line.className = heavy ? "error" : "";
      line.textContent = heavy
        ? `${file.name}: nặng ${megabytes(file.size)}, mỗi tệp tối đa ${megabytes(most)}; mời chọn lại`
        : file.name;
      return line;
    }));
    const wrong = [...input.files].some((file) => file.size > most);
    input.setCustomValidity(wrong ? "Có tệp quá lớn, mời chọn lại." : "");
  });
})();
