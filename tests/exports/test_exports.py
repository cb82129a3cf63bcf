"""Exports of a period: what stands in the files, who may have them, what becomes of them."""

import gc
import os
import re
import resource
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
from big_period import fill_period
from conftest import report_of
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports.access.policy import today
from reports.dossier.facts import load
from reports.enums import Rollup, State, Verb
from reports.exports import orders
from reports.exports.table import NONE_ARISEN, layout
from reports.exports.workbook import LEADING_COLUMNS, write_workbook
from reports.management import worker
from reports.models import (
    Event,
    Export,
    ExportPart,
    Mark,
    Paper,
    Release,
    ReleasedFile,
    Report,
    ReportingPeriod,
    RoleAssignment,
    SignedCopy,
    StoredPaper,
    User,
)
from reports.models.sections import Direction, Procedures
from reports.text.numbers import percent

Browser = Callable[[User], Client]
HT, NINE = "HT-2023-6T", "HT-2023-9T"


@pytest.fixture(autouse=True)
def empty_folder() -> Iterator[None]:
    yield
    for path in settings.EXPORT_DIR.glob("*"):
        orders.remove(path)


def period_of(code: str) -> ReportingPeriod:
    return ReportingPeriod.objects.select_related("kind", "superior", "outline").get(code=code)


def workbook(code: str, tmp_path: Path, states: frozenset[State] | None = None) -> Any:
    """The workbook of a demo period, all reports but the excluded as rows."""
    path = tmp_path / f"{code}.xlsx"
    states = states or frozenset(State) - {State.EXCLUDED}
    write_workbook(path, Report.objects.all(), period_of(code), states, today())
    return openpyxl.load_workbook(path)


def made(user: User, code: str, kind: str, scope: str = "sent") -> Export:
    """An export asked for and done."""
    export = orders.ask(user, period_of(code), kind, scope)
    worker.drain()
    export.refresh_from_db()
    return export


def file_of(export: Export) -> Path:
    return settings.EXPORT_DIR / export.file


# --- the workbook --------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize("code", [HT, "HT-2023-9T", "DB-2021-6T", "LT-2022-Q1", "TH-2026-9T"])
def test_every_cell_is_what_the_dossier_says(db: None, code: str, tmp_path: Path) -> None:
    sheet = workbook(code, tmp_path)["Số liệu"]
    plan = layout(period_of(code))
    assert len(plan.figures) > 120
    units = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    reports = Report.objects.filter(period__code=code).exclude(state="excluded")
    assert len(units) == reports.count()
    compared, wrong = 0, []
    for report in reports.select_related("unit"):
        dossier = load(report)
        row = units[report.unit.code]
        for column, figure in enumerate(plan.figures, start=len(LEADING_COLUMNS)):
            value, cell = dossier.value(figure.code), row[column].value
            if value.none_arisen:
                expected: Any = NONE_ARISEN
            elif value.content in (None, ""):
                expected = value.stated or None
            else:
                expected = value.content
            if isinstance(expected, Decimal):
                cell = None if cell is None else Decimal(str(cell))
            compared += expected is not None
            if cell != expected:
                wrong.append((report.unit.name, figure.code, expected, cell))
    assert wrong == []
    assert compared > 40


@pytest.mark.once
def test_the_table_has_one_row_of_titles_no_two_alike_and_nothing_merged(
    db: None, tmp_path: Path
) -> None:
    for code in (HT, "DB-2021-6T", "TH-2026-9T"):
        book = workbook(code, tmp_path)
        assert book.sheetnames == ["Số liệu", "Cộng", "Chưa có báo cáo", "Chú giải"]
        for sheet in book:
            assert not sheet.merged_cells.ranges
            titles = [cell.value for cell in sheet[1] if cell.value]
            assert len(set(titles)) == len(titles)
        sheet = book["Số liệu"]
        assert all(cell.value for cell in sheet[1])
        assert sheet.freeze_panes == "C2"
        # Every row is one line high, however long a text in it is; the titles have six.
        heights = [row.height for _, row in sorted(sheet.row_dimensions.items())]
        assert heights == [96, *[15.75] * (sheet.max_row - 1)]
        area = book.defined_names["So_lieu"].attr_text
        assert (
            area
            == f"'Số liệu'!$A$1:${sheet.cell(1, sheet.max_column).column_letter}${sheet.max_row}"
        )
        # Every column of figures is explained, by its letter and its title.
        meant = {
            row[0]: row[1] for row in book["Chú giải"].iter_rows(2, values_only=True) if row[0]
        }
        columns = sheet[1][len(LEADING_COLUMNS) :]
        assert meant == {cell.column_letter: cell.value for cell in columns}


