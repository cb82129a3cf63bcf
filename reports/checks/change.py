"""Figures compared with those of the unit's previous report."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from ..catalogue.figures import Figure
from ..dossier import Dossier
from ..enums import Rollup, Severity, ValueKind
from ..text.dates import format_date
from .case import Case, Problem, rule, say, say_value, values_of

#: A change of fewer is no sign of a slip, however large its share.
LEAST_CHANGE = 5
#: What is counted on the last day, though it does not carry over: it may fall.
ON_THE_DAY = (
    "procedures.pending",
    "procedures.pending_in_time",
    "procedures.pending_overdue",
    "procedures.awaiting_supplement",
    "procedures.overdue",
    "procedures.carried_over",
    "direction.tasks_open",
    "egov.mailboxes_unused",
)
NUMBERS = (ValueKind.COUNT, ValueKind.AMOUNT, ValueKind.DECIMAL)


@rule(Severity.WARNING)
def standing_figure_jumped(case: Case) -> Iterator[Problem]:
    """A figure that stands from period to period changed by no more than half.

    Figures that carry over (models/sections); what a rearrangement changed is explained.
    """
    previous = case.previous
    if previous is None:
        return
    for code, figure in _comparable(case):
        if not figure.carries:
            continue
        number, before = case.number(code), previous.value(code).number
        if number is None or not before:
            continue
        moved = abs(Decimal(number) - before)
        if moved * 2 > before and moved >= LEAST_CHANGE:
            yield Problem(
                *case.place(code),
                f"{case.label(code)} là {say_value(case.dossier.value(code))}; kỳ trước "
                f"({_phrase(case)}) là {say(before)}.",
                "Kiểm tra lại số liệu; nếu đúng, giải trình lý do thay đổi.",
                values_of(number, before),
            )


@rule(Severity.WARNING)
def cumulative_figure_fell(case: Case) -> Iterator[Problem]:
    """A figure counted since the same day is no smaller than in a shorter period.

    Cumulative periods of one year (Nghị định 09/2019/NĐ-CP, as each superior sets them).
    """
    previous = case.previous
    if previous is None or not _grows(case.dossier, previous):
        return
    for code, figure in _comparable(case):
        if figure.carries or code in ON_THE_DAY or figure.rollup != Rollup.SUM:
            continue
        number, before = case.number(code), previous.value(code).number
        if number is not None and before is not None and number < before:
            yield Problem(
                *case.place(code),
                f"{case.label(code)} từ ngày {format_date(case.dossier.period.data_from)} là "
                f"{say_value(case.dossier.value(code))}, ít hơn {say(before)} đã báo cáo "
                f"{_phrase(case)}.",
                "Số liệu tính lũy kế từ đầu kỳ; sửa lại, hoặc giải trình.",
                values_of(number, before),
            )


@rule(Severity.WARNING)
def carried_over_not_pending(case: Case) -> Iterator[Problem]:
    """Dossiers carried over are those pending at the end of the period before.

    Thông tư 01/2020/TT-VPCP, biểu II.06: cột 6 = cột 11 của kỳ trước; in a longer period since the
    same day, cột 6 stays.
    """
    previous, code = case.previous, "procedures.carried_over"
    number = case.number(code)
    if previous is None or number is None:
        return
    if previous.period.data_to + timedelta(days=1) == case.dossier.period.data_from:
        source, label = "procedures.pending", "hồ sơ đang giải quyết cuối kỳ trước"
    elif _grows(case.dossier, previous):
        source, label = code, "hồ sơ chuyển sang đã báo cáo"
    else:
        return
    before = previous.value(source).number
    if before is not None and number != before:
        yield Problem(
            *case.place(code),
            f"{case.label(code)} là {say_value(case.dossier.value(code))}; {label} ({_phrase(case)}) "
            f"là {say(before)}.",
            "Sửa lại theo số kỳ trước, hoặc giải trình.",
            values_of(number, before),
        )


def _comparable(case: Case) -> Iterator[tuple[str, Figure]]:
    """The numeric figures of sections that both reports have, with the same kind and unit."""
    before = case.previous.catalogue if case.previous else {}
    for code, figure in case.dossier.catalogue.items():
        earlier = before.get(code)
        if figure.table or figure.kind not in NUMBERS or earlier is None:
            continue
        if (earlier.kind, earlier.unit) == (figure.kind, figure.unit):
            yield code, figure


def _grows(dossier: Dossier, previous: Dossier) -> bool:
    """Whether the period begins on the same day as the previous one and ends later."""
    period, before = dossier.period, previous.period
    return period.data_from == before.data_from and period.data_to > before.data_to


def _phrase(case: Case) -> str:
    return case.previous.period.phrase if case.previous else ""
