/* What a page shows before anybody scrolls; run in the page by `screen_measures.py`, which says what each number
   means. `first` and `rows` are selectors tried in their order. */
({ first, rows, field, primary, wide, high }) => {
  scrollTo(0, 0);

  const box = (element) => element.getBoundingClientRect();
  /* What is only for readers of the screen is a pixel large, or stands off the page. */
  const seen = (element) => {
    const { width, height, right } = box(element);
    const shown = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    return shown && width > 2 && height > 2 && right > 0;
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const onScreen = (element) => {
    const { top, bottom, left, right } = box(element);
    return bottom > 0 && top < high && right > 0 && left < wide;
  };
  /* Nothing lies over the point, such as a bar at the bottom; the element's own label may. */
  const free = (element, x, y) => {
    const there = document.elementFromPoint(x, y);
    return there && (element.contains(there) || there.contains(element));
  };
  const whole = (element) => {
    const { top, bottom, left, right } = box(element);
    if (top < 0 || bottom > high || right <= 0 || left >= wide) return false;
    const middle = (Math.max(left, 0) + Math.min(right, wide)) / 2;
    return free(element, middle, top + 2) && free(element, middle, bottom - 2);
  };
  const fits = (element) => box(element).left >= 0 && box(element).right <= wide;
  const firstOf = (selectors) => {
    for (const selector of selectors) {
      const found = all(selector);
      if (found.length) return [selector, found];
    }
    return ["", []];
  };
  const name = (element) =>
    (element.getAttribute("aria-label") || element.textContent || element.name || element.type)
      .trim()
      .replace(/\s+/g, " ")
      .slice(0, 40);

  /* Of one selector the highest: on a phone the order of the source need not be that of the screen. */
  const [firstIs, firsts] = firstOf(first);
  const tops = firsts.map((element) => box(element).top);

  /* A mark on a row names its sisters, a mark on a list what is in it. */
  const marked = all("[data-first]").find((element) => element.matches("tr, li, ol, ul, table"));
  const sisters =
    marked && marked.matches("tr, li")
      ? [...marked.parentElement.children].filter((row) => row.tagName === marked.tagName)
      : marked
        ? [...marked.querySelectorAll(":scope > li, tbody tr")]
        : [];
  const lines = firstOf(rows)[1];

  /* WCAG 2.5.8: a link within a sentence is as high as its line; a label belongs to its box. */
  const inSentence = (element) => {
    if (element.tagName !== "A" || getComputedStyle(element).display !== "inline") return false;
    const block = element.closest("p, li, dd, td, th, blockquote, small, div, h1, h2, h3, nav");
    const around = block.cloneNode(true);
    for (const link of around.querySelectorAll("a, button")) link.remove();
    return /\p{L}{2}/u.test(around.textContent);
  };
  /* A link may be stretched over its card by a pseudo-element that fills it. */
  const card = (element) => {
    const stretched = ["::after", "::before"].some((part) => {
      const { content, position, inset } = getComputedStyle(element, part);
      return content !== "none" && position === "absolute" && inset === "0px";
    });
    const placed = getComputedStyle(element).position !== "static";
    return stretched ? (placed ? element : element.offsetParent) : null;
  };
  const target = (element) => {
    const label = element.matches("[type=checkbox], [type=radio]") && element.labels?.[0];
    const { width, height } = box(label || card(element) || element);
    return { width: Math.round(width), height: Math.round(height), name: name(element) };
  };
  const smallest = all("a[href], button, input, select, textarea, summary")
    .filter((element) => onScreen(element) && !element.disabled && !inSentence(element))
    .map(target)
    .sort((a, b) => Math.min(a.width, a.height) - Math.min(b.width, b.height))[0];

  const root = document.documentElement;
  return {
    first: tops.length ? Math.round(Math.min(...tops)) : null,
    first_is: firstIs,
    fields: all(field).filter((element) => whole(element) && fits(element)).length,
    rows: (lines.length ? lines : sisters.filter(seen)).filter(whole).length,
    height: document.scrollingElement.scrollHeight,
    primary: all(primary).filter(onScreen).length,
    primary_page: all(primary).length,
    links: all("a[href]").filter(onScreen).length,
    target: smallest ?? null,
    overflow: Math.max(0, document.scrollingElement.scrollWidth - root.clientWidth),
  };
}
