/* One group of the page in sight at a time: chosen at the side, or by the address, a search, a link to a field. */
import { form, on } from "./page.js";

const ALL = "tat-ca";
let shown = ALL; // the group in sight
let list = null; // the links to the groups, null on a page with a single one
let steps = { before: null, after: null };

const allGroups = () => [...form.querySelectorAll("[data-group]")];
const links = () => [...list.querySelectorAll("[data-show]")];
const titleOf = (slug) => form.querySelector(`[data-group="${CSS.escape(slug)}"]`).dataset.title;

/* The group a field stands in; "" outside of groups. */
const groupOf = (element) => element?.closest("[data-group]")?.dataset.group || "";

/* Puts a group in sight, or all of them; says so in the address without loading anything. */
export function show(slug, { history: write = true } = {}) {
  if (!list) return;
  shown = slug;
  for (const group of allGroups()) hide(group, slug !== ALL && group.dataset.group !== slug);
  for (const link of links())
    if (link.dataset.show === slug) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const group = allGroups().find(({ dataset }) => dataset.group === slug);
  document
    .querySelector(".workspace")
    .classList.toggle("wide-group", Boolean(group?.classList.contains("wide-group")));
  offerSteps(slug);
  const address = `?nhom=${slug}`;
  if (write && location.search !== address) history.pushState(null, "", address);
  document.dispatchEvent(new CustomEvent("groupshown", { detail: slug }));
}

/* Brings the group of a field into sight, where it is not. */
export function reveal(element, how) {
  if (element.closest("[data-group][hidden]")) show(groupOf(element), how);
}

/* Until it is found: what is out of sight is still found by the browser's own search. */
const hide = (group, hidden) =>
  hidden ? group.setAttribute("hidden", "until-found") : group.removeAttribute("hidden");

/* The bar at the foot leads to the neighbours of what is in sight, and beyond the last to the next section. */
function offerSteps(slug) {
  const slugs = allGroups().map(({ dataset }) => dataset.group);
  const place = slugs.indexOf(slug);
  point(steps.before, place > 0 ? slugs[place - 1] : "", "Nhóm trước");
  point(steps.after, place >= 0 ? slugs[place + 1] || "" : "", "Nhóm tiếp");
}
function point(link, slug, kind) {
  if (!link) return;
  const { sectionKind, sectionTitle, sectionAddress } = link.dataset;
  link.href = slug ? `?nhom=${slug}` : sectionAddress;
  link.hidden = !slug && !sectionAddress;
  link.querySelector("[data-kind]").textContent = slug ? kind : sectionKind;
  link.querySelector("[data-title]").textContent = slug ? titleOf(slug) : sectionTitle;
}

/* The first field of a group, for whoever types on; a finger would only get a keyboard over the page. */
function enter(slug) {
  const group = allGroups().find(({ dataset }) => dataset.group === slug);
  scrollTo(0, 0);
  if (!group || !matchMedia("(pointer: fine)").matches) return;
  const field = [...group.querySelectorAll("input:not([type=hidden]), select, textarea")].find(
    (element) => element.offsetParent && !element.disabled,
  );
  (field || group.querySelector("h2")).focus({ preventScroll: true });
}

function follow(event) {
  const link = event.target.closest("a[href^='?nhom=']");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const slug = new URLSearchParams(link.search).get("nhom");
  show(slug);
  enter(slug);
}

/* How far each group has come, after a save. */
function count(answer) {
  for (const [slug, { state, label, count: far }] of Object.entries(answer.groups || {})) {
    const link = list?.querySelector(`[data-show="${CSS.escape(slug)}"]`);
    if (!link) continue;
    const status = link.querySelector(".status");
    status.className = `status ${state}`;
    status.querySelector(".visually-hidden").textContent = `: ${label}`;
    link.querySelector("small").textContent = far;
  }
}

const asked = () => new URLSearchParams(location.search).get("nhom");
/* Where to begin when the address says nothing: the first group with something left to do. */
function unfinished() {
  const open = links().find(
    ({ dataset, firstElementChild }) =>
      firstElementChild?.matches(".errors, .begun, .empty") && dataset.show !== ALL,
  );
  return (open || links()[0]).dataset.show;
}

export function start() {
  list = document.querySelector(".groups");
  if (!list) return;
  steps = {
    before: document.querySelector("[data-step=before]"),
    after: document.querySelector("[data-step=after]"),
  };
  const known = [ALL, ...allGroups().map(({ dataset }) => dataset.group)];
  show(known.includes(asked()) ? asked() : unfinished(), { history: false });
  addEventListener("click", follow);
  addEventListener("popstate", () =>
    show(known.includes(asked()) ? asked() : unfinished(), { history: false }),
  );
  form.addEventListener("beforematch", (event) => reveal(event.target));
  on("answer", count);
}

/* While something is searched for, hits of all groups are in sight; afterwards the one before. */
export function searching(active) {
  if (!list) return;
  for (const group of allGroups())
    hide(group, !active && shown !== ALL && group.dataset.group !== shown);
}
