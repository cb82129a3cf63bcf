"""The Excel writer: each appendix of a document as one worksheet, laid out as on paper.

A4 landscape, fitted to the width, head rows repeated; numbers are numbers and show the Vietnamese way
through the reader's own separators; what a clerk typed is never a formula.
"""

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from .tree import Appendix, Cell, Document, Table

FACE = "Times New Roman"
SIZE = 12
#: Character columns that fill the width of a landscape A4 page inside its margins at 12 pt.
PAGE_COLUMNS = 125
#: Points a line of 12 pt text takes, and the narrowest row.
LINE_POINTS = 15.75
#: Excel shows no row higher than 409.5 points.
MOST_LINES, HIGHEST = 25, 409.5
#: The width of a letter, on an average, in digits.
LETTER, BOLD_LETTER = 0.92, 1.0
LINE = Side(style="thin", color="FF000000")
BORDER = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
#: Shared style objects: new ones a cell would cost three times the whole workbook.
FONTS = {
    (bold, italic, size): Font(name=FACE, size=size, bold=bold, italic=italic)
    for bold in (False, True)
    for italic in (False, True)
    for size in (11, SIZE, 13, 14)
}
ALIGNMENTS = {
    align: Alignment(horizontal=align, vertical="center", wrap_text=True)
    for align in ("left", "center", "right")
}


