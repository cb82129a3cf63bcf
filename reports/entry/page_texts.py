"""The text of every field of a page, by the name of the field.

The names are printed `FieldName`s. These texts are compared between two people in one section, with the
period before, and with a form brought back as a file.
"""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date

from ..catalogue.field_names import KEY, FieldName, column_of
from ..dossier import Dossier, PaperFacts
from ..enums import Section
from ..models import Paper
from . import Grid, cell_text, indicator_entries, section_entry
from .choices import Choices, choices_of
from .progress import sections_of


def page_texts(dossier: Dossier, section: Section) -> dict[str, str]:
    """The text of every field the section's page shows, empty ones too."""
    if section == Section.PAPER:
        return dict(_paper(dossier))
    if section == Section.APPENDIX:
        return dict(_appendix(dossier))
    return dict(_section(dossier, section))


def _section(dossier: Dossier, section: Section) -> Iterator[tuple[str, str]]:
    page = section_entry(dossier, section)
    for entry in page.figures():
        yield entry.name, entry.text
    for grid in page.grids:
        for row in grid.rows:
            for column in grid.columns:
                if column.name != grid.given:
                    yield grid.name(column, row.uid), cell_text(column, row)
    for narrative in page.narratives:
        yield narrative.name, narrative.text
        yield narrative.placement_name, narrative.placement.value


def _appendix(dossier: Dossier) -> Iterator[tuple[str, str]]:
    for entry in indicator_entries(dossier):
        if entry.field:
            yield entry.field.name, entry.field.text
        if entry.takes_note:
            yield entry.note_name, entry.note


def _paper(dossier: Dossier) -> Iterator[tuple[str, str]]:
    for fact in fields(dossier.paper):
        content = getattr(dossier.paper, fact.name)
        if content is None or isinstance(content, (int, date)):
            continue  # number and date come with issuing
        yield fact.name, str(content)


def page_labels(dossier: Dossier, section: Section) -> dict[str, str]:
    """The label of each field of a section's page; new rows share the label of their column."""
    if section == Section.PAPER:
        return {fact.name: Paper.label(fact.name) for fact in fields(PaperFacts)}
    if section == Section.APPENDIX:
        return dict(_appendix_labels(dossier))
    return dict(_section_labels(dossier, section))


def _appendix_labels(dossier: Dossier) -> Iterator[tuple[str, str]]:
    for row in dossier.indicators.rows if dossier.indicators else ():
        label = f"{row.stt} {row.name}".strip()
        yield row.figure, label
        yield str(FieldName.note(row.code)), f"Ghi chú: {label}"


def _section_labels(dossier: Dossier, section: Section) -> Iterator[tuple[str, str]]:
    page = section_entry(dossier, section)
    for entry in page.figures():
        yield entry.name, entry.figure.label
    for narrative in page.narratives:
        label = narrative.heading.removeprefix("- ")
        yield narrative.name, f"Thuyết minh: {label}"
        yield narrative.placement_name, f"Vị trí thuyết minh: {label}"
    for grid in page.grids:
        yield from _grid_labels(grid, choices_of(dossier, section))


def _grid_labels(grid: Grid, choices: Choices) -> Iterator[tuple[str, str]]:
    """Cells by what their row is about; those of a row to come by the name of their column."""
    first = grid.columns[0]
    for number, row in enumerate(grid.rows, start=1):
        about = row.keys.get(f"{grid.given}_label") or cell_text(first, row)
        about = choices.label(grid.name(first, row.uid), str(about))
        where = f"{grid.title}, dòng {number}" + (f" ({about})" if about else "")
        for column in grid.columns:
            yield grid.name(column, row.uid), f"{where}: {column.label}"
    for column in grid.columns:
        yield column_of(grid.name(column, KEY)), f"{grid.title}, dòng mới: {column.label}"


def named_fields(dossier: Dossier) -> Iterator[tuple[Section, str, str, str]]:
    """Every field of the whole report that has a name to be found by: section, name, label and present text, in the
    order of the paper."""
    for section in sections_of(dossier):
        texts = page_texts(dossier, section)
        for name, label in page_labels(dossier, section).items():
            if name in texts:
                yield section, name, label, texts[name]
