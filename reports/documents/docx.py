"""The Word writer: the same tree as a .docx that an official can go on editing.

Every component of Nghị định 30/2020/NĐ-CP, Phụ lục I has a style of its own, named in Vietnamese;
headings are real headings, tables are real tables with repeated head rows, rules are borders, the page
number stands in the header and not on the first page. Measures are those of `document.css`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.section import Section
from docx.shared import Emu, Length, Mm, Pt

from .docx_order import put_in_order
from .docx_styles import add_styles, style_id
from .docx_tables import ruled_table
from .html import balanced
from .tree import (
    Appendix,
    Block,
    Document,
    Head,
    Heading,
    Paragraph,
    Ruling,
    Run,
    Sheet,
    Signature,
    Table,
)

PAGE = (Mm(210), Mm(297))
MARGINS = {"top": Mm(20), "bottom": Mm(20), "left": Mm(30), "right": Mm(15)}
TEXT_WIDTH = Mm(165)
LANDSCAPE_WIDTH = Mm(252)
#: Columns of the head, as in `document.css`.
HEAD_WIDTHS = (0.38, 0.62)
#: Width of the motto at 14 pt bold, in mm: its rule is as long as the text.
MOTTO_WIDTH = 60.5
#: Mean width of a capital letter of Times bold, in em; rules under names are two fifths of the line.
CAPITAL_EM = 0.6
#: The same of running text.
SMALL_EM = 0.454


def make_docx(document: Document) -> bytes:
    """The document as .docx bytes; the same tree gives the same bytes."""
    word = docx.Document()
    _properties(word, document)
    add_styles(word)
    _page(word.sections[0])
    _number_pages(word.sections[0])
    _head(word, document.head)
    for block in document.body:
        _block(word, block)
    if document.signature:
        _signature(word, document.signature)
        if not (document.sheets or document.appendices):
            _low(
                word.add_paragraph()
            )  # Word would put a whole line below a table that ends the text
    for sheet in document.sheets:
        _sheet(word, sheet)
    for appendix in document.appendices:
        _appendix(word, appendix)
    _drop_empty_start(word)
    _put_in_order(word)
    buffer = BytesIO()
    word.save(buffer)
    return _undated(buffer)


def _put_in_order(word: Word) -> None:
    """The schema's order in the text, the styles, the heads and feet of pages."""
    put_in_order(word.element)
    put_in_order(word.styles.element)
    for section in word.sections:
        for part in (section.header, section.first_page_header, section.footer):
            put_in_order(part._element)


def _undated(buffer: BytesIO) -> bytes:
    """The same package with its parts' times blanked."""
    packed = BytesIO()
    with ZipFile(buffer) as dated, ZipFile(packed, "w", ZIP_DEFLATED) as undated:
        for name in dated.namelist():
            part = ZipInfo(name)  # 1980, the first moment a package can name
            part.compress_type = ZIP_DEFLATED
            undated.writestr(part, dated.read(name))
    return packed.getvalue()


def _properties(word: Word, document: Document) -> None:
    properties = word.core_properties
    properties.title = document.title[:250]
    properties.author = " ".join(document.head.agency)
    properties.language = "vi-VN"
    properties.comments = ""
    # A fixed moment: the bytes tell of the content alone.
    properties.created = properties.modified = datetime(2000, 1, 1, tzinfo=UTC)


# --- styles and pages ------------------------------------------------------------------------------


def _page(section: Section, landscape: bool = False) -> None:
    width, height = reversed(PAGE) if landscape else PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    section.top_margin, section.bottom_margin = MARGINS["top"], MARGINS["bottom"]
    section.left_margin, section.right_margin = MARGINS["left"], MARGINS["right"]
    section.header_distance = section.footer_distance = Mm(10)


