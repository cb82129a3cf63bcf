/* What was carried over from last time stays marked until it is confirmed or changed. */
import { form, on } from "./page.js";

function refresh({ carried }) {
  if (!carried) return;
  const names = new Set(carried);
  for (const note of form.querySelectorAll("[data-carried]")) note.hidden = !names.has(note.dataset.carried);
  const banner = form.querySelector("[data-carried-banner]");
  if (!banner) return;
  banner.hidden = !names.size;
  banner.querySelector("[data-carried-count]").textContent = names.size;
}

export function start() {
  on("answer", refresh);
}
