"""A form brought back: what lands where, what survives a clerk, and what a hostile file gets."""

import io
import json
import random
import re
import time
import zipfile
from collections.abc import Callable, Container, Sequence
from datetime import date
from html import unescape
from typing import Any

import openpyxl
import pytest
from conftest import DIEN_BIEN, HA_TIEN, LOC_THUY, report_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl.cell import Cell
from workbooks import SHEET, opened, repacked

from reports.collection.blank_workbook import blank_workbook, expected_form
from reports.dossier.facts import Dossier, PaperFacts, load
from reports.dossier.json import to_json
from reports.editing import writing
from reports.entry import section_entry
from reports.entry.choices import choices_of
from reports.entry.page_texts import page_texts
from reports.entry.progress import sections_of
from reports.enums import Section
from reports.imports.excel_form import IDENTITY, LIMITS, Returned, read_workbook
from reports.models import IssuedDocument, Report, SectionState, User
from reports.models.rows import Equipment, Position
from reports.models.sections import Direction
from reports.uploads import limited
from reports.uploads.workbook_reader import STRICT, WorkbookRefused

pytestmark = pytest.mark.django_db

SAMPLES = {"ha_tien": HA_TIEN, "loc_thuy": LOC_THUY, "dien_bien": DIEN_BIEN}
WRITERS = {"ha_tien": "hatien", "loc_thuy": "locthuy", "dien_bien": "dienbien"}
Browser = Callable[[User], Client]


def address(report: Report) -> str:
    return reverse("bring_in", kwargs={"pk": report.pk})


#: Forms by all that their reports hold: most tests begin with the same one, and writing it takes a second.
FORMS: dict[str, bytes] = {}


def form_of(report: Report) -> bytes:
    dossier = load(report)
    content = json.dumps(to_json(dossier), sort_keys=True)
    if content not in FORMS:
        FORMS[content] = blank_workbook(dossier)
    return FORMS[content]


def read(content: bytes, report: Report) -> Returned:
    return read_workbook(content, expected_form(load(report)))


class Form:
    """An Excel form on a clerk's desk."""

    def __init__(self, content: bytes) -> None:
        self.book = opened(content)

    def cells(self) -> dict[str, Cell]:
        """Every cell to fill in, by the name of its field."""
        found = {}
        for sheet in self.book.worksheets:
            patterns: dict[int, str] = {}
            for row in sheet.iter_rows() if sheet.sheet_state == "visible" else ():
                key = row[0].value
                if str(key).startswith("§"):
                    patterns = {c.column: str(c.value) for c in row[1:] if c.value}
                    continue
                for cell in row if key else ():
                    if cell.column in patterns and not cell.protection.locked:
                        found[patterns[cell.column].replace("{}", str(key))] = cell
        return found

    def write(self, **values: Any) -> "Form":
        cells = self.cells()
        for name, value in values.items():
            cells[name.replace("__", ".")].value = value
        return self

    def sheet(self, ending: str) -> Any:
        return next(sheet for sheet in self.book.worksheets if sheet.title.endswith(ending))

    def saved(self) -> bytes:
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()


def upload(
    client: Client, report: Report, content: bytes, name: str = "phieu.xlsx"
) -> HttpResponse:
    return client.post(address(report), {"file": SimpleUploadedFile(name, content)})


def accept(
    client: Client, report: Report, shown: HttpResponse, take: Sequence[str] = ()
) -> HttpResponse:
    data = {"received": received(shown), "disputed": received(shown, "disputed"), "take": take}
    return client.post(address(report), data)


def received(shown: HttpResponse, name: str = "received") -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', shown.content.decode())
    assert found, words(shown)
    return unescape(found[1])


def words(response: HttpResponse) -> str:
    """What the page says, without its markup."""
    main = response.content.decode().partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def client(as_user: Browser, clerk: User) -> Client:
    return as_user(clerk)


# --- round trips ------------------------------------------------------------------------------------


def emptied(report: Report) -> Dossier:
    """The report as it was opened; returns what it held."""
    held = load(report)
    bare = {
        "figures": {},
        "tables": dict.fromkeys(held.tables, ()),
        "narratives": {},
        "notes": {},
        "paper": PaperFacts(),
    }
    from dataclasses import replace

    writing.replace(report, replace(held, **bare))
    return held


def typed(text: str) -> Any:
    """What a clerk puts into a cell: numbers and days as such, the rest as words."""
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})*|0", text):
        return int(text.replace(".", ""))
    if re.fullmatch(r"\d+,\d+", text):
        return float(text.replace(",", "."))
    if day := re.fullmatch(r"(\d{2})/(\d{1,2})/(\d{4})", text):
        return date(int(day[3]), int(day[2]), int(day[1]))
    return text


@pytest.mark.parametrize("sample", SAMPLES)
def test_an_emptied_report_filled_in_by_excel_is_the_same_report(
    as_user: Browser, sample: str
) -> None:
    report = report_of(SAMPLES[sample])
    held = emptied(report)
    form = Form(form_of(report))
    cells = form.cells()
    spare = {
        table: [n.partition("@")[2] for n in cells if n.startswith(f"{table}.")]
        for table in held.tables
    }
    for section in sections_of(held):
        choices = choices_of(held, section)
        renamed = rows_of_the_form(held, section, spare)
        for name, text in page_texts(held, section).items():
            if text and not unentered(name, text, held) and ("@" in name or name in cells):
                table = name.partition(".")[0]
                uid = name.partition("@")[2]
                new = (
                    name.replace(uid, renamed[table, uid])
                    if uid and (table, uid) in renamed
                    else name
                )
                cells[new].value = (
                    typed(choices.label(name, text))
                    if not choices.of(name)
                    else choices.label(name, text)
                )
    client = as_user(User.objects.get(username=WRITERS[sample]))
    shown = upload(client, report, form.saved())
    assert "không nhận được" not in words(shown)
    assert accept(client, report, shown).status_code == 302
    (texts, tables), (texts_before, tables_before) = (
        comparable(dossier, cells) for dossier in (load(report), held)
    )
    assert {n: t for n, t in texts.items() if texts_before.get(n) != t} == {}
    assert {n: t for n, t in texts_before.items() if texts.get(n) != t} == {}
    assert {n: t for n, t in tables.items() if tables_before[n] != t} == {}


