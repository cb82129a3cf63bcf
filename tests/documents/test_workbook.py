"""The workbook, read back as Excel and LibreOffice read it: the paper's appendix, figure for figure."""

import datetime
import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pdfplumber
import pytest
from conftest import DIEN_BIEN, HA_TIEN, report_of
from office import printed
from openpyxl.cell.rich_text import CellRichText
from openpyxl.worksheet.worksheet import Worksheet

from reports.catalogue.values import Value
from reports.compose import compose
from reports.documents.html import cell_text
from reports.documents.tree import Appendix, Cell, Document, Table
from reports.documents.xlsx import make_workbook, number_format
from reports.dossier import facts as dossiers
from reports.dossier.facts import Dossier
from reports.issuing import papers

pytestmark = pytest.mark.django_db

HEAD_FIRST, HEAD_LAST = 5, 6
ROWS = 173


@pytest.fixture(scope="module")
def dossier(django_db_setup: None, django_db_blocker: Any) -> Dossier:
    with django_db_blocker.unblock():
        return dossiers.load(report_of(DIEN_BIEN))


@pytest.fixture(scope="module")
def content(dossier: Dossier) -> bytes:
    return make_workbook(compose(dossier))


@pytest.fixture(scope="module")
def sheet(content: bytes) -> Worksheet:
    return read(content)


def read(content: bytes) -> Worksheet:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content), rich_text=True).worksheets
    return sheet


def sheet_of(dossier: Dossier, **changed: Any) -> Worksheet:
    return read(make_workbook(compose(replace(dossier, **changed))))


def row_of(sheet: Worksheet, stt: str) -> int:
    """The first row with this ordinal."""
    return next(
        row for row in range(HEAD_LAST + 1, sheet.max_row + 1) if text(sheet, row, 1) == stt
    )


def text(sheet: Worksheet, row: int, column: int) -> str:
    return str(sheet.cell(row, column).value or "")


# --- the sheet -------------------------------------------------------------------------------------


def test_the_portal_hands_out_one_sheet_named_after_the_appendix(db: None) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(papers.make_xlsx(report_of(DIEN_BIEN))))
    assert workbook.sheetnames == ["Phụ lục"]
    assert workbook.properties.title.startswith("Báo cáo tình hình, kết quả công tác")
    assert workbook.properties.creator == "ỦY BAN NHÂN DÂN PHƯỜNG ĐIỆN BIÊN"


def test_a_report_without_an_appendix_has_no_workbook(db: None) -> None:
    with pytest.raises(papers.NoAppendix):
        papers.make_xlsx(report_of(HA_TIEN))


def test_it_prints_on_a4_landscape_fitted_to_the_width(sheet: Worksheet) -> None:
    setup = sheet.page_setup
    assert (setup.orientation, int(setup.paperSize)) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (int(setup.fitToWidth), int(setup.fitToHeight)) == (1, 0)
    margins = sheet.page_margins
    sides = [margins.left, margins.right, margins.top, margins.bottom]
    assert [round(side * 25.4, 1) for side in sides] == [30, 15, 20, 20]


def test_the_head_of_the_table_is_repeated_and_frozen(sheet: Worksheet) -> None:
    assert sheet.print_title_rows == f"${HEAD_FIRST}:${HEAD_LAST}"
    assert sheet.freeze_panes == f"A{HEAD_LAST + 1}"


def test_pages_are_numbered_from_the_second_on(sheet: Worksheet) -> None:
    assert sheet.HeaderFooter.differentFirst
    number = sheet.oddHeader.center
    assert (number.text, int(number.size)) == ("&P", 13)
    assert number.font.startswith("Times New Roman")
    assert not sheet.firstHeader.center.text


def test_the_head_is_merged_as_on_paper(sheet: Worksheet) -> None:
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:E1", "A2:E2", "A3:E3"} <= merged
    assert {"A5:A6", "B5:B6", "C5:D5", "E5:E6"} <= merged
    assert [text(sheet, 5, column) for column in range(1, 6)] == [
        "STT", "Chỉ tiêu thống kê", "Kết quả thống kê", "", "Ghi chú",
    ]  # fmt: skip
    assert (text(sheet, 6, 3), text(sheet, 6, 4)) == ("Đơn vị tính", "Số liệu")


def test_every_cell_of_the_table_is_ruled_on_all_sides_and_nothing_else_is(
    sheet: Worksheet,
) -> None:
    last = HEAD_LAST + ROWS
    inner = {"A6": "top", "B6": "top", "E6": "top", "D5": "left",
             "A5": "bottom", "B5": "bottom", "E5": "bottom", "C5": "right"}  # fmt: skip
    for row in sheet.iter_rows(HEAD_FIRST, last, 1, 5):
        for cell in row:
            for side in {"left", "right", "top", "bottom"} - {inner.get(cell.coordinate)}:
                assert getattr(cell.border, side).style == "thin", (cell.coordinate, side)
    assert sheet.max_row > last
    for row in sheet.iter_rows(last + 1, sheet.max_row, 1, 5):
        assert not any(cell.border.left.style or cell.border.top.style for cell in row)


