"""Every field of a page by its name, as it reads.

The names are those of `reports.forms`. Whatever compares what stands in fields uses these texts: two
people in one section, the period before, a form brought back as a file.
"""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date

from .dossier import Dossier
from .entry import cell_text, indicator_entries, section_entry
from .enums import Section


def page_texts(dossier: Dossier, section: Section) -> dict[str, str]:
    """The text of every field the section's page shows, empty ones too."""
    if section == Section.PAPER:
        return dict(_paper(dossier))
    if section == Section.APPENDIX:
        return dict(_appendix(dossier))
    return dict(_section(dossier, section))


def _section(dossier: Dossier, section: Section) -> Iterator[tuple[str, str]]:
    entry = section_entry(dossier, section)
    for asked in entry.figures():
        yield asked.name, asked.text
    for grid in entry.grids:
        for row in grid.rows:
            for column in grid.columns:
                if column.name != grid.given:
                    yield f"{grid.table}.{column.name}@{row.uid}", cell_text(column, row)
    for narrative in entry.narratives:
        yield f"text:{narrative.item.code}", narrative.text
        yield f"placement:{narrative.item.code}", narrative.placement.value


def _appendix(dossier: Dossier) -> Iterator[tuple[str, str]]:
    for entry in indicator_entries(dossier):
        if entry.asked:
            yield entry.asked.name, entry.asked.text
        if entry.takes_note:
            yield f"note:{entry.row.code}", entry.note


def _paper(dossier: Dossier) -> Iterator[tuple[str, str]]:
    for fact in fields(dossier.paper):
        content = getattr(dossier.paper, fact.name)
        if content is None or isinstance(content, (int, date)):
            continue  # number and date come with issuing
        yield fact.name, str(content)
