"""What one page shows on one screen before anybody scrolls: `Screen`, and how it is measured.

    first         px from the top of the page to the first useful thing, None when the page has none;
    first_is      the selector that named it
    fields        whole fields to fill in on the first screen, of forms in the page's content
    rows          whole rows (of a table, a list, a paper) on the first screen, uncovered by a bar
    height        px of the whole page
    primary       filled buttons on the first screen; primary_page: on the whole page, unless folded away
    links         links on the first screen
    target        the smallest thing to press on the first screen, px; a link within a sentence is none
                  (WCAG 2.5.8), a box counts with its label
    contrast      lowest contrast of a text on the first screen, as axe measures it; contrast_of: which text
    overflow      px by which the page is broader than the screen
    first_bytes   bytes over the line, heads included, as the server compresses them, with nothing kept;
    later_bytes   the same of a second visit, with what the browser kept of the first

Pixels are CSS pixels. Texts on pictures or gradients have no contrast for axe and are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from browser import weigh
from playwright.sync_api import Page, Response

MEASURE = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
INPUT = ':is(input:not([type="hidden"], [type="search"]), select, textarea)'
#: A field to fill in: not the search of a page, nor what stands in its head.
FIELD = f'main form:not([role="search"]) {INPUT}:not(:disabled, header *)'
PRIMARY = ".btn-primary, .button.primary"
#: The mark by which a page itself names its first useful thing, and its rows.
FIRST, ROW = "[data-first]", "[data-row-like]"
#: Of the texts that axe measured, the lowest contrast among those on the screen.
ON_SCREEN = """texts => texts.filter(text => {
  const element = document.querySelector(text.selector);
  if (!element) return false;
  const {top, bottom, left, right, width} = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight && right > 0 && left < innerWidth && width > 2;
})"""


@dataclass(frozen=True)
class Target:
    """Something to press, px."""

    width: int
    height: int
    name: str


@dataclass(frozen=True)
class Screen:
    """A page as one person sees it on one screen; each number is explained above."""

    page: str
    width: int
    status: int
    first: int | None
    first_is: str
    fields: int
    rows: int
    height: int
    primary: int
    primary_page: int
    links: int
    target: Target | None
    contrast: float | None
    contrast_of: str
    overflow: int
    first_bytes: int
    later_bytes: int

    @classmethod
    def kept(cls, facts: dict[str, Any]) -> "Screen":
        """As `dataclasses.asdict` wrote it."""
        target = facts["target"]
        return cls(**{**facts, "target": Target(**target) if target else None})


def measure(
    page: Page, address: str, name: str, first: Sequence[str], rows: Sequence[str] = ()
) -> Screen:
    """Visit an address twice, the browser of `page` having kept nothing, and measure what is seen then."""
    statuses: list[int] = []

    def note(answer: Response) -> None:
        if answer.url == address:
            statuses.append(answer.status)

    page.on("response", note)
    first_bytes = sum(weigh(page, address).values())
    page.goto("about:blank")
    later_bytes = sum(weigh(page, address).values())
    page.evaluate("document.fonts.ready")
    facts = in_sight(page, first, rows)
    contrast, text = lowest_contrast(page)
    return Screen(
        page=name,
        status=statuses[-1],
        contrast=contrast,
        contrast_of=text,
        first_bytes=first_bytes,
        later_bytes=later_bytes,
        **facts,
    )


def in_sight(page: Page, first: Sequence[str], rows: Sequence[str] = ()) -> dict[str, Any]:
    """What can be measured of the page as it stands, scrolled to its top."""
    size = page.viewport_size
    assert size
    looked = {
        "first": [FIRST, *first], "rows": [ROW, *rows], "field": FIELD, "primary": PRIMARY,
        "wide": size["width"], "high": size["height"],
    }  # fmt: skip
    facts: dict[str, Any] = page.evaluate(MEASURE, looked)
    target = facts["target"]
    return {**facts, "width": size["width"], "target": Target(**target) if target else None}


def lowest_contrast(page: Page) -> tuple[float | None, str]:
    """The lowest contrast of a text on the screen as it is scrolled now, and the text's markup."""
    options = {"runOnly": ["color-contrast"], "resultTypes": ["passes", "violations"]}
    answer = Axe().run(page, options=options).response
    texts = [
        {
            "selector": node["target"][-1],
            "ratio": check["data"]["contrastRatio"],
            "text": node["html"],
        }
        for kind in ("passes", "violations")
        for rule in answer[kind]
        for node in rule["nodes"]
        for check in node["any"]
        if (check["data"] or {}).get("contrastRatio")
    ]
    seen = page.evaluate(ON_SCREEN, texts)
    worst = min(seen, key=lambda text: text["ratio"], default=None)
    return (worst["ratio"], worst["text"][:80]) if worst else (None, "")
