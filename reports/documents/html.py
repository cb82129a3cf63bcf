"""The HTML writer: one markup for preview and PDF.

`page` makes one self-contained file, `fragment` the paper alone for a screen. Only on screen do runs
carry the name of the figure they were printed from (`data-figure`), so a click can lead to its field;
on paper that markup would only cost time.
"""

import re
from decimal import Decimal
from functools import cache
from html import escape
from math import ceil
from pathlib import Path

from ..text.numbers import format_count, format_decimal
from .tree import (
    Appendix,
    Block,
    Cell,
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

#: Width of the text on an upright and on a lying page, in mm.
UPRIGHT, LYING = 165.0, 252.0
#: Mean width of a letter of running text, in em.
LETTER_EM = 0.454
#: A row of more lines than this may go on over the page.
LONG_ROW = 8
#: More recipients than this may go on over the page, as they take most of one.
MOST_RECIPIENTS = 30
#: Number and symbol of a document, no part of an address.
NUMBER = re.compile(r"(?<![\w/.-])\d{1,5}(?:/\d{4})?(?:[/-][A-ZĐ][\wĐ]{0,9}){1,3}(?![\w/])")
HERE = Path(__file__).resolve().parent
#: What the paper looks like, on screen and printed; then what the printer alone understands of it.
STYLESHEETS = (HERE.parent.parent / "static" / "css" / "document.css", HERE / "printer.css")


@cache
def stylesheet() -> str:
    """The stylesheets of the paper as one; preview and PDF share the first."""
    return "".join(path.read_text(encoding="utf-8") for path in STYLESHEETS)


def page(document: Document) -> str:
    """The whole paper as one HTML file that needs no other."""
    return (
        '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(document.title)}</title><style>{stylesheet()}</style></head>"
        f'<body class="paper-page">{fragment(document)}</body></html>\n'
    )


def fragment(document: Document, screen: bool = False) -> str:
    """The paper as `<article>` elements: the report, then each appendix; or a form's sheets."""
    report = _head(document.head) + blocks(document.body, screen) + _signature(document.signature)
    appendices = "".join(
        _appendix(appendix, screen, number) for number, appendix in enumerate(document.appendices)
    )
    sheets = "".join(_sheet(sheet, screen) for sheet in document.sheets)
    return f'<article class="paper">{report}</article>{appendices}{sheets}'


def place_of(part: Heading | int) -> str:
    """Where one lands in the paper on a screen (the `id`): at a heading, or at the appendix of that number."""
    return f"phu-luc-{part}" if isinstance(part, int) else f"muc-{part.item}"


def frame(document: Document) -> str:
    """Head and signature without the text between them: the frame alone, for a screen."""
    inside = '<p class="elided">…</p>'
    return f'<article class="paper">{_head(document.head)}{inside}{_signature(document.signature)}</article>'


def blocks(body: tuple[Block, ...] | list[Block], screen: bool = False) -> str:
    """Headings, paragraphs and tables one after the other."""
    parts, level = [], 1
    for block in body:
        if isinstance(block, Heading):  # no level is skipped, wherever the outline begins
            level = min(block.level + 1, level + 1, 6)
        parts.append(_block(block, screen, level))
    return "".join(parts)


def _block(block: Block, screen: bool, level: int) -> str:
    if isinstance(block, Heading):
        mark = f' id="{place_of(block)}" data-item="{block.item}"' if screen and block.item else ""
        text = f"{block.marker} {block.text}" if block.marker else block.text
        return f'<h{level} class="level{block.level}"{mark}>{escape(text)}</h{level}>'
    if isinstance(block, Table):
        return _table(block, screen)
    if isinstance(block, Ruling):
        return f'<div class="ruling">{"<div></div>" * block.lines}</div>'
    return _paragraph(block, screen)


def _paragraph(paragraph: Paragraph, screen: bool) -> str:
    names = [paragraph.source] if paragraph.source in ("title", "closing") or screen else []
    names += ["lead"] if paragraph.text.endswith(":") else []
    mark = f' class="{" ".join(names)}"' if names else ""
    mark += f' data-item="{paragraph.item}"' if screen else ""
    marker = f"{paragraph.marker} " if paragraph.marker else ""
    return f"<p{mark}>{marker}{''.join(_run(run, screen) for run in paragraph.runs)}</p>"


def _run(run: Run, screen: bool) -> str:
    text = _whole(escape(run.text)).replace("\n", "<br>")
    if screen and run.figure:
        missing = " missing" if run.missing else ""
        return f'<span class="value{missing}" data-figure="{escape(run.figure)}">{text}</span>'
    return text


def _whole(markup: str) -> str:
    """The same with numbers of documents (`48/2018/QĐ-UBND`) that no line's end parts."""
    return NUMBER.sub(r'<span class="whole">\g<0></span>', markup)


def _head(head: Head) -> str:
    superior = f'<p class="superior">{escape(head.superior)}</p>' if head.superior else ""
    first, *middle, last = head.agency
    subject = "<br>".join(escape(line) for line in balanced(head.subject))
    agency = "".join(f"<p>{escape(line)}</p>" for line in (first, *middle))
    return (
        '<table class="head"><colgroup><col class="left"><col class="right"></colgroup><tr>'
        f'<td class="agency">{superior}{agency}<p class="short-rule"><span>{escape(last)}</span></p></td>'
        '<td><p class="country">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p>'
        '<p class="motto"><span>Độc lập - Tự do - Hạnh phúc</span></p></td></tr>'
        f'<tr><td class="number">{escape(head.number)}</td>'
        f'<td class="date">{_place_and_date(head.place_and_date)}</td></tr></table>'
        f'<h1 class="kind">{escape(head.kind)}</h1>'
        f'<p class="subject short-rule"><span>{subject}</span></p>'
        + _addressees(head.addressees)
        + "".join(f'<p class="basis">{_whole(escape(line))}</p>' for line in head.basis)
    )


def _place_and_date(text: str) -> str:
    """The day is kept whole where a long place name needs a second line."""
    place, comma, when = escape(text).rpartition(", ")
    return f'{place}{comma}<span class="when">{when}</span>'


def balanced(text: str, longest: int = 62) -> list[str]:
    """The text in as few lines as fit, all about as long: no last line of a single word."""
    lines: list[str] = []
    words = text.split(" ")  # a non-breaking space parts no words
    for left in range(-(-len(text) // longest), 1, -1):
        if len(words) < 2:
            break  # a word longer than a line goes on by itself
        share = len(" ".join(words)) / left
        taken = next(
            n
            for n in range(len(words), 0, -1)
            if n == 1 or len(" ".join(words[:n])) <= share + len(words[n - 1])
        )
        lines.append(" ".join(words[:taken]))
        words = words[taken:]
    return [*lines, " ".join(words)] if words or not lines else lines


def _addressees(addressees: tuple[str, ...]) -> str:
    if not addressees:
        return ""
    if len(addressees) == 1:
        return f'<p class="to">Kính gửi: {escape(addressees[0].rstrip(".;"))}.</p>'
    last = len(addressees) - 1
    listed = "".join(
        f"<p>- {escape(name.rstrip('.;'))}{'.' if position == last else ';'}</p>"
        for position, name in enumerate(addressees)
    )
    return (
        f'<table class="to"><tr><td class="label-to">Kính gửi:</td><td>{listed}</td></tr></table>'
    )


def _signature(signature: Signature | None) -> str:
    if signature is None:
        return ""
    *above, title = signature.authority
    capacity = "".join(f"<p>{escape(line)}</p>" for line in above)
    recipients = "".join(f"<p>{escape(line)}</p>" for line in signature.recipients)
    long = " long" if len(signature.recipients) > MOST_RECIPIENTS else ""
    return (
        f'<table class="signature{long}"><tr><td></td><td class="signer">{capacity}</td></tr>'
        f'<tr><td class="recipients"><p class="label">Nơi nhận:</p>{recipients}</td>'
        f'<td class="signer"><p>{escape(title)}</p>'
        f'<p class="name">{escape(signature.name)}</p></td></tr></table>'
    )


def _appendix(appendix: Appendix, screen: bool, number: int) -> str:
    mark = f' id="{place_of(number)}"' if screen else ""
    notes = "".join(
        f'<p class="footnote"><sup>{escape(mark)}</sup> {escape(text)}</p>'
        for mark, text in appendix.footnotes
    )
    return (
        f'<article class="paper appendix"{mark}><h1 class="label">{escape(appendix.label)}</h1>'
        f'<h2 class="title">{escape(appendix.title)}</h2>'
        f'<p class="attached short-rule"><span>{escape(appendix.attached_to)}</span></p>'
        f"{_table(appendix.table, screen, lying=True)}{notes}</article>"
    )


def _sheet(sheet: Sheet, screen: bool) -> str:
    lying = " lying" if sheet.lying else ""
    by, day = map(escape, sheet.answered_by)
    facts = escape(sheet.facts).replace("\n", "<br>")
    return (
        f'<article class="paper form-sheet{lying}" data-foot="{escape(sheet.foot)}">'
        f'<h2 class="sheet-title">{escape(sheet.title)}</h2>'
        f'<p class="sheet-facts">{facts}</p>{blocks(sheet.blocks, screen)}'
        f'<table class="answered-by"><tr><td class="label">{by}</td><td class="line"></td>'
        f'<td class="label day">{day}</td><td class="line day"></td></tr></table></article>'
    )


def _table(table: Table, screen: bool, lying: bool = False) -> str:
    columns = "".join(f'<col style="width:{100 * width:.2f}%">' for width in table.widths)
    if screen:  # the page's policy forbids style attributes; the class names the width in percent
        columns = "".join(f'<col class="w{round(100 * width)}">' for width in table.widths)
    head = "".join(f"<tr>{_cells(row, 'th', screen)}</tr>" for row in table.head)
    body = "".join(
        f"{_row_tag(table, row, lying)}{_cells(row, 'td', screen)}</tr>" for row in table.body
    )
    kind = "ruled" + " tall" * table.tall + (f" p{table.points}" if table.points else "")
    return (
        f'<table class="{kind}"><colgroup>{columns}</colgroup>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table>"
    )


def _row_tag(table: Table, row: tuple[Cell, ...], lying: bool) -> str:
    long = lines_of(table, row, LYING if lying else UPRIGHT) > LONG_ROW
    names = ["heads"] * heads(row) + ["long"] * long
    return f'<tr class="{" ".join(names)}">' if names else "<tr>"


def lines_of(table: Table, row: tuple[Cell, ...], width: float) -> float:
    """About how many lines the row takes on a page whose text is `width` mm wide."""
    letter = (table.points or 12) * LETTER_EM * 25.4 / 72
    most, column = 1.0, 0
    for cell in row:
        share = sum(table.widths[column : column + cell.span])
        text = cell_text(cell)
        if len(text) > LONG_ROW:
            room = max(share * width - 2.5, letter)
            most = max(most, sum(ceil(len(part) * letter / room) for part in text.split("\n")))
        column += cell.span
    return most


def heads(row: tuple[Cell, ...]) -> bool:
    """Whether the row heads the rows below it: a group, a "Trong đó"."""
    return any(cell.content and (cell.bold or cell.italic) for cell in row[:2])


def _cells(row: tuple[Cell, ...], tag: str, screen: bool) -> str:
    return "".join(_cell(cell, tag, screen) for cell in row)


def _cell(cell: Cell, tag: str, screen: bool) -> str:
    names = [cell.align[0]] if tag == "td" and cell.align != "left" else []
    names += ["b"] if cell.bold and tag == "td" else []
    names += ["i"] if cell.italic else []
    if screen and cell.figure:
        names.append("value")
    attributes = f' class="{" ".join(names)}"' if names else ""
    attributes += f' colspan="{cell.span}"' if cell.span > 1 else ""
    attributes += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    attributes += f' data-figure="{escape(cell.figure)}"' if screen and cell.figure else ""
    text = escape(cell_text(cell)).replace("\n", "<br>")
    note = f"<sup>{escape(cell.note)}</sup>" if cell.note else ""
    return f"<{tag}{attributes}>{text}{note}</{tag}>"


def cell_text(cell: Cell) -> str:
    """A cell as paper shows it: `2.394`, `97,37`, the words as printed, or nothing."""
    if cell.words:
        return cell.words
    if cell.content is None:
        return ""
    if isinstance(cell.content, Decimal):
        return (
            format_decimal(cell.content, cell.decimals).rstrip("0").rstrip(",")
            if cell.decimals
            else format_count(int(cell.content))
        )
    if isinstance(cell.content, int):
        return format_count(cell.content)
    return cell.content
