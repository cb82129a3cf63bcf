"""What a clerk types into the field of a figure, read into a value.

Every refusal names what was found and what is expected (`vietnamese.EntryError`).
"""

from .enums import ValueKind
from .figures import Figure
from .values import Value
from .vietnamese import (
    EntryError,
    clean_text,
    fold,
    format_count,
    parse_count,
    parse_date,
    parse_decimal,
)

#: What a clerk may type for "nothing of the kind occurred", folded.
NONE_ARISEN_WORDS = {"kps", "khong", "khong phat sinh", "ko phat sinh", "ko"}
#: The longest text of one item, in characters: ten printed pages.
LONGEST_TEXT = 20_000


def parse_entry(figure: Figure, text: str) -> Value:
    """Read one field. EntryError says what was found and what is expected."""
    text = clean_text(text, multiline=figure.kind == ValueKind.TEXT)
    if not text:
        return Value("" if figure.kind == ValueKind.TEXT else None)
    if figure.kind != ValueKind.TEXT and fold(text) in NONE_ARISEN_WORDS:
        if figure.kind in (ValueKind.CODE, ValueKind.DATE):
            raise EntryError(
                f"“{text}”: ô này cần {figure.kind.label}, không nhận “không phát sinh”."
            )
        return Value(none_arisen=True)
    return READERS[figure.kind](figure, text)


def _read_text(figure: Figure, text: str) -> Value:
    if len(text) > LONGEST_TEXT:
        raise EntryError(
            f"Văn bản có {format_count(len(text))} ký tự; tối đa {format_count(LONGEST_TEXT)}."
        )
    if fold(text) in ("kps", "khong phat sinh"):
        return Value("", none_arisen=True)
    return Value(text)


def _read_percent(figure: Figure, text: str) -> Value:
    """A percentage is typed only where it cannot be computed: kept as stated when it has parts."""
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


READERS = {
    ValueKind.COUNT: lambda _, text: Value(parse_count(text)),
    ValueKind.AMOUNT: lambda _, text: Value(parse_count(text)),
    ValueKind.DECIMAL: lambda figure, text: Value(parse_decimal(text, figure.decimals)),
    ValueKind.PERCENT: _read_percent,
    ValueKind.CODE: _read_code,
    ValueKind.DATE: lambda _, text: Value(parse_date(text)),
    ValueKind.TEXT: _read_text,
}


def same_words(typed: str, stated: str) -> bool:
    """Whether a field still holds what its source printed; a one-line field has lost line ends."""
    return bool(stated) and "".join(typed.split()) == "".join(stated.split())
