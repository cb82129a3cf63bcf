// Words that were typed into a form and not sent yet: leaving the page asks first.
export const unsent = (fields) => fields.some((field) => field.value !== field.defaultValue);

export function start() {
  const fields = [...document.querySelectorAll("main form textarea")];
  let sending = false;
  document.addEventListener("submit", () => {
    sending = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && unsent(fields)) event.preventDefault();
  });
}
if (globalThis.document) start();