def _number_pages(section: Section, restart: bool = False) -> None:
    """The page number centred in the top margin, not on the first page."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph._p.style = style_id("Số trang")
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)
    if restart:
        start = OxmlElement("w:pgNumType")
        start.set(qn("w:start"), "1")
        section._sectPr.append(start)


def _drop_empty_start(word: Word) -> None:
    """A new document may begin with an empty paragraph; the paper begins with its head."""
    first = word.element.body[0]
    if first.tag == qn("w:p") and not first.xpath(".//w:t"):
        word.element.body.remove(first)


# --- the frame -------------------------------------------------------------------------------------


def _frame_table(
    word: Word, rows: int, shares: Iterable[float], within: Length = TEXT_WIDTH
) -> Any:
    """A table without borders that fills the text width."""
    widths = [Emu(int(within * share)) for share in shares]
    table = word.add_table(rows, len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    properties = table._tbl.tblPr
    properties.append(_xml('<w:tblLayout {0} w:type="fixed"/>'))
    properties.append(
        _xml(
            '<w:tblCellMar {0}><w:left w:w="0" w:type="dxa"/>'
            '<w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
        )
    )
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    return table


def _xml(source: str) -> Any:
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return parse_xml(source.format(namespace))


def _new(place: Any, style: str, text: str = "") -> Any:
    """A paragraph in one of our styles; the library would read through all of its own for each."""
    paragraph = place.add_paragraph(text)
    paragraph._p.style = style_id(style)
    return paragraph


def _say(cell: Any, style: str, text: str, first: bool = False) -> Any:
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph._p.style = style_id(style)
    _runs(paragraph, text)
    return paragraph


def _runs(paragraph: Any, text: str) -> Any:
    run = None
    for position, line in enumerate(text.split("\n")):
        run = paragraph.add_run(line)
        if position < text.count("\n"):
            run.add_break()
    return run


def _rule(cell: Any, style: str, width: float, within: float) -> None:
    """A rule `width` mm long, centred `within` mm: the border of a paragraph of its own."""
    paragraph = _new(cell, style)
    side = Mm(max(0.0, (within - width) / 2))
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = side
    layout.first_line_indent = Mm(0)
    layout.space_before, layout.space_after = Pt(2), Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    borders = _xml(
        '<w:pBdr {0}><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
    )
    paragraph._p.get_or_add_pPr().append(borders)


def _head(word: Word, head: Head) -> None:
    left, right = (TEXT_WIDTH.mm * share for share in HEAD_WIDTHS)
    table = _frame_table(word, 2, HEAD_WIDTHS)
    agency, country, number, date = (table.cell(r, c) for r in (0, 1) for c in (0, 1))
    lines = [("Cơ quan cấp trên", head.superior)] if head.superior else []
    lines += [("Cơ quan ban hành", line) for line in head.agency]
    for position, (style, line) in enumerate(lines):
        _say(agency, style, line, first=position == 0)
    last = len(head.agency[-1]) * CAPITAL_EM * 13 * 25.4 / 72
    _rule(agency, "Cơ quan ban hành", 0.4 * last, left)
    _say(country, "Quốc hiệu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", first=True)
    _say(country, "Tiêu ngữ", "Độc lập - Tự do - Hạnh phúc")
    _rule(country, "Tiêu ngữ", MOTTO_WIDTH, right)
    _say(number, "Số, ký hiệu", head.number, first=True)
    _say(date, "Địa danh, ngày tháng", head.place_and_date, first=True)
    _new(word, "Tên loại văn bản", head.kind)
    subject = balanced(head.subject)
    _runs(_new(word, "Trích yếu"), "\n".join(subject))
    longest = max(map(len, subject)) * SMALL_EM * 14 * 25.4 / 72
    _rule(word, "Trích yếu", 0.4 * longest, TEXT_WIDTH.mm)
    _addressees(word, head.addressees)
    for line in head.basis:
        _new(word, "Căn cứ", line)


def _addressees(word: Word, addressees: tuple[str, ...]) -> None:
    if len(addressees) == 1:
        _new(word, "Kính gửi", f"Kính gửi: {addressees[0].rstrip('.;')}.")
        return
    if not addressees:
        return
    table = _frame_table(word, 1, (0.36, 0.64))
    label, names = table.cell(0, 0), table.cell(0, 1)
    first = _say(label, "Kính gửi", "Kính gửi:\u00a0", first=True)
    first.alignment = ALIGN.RIGHT
    first.paragraph_format.right_indent = Mm(2)  # a space at the end of a line takes no room
    last = len(addressees) - 1
    for position, name in enumerate(addressees):
        ended = f"- {name.rstrip('.;')}{'.' if position == last else ';'}"
        paragraph = _say(names, "Nơi kính gửi", ended, first=position == 0)
        if position == 0:
            paragraph.paragraph_format.space_before = Pt(12)


def _signature(word: Word, signature: Signature) -> None:
    gap = _new(word, "Nội dung")
    gap.paragraph_format.line_spacing = Pt(6)
    gap.paragraph_format.keep_with_next = True
    table = _frame_table(word, 2, (0.5, 0.5))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_xml("<w:cantSplit {0}/>"))
    *above, title = signature.authority
    capacity, recipients, signer = table.cell(0, 1), table.cell(1, 0), table.cell(1, 1)
    for position, line in enumerate(above):
        _say(capacity, "Quyền hạn, chức vụ", line, first=position == 0)
    for cell in table.rows[0].cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
    _say(recipients, "Nơi nhận", "Nơi nhận:", first=True)
    for line in signature.recipients:
        _say(recipients, "Nơi nhận chi tiết", line)
    _say(signer, "Quyền hạn, chức vụ", title, first=True)
    name = _say(signer, "Họ tên người ký", signature.name)
    name.paragraph_format.space_before = Mm(28)


# --- the text --------------------------------------------------------------------------------------


def _block(word: Word, block: Block, width: Length = TEXT_WIDTH) -> None:
    if isinstance(block, Heading):
        text = f"{block.marker} {block.text}" if block.marker else block.text
        _new(word, f"Heading {min(block.level, 3)}", text)
    elif isinstance(block, Table):
        if word.paragraphs:  # what announces a table never stands alone at the foot of a page
            word.paragraphs[-1].paragraph_format.keep_with_next = True
        gap = _new(word, "Bảng")
        gap.paragraph_format.line_spacing = Pt(6)
        gap.paragraph_format.keep_with_next = True
        word.element.body.insert(-1, ruled_table(block, width))
    elif isinstance(block, Ruling):
        _ruling(word, block)
    else:
        _paragraph(word, block)


def _paragraph(word: Word, paragraph: Paragraph) -> None:
    styles = {"title": "Đề mục nhỏ", "note": "Gợi ý"}
    written = _new(word, styles.get(paragraph.source, "Nội dung"))
    if paragraph.source == "closing" or paragraph.text.endswith(":"):
        written.paragraph_format.keep_with_next = True
    marker = (Run(f"{paragraph.marker} "),) if paragraph.marker else ()
    for run in (*marker, *paragraph.runs):
        _runs(written, run.text)


def _new_section(word: Word) -> Section:
    """A section of its own. The line that ends the one before is so low that it never takes a page."""
    section = word.add_section(WD_SECTION.NEW_PAGE)
    _low(word.paragraphs[-1])
    return section


def _low(paragraph: Any) -> None:
    paragraph._p.style = style_id("Bảng")
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)


def _appendix(word: Word, appendix: Appendix) -> None:
    section = _new_section(word)
    _page(section, landscape=True)
    _number_pages(section, restart=True)
    _new(word, "Phụ lục", appendix.label)
    _new(word, "Tên phụ lục", appendix.title)
    _new(word, "Kèm theo", appendix.attached_to)
    _rule(word, "Kèm theo", 45, LANDSCAPE_WIDTH.mm)
    gap = _new(word, "Bảng")
    gap.paragraph_format.line_spacing = Pt(8)
    word.element.body.insert(-1, ruled_table(appendix.table, LANDSCAPE_WIDTH))
    for mark, text in appendix.footnotes:
        note = _new(word, "Chú thích")
        note.add_run(mark).font.superscript = True
        note.add_run(f" {text}")


def _sheet(word: Word, sheet: Sheet) -> None:
    """A sheet of a form: a section of its own, numbered on, with a foot that says whose it is."""
    section = _new_section(word)
    _page(section, landscape=sheet.lying)
    _number_pages(section)
    section.different_first_page_header_footer = False
    section.footer.is_linked_to_previous = False
    foot = section.footer.paragraphs[0]
    foot._p.style = style_id("Chân phiếu")
    foot.add_run(sheet.foot)
    width = LANDSCAPE_WIDTH if sheet.lying else TEXT_WIDTH
    _new(word, "Tên phiếu", sheet.title)
    _runs(_new(word, "Kỳ của phiếu"), sheet.facts)
    for block in sheet.blocks:
        if isinstance(block, Heading):
            heading = _new(word, f"Heading {min(block.level, 3)}", block.text)
            heading.paragraph_format.first_line_indent = Mm(0)
        else:
            _block(word, block, width)
    _answered_by(word, sheet, width)


def _ruling(word: Word, ruling: Ruling) -> None:
    """Lines to write on: paragraphs ruled below; without `between` Word rules only the last."""
    rule = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="777777"/>'
    borders = "".join(rule.format(side) for side in ("bottom", "between"))
    for _ in range(ruling.lines):
        line = _new(word, "Dòng kẻ")
        line._p.get_or_add_pPr().append(_xml(f"<w:pBdr {{0}}>{borders}</w:pBdr>"))


def _answered_by(word: Word, sheet: Sheet, width: Length) -> None:
    """The lines for the name of whoever filled the sheet in, and the day."""
    _new(word, "Bảng")
    label, day = 46 / width.mm, 16 / width.mm
    table = _frame_table(
        word, 1, (label, 1 - label - day - 30 / width.mm, day, 30 / width.mm), width
    )
    for position, text in ((0, sheet.answered_by[0]), (2, sheet.answered_by[1])):
        _say(table.cell(0, position), "Bảng", text, first=True)
        ruled = table.cell(0, position + 1)._tc.get_or_add_tcPr()
        ruled.append(
            _xml(
                '<w:tcBorders {0}><w:bottom w:val="single" w:sz="4" w:space="0" '
                'w:color="000000"/></w:tcBorders>'
            )
        )
