"""Whether a change of structure changed nothing that a person sees: `./run same`.

    ./run same keep FOLDER     what the portal of this working copy shows, written into FOLDER
    ./run same compare A B     what two such folders differ in; ends with 1 when they do

`keep` loads the demo, archive and present story, into a database and a folder of its own (SQLite), with the
clock standing on `NOW`, and looks with Django's test client:

    everybody of `CAST` (clerks, leaders, văn thư of both stories, reviewers, the admin, somebody logged out)
    gets the first page and whatever is linked from there on: boards with their filters, reports, checks,
    sign sheets, reviews, timelines, previews, evidence, news, steps with their forms; sections of the
    clerks of drafts and returned reports;
    those of `EVERYWHERE` get every address of the portal for the reports of `UNITS`, refused or not;
    the clerk of each further unit gets the pages of the own reports but sections;
    each paper met is fetched once: PDF, Word, workbook, HTML, JSON, blank forms, kept releases, bundles.

Then, since that changes something, it presses: the forms that the cast met are sent as they stood, which
asks for what is missing or does it; sections are sent with a figure that cannot be read; exports are asked
for and made, letters written. Answers, files and letters are kept, and the pages of reports as they are then.

Kept is text, for eyes too: pages as one mark a line (`page_lines`); a PDF as the words of each page and a
hash of its picture; packages (Word, workbooks, ZIP) as the words of their parts, a hash of the others. Random
keys are numbered in their order of a page. Two runs of the same code keep the same. Not looked at: static
files, what scripts do with a page, PostgreSQL.
"""

import argparse
import difflib
import functools
import io
import itertools
import logging
import os
import random
import re
import secrets
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from page_lines import lines, numbered