def unentered(name: str, text: str, held: Dossier) -> bool:
    """Words kept as printed, which nobody may type into a cell of numbers; where nothing is placed."""
    stated = name in held.figures and held.figures[name].stated == text
    return (stated and held.catalogue[name].kind != "percent") or text == "after"


def rows_of_the_form(
    held: Dossier, section: Section, spare: dict[str, list[str]]
) -> dict[tuple[str, str], str]:
    """Each row of the report on one of the empty rows of the form; documents by section."""
    renamed: dict[tuple[str, str], str] = {}
    taken: dict[str, list[str]] = {t: list(dict.fromkeys(uids)) for t, uids in spare.items()}
    order = {s: n for n, s in enumerate(s for s in sections_of(held))}
    for name in page_texts(held, section):
        table, uid = name.partition(".")[0], name.partition("@")[2]
        if not uid or (table, uid) in renamed:
            continue
        given = {"plan_tasks": "field", "staff": "category"}.get(table)
        if given:
            row = next((row for row in held.tables[table] if row.uid == uid), None)
            renamed[table, uid] = f"{table}-{row.keys[given]}" if row else uid
            continue
        place = len([1 for t, _ in renamed if t == table])
        first = 20 * documents_before(held, order, section) if table == "documents" else 0
        renamed[table, uid] = taken[table][first + place]
    return renamed


def documents_before(held: Dossier, order: dict[Section, int], section: Section) -> int:
    """How many sections before this one ask for documents."""
    return sum(
        grid.table == "documents"
        for other in order
        if order[other] < order[section] and other not in (Section.APPENDIX, Section.PAPER)
        for grid in section_entry(held, other).grids
    )


def comparable(dossier: Dossier, asked: Container[str]) -> Any:
    """The report without the names of rows, and without words kept as their source printed them."""
    data = to_json(dossier)
    texts = {
        name: text.removesuffix("%")
        for section in sections_of(dossier)
        for name, text in page_texts(dossier, section).items()
        if name in asked and "@" not in name and text and not unentered(name, text, dossier)
    }
    tables = {
        table: sorted(
            json.dumps(
                {k: v for k, v in row.items() if k not in UNTYPED and not k.endswith("_share")},
                ensure_ascii=False,
            )
            for row in rows
            if set(row) - {"uid", "field", "category"}
        )
        for table, rows in data["tables"].items()
    }
    return texts, tables


#: What a row keeps of its source that no page shows; nor does any show its printed shares.
UNTYPED = {"uid", "cited_as", "date_text"}


def test_a_form_brought_back_as_it_was_changes_nothing(client: Client, ha_tien: Report) -> None:
    shown = words(upload(client, ha_tien, form_of(ha_tien)))
    assert "Tệp có 0 số liệu khác với báo cáo, 255 số liệu giữ nguyên." in shown
    assert "Nhận các số liệu này" not in shown


def test_a_changed_figure_is_shown_first_and_saved_when_accepted(
    client: Client, ha_tien: Report
) -> None:
    content = Form(form_of(ha_tien)).write(direction__radio_broadcasts=1234).saved()
    shown = upload(client, ha_tien, content)
    assert "Số lượt tuyên truyền trên loa truyền thanh trang “1 Chỉ đạo, điều hành”, ô E" in words(
        shown
    )
    assert "Tệp có 1 số liệu khác với báo cáo" in words(shown)
    before = Direction.objects.get(report=ha_tien).radio_broadcasts
    assert before != 1234 and f" {before} 1.234 " in words(shown)
    done = accept(client, ha_tien, shown)
    assert (done.status_code, done["Location"]) == (302, f"/bao-cao/{ha_tien.pk}/")
    assert "Đã nhận 1 số liệu từ tệp Excel." in client.get(done["Location"]).content.decode()
    assert Direction.objects.get(report=ha_tien).radio_broadcasts == 1234


def test_accepting_twice_makes_no_twin_and_a_corrected_file_mends_its_rows(
    client: Client, ha_tien: Report
) -> None:
    form = Form(form_of(ha_tien))
    new = [n for n in form.cells() if n.startswith("equipment.name@")][-1]
    form.cells()[new].value = "Máy quét"
    form.cells()[new.replace("name", "quantity")].value = 2
    before = Equipment.objects.filter(report=ha_tien).count()
    shown = upload(client, ha_tien, form.saved())
    assert "Trang thiết bị của Bộ phận Một cửa, dòng mới: Tên thiết bị" in words(shown)
    for _ in range(2):
        assert accept(client, ha_tien, shown).status_code == 302
    assert Equipment.objects.filter(report=ha_tien).count() == before + 1
    form.cells()[new].value = "Máy quét hai mặt"
    shown = upload(client, ha_tien, form.saved())
    assert "Đã được sửa trong hệ thống từ khi tải phiếu về" in words(shown)
    assert accept(client, ha_tien, shown, take=[new]).status_code == 302
    rows = Equipment.objects.filter(report=ha_tien, uid=new.partition("@")[2])
    assert [(row.name, row.quantity) for row in rows] == [("Máy quét hai mặt", 2)]


