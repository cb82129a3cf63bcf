"""One worksheet of an Excel form: its title, its blocks of rows, its open and its locked cells.

How a cell is tied to its field is described in `imports.excel_form`, which reads the form back.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ..catalogue.field_names import keyed
from ..catalogue.figures import Figure
from ..dossier import Dossier
from ..entry import entry_text
from ..entry.choices import choices_of
from ..entry.page_texts import page_texts
from ..enums import Section, ValueKind
from ..imports.excel_form import BETWEEN, HEAD_ROW, LISTS, MARKER, Expected, ExpectedPage
from ..text.dates import parse_date
from ..text.numbers import EntryError, parse_count, parse_decimal

#: The longest name a worksheet may bear.
LONGEST_NAME = 31
FACE = "Times New Roman"
PLAIN, BOLD, TITLE = Font(name=FACE, size=12), Font(name=FACE, size=12, bold=True), Font(
    name=FACE, size=14, bold=True
)  # fmt: skip
SOFT = Font(name=FACE, size=11, italic=True, color="FF444444")
SIDE = Side(style="thin", color="FF8793A1")
BORDER = Border(left=SIDE, right=SIDE, top=SIDE, bottom=SIDE)
OPEN, HEAD, GROUP = (PatternFill("solid", fgColor=f"FF{c}") for c in ("FFF8DC", "E6EDF6", "F0F3F7"))
UNLOCKED = Protection(locked=False)
ALIGN = {
    name: Alignment(horizontal=name, vertical="center", wrap_text=True, indent=name != "center")
    for name in ("left", "center", "right")
}
TOP = Alignment(horizontal="left", vertical="top", wrap_text=True)
COUNT_HINT = "Ghi số nguyên từ 0 trở lên, không kèm chữ. Không phát sinh thì ghi: kps"
HINT = (
    "Ghi vào các ô màu vàng nhạt. Không có việc phát sinh thì ghi kps; chưa có số liệu thì để trống, ô "
    "để trống không làm thay đổi báo cáo."
)


@dataclass
class Book:
    """A workbook in the making: the texts it is filled in with (`given`), those of its locked cells, the lists
    its cells choose from, and the styles already made (`looks`)."""

    dossier: Dossier
    previous: Dossier | None
    uid: Callable[[], str]
    key: str = ""
    workbook: Workbook = field(default_factory=Workbook)
    given: dict[str, str] = field(default_factory=dict)
    locked: dict[str, dict[str, str]] = field(default_factory=dict)
    lists: dict[tuple[str, ...], str] = field(default_factory=dict)
    looks: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = self.uid()

    def page(self, name: str, section: Section, columns: Sequence["Column"]) -> "Page":
        return Page(self, name, section, columns)

    def list_of(self, labels: tuple[str, ...]) -> str:
        """The address of the labels to choose from; a list inside a rule holds no comma and 255 letters."""
        if labels not in self.lists:
            letter = get_column_letter(len(self.lists) + 1)
            self.lists[labels] = f"'{LISTS}'!${letter}$1:${letter}${len(labels)}"
        return self.lists[labels]

    def before(self, figure: Figure) -> str:
        if self.previous is None or figure.code not in self.previous.catalogue:
            return ""
        return entry_text(figure, self.previous.value(figure.code))


@dataclass(frozen=True)
class Column:
    """A column: its head, width in characters, and the pattern of its names when it is filled in."""

    head: str
    width: float
    pattern: str = ""
    align: str = "left"


#: Columns that do not identify a row, or whose wording may change between releases.
BESIDE = ("Kỳ trước", "Bắt buộc", "Cách tính", "Gợi ý, cách viết")


class Sketch(Book):
    """The same form without a workbook: its titles, heads and labels, to compare one brought back with."""

    def __post_init__(self) -> None:
        facts = f"{self.dossier.unit}, {self.dossier.period.phrase}"
        self.expected = Expected(facts, figures=self.dossier.catalogue)

    def page(self, name: str, section: Section, columns: Sequence["Column"]) -> "PageSketch":  # type: ignore[override]
        return PageSketch(self, name, section, columns)


class PageSketch:
    """One worksheet of a sketch; built like a `Page`."""

    def __init__(
        self, book: Sketch, name: str, section: Section, columns: Sequence["Column"]
    ) -> None:
        self.texts = page_texts(book.dossier, section)
        self.choices = choices_of(book.dossier, section)
        title = name[:LONGEST_NAME].strip()
        self.page = book.expected.pages[title] = ExpectedPage(title, section.value)
        self.block(columns)

    def block(self, columns: Sequence["Column"]) -> None:
        self.columns = columns
        for column in filter(lambda column: column.pattern, columns):
            self.page.heads[column.pattern] = column.head
            self.page.choice_labels[column.pattern] = dict(self.choices.of(column.pattern))

    def heading(self, text: str) -> None:
        """A heading has no key."""

    def line(self, key: str, contents: Sequence[Any], least: float = 21) -> None:
        labels = tuple(
            str(content)
            for column, content in zip(self.columns, contents, strict=True)
            if content and not column.pattern and column.head not in BESIDE
        )
        if labels:
            self.page.labels[key] = labels

    def finish(self, rows: bool = False) -> None:
        self.page.rows = rows


class Page:
    """One worksheet: title and hint, then blocks, each a hidden row of patterns, a head, and rows."""

    def __init__(self, book: Book, name: str, section: Section, columns: Sequence[Column]) -> None:
        self.book, self.section, self.columns = book, section, columns
        self.texts = page_texts(book.dossier, section)
        self.choices = choices_of(book.dossier, section)
        self.sheet: Worksheet = book.workbook.create_sheet(name[:LONGEST_NAME].strip())
        self.sheet.column_dimensions["A"].hidden = True
        for position, column in enumerate(columns, start=2):
            self.sheet.column_dimensions[get_column_letter(position)].width = column.width
        facts = f"{book.dossier.unit}, {book.dossier.period.phrase}"
        self._line(1, f"{section.label} – {facts}", TITLE)
        self._line(2, HINT, SOFT)
        self.row = 3
        self.rules: dict[tuple[str, ...], DataValidation] = {}
        self.block(columns)
        self.sheet.freeze_panes = self.sheet.cell(self.row, 3)
        self.sheet.print_title_rows = f"{self.row - 1}:{self.row - 1}"

    def _line(self, row: int, text: str, font: Font) -> None:
        cell = self.write(row, 2, text)
        cell.font, cell.alignment = font, Alignment(vertical="center", wrap_text=row == 2)
        width = sum(column.width for column in self.columns)
        if row == 2:
            self.sheet.merge_cells(start_row=2, end_row=2, start_column=2,
                                   end_column=len(self.columns) + 1)  # fmt: skip
        self.sheet.row_dimensions[row].height = (
            22 if row == 1 else 16 * (1 + len(text) // int(width))
        )

    def write(self, row: int, column: int, text: str) -> Any:
        cell = self.sheet.cell(row, column)
        cell.value = text
        cell.data_type = "s"  # what begins with "=" stays text
        return cell

    def block(self, columns: Sequence[Column]) -> None:
        """The hidden row of patterns and the head below it."""
        self.columns = columns
        dossier = self.book.dossier
        whose = (self.section.value, dossier.unit.code, dossier.period.code, self.book.key)
        self.write(self.row, 1, MARKER + BETWEEN.join((*whose, self.sheet.title)))
        for position, column in enumerate(columns, start=2):
            if column.pattern:
                self.write(self.row, position, column.pattern)
            head = self.write(self.row + 1, position, column.head)
            head.font, head.fill, head.border = BOLD, HEAD, BORDER
            head.alignment = ALIGN["center"]
        self.write(self.row + 1, 1, HEAD_ROW)
        self.sheet.row_dimensions[self.row].hidden = True
        longest = max((len(c.head) / max(c.width - 2, 1) for c in columns), default=1)
        self.sheet.row_dimensions[self.row + 1].height = 17 * (int(longest) + 1) + 4
        self.row += 2

    def heading(self, text: str) -> None:
        for position in range(2, len(self.columns) + 2):
            cell = self.sheet.cell(self.row, position)
            cell.fill, cell.border = GROUP, BORDER
        cell = self.write(self.row, 2, text)
        self._lock("", "", text)
        cell.font, cell.alignment = BOLD, Alignment(vertical="center")
        self.row += 1

    def line(self, key: str, contents: Sequence[Any], least: float = 21) -> None:
        """One row: for each locked column its text, for each open one the figure or the kind of column that
        is filled in there; None locks the cell."""
        self.write(self.row, 1, key)
        height = least
        for position, (column, content) in enumerate(
            zip(self.columns, contents, strict=True), start=2
        ):
            if column.pattern and content is not None:
                text = self._open(position, keyed(column.pattern, key), content)
            else:
                text = str(content or "")
                cell = self.write(self.row, position, text)
                self._lock(key, column.head, text)
                look = {"font": PLAIN, "alignment": ALIGN[column.align], "border": BORDER}
                if content is None:
                    look["fill"] = GROUP
                self._dress(cell, ("locked", column.align, content is None), look)
            height = max(height, 16 * _lines(text, column.width) + 5)
        self.sheet.row_dimensions[self.row].height = min(height, 400)
        self.row += 1

    def _lock(self, key: str, head: str, text: str) -> None:
        """Note the text of a locked cell: a different text in a form brought back was written over it."""
        if text:
            row = self.book.locked.setdefault(f"{self.sheet.title}{BETWEEN}{key}", {})
            row[head or text] = text

    def _open(self, position: int, name: str, figure_or_kind: Any) -> str:
        """A cell to fill in, with the report's present text, which is returned."""
        text = self.texts.get(name, "")
        label = self.choices.label(name, text)
        if text:
            self.book.given[name] = text
        cell = self.sheet.cell(self.row, position)
        kind = figure_or_kind.kind if isinstance(figure_or_kind, Figure) else figure_or_kind
        labels = self.choices.labels(name)
        number = None if labels else _number(kind, text)
        if number is not None:
            cell.value = number
        elif text:
            cell = self.write(self.row, position, label)
        right, form = number is not None or kind in NUMBERS, _format(kind, number)
        look = {"font": PLAIN, "fill": OPEN, "border": BORDER, "protection": UNLOCKED,
                "alignment": ALIGN["right"] if right else TOP, "number_format": form}  # fmt: skip
        self._dress(cell, ("open", right, form), look)
        if labels or kind in NUMBERS:
            self._rule(labels, kind, cell.coordinate).add(cell)
        return label

    def _dress(self, cell: Any, key: tuple[Any, ...], look: Mapping[str, Any]) -> None:
        """Give a cell its look. The library compares each part with all its styles, cell by cell, so the
        first cell of a `key` is styled and the others copy it."""
        if key not in self.book.looks:
            for part, value in look.items():
                setattr(cell, part, value)
            self.book.looks[key] = copy(cell._style)
        cell._style = copy(self.book.looks[key])

    def _rule(self, labels: tuple[str, ...], kind: Any, address: str) -> DataValidation:
        """The rule of a cell, one for all cells alike: Excel moves the address in it along."""
        key = labels or ("whole" if kind in WHOLE else "number",)
        if key not in self.rules:
            rule = list_rule(self.book.list_of(labels)) if labels else number_rule(kind, address)
            rule.allow_blank, rule.showErrorMessage, rule.errorStyle = True, True, "warning"
            self.sheet.add_data_validation(rule)
            self.rules[key] = rule
        return self.rules[key]

    def finish(self, rows: bool = False) -> None:
        """Protection and print set-up; rows may be inserted and sorted where a table is."""
        protection = self.sheet.protection
        protection.sheet = True
        protection.formatColumns = protection.formatRows = False
        protection.insertRows = protection.sort = protection.autoFilter = not rows
        last = get_column_letter(len(self.columns) + 1)
        self.sheet.print_area = f"B1:{last}{self.row - 1}"
        setup = self.sheet.page_setup
        setup.paperSize, setup.orientation = self.sheet.PAPERSIZE_A4, "landscape"
        setup.fitToWidth, setup.fitToHeight = 1, 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        margins = self.sheet.page_margins
        margins.left = margins.right = 12 / 25.4
        margins.top = margins.bottom = 15 / 25.4
        foot = HeaderFooterItem()
        foot.center = _HeaderFooterPart(text="&A – trang &P/&N", font=f"{FACE},Regular", size=10)
        self.sheet.HeaderFooter.oddFooter = foot


