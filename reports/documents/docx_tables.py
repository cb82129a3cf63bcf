"""Ruled tables of the Word writer, built as XML."""

from typing import Any

from docx.oxml.parser import parse_xml
from docx.shared import Length

from .docx_styles import style_id
from .html import cell_text, heads
from .tree import Cell, Table

#: Rows to write in by hand, in twentieths of a point: 8.5 mm.
TALL_TWIPS = 482


def ruled_table(table: Table, width: Length) -> Any:
    """A ruled table as an element, built as XML: cell by cell through the library costs minutes on long ones."""
    widths = [int(width * share / 635) for share in table.widths]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    head = _rows(table.head, widths, repeated=True)
    body = _rows(table.body, widths, repeated=False)
    if table.tall:
        high = f'<w:trHeight w:val="{TALL_TWIPS}" w:hRule="atLeast"/></w:trPr>'
        body = body.replace("</w:trPr>", high)
    if table.points:
        size = f'<w:sz w:val="{2 * table.points}"/></w:rPr>'
        head, body = (part.replace("</w:rPr>", size) for part in (head, body))
    side = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(side.format(name) for name in sides)
    source = (
        "<w:tbl {0}><w:tblPr>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/>'
        '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return parse_xml(source.replace("{0}", namespace, 1))


def _rows(rows: tuple[tuple[Cell, ...], ...], widths: list[int], repeated: bool) -> str:
    mark = "<w:trPr><w:cantSplit/>" + "<w:tblHeader/>" * repeated + "</w:trPr>"
    written = []
    open_merges: dict[int, int] = {}
    for row in rows:
        cells, column = [], 0
        keep = not repeated and heads(row)  # a group or a "Trong đó" never ends a page
        queue = list(row)
        while column < len(widths):
            if open_merges.get(column, 0):
                open_merges[column] -= 1
                cells.append(_merged(widths[column]))
                column += 1
                continue
            if not queue:
                break
            cell = queue.pop(0)
            wide = sum(widths[column : column + cell.span])
            cells.append(_cell(cell, wide, repeated, keep))
            if cell.rows > 1:
                open_merges[column] = cell.rows - 1
            column += cell.span
        written.append(f"<w:tr>{mark}{''.join(cells)}</w:tr>")
    return "".join(written)


def _merged(width: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vMerge/></w:tcPr><w:p/></w:tc>'


def _cell(cell: Cell, width: int, head: bool, keep: bool) -> str:
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    properties += f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    properties += '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
    properties += '<w:vAlign w:val="center"/>'
    style = "Đầu bảng" if head else "Bảng"
    look = ("<w:b/>" if cell.bold and not head else "") + ("<w:i/>" if cell.italic else "")
    next_to = "<w:keepNext/>" if keep else ""
    align = "" if cell.align == "left" else f'<w:jc w:val="{cell.align}"/>'
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{_escaped(line)}</w:t>' for line in cell_text(cell).split("\n")
    )
    note = ""
    if cell.note:
        raised = f'<w:rPr>{look}<w:vertAlign w:val="superscript"/></w:rPr>'
        note = f"<w:r>{raised}<w:t>{_escaped(cell.note)}</w:t></w:r>"
    return (
        f"<w:tc><w:tcPr>{properties}</w:tcPr>"
        f'<w:p><w:pPr><w:pStyle w:val="{style_id(style)}"/>{next_to}{align}</w:pPr>'
        f"<w:r><w:rPr>{look}</w:rPr>{lines}</w:r>{note}</w:p></w:tc>"
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
