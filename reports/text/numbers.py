"""Numbers as officials write them: read from what is typed, and set for paper."""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .typography import NBSP, clean_line


class EntryError(ValueError):
    """Text that cannot be read; `message` says in Vietnamese what to write instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def _quoted(text: str) -> str:
    """Return the subject of a message: the text typed, in quotes and cut to 40 letters."""
    if not text:
        return "Ô này"
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


_MAX_DIGITS = 15  # the longest amount in đồng that a commune states

# "0.395" is no grouping: it is English for 0,395, so a group never starts with 0.
_WHOLE = r"[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+"
_COUNT = re.compile(_WHOLE)
_DECIMAL = re.compile(rf"(?P<whole>{_WHOLE})(?:,(?P<fraction>[0-9]+))?")
_ENGLISH_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_ENGLISH_NUMBER = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_ENGLISH_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_TO_VIETNAMESE = str.maketrans(",.", ".,")

# What is wrong with a number of either kind, in the order in which it is said.
_COMPLAINTS = (
    (re.compile(r"^[-−–—]"), "là số âm, ô này không nhận số âm"),
    (re.compile(r"^\+"), "có dấu cộng, chỉ ghi số"),
    (re.compile(r"(?![0-9])\d"), "có chữ số lạ, chỉ dùng các chữ số từ 0 đến 9"),
    (re.compile(r"[^\W\d_]"), "có chữ, chỉ ghi số"),
    (re.compile(r"%"), "có dấu %, chỉ ghi số"),
    (re.compile(r"[0-9] ?[-−–—] ?[0-9]"), "là một khoảng, ô này nhận một số"),
    (re.compile(r"^[~≈<>≤≥]|[+±]"), "là số ước chừng, ô này nhận một số"),
    (re.compile(r"/"), "có dấu /, ô này nhận một số"),
    (re.compile(r" "), "có dấu cách ở giữa, cần viết liền"),
)


def parse_count(text: str, example: str = "2.395") -> int:
    """Read a whole number such as `2.395`, `2395` or `05`.

    Raises EntryError for everything else, `2,395` and `1.23` included; `example` shows how to write.
    """
    text = clean_line(text)
    if not _COUNT.fullmatch(text):
        raise EntryError(_count_refusal(text, example))
    return int(_ungrouped(text))


def parse_decimal(text: str, places: int = 2, *, percent: bool = False) -> Decimal:
    """Read a number such as `97,37` or `1.234,5`, with at most `places` decimals.

    With `percent` a trailing % is allowed (and dropped), and `97.375` is asked back: there it is
    far likelier to be 97,375 than ninety-seven thousand.
    Raises EntryError for everything else, `97.37` and `1,234.5` included.
    """
    text = clean_line(text)
    number = text.removesuffix("%").rstrip() if percent else text
    match = _DECIMAL.fullmatch(number)
    if not match or (percent and _ENGLISH_DECIMAL.fullmatch(number)):
        raise EntryError(_decimal_refusal(number, percent))
    whole, fraction = _ungrouped(match["whole"]), match["fraction"] or ""
    if len(fraction) > places:
        allowed = f"tối đa {places} chữ số thập phân" if places else "số nguyên"
        subject = f"{_quoted(number)} có {len(fraction)} chữ số thập phân; ô này nhận {allowed}"
        if _ENGLISH_GROUPS.fullmatch(number):
            subject += f", viết {number.translate(_TO_VIETNAMESE)} nếu là số hàng nghìn"
        raise EntryError(f"{subject}.")
    return Decimal(f"{whole}.{fraction}")


def _count_refusal(text: str, example: str) -> str:
    subject = _quoted(text)
    if _ENGLISH_GROUPS.fullmatch(text):
        dotted, bare = text.translate(_TO_VIETNAMESE), text.replace(",", "")
        return f"{subject} có dấu phẩy, ô này nhận số nguyên; viết {dotted} nếu là số {bare}."
    complaint = _complaint(text)
    if not complaint and "," in text:
        complaint = "có dấu phẩy, ô này nhận số nguyên"
    elif not complaint and "." in text:
        complaint = "có dấu chấm không đúng chỗ, mỗi nhóm sau dấu chấm có ba chữ số"
    return f"{subject} {complaint or 'không phải số nguyên'}; ví dụ cách viết: {example}."


def _decimal_refusal(text: str, percent: bool) -> str:
    subject = _quoted(text)
    if _ENGLISH_DECIMAL.fullmatch(text):
        comma, bare = text.replace(".", ","), text.replace(".", "")
        return f"{subject} có dấu chấm; viết {comma} nếu là số thập phân, {bare} nếu là số nguyên."
    if _ENGLISH_NUMBER.fullmatch(text):
        return f"{subject} viết theo lối Anh – Mỹ; viết {text.translate(_TO_VIETNAMESE)}."
    example = "97,37" if percent else "97,37 hoặc 1.234,5"
    return f"{subject} {_complaint(text) or 'không phải số'}; ví dụ cách viết: {example}."


def _complaint(text: str) -> str | None:
    if not text:
        return "chưa có số"
    return next((complaint for sign, complaint in _COMPLAINTS if sign.search(text)), None)


def _ungrouped(whole: str) -> str:
    """Return the digits of a grouped whole number; EntryError when too many."""
    digits = whole.replace(".", "")
    if len(digits) > _MAX_DIGITS:
        subject = f"{_quoted(whole)} có {len(digits)} chữ số"
        raise EntryError(f"{subject}; ô này nhận tối đa {_MAX_DIGITS} chữ số.")
    return digits


def format_count(n: int, pad: bool = False) -> str:
    """Write `2.395`; `pad` writes 1–9 as prose by habit does, `05` (0 stays `0`)."""
    if pad and 1 <= n <= 9:
        return f"{n:02d}"
    return f"{n:,}".translate(_TO_VIETNAMESE)


def format_decimal(d: Decimal, places: int) -> str:
    """Write `1.234,50`: exactly `places` decimals, rounded half up."""
    rounded = d.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    # Adding 0 turns the "-0,00" of a small negative number into "0,00".
    return f"{rounded + 0:,f}".translate(_TO_VIETNAMESE)


def format_percent(d: Decimal, places: int) -> str:
    """Write `97,37%`, `81,8%`, `100%`: at most `places` decimals, rounded half up."""
    text = format_decimal(d, places)
    if "," in text:
        text = text.rstrip("0").rstrip(",")
    return text + "%"


def format_size(size: int) -> str:
    """A size in bytes as people say it: `900 byte`, `14,6 KB`, `20 MB`."""
    if size < 1024:
        return f"{size} byte"
    unit, amount = ("MB", size / 1024**2) if size >= 1024**2 else ("KB", size / 1024)
    return f"{amount:.1f}".replace(".", ",").removesuffix(",0") + NBSP + unit


def percent(part: int | Decimal, whole: int | Decimal, places: int) -> Decimal | None:
    """Return `part` as a percentage of `whole`, rounded half up once; None when whole is 0."""
    if whole == 0:
        return None
    scaled = Fraction(part) / Fraction(whole) * 100 * 10**places
    rounded = int(abs(scaled) + Fraction(1, 2))
    return Decimal(rounded if scaled >= 0 else -rounded).scaleb(-places)


def format_document_number(number: int | None) -> str:
    """Write `05` of `05/BC-UBND`; None, a draft, leaves six non-breaking spaces to write in."""
    return NBSP * 6 if number is None else f"{number:02d}"


def bullet_letter(n: int) -> str:
    """Return the letter of point `n` (from 1): a b c d đ e g …; ValueError past 23."""
    letters = "abcdđeghiklmnopqrstuvxy"  # no f j w z in the Vietnamese alphabet
    if not 1 <= n <= len(letters):
        raise ValueError(f"no letter for point {n}: the alphabet has {len(letters)}")
    return letters[n - 1]


def roman(n: int) -> str:
    """Write `n` as a Roman numeral; ValueError outside 1–3999."""
    if not 1 <= n <= 3999:
        raise ValueError(f"no Roman numeral for {n}")
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    numerals = ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I")
    written = ""
    for value, numeral in zip(values, numerals, strict=True):
        times, n = divmod(n, value)
        written += numeral * times
    return written
