"""What a clerk types into the field of a figure, read into a value.

Every refusal names what was typed and what is expected (`text.numbers.EntryError`).
"""

import re
from datetime import date
from decimal import Decimal

from ..enums import ValueKind
from ..text.dates import parse_date
from ..text.names import fold
from ..text.numbers import EntryError, format_count, parse_count, parse_decimal
from ..text.typography import clean_line, clean_lines
from .figures import Figure
from .values import Value

#: What a clerk may type for "nothing of the kind occurred", folded.
NONE_ARISEN_WORDS = {
    "kps", "khong", "khong phat sinh", "ko phat sinh", "ko", "khong co", "ko co",
    "khong co phat sinh", "khong co gi",
}  # fmt: skip
#: A dash alone may mean that nothing occurred or that nobody knows yet: it is asked back.
DASH = re.compile(r"[-‐‑‒–—―−_.…/]+")
#: How a number of each kind is written, shown where one could not be read.
EXAMPLES = {ValueKind.AMOUNT: "2.500.000.000"}
#: The longest text of one item, in characters: ten printed pages.
LONGEST_TEXT = 20_000


def parse_entry(figure: Figure, text: str, near: date | None = None) -> Value:
    """Read one field. `near`, the period's last day, tells the century of a year of two digits.

    EntryError says what was typed and what is expected.
    """
    text = clean_lines(text) if figure.kind == ValueKind.TEXT else clean_line(text)
    if not text:
        return Value("" if figure.kind == ValueKind.TEXT else None)
    if figure.kind == ValueKind.TEXT:
        return _read_text(text)
    refuses = figure.kind in (ValueKind.CODE, ValueKind.DATE)
    if fold(text) in NONE_ARISEN_WORDS:
        if refuses:
            raise EntryError(
                f"“{text}”: ô này cần {figure.kind.label}, không nhận “không phát sinh”."
            )
        return Value(none_arisen=True)
    if DASH.fullmatch(text):
        hint = (
            "không phải giá trị của ô này;"
            if refuses
            else "là không phát sinh? Nếu đúng thì gõ kps;"
        )
        raise EntryError(f"“{text}” {hint} chưa có số liệu thì để trống.")
    if figure.kind == ValueKind.DATE:
        return Value(parse_date(text, near))
    return READERS[figure.kind](figure, text)


def _read_text(text: str) -> Value:
    if len(text) > LONGEST_TEXT:
        raise EntryError(
            f"Văn bản có {format_count(len(text))} ký tự; tối đa {format_count(LONGEST_TEXT)}."
        )
    if fold(text) in ("kps", "khong phat sinh"):
        return Value("", none_arisen=True)
    return Value(text)


def _read_percent(figure: Figure, text: str) -> Value:
    """A percentage is typed only where it cannot be computed: kept as stated when it has parts."""
    text = re.sub(r" ?phần trăm$", "%", text)
    share = parse_decimal(text, 2, percent=True)
    if share > 1000:
        raise EntryError(f"“{text}”: tỷ lệ lớn bất thường; cần một tỷ lệ phần trăm như 97,37.")
    return Value(stated=text.removesuffix("%").strip()) if figure.whole else Value(share)


def _read_code(figure: Figure, text: str) -> Value:
    codes = {str(code): code for code, _ in figure.choices}
    if text not in codes:
        legend = "; ".join(f"{label} = {code}" for code, label in figure.choices)
        raise EntryError(f"“{text[:60]}” không có trong chú giải: {legend}.")
    return Value(codes[text])


def _read_count(figure: Figure, text: str) -> Value:
    return Value(parse_count(without_unit(figure, text), EXAMPLES.get(figure.kind, "2.395")))


def _read_amount(figure: Figure, text: str) -> Value:
    """Money: `2.500.000.000 đồng`, `1,25 tỷ`, `1 tỷ 250 triệu đồng`; a whole number of đồng."""
    if fold(figure.unit) != "dong" or not MONEY.fullmatch(text):
        return _read_count(figure, text)
    amount = Decimal(0)
    for part in MONEY_PART.finditer(text):
        number, word = part["number"], part["word"]
        factor = FACTORS[fold(word)] if word else 1
        amount += parse_decimal(number, 9) * factor
    if amount != int(amount):
        raise EntryError(f"“{text}” không tròn đồng; ghi số tiền tròn đồng, ví dụ 2.500.000.000.")
    return Value(parse_count(str(int(amount))))


def _read_decimal(figure: Figure, text: str) -> Value:
    return Value(parse_decimal(without_unit(figure, text), figure.decimals))


#: Words for thousands, millions, thousand millions beside an amount, folded.
FACTORS = {
    "nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "tr": 10**6, "ty": 10**9, "ti": 10**9,
}  # fmt: skip
_NUMBER = r"[0-9][0-9.,]*"
_FACTOR = r"tỷ|tỉ|ty|triệu|trieu|tr|nghìn|ngàn"
_CURRENCY = r"(?:đồng|đ|vnđ|vnd)\.?"
MONEY_PART = re.compile(rf"(?P<number>{_NUMBER})(?: ?(?P<word>{_FACTOR})\b)?", re.IGNORECASE)
MONEY = re.compile(
    rf"(?:{_NUMBER}(?: ?(?:{_FACTOR})\b(?: {_NUMBER} ?(?:{_FACTOR})\b)*)? ?{_CURRENCY}"
    rf"|{_NUMBER} ?(?:{_FACTOR})\b(?: {_NUMBER} ?(?:{_FACTOR})\b)*)",
    re.IGNORECASE,
)
_WITH_WORDS = re.compile(rf"(?P<number>{_NUMBER}) ?(?P<words>[^\W\d_%].*)")


def without_unit(figure: Figure, text: str) -> str:
    """A number without the unit of its own figure: `6 lượt` → `6`. EntryError names another unit."""
    match = _WITH_WORDS.fullmatch(text)
    if not match or not figure.unit:
        return text
    typed_unit, unit = fold(match["words"]).rstrip("."), fold(figure.unit.replace(",", " "))
    if f" {typed_unit} " in f" {unit} " or (typed_unit, unit) == ("thu tuc", "tthc"):
        return match["number"]
    raise EntryError(
        f"“{text[:40]}” có chữ; ô này tính bằng {figure.unit[:1].lower()}{figure.unit[1:]}, chỉ ghi số, "
        f"ví dụ cách viết: {EXAMPLES.get(figure.kind, '2.395')}."
    )


READERS = {
    ValueKind.COUNT: _read_count,
    ValueKind.AMOUNT: _read_amount,
    ValueKind.DECIMAL: _read_decimal,
    ValueKind.PERCENT: _read_percent,
    ValueKind.CODE: _read_code,
}


def same_words(typed: str, stated: str) -> bool:
    """Whether a typed text equals what the source printed, spaces and line ends aside."""
    return bool(stated) and "".join(typed.split()) == "".join(stated.split())
