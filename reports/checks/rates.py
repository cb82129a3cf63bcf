"""Percentages that a source stated or a person typed."""

from collections.abc import Iterator
from decimal import Decimal

from ..catalogue.values import Value
from ..enums import Section, Severity, ValueKind
from ..models import TABLES_BY_NAME
from ..text.numbers import EntryError, format_percent, parse_decimal, percent
from .case import Case, Problem, rule, values_of


@rule(Severity.WARNING)
def rate_not_ratio(case: Case) -> Iterator[Problem]:
    """A stated percentage is the ratio of its parts, to the decimals it was stated with.

    Rounded half up (text.numbers.percent); a truncated one differs.
    """
    for label, value, section, name, parts, whole in _rates(case):
        stated = _percentage(value.stated)
        if not whole or stated is None or value.content is None:
            continue
        places = max(0, -int(stated.as_tuple().exponent))
        computed = percent(parts, whole, places)
        if computed is not None and computed != stated:
            exact = format_percent(percent(parts, whole, max(places, 1)) or Decimal(0), 4)
            yield Problem(
                section, name,
                f"{label} ghi {format_percent(stated, places)}; tính từ số liệu là {exact}.",
                "Xóa tỷ lệ đã ghi để dùng tỷ lệ tính từ số liệu, hoặc sửa số liệu.",
                values_of(value.stated[:40], parts, whole),
            )  # fmt: skip


@rule(Severity.WARNING)
def rate_unreadable(case: Case) -> Iterator[Problem]:
    """A stated percentage is a number from 0 to 100.

    The four values of a figure (docs/architecture.md, Values).
    """
    for label, value, section, name, _, whole in _rates(case):
        stated = _percentage(value.stated) if value.stated else value.number
        if stated is not None and stated <= 100:
            continue
        if not value.stated and (whole or stated is None):
            continue  # computed: bounds speak of its parts
        stated_text = " ".join(value.stated.split())[:80] if value.stated else ""
        text = stated_text or format_percent(Decimal(stated or 0), 2)
        yield Problem(
            section, name,
            f"{label} ghi “{text}”; cần tỷ lệ phần trăm từ 0 đến 100.",
            "Ghi lại tỷ lệ, hoặc giải trình.",
            values_of(text),
        )  # fmt: skip


def _percentage(text: str) -> Decimal | None:
    """The percentage in a stated text; None when it is none."""
    try:
        return parse_decimal(text, 4, percent=True)
    except EntryError:
        return None


Rate = tuple[str, Value, Section, str, "int | Decimal", "int | Decimal"]


def _rates(case: Case) -> Iterator[Rate]:
    """Every percentage kept as it was stated, or typed, with its field and the numbers behind it."""
    for code, figure in case.dossier.catalogue.items():
        if figure.kind != ValueKind.PERCENT:
            continue
        if not figure.table:
            value = case.dossier.value(code)
            if value.answered and not value.none_arisen:
                parts = sum(case.numbers(figure.parts).values()) if figure.parts else 0
                whole = case.number(figure.whole) if figure.whole else 0
                yield case.label(code), value, *case.place(code), parts, whole or 0
            continue
        for row in case.rows(figure.table):
            if not row.value(code).stated:
                continue
            value = case.dossier.value(code, row)
            parts = sum(case.numbers(figure.parts, row).values())
            section = TABLES_BY_NAME[figure.table].page_of(row.keys)
            name = row.place(figure.parts[0])  # the share has no field; its part has
            who = row.keys.get("category_label") or row.keys.get("category")
            label = f"“{who}”: {case.label(code)}"
            yield label, value, section, name, parts, case.number(figure.whole, row) or 0