def test_units_stand_in_vietnamese_order_with_state_day_and_lateness(
    db: None, tmp_path: Path
) -> None:
    sheet = workbook("HT-2023-9T", tmp_path)["Số liệu"]
    names = [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)]
    expected = Report.objects.filter(period__code="HT-2023-9T").exclude(state="excluded")
    expected = expected.order_by("unit__sort_key").select_related("unit")
    assert names == [str(r.unit)[:1].upper() + str(r.unit)[1:] for r in expected]
    told = {row[1]: row[2:5] for row in sheet.iter_rows(min_row=2, values_only=True)}
    for report in expected:
        state, sent, late = told[str(report.unit)[:1].upper() + str(report.unit)[1:]]
        assert state == report.get_state_display()
        day = timezone.localtime(report.sent_at).date() if report.sent_at else None
        assert (sent.date() if sent else None) == day
        assert late == max(0, ((day or today()) - report.due).days)


def test_totals_add_up_by_the_rollup_of_each_figure(db: None, tmp_path: Path) -> None:
    reports = list(Report.objects.filter(period__code=HT).exclude(state="excluded")[:3])
    for report, numbers in zip(reports, [(200, 150, 30), (100, 80, 5), (7, None, 1)], strict=True):
        resolved, on_time, early = numbers
        Procedures.objects.filter(report=report).update(
            resolved=resolved, resolved_on_time=on_time, resolved_early=early
        )
    Mark.objects.filter(report__period__code=HT, figure__startswith="procedures.").delete()
    rest = Report.objects.filter(period__code=HT).exclude(pk__in=[r.pk for r in reports])
    Procedures.objects.filter(report__in=rest).update(
        resolved=None, resolved_on_time=None, resolved_early=None
    )
    Mark.objects.create(report=reports[2], figure="procedures.resolved_on_time", kind="none_arisen")
    book = workbook(HT, tmp_path)
    told = {row[7]: row for row in book["Cộng"].iter_rows(2, values_only=True)}
    n = book["Số liệu"].max_row - 1
    assert told["procedures.resolved"][3:6] == (307, 3, n - 3)
    assert told["procedures.resolved_on_time"][3:6] == (230, 3, n - 3)
    assert told["procedures.resolved_on_time_rate"][3:6] == (
        float(percent(230, 307, 1)), 3, n - 3,
    )  # fmt: skip
    assert told["procedures.on_time_rate"][3] == float(percent(266, 307, 2))
    apart = [f.code for f in layout(period_of(HT)).figures if f.rollup == Rollup.NONE]
    assert apart
    assert [code for code in apart if told[code][3] is not None] == []


def test_a_ratio_counts_only_units_that_have_all_its_parts(db: None, tmp_path: Path) -> None:
    one, two = Report.objects.filter(period__code=HT).exclude(state="excluded")[:2]
    Mark.objects.filter(report__period__code=HT, figure__startswith="procedures.").delete()
    Procedures.objects.update(resolved=None, resolved_late=None)
    Procedures.objects.filter(report=one).update(resolved=100, resolved_late=5)
    Procedures.objects.filter(report=two).update(resolved=None, resolved_late=500)
    told = {r[7]: r for r in workbook(HT, tmp_path)["Cộng"].iter_rows(2, values_only=True)}
    assert told["procedures.late_rate"][3:5] == (5.0, 1)
    assert told["procedures.resolved_late"][3:5] == (505, 2)