def test_an_empty_cell_leaves_what_is_there(client: Client, ha_tien: Report) -> None:
    form = Form(form_of(ha_tien))
    for cell in form.cells().values():
        cell.value = None
    shown = words(upload(client, ha_tien, form.saved()))
    assert "Tệp có 0 số liệu khác với báo cáo, 0 số liệu giữ nguyên" in shown


# --- what a clerk does to a sheet -------------------------------------------------------------------


def test_sorted_rows_still_land_in_their_fields(client: Client, ha_tien: Report) -> None:
    form = Form(form_of(ha_tien))
    sheet = form.sheet("Chức danh")
    first = next(c.row for c in sheet["A"] if c.value and str(c.value)[0] not in "§–")
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=first)]
    held = [row for row in rows if row[1]]
    assert len(held) == 5
    for number, row in enumerate(list(reversed(held)) + rows[len(held) :], start=first):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    shown = words(upload(client, ha_tien, form.saved()))
    assert "Tệp có 0 số liệu khác" in shown


def test_a_row_inserted_in_a_table_is_a_new_row_and_one_above_the_figures_moves_them(
    client: Client, ha_tien: Report
) -> None:
    form = Form(form_of(ha_tien))
    sheet = form.sheet("Chức danh")
    first = next(c.row for c in sheet["A"] if c.value and str(c.value)[0] not in "§–")
    sheet.insert_rows(first + 1)
    sheet.cell(first + 1, 2).value = "Chỉ huy trưởng Quân sự"
    sheet.cell(first + 1, 3).value = 1
    form.sheet("Chỉ đạo, điều hành").insert_rows(2, 3)
    content = form.saved()
    shown = upload(client, ha_tien, content)
    assert "Tệp có 2 số liệu khác với báo cáo" in words(shown)
    assert received(shown) == received(upload(client, ha_tien, content)), "named alike each time"
    accept(client, ha_tien, shown)
    assert Position.objects.get(report=ha_tien, name="Chỉ huy trưởng Quân sự").present == 1


def test_a_copied_row_is_a_new_row_and_a_copied_figure_is_told(
    client: Client, ha_tien: Report
) -> None:
    form = Form(form_of(ha_tien))
    documents = form.sheet("1c Văn bản") if "1c Văn bản" in form.book.sheetnames else None
    documents = documents or next(s for s in form.book if re.fullmatch(r"1\w Văn bản", s.title))
    first = next(c.row for c in documents["A"] if c.value and str(c.value)[0] not in "§–")
    for column in range(1, 10):
        documents.cell(first + 15, column).value = documents.cell(first, column).value
    documents.cell(first + 15, 3).value = "99"
    figures = form.book.worksheets[0]
    row = next(c.row for c in figures["A"] if c.value == "direction.radio_broadcasts")
    for column in range(1, 7):
        figures.cell(row + 40, column).value = figures.cell(row, column).value
    before = IssuedDocument.objects.filter(report=ha_tien, part="direction").count()
    shown = upload(client, ha_tien, form.saved())
    assert "chỉ tiêu này đã có ở trang “1 Chỉ đạo, điều hành”, ô E" in words(shown)
    accept(client, ha_tien, shown)
    rows = IssuedDocument.objects.filter(report=ha_tien, part="direction")
    assert rows.count() == before + 1 and rows.filter(number="99").count() == 1


@pytest.mark.parametrize(
    ("value", "number_format", "told"),
    [(True, "General", "ĐÚNG hoặc SAI"), ("=1+1", "General", "công thức chưa có kết quả"),
     ("#REF!", "General", "lỗi của Excel #REF!"), (2.5, "General", "“2,5”"), (-3, "General", "“-3”"),
     ("khoảng 12", "General", "“khoảng 12”"), (1e300, "General", "số quá lớn"),
     (date(2023, 5, 8), "dd/mm/yyyy", "“08/5/2023”")],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_told_with_its_place_and_the_rest_is_taken(
    client: Client, ha_tien: Report, value: Any, number_format: str, told: str
) -> None:
    form = Form(form_of(ha_tien)).write(direction__news_items=77)
    cell = form.cells()["direction.radio_broadcasts"]
    cell.value, cell.number_format = value, number_format
    shown = upload(client, ha_tien, form.saved())
    assert told in words(shown)
    assert f"trang “1 Chỉ đạo, điều hành”, ô {cell.coordinate}" in words(shown)
    accept(client, ha_tien, shown)
    assert Direction.objects.get(report=ha_tien).news_items == 77


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [(1234, "General", "1.234"), (0.5, "General", "0,5"), (0.9737, "0.00%", "97,37%"), (0, "0", "0"),
     (date(2024, 8, 5), "dd/mm/yyyy", "05/8/2024"), (97.37, "General", "97,37"),
     (1250000000, "#,##0", "1.250.000.000"), ("  kps ", "@", "kps")],
)  # fmt: skip
def test_cells_become_what_a_clerk_would_type(
    ha_tien: Report, value: Any, number_format: str, text: str
) -> None:
    form = Form(form_of(ha_tien))
    cell = form.cells()["direction.radio_broadcasts"]
    cell.value, cell.number_format = value, number_format
    assert read(form.saved(), ha_tien).texts["direction.radio_broadcasts"] == text


