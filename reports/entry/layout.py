"""Groups of figures as a page lays them out: titled, named, with one button for a group's empty ones."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..catalogue.figures import Figure
from ..enums import ValueKind
from . import FigureEntry, Group

#: Places of groups on a page: in the form, and in the fold of what the outline does not name.
NAMED, OTHERS = "nhom", "khac"


@dataclass(frozen=True)
class FigureGroup:
    """A group on its page; `offers_none`: its empty figures can all be answered "không phát sinh" at once."""

    title: str
    code: str
    figures: tuple[FigureEntry, ...]
    offers_none: bool


def figure_groups(place: str, groups: Iterable[Group]) -> tuple[FigureGroup, ...]:
    """The groups of one place of a page, in order."""
    return tuple(
        FigureGroup(
            group.title,
            group_code(place, position),
            tuple(group.figures),
            sum(may_be_none(entry.figure) for entry in group.figures) > 1,
        )
        for position, group in enumerate(groups)
    )


def may_be_none(figure: Figure) -> bool:
    """Whether "không phát sinh" answers it in one go with its group."""
    return figure.kind in (ValueKind.COUNT, ValueKind.AMOUNT, ValueKind.DECIMAL)


def group_code(place: str, position: int) -> str:
    """The name of a group on its page: a title may stand both in the form and in the fold below it."""
    return f"{place}-{position}"
