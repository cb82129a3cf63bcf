// How far the exports have come, asked every two seconds. When one is finished, the list is taken anew
// from the server and put in place, so that nobody loses a choice or the focus; a reader hears of it.
const EVERY = 2000;
let list = null;

async function fetched(address, accept) {
  const answer = await fetch(address, { headers: { accept } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

function show(line, { percent, words }) {
  const bar = line.querySelector("progress");
  if (percent === null) bar.removeAttribute("value");
  else bar.value = percent;
  line.querySelector("[data-words]").textContent = words;
}

async function renew() {
  const text = await (await fetched(location.href, "text/html")).text();
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-progress]");
  if (!fresh) return location.reload(); // the login has ended
  const held =
    list.contains(document.activeElement) && document.activeElement.closest("[data-export]");
  list.replaceWith(fresh);
  list = fresh;
  if (held) list.querySelector(`[data-export="${held.dataset.export}"] .button`)?.focus();
}

async function look() {
  const answer = await (await fetched(list.dataset.progress, "application/json")).json();
  const byId = new Map(answer.exports.map((job) => [String(job.id), job]));
  const finished = [];
  for (const line of list.querySelectorAll("[data-running='1']")) {
    const job = byId.get(line.dataset.export);
    if (job?.running) show(line, job);
    else finished.push(job ? `${line.querySelector("h3").textContent}: ${job.words}.` : "");
  }
  if (!finished.length) return;
  await renew();
  document.querySelector("[data-news]").textContent = finished.join(" ");
}

async function ask() {
  let wait = EVERY;
  try {
    await look();
  } catch {
    wait = 5 * EVERY;
  }
  if (list.querySelector("[data-running='1']")) setTimeout(ask, wait);
}

export function start() {
  list = document.querySelector("[data-progress]");
  setTimeout(ask, EVERY);
}
if (globalThis.document) start();