def test_numbers_of_documents_and_years_are_not_grouped(ha_tien: Report) -> None:
    form = Form(form_of(ha_tien))
    number = next(name for name in form.cells() if name.startswith("documents.number@"))
    form.cells()[number].value = 1876
    assert read(form.saved(), ha_tien).texts[number] == "1876"


def test_a_formula_is_taken_by_the_result_that_excel_kept(ha_tien: Report) -> None:
    content = Form(form_of(ha_tien)).write(direction__radio_broadcasts=4321).saved()
    kept = repacked(content, "xl/worksheets/sheet1.xml", b"<v>4321</v>", b"<f>1+2</f><v>4321</v>")
    assert read(kept, ha_tien).texts["direction.radio_broadcasts"] == "4.321"


def test_a_choice_is_known_by_its_words_and_a_strange_one_is_told(
    client: Client, ha_tien: Report
) -> None:
    form = Form(form_of(ha_tien))
    kinds = [n for n in form.cells() if n.startswith("documents.kind@")]
    form.cells()[kinds[0]].value = "TỜ TRÌNH"
    form.cells()[kinds[1]].value = "Giấy khen"
    shown = upload(client, ha_tien, form.saved())
    assert "Tờ trình" in words(shown) and "không có trong danh sách" in words(shown)
    accept(client, ha_tien, shown)
    row = IssuedDocument.objects.get(report=ha_tien, uid=kinds[0].partition("@")[2])
    assert row.kind == "to_trinh"


# --- what changed meanwhile -------------------------------------------------------------------------


def test_what_changed_after_the_preview_is_kept_and_told(client: Client, ha_tien: Report) -> None:
    content = Form(form_of(ha_tien)).write(
        direction__radio_broadcasts=1234, direction__news_items=77
    )
    shown = upload(client, ha_tien, content.saved())
    Direction.objects.filter(report=ha_tien).update(radio_broadcasts=555)
    done = accept(client, ha_tien, shown)
    assert done.status_code == 200
    assert "Đã nhận 1 số liệu" in words(done)
    assert "555 1.234 đã thay đổi từ lúc tải tệp lên" in words(done)
    now = Direction.objects.get(report=ha_tien)
    assert (now.radio_broadcasts, now.news_items) == (555, 77)


def test_what_the_form_was_given_with_does_not_undo_what_was_typed_since(
    client: Client, ha_tien: Report
) -> None:
    content = Form(form_of(ha_tien)).write(direction__news_items=77).saved()
    Direction.objects.filter(report=ha_tien).update(radio_broadcasts=555, news_items=66)
    shown = words(upload(client, ha_tien, content))
    assert "Tệp có 0 số liệu khác với báo cáo" in shown
    assert "1 số liệu cần chọn" in shown
    assert "66 77 Lấy số trong tệp" in shown


def test_of_a_returned_report_what_belongs_to_closed_sections_is_left_out_and_named(
    client: Client, ha_tien: Report
) -> None:
    content = Form(form_of(ha_tien)).write(
        direction__radio_broadcasts=1234, procedures__received=4321, procedures__resolved="mười"
    )  # fmt: skip
    Report.objects.filter(pk=ha_tien.pk).update(state="returned")
    states = SectionState.objects.filter(report=ha_tien)
    states.exclude(section="direction").update(open=False)
    shown = upload(client, ha_tien, content.saved())
    assert "Tệp có 1 số liệu khác với báo cáo" in words(shown)
    assert "2 ô không nhận được" in words(shown)
    left_out = "4.321 cơ quan cấp trên không mở phần này để sửa"
    assert left_out in words(shown) and "mười cơ quan cấp trên không mở phần này" in words(shown)
    done = accept(client, ha_tien, shown)
    assert done.status_code == 302
    assert Direction.objects.get(report=ha_tien).radio_broadcasts == 1234


def test_a_section_closed_after_the_preview_is_left_out_and_the_rest_is_written(
    client: Client, ha_tien: Report
) -> None:
    content = Form(form_of(ha_tien)).write(
        direction__radio_broadcasts=1234, procedures__received=4321
    )  # fmt: skip
    Report.objects.filter(pk=ha_tien.pk).update(state="returned")
    shown = upload(client, ha_tien, content.saved())
    SectionState.objects.filter(report=ha_tien, section="procedures").update(open=False)
    done = accept(client, ha_tien, shown)
    assert done.status_code == 200
    assert "Đã nhận 1 số liệu" in words(done)
    assert "4.321 cơ quan cấp trên không mở phần này để sửa" in words(done)
    assert Direction.objects.get(report=ha_tien).radio_broadcasts == 1234
    assert load(ha_tien).figures["procedures.received"].content != 4321


def test_nothing_of_what_the_preview_sends_back_is_trusted(client: Client, ha_tien: Report) -> None:
    revision = Report.objects.get(pk=ha_tien.pk).revision
    base = str(Direction.objects.get(report=ha_tien).radio_broadcasts)
    other = IssuedDocument.objects.filter(report=ha_tien, part="finance")[0]
    for sent in (
        {"direction": {"direction.radio_broadcasts": ["nhiều", base]}},
        {"direction": {"state": ["x", ""], "procedures.received": ["1", ""], "x'--": ["1", ""]}},
        {"direction": {f"documents.subject@{other.uid}": ["x", other.subject]}},
        {"paper": {"number": ["7", ""], "issued_on": ["2023-01-01", ""]}},
        {"unknown": {"a": ["b", ""]}},
    ):
        client.post(address(ha_tien), {"received": json.dumps(sent)})
    for broken in ("", "[]", "{", '{"direction": 5}', '{"direction": {"a": ["b"]}}', "[" * 100_000):
        answer = client.post(address(ha_tien), {"received": broken})
        assert answer.status_code == 422 and "Mời tải tệp lên lần nữa" in words(answer)
    assert Report.objects.get(pk=ha_tien.pk).revision == revision


