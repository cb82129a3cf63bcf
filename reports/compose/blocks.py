"""Lists of documents and tables of rows, which no sentence of an outline can write."""

from collections.abc import Iterator
from datetime import date

from ..catalogue.figures import Figure
from ..catalogue.values import TableRow, Value
from ..documents.tree import Cell, Paragraph, Run, Table
from ..dossier import Dossier
from ..enums import DocumentPurpose
from ..models import TABLES_BY_NAME
from ..text.dates import format_date
from ..text.numbers import EntryError, parse_decimal
from ..text.typography import tie
from .columns import fitted
from .wording import within_sentence

#: Tables that print a line of sums below their rows.
SUMMED = {"dossiers", "plan_tasks", "outgoing", "disbursements"}


def documents(
    dossier: Dossier, item: str, bullet: str, purposes: tuple[str, ...] = ()
) -> Iterator[Paragraph]:
    """The documents cited under an item, one a bullet, each cited in full."""
    requested = set(purposes) or set(DocumentPurpose.values)
    rows = [
        row
        for row in dossier.tables.get("documents", ())
        if row.keys["item"] == item and row.keys["purpose"] in requested
    ]
    for position, row in enumerate(rows, start=1):
        end = "." if position == len(rows) else ";"
        yield Paragraph((Run(tie(citation(row) + end)),), bullet, item, "documents")


def citation(row: TableRow) -> str:
    """A document cited in full: kind, number, date, issuer, subject (NĐ 30/2020, Phụ lục I).

    A citation that came from a printed source and could not be parsed (`cited_as`) is printed as it is.
    """
    keys = row.keys
    if keys["cited_as"]:
        return str(keys["cited_as"]).rstrip(".;")
    kind = str(keys["kind_label"] or "Văn bản")
    number = "/".join(str(part) for part in (keys["number"], keys["symbol"]) if part)
    day = row.day("date")
    dated = f"ngày {format_date(day)}" if day else str(keys["date_text"])
    text = kind
    if number:
        text += f" số {number}"
    if dated:
        text += f" {dated}"
    if keys["subject"] and keys["issuer"] and not (number or dated):
        # “Chương trình tổng thể cải cách hành chính nhà nước của Chính phủ”
        return f"{text} {keys['subject']} của {keys['issuer']}"
    if keys["issuer"]:
        text += f" của {keys['issuer']}"
    if keys["subject"]:
        subject = str(keys["subject"])
        text += f" về {within_sentence(subject)}" if number or dated else f" {subject}"
    return text


def rows_table(dossier: Dossier, table: str, item: str) -> Table | None:
    """The rows of a table as a ruled table: numbered, without empty columns; None when all are empty."""
    rows = dossier.tables.get(table, ())
    figures = [f for f in dossier.catalogue.values() if f.table == table and f.column]
    figures = [f for f in figures if any(row.value(f.code).answered for row in rows)]
    model = TABLES_BY_NAME[table]
    keys = [key for key in model.keys if any(row.keys.get(key) for row in rows)]
    rows = tuple(row for row in rows if any(row.value(f.code).answered for f in figures))
    if not rows or not figures:
        return None
    labels = [f.label[0].upper() + f.label[1:] for f in figures]
    head = [
        Cell(text, align="center", bold=True)
        for text in ("TT", *(model.label(key) for key in keys), *labels)
    ]
    body = []
    for position, row in enumerate(rows, start=1):
        texts = [row.keys.get(f"{key}_label", row.keys[key]) for key in keys]
        cells = [Cell(str(text or "")) for text in texts]
        values = [value_cell(row.value(f.code), f.decimals, row.place(f.code)) for f in figures]
        body.append((Cell(position, align="center"), *cells, *values))
    if table in SUMMED and len(rows) > 1:
        body.append(_sums(rows, keys, figures))
    return fitted(tuple(head), tuple(body), item)


def _sums(rows: tuple[TableRow, ...], keys: list[str], figures: list[Figure]) -> tuple[Cell, ...]:
    """A sum is printed only when every row is answered: an incomplete sum is no sum."""
    cells = [Cell("Tổng số", align="center", bold=True, span=1 + len(keys))]
    for figure in figures:
        numbers = [row.value(figure.code).number for row in rows]
        total = (
            None if any(n is None for n in numbers) else sum(n for n in numbers if n is not None)
        )
        cells.append(Cell(total, figure.decimals, "right", bold=True))
    return tuple(cells)


def value_cell(value: Value, decimals: int = 0, figure: str = "", align: str = "right") -> Cell:
    """A value in a table: bare number, the words "Không phát sinh", the text as printed, or empty."""
    if value.none_arisen:
        return Cell(None, align="center", figure=figure, words="Không phát sinh")
    if value.stated:
        return _stated_cell(value, figure, align)
    if isinstance(value.content, str):
        return Cell(value.content, align="left", figure=figure)
    if isinstance(value.content, date):
        return Cell(format_date(value.content), align="center", figure=figure)
    return Cell(value.content, decimals, align, figure=figure)


def _stated_cell(value: Value, figure: str, align: str) -> Cell:
    """A value stated as its source printed it: as a number where it reads as one, else as that text."""
    try:
        return Cell(parse_decimal(value.stated), 2, align, figure=figure)
    except EntryError:
        short = len(value.stated) <= 20 and "\n" not in value.stated
        alignment = "center" if short else "left"
        content = None if isinstance(value.content, date) else value.content
        return Cell(content, align=alignment, figure=figure, words=value.stated)
