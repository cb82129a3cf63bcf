"""Benchmarks: `./run bench`. Ratios measured in one run, never absolute times.

    pdf         a report from database to PDF  /  WeasyPrint alone on the same page, same process
    download    an unchanged report downloaded again  /  one render of it
    section     a section page as the browser gets it  /  its form rendered by crispy-forms alone
    workbook    a period of 3.321 units from database to workbook  /  XlsxWriter writing the same cells
                from memory; and the memory of 3.321 units  /  that of 332
    hostile     an Excel form with a tag of 500.000 attributes refused  /  the same form read

On a throw-away copy of the demo's archive, on PostgreSQL when DATABASE_URL names one; each figure
is the median of interleaved rounds. Two workers against one: `tests/exports_race.py --speed 40`.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from workbooks import SHEET, repacked
from worlds import copied

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 15

#: The bounds the portal promises: benchmark → most it may be.
BOUNDS = {"pdf": 1.15, "download": 0.05, "section": 1.5, "workbook": 1.3, "hostile": 3}


def prepare(home: str, url: str) -> None:
    """Django on a copy of the demo's archive."""
    sys.path.insert(0, str(ROOT))
    fonts = ROOT / ".setup" / "fonts.conf"
    os.environ.setdefault("FONTCONFIG_FILE", str(fonts))
    os.environ |= {"DEMO": "1", "VAR_DIR": home, "DJANGO_SETTINGS_MODULE": "cchc_portal.settings"}
    os.environ["DATABASE_URL"] = url

    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    import cchc_portal.wsgi  # noqa: F401 – the process is prepared as the served one is


def ratio(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int
) -> tuple[float, float, float]:
    """Medians of both in milliseconds, measured in turns, and their ratio."""
    ours(), theirs()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, taken in zip((ours, theirs), times, strict=True):
            start = time.perf_counter()
            work()
            taken.append((time.perf_counter() - start) * 1000)
    mine, yours = map(statistics.median, times)
    return mine, yours, mine / yours


def bench_pdf(rounds: int) -> dict[str, tuple[float, float, float]]:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    from reports.compose import compose
    from reports.documents import html
    from reports.documents.pdf import make_pdf
    from reports.dossier import facts
    from reports.models import Report

    fonts = FontConfiguration()
    found = {}
    for report in samples(Report):
        page = html.page(compose(facts.load(report)))
        found[str(report.unit)] = ratio(
            lambda pk=report.pk: make_pdf(html.page(compose(facts.load(pk)))),  # type: ignore[misc]
            lambda page=page: weasyprint.HTML(string=page).write_pdf(font_config=fonts),  # type: ignore[misc]
            rounds,
        )
    return found


def bench_download(rounds: int) -> dict[str, tuple[float, float, float]]:
    from django.test import Client
    from django.urls import reverse

    from reports.issuing.papers import make_pdf, press
    from reports.models import Report, User

    found = {}
    for report in samples(Report):
        client = Client()
        client.force_login(User.objects.get(roles__unit=report.unit, roles__role="clerk"))
        address = reverse("download", args=[report.pk, "pdf"])
        assert client.get(address).status_code == 200
        found[str(report.unit)] = ratio(
            lambda client=client, address=address: client.get(address).content,  # type: ignore[misc]
            lambda report=report: make_pdf(report),  # type: ignore[misc]
            rounds,
        )
    press().close()
    return found


def bench_section(rounds: int) -> dict[str, tuple[float, float, float]]:
    from crispy_forms.utils import render_crispy_form
    from django.test import Client
    from django.urls import reverse

    from reports.dossier.facts import load
    from reports.entry import section_entry
    from reports.enums import Section
    from reports.models import Report, User

    found = {}
    report = samples(Report)[0]
    client = Client()
    client.force_login(User.objects.get(roles__unit=report.unit, roles__role="clerk"))
    facts = load(report)
    for section in (Section.DIRECTION, Section.PROCEDURES, Section.CIVIL_SERVICE, Section.EGOV):
        entry = section_entry(facts, section)
        address = reverse("section", args=[report.pk, section.value])
        found[str(section.label)] = ratio(
            lambda address=address: client.get(address).content,  # type: ignore[misc]
            lambda entry=entry: render_crispy_form(plain_form(facts, entry)),  # type: ignore[misc]
            rounds,
        )
    return found


def plain_form(dossier, entry):  # type: ignore[no-untyped-def]
    """The fields of a section page, rows included, in crispy's own default layout."""
    from crispy_forms.helper import FormHelper

    from reports.editing.forms import EntryField, KeyField, SectionForm

    form = SectionForm(dossier, entry)
    for grid in entry.grids:
        for row in grid.rows:
            for column in grid.columns:
                name = f"{grid.table}.{column.name}@{row.uid}"
                form.fields[name] = (
                    EntryField(column.figure, dossier) if column.figure else KeyField(column.field)
                )
    form.helper = FormHelper()
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    return form


