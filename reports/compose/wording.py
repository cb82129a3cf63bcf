"""Small habits of official wording: days of the week in words."""

import re

DAYS = {"2": "Hai", "3": "Ba", "4": "Tư", "5": "Năm", "6": "Sáu", "7": "Bảy"}
#: `thứ 4` is Wednesday only where a time of day or the week is spoken of; `lần thứ 4` is not.
_WEEK = re.compile(
    r"\b(?:sáng|chiều|tối|hằng tuần|hàng tuần|trong tuần|các ngày|vào ngày)\b", re.IGNORECASE
)
_DAY = re.compile(r"(?<!lần )(?<!đứng )(?<!hạng )\b(thứ)[ \xa0]([2-7])\b(?![.,/]\d)", re.IGNORECASE)


def weekdays(text: str) -> str:
    """`chiều thứ 4` → `chiều thứ Tư`, in a text that speaks of the week."""
    if "hứ" not in text or not _WEEK.search(text):
        return text
    return _DAY.sub(lambda found: f"{found[1]} {DAYS[found[2]]}", text)
