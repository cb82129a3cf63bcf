// How far the exports have come, asked every two seconds. When one is finished, the list is taken anew
// from the server and put in place, so that nobody loses a choice or the focus; a reader hears of it.
const EVERY = 2000;
const news = document.querySelector("[data-news]");
let list = document.querySelector("[data-progress]");

async function fetched(address, accept) {
  const answer = await fetch(address, { headers: { accept } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

function show(line, one) {
  const bar = line.querySelector("progress");
  if (one.percent === null) bar.removeAttribute("value");
  else bar.value = one.percent;
  line.querySelector("[data-words]").textContent = one.words;
}

async function renew() {
  const text = await (await fetched(location.href, "text/html")).text();
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-progress]");
  if (!fresh) return location.reload(); // the login has ended
  const held =
    list.contains(document.activeElement) && document.activeElement.closest("[data-export]");
  list.replaceWith(fresh);
  list = fresh;
  if (held) list.querySelector(`[data-export="${held.dataset.export}"] .btn`)?.focus();
}

async function look() {
  const told = (await (await fetched(list.dataset.progress, "application/json")).json()).exports;
  const known = new Map(told.map((one) => [String(one.id), one]));
  const finished = [];
  for (const line of list.querySelectorAll("[data-running='1']")) {
    const one = known.get(line.dataset.export);
    if (one?.running) show(line, one);
    else finished.push(one ? `${line.querySelector("h3").textContent}: ${one.words}.` : "");
  }
  if (!finished.length) return;
  await renew();
  news.textContent = finished.join(" ");
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
setTimeout(ask, EVERY);