def test_a_leader_is_told_why_not_and_a_stranger_finds_nothing(
    as_user: Browser, leader: User, stranger: User, ha_tien: Report
) -> None:
    content = form_of(ha_tien)
    refused = upload(as_user(leader), ha_tien, content)
    assert refused.status_code == 403
    assert "Chỉ Công chức lập báo cáo tại đơn vị báo cáo được nhập liệu" in refused.content.decode()
    assert upload(as_user(stranger), ha_tien, content).status_code == 404


def test_nothing_chosen_is_told(client: Client, ha_tien: Report) -> None:
    answer = client.post(address(ha_tien))
    assert answer.status_code == 422 and "Chưa chọn tệp." in words(answer)


# --- the hostile corpus -----------------------------------------------------------------------------


def with_part(content: bytes, name: str, held: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, held)
    return buffer.getvalue()


LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(98, 108))
    + b"]><worksheet"
)
XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet'


def wide_cell(content: bytes) -> bytes:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return repacked(content, SHEET, b"</sheetData>", far)


def many_rows(content: bytes) -> bytes:
    rows = b"".join(
        b'<row r="%d"><c r="B%d"><v>1</v></c></row>' % (n, n) for n in range(4990, 5200)
    )
    return repacked(content, SHEET, b"</sheetData>", rows + b"</sheetData>")


def many_cells(content: bytes) -> bytes:
    noise = b"".join(b"<c><v>%d</v></c>" % (n * 7919 % 1_000_003) for n in range(400_000))
    return repacked(content, SHEET, b"</sheetData>", b"<row>" + noise + b"</row></sheetData>")


def merged(content: bytes) -> bytes:
    areas = b"".join(
        b'<mergeCell ref="A%d:B%d"/>' % (n * 2 + 900, n * 2 + 901) for n in range(100_000)
    )
    return repacked(
        content, SHEET, b"</worksheet>", b"<mergeCells>" + areas + b"</mergeCells></worksheet>"
    )


def many_strings(content: bytes) -> bytes:
    texts = b"".join(b"<si><t>%d</t></si>" % (n * 7919 % 1_000_003) for n in range(100_000))
    return with_part(content, "xl/sharedStrings.xml", b"<sst>" + texts + b"</sst>")


def many_styles(content: bytes) -> bytes:
    return repacked(content, "xl/styles.xml", b"</cellXfs>", b"<xf/>" * 60_000 + b"</cellXfs>")


