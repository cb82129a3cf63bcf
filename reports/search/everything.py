"""All kinds at once, for one reader."""

from collections.abc import Callable
from dataclasses import dataclass

from ..models import Report, User
from .figures import find_figures, own_report
from .periods import find_periods
from .query import Query
from .reports import find_reports
from .results import Group, Kind
from .units import find_units, former_names

#: So many results of a kind are shown beside those of the others.
MOST = 8


@dataclass(frozen=True)
class Found:
    """What a search gave: its groups, those without results left out, and the report whose figures were searched."""

    query: Query
    groups: list[Group]
    report: Report | None

    @property
    def total(self) -> int:
        """How many results there are, shown or not."""
        return sum(group.total for group in self.groups)


def search(
    user: User,
    typed: str,
    report: Report | None = None,
    kinds: tuple[Kind, ...] = tuple(Kind),
    stretch: slice = slice(MOST),
) -> Found:
    """What the reader may see that answers to the words typed; of each kind those in `stretch`, the best first.

    Figures are searched in `report`, which the reader must be let see (`Refused`), else in the one that the reader
    works on; then they come first. At most 12 queries and those that read one dossier, however many units and
    reports there are.
    """
    query = Query.read(typed)
    if query.empty:
        return Found(query, [], report)
    if Kind.FIGURES in kinds and report is None:
        report = own_report(user)
    named = Kind.UNITS in kinds or Kind.REPORTS in kinds
    former = former_names(user) if named else {}
    finders: dict[Kind, Callable[[], Group]] = {
        Kind.FIGURES: lambda: find_figures(user, query, stretch, report),
        Kind.UNITS: lambda: find_units(user, query, stretch, former),
        Kind.PERIODS: lambda: find_periods(user, query, stretch),
        Kind.REPORTS: lambda: find_reports(user, query, stretch, former),
    }
    groups = [finders[kind]() for kind in finders if kind in kinds]
    return Found(query, [group for group in groups if group.total], report)
