"""Totals and their parts: what must add up, as the definitions of the figures say."""

from collections.abc import Iterator

from ..catalogue.figures import SUMS
from ..catalogue.outlines import IndicatorFacts
from ..enums import Section, Severity, ValueKind
from ..models import Indicator
from .case import Case, Number, Problem, Repair, rule, say, say_value, sum_of, values_of
from .rows import sums_of_columns


@rule(Severity.ERROR)
def total_of_parts(case: Case) -> Iterator[Problem]:
    """A total equals the sum of its parts, and is never less than those of them already known.

    figures.SUMS; for dossiers Thông tư 01/2020/TT-VPCP, biểu II.06: 3 = 4 + 5 + 6, 7 = 8 + 9 + 10,
    11 = 12 + 13.
    """
    for code, parts in SUMS.items():
        if any(case.dossier.catalogue[part].rows_of for part in parts):
            continue  # a table may leave out kinds: see rows_above_total
        valid = tuple(p for p in parts if case.valid(p) or case.number(p) is not None)
        total, numbers = case.number(code), case.numbers(valid)
        if total is None or not numbers:
            continue
        added = sum(numbers.values())
        if added > total or (added != total and len(numbers) == len(valid)):
            yield _differs(case, code, numbers, total, complete=len(numbers) == len(valid))


def _differs(
    case: Case, code: str, numbers: dict[str, Number], total: Number, *, complete: bool
) -> Problem:
    written = say_value(case.dossier.value(code))
    return Problem(
        *case.place(code),
        f"{case.label(code)}: {sum_of(numbers)}, đang ghi {written}."
        if complete
        else f"{case.label(code)}: riêng {sum_of(numbers)}, đã lớn hơn tổng số đang ghi {written}.",
        f"Sửa tổng số, hoặc sửa các số thành phần: {case.labels(numbers)}.",
        values_of(total, *numbers.values()),
        tuple(numbers),
        tuple(_repairs(case, code, numbers, total)) if complete else (),
    )


def _repairs(case: Case, code: str, numbers: dict[str, Number], total: Number) -> Iterator[Repair]:
    """Of the parts, the one that a table contradicts by just the difference; and the total as the parts make it."""
    added = sum(numbers.values())
    in_tables = sums_of_columns(case)
    for part, number in numbers.items():
        if in_tables.get(part) == number + total - added:
            yield case.repair(part, in_tables[part])
    yield case.repair(code, added)


@rule(Severity.ERROR)
def received_is_resolved_and_pending(case: Case) -> Iterator[Problem]:
    """Dossiers received, with those carried over, are either resolved or pending.

    Thông tư 01/2020/TT-VPCP, biểu II.06: 3 = 7 + 11.
    """
    received = case.number("procedures.received")
    numbers = {}
    for code in ("procedures.resolved", "procedures.pending"):
        number = _total(case, code)
        if number is not None:
            numbers[code] = number
    if received is None or not numbers:
        return
    added = sum(numbers.values())
    if added > received or (added != received and len(numbers) == 2):
        complete = len(numbers) == 2
        yield Problem(
            *case.place("procedures.received"),
            f"Đã giải quyết + đang giải quyết: {sum_of(numbers)}, số tiếp nhận đang ghi "
            f"{say_value(case.dossier.value('procedures.received'))}."
            if complete
            else f"{case.label(next(iter(numbers)))}: {sum_of(numbers)}, lớn hơn số tiếp nhận đang ghi "
            f"{say_value(case.dossier.value('procedures.received'))}.",
            "Số tiếp nhận gồm cả hồ sơ kỳ trước chuyển sang; sửa số tiếp nhận, số đã giải quyết hoặc "
            "số đang giải quyết.",
            values_of(received, *numbers.values()),
            tuple(numbers),
        )  # fmt: skip


def _total(case: Case, code: str) -> Number | None:
    """A total as typed, else the sum of its parts when all are answered."""
    number = case.number(code)
    numbers = case.numbers(SUMS[code])
    if number is None and len(numbers) == len(SUMS[code]):
        return sum(numbers.values())
    return number


@rule(Severity.WARNING)
def received_by_mechanism(case: Case) -> Iterator[Problem]:
    """Dossiers received by one-stop and by interlinked mechanism are together those received.

    Nghị định 61/2018/NĐ-CP tells the two mechanisms apart; a warning, since a portal may count a
    dossier in both or in neither.
    """
    codes = ("procedures.received_one_stop", "procedures.received_interlinked")
    received, numbers = case.number("procedures.received"), case.numbers(codes)
    if received is None or not numbers:
        return
    added = sum(numbers.values())
    if added > received or (added != received and len(numbers) == 2):
        yield Problem(
            *case.place(next(iter(numbers))),
            f"Hồ sơ theo cơ chế một cửa, một cửa liên thông: {sum_of(numbers)}, tổng số tiếp nhận đang "
            f"ghi {say(received)}.",
            "Kiểm tra lại các số; nếu có hồ sơ tính ở cả hai cơ chế hoặc không theo cơ chế nào, giải "
            "trình.",
            values_of(received, *numbers.values()),
        )  # fmt: skip


@rule(Severity.WARNING)
def appendix_breakdown(case: Case) -> Iterator[Problem]:
    """Rows printed under "Trong đó" in the appendix add up to the row they stand under.

    The form of the appendix; a warning, since "trong đó" need not name all parts.
    """
    rows = case.dossier.indicators.rows if case.dossier.indicators else ()
    children: dict[str, list[IndicatorFacts]] = {}
    for row in rows:
        children.setdefault(row.parent, []).append(row)
    for row in rows:
        below = children.get(row.code, [])
        broken_down = any(child.kind == Indicator.Kind.LABEL for child in below)
        counted = [
            child
            for child in below
            if child.kind == Indicator.Kind.VALUE and child.applies
            and case.dossier.catalogue[child.figure].kind in (ValueKind.COUNT, ValueKind.AMOUNT)
        ]  # fmt: skip
        same_kind = row.kind != Indicator.Kind.LABEL and (
            case.dossier.catalogue[row.figure].kind in (ValueKind.COUNT, ValueKind.AMOUNT)
        )
        if broken_down and counted and same_kind and row.figure not in SUMS:
            yield from _breakdown(case, row, counted)


def _breakdown(case: Case, row: IndicatorFacts, counted: list[IndicatorFacts]) -> Iterator[Problem]:
    codes = tuple(child.figure for child in counted)
    total, numbers = case.number(row.figure), case.numbers(codes)
    if total is None or not numbers:
        return
    added = sum(numbers.values())
    if added > total or (added != total and len(numbers) == len(codes)):
        section, name = case.place(row.figure)
        yield Problem(
            section or Section.APPENDIX, name,
            f"Phụ lục, “{row.name}”: các dòng “Trong đó” là {sum_of(numbers)}, tổng đang ghi "
            f"{say_value(case.dossier.value(row.figure))}.",
            f"Kiểm tra lại các số: {case.labels(numbers)}.",
            values_of(total, *numbers.values()),
        )  # fmt: skip