def test_the_heading_stands_centred_in_its_sizes(sheet: Worksheet) -> None:
    label, title, attached = (sheet.cell(row, 1) for row in (1, 2, 3))
    assert (label.value, label.font.sz, label.font.b, label.font.i) == ("Phụ lục", 14, True, False)
    assert (title.value.isupper(), title.font.sz, title.font.b) == (True, 14, True)
    assert (attached.font.i, attached.font.b) == (True, False)
    assert {cell.alignment.horizontal for cell in (label, title, attached)} == {"center"}
    assert {cell.font.name for cell in (label, title, attached)} == {"Times New Roman"}


def test_a_draft_leaves_blanks_and_an_issued_paper_says_number_and_date(
    dossier: Dossier, sheet: Worksheet
) -> None:
    draft = text(sheet, 3, 1).replace("\u00a0", " ")
    assert draft == (
        f"(Kèm theo Báo cáo số{' ' * 7}/BC-UBND ngày{' ' * 6} tháng{' ' * 6} năm 2021"
        " của Ủy ban nhân dân phường Điện Biên)"
    )
    paper = replace(dossier.paper, number=5, issued_on=datetime.date(2024, 8, 5))
    issued = text(sheet_of(dossier, paper=paper), 3, 1).replace("\u00a0", " ")
    assert issued == (
        "(Kèm theo Báo cáo số 05/BC-UBND ngày 05 tháng 8 năm 2024"
        " của Ủy ban nhân dân phường Điện Biên)"
    )


def test_the_sheet_holds_all_rows_legends_and_footnotes(sheet: Worksheet) -> None:
    assert text(sheet, HEAD_LAST + 1, 1) == "1." and text(sheet, HEAD_LAST + ROWS, 1) == "7.6.3"
    assert sum(bool(text(sheet, row, 2)) for row in range(7, 7 + ROWS)) == ROWS
    legend = text(sheet, row_of(sheet, "1.3.2."), 3).replace("\u00a0", " ")
    assert legend == "Trực tuyến = 0\nPhát phiếu = 1\nKết hợp = 2"
    notes = [text(sheet, row, 1) for row in range(HEAD_LAST + ROWS + 1, sheet.max_row + 1)]
    assert [note for note in notes if note] == [
        "1 Phòng Tư pháp báo cáo số liệu của thành phố.",
        "2 Văn phòng HĐND&UBND thành phố báo cáo số liệu thực hiện tại Bộ phận Một cửa thành phố.",
        "3 Phòng Tài chính – Kế hoạch báo cáo số liệu của thành phố.",
        "4 Phòng Văn hóa và Thông tin báo cáo số liệu của thành phố.",
    ]
    mark = sheet.cell(row_of(sheet, "2."), 2).value
    assert isinstance(mark, CellRichText)
    assert (str(mark), mark[-1].font.vertAlign) == ("Cải cách thể chế1", "superscript")


def test_a_footnote_too_long_for_a_line_gets_a_row_high_enough(dossier: Dossier) -> None:
    assert dossier.indicators
    long = replace(dossier.indicators, footnotes=(("1", "Phòng Tư pháp báo cáo. " * 20),))
    sheet = sheet_of(dossier, indicators=long)
    assert (sheet.row_dimensions[sheet.max_row].height or 15) > 40


def test_a_bold_heading_of_a_group_has_the_height_of_its_three_lines(sheet: Worksheet) -> None:
    """LibreOffice and Excel break this one twice: bold letters are wider, and whole words go over."""
    row = row_of(sheet, "6.")
    assert "phường báo cáo dựa trên cơ sở chức năng, nhiệm vụ" in str(sheet.cell(row, 2).value)
    assert sheet.row_dimensions[row].height == 3 * 15.75 + 2
    assert sheet.row_dimensions[row_of(sheet, "7.")].height == 15.75 + 2


# --- values ----------------------------------------------------------------------------------------


def test_numbers_are_numbers_grouped_the_vietnamese_way(sheet: Worksheet) -> None:
    received = sheet.cell(row_of(sheet, "3.3.1"), 4)
    assert (received.value, received.data_type) == (4203, "n")
    assert received.number_format == "[$-42A]#,##0"
    assert received.alignment.horizontal == "center"
    nought = sheet.cell(row_of(sheet, "1.2.3."), 4)
    assert (nought.value, nought.data_type) == (0, "n")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (4203, "[$-42A]#,##0"),
        (Decimal("100.00"), "[$-42A]#,##0"),
        (Decimal("97.37"), "[$-42A]#,##0.00"),
        (Decimal("81.80"), "[$-42A]#,##0.0"),
        (Decimal("1E+3"), "[$-42A]#,##0"),
    ],
)
def test_a_number_shows_as_many_decimals_as_it_has(content: Any, expected: str) -> None:
    assert number_format(Cell(content, decimals=2)) == expected


