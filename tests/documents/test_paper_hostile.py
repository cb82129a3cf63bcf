"""The paper under values nobody should type: nothing leaves the margins, no page is left empty."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import openpyxl
import pdfplumber
import pytest
from conftest import DIEN_BIEN, TONG_SON, report_of
from docx.shared import Pt

from reports.catalogue.values import Value
from reports.compose import compose
from reports.documents import html, pdf, xlsx
from reports.documents.docx import make_docx
from reports.documents.tree import Appendix, Document, Head, Table
from reports.dossier import facts as dossiers
from reports.dossier.facts import Dossier, NarrativeFacts
from reports.enums import Placement

pytestmark = [pytest.mark.pdf, pytest.mark.django_db]

MM = 25.4 / 72
URL = (
    "Xem tại https://thanhhoa.gov.vn/van-ban/B%C3%A1o%20c%C3%A1o%20k%E1%BA%BFt%20qu%E1%BA%A3%20c%E1"
    "%BA%A3i%20c%C3%A1ch%20h%C3%A0nh%20ch%C3%ADnh%20n%C4%83m%202026.pdf để biết. " + "_" * 100
)
NOTE = ("Nhiệm vụ chậm do chờ hướng dẫn của cấp trên, dự kiến hoàn thành trong quý sau; " * 9)[:700]
PLACE = "Phan Rang – Tháp Chàm và Sơn Kim Thượng Phú Lộc Hạ Điền Bắc N"
ADDRESSEE = (
    "Ủy ban nhân dân tỉnh Thanh Hóa (qua Sở Nội vụ tỉnh Thanh Hóa tổng hợp, Văn phòng Ủy ban nhân "
    "dân tỉnh theo dõi, đôn đốc)"
)


def hostile() -> Dossier:
    """Điện Biên's report with long words, a long frame and long notes."""
    dossier = dossiers.load(report_of(DIEN_BIEN))
    assert dossier.indicators
    assert len(PLACE) >= 60 and len(ADDRESSEE) >= 119 and len(NOTE) == 700
    paper = replace(
        dossier.paper,
        number=5,
        issued_on=date(2021, 6, 15),
        place=PLACE,
        symbol="BC-UBNDPVHCCTTHC",
        addressees="\n".join(f"{ADDRESSEE} {n}" for n in range(1, 6)),
        recipients=f"Như trên\n{ADDRESSEE}\n{URL}\nLưu: VT",
        signer_name="Nguyễn " * 8 + "Ở",
    )
    item = next(item for item in dossier.outline.items if item.takes_narrative)
    rows = [row.code for row in dossier.indicators.rows]
    notes = dict.fromkeys(rows[8::12], NOTE) | {rows[3]: URL}
    return replace(
        dossier,
        paper=paper,
        notes=notes,
        superior=replace(dossier.superior, name=PLACE),
        narratives={item.code: NarrativeFacts(URL, Placement.AFTER, "")},
    )


WORD = "Nghĩahành" * 40


def outside() -> Dossier:
    """An outline from elsewhere: nothing but tables, whose names have no space; a title without a space."""
    dossier = dossiers.load(report_of(TONG_SON, "TH-2026-9T"))
    tables = {
        table: tuple(
            replace(row, keys={k: WORD if k == "name" and v else v for k, v in row.keys.items()},
                    values={k: Value(987654321012345) if v.number else v for k, v in row.values.items()})
            for row in dossier.tables[table]
        )
        for table in ("dossiers", "disbursements", "staff")
    }  # fmt: skip
    items = tuple(
        replace(
            dossier.outline.items[0], code=f"t{at}", parent="", title="", body=f"@table {table}"
        )
        for at, table in enumerate(tables)
    )
    recipients = "\n".join(["Các phòng, ban, ngành, đoàn thể, trưởng thôn, bí thư chi bộ"] * 90)
    return replace(
        dossier,
        tables={**dossier.tables, **tables},
        outline=replace(dossier.outline, items=items, subject=f"Kết quả {WORD} " + "năm " * 40),
        paper=replace(dossier.paper, recipients=recipients),
        narratives={},
        indicators=None,
    )