def make_workbook(document: Document) -> bytes:
    """The appendices of the document as an .xlsx file."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.title = document.title
    workbook.properties.creator = " ".join(document.head.agency)
    for position, appendix in enumerate(document.appendices, start=1):
        name = "Phụ lục" if len(document.appendices) == 1 else f"Phụ lục {position}"
        _sheet(workbook.create_sheet(name), appendix)
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _sheet(sheet: Worksheet, appendix: Appendix) -> None:
    table = appendix.table
    columns = len(table.widths)
    for position, width in enumerate(table.widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width * PAGE_COLUMNS
    _line(sheet, 1, columns, appendix.label, FONTS[True, False, 14])
    _line(sheet, 2, columns, appendix.title, FONTS[True, False, 14])
    _line(sheet, 3, columns, appendix.attached_to, FONTS[False, True, 13])
    first = 5
    _rule(sheet, 4, columns)
    body = tuple(part for row in table.body for part in _parts_of(table, row))
    _rows(sheet, table, table.head, first)
    start = first + len(table.head)
    _rows(sheet, table, body, start)
    _footnotes(sheet, appendix, start + len(body) + 1, columns)
    _print_setup(sheet, first, start - 1)


def _parts_of(table: Table, row: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    """The row, or the rows its text takes: Excel shows no row higher than 409.5 points."""
    pieces, column = [], 0
    for cell in row:
        width = sum(table.widths[column : column + cell.span]) * PAGE_COLUMNS
        pieces.append(_pieces(_text(cell), width) if _is_text(cell) else [_text(cell)])
        column += cell.span
    rows = [row]
    for at in range(max(map(len, pieces))):
        cells = tuple(
            cell
            if len(texts) == 1 and at == 0
            else replace(cell, content=texts[at] if at < len(texts) else "", words="",
                         note=cell.note * (at == 0), figure="")
            for cell, texts in zip(row, pieces, strict=True)
        )  # fmt: skip
        rows[at:] = [cells]
    return rows


def _is_text(cell: Cell) -> bool:
    return bool(cell.words) or isinstance(cell.content, str)


def _pieces(text: str, width: float) -> list[str]:
    """The text parted between words, each part of as many lines as one row holds."""
    if _lines(text, width) <= MOST_LINES:
        return [text]
    pieces, piece = [], ""
    for word in re.findall(r"\S+\s*|\s+", text):
        if piece and _lines(piece + word, width) > MOST_LINES:
            pieces.append(piece.rstrip())
            piece = ""
        piece += word
    return [*pieces, piece]


def _line(sheet: Worksheet, row: int, columns: int, text: str, font: Font) -> None:
    cell = _write(sheet, row, 1, text)
    cell.font, cell.alignment = font, ALIGNMENTS["center"]
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
    sheet.row_dimensions[row].height = min(_height(text, PAGE_COLUMNS * 0.85) + 3, HIGHEST)


def _rule(sheet: Worksheet, row: int, columns: int) -> None:
    """The rule under the heading: the top border of the narrow row's middle columns."""
    middle = max(2, columns // 2)
    sheet.cell(row, middle + 1).border = Border(top=LINE)
    sheet.row_dimensions[row].height = 8


def _write(sheet: Worksheet, row: int, column: int, text: str):  # type: ignore[no-untyped-def]
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"  # "=1+1" typed by a clerk stays text
    return cell


def _rows(sheet: Worksheet, table: Table, rows: tuple[tuple[Cell, ...], ...], start: int) -> None:
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(rows, start=start):
        column, lines = 1, 1
        for content in cells:
            while (row, column) in taken:
                column += 1
            width = sum(table.widths[column - 1 : column - 1 + content.span]) * PAGE_COLUMNS
            _cell(sheet, row, column, content)
            if content.span > 1 or content.rows > 1:
                area = [
                    (r, c)
                    for r in range(row, row + content.rows)
                    for c in range(column, column + content.span)
                ]
                taken.update(area)
                for r, c in area:
                    sheet.cell(r, c).border = BORDER
                last_row, last_column = area[-1]
                sheet.merge_cells(
                    start_row=row, end_row=last_row, start_column=column, end_column=last_column
                )
            if content.rows == 1:
                lines = max(lines, _lines(_text(content) + content.note, width, content.bold))
            column += content.span
        sheet.row_dimensions[row].height = min(lines * LINE_POINTS + 2, HIGHEST)


def _cell(sheet: Worksheet, row: int, column: int, content: Cell) -> None:
    text = _text(content)
    if isinstance(content.content, (int, Decimal)) and not content.words:
        cell = sheet.cell(row, column)
        cell.value = content.content
        cell.number_format = number_format(content)
    elif content.note:
        cell = sheet.cell(row, column)
        plain = InlineFont(rFont=FACE, sz=SIZE, b=content.bold, i=content.italic)
        raised = InlineFont(rFont=FACE, sz=SIZE, b=content.bold, vertAlign="superscript")
        cell.value = CellRichText(TextBlock(plain, text), TextBlock(raised, content.note))
    elif text:
        cell = _write(sheet, row, column, text)
    else:
        cell = sheet.cell(row, column)
    cell.font = FONTS[content.bold, content.italic, SIZE]
    cell.alignment = ALIGNMENTS[content.align]
    cell.border = BORDER


def number_format(content: Cell) -> str:
    """Grouped the Vietnamese way, with as many decimals as the value has.

    042A is Vietnamese: LibreOffice takes the separators from it, Excel from its own settings.
    """
    decimals = 0
    if isinstance(content.content, Decimal):
        decimals = max(0, -int(content.content.normalize().as_tuple().exponent))
    return "[$-42A]#,##0" + ("." + "0" * decimals if decimals else "")


def _text(content: Cell) -> str:
    if content.words:
        return content.words
    return "" if content.content is None else str(content.content)


def _lines(text: str, width: float, bold: bool = False) -> int:
    """How many lines the text takes in a column of `width` digits: Excel sizes no merged cell."""
    room = max(width - 1, 1) / (BOLD_LETTER if bold else LETTER)
    return sum(_wrapped(part, room) for part in text.split("\n"))


def _wrapped(text: str, room: float) -> int:
    """How many lines the words take where `room` letters stand in a line; an endless word goes on."""
    lines, used = 1, 0.0
    for word in text.split(" "):
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, len(word)
        else:
            used += len(word) + (1 if used else 0)
        lines, used = lines + int(used // room), used % room
    return lines


def _height(text: str, width: float) -> float:
    return _lines(text, width) * (LINE_POINTS + 3)


def _footnotes(sheet: Worksheet, appendix: Appendix, row: int, columns: int) -> None:
    raised = InlineFont(rFont=FACE, sz=11, vertAlign="superscript")
    plain = InlineFont(rFont=FACE, sz=11)
    for mark, text in appendix.footnotes:
        for at, piece in enumerate(_pieces(text, PAGE_COLUMNS)):
            cell = sheet.cell(row, 1)
            begins = (TextBlock(raised, mark),) if at == 0 else ()
            cell.value = CellRichText(*begins, TextBlock(plain, f" {piece}"))
            cell.font, cell.alignment = FONTS[False, False, 11], ALIGNMENTS["left"]
            lines = _lines(f"{mark} {piece}", PAGE_COLUMNS)
            sheet.row_dimensions[row].height = min(lines * LINE_POINTS, HIGHEST)
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
            row += 1


def _print_setup(sheet: Worksheet, head_first: int, head_last: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left, margins.right = 30 / 25.4, 15 / 25.4
    margins.top = margins.bottom = 20 / 25.4
    margins.header = margins.footer = 10 / 25.4
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = f"{head_first}:{head_last}"
    sheet.freeze_panes = f"A{head_last + 1}"
    # Page numbers in the top margin, from the second page on.
    number = HeaderFooterItem()
    number.center = _HeaderFooterPart(text="&P", font=f"{FACE},Regular", size=13)
    sheet.HeaderFooter.oddHeader = number
    sheet.HeaderFooter.differentFirst = True