def test_none_arisen_nought_missing_and_words_stay_four_different_cells(dossier: Dossier) -> None:
    found = []
    for value in (Value(none_arisen=True), Value(0), Value(), Value(stated="360 phiếu")):
        sheet = sheet_of(dossier, figures=dossier.figures | {"indicator.r3_3_3": value})
        found.append(sheet.cell(row_of(sheet, "3.3.3."), 4).value)
    assert found == ["Không phát sinh", 0, None, "360 phiếu"]


def test_a_number_stated_as_plain_digits_stays_a_number(sheet: Worksheet, dossier: Dossier) -> None:
    figures = dossier.figures | {"indicator.r3_3_3": Value(stated="97,37")}
    stated = sheet_of(dossier, figures=figures)
    cell = stated.cell(row_of(stated, "3.3.3."), 4)
    assert (cell.value, cell.data_type, cell.number_format) == (97.37, "n", "[$-42A]#,##0.00")
    assert text(sheet, row_of(sheet, "1.3.1."), 4) == "360 phiếu"


FORMULAS = ["=1+1", '=HYPERLINK("http://127.0.0.1/","x")', "+1+1", "-1+1", "@SUM(1)", "\t=1", "=cmd|'/C calc'!A0"]  # fmt: skip


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_a_clerk_types_is_never_a_formula(dossier: Dossier, typed: str) -> None:
    content = make_workbook(compose(replace(dossier, notes={"r3_3_3": typed})))
    sheet = read(content)
    cell = sheet.cell(row_of(sheet, "3.3.3."), 5)
    assert (cell.value, cell.data_type) == (typed, "s")
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    assert not [name for name in parts.namelist() if "external" in name.lower()]


def test_a_heading_or_a_stated_value_is_no_formula_either() -> None:
    table = Table((0.5, 0.5), ((Cell("=A1"),),), ((Cell("=A2"), Cell(7, words="=A3")),))
    document = Document(None, (), None, (Appendix("=L", "=T", "=K", table),))  # type: ignore[arg-type]
    document = replace(document, head=type("Head", (), {"agency": ("=U",)})())
    sheet = read(make_workbook(document))
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}


def test_the_sheet_holds_the_same_as_the_appendix_of_the_paper(
    dossier: Dossier, sheet: Worksheet
) -> None:
    (appendix,) = compose(dossier).appendices
    assert len(appendix.table.body) == ROWS
    for row, cells in enumerate(appendix.table.body, start=HEAD_LAST + 1):
        for column, cell in enumerate(cells, start=1):
            found = sheet.cell(row, column)
            if found.data_type == "n" and found.value is not None:
                shown = cell_text(Cell(Decimal(str(found.value)), decimals=2))
            else:
                shown = str(found.value or "")
            assert shown == cell_text(cell) + cell.note, found.coordinate
            assert (found.font.b, found.font.i) == (cell.bold, cell.italic)


# --- in LibreOffice --------------------------------------------------------------------------------


@pytest.mark.office
def test_libreoffice_prints_it_landscape_with_the_head_on_each_page(
    dossier: Dossier, content: bytes
) -> None:
    pages = pdfplumber.open(io.BytesIO(printed(content, "xlsx"))).pages
    assert {(round(page.width), round(page.height)) for page in pages} == {(842, 595)}
    whole = ""
    for number, page in enumerate(pages, start=1):
        said = page.extract_text().replace("\u00a0", " ")
        assert said.count("Kết quả thống kê") == said.count("Đơn vị tính Số liệu") == 1
        assert said.startswith("Phụ lục\n" if number == 1 else f"{number}\n")
        whole += said + "\n"
    assert "3.3.1 Số lượng hồ sơ đã tiếp nhận Số lượng hồ sơ 4.203" in whole
    assert "3.3. Kết quả giải quyết TTHC 4.203" in whole

    squeezed = "".join(whole.split())
    assert dossier.indicators
    at = 0
    for row in dossier.indicators.rows:  # every row, in the appendix's order
        first = "".join(row.name.split()[:2])
        at = squeezed.find(first, at) + 1
        assert at, row.code
    for ordinal in {row.stt for row in dossier.indicators.rows if row.stt.count(".") > 1}:
        assert ordinal in whole


def test_a_long_note_goes_on_in_the_next_row_and_no_row_is_higher_than_excel_shows(
    db: None,
) -> None:
    dossier = dossiers.load(report_of(DIEN_BIEN))
    assert dossier.indicators
    note = " ".join(f"từ{n}" for n in range(600))
    code = dossier.indicators.rows[3].code
    sheet = openpyxl.load_workbook(
        io.BytesIO(make_workbook(compose(replace(dossier, notes={code: note}))))
    ).worksheets[0]
    assert max(d.height or 0 for d in sheet.row_dimensions.values()) <= 409.5
    told = [
        str(row[4].value) for row in sheet.iter_rows() if str(row[4].value or "").startswith("từ")
    ]
    assert len(told) > 1 and " ".join(told) == note