def test_an_outline_of_tables_with_endless_words_keeps_its_margins(db: None) -> None:
    made = pdf.make_pdf(html.page(compose(outside())))
    pages = pdfplumber.open(io.BytesIO(made)).pages
    for page in pages:
        words = page.extract_words()
        assert len([word for word in words if word["top"] * MM > 20]) > 2
        assert max(word["x1"] for word in words) * MM <= 195.3
    with_title = [page for page in pages if "TM. ỦY BAN NHÂN DÂN" in page.extract_text()]
    assert "trân trọng" in with_title[0].extract_text(), "the title stands below the closing"


def test_an_endless_name_leaves_the_other_columns_room(db: None) -> None:
    tables = [block for block in compose(outside()).body if isinstance(block, Table)]
    assert len(tables) == 3
    for table in tables:
        assert min(table.widths) > 0.02 and max(table.widths) < 0.7, table.widths


def test_a_subject_without_spaces_is_still_a_subject() -> None:
    for text in (WORD, f"Kết quả {WORD}", f"{WORD} {WORD} năm", ""):
        assert " ".join(html.balanced(text)) == text


def test_a_footnote_of_many_lines_takes_rows_that_excel_shows() -> None:
    head = Head("", ("A", "B"), "Số: 1/BC", "X, ngày 1", "BÁO CÁO", "Y")
    appendix = Appendix(
        "Phụ lục", "T" * 3000, "(K)", Table((0.5, 0.5), (), ()), (("1", NOTE * 12),)
    )
    made = xlsx.make_workbook(Document(head, (), None, (appendix,)))
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    assert max(row.height or 0 for row in sheet.row_dimensions.values()) <= 409.5
    said = " ".join(
        str(cell.value).strip() for (cell, *_) in sheet.iter_rows(min_row=6) if cell.value
    )
    assert said.split() == f"1 {NOTE * 12}".split()


def test_the_line_that_ends_a_section_of_word_takes_no_page(db: None) -> None:
    """A signature at the foot of a page would otherwise be followed by an empty one."""
    word = docx.Document(io.BytesIO(make_docx(compose(hostile()))))
    (end,) = [p for p in word.paragraphs if p._p.pPr is not None and p._p.pPr.sectPr is not None]
    assert end.paragraph_format.line_spacing == Pt(1) and not end.text


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: Any) -> list[Any]:
    with django_db_blocker.unblock():
        made = pdf.make_pdf(html.page(compose(hostile())))
    return list(pdfplumber.open(io.BytesIO(made)).pages)


def test_no_word_leaves_the_margins(pages: list[Any]) -> None:
    for page in pages:
        width, height = page.width * MM, page.height * MM
        for word in page.extract_words():
            number = word["text"].isdigit() and word["top"] * MM < 20
            assert word["x0"] * MM >= 30 - 0.3, word
            assert word["x1"] * MM <= width - 15 + 0.3, word
            assert word["top"] * MM >= 20 - 0.3 or number, word
            assert word["bottom"] * MM <= height - 20 + 0.3, word


def test_the_link_and_the_underscores_are_whole(pages: list[Any]) -> None:
    text = "".join("".join((page.extract_text() or "").split()) for page in pages)
    assert text.count("_") >= 300
    assert "".join(URL.split()[:3])[-80:] in text


def test_kinh_gui_and_the_day_stay_in_one_line(pages: list[Any]) -> None:
    lines = (pages[0].extract_text() or "").splitlines()
    assert any("Kính gửi:" in line for line in lines)
    assert any("ngày 15 tháng 6 năm 2021" in line.replace("\xa0", " ") for line in lines)


def test_every_page_of_the_appendix_has_its_head_and_is_filled(pages: list[Any]) -> None:
    lying = [page for page in pages if page.width > page.height]
    assert len(lying) > 1
    for page in lying:
        assert "Kết quả thống kê" in (page.extract_text() or "")
    for page in lying[:-1]:
        foot = max(word["bottom"] for word in page.extract_words()) * MM
        assert foot > page.height * MM - 20 - 60, f"page ends at {foot:.0f} mm"