WHOLE = (ValueKind.COUNT, ValueKind.AMOUNT)
NUMBERS = (*WHOLE, ValueKind.DECIMAL, ValueKind.PERCENT)
NUMBER_HINT = "Ghi số từ 0 trở lên, phần thập phân sau dấu phẩy. Không phát sinh thì ghi: kps"


def list_rule(source: str) -> DataValidation:
    """A list to choose from. Like every rule it warns and never refuses: the portal judges."""
    prompt = "Mời chọn một mục trong danh sách."
    return DataValidation("list", formula1=source, errorTitle="Danh sách", error=prompt)


def number_rule(kind: ValueKind, address: str) -> DataValidation:
    """A number from 0 on, or words such as "kps"."""
    whole = f",{address}=INT({address})" if kind in WHOLE else ""
    hint = COUNT_HINT if kind in WHOLE else NUMBER_HINT
    return DataValidation(
        "custom", formula1=f"OR(ISTEXT({address}),AND(ISNUMBER({address}),{address}>=0{whole}))",
        promptTitle="Số liệu", prompt=hint, showInputMessage=True, errorTitle="Số liệu", error=hint,
    )  # fmt: skip


def _number(kind: Any, text: str) -> int | Decimal | date | None:
    """The value of a text that Excel holds as a number or a day; None for any other text."""
    try:
        if kind in WHOLE:
            return parse_count(text)
        if kind in (ValueKind.DECIMAL, ValueKind.PERCENT):
            return parse_decimal(text, 4)
        if kind in (ValueKind.DATE, "DateField"):
            return parse_date(text)
    except EntryError:
        return None
    return None


def _format(kind: Any, number: int | Decimal | date | None) -> str:
    if kind in (ValueKind.DATE, "DateField"):
        return "dd/mm/yyyy"
    if kind in WHOLE:
        return "[$-42A]#,##0"
    if kind in NUMBERS:
        return "[$-42A]#,##0.##" if isinstance(number, Decimal) and number % 1 else "General"
    return "@"  # numbers of documents keep their zeros, and 5/8 stays no date


def _lines(text: str, width: float) -> int:
    return sum(1 + int(len(part) * 0.95 / max(width, 1)) for part in text.split("\n"))