def test_who_is_missing_is_told_and_the_excluded_with_their_reason(
    db: None, reviewer: User, tmp_path: Path
) -> None:
    book = workbook(HT, tmp_path, orders.STATES[Export.Scope.APPROVED])
    there = {row[0] for row in book["Số liệu"].iter_rows(2, values_only=True)}
    absent = {row[0]: row for row in book["Chưa có báo cáo"].iter_rows(2, values_only=True)}
    reports = Report.objects.filter(period__code=HT).select_related("unit")
    assert there == {r.unit.code for r in reports if r.state in ("approved", "issued")}
    assert set(absent) == {r.unit.code for r in reports} - there
    draft = reports.filter(state="draft").first()
    Report.objects.filter(pk=draft.pk).update(state="excluded")
    Event.objects.create(
        report=draft,
        seq=10_000,
        verb=Verb.EXCLUDE,
        at=timezone.now(),
        note="Đã hợp nhất.",
        hash="x",
    )
    rows = list(workbook(HT, tmp_path)["Chưa có báo cáo"].iter_rows(2, values_only=True))
    assert rows[-1][0] == draft.unit.code
    assert rows[-1][2:] == ("Không phải báo cáo", None, "Đã hợp nhất.")
    sheet = workbook(HT, tmp_path)["Chưa có báo cáo"]
    assert sheet.auto_filter.ref == f"A1:E{sheet.max_row}"


def test_a_unit_that_was_given_no_report_is_missing_too(db: None, tmp_path: Path) -> None:
    period = period_of("TH-2026-9T")
    unit = report_of("15325").unit
    period.units.add(unit)
    rows = workbook(period.code, tmp_path)["Chưa có báo cáo"].iter_rows(2, values_only=True)
    assert (unit.code, f"Xã {unit.name}", "Kỳ chưa mở cho đơn vị") in [row[:3] for row in rows]


@pytest.mark.once
@pytest.mark.parametrize(
    "typed", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "http://x.vn", "-5", "007"]
)
def test_what_was_typed_is_never_a_formula_or_a_link(db: None, typed: str, tmp_path: Path) -> None:
    report = report_of("15325")
    words = next(f for f in layout(period_of(HT)).figures if f.code.startswith("direction.") and f.kind == "text" and f.column and not f.rows_of)  # fmt: skip
    Direction.objects.filter(report=report).update(**{words.column: typed})
    Mark.objects.create(report=report, figure="procedures.received", kind="stated", text=typed)
    Procedures.objects.filter(report=report).update(received=None)
    sheet = workbook(HT, tmp_path)["Số liệu"]
    row = next(r for r in sheet.iter_rows(2) if r[0].value == "15325")
    columns = layout(period_of(HT)).columns
    for code in (words.code, "procedures.received"):
        cell = row[len(LEADING_COLUMNS) + columns[code]]
        assert (cell.value, cell.data_type, cell.hyperlink) == (typed, "s", None)


@pytest.mark.parametrize("units", [3, 40])
def test_a_workbook_costs_the_same_queries_for_any_number_of_units(
    db: None, tmp_path: Path, units: int
) -> None:
    period = fill_period(f"T{units}", units)
    everything = Report.objects.all()
    path = tmp_path / "x.xlsx"
    write_workbook(path, everything, period, frozenset(State), today())  # what a process keeps
    with CaptureQueriesContext(connection) as queries:
        rows, _ = write_workbook(path, everything, period, frozenset(State), today())
    assert (rows, len(queries)) == (units, 4)


# --- asking, and who may -----------------------------------------------------------------------------


def post(client: Client, code: str, **data: str) -> Any:
    return client.post(reverse("exports", args=[code]), {"scope": "sent", **data})


