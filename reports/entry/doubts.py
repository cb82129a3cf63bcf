"""Doubts that a page shows at once about a value that was read well and looks wrong; they stop nothing.

The checks say the same before sending (`checks.sums`, `checks.documents`), with a word to explain it.
"""

from datetime import date

from ..catalogue.figures import SUMS
from ..dossier import Dossier, PeriodFacts
from ..text.dates import format_date
from ..text.numbers import format_count


def sum_doubt(dossier: Dossier, code: str) -> str:
    """A total that its parts contradict: they add up to another, or exceed it already; "" if none."""
    parts = SUMS.get(code, ())
    last = dossier.period.data_to
    total = dossier.value(code).number
    numbers_by_part = {part: dossier.value(part).number for part in parts}
    expected = [
        p for p in parts if numbers_by_part[p] is not None or dossier.catalogue[p].valid_on(last)
    ]
    numbers = [int(number) for number in numbers_by_part.values() if number is not None]
    if total is None or not numbers or any(dossier.catalogue[part].rows_of for part in parts):
        return ""
    added = sum(numbers)
    if added > total:
        less = "" if len(numbers) == len(expected) else "riêng "
        return f"Các số thành phần {less}cộng lại là {format_count(added)}, lớn hơn tổng đã ghi."
    if added < total and len(numbers) == len(expected):
        return f"Các số thành phần cộng lại là {format_count(added)}, nhỏ hơn tổng đã ghi."
    return ""


def date_doubt(day: object, period: PeriodFacts) -> str:
    """A day after the period that the report tells of."""
    if not isinstance(day, date) or day <= period.data_to:
        return ""
    return (
        f"Ngày {format_date(day)} sau ngày cuối kỳ báo cáo ({format_date(period.data_to)}); "
        "mời xem lại."
    )
