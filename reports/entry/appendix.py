"""The rows of the appendix as they are entered."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..catalogue.field_names import FieldName
from ..catalogue.figures import Figure
from ..catalogue.outlines import IndicatorFacts
from ..compose.appendix import row_value
from ..compose.prose import to_labels
from ..documents.html import cell_text
from ..dossier import Dossier
from ..enums import Section
from ..models import Indicator
from .figures import FigureEntry, figure_entry


@dataclass(frozen=True)
class IndicatorEntry:
    """One row of the appendix on its page. A row typed here has a `field`; of any other `home_text` is the
    value as it prints, and `home` the section where it is typed, None for a heading."""

    row: IndicatorFacts
    figure: Figure | None
    field: FigureEntry | None
    home_text: str
    home: Section | None
    note: str
    required: bool

    @property
    def note_name(self) -> str:
        """The name of the field of its Ghi chú."""
        return str(FieldName.note(self.row.code))

    @property
    def takes_note(self) -> bool:
        return self.row.reported


def indicator_entries(
    dossier: Dossier, previous: Dossier | None = None
) -> Iterator[IndicatorEntry]:
    """The rows of the appendix page, in the order of the paper."""
    named = dossier.questionnaire.named
    for row in dossier.indicators.rows if dossier.indicators else ():
        note = to_labels(dossier.notes.get(row.code, ""), dossier)
        if row.kind == Indicator.Kind.LABEL:
            yield IndicatorEntry(row, None, None, "", None, note, False)
            continue
        figure = dossier.catalogue[row.figure]
        required = named.get(row.figure, False)
        typed = row.typed and (row.applies or dossier.value(row.figure).answered)
        if row.kind in (Indicator.Kind.SECTION, Indicator.Kind.GROUP):
            typed = typed and dossier.value(row.figure).answered
        field = figure_entry(dossier, figure, required, previous) if typed else None
        home_text = "" if row.typed else cell_text(row_value(dossier, row))
        home = None if row.typed else figure.section
        yield IndicatorEntry(row, figure, field, home_text, home, note, required)
