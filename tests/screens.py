"""What people see before they scroll, and how far their ways are: `./run screens`.

    ./run screens                       every page of `PAGES` at 1366x768 and 390x844, one table a width
    ./run screens --only report* board  pages (and journeys) of these names alone
    ./run screens --journeys            the journeys too
    ./run screens --keep FILE           write the numbers into FILE (JSON), where it has others they stay
    ./run screens --against FILE        each number as it was in FILE → as it is
    ./run screens --world FOLDER        load the demo into FOLDER once, take a copy of it in every run

The demo with its present story is served as for the pictures, its clock standing on `NOW`; the people of each
role look at their pages in Chromium. What each number of a page means says `screen_measures.py`, of a
journey `screen_journeys.py`. Numbers that the portal has a target for stand beside it: `181 ≤ 200` holds,
`390 > 200` does not. It measures and never fails.

The first useful thing and the rows of a page are named in one table, `LOOKED_FOR`. A page that marks its first
useful thing by `data-first`, its rows by `data-row-like`, needs no line of its own.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from browser import Desk, chromium
from browser import size as viewport
from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError
from screen_journeys import JOURNEYS, Journey, walk
from screen_measures import FIELD, INPUT, Screen, measure
from served import Served, clock, collect_static, furnish, served
from worlds import QUICK

#: The day of the pictures in the documents: a Monday in the middle of the half-year's reports.
NOW = datetime(2026, 6, 29, 8, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
DESK, PHONE = (1366, 768), (390, 844)
DEVICES: dict[tuple[int, int], dict[str, bool]] = {
    DESK: {},
    PHONE: {"has_touch": True, "is_mobile": True},
}
say = partial(print, file=sys.stderr, flush=True)


# --- what is looked for on a page -----------------------------------------------------------------------


@dataclass(frozen=True)
class Looked:
    """Selectors, tried in their order, of the first useful thing of a kind of page and of its rows."""

    first: tuple[str, ...]
    rows: tuple[str, ...] = ()


#: Kind of page → what is looked for on it, after `data-first` and `data-row-like`.
LOOKED_FOR = {
    "inbox": Looked(("main .card-link", "main .empty"), ("main .card-link",)),
    "report": Looked((".tasks > li", "main table tbody tr", "main .returned"), (".tasks > li", "main table tbody tr")),
    "section": Looked((f"form[data-autosave] {INPUT}:enabled", FIELD), ("table.grid tbody tr",)),
    "locked section": Looked((f"main form {INPUT}",)),
    "form": Looked((FIELD, 'main [type="submit"]')),
    "checks": Looked((".findings li", "main .moves :is(a, button)", "main .notice"), (".findings li",)),
    "decision": Looked(
        ("main .moves :is(a, button)", 'main [type="submit"]'), ("table.compare tbody tr",)
    ),
    "paper": Looked(("[data-review]", "main article.paper", ".paper-page"), (":is([data-review], .paper) p",)),
    "timeline": Looked((".timeline > li",), (".timeline > li",)),
    "evidence": Looked((".evidence li", ".evidence-shelves .empty"), (".evidence li",)),
    "notices": Looked((".notices li", "main .empty"), (".notices li",)),
    "board": Looked(("main table tbody tr", ".board tbody tr"), ("main table tbody tr",)),
    "exports": Looked((".export-box :is(button, input, select)", ".exports > li"), (".exports > li",)),
    "one act": Looked(('main form [type="submit"]', "main .btn", "main p a")),
}  # fmt: skip

# --- the pages -----------------------------------------------------------------------------------------

HALF = "TH-2026-6T"


@dataclass(frozen=True)
class Page:
    """A page of the portal as one person sees it; `unit` whose report of the half-year it belongs to."""

    name: str
    who: str
    kind: str
    path: str
    unit: str = ""

    def address(self, reports: Mapping[str, int]) -> str:
        return f"/bao-cao/{reports[self.unit]}/{self.path}" if self.unit else self.path


PAGES = [
    Page("login", "", "form", "/dang-nhap/"),
    Page("not-found", "tongson", "one act", "/khong-co/"),
    Page("forbidden", "tongson", "one act", "viec/approve/", "Tống Sơn"),
    Page("password", "tongson", "form", "/mat-khau/"),
    Page("password-done", "tongson", "one act", "/mat-khau/xong/"),
    Page("mailing", "tongson", "form", "/tin-bao/cach-bao/"),
    Page("confirm", "thanhhoa_noivu", "form", "/xac-nhan/"),
    Page("notices-clerk", "tongson", "notices", "/tin-bao/"),
    Page("notices-reviewer", "thanhhoa_noivu", "notices", "/tin-bao/"),
    # The first page of each role.
    Page("inbox-clerk", "tongson", "inbox", "/"),
    Page("inbox-leader", "tongson_lanhdao", "inbox", "/"),
    Page("inbox-records", "hacthanh_vanthu", "inbox", "/"),
    Page("inbox-reviewer", "thanhhoa_noivu", "inbox", "/"),
    Page("inbox-admin", "quantri", "inbox", "/"),
    # A report in its states.
    Page("report-untouched", "thoxuan", "report", "", "Thọ Xuân"),
    Page("report-half-filled", "trieuson", "report", "", "Triệu Sơn"),
    Page("report-presented", "tongson", "report", "", "Tống Sơn"),
    Page("report-returned", "xahalong", "report", "", "Hà Long"),
    Page("report-approved", "hacthanh_vanthu", "report", "", "Hạc Thành"),
    Page("report-issued", "bimson", "report", "", "Bỉm Sơn"),
    Page("report-excluded", "ngason", "report", "", "Nga Sơn"),
    Page("report-reviewer", "thanhhoa_noivu", "report", "", "Hà Trung"),
    # Each kind of section page.
    Page("section-figures", "trieuson", "section", "phan/procedures/", "Triệu Sơn"),
    Page("section-untouched", "thoxuan", "section", "phan/procedures/", "Thọ Xuân"),
    Page("section-rows", "trieuson", "section", "phan/direction/", "Triệu Sơn"),
    Page("section-wide-table", "trieuson", "section", "phan/civil_service/", "Triệu Sơn"),
    Page("section-money", "trieuson", "section", "phan/finance/", "Triệu Sơn"),
    Page("section-texts", "trieuson", "section", "phan/evaluation/", "Triệu Sơn"),
    Page("section-appendix", "trieuson", "section", "phan/appendix/", "Triệu Sơn"),
    Page("section-paper", "trieuson", "section", "phan/paper/", "Triệu Sơn"),
    Page("section-read-only", "tongson_lanhdao", "locked section", "phan/procedures/", "Tống Sơn"),
    # What is done with a report.
    Page("checks-errors", "trieuson", "checks", "kiem-tra/", "Triệu Sơn"),
    Page("checks-ready", "xahalong", "checks", "kiem-tra/", "Hà Long"),
    Page("evidence", "trieuson", "evidence", "tai-lieu/", "Triệu Sơn"),
    Page("bring-in", "trieuson", "form", "nhap-tu-excel/", "Triệu Sơn"),
    Page("preview", "tongson", "paper", "xem-truoc/", "Tống Sơn"),
    Page("timeline", "hatrung", "timeline", "nhat-ky/", "Hà Trung"),
    Page("more-time", "trieuson", "form", "gia-han/", "Triệu Sơn"),
    Page("take-back", "tongson", "form", "viec/take_back/", "Tống Sơn"),
    Page("sign-off", "tongson_lanhdao", "decision", "ky-duyet/", "Tống Sơn"),
    Page("sign", "tongson_lanhdao", "form", "viec/sign_off/", "Tống Sơn"),
    Page("send", "linhtoai_vanthu", "form", "viec/send/", "Lĩnh Toại"),
    Page("issue", "hacthanh_vanthu", "form", "viec/issue/", "Hạc Thành"),
    Page("attach-signed", "bimson_vanthu", "form", "ban-ky/", "Bỉm Sơn"),
    # The asking office.
    Page("review", "thanhhoa_noivu", "paper", "tham-dinh/", "Hà Trung"),
    Page("review-sent", "thanhhoa_noivu", "paper", "tham-dinh/", "Hoạt Giang"),
    Page("approve", "thanhhoa_noivu", "form", "viec/approve/", "Hà Trung"),
    Page("board", "thanhhoa_noivu", "board", f"/ky/{HALF}/"),
    Page("board-to-review", "thanhhoa_noivu", "board", f"/ky/{HALF}/?loc=cho-tham-dinh"),
    Page("board-search", "thanhhoa_noivu", "board", f"/ky/{HALF}/?tim=tong+son"),
    Page("period-unopened", "quantri", "one act", "/ky/TH-2026-Q3/"),
    Page("matrix", "thanhhoa_noivu", "board", f"/ky/{HALF}/nhieu-ky/"),
    Page("exports", "thanhhoa_noivu", "exports", f"/ky/{HALF}/xuat/"),
]

# --- the portal ----------------------------------------------------------------------------------------

#: A period that nobody has opened yet.
SCENE = """
from datetime import date
from reports.demo.now import FORM, PROVINCE
from reports.directory.loading import load_directory
from reports.models import ReportingPeriod
half = ReportingPeriod.objects.get(code="TH-2026-6T")
load_directory({"periods": [{
    "code": "TH-2026-Q3", "kind": "Q3", "year": 2026, "superior": PROVINCE,
    "data_from": date(2026, 6, 15), "data_to": date(2026, 9, 14), "deadline": date(2026, 9, 20),
    "units": [report.unit.code for report in half.reports.all()], **FORM,
}]}, "screens.py")
"""
REPORTS = f"""
import json
from reports.models import Report
reports = Report.objects.filter(period__code="{HALF}").values_list("unit__name", "pk")
print(json.dumps(dict(reports)))
"""


@contextmanager
def portal(world: Path | None) -> Iterator[Served]:
    """The demo, served from a copy that is gone afterwards; `world` keeps what the copy is taken of."""
    day = clock(NOW)
    # Passwords of the tests' kind: everybody logs in for each page.
    paths = os.pathsep.join((day["PYTHONPATH"], QUICK["PYTHONPATH"]))
    day |= QUICK | {"PYTHONPATH": paths, "EMAIL_URL": "memorymail://"}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        kept = world or home
        if not (kept / "portal.sqlite3").exists():
            say("loading the demo …")
            kept.mkdir(parents=True, exist_ok=True)
            database = f"sqlite:///{kept}/portal.sqlite3"
            furnish(kept, database, SCENE, story=True, static=False, **day)
        if world:
            shutil.copytree(world, home)
        collect_static(home, **day)
        with served(home, f"sqlite:///{home}/portal.sqlite3", **day) as address:
            yield address


def report_numbers(served_at: Served) -> dict[str, int]:
    """The half-year's report of each unit."""
    numbers: dict[str, int] = json.loads(served_at.manage("shell", "-v0", "-c", REPORTS))
    return numbers


