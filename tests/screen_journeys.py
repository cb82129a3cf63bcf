"""How far it is from one end of a piece of work to the other: `JOURNEYS`, walked in a real browser.

    seconds   from the first page, drawn, to the end of the way: `KEY_SECONDS` a key, nothing for a click or
              for thinking, the rest is waiting for the portal on this machine
    clicks    presses of the mouse or of a finger
    keys      keys pressed, Tab and Enter among them
    screens   heights of the screen scrolled to reach what is pressed

Controls are found by what they are called; words and selectors stand together at the top, alternatives in the
order in which they are tried, so that another page needs another word and no other way.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from browser import Desk, passwords
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Locator, Page
from screen_measures import FIELD

KEY_SECONDS = 0.12
#: Milliseconds until a control that is not found is given up.
PATIENCE = 20_000

# --- what things are called -----------------------------------------------------------------------------

PERIOD = "6 tháng đầu năm 2026"
#: On a report's page: on to the first part.
CONTINUE = re.compile(r"^(Nhập tiếp|Bắt đầu nhập|Chỉ đạo, điều hành$)")
#: Leads on from a report's page to what is wrong with it, and from there to the field.
WRONG = re.compile(r"\blỗi\b", re.IGNORECASE)
FINDING, RED = '.finding a[href*="#"]', "main :is(a:has(.status.bad), tr:has(.status.bad) a)"
WAITING = ".card-link.waits a"
SIGN, CONFIRMED, SIGNED = "Ký duyệt", "Xác nhận ký duyệt", re.compile("Đã ký duyệt")
REMIND, REMINDED = re.compile("^(Nhắc|Gửi nhắc)"), re.compile(r"Đã (gửi )?nhắc [\d.]+ đơn vị")
#: Leads from the end of a group of figures to the next, where each has a page of its own.
NEXT_GROUP = re.compile(r"nhóm (sau|tiếp)", re.IGNORECASE)
SEARCH = re.compile("^Tìm")
#: What the clerk types to find one figure, without diacritics as many do, and what it is called.
SOUGHT, FOUND = "tiep nhan da duoc so hoa", re.compile("Hồ sơ tiếp nhận đã được số hóa")
#: The figures of a section as the clerk has them on paper.
FIGURES = ("1250", "48", "7", "312", "0", "96", "15", "2", "640", "33")
SECTION_OF_FIGURES, HOW_MANY = "procedures", 30
#: What the focus is on: (what kind of thing, its name).
FOCUS = f"""() => {{
  const it = document.activeElement;
  if (it.matches({FIELD!r}))
    return [it.matches("select, textarea, [type=checkbox], [type=radio], [type=file]") ? "field" : "figure", it.name];
  return ["other", it.textContent.trim()];
}}"""


class LostError(Exception):
    """What comes next on the way is not on the page."""


@dataclass(frozen=True)
class Journey:
    """What a way took; `trouble` says why it did not arrive."""

    name: str
    seconds: float
    clicks: int
    keys: int
    screens: float
    trouble: str = ""

    def numbers(self) -> tuple[float, int, int, float]:
        return self.seconds, self.clicks, self.keys, self.screens


class Hand:
    """One person's hand: presses and types, and counts it."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.page = desk, desk.page
        self.clicks = self.keys = 0
        self.screens = 0.0
        self.begun = time.perf_counter()

    def start(self, path: str) -> None:
        """Open the page from which the way is counted."""
        self.desk.open(path)
        self.page.wait_for_load_state("networkidle")
        self.begun = time.perf_counter()

    def choose(self, *ways: Locator) -> Locator:
        """The first of these that the page has."""
        for _ in range(PATIENCE // 50):
            for way in ways:
                if way.first.is_visible():
                    return way.first
            self.page.wait_for_timeout(50)
        raise LostError(f"nothing to press on {self.page.title()}: {ways[0]}")

    def click(self, *ways: Locator) -> None:
        """Scroll to the first of these that is there, and press it."""
        control = self.choose(*ways)
        before = self.page.evaluate("scrollY")
        control.scroll_into_view_if_needed()
        after = self.page.evaluate("scrollY")
        self.screens += abs(after - before) / self.page.evaluate("innerHeight")
        self.clicks += 1
        control.click()

    def follow(self, *ways: Locator) -> None:
        """Press what leads to another page, and be there."""
        with self.page.expect_navigation():
            self.click(*ways)

    def into(self, *fields: Locator) -> None:
        """Go into a field, unless the page has put the cursor there."""
        field = self.choose(*fields)
        if not field.evaluate("field => field === document.activeElement"):
            self.click(field)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text, delay=KEY_SECONDS * 1000)

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key, delay=KEY_SECONDS * 1000)

    def focus(self) -> tuple[str, str]:
        kind, name = self.page.evaluate(FOCUS)
        return kind, name

    def write(self, text: str) -> None:
        """Fill in the field that has the cursor, leave it, and wait until it is saved."""
        name = self.focus()[1]
        self.type(text)
        self.press("Tab")
        self.desk.answered(name, text)

    def until(self, done: Callable[[], bool], go_on: Callable[[], None], steps: int = 4) -> None:
        """Take steps until it is done."""
        for _ in range(steps):
            if done():
                return
            go_on()
        if not done():
            raise LostError(f"not done after {steps} steps, on {self.page.title()}")


