"""Units by name, former name or code: those that report to the reader or ask in the reader's sight."""

from collections.abc import Iterator

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse

from ..access import visible_periods, visible_reports
from ..models import FormerName, Superior, Unit, User
from ..text.dates import format_date
from ..text.names import fold
from .query import Query
from .results import Group, Kind, Result, rank

FormerNames = dict[int, list[str]]


def visible_units(user: User) -> QuerySet[Unit]:
    """The units whose reports the reader may look at, and those whose periods are in the reader's sight."""
    reporting = Q(pk__in=visible_reports(user).order_by().values("unit"))
    return Unit.objects.filter(
        reporting | Q(pk__in=visible_periods(user).order_by().values("superior"))
    )


def former_names(user: User) -> FormerNames:
    """The earlier names of the visible units, folded, by unit. One query; few units were ever renamed, so they are
    folded here and have no column for it."""
    named = FormerName.objects.filter(unit__in=visible_units(user).order_by().values("pk"))
    names: FormerNames = {}
    for unit, kind, name in named.values_list("unit", "kind", "name"):
        names.setdefault(unit, []).extend(spellings(kind, fold(f"{kind} {name}")))
    return names


def spellings(kind: str, folded: str) -> tuple[str, str]:
    """A unit's folded name with and without its kind."""
    return folded, folded.removeprefix(f"{fold(kind)} ")


def renamed(words: tuple[str, ...], former: FormerNames) -> list[int]:
    """The units one of whose former names holds all words."""
    return [unit for unit, names in former.items() if rank(words, names) is not None]


def find_units(user: User, query: Query, stretch: slice, former: FormerNames) -> Group:
    """The units that answer to the query. 3 queries, 1 when there are none.

    The words are looked for by the database, in the folded column that sorts and searches alike on both engines; which
    of the rows answers better is said here, so that it is said once for all kinds. Of equals those that are no more
    come last.
    """
    if not query.words or query.number is not None:
        return Group(Kind.UNITS, [], 0)
    holds = Q()
    for word in query.words:
        holds &= Q(folded__contains=word)
    code = query.text
    where = holds | Q(code__iexact=code) | Q(pk__in=renamed(query.words, former))
    columns = ("pk", "kind", "folded", "code", "sort_key", "valid_to")
    ranked = []
    for key, kind, folded, own_code, sort_key, ended in (
        visible_units(user).filter(where).values_list(*columns)
    ):
        names = [*spellings(kind, folded), *former.get(key, ())]
        place = 0 if own_code.casefold() == code.casefold() else rank(query.words, names)
        ranked.append((place or 0, ended is not None, sort_key, own_code, key))
    ranked.sort()
    keys = [key for *_, key in ranked[stretch]]
    return Group(Kind.UNITS, list(_results(user, keys)) if keys else [], len(ranked))


def _results(user: User, keys: list[int]) -> Iterator[Result]:
    reports = visible_reports(user).filter(unit=OuterRef("pk"))
    periods = visible_periods(user).filter(superior=OuterRef("pk"))
    units = (
        Unit.objects.filter(pk__in=keys)
        .annotate(report=Subquery(reports.order_by("-period__data_to", "-pk").values("pk")[:1]))
        .annotate(asked=Subquery(periods.order_by("-data_to", "code").values("code")[:1]))
        .prefetch_related(Prefetch("superiors", Superior.objects.select_related("superior")))
    )
    found = {unit.pk: unit for unit in units}
    for unit in (found[key] for key in keys if key in found):
        if unit.report is not None:
            place, leads = reverse("report", args=[unit.report]), "mở báo cáo mới nhất"
        else:
            place, leads = reverse("period", args=[unit.asked]), "mở kỳ mới nhất"
        yield Result(capitalised(str(unit)), f"{standing(unit)} · {leads}", place)


def standing(unit: Unit) -> str:
    """The unit above, the code, and the last day of a unit that is no more."""
    above = max(unit.superiors.all(), key=lambda line: line.valid_from, default=None)
    parts = [str(above.superior)] if above else []
    parts.append(f"mã {unit.code}")
    if unit.valid_to:
        parts.append(f"đến hết ngày {format_date(unit.valid_to)}")
    return " · ".join(parts)


def capitalised(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
