"""A page of entry in groups, one of which is in sight at a time: figures, tables, texts, and what is not printed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.text import slugify

from ..catalogue.figures import Figure
from ..enums import Progress, ValueKind
from ..text.names import fold
from . import FigureEntry, Grid, Group, NarrativeEntry, SectionEntry

#: Places of groups on a page: in the form, and in the fold of what the outline does not name.
NAMED, OTHERS = "nhom", "khac"
#: Names of the groups that have no title of their own, as they stand in the address.
TEXTS, NOT_PRINTED = "thuyet-minh", "so-lieu-khac"
#: The name in the address under which all groups are in sight.
ALL = "tat-ca"
#: Makes the name of a group in the address of its title.
Slug = Callable[[str], str]
#: Small groups stand together as long as they have no more figures than fit on a screen.
TOGETHER = 10
#: A table with more columns than this needs the whole width of a window.
WIDE = 6


@dataclass(frozen=True)
class FigureGroup:
    """A group on its page; `offers_none`: its empty figures can all be answered "không phát sinh" at once."""

    title: str
    code: str
    figures: tuple[FigureEntry, ...]
    offers_none: bool


@dataclass(frozen=True)
class PageGroup:
    """What is in sight at a time: `figures` under their headings, a `grid`, or `narratives`.

    `slug` names it in the address. `progress` is its state, `count` how far it has come: required answers given of
    all (`8/9`), or what is there (`3 dòng`).
    """

    slug: str
    title: str
    progress: Progress
    count: str
    figures: tuple[FigureGroup, ...] = ()
    grid: Grid | None = None
    narratives: tuple[NarrativeEntry, ...] = ()
    optional: bool = False

    @property
    def short_title(self) -> str:
        """The title where there is little room for it."""
        return f"{self.figures[0].title} …" if len(self.figures) > 1 else self.title

    @property
    def wide(self) -> bool:
        """Whether it needs the whole width: its table has many columns."""
        if self.grid is None or self.grid.table == "documents":
            return False
        rows = self.grid.rows if self.grid.fixed else self.grid.columns
        return len(rows) > WIDE


def page_groups(entry: SectionEntry) -> tuple[PageGroup, ...]:
    """The groups of a page in the order of the paper, each under a name of its own."""
    taken: set[str] = set()

    def slug(title: str) -> str:
        name = plain = slugify(fold(title)) or "nhom"
        number = 1
        while name in taken or name == ALL:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name)
        return name

    return tuple(_groups(entry, slug))


def _groups(entry: SectionEntry, slug: Slug) -> Iterator[PageGroup]:
    for together in _batches(figure_groups(NAMED, entry.groups)):
        titles = [group.title for group in together]
        figures = tuple(figure for group in together for figure in group.figures)
        yield PageGroup(
            slug(titles[0]), " · ".join(titles), *_figures_state(figures), tuple(together)
        )
    for grid in entry.grids:
        yield PageGroup(slug(grid.title), grid.title, *_grid_state(grid), grid=grid)
    if entry.narratives:
        yield PageGroup(
            slug(TEXTS), "Thuyết minh", *_texts_state(entry.narratives), narratives=entry.narratives
        )
    if entry.others:
        others = figure_groups(OTHERS, entry.others)
        given = sum(figure.value.answered for group in others for figure in group.figures)
        state = Progress.COMPLETE if given else Progress.EMPTY
        yield PageGroup(
            slug(NOT_PRINTED), "Số liệu khác", state, str(given or ""), others, optional=True
        )


def _batches(groups: Iterable[FigureGroup]) -> Iterator[list[FigureGroup]]:
    """Neighbours that fit on one screen together."""
    batch: list[FigureGroup] = []
    for group in groups:
        if batch and sum(len(each.figures) for each in (*batch, group)) > TOGETHER:
            yield batch
            batch = []
        batch.append(group)
    if batch:
        yield batch


def _figures_state(figures: tuple[FigureEntry, ...]) -> tuple[Progress, str]:
    required = [figure for figure in figures if figure.required]
    given = sum(figure.value.answered for figure in required)
    count = f"{given}/{len(required)}" if required else ""
    if any(figure.flagged for figure in figures):
        return Progress.ERRORS, count
    if not any(figure.value.answered for figure in figures):
        return Progress.EMPTY, count
    unfinished = given < len(required) or any(figure.carried for figure in figures)
    return (Progress.BEGUN if unfinished else Progress.COMPLETE), count


def _grid_state(grid: Grid) -> tuple[Progress, str]:
    filled = sum(bool(row.values) for row in grid.rows) if grid.fixed else len(grid.rows)
    count = f"{filled}/{len(grid.rows)} cột" if grid.fixed else f"{filled} dòng"
    if not filled:
        return Progress.EMPTY, count if grid.fixed else ""
    unfinished = bool(grid.carried) or (grid.fixed and filled < len(grid.rows))
    return (Progress.BEGUN if unfinished else Progress.COMPLETE), count


def _texts_state(narratives: tuple[NarrativeEntry, ...]) -> tuple[Progress, str]:
    given = sum(bool(narrative.text) for narrative in narratives)
    if not given:
        return Progress.EMPTY, ""
    carried = any(narrative.carried or narrative.stale for narrative in narratives)
    return (Progress.BEGUN if carried else Progress.COMPLETE), f"{given} đoạn"


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