def walk(name: str, way: "Way", desk: Desk, reports: Mapping[str, int]) -> Journey:
    """One journey, counted to its end or to where it did not go on."""
    hand, trouble = Hand(desk), ""
    desk.page.set_default_timeout(PATIENCE)
    try:
        way.go(hand, reports)
    except (LostError, BrowserError) as error:
        trouble = str(error).splitlines()[0]
    seconds = round(time.perf_counter() - hand.begun, 1)
    return Journey(name, seconds, hand.clicks, hand.keys, round(hand.screens, 1), trouble)


# --- the ways -------------------------------------------------------------------------------------------


def link(page: Page, name: str | re.Pattern[str], exact: bool = False) -> Locator:
    return page.get_by_role("link", name=name, exact=exact)


def shows(page: Page, words: re.Pattern[str]) -> bool:
    page.wait_for_load_state("load")
    return bool(words.search(page.locator("body").inner_text()))


def first_figure(hand: Hand, _: Mapping[str, int]) -> None:
    """A clerk, from the login to the first figure saved."""
    page, clerk = hand.page, "thoxuan"
    hand.start("/dang-nhap/")
    hand.into(page.get_by_label("Tên đăng nhập"))
    hand.type(clerk)
    hand.press("Tab")
    hand.type(passwords()[clerk])
    with page.expect_navigation():
        hand.press("Enter")
    hand.follow(link(page, re.compile(PERIOD)))
    hand.follow(link(page, CONTINUE), page.locator("main .button.primary"))
    hand.into(page.locator(FIELD))
    hand.write("12")


def mend(hand: Hand, reports: Mapping[str, int]) -> None:
    """A clerk, from the report's page to a wrong field set right."""
    page = hand.page
    hand.start(f"/bao-cao/{reports['Triệu Sơn']}/")
    hand.until(
        lambda: hand.focus()[0] in ("figure", "field"),
        lambda: hand.follow(page.locator(FINDING), page.locator(RED), link(page, WRONG)),
    )
    hand.write("5")


def sign(hand: Hand, _: Mapping[str, int]) -> None:
    """A leader on a phone, from the inbox to the report signed."""
    page = hand.page
    hand.start("/")
    hand.follow(page.locator(WAITING), link(page, re.compile(PERIOD)))
    hand.click(page.locator("summary", has_text=SIGN))
    press = page.get_by_role("button", name=CONFIRMED, exact=True)
    hand.until(lambda: shows(page, SIGNED), lambda: hand.follow(press))


def remind(hand: Hand, _: Mapping[str, int]) -> None:
    """A reviewer, from the inbox to all reminded who have not sent."""
    page = hand.page
    hand.start("/")
    hand.follow(link(page, PERIOD, exact=True), link(page, re.compile(PERIOD)))
    press = page.get_by_role("button", name=REMIND)
    hand.until(lambda: shows(page, REMINDED), lambda: hand.follow(press, link(page, REMIND)))


def keyboard(hand: Hand, reports: Mapping[str, int]) -> None:
    """A clerk fills in figures that stand on paper, without a mouse."""
    hand.start(f"/bao-cao/{reports['Thọ Xuân']}/phan/{SECTION_OF_FIGURES}/")
    written, name, text = 0, "", ""
    while written < HOW_MANY:
        hand.press("Tab")
        kind, told = hand.focus()
        if kind == "figure":
            name, text = told, FIGURES[written % len(FIGURES)]
            hand.type(text)
            written += 1
        elif NEXT_GROUP.search(told):
            with hand.page.expect_navigation():
                hand.press("Enter")
        if hand.keys > 1000:
            raise LostError(f"only {written} figures were reached")
    hand.press("Tab")
    hand.desk.answered(name, text)


def search(hand: Hand, reports: Mapping[str, int]) -> None:
    """A clerk looks for one figure of the report by its name, and is in its field."""
    page = hand.page
    hand.start(f"/bao-cao/{reports['Triệu Sơn']}/")
    hand.into(page.get_by_role("searchbox", name=SEARCH), page.get_by_role("combobox", name=SEARCH))
    hand.type(SOUGHT)
    with page.expect_navigation():
        hand.press("Enter")
    hand.until(lambda: hand.focus()[0] == "figure", lambda: hand.follow(link(page, FOUND)), steps=2)


@dataclass(frozen=True)
class Way:
    """A journey: who sets out ("" is somebody logged out) and on which screen."""

    who: str
    go: Callable[[Hand, Mapping[str, int]], None]
    phone: bool = False


JOURNEYS = {
    "clerk-first-figure": Way("", first_figure),
    "mend-a-red-mark": Way("trieuson", mend),
    "leader-signs": Way("tongson_lanhdao", sign, phone=True),
    "remind-all": Way("thanhhoa_noivu", remind),
    "keyboard-30-figures": Way("thoxuan", keyboard),
    "find-a-figure": Way("trieuson", search),
}
