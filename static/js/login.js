// "Hiện mật khẩu": a button that only works with scripts is only made by one.
export function start() {
  const password = document.getElementById("id_password");
  const box = document.createElement("label");
  box.className = "show-password";
  const tick = document.createElement("input");
  tick.type = "checkbox";
  tick.addEventListener("change", () => {
    password.type = tick.checked ? "text" : "password";
  });
  password.form.addEventListener("submit", () => {
    password.type = "password"; // no browser keeps it as a text
  });
  box.append(tick, " Hiện mật khẩu");
  password.after(box);
}
if (globalThis.document) start();
