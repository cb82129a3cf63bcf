"""Small habits of official wording: days of the week in words, small letters within a sentence."""

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
    return _DAY.sub(lambda match: f"{match[1]} {DAYS[match[2]]}", text)


#: How names begin that keep their capital in the middle of a sentence: kinds of documents, bodies.
_NAMED = re.compile(
    r"(?:Quy (?:chế|tắc|định|ước)|Hương ước|Nội quy|Điều lệ|Chương trình|Đề án|Dự án|Kế hoạch|Luật|Bộ|Danh mục"
    r"|Nghị (?:quyết|định)|Chỉ thị|Quyết định|Thông tư|Mục tiêu|Chiến lược|Tiêu chuẩn|Hiến pháp|Pháp lệnh"
    r"|Nhà nước|Nhân dân|Đảng|Chính (?:phủ|quyền)|Quốc hội|Thủ tướng|(?:Phó )?Chủ tịch"
    r"|Hội(?! nghị| thi| thảo)|[ỦU][ỷy] ban|Mặt trận|Đoàn|Trung tâm|Tổ(?! chức)|Cổng|Hệ thống|Phong trào|Ngày|Tháng|Tết)(?!\w)"
)


def within_sentence(text: str) -> str:
    """`Kiện toàn Ban Chỉ đạo` → `kiện toàn Ban Chỉ đạo`: what was typed as a title, within a sentence.

    Proper names, whose second syllable has a capital too, and names of documents and bodies stay.
    """
    first, _, rest = text.partition(" ")
    sentence_case = first[:1].isupper() and first[1:].islower() and rest[:1].islower()
    if not sentence_case or _NAMED.match(text):
        return text
    return text[0].lower() + text[1:]