@contextmanager
def person(browser: Browser, address: str, who: str, width: tuple[int, int]) -> Iterator[Desk]:
    """Somebody before a screen, logged in unless `who` is nobody, with a browser that has kept nothing."""
    context = browser.new_context(
        viewport=viewport(width), locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **DEVICES[width]
    )
    desk = Desk(context, address)
    try:
        if who:
            desk.enter(who)
        yield desk
    finally:
        context.close()


def look(browser: Browser, served_at: Served, pages: Iterable[Page]) -> Iterator[Screen]:
    """Each page on each width."""
    reports = report_numbers(served_at)
    for page in pages:
        looked = LOOKED_FOR[page.kind]
        for width in DEVICES:
            with person(browser, served_at, page.who, width) as desk:
                address = served_at + page.address(reports)
                try:
                    yield measure(desk.page, address, page.name, looked.first, looked.rows)
                except BrowserError as error:
                    say(f"{page.name} at {width[0]}: {error.message.splitlines()[0]}")
        say(page.name)


# --- numbers as text ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bound:
    """A number that the portal promises: at most, or with `least` at least, so much."""

    bound: float
    least: bool = False

    def judged(self, number: float) -> str:
        held = number >= self.bound if self.least else number <= self.bound
        sign = ("≥" if held else "<") if self.least else ("≤" if held else ">")
        return f"{number:g} {sign} {self.bound:g}"