def padded(content: bytes, start: bytes, repeated: bytes) -> bytes:
    """A sheet of 20 MB beside enough noise that the package is not suspiciously dense."""
    noise = random.Random(7).randbytes(400_000)
    large = start + repeated * (20_000_000 // len(repeated))
    return with_part(with_part(content, "xl/media/x.bin", noise), "xl/worksheets/x.xml", large)


def renamed_identity(content: bytes, row: int, column: int, value: str) -> bytes:
    form = Form(content)
    form.book[IDENTITY].cell(row, column).value = value
    return form.saved()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000
BROKEN = "Tệp bị hỏng"
TOO_MUCH = "Tệp chứa quá nhiều dữ liệu"
UNSAFE = "Tệp có nội dung không an toàn"
ODD = "Tệp có cấu trúc không phải của Excel"
NO_EXCEL = "Đây không phải tệp Excel (.xlsx)"
HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", NO_EXCEL),
    "text renamed": (lambda _: "Chỉ tiêu;Số liệu\n".encode() * 50, NO_EXCEL),
    "html renamed": (lambda _: b"<html><table><tr><td>1</td></tr></table></html>", NO_EXCEL),
    "pdf renamed": (lambda _: b"%PDF-1.7\n", NO_EXCEL),
    "old xls renamed": (lambda _: OLE + "Workbook".encode("utf-16-le"), "kiểu Excel cũ (.xls)"),
    "encrypted": (lambda _: OLE + "EncryptedPackage".encode("utf-16-le"), "đang đặt mật khẩu"),
    "truncated": (lambda x: x[: len(x) // 2], "bị cắt ngang"),
    "one byte of a part changed": (lambda x: x[:3000] + bytes([x[3000] ^ 255]) + x[3001:], BROKEN),
    "billion laughs": (lambda x: repacked(x, SHEET, b"<worksheet", LAUGHS), UNSAFE),
    "external entity": (lambda x: repacked(x, SHEET, b"<worksheet", XXE), UNSAFE),
    "entity in another encoding": (
        lambda x: with_part(x, "xl/worksheets/x.xml", XXE.decode().encode("utf-16")), UNSAFE,
    ),
    "zip bomb": (lambda x: with_part(x, "xl/media/x.bin", b"\x00" * 60_000_000), TOO_MUCH),
    "small but dense": (lambda x: with_part(x, "xl/media/x.bin", b"\x00" * 30_000_000), TOO_MUCH),
    "too many parts": (
        lambda x: with_parts(x, {f"xl/media/{n}.png": b"x" for n in range(250)}), TOO_MUCH,
    ),
    "a path that leaves": (lambda x: with_part(x, "xl/../../etc/x.xml", b"<x/>"), ODD),
    "an absolute path": (lambda x: with_part(x, "/etc/x.xml", b"<x/>"), ODD),
    "a package inside": (lambda x: with_part(x, "xl/embeddings/a.xlsx", b"PK"), ODD),
    "macros": (lambda x: with_part(x, "xl/vbaProject.bin", OLE), "có macro"),
    "a Word file": (lambda x: with_parts(b"", {"word/document.xml": b"<x/>"}), NO_EXCEL),
    "a cell per atom": (many_cells, TOO_MUCH),
    "strings without end": (many_strings, TOO_MUCH),
    "styles without end": (many_styles, TOO_MUCH),
    "sheets that never begin": (lambda x: padded(x, b"<x>", b"<worksheet "), BROKEN),
    "cells that never end": (lambda x: padded(x, b"<worksheet>", b"<sheetData>"), TOO_MUCH),
    "formulas without end": (
        lambda x: padded(x, b"<worksheet><sheetData><row>", b"<c><f>1</f></c>"), TOO_MUCH,
    ),
    "more than 5.000 rows": (many_rows, "có hơn 5.000 dòng"),
    "broken XML": (lambda x: repacked(x, SHEET, b"</row>", b"</raw>"), BROKEN),
    "another workbook": (lambda _: plain_workbook(), "không phải phiếu tải từ hệ thống"),
    "a newer form": (lambda x: renamed_identity(x, 1, 1, "phieu-cchc 3"), "phiên bản phiếu mới hơn"),
    "another unit": (lambda x: renamed_identity(x, 1, 2, "20146"), "của một đơn vị khác"),
    "another period": (lambda x: renamed_identity(x, 1, 3, "HT-2024-6T"), "của một kỳ báo cáo khác"),
    "more than 5 MB": (lambda x: x + b"\x00" * (5 * 1024 * 1024), "Tệp lớn hơn 5 MB"),
}  # fmt: skip


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as package:
        for name, held in parts.items():
            package.writestr(name, held)
    return buffer.getvalue()


def plain_workbook() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_or_mistaken_file_is_refused_in_words_and_soon(
    client: Client, ha_tien: Report, kind: str
) -> None:
    make, told = HOSTILE[kind]
    content = make(form_of(ha_tien))
    begun = time.process_time()  # the web worker's own; the child that reads has its limit
    answer = upload(client, ha_tien, content)
    assert time.process_time() - begun < 3
    assert answer.status_code == 422
    assert told in words(answer)
    refusal = answer.context["refusal"]
    assert "Mời " in refusal and "!" not in refusal, "it says what to do"


@pytest.mark.parametrize("make", [wide_cell, merged], ids=["XFD1048576", "100.000 merged areas"])
def test_what_costs_a_reader_of_everything_dear_is_not_looked_at(
    client: Client, ha_tien: Report, make: Callable[[bytes], bytes]
) -> None:
    content = make(form_of(ha_tien))
    begun = time.process_time()  # the web worker's own; the child that reads has its limit
    answer = upload(client, ha_tien, content)
    assert time.process_time() - begun < 3
    assert answer.status_code in (200, 422)
    assert "255 số liệu giữ nguyên" in words(answer) or "có hơn 5.000 dòng" in words(answer)


def test_as_many_cells_as_are_read_at_all_cost_a_few_times_what_a_plain_form_costs(
    ha_tien: Report,
) -> None:
    noise = b"".join(b"<c><f>1</f><v>%d</v></c>" % (n * 7919 % 1_000_003) for n in range(60_000))
    content = repacked(
        form_of(ha_tien), SHEET, b"</sheetData>", b"<row>" + noise + b"</row></sheetData>"
    )
    plain, full = (cost_of(one) for one in (form_of(ha_tien), content))
    assert read_workbook(content).unit == "15325"
    assert full < 20 * plain, "a busy machine slows both alike"


def test_names_that_a_report_does_not_know_are_told_and_nothing_else_is_lost(
    client: Client, ha_tien: Report
) -> None:
    form = Form(form_of(ha_tien)).write(direction__news_items=77)
    sheet = form.book.worksheets[0]
    for number, name in enumerate(
        ("direction.brand_new", "staff.headcount@x", "delete:equipment@1", "../etc/x y", "state"), 1
    ):
        sheet.cell(100 + number, 1).value = name
        sheet.cell(100 + number, 5).value = number
    shown = upload(client, ha_tien, form.saved())
    assert words(shown).count("báo cáo này không có chỉ tiêu này") == 4
    assert "không phải một ô của phiếu" in words(shown)
    assert "Tệp có 1 số liệu khác với báo cáo" in words(shown)


def test_a_formula_in_a_text_is_text_and_stays_so_in_the_next_form(
    client: Client, ha_tien: Report
) -> None:
    evil = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "＝1"]
    form = Form(form_of(ha_tien))
    texts = [name for name in form.cells() if name.startswith("documents.subject@")][: len(evil)]
    for name, text in zip(texts, evil, strict=True):
        form.cells()[name].value = text
        form.cells()[name].data_type = "s"
    accept(client, ha_tien, upload(client, ha_tien, form.saved()))
    again = Form(form_of(ha_tien)).cells()
    assert [again[name].value for name in texts] == evil
    assert {again[name].data_type for name in texts} == {"s"}


def test_text_of_an_old_font_is_shown_in_unicode_before_it_is_taken(
    client: Client, ha_tien: Report
) -> None:
    said = "C¶i c¸ch hµnh chÝnh ®\xadîc quan t©m chØ ®¹o th\xadêng xuyªn"
    content = Form(form_of(ha_tien)).write(evaluation__strengths=said).saved()
    shown = words(upload(client, ha_tien, content))
    assert "Cải cách hành chính được quan tâm chỉ đạo thường xuyên" in shown
    assert "1 ô trong tệp gõ bằng bảng mã cũ (TCVN3, VNI), đã chuyển sang Unicode" in shown


# --- what has lost its place, or belongs to another form ----------------------------------------------


def shown_of(client: Client, report: Report, form: Form) -> str:
    return words(upload(client, report, form.saved()))


def test_columns_sorted_without_their_hidden_keys_put_no_value_on_another_row(
    client: Client, ha_tien: Report
) -> None:
    form = Form(form_of(ha_tien))
    sheet = form.book.worksheets[0]
    rows = [r for r in range(1, 80) if str(sheet.cell(r, 1).value).startswith("direction.")][:6]
    names = form.cells()
    for number, row in enumerate(rows, start=10):
        names[str(sheet.cell(row, 1).value)].value = number
    held = [[sheet.cell(r, c).value for c in range(2, 7)] for r in rows]
    for row, values in zip(rows, reversed(held), strict=True):
        for column, value in enumerate(values, start=2):
            sheet.cell(row, column).value = value
    found = read(form.saved(), ha_tien)
    assert not {str(sheet.cell(r, 1).value) for r in rows} & set(found.texts)
    told = [p for p in found.problems if "tên dòng và mã ẩn không khớp" in p.expected]
    assert len(told) == len(rows), found.problems


def test_values_without_their_key_and_sheets_that_are_gone_are_named(ha_tien: Report) -> None:
    form = Form(form_of(ha_tien)).write(direction__radio_broadcasts=1234)
    cell = form.cells()["direction.radio_broadcasts"]
    form.book.worksheets[0].cell(cell.row, 1).value = None
    form.book.worksheets[0].cell(cell.row, 20).value = "xem công văn kèm theo"
    form.sheet("Chức danh").delete_cols(1)
    gone = form.sheet("Thể thức văn bản").title
    del form.book[gone]
    form.book.create_sheet("Ghi chú")["A1"] = "gọi lại cho ông Tư"
    told = {p.cell: (p.content, p.expected) for p in read(form.saved(), ha_tien).problems}
    assert told[f"trang “1 Chỉ đạo, điều hành”, ô {cell.coordinate}"][0] == "1234"
    assert told[f"trang “1 Chỉ đạo, điều hành”, ô T{cell.row}"][0] == "xem công văn kèm theo"
    assert any("Chức danh" in where and "cột ẩn" in told[where][0] for where in told)
    assert told[f"trang “{gone}”"][0] == "không có trong tệp"
    assert "1 ô có nội dung" in told["trang “Ghi chú”"][0]


def test_what_is_written_over_a_locked_cell_is_named_and_the_rest_is_taken(
    ha_tien: Report,
) -> None:
    form = Form(form_of(ha_tien)).write(direction__radio_broadcasts=1234)
    sheet = form.book.worksheets[0]
    row = form.cells()["direction.radio_broadcasts"].row
    heads = {cell.value: cell.column for cell in sheet[4]}
    sheet.cell(row, heads["Cách tính"]).value = "theo công văn 12"
    sheet.cell(row, heads["Bắt buộc"]).value = 7
    empty = form.cells()["direction.news_items"]
    empty.value = None
    sheet.cell(empty.row, heads["Đơn vị"]).value = "15 tin"
    heading = next(c for c in sheet["A"][4:] if c.value is None).row
    sheet.cell(heading, heads["Cách tính"]).value = 99
    back = read(form.saved(), ha_tien)
    assert back.texts["direction.radio_broadcasts"] == "1.234"
    told = {p.content for p in back.problems}
    assert told == {"theo công văn 12", "7", "15 tin", "99"}
    assert all("ô này khóa" in p.expected for p in back.problems)


def test_a_form_whose_heads_said_no_units_is_read_and_a_column_that_lost_its_key_is_named(
    loc_thuy: Report,
) -> None:
    form = Form(form_of(loc_thuy))
    sheet = next(s for s in form.book for c in s[4] if c.value == "Dự toán giao (đồng)")
    column = next(c.column for c in sheet[4] if c.value == "Dự toán giao (đồng)")
    sheet.cell(4, column).value = "Dự toán giao"
    assert read(form.saved(), loc_thuy).problems == []
    sheet.cell(3, column).value = None
    sheet.cell(5, column).value = 1_000_000
    (told,) = read(form.saved(), loc_thuy).problems
    assert (told.content, "cột còn mã ẩn" in told.expected) == ("1000000", True)


def test_the_head_of_a_column_says_the_unit_of_what_is_asked_there(loc_thuy: Report) -> None:
    def heads(dossier: Dossier) -> set[str]:
        return {
            column.heading
            for section in sections_of(dossier)
            if section not in (Section.APPENDIX, Section.PAPER)
            for grid in section_entry(dossier, section).grids
            for column in grid.columns
        }

    said = {c.value for sheet in Form(form_of(loc_thuy)).book for row in sheet for c in row}
    assert heads(load(loc_thuy)) <= said
    assert {"Dự toán giao (đồng)", "Số đã giải ngân (đồng)"} <= said


@pytest.mark.parametrize(
    ("position", "found"), [(1, "đơn vị khác"), (2, "kỳ báo cáo khác"), (3, "phiếu tải lần khác")]
)
def test_a_sheet_of_another_form_is_named_and_none_of_it_is_taken(
    ha_tien: Report, position: int, found: str
) -> None:
    form = Form(form_of(ha_tien)).write(direction__radio_broadcasts=1234)
    sheet = form.book.worksheets[0]
    said = str(sheet["A3"].value).split("|")
    said[position] = "khác"
    sheet["A3"].value = "|".join(said)
    read_back = read(form.saved(), ha_tien)
    assert "direction.radio_broadcasts" not in read_back.texts
    assert [found in p.content for p in read_back.problems] == [True]


def first_version(form: Form) -> Form:
    """The form as the portal gave it out before sheets said whose they are."""
    form.book[IDENTITY]["A1"].value = "phieu-cchc 1"
    for sheet in form.book.worksheets:
        for (cell,) in sheet.iter_rows(max_col=1):
            if str(cell.value).startswith("§"):
                cell.value = str(cell.value).partition("|")[0]
    return form


def test_a_form_of_the_first_version_is_read_and_its_titles_and_copies_are_compared(
    ha_tien: Report,
) -> None:
    whole = first_version(Form(form_of(ha_tien)))
    assert read(whole.saved(), ha_tien).problems == []
    sheet = whole.book.worksheets[0]
    sheet["B1"].value = str(sheet["B1"].value).replace("6 tháng", "9 tháng")
    copied = next(s for s in whole.book if re.fullmatch(r"1\w Văn bản", s.title))
    whole.book.copy_worksheet(copied).title = f"{copied.title} (2)"
    back = read(whole.saved(), ha_tien)
    told = {p.cell: p.content for p in back.problems}
    assert "9 tháng" in told["trang “1 Chỉ đạo, điều hành”"]
    assert told[f"trang “{copied.title} (2)”"] == f"bản chép của trang “{copied.title}”"
    assert "direction.radio_broadcasts" not in back.texts


def test_a_row_of_documents_copied_as_it_is_makes_no_twin(ha_tien: Report) -> None:
    form = Form(form_of(ha_tien))
    sheet = next(s for s in form.book if re.fullmatch(r"1\w Văn bản", s.title))
    first = next(c.row for c in sheet["A"] if c.value and str(c.value)[0] not in "§–")
    for column in range(2, 10):
        sheet.cell(first + 15, column).value = sheet.cell(first, column).value
    spare = str(sheet.cell(first + 15, 1).value)
    back = read(form.saved(), ha_tien)
    assert not [name for name in back.texts if name.endswith(f"@{spare}")]
    assert "dòng chép lại" in back.problems[0].content


def test_numbers_in_text_escapes_and_float_noise_read_as_the_cell_shows_them(
    ha_tien: Report,
) -> None:
    form = Form(form_of(ha_tien))
    form.write(direction__radio_broadcasts=56.99999999999999, evaluation__strengths=2026)
    share = next(n for n in form.cells() if n.startswith("text:"))
    form.cells()[share].value = "Dòng một_x000D_\nDòng hai _x005F_x000D_"
    texts = read(form.saved(), ha_tien).texts
    assert texts["direction.radio_broadcasts"] == "57"
    assert texts["evaluation.strengths"] == "2026"
    assert texts[share] == "Dòng một\r\nDòng hai _x000D_"


def test_a_form_saved_as_strict_open_xml_is_read(ha_tien: Report) -> None:
    content = Form(form_of(ha_tien)).write(direction__radio_broadcasts=1234).saved()
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            held = source.read(name)
            for strict, usual in STRICT:
                held = held.replace(usual, strict)
            target.writestr(name, held)
    assert read(buffer.getvalue(), ha_tien).texts["direction.radio_broadcasts"] == "1.234"


def test_a_thousand_styled_blank_rows_are_no_weight(ha_tien: Report) -> None:
    blank = b"".join(
        b'<row r="%d">' % row
        + b"".join(b'<c r="%c%d" s="5"/>' % (column, row) for column in range(65, 91))
        + b"</row>"
        for row in range(200, 1200)
    )
    content = repacked(form_of(ha_tien), SHEET, b"</sheetData>", blank + b"</sheetData>")
    assert read(content, ha_tien).problems == []


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"{\\rtf1 x}", "RTF"), (b"<html><table></table></html>", "HTML"), (b"a;b\n1;2\n", ".csv"),
     ("xl/workbook.bin", ".xlsb"), ("content.xml", ".ods")],
)  # fmt: skip
def test_a_file_of_another_program_is_called_by_its_name(
    ha_tien: Report, content: bytes | str, told: str
) -> None:
    if isinstance(content, str):
        content = with_parts(b"", {content: b"<x/>", "mimetype": b"x"})
    with pytest.raises(WorkbookRefused, match=re.escape(told)) as refused:
        read(content, ha_tien)
    assert "Mời " in str(refused.value)


def test_a_tag_of_half_a_million_attributes_costs_next_to_nothing(ha_tien: Report) -> None:
    for count in (200_000, 500_000):
        noise = b"".join(b' a%x="%d"' % (n * 2654435761 % 2**28, n % 7) for n in range(count))
        content = repacked(
            form_of(ha_tien), SHEET, b"<sheetData>", b"<sheetData><row" + noise + b"/>"
        )
        with pytest.raises(WorkbookRefused, match="không an toàn"):
            read_workbook(content)
        assert cost_of(content) < 1


def cost_of(content: bytes) -> float:
    """The processor time that its child takes, whatever else the machine does."""
    return limited.ask("reports.uploads.workbook_reader:read", content, LIMITS).seconds
