"""The report as an Excel form: to fill in what each official knows, and to bring back.

One worksheet a section for its figures, further ones for its texts and each of its tables, filled in
with the report's texts. Cells to fill in are open and coloured, everything else is locked without a
password. How a cell is tied to its field is described in `imports.excel_form`, which reads the form back.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from itertools import chain
from typing import Any

from ..catalogue.field_names import KEY, FieldName
from ..dossier import Dossier
from ..entry import FigureEntry, Grid, SectionEntry, indicator_entries, section_entry
from ..entry.progress import sections_of
from ..enums import Placement, Section, ValueKind
from ..imports.excel_form import FORMAT, IDENTITY, LISTS, VERSION, Expected
from ..models import Paper
from ..models.rows import new_uid
from .form_page import LONGEST_NAME, Book, Column, Sketch

#: Rows to fill in below those a table holds already.
EMPTY_ROWS = 20
#: How many locked cells one row of the hidden sheet lists; a reader looks at a hundred columns.
PAIRS = 20
#: The least width of a table, in characters: a narrower one would be blown up to fill the page.
LEAST_WIDTH = 110
#: Shorter names of what is too long for the name of a worksheet.
SHORT = {
    Section.EGOV.label: "Chính quyền điện tử, số",
    "documents": "Văn bản",
    "plan_tasks": "Nhiệm vụ kế hoạch năm",
    "dossiers": "Hồ sơ theo lĩnh vực",
    "equipment": "Trang thiết bị Một cửa",
    "staff": "Trình độ cán bộ, công chức",
    "positions": "Chức danh",
    "outgoing": "Văn bản đi theo loại",
}


def blank_workbook(
    dossier: Dossier, previous: Dossier | None = None, uid: Callable[[], str] = new_uid
) -> bytes:
    """The form as .xlsx bytes; `uid` names the rows to come, and the form itself."""
    book = Book(dossier, previous, uid)
    book.workbook.remove(book.workbook.worksheets[0])
    book.workbook.properties.title = f"Phiếu thu thập số liệu {dossier.period.phrase}"
    book.workbook.properties.creator = str(dossier.unit)
    for number, section in enumerate(sections_of(dossier), start=1):
        _section(book, number, section)
    _identity(book)
    _lists(book)
    buffer = BytesIO()
    book.workbook.save(buffer)
    return buffer.getvalue()


def expected_form(dossier: Dossier) -> Expected:
    """The form of this report without its texts, to compare one brought back with."""
    sketch = Sketch(dossier, None, str)
    for number, section in enumerate(sections_of(dossier), start=1):
        _section(sketch, number, section)
    return sketch.expected


def _section(book: Book, number: int, section: Section) -> None:
    """The worksheets of one section: 3, 3a, 3b …"""
    if section == Section.APPENDIX:
        _appendix(book, _name(number, "", section.label), section)
        return
    if section == Section.PAPER:
        _paper(book, _name(number, "", section.label), section)
        return
    entry = section_entry(book.dossier, section)
    letters = iter(("", *"abcdefgh"))
    label = SHORT.get(section.label, section.label)
    if any(a.typed and a.figure.kind != ValueKind.TEXT for a in entry.figures()):
        _figures(book, _name(number, next(letters), label), entry)
    if entry.narratives or any(a.figure.kind == ValueKind.TEXT for a in entry.figures()):
        letter = next(letters)
        _texts(book, _name(number, letter, "Thuyết minh" if letter else label), entry)
    for grid in entry.grids:
        _table(book, _name(number, next(letters), SHORT.get(grid.table, grid.title)), section, grid)


def _name(number: int, letter: str, title: str) -> str:
    return f"{number}{letter} {title}"[:LONGEST_NAME].rstrip(" ,")


def _figure_columns(book: Book, pattern: str) -> list[Column]:
    before = [Column("Kỳ trước", 14, align="right")] if book.previous else []
    return [
        Column("Chỉ tiêu", 52), Column("Đơn vị", 13, align="center"),
        Column("Bắt buộc", 11, align="center"), *before,
        Column("Số liệu", 22, pattern), Column("Cách tính", 58),
    ]  # fmt: skip


def _figures(book: Book, name: str, entry: SectionEntry) -> None:
    page = book.page(name, entry.section, _figure_columns(book, KEY))
    others = [(f"Số liệu khác: {group.title}", group) for group in entry.others]
    for title, group in [*((group.title, group) for group in entry.groups), *others]:
        fields = [a for a in group.figures if a.typed and a.figure.kind != ValueKind.TEXT]
        if fields:
            page.heading(title)
        for field in fields:
            page.line(field.name, _figure_cells(book, field))
    page.finish()


def _figure_cells(book: Book, entry: FigureEntry) -> list[Any]:
    figure = entry.figure
    unit = "ngày" if figure.kind == ValueKind.DATE else figure.unit
    before = [book.before(figure)] if book.previous else []
    mark = "Bắt buộc" if entry.required else ""
    return [figure.label, unit, mark, *before, figure, entry.counting]


def _texts(book: Book, name: str, entry: SectionEntry) -> None:
    columns: tuple[Column, ...] = (Column("Nội dung cần viết", 40), Column("Gợi ý, cách viết", 34),
               Column("Đoạn văn", 84, KEY), Column("Vị trí", 26))  # fmt: skip
    columns = columns if entry.narratives else columns[:3]
    page = book.page(name, entry.section, columns)
    for field in entry.figures():
        if field.figure.kind == ValueKind.TEXT:
            mark = " (bắt buộc)" if field.required else ""
            cells = (field.figure.label + mark, field.counting, field.figure, "")
            page.line(field.name, cells[: len(columns)], 90)
    if entry.narratives:
        heads = (columns[0], columns[1], Column("Đoạn văn", 84, str(FieldName.text(KEY))),
                 Column("Vị trí", 26, str(FieldName.placement(KEY))))  # fmt: skip
        page.block(heads)
        for n in entry.narratives:
            contents = (n.heading.removeprefix("- "), n.item.prompt, "TextField", Placement)
            page.line(n.item.code, contents, 60)
    page.finish()


def _table(book: Book, name: str, section: Section, grid: Grid) -> None:
    """A table of rows on a worksheet of its own: its rows, then some to fill in."""
    widths = [_width(grid, column) for column in grid.columns]
    wider = max(1.0, LEAST_WIDTH / sum(widths))
    columns = [
        Column(c.heading, wider * _width(grid, c), _pattern(grid, c.name)) for c in grid.columns
    ]
    page = book.page(name, section, columns)
    keys: Iterable[str] = [row.uid for row in grid.rows]
    if not grid.fixed:
        keys = [*keys, *(book.uid() for _ in range(EMPTY_ROWS))]
    labels = {row.uid: row.keys.get(f"{grid.given}_label", "") for row in grid.rows}
    for key in keys:
        page.line(key, [
            labels[key] if c.name == grid.given else c.figure or c.field.get_internal_type()
            for c in grid.columns
        ])  # fmt: skip
    page.finish(rows=True)


def _pattern(grid: Grid, column: str) -> str:
    """How the names of a column are made; "" for the column that names the rows of a fixed table."""
    return "" if column == grid.given else str(FieldName.cell(grid.table, column, KEY))


def _width(grid: Grid, column: Any) -> float:
    """Room for what is typed: broad for names and subjects."""
    if column.name == grid.given:
        return 34
    if column.figure:
        return 15
    kind = column.field.get_internal_type()
    longest = column.field.max_length or 12
    return 52 if kind == "TextField" else 34 if longest > 100 or column.name == "item" else 17


def _appendix(book: Book, name: str, section: Section) -> None:
    """The rows of the appendix: those typed there are open, and every note."""
    before = [Column("Kỳ trước", 14, align="right")] if book.previous else []
    columns = [
        Column("STT", 9, align="center"), Column("Chỉ tiêu", 62), Column("Đơn vị", 24),
        Column("Bắt buộc", 11, align="center"), *before,
        Column("Số liệu", 24, f"indicator.{KEY}"), Column("Ghi chú", 40, str(FieldName.note(KEY))),
    ]  # fmt: skip
    page = book.page(name, section, columns)
    for entry in indicator_entries(book.dossier):
        row = entry.row
        if not entry.field and not entry.takes_note:
            page.heading(f"{row.stt} {row.name}".strip())
            continue
        unit = "; ".join(row.legend) or row.unit
        before_text = book.before(entry.figure) if entry.figure else ""
        earlier = [before_text] if book.previous else []
        page.line(row.code, (
            row.stt, row.name, unit, "Bắt buộc" if entry.field and entry.required else "", *earlier,
            entry.figure if entry.field else None, "TextField" if entry.takes_note else None,
        ))  # fmt: skip
    page.finish()


def _paper(book: Book, name: str, section: Section) -> None:
    page = book.page(name, section, (Column("Nội dung", 30), Column("Ghi trên văn bản", 80, KEY)))
    for key in page.texts:
        page.line(key, (Paper.label(key), Paper.column(key).get_internal_type()), 24)
    page.finish()


def _identity(book: Book) -> None:
    """The very-hidden sheet: whose form it is, and the text of every field when it was made, and of each
    row's locked cells: page and key, then by turns the head of a column and the text under it."""
    sheet = book.workbook.create_sheet(IDENTITY)
    sheet.sheet_state = "veryHidden"
    dossier = book.dossier
    head = (f"{FORMAT} {VERSION}", dossier.unit.code, dossier.period.code, str(dossier.revision),
            book.key)  # fmt: skip
    locked = [
        ("", "", at, *chain.from_iterable(list(texts.items())[first : first + PAIRS]))
        for at, texts in book.locked.items()
        for first in range(0, len(texts), PAIRS)
    ]
    for row, texts in enumerate([head, *book.given.items(), *locked], start=1):
        for column, text in enumerate(texts, start=1):
            if text:
                cell = sheet.cell(row, column)
                cell.value = text
                cell.data_type = "s"


def _lists(book: Book) -> None:
    sheet = book.workbook.create_sheet(LISTS)
    sheet.sheet_state = "veryHidden"
    for column, labels in enumerate(book.lists, start=1):
        for row, label in enumerate(labels, start=1):
            cell = sheet.cell(row, column)
            cell.value = label
            cell.data_type = "s"
