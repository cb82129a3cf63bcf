"""The board of a period: who owes, where each report stands, who is late. Fixed queries for any number.

Late is judged by day: sent after the day it was due, or not sent and that day is past.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate

from ..access import visible_reports
from ..enums import State
from ..models import Report, ReportingPeriod, User
from ..text.names import fold

UNSENT = (State.DRAFT, State.PRESENTED, State.SIGNED)
WAITING = (State.SENT, State.REVIEWING)
DONE = (State.APPROVED, State.ISSUED)


@dataclass(frozen=True)
class Filter:
    """One way to look at a board; `code` stands in the address."""

    code: str
    label: str
    states: Sequence[State] = ()
    late: bool = False


FILTERS = (
    Filter("tat-ca", "Tất cả"),
    Filter("chua-gui", "Chưa gửi", UNSENT),
    Filter("cho-tham-dinh", "Chờ thẩm định", WAITING),
    Filter("chinh-ly", "Yêu cầu chỉnh lý", (State.RETURNED,)),
    Filter("hoan-thanh", "Đã phê duyệt", DONE),
    Filter("tre-han", "Chậm hạn", late=True),
    Filter("loai-tru", "Không phải báo cáo", (State.EXCLUDED,)),
)
ORDERS: dict[str, tuple[Any, ...]] = {
    "ten": ("unit__sort_key", "unit__code"),
    "trang-thai": ("state", "unit__sort_key"),
    "gui": (F("sent_at").desc(nulls_last=True), "unit__sort_key"),
}
#: Who has a report on the desk, by its state.
HOLDERS = {
    State.DRAFT: "Công chức",
    State.PRESENTED: "Lãnh đạo đơn vị",
    State.SIGNED: "Công chức, văn thư",
    State.SENT: "Người thẩm định",
    State.REVIEWING: "Người thẩm định",
    State.RETURNED: "Công chức",
    State.APPROVED: "Văn thư",
}


@dataclass(frozen=True)
class Line:
    """One report on the board."""

    report: Report
    unit: str
    holder: str
    late_days: int


def reports_of(user: User, period: ReportingPeriod, today: date) -> QuerySet[Report]:
    """The reports of the period that the user may look at, each with `is_late`."""
    due = Coalesce("extended_to", Value(period.deadline), output_field=DateField())
    sent_late = Q(sent_day__gt=F("due_day"))
    unsent_late = Q(sent_at__isnull=True, due_day__lt=today) & ~Q(state=State.EXCLUDED)
    return (
        visible_reports(user)
        .filter(period=period)
        .annotate(due_day=due, sent_day=TruncDate("sent_at"))
        .annotate(is_late=sent_late | unsent_late)
    )


def chosen(reports: QuerySet[Report], choice: Filter, query: str, order: str) -> QuerySet[Report]:
    """The reports under one filter and search, in order."""
    if choice.states:
        reports = reports.filter(state__in=choice.states)
    if choice.late:
        reports = reports.filter(Q(is_late=True))
    for word in fold(query).split():
        reports = reports.filter(unit__folded__contains=word)
    return reports.order_by(*ORDERS.get(order, ORDERS["ten"]))


def lines(reports: Sequence[Report], period: ReportingPeriod, today: date) -> list[Line]:
    """What the board says of each report of a page."""
    return [
        Line(
            report,
            " ".join(report.unit.named_on(period.data_to)),
            "Cơ quan cấp trên nhập thay" if report.on_behalf else HOLDERS.get(State(report.state), ""),
            late_days(report, today),
        )
        for report in reports
    ]  # fmt: skip


def late_days(report: Report, today: date) -> int:
    """Days after the day it was due; 0 in time, or when it is owed no more."""
    return days_late(report.state, report.sent_on, report.due, today)


def days_late(state: str, sent: date | None, due: date, today: date) -> int:
    return 0 if state == State.EXCLUDED else max(0, ((sent or today) - due).days)


@dataclass(frozen=True)
class Totals:
    """A period in figures. `owing` leaves out the excluded."""

    by_filter: dict[str, int]
    owing: int
    sent: int
    in_time: int
    done: int

    @property
    def shares(self) -> list[tuple[str, int, int]]:
        """Label, number and share in percent, for figures and chart."""
        counts = (
            ("Đã gửi", self.sent),
            ("Gửi đúng hạn", self.in_time),
            ("Đã phê duyệt", self.done),
        )
        return [(label, n, round(100 * n / self.owing) if self.owing else 0) for label, n in counts]


def totals(reports: QuerySet[Report]) -> Totals:
    """All counts of a board in one query."""
    counts = {choice.code: Count("pk", filter=_condition(choice)) for choice in FILTERS}
    owing = ~Q(state=State.EXCLUDED)
    sent = Q(sent_at__isnull=False) & owing
    numbers = reports.order_by().aggregate(
        **{code.replace("-", "_"): count for code, count in counts.items()},
        n_owing=Count("pk", filter=owing),
        n_sent=Count("pk", filter=sent),
        n_in_time=Count("pk", filter=sent & Q(is_late=False)),
        n_done=Count("pk", filter=Q(state__in=DONE)),
    )
    return Totals(
        {choice.code: numbers[choice.code.replace("-", "_")] for choice in FILTERS},
        numbers["n_owing"], numbers["n_sent"], numbers["n_in_time"], numbers["n_done"],
    )  # fmt: skip


def _condition(choice: Filter) -> Q:
    where = Q(pk__isnull=False)
    if choice.states:
        where &= Q(state__in=choice.states)
    return where & Q(is_late=True) if choice.late else where


# --- several periods --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One unit in one period; no report where it owed none."""

    report: Report | None
    late_days: int = 0


def matrix(
    user: User, units: Sequence[int], periods: Sequence[ReportingPeriod], today: date
) -> dict[tuple[int, int], Cell]:
    """Every unit × period of a page, in one query: (unit, period) → cell."""
    reports = visible_reports(user).filter(unit__in=units, period__in=periods)
    reports = reports.select_related("period")
    return {(r.unit_id, r.period_id): Cell(r, late_days(r, today)) for r in reports}
