"""One page of entry: which figures, rows and texts stand on it, which of them are required.

Pure functions of a dossier. The outline decides: a figure that a sentence names outside `[ … ]`, or
that an appendix row of this level prints, is required; other figures of the section that are valid in
the period may be given too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ..dossier import Dossier
from ..enums import Section
from .figures import FigureEntry, Group, figure_entry
from .grids import Grid, grids
from .texts import NarrativeEntry, items_of, narratives


@dataclass(frozen=True)
class SectionEntry:
    """One page of entry: `groups` of the figures that the outline names or that are answered, `others` of
    those that may be given too, the tables, the texts, and the outline's items by code and heading."""

    section: Section
    groups: tuple[Group, ...]
    others: tuple[Group, ...]
    grids: tuple[Grid, ...]
    narratives: tuple[NarrativeEntry, ...]
    items: tuple[tuple[str, str], ...]

    def figures(self) -> Iterator[FigureEntry]:
        for group in (*self.groups, *self.others):
            yield from group.figures


def section_entry(
    dossier: Dossier, section: Section, previous: Dossier | None = None
) -> SectionEntry:
    """The page of one section, in the order of the paper; `previous` is the unit's report before.

    A request asks for the same page several times, so the dossier keeps it, but for one with a report before.
    """
    if previous is not None:
        return _section_entry(dossier, section, previous)
    if section not in dossier.pages:
        dossier.pages[section] = _section_entry(dossier, section, None)
    page: SectionEntry = dossier.pages[section]
    return page


def _section_entry(dossier: Dossier, section: Section, previous: Dossier | None) -> SectionEntry:
    named = dossier.questionnaire.named
    last = dossier.period.data_to
    groups: dict[str, list[FigureEntry]] = {}
    others: dict[str, list[FigureEntry]] = {}
    for figure in dossier.catalogue.values():
        if figure.section != section or figure.table or not figure.typed or figure.indicator:
            continue
        entry = figure_entry(dossier, figure, named.get(figure.code, False), previous)
        if not (figure.valid_on(last) or entry.value.answered):
            continue  # a term that no longer holds is not asked, even by an outline that names it
        if figure.code in named or (entry.value.answered and not figure.whole):
            groups.setdefault(figure.group or section.label, []).append(entry)
        elif figure.valid_on(last) or entry.value.answered:
            others.setdefault(figure.group or section.label, []).append(entry)
    return SectionEntry(
        section,
        tuple(Group(title, tuple(entries)) for title, entries in groups.items()),
        tuple(Group(title, tuple(entries)) for title, entries in others.items()),
        tuple(grids(dossier, section, previous)),
        tuple(narratives(dossier, section, previous)),
        tuple(items_of(dossier, section)),
    )