def bench_workbook(rounds: int) -> dict[str, tuple[float, float, float]]:
    """The same cells, from the database and from memory; then what either number of units holds in memory."""
    import tracemalloc

    from big_period import fill_period

    from reports.access.policy import today
    from reports.enums import State
    from reports.exports.table import layout
    from reports.exports.workbook import write_workbook
    from reports.models import Report

    few, many = fill_period("BENCH-332", 332), fill_period("BENCH-3321", 3321)
    folder = Path(tempfile.mkdtemp(prefix="bench"))

    def ours(period: object = many) -> None:
        write_workbook(
            folder / "ours.xlsx", Report.objects.all(), period, frozenset(State), today()
        )  # type: ignore[arg-type]

    def peak(period: object) -> float:
        tracemalloc.start()
        ours(period)
        most = tracemalloc.get_traced_memory()[1] / 1024
        tracemalloc.stop()
        return most

    cells = cells_written(ours)
    number = sum(len(row) for rows in cells.values() for row in rows.values())
    plan = layout(many)
    found = {
        f"{number} cells": ratio(ours, lambda: bare(folder / "bare.xlsx", cells, plan), rounds // 3)
    }
    large, small = peak(many), peak(few)
    print(f"  memory: {small:.0f} KB for 332 units, {large:.0f} KB for 3.321")
    return {**found, "memory, in KB": (large, small, large / small)}


Cells = dict[str, dict[int, list[tuple[int, object]]]]


def cells_written(write: Callable[[], None]) -> Cells:
    """What a writer writes, by sheet and row."""
    from xlsxwriter.worksheet import Worksheet

    cells: Cells = {}
    plain = (Worksheet._write_number, Worksheet._write_string)

    def noting(method: Callable[..., int]) -> Callable[..., int]:
        def note(
            sheet: Worksheet, row: int, column: int, value: object, form: object = None
        ) -> int:
            cells.setdefault(sheet.name, {}).setdefault(row, []).append((column, value))
            return method(sheet, row, column, value, form)

        return note

    Worksheet._write_number, Worksheet._write_string = map(noting, plain)
    try:
        write()
    finally:
        Worksheet._write_number, Worksheet._write_string = plain
    return cells


def bench_hostile(rounds: int) -> dict[str, tuple[float, float, float]]:
    from reports.collection.blank_workbook import blank_workbook, expected_form
    from reports.dossier.facts import load
    from reports.imports.excel_form import read_workbook
    from reports.models import Report
    from reports.uploads.workbook_reader import WorkbookRefused

    facts = load(samples(Report)[0])
    form, expected = blank_workbook(facts), expected_form(facts)
    attributes = b"".join(b' a%x="%d"' % (n * 2654435761 % 2**28, n % 7) for n in range(500_000))
    hostile = repacked(form, SHEET, b"<sheetData>", b"<sheetData><row" + attributes + b"/>")

    def refused() -> None:
        try:
            read_workbook(hostile, expected)
        except WorkbookRefused:
            return
        raise AssertionError("it was read")

    size = f"{len(hostile) / 1e6:.1f} MB".replace(".", ",")
    return {size: ratio(refused, lambda: read_workbook(form, expected), rounds)}


def bare(path: Path, cells: Cells, plan) -> None:  # type: ignore[no-untyped-def]
    """The same cells, as they look, by XlsxWriter's own fastest public methods."""
    from xlsxwriter import Workbook

    from reports.exports.workbook import FACE, Formats, set_formats

    options = {"constant_memory": True, "default_format_properties": FACE}
    with Workbook(str(path), options) as book:
        for number_of_sheet, (name, rows) in enumerate(cells.items()):
            sheet = book.add_worksheet(name)
            if not number_of_sheet:
                set_formats(sheet, plan, Formats(book))
            number, string = sheet.write_number, sheet.write_string
            for row, line in rows.items():
                for column, value in line:
                    if value.__class__ is str:
                        string(row, column, value)
                    else:
                        number(row, column, value)


def samples(reports):  # type: ignore[no-untyped-def]
    """The three sample reports, the one with the appendix last."""
    chosen = reports.objects.select_related(
        "unit", "period__superior", "outline", "indicator_set", "paper"
    )
    periods = ("HT-2023-6T", "LT-2022-Q1", "DB-2021-6T")
    units = ("15325", "20146", "14767")
    named = zip(units, periods, strict=True)
    return [chosen.get(unit__code=unit, period__code=period) for unit, period in named]


BENCHES = {
    "pdf": bench_pdf,
    "download": bench_download,
    "section": bench_section,
    "workbook": bench_workbook,
    "hostile": bench_hostile,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHES)}; all by default")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    home = tempfile.mkdtemp(prefix="bench")
    with copied(Path(home), f"cchc_bench_{os.getpid()}") as url:
        prepare(home, url)
        worst = run(options.names or list(BENCHES), options.rounds)
        from django.db import connections

        connections.close_all()
    return int(worst)


def run(names: list[str], rounds: int) -> bool:
    """Every benchmark, printed; whether one is over its bound."""
    worst = False
    for name in names:
        print(f"\n{name}: ratio at most {BOUNDS[name]}")
        for subject, (ours, theirs, share) in BENCHES[name](rounds).items():
            over = share > BOUNDS[name]
            worst |= over
            verdict = "OVER" if over else "ok"
            print(f"  {subject:<40} {ours:8.1f} ms / {theirs:8.1f} ms = {share:6.3f}  {verdict}")
    return worst


if __name__ == "__main__":
    sys.exit(main())