def test_a_reviewer_asks_waits_and_fetches(as_user: Browser, reviewer: User) -> None:
    client = as_user(reviewer)
    page = client.get(reverse("period", args=[HT])).content.decode()
    assert reverse("exports", args=[HT]) in page
    assert post(client, HT, kind="workbook").status_code == 302
    page = client.get(reverse("exports", args=[HT])).content.decode()
    assert "Đang chờ đến lượt" in page
    export = Export.objects.get()
    assert client.get(reverse("export_file", args=[export.pk])).status_code == 404
    worker.drain()
    export.refresh_from_db()
    page = client.get(reverse("exports", args=[HT])).content.decode()
    assert "Tải về" in page and "Đang chờ" not in page
    answer = client.get(reverse("export_file", args=[export.pk]))
    content = answer.getvalue()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert (
        answer["Content-Disposition"]
        == 'attachment; filename="Bang-so-lieu-CCHC_6-thang-2023.xlsx"'
    )
    assert len(content) == export.size and openpyxl.load_workbook(BytesIO(content))
    assert [path.name for path in settings.EXPORT_DIR.iterdir()] == [export.file]


def test_the_page_of_exports_costs_7_queries_for_any_number_of_them(
    as_user: Browser, reviewer: User
) -> None:
    client = as_user(reviewer)
    counts = set()
    for number in range(3):
        orders.ask(reviewer, period_of(NINE), list(Export.Kind.values)[number], "sent")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("exports", args=[NINE])).status_code == 200
        counts.add(len(queries))
    assert counts == {7}
    told = client.get(reverse("exports_progress", args=[NINE])).json()["exports"]
    assert [one["words"][:11] for one in told] == ["Đang tạo vă", "Đang tạo vă", "Đang chờ đế"]


def test_a_double_click_asks_once(as_user: Browser, reviewer: User) -> None:
    client = as_user(reviewer)
    for _ in range(2):
        post(client, HT, kind="zip")
    assert Export.objects.count() == 1
    post(client, HT, kind="zip", scope="approved")
    post(client, HT, kind="x")
    assert Export.objects.count() == 2


def test_an_export_of_another_reviewer_is_not_there(
    as_user: Browser, reviewer: User, admin: User
) -> None:
    export = made(admin, HT, "workbook")
    client = as_user(reviewer)
    assert client.get(reverse("export_file", args=[export.pk])).status_code == 404
    assert client.post(reverse("delete_export", args=[export.pk])).status_code == 404
    assert export.get_kind_display() not in re.sub(
        r"<form.*?</form>",
        "",
        client.get(reverse("exports", args=[HT])).content.decode(),
        flags=re.S,
    )


def end_role(user: User) -> None:
    RoleAssignment.objects.filter(user=user).update(valid_to=today() - timedelta(days=1))


@pytest.mark.parametrize("kind", ["workbook", "zip"])
def test_a_role_that_ends_before_the_work_is_done_makes_no_file(reviewer: User, kind: str) -> None:
    export = orders.ask(reviewer, period_of(HT), kind, "sent")
    end_role(reviewer)
    worker.drain()
    export.refresh_from_db()
    assert (export.problem, export.file) == (orders.NO_LONGER, "")
    assert list(settings.EXPORT_DIR.glob("*")) == []
    assert StoredPaper.objects.filter(report__period__code=HT).count() == 0


def test_a_role_that_ends_before_the_download_gives_nothing(
    as_user: Browser, reviewer: User
) -> None:
    export = made(reviewer, HT, "workbook")
    end_role(reviewer)
    client = as_user(reviewer)
    assert client.get(reverse("export_file", args=[export.pk])).status_code == 404
    assert client.get(reverse("exports", args=[HT])).status_code == 404


def test_an_export_is_deleted_with_its_file_and_a_running_one_is_cancelled(
    as_user: Browser, reviewer: User
) -> None:
    client = as_user(reviewer)
    export = made(reviewer, HT, "workbook")
    answer = client.post(reverse("delete_export", args=[export.pk]), follow=True)
    assert "Đã xóa tệp." in answer.content.decode()
    assert list(settings.EXPORT_DIR.glob("*")) == []
    export = orders.ask(reviewer, period_of(HT), "workbook", "sent")
    claim = orders.EXPORTS.claim()
    answer = client.post(reverse("delete_export", args=[export.pk]), follow=True)
    assert "Đã hủy yêu cầu xuất." in answer.content.decode()
    with pytest.raises(orders.LostLease):
        orders.export(claim)
    assert list(settings.EXPORT_DIR.glob("*")) == []