ROOT = Path(__file__).resolve().parent.parent
#: The day of the pictures in the documents: a Monday in the middle of the half-year's reports.
NOW = datetime(2026, 6, 29, 8, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
say = functools.partial(print, file=sys.stderr, flush=True)
#: Links that are not followed, being the same for many: sections and blank forms; whole reports.
ALIKE, REPORTS, NONE = r"/phan/|/phieu\.|/static/", r"/bao-cao/|/static/", r"/phieu\.|/static/"
#: Who looks, and presses, in this order, and which links they leave; "" is somebody logged out.
CAST = {
    "tongson": ALIKE, "tongson_lanhdao": ALIKE, "tongson_vanthu": ALIKE, "hacthanh_vanthu": ALIKE,
    "linhtoai_vanthu": ALIKE, "xahalong": NONE, "hatrung": ALIKE, "thanhhoa_noivu": ALIKE, "hatien": NONE,
    "hatien_lanhdao": ALIKE, "hason_vanthu": ALIKE, "habac_vanthu": ALIKE, "hagiang": NONE, "hatrung_noivu": ALIKE,
    "quantri": REPORTS, "": NONE,
}  # fmt: skip
#: Who of them asks for every address, seen or not, for the reports of `UNITS`: the first of each story.
EVERYWHERE = ("tongson", "thanhhoa_noivu", "hatien", "quantri", "")
UNITS = ("Tống Sơn", "Hà Tiến")
DOTS_PER_INCH = 40
#: What `compare` prints at most: different differences, lines of each, files that share it.
MOST, MOST_LINES, MOST_FILES = 60, 16, 4


# --- a paper as text -----------------------------------------------------------------------------------


def paper(content: bytes, name: str = "") -> str:
    """A file as text: its words and hashes of its pictures and parts; text as it is."""
    if content.startswith(b"%PDF"):
        return "\n".join(_pages(content)) + "\n"
    if content.startswith(b"PK\x03\x04"):
        return "\n".join(_parts(content)) + "\n"
    try:
        text = numbered(content.decode("utf-8"))
    except UnicodeDecodeError:
        return f"{_hash(content)}\n"
    return lines(text) if name.endswith(".html") else text


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


def _pages(content: bytes) -> Iterator[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    for number, page in enumerate(document, start=1):
        picture = page.render(scale=DOTS_PER_INCH / 72)
        pixels = bytes(picture.buffer)
        yield f"== page {number}: picture {picture.width} × {picture.height} {_hash(pixels)}"
        yield page.get_textpage().get_text_range().replace("\r\n", "\n")
    document.close()


#: Parts of Word files and workbooks kept whole: blank forms number their new rows by chance.
WORDS = ("word/document", "xl/worksheets/", "xl/sharedStrings")


def _parts(content: bytes) -> Iterator[str]:
    """The parts of a package in their order; of Word and workbooks the words too."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for part in package.infolist():
            inner = package.read(part)
            if part.filename.startswith(WORDS):
                yield f"== {part.filename}"
                yield numbered(inner.decode("utf-8").replace("><", ">\n<"))
            elif part.filename.endswith((".xml", ".rels")):
                yield f"== {part.filename} {_hash(inner)}"
            else:
                yield f"== {part.filename}"
                yield paper(inner, part.filename)


# --- the portal ----------------------------------------------------------------------------------------


def prepare(home: Path) -> None:
    """Django on a database of its own with the demo, its clock and its chance standing still."""
    import time_machine

    sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
    os.environ |= {
        "DEMO": "1", "VAR_DIR": str(home), "DATABASE_URL": f"sqlite:///{home / 'portal.sqlite3'}",
        "DEMO_TODAY": f"{NOW:%Y-%m-%d}", "DJANGO_SETTINGS_MODULE": "quick_settings",
        "SECRET_KEY": "the-same-in-every-run" * 3, "EMAIL_URL": "memorymail://", "PORTAL_URL": "https://cchc.example",
    }  # fmt: skip
    os.environ.setdefault("FONTCONFIG_FILE", str(ROOT / ".setup" / "fonts.conf"))
    time_machine.travel(NOW, tick=False).start()
    chance = random.Random(1)  # of the codes that papers bear
    secrets.choice = chance.choice

    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db.backends.signals import connection_created

    django.setup()
    logging.disable(logging.WARNING)  # 403 and 404 are answers like others here
    connection_created.connect(_stop_clock)
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STATIC_ROOT.mkdir()
    storage = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = storage
    import cchc_portal.wsgi  # noqa: F401 – the process is prepared as the served one is

    call_command("migrate", verbosity=0)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        call_command("load_demo", introduced=True, stdout=nowhere)


def _stop_clock(connection: Any, **_: object) -> None:
    """What the database takes for now (`django.db.models.functions.Now`) is `NOW` too."""
    utc = NOW.astimezone(ZoneInfo("UTC"))

    def moment(form: str, when: str) -> str:
        shown = f"{utc:%Y-%m-%d %H:%M:%S}.000"
        if when.upper() != "NOW" or form != "%Y-%m-%d %H:%M:%f":
            raise ValueError(f"strftime({form}, {when})")
        return shown

    if connection.vendor == "sqlite":
        connection.connection.create_function("strftime", 2, moment)


# --- looking -------------------------------------------------------------------------------------------

LINK = re.compile(r'(?:href|src)="(/[^"#]*)')
FORM = re.compile(r'<form[^>]*method="post"[^>]*>')
ACTION = re.compile(r'action="([^"]*)"')
PAPERS = re.compile(r"\.\w+$|/tep$")


@dataclass
class Visit:
    """One person's way through the portal, written into `folder`; papers are fetched once for all."""

    client: Any
    folder: Path
    fetched: set[str]
    leaves: str = ALIKE
    seen: set[str] = field(default_factory=set)
    forms: dict[str, str] = field(default_factory=dict)  # where each is sent to → a page with it

    def follow(self, addresses: Iterable[str]) -> None:
        """Look at these, and at all they link to."""
        waiting = list(addresses)
        for address in waiting:
            if address not in self.seen | self.fetched:
                waiting += self.look(address)

    def look(self, address: str) -> list[str]:
        """Get an address and keep the answer; where it leads to."""
        self.seen.add(address)
        response = self.client.get(address)
        if PAPERS.search(address) and response.status_code == 200:
            self.fetched.add(address)
            keep(self.folder.parent / "papers", address, response)
            return []
        page = keep(self.folder, address, response)
        for form in FORM.findall(page):
            self.forms.setdefault(unescape("".join(ACTION.findall(form))) or address, address)
        links = [unescape(link) for link in LINK.findall(page)]
        links += [response["Location"]] if response.has_header("Location") else []
        if "?" in address:  # filters of filters are the same page again and again
            return []
        return [link for link in links if link.startswith("/") and not re.search(self.leaves, link)]


def keep(folder: Path, address: str, response: Any, more: str = "") -> str:
    """Write what was answered; the page as it came, "" when it was none."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    head = [str(response.status_code), kind]
    head += [response.headers.get(name, "") for name in ("Location", "Content-Disposition")]
    content = b"".join(response) if response.streaming else response.content
    name = re.sub(r"[^\w.=&?-]", "-", unquote(address).strip("/"))[:120] or "start"
    page = content.decode() if kind == "text/html" else ""
    told = lines(numbered(page)) if page else paper(content, name)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}{more}.{'html' if page else 'txt'}"
    file.write_text(f"{' '.join(filter(None, head))}\n{told}", encoding="utf-8")
    return page


def rows(model: str) -> Any:
    from django.apps import apps

    return apps.get_model("reports", model).objects


def addresses(reports: Iterable[Any]) -> Iterator[str]:
    """Every address of the portal, filled with these reports and what else there is."""
    from django.urls import NoReverseMatch, reverse

    from cchc_portal.urls import urlpatterns

    pks = [report.pk for report in reports]
    values = {
        "section": sorted({*rows("SectionState").values_list("section", flat=True), "no-such"}),
        "verb": sorted({*rows("Event").values_list("verb", flat=True), "exclude", "take_over", "reopen"}),
        "code": list(rows("ReportingPeriod").order_by("pk").values_list("code", flat=True)),
        "file_format": ["html", "pdf", "docx", "xlsx", "json"],
    }  # fmt: skip
    for pattern in urlpatterns:
        names = list(pattern.pattern.converters)
        every = pks if str(pattern.pattern).startswith("bao-cao/") else [1]
        for chosen in itertools.product(
            *(values.get(n, every if n == "pk" else [1]) for n in names)
        ):
            with suppress(NoReverseMatch):  # such as a blank form as JSON
                yield reverse(pattern.name, kwargs=dict(zip(names, chosen, strict=True)))


def visit(username: str, folder: Path, fetched: set[str]) -> Visit:
    from django.test import Client

    client = Client(raise_request_exception=False)
    if username:
        client.force_login(rows("User").get(username=username))
    return Visit(client, folder / (username or "nobody"), fetched, CAST.get(username, ALIKE))


def look_around(folder: Path) -> dict[str, Visit]:
    """Everybody of the cast everywhere, then further clerks at their own."""
    reports = rows("Report").filter(unit__name__in=UNITS).order_by("pk")
    every, fetched = list(addresses(reports)), set[str]()
    visits = {}
    for username in CAST:
        visits[username] = visit(username, folder, fetched)
        visits[username].follow(["/", *(every if username in EVERYWHERE else ())])
        say(f"{username or 'nobody'}: {len(visits[username].seen)} pages")
    others = rows("User").filter(roles__role="clerk").exclude(username__in=CAST)
    for user in others.order_by("pk").distinct():
        visit(user.username, folder, fetched).follow(["/"])
    say(f"all: {len(fetched)} papers")
    return visits


# --- pressing ------------------------------------------------------------------------------------------


#: Ends the person's login, or changes the password by which it counts.
LEFT = ("/dang-xuat/", "/mat-khau/")
#: The name of a field for a figure of a section.
FIGURE = re.compile(r"[a-z_]+\.[a-z_]+")
REPORT = re.compile(r"/bao-cao/\d+/")


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: (where to, what they hold as it stands)."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, list[str]]]] = []
        self.inside = False
        self.area = self.choice = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = told.get("method", "").lower() == "post"
            if self.inside:
                self.found.append((told.get("action", ""), {}))
            return
        name = told.get("name", "")
        if tag == "select":
            self.choice = name
        typed = name and tag == "input" and told.get("type") != "file"
        ticked = told.get("type") not in ("checkbox", "radio") or "checked" in told
        pressed = tag == "button" and name and self.inside and name not in self.found[-1][1]
        if self.inside and ((typed and ticked) or pressed):
            self._held(name).append(told.get("value", "on" if "checked" in told else ""))
        elif tag == "option" and self.choice and "selected" in told:
            self._held(self.choice).append(told.get("value", ""))
        elif tag == "textarea" and self.inside:
            self.area = name
            self._held(name).append("")

    def handle_data(self, data: str) -> None:
        if self.area:
            self._held(self.area)[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.area = "" if tag == "textarea" else self.area
        self.choice = "" if tag == "select" else self.choice

    def _held(self, name: str) -> list[str]:
        return self.found[-1][1].setdefault(name, [])


def press_all(visits: Mapping[str, Visit]) -> None:
    """Send each form that somebody met as it stands by then; one to type figures into also with a wrong one."""
    for username, one in visits.items():
        if not username:
            continue
        pressed = 0
        for target, address in one.forms.items():
            page = one.client.get(address) if target not in LEFT else None
            if page is None or page.status_code != 200:
                continue
            found = [
                held for to, held in Forms(page.content.decode()).found if (to or address) == target
            ]
            for place, held in enumerate(found, start=1):
                press(one, target, held, f" sent {place}")
                figure = next((name for name in held if FIGURE.fullmatch(name)), None)
                if figure:
                    press(one, target, {**held, figure: ["2,5 xã"]}, f" sent {place} wrong")
                pressed += 1
        say(f"{username}: {pressed} forms")


def press(one: Visit, target: str, held: Mapping[str, Any], more: str) -> None:
    keep(one.folder, target, one.client.post(target, held), more)


def export_all(one: Visit, folder: Path) -> None:
    """Ask for every export of each period, let the worker make them and write the letters, and keep all."""
    from django.core import mail
    from django.core.management import call_command
    from django.urls import reverse

    periods = [address for address in one.forms if address.endswith("/xuat/")]
    for address in periods:
        for kind, scope in itertools.product(("workbook", "zip", "pdf"), ("approved", "sent")):
            one.client.post(address, {"kind": kind, "scope": scope})
    call_command("work", once=True)
    one.seen.clear()
    for address in periods:
        one.look(address)
    for export in rows("Export").order_by("pk"):
        keep(
            folder / "papers",
            address,
            one.client.get(reverse("export_file", args=[export.pk])),
            f" {export.pk}",
        )
    letters = [f"{letter.to} {letter.subject}\n\n{letter.body}\n" for letter in mail.outbox]
    (folder / "letters.txt").write_text("\n----\n".join(letters), encoding="utf-8")


def look_again(visits: Mapping[str, Visit], folder: Path) -> None:
    """What the presses left: each person's list and news, their reports with what happened to them."""
    for username, one in visits.items():
        after = Visit(one.client, folder / f"{username or 'nobody'} after", one.fetched)
        reports = sorted(address for address in one.seen if REPORT.fullmatch(address))
        for address in ("/", "/tin-bao/", *reports, *(f"{address}nhat-ky/" for address in reports)):
            after.look(address)


def keep_all(folder: Path) -> None:
    """The whole portal of this working copy, written into a folder."""
    begun = time.perf_counter()
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as home:
        prepare(Path(home))
        say(f"demo: {time.perf_counter() - begun:.0f} s")
        visits = look_around(folder)
        press_all(visits)
        export_all(visits["thanhhoa_noivu"], folder)
        look_again(visits, folder)
        from django.db import connections

        connections.close_all()
    say(f"{sum(1 for _ in folder.rglob('*.*'))} files, {time.perf_counter() - begun:.0f} s")


# --- comparing -----------------------------------------------------------------------------------------


def differences(before: Path, after: Path) -> tuple[list[str], dict[str, list[str]]]:
    """Files that only one of the folders has; each different difference with the files that have it."""
    files = [
        {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        for folder in (before, after)
    ]
    alone = [f"only in {before}: {name}" for name in sorted(files[0] - files[1])]
    alone += [f"only in {after}: {name}" for name in sorted(files[1] - files[0])]
    changes: dict[str, list[str]] = defaultdict(list)
    for name in sorted(files[0] & files[1]):
        was, now = ((folder / name).read_text("utf-8") for folder in (before, after))
        if was != now:
            changes[_change(was, now)].append(name)
    return alone, changes


def _change(was: str, now: str) -> str:
    found = difflib.unified_diff(was.splitlines(), now.splitlines(), n=1, lineterm="")
    told = [re.sub(r"^@@.*", "@@", line)[:300] for line in itertools.islice(found, 2, None)]
    more = [f"… {len(told) - MOST_LINES} lines more"] if len(told) > MOST_LINES else []
    return "\n".join([*told[:MOST_LINES], *more])


def compare(before: Path, after: Path) -> int:
    """Print what differs; 1 when something does."""
    alone, changes = differences(before, after)
    print("\n".join(alone[:MOST]))
    for change, names in itertools.islice(changes.items(), MOST):
        shown = ", ".join(names[:MOST_FILES])
        print(f"\n--- {len(names)} files: {shown}{' …' if names[MOST_FILES:] else ''}\n{change}")
    differ = sum(map(len, changes.values()))
    print(f"\n{differ} files differ in {len(changes)} ways, {len(alone)} are in one folder alone.")
    return 1 if differ or alone else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./run same", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("keep").add_argument("folder", type=Path)
    two = commands.add_parser("compare")
    two.add_argument("before", type=Path)
    two.add_argument("after", type=Path)
    options = parser.parse_args()
    if options.command == "compare":
        return compare(options.before, options.after)
    keep_all(options.folder.resolve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
