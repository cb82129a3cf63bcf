/* What was carried over from last time stays marked until it is confirmed or changed. */
import { form, on } from "./page.js";

function refresh({ carried }) {
  if (!carried) return;
  const names = new Set(carried);
  const focused = document.activeElement?.closest("[data-carried], [data-carried-banner]");
  for (const note of form.querySelectorAll("[data-carried]"))
    note.hidden = !names.has(note.dataset.carried);
  const banner = form.querySelector("[data-carried-banner]");
  if (banner) {
    banner.hidden = !names.size;
    banner.querySelector("[data-carried-count]").textContent = names.size;
  }
  if (focused?.hidden) goOn(focused);
}

/* The button that was pressed is gone: the keyboard goes on at the next one, or at the field. */
function goOn(gone) {
  const buttons = [...form.querySelectorAll("[data-carried] button")].filter(
    (press) => press.offsetParent,
  );
  const after = buttons.find(
    (press) => gone.compareDocumentPosition(press) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const own =
    gone.parentElement.querySelector("input, select, textarea") ||
    form.querySelector("input:not([type=hidden]), select, textarea");
  (after || own)?.focus();
}

export function start() {
  on("answer", refresh);
}
