"""Dates as officials write them: read from what is typed, and set for paper."""

import re
from calendar import monthrange
from datetime import date

from .numbers import EntryError, _quoted
from .typography import NBSP, clean_line

_FIRST_YEAR, _LAST_YEAR = 1945, 2100

_DATE = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


#: How many years before and after the period a year of two digits may lie without being asked back.
_YEARS_BEFORE, _YEARS_AFTER = 5, 1


def parse_date(text: str, near: date | None = None) -> date:
    """Read `05/8/2024`, `5-8-2024`, `05.8.2024` or the browser's `2024-08-05`.

    `15/8/23` is read when its year lies about that of `near`, the last day of a period.
    Raises EntryError for other shapes, days that do not exist, years outside 1945–2100.
    """
    text = clean_line(text)
    subject = _quoted(text)
    if iso := _ISO_DATE.fullmatch(text):
        year_text, month_text, day_text = iso.groups()
    elif match := _DATE.fullmatch(text):
        day_text, _, month_text, year_text = match.groups()
    else:
        problem = "không phải ngày tháng" if text else "chưa có ngày"
        raise EntryError(f"{subject} {problem}; viết ngày/tháng/năm, ví dụ 05/8/2024.")
    if len(year_text) == 2:
        year_text = f"20{year_text}"
        if near is None:
            raise EntryError(f"{subject} có năm hai chữ số; ghi đủ bốn chữ số, ví dụ 05/8/2024.")
        if not near.year - _YEARS_BEFORE <= int(year_text) <= near.year + _YEARS_AFTER:
            full = f"{day_text}/{month_text}/{year_text}"
            raise EntryError(
                f"{subject} có năm hai chữ số; viết {full} nếu đúng là năm {year_text}."
            )
    day, month, year = int(day_text), int(month_text), int(year_text)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise EntryError(f"{subject} có năm {year}; năm phải từ {_FIRST_YEAR} đến {_LAST_YEAR}.")
    if not 1 <= month <= 12:
        if not iso and 12 < month <= 31 and 1 <= day <= 12:
            expected = f"viết ngày/tháng/năm, ví dụ {_numeric_date(month, day, year)}"
            raise EntryError(f"{subject} có vẻ theo lối Mỹ, tháng trước ngày; {expected}.")
        raise EntryError(f"{subject} có tháng {month}; tháng phải từ 1 đến 12.")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise EntryError(f"{subject} không có trong lịch; tháng {month} năm {year} có {last} ngày.")
    return date(year, month, day)


def format_date(d: date) -> str:
    """Write `05/8/2024`: zeros before days under 10 and before months 1 and 2 only.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I.
    """
    return _numeric_date(d.day, d.month, d.year)


def _numeric_date(day: int, month: int, year: int) -> str:
    return f"{day:02d}/{_month(month)}/{year}"


def _month(month: int) -> str:
    return f"{month:02d}" if month <= 2 else str(month)


def format_date_words(d: date | None, year: int | None = None) -> str:
    """Write `ngày 05 tháng 8 năm 2024`; None leaves blanks to be filled in by hand.

    The blanks are non-breaking spaces, so that HTML and Word keep their width; `year` is printed
    after them when it is already known, and unused when there is a date.
    """
    if d:
        day, month, shown_year = f"{d.day:02d}", _month(d.month), str(d.year)
    else:
        day = month = NBSP * 5
        shown_year = str(year) if year else NBSP * 8
    return f"ngày{NBSP}{day} tháng{NBSP}{month} năm{NBSP}{shown_year}"
