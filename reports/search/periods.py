"""Periods as officials write them, and by the office that asks."""

from django.urls import reverse

from ..access import visible_periods
from ..models import ReportingPeriod, User
from ..text.dates import format_date
from ..text.names import fold
from .query import Query, period_words
from .results import Group, Kind, Result, rank
from .units import capitalised


def find_periods(user: User, query: Query, stretch: slice) -> Group:
    """The periods on whose board the reader looks. One query.

    How a period is called is made of its kind and year, and stands in no column: their few columns are read, and
    folded here. A province with its districts has some hundred of them.
    """
    if not query.dated or query.number is not None:
        return Group(Kind.PERIODS, [], 0)
    periods = visible_periods(user).select_related("kind", "superior").order_by("-data_to", "code")
    periods = periods.only(
        "code", "year", "data_from", "data_to", "deadline", "opened_at", "kind__phrase",
        "superior__kind", "superior__name", "superior__folded",
    )  # fmt: skip
    ranked = []
    for number, period in enumerate(periods):
        written = fold(period.phrase)
        dated, office = period_words(written), period.superior.folded
        names = (dated, f"{dated} {office}", f"{written} n{period.year} {office}",
                 f"{dated} n{period.year} {office}")  # fmt: skip
        place = rank(query.dated, names)
        if place is not None:
            ranked.append((place, number, period))
    ranked.sort(key=lambda line: line[:2])
    return Group(Kind.PERIODS, [_result(period) for *_, period in ranked[stretch]], len(ranked))


def _result(period: ReportingPeriod) -> Result:
    where = [
        str(period.superior),
        f"số liệu từ {format_date(period.data_from)} đến {format_date(period.data_to)}",
        f"hạn gửi {format_date(period.deadline)}",
        "đã mở" if period.opened_at else "chưa mở",
    ]
    return Result(
        capitalised(period.phrase), " · ".join(where), reverse("period", args=[period.code])
    )