def test_an_expired_file_is_gone_with_words_and_its_row_after_a_round(
    as_user: Browser, reviewer: User
) -> None:
    client = as_user(reviewer)
    export = made(reviewer, HT, "workbook")
    assert export.expires_at - timezone.now() > timedelta(days=settings.EXPORT_DAYS - 1)
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.get(reverse("export_file", args=[export.pk]))
    assert answer.status_code == 410
    assert "Tệp này đã hết hạn lưu" in answer.content.decode()
    stray = settings.EXPORT_DIR / "abc.1.part"
    stray.mkdir()
    (stray / "x").write_text("x")
    young = settings.EXPORT_DIR / "young.1.zip"
    young.write_text("x")
    os.utime(stray, (0, 0))
    orders.expire()
    assert not Export.objects.exists()
    assert [path.name for path in settings.EXPORT_DIR.iterdir()] == ["young.1.zip"]


# --- the papers ----------------------------------------------------------------------------------------


@pytest.fixture
def two_sent(db: None) -> list[Report]:
    """In the district's period two sent reports and no more."""
    Report.objects.filter(period__code=HT).update(state="draft")
    chosen = list(Report.objects.filter(period__code=HT).order_by("unit__sort_key")[:2])
    Report.objects.filter(pk__in=[r.pk for r in chosen]).update(
        state="sent", sent_at=timezone.now()
    )
    return chosen


@pytest.mark.pdf
def test_the_zip_holds_the_papers_under_orderly_names_and_a_list(
    reviewer: User, two_sent: list[Report]
) -> None:
    other = report_of("20146").unit
    period_of(HT).units.add(other)
    export = made(reviewer, HT, "zip")
    assert (export.problem, export.total) == ("", 2)
    names = zipfile.ZipFile(file_of(export)).namelist()
    folders = sorted({name.split("/")[0] for name in names if "/" in name})
    assert [folder.split("_")[:2] for folder in folders] == [
        ["01", two_sent[0].unit.code], ["02", two_sent[1].unit.code],
    ]  # fmt: skip
    assert all(name.isascii() for name in names)
    files = sorted(name.split("/")[1] for name in names if "/" in name)
    assert files == ["chua-phe-duyet_bao-cao.docx"] * 2 + ["chua-phe-duyet_bao-cao.pdf"] * 2
    told = zipfile.ZipFile(file_of(export)).read("_danh-sach.txt").decode("utf-8-sig")
    _, absent = told.split("KHÔNG CÓ TRONG TỆP NÀY")
    assert f"Xã {other.name}: kỳ chưa mở cho đơn vị" in absent
    assert "_chua-tao-duoc.txt" not in names
    stored = StoredPaper.objects.get(report=two_sent[0], format="pdf")
    pdf = f"{folders[0]}/chua-phe-duyet_bao-cao.pdf"
    assert zipfile.ZipFile(file_of(export)).read(pdf) == bytes(stored.content)


@pytest.mark.once
@pytest.mark.pdf
def test_the_merged_pdf_has_every_report_in_order_with_a_bookmark(
    reviewer: User, two_sent: list[Report]
) -> None:
    export = made(reviewer, HT, "pdf")
    with pikepdf.open(file_of(export)) as whole, whole.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert titles == [f"Xã {report.unit.name}" for report in two_sent]
        pages = [
            len(pikepdf.open(BytesIO(bytes(s.content))).pages)
            for s in (StoredPaper.objects.get(report=r, format="pdf") for r in two_sent)
        ]
        assert len(whole.pages) == sum(pages)
        assert outline.root[1].destination[0].objgen == whole.pages[pages[0]].obj.objgen


