"""One cell of an Excel form brought back: its place, and its content as a clerk would type it."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ..catalogue.figures import Figure
from ..enums import ValueKind
from ..text.dates import format_date
from ..text.numbers import format_count

NUMBERS = (ValueKind.COUNT, ValueKind.AMOUNT, ValueKind.DECIMAL, ValueKind.PERCENT)


@dataclass(frozen=True)
class Cell:
    """A cell that is not empty: `kind` and `value` as `workbook_reader.cell_of` returns them."""

    column: int
    coordinate: str
    kind: str
    value: Any
    number_format: str = ""

    @property
    def excerpt(self) -> str:
        """The content in at most 80 characters, for a message."""
        text = "công thức chưa có kết quả" if self.kind == "formula" else str(self.value)
        return text if len(text) <= 80 else text[:79] + "…"


@dataclass(frozen=True)
class CellProblem:
    """A cell that cannot be read: its place, its content in short, what is expected instead."""

    cell: str
    content: str
    expected: str


class Unreadable(ValueError):
    """A cell that holds no text, number or day."""

    def __init__(self, content: str, expected: str) -> None:
        self.content, self.expected = content, expected
        super().__init__(content)


def page_place(title: str) -> str:
    return f"trang “{title[:31]}”"


def place(title: str, cell: Cell) -> str:
    """The place of a cell in words that can be read out: `trang “…”, ô B5`."""
    return f"{page_place(title)}, ô {cell.coordinate}"


def text_of(cell: Cell, figure: Figure | None) -> str:
    """The content as a clerk would type it: `1.234`, `0,5`, `05/8/2024`; without a `figure` digits stay ungrouped."""
    value = cell.value
    match cell.kind:
        case "text":
            return str(value)
        case "day":
            return format_date(date.fromisoformat(value))
        case "number" | "percent":
            return number_text(value, cell.kind == "percent", figure)
        case "no day":  # beyond Excel's calendar: openpyxl leaves the number
            raise Unreadable(f"ngày không hợp lệ {value}", "một ngày như 05/8/2024")
        case "formula":
            raise Unreadable(
                "công thức chưa có kết quả",
                "một giá trị; mời mở tệp bằng Excel, lưu lại rồi tải lên",
            )
        case "truth":
            raise Unreadable("ĐÚNG hoặc SAI (TRUE, FALSE)", "một số hoặc chữ")
        case "error":
            raise Unreadable(f"lỗi của Excel {value}", "một số hoặc chữ")
    raise Unreadable("giờ hoặc khoảng thời gian", "một số, ngày hoặc chữ")


def number_text(value: float, percent: bool, figure: Figure | None) -> str:
    """A number as Excel shows it, with 15 digits; in a cell shown as percent 0.9737 is `97,37%`.

    The results of formulas have decimals without end: a percentage keeps those of its figure.
    """
    number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 18:
        raise Unreadable("số quá lớn", "một số tối đa 15 chữ số")
    number = number * 100 if percent else number
    if figure is not None and figure.kind == ValueKind.PERCENT:
        number = number.quantize(Decimal(1).scaleb(-(figure.decimals or 2)), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(number):f}".partition(".")
    fraction = fraction.rstrip("0")
    grouped = figure is not None and figure.kind in NUMBERS
    digits = format_count(int(whole)) if grouped else whole
    sign = "-" if number < 0 else ""
    return f"{sign}{digits}{',' + fraction if fraction else ''}{'%' if percent else ''}"