FIRST_KB, LATER_KB = Bound(100), Bound(15)
ONE_PRIMARY = Bound(1)
#: Kind of page, width → column → what is promised.
BOUNDS = {
    ("section", DESK[0]): {"first": Bound(200), "fields": Bound(8, least=True)},
    ("section", PHONE[0]): {"first": Bound(220)},
    ("report", DESK[0]): {"first": Bound(290)},
}
EVERYWHERE = {"primary": ONE_PRIMARY, "first kB": FIRST_KB, "later kB": LATER_KB}


def cells(screen: Screen) -> dict[str, float | str | None]:
    """The columns of the table: a number is judged by its bound, a text stands as it is."""
    target = screen.target
    return {
        "status": screen.status,
        "first": screen.first,
        "fields": screen.fields,
        "rows": screen.rows,
        "height": screen.height,
        "primary": screen.primary_page,
        "in sight": screen.primary,
        "links": screen.links,
        "target": f"{target.width}x{target.height}" if target else None,
        "contrast": screen.contrast,
        "over": screen.overflow,
        "first kB": round(screen.first_bytes / 1000, 1),
        "later kB": round(screen.later_bytes / 1000, 1),
    }


def shown(column: str, value: float | str | None, bounds: Mapping[str, Bound]) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return bounds[column].judged(value) if column in bounds else f"{value:g}"


