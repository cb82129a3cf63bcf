"""Reports by unit, period and the number of their document."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from ..access import visible_reports
from ..models import Report, ReportingPeriod, User
from ..text.names import fold
from ..text.numbers import format_document_number
from .query import Query, period_words
from .results import HOLDS, Group, Kind, Result, rank
from .units import FormerNames, capitalised, renamed, spellings

#: Words of a period's name that say nothing by themselves, and are found in names of units.
FILLERS = {"quy", "thang", "dau", "cuoi", "nam"}


@dataclass(frozen=True)
class PeriodName:
    """What a period is called in one spelling (`q1 2026`), the words it is found by, and its last day."""

    dated: str
    words: frozenset[str]
    data_to: date

    def answers(self, word: str) -> bool:
        """Whether the word names this period; a year may be half typed."""
        if word in self.words:
            return True
        return word.isdecimal() and len(word) > 1 and any(w.startswith(word) for w in self.words)


def find_reports(user: User, query: Query, stretch: slice, former: FormerNames) -> Group:
    """The reports that answer to the query. 4 queries, 2 when there are none.

    Each word may be of the unit, which the database looks for in its folded column, of the period, of which there
    are few (they are read first), or the number of an issued document.
    """
    if not query.dated and query.number is None:
        return Group(Kind.REPORTS, [], 0)
    periods = _periods(user)
    reports = visible_reports(user)
    if query.number is not None:
        reports = reports.filter(paper__number=query.number)
    for word in query.dated:
        named = [key for key, period in periods.items() if period.answers(word)]
        where = Q(unit__folded__contains=word) | Q(unit__code__iexact=word) | Q(period__in=named)
        where |= Q(unit__in=renamed((word,), former))
        if word.isascii() and word.isdecimal() and len(word) < 10:
            where |= Q(paper__number=int(word))
        reports = reports.filter(where)
    rows = reports.order_by().values_list(
        "pk", "period", "unit", "unit__kind", "unit__folded", "unit__sort_key", "unit__code",
        "paper__number", "paper__symbol",
    )  # fmt: skip
    ranked = []
    for key, period_key, unit, kind, folded, sort_key, code, number, symbol in rows:
        if query.symbol and not set(query.symbol) <= set(fold(symbol).split()):
            continue
        period = periods[period_key]
        units = [*spellings(kind, folded), *former.get(unit, ())]
        names = [
            *(f"{name} {period.dated}" for name in units),
            period.dated,
            code.casefold(),
            str(number),
        ]
        place = rank(query.dated, names)
        ranked.append(
            (HOLDS if place is None else place, -period.data_to.toordinal(), sort_key, key)
        )
    ranked.sort()
    keys = [key for *_, key in ranked[stretch]]
    return Group(Kind.REPORTS, list(_results(user, keys)) if keys else [], len(ranked))


def _periods(user: User) -> dict[int, PeriodName]:
    owed = visible_reports(user).order_by().values("period").distinct()
    rows = ReportingPeriod.objects.filter(pk__in=owed).order_by()
    named = {}
    for period in rows.select_related("kind").only("year", "data_to", "kind__phrase"):
        dated = period_words(fold(period.phrase))
        words = {*dated.split(), str(period.year), f"n{period.year}"} - FILLERS
        named[period.pk] = PeriodName(dated, frozenset(words), period.data_to)
    return named


def _results(user: User, keys: list[int]) -> Iterator[Result]:
    reports = (
        visible_reports(user)
        .filter(pk__in=keys)
        .select_related("unit", "period__kind", "paper")
        .prefetch_related("unit__former_names")
    )
    found = {report.pk: report for report in reports}
    for report in (found[key] for key in keys if key in found):
        unit = " ".join(report.unit.named_on(report.period.data_to))
        yield Result(
            f"{capitalised(unit)}, {report.period.phrase}", _where(report),
            reverse("report", args=[report.pk]),
        )  # fmt: skip


def _where(report: Report) -> str:
    state = str(report.get_state_display())
    paper = getattr(report, "paper", None)
    if paper is None or paper.number is None:
        return state
    return f"{state} · số {format_document_number(paper.number)}/{paper.symbol}"