def test_what_cannot_be_made_is_named_and_the_rest_is_there(
    reviewer: User, two_sent: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    from reports.issuing import papers
    from reports.issuing.press import PaperTooCostly

    def too_costly(report: Report) -> bytes:
        if report.pk == two_sent[0].pk:
            raise PaperTooCostly
        return b"%PDF-1.7 small"

    monkeypatch.setattr(papers, "MAKERS", {**papers.MAKERS, "pdf": too_costly})
    export = made(reviewer, HT, "zip")
    # What failed once may have failed by chance: it is tried again.
    part = ExportPart.objects.get(finished_at=None)
    assert (part.report, part.attempt, export.finished_at) == (two_sent[0], 1, None)
    ExportPart.objects.update(not_before=None)
    worker.drain()
    export.refresh_from_db()
    unit = f"Xã {two_sent[0].unit.name}"
    assert export.problem == f"Chưa tạo được: {unit}: bản PDF."
    with zipfile.ZipFile(file_of(export)) as archive:
        assert f"{unit}: bản PDF" in archive.read("_chua-tao-duoc.txt").decode("utf-8-sig")
        assert sum(name.endswith(".pdf") for name in archive.namelist()) == 1
        assert sum(name.endswith(".docx") for name in archive.namelist()) == 2
    assert ExportPart.objects.get(report=two_sent[0]).problem == "bản PDF"


def test_an_approved_report_gives_the_bytes_that_were_kept(reviewer: User, db: None) -> None:
    report = report_of("15325")
    Report.objects.filter(period__code=HT).update(state="draft")
    Report.objects.filter(pk=report.pk).update(state="approved")
    kept = Release.objects.create(
        report=report, version=report.version, kind="approved", code="K7QM-2XHD", at=timezone.now(),
        by=reviewer, dossier="{}", dossier_sha256="x",
    )  # fmt: skip
    for name in ("pdf", "docx"):
        ReleasedFile.objects.create(release=kept, format=name, content=name.encode(), sha256=name)
    export = made(reviewer, HT, "zip", "approved")
    assert not ExportPart.objects.exists()
    with zipfile.ZipFile(file_of(export)) as archive:
        content = {n.split("/")[-1]: archive.read(n) for n in archive.namelist() if "/" in n}
    assert content == {"K7QM-2XHD_bao-cao.pdf": b"pdf", "K7QM-2XHD_bao-cao.docx": b"docx"}


def test_the_zip_holds_the_signed_copy_that_counts(reviewer: User, db: None) -> None:
    report = report_of("15325")
    Report.objects.filter(period__code=HT).update(state="draft")
    Report.objects.filter(pk=report.pk).update(state="issued")
    Paper.objects.filter(report=report).update(number=15, issued_on=today())
    told = {"at": timezone.now(), "by": reviewer}
    kept = Release.objects.create(
        report=report, version=report.version, kind="issued", code="K7QM-2XHE", dossier="{}",
        dossier_sha256="x", **told,
    )  # fmt: skip
    for name in ("pdf", "docx"):
        ReleasedFile.objects.create(release=kept, format=name, content=name.encode(), sha256=name)
    copy = {"release": kept, "filename": "x.pdf", "size": 1, "pages": 1, **told}
    SignedCopy.objects.create(
        content=b"old", sha256="1", replaced_at=timezone.now(), replaced_by=reviewer,
        replaced_for="Thiếu dấu", **copy,
    )  # fmt: skip
    SignedCopy.objects.create(content=b"signed", sha256="2", **copy)
    with zipfile.ZipFile(file_of(made(reviewer, HT, "zip", "approved"))) as archive:
        content = {n.split("/")[-1]: archive.read(n) for n in archive.namelist() if "/" in n}
    assert content == {
        "so-15_bao-cao.pdf": b"pdf", "so-15_bao-cao.docx": b"docx", "so-15_da-ky.pdf": b"signed",
    }  # fmt: skip


@pytest.mark.once
def test_a_full_disk_is_told_and_leaves_nothing(reviewer: User, db: None) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        export = made(reviewer, HT, "workbook")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with warnings.catch_warnings():  # XlsxWriter leaves the files open that it could not write
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    assert (export.attempt, export.file, export.problem) == (1, "", orders.NO_ROOM)
    assert list(settings.EXPORT_DIR.iterdir()) == []


def test_nothing_to_export_is_told(reviewer: User, db: None) -> None:
    Report.objects.filter(period__code=HT).update(state="draft")
    export = made(reviewer, HT, "zip")
    assert (export.file, export.problem) == ("", orders.EMPTY)