def line(screen: Screen, kind: str, before: Screen | None = None) -> list[str]:
    """A row of the table: the page, then its numbers, where they changed `before → after`."""
    bounds = EVERYWHERE | BOUNDS.get((kind, screen.width), {})
    old = cells(before) if before else {}
    row = [screen.page]
    for column, value in cells(screen).items():
        text = shown(column, value, bounds)
        if column in old and old[column] != value:
            text = f"{shown(column, old[column], {})} → {text}"
        row.append(text)
    return row


def table(head: list[str], rows: list[list[str]]) -> str:
    """Columns under one another: the first to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def aligned(row: list[str]) -> str:
        parts = [f"{row[0]:<{widths[0]}}"]
        parts += [f"{text:>{width}}" for text, width in zip(row[1:], widths[1:], strict=True)]
        return "  ".join(parts).rstrip()

    return "\n".join(map(aligned, [head, *rows]))


def printed(screens: list[Screen], before: list[Screen]) -> str:
    """A table a width."""
    kinds = {page.name: page.kind for page in PAGES}
    old = {(screen.page, screen.width): screen for screen in before}
    parts = []
    for width, height in DEVICES:
        mine = [screen for screen in screens if screen.width == width]
        rows = [
            line(screen, kinds.get(screen.page, ""), old.get((screen.page, width)))
            for screen in mine
        ]
        if rows:
            parts.append(f"{width}x{height}\n{table(['page', *cells(mine[0])], rows)}")
    return "\n\n".join(parts)


def printed_journeys(journeys: list[Journey], before: list[Journey]) -> str:
    """How far each way was, beside how far it was before."""
    old = {journey.name: journey for journey in before}
    head = ["journey", "seconds", "clicks", "keys", "screens", "arrived"]
    rows = []
    for journey in journeys:
        numbers, was = journey.numbers(), old.get(journey.name)
        past = was.numbers() if was else numbers
        row = [
            f"{now:g}" if now == then else f"{then:g} → {now:g}"
            for then, now in zip(past, numbers, strict=True)
        ]
        rows.append([journey.name, *row, journey.trouble or "yes"])
    return table(head, rows) if rows else ""


# --- what is kept ---------------------------------------------------------------------------------------

Kept = tuple[list[Screen], list[Journey]]


def read(file: Path | None) -> Kept:
    if not file:
        return [], []
    facts: dict[str, list[dict[str, Any]]] = json.loads(file.read_text(encoding="utf-8"))
    journeys = [Journey(**each) for each in facts["journeys"]]
    return [Screen.kept(each) for each in facts["screens"]], journeys


def write(file: Path, screens: list[Screen], journeys: list[Journey]) -> None:
    """Keep these numbers; those of other pages and journeys that the file has stay in it."""
    old = read(file if file.exists() else None)
    pages = {(screen.page, screen.width): screen for screen in (*old[0], *screens)}
    ways = {journey.name: journey for journey in (*old[1], *journeys)}
    facts = {
        "day": f"{NOW:%Y-%m-%d}",
        "screens": [asdict(screen) for screen in pages.values()],
        "journeys": [asdict(journey) for journey in ways.values()],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def wanted(name: str, only: list[str]) -> bool:
    return not only or any(fnmatch(name, pattern) for pattern in only)


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run screens", description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--journeys", action="store_true", help="walk the journeys too")
    parser.add_argument("--keep", type=Path, metavar="FILE")
    parser.add_argument("--against", type=Path, metavar="FILE")
    parser.add_argument("--world", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    before = read(options.against)
    pages = [page for page in PAGES if wanted(page.name, options.only)]
    ways = {name: way for name, way in JOURNEYS.items() if wanted(name, options.only)}
    with portal(options.world) as address, chromium() as browser:
        screens = list(look(browser, address, pages))
        journeys = []
        for name, way in ways.items() if options.journeys else ():
            with person(browser, address, way.who, PHONE if way.phone else DESK) as desk:
                journeys.append(walk(name, way, desk, report_numbers(address)))
            say(name)
    if options.keep:
        write(options.keep, screens, journeys)
    print("\n\n".join(filter(None, (
        printed(screens, before[0]), printed_journeys(journeys, before[1])
    ))))  # fmt: skip


if __name__ == "__main__":
    main()
