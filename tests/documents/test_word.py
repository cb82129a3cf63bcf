"""The Word file: the same text as the paper, real styles and tables, and in print the same measures."""

import io
import re
from collections.abc import Iterator

import docx
import pdfplumber
import pytest
from conftest import DIEN_BIEN, HA_TIEN, LOC_THUY, TONG_SON, report_of
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph
from office import printed

from reports.compose import compose
from reports.documents.docx import make_docx
from reports.documents.docx_order import PLACES, in_order
from reports.documents.docx_styles import STYLES
from reports.documents.html import cell_text, page
from reports.documents.pdf import make_pdf
from reports.documents.tree import Document, Heading, Paragraph, Run, Table
from reports.dossier.facts import load

pytestmark = pytest.mark.django_db
SAMPLES = [HA_TIEN, LOC_THUY, DIEN_BIEN]
MM = 72 / 25.4


def sample(unit: str) -> Document:
    return compose(load(report_of(unit)))


def opened(document: Document) -> Word:
    return docx.Document(io.BytesIO(make_docx(document)))


def spoken(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()


def parts(word: Word) -> Iterator[WordParagraph | WordTable]:
    for child in word.element.body:
        if child.tag == qn("w:p"):
            yield WordParagraph(child, word)
        elif child.tag == qn("w:tbl"):
            yield WordTable(child, word)


@pytest.mark.parametrize("unit", SAMPLES)
def test_word_says_paragraph_by_paragraph_what_the_paper_says(unit: str) -> None:
    document = sample(unit)
    said = [
        f"{block.marker} {block.text}".strip()
        for block in document.body
        if isinstance(block, (Heading, Paragraph))
    ]
    styles = {"Nội dung", "Đề mục nhỏ", "Heading 1", "Heading 2", "Heading 3"}
    written = [
        paragraph.text
        for paragraph in opened(document).paragraphs
        if paragraph.style.name in styles and paragraph.text
    ]
    assert written == said  # to the letter, non-breaking spaces included


def test_headings_are_headings_and_every_component_has_its_style() -> None:
    document = sample(LOC_THUY)
    word = opened(document)
    levels = [b.level for b in document.body if isinstance(b, Heading)]
    headed = [p for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert [int(p.style.name[-1]) for p in headed] == levels
    used = {p.style.name for p in word.paragraphs}
    for table in word.tables:
        used |= {p.style.name for row in table.rows for cell in row.cells for p in cell.paragraphs}
    assert used >= {
        "Quốc hiệu", "Tiêu ngữ", "Cơ quan ban hành", "Số, ký hiệu", "Địa danh, ngày tháng",
        "Tên loại văn bản", "Trích yếu", "Kính gửi", "Căn cứ", "Nội dung", "Nơi nhận",
        "Nơi nhận chi tiết", "Quyền hạn, chức vụ", "Họ tên người ký",
    }  # fmt: skip
    for name in STYLES:
        fonts = word.styles[name].element.rPr.rFonts
        assert {fonts.get(qn(f"w:{s}")) for s in ("ascii", "hAnsi", "cs")} == {"Times New Roman"}


def test_the_appendix_is_a_landscape_section_with_a_real_table_and_a_repeated_head() -> None:
    document = sample(DIEN_BIEN)
    word = opened(document)
    first, last = word.sections
    assert (first.orientation, last.orientation) == (WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE)
    table = word.tables[-1]
    repeated = [row._tr.xpath("./w:trPr/w:tblHeader") != [] for row in table.rows]
    assert repeated == [True, True] + [False] * 173
    body: Table = document.appendices[0].table
    for row, cells in zip(table._tbl.tr_lst[2:], body.body, strict=True):
        written = ["".join(t.text or "" for t in tc.iter(qn("w:t"))) for tc in row.tc_lst]
        assert written == [cell_text(c).replace("\n", "") + c.note for c in cells]


def test_what_announces_a_table_and_a_groups_heading_stay_with_what_follows() -> None:
    word = opened(compose(load(report_of(TONG_SON, "TH-2026-9T"))))
    told = list(parts(word))
    before = [told[at - 2] for at, part in enumerate(told) if isinstance(part, WordTable)]
    announcing = [
        each for each in before if isinstance(each, WordParagraph) and each.text.endswith(":")
    ]
    assert len(announcing) == 2
    assert all(each.paragraph_format.keep_with_next for each in announcing)
    rows = word.tables[-1].rows[2:]
    groups = [row for row in rows if not row.cells[2].text]
    assert len(groups) == 15
    assert all(
        row.cells[1].paragraphs[0].paragraph_format.keep_with_next
        is (True if row in groups else None)
        for row in rows
    )


def test_what_announces_a_list_stays_with_it_and_kinh_gui_keeps_its_space() -> None:
    for unit in (LOC_THUY, DIEN_BIEN):
        word = opened(sample(unit))
        leads = [p for p in word.paragraphs if p.text.endswith(":")]
        assert len(leads) > 3
        assert all(
            p.paragraph_format.keep_with_next or p.style.paragraph_format.keep_with_next
            for p in leads
        )
        (to,) = [
            paragraph
            for table in word.tables
            for row in table.rows
            for paragraph in row.cells[0].paragraphs
            if paragraph.text.startswith("Kính gửi:")
        ]
        assert to.paragraph_format.right_indent


def test_page_numbers_stand_in_the_header_and_not_on_the_first_page() -> None:
    for section in opened(sample(DIEN_BIEN)).sections:
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert "PAGE" not in section.first_page_header._element.xml
        assert (section.left_margin.mm, section.right_margin.mm) == (
            pytest.approx(30, abs=0.1),
            pytest.approx(15, abs=0.1),
        )


def test_the_same_report_gives_the_same_bytes_and_text_is_never_markup() -> None:
    document = sample(HA_TIEN)
    assert make_docx(document) == make_docx(document)
    hostile = Paragraph((Run("<w:p/>&=1"),))
    word = opened(Document(document.head, (hostile,), document.signature))
    assert "<w:p/>&=1" in [p.text for p in word.paragraphs]


@pytest.mark.office
@pytest.mark.pdf
@pytest.mark.parametrize("unit", SAMPLES)
def test_printed_word_and_pdf_agree_in_text_numbers_and_measures(
    unit: str,
) -> None:
    document = sample(unit)
    ours = pdfplumber.open(io.BytesIO(make_pdf(page(document))))
    theirs = pdfplumber.open(io.BytesIO(printed(make_docx(document), "docx")))
    assert abs(len(theirs.pages) - len(ours.pages)) <= 1

    def numbers(pdf: pdfplumber.PDF) -> list[str]:
        text = " ".join(p.crop((0, 50, p.width, p.height)).extract_text() for p in pdf.pages)
        return sorted(re.findall(r"\d[\d.,/]*\d|\d", spoken(text)))

    if unit != DIEN_BIEN:  # a table's head repeats as often as its pages
        assert numbers(theirs) == numbers(ours)
    first, theirs_first = ours.pages[0], theirs.pages[0]
    assert (round(theirs_first.width), round(theirs_first.height)) == (595, 842)
    for found in (first, theirs_first):
        left = min(char["x0"] for char in found.chars if char["size"] > 13.5)
        right = max(char["x1"] for char in found.chars if char["text"].strip())
        assert left == pytest.approx(30 * MM, abs=1.5)
        assert right == pytest.approx((210 - 15) * MM, abs=2.5)
        sizes = {round(char["size"]) for char in found.chars if char["text"].strip()}
        assert {13, 14} <= sizes <= {11, 12, 13, 14}

    def baseline(pdf_page: pdfplumber.page.Page, word: str) -> float:
        return next(w["bottom"] for w in pdf_page.extract_words() if w["text"] == word)

    for word in ("CỘNG", "Số:", "BÁO", "Kính"):
        assert baseline(theirs_first, word) == pytest.approx(baseline(first, word), abs=4), word
    assert "1" not in [w["text"] for w in theirs_first.crop((0, 0, 595, 50)).extract_words()]
    assert [w["text"] for w in theirs.pages[1].crop((0, 0, 595, 50)).extract_words()] == ["2"]


def test_the_text_says_it_is_vietnamese_and_keeps_the_order_of_the_schema(db: None) -> None:
    for code in (HA_TIEN, DIEN_BIEN):
        word = opened(sample(code))
        (language,) = word.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
        assert language.get(qn("w:val")) == "vi-VN"
        heads = [section.header._element for section in word.sections]
        for root in (word.element, word.styles.element, *heads):
            for element in root.iter(*PLACES):
                assert in_order(element), [child.tag for child in element]
