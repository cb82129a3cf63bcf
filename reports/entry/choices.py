"""Fields answered from a list: a form shows the label of a choice, a page stores its code."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..catalogue.field_names import KEY, FieldName, column_of
from ..dossier import Dossier
from ..enums import Authority, Placement, Section
from ..text.names import name_key
from . import indicator_entries, section_entry


@dataclass(frozen=True)
class Choices:
    """The lists of one section, by `column_of` the name of a field."""

    lists: Mapping[str, tuple[tuple[str, str], ...]]

    def of(self, name: str) -> tuple[tuple[str, str], ...]:
        return self.lists.get(column_of(name), ())

    def labels(self, name: str) -> tuple[str, ...]:
        return tuple(label for _, label in self.of(name))

    def label(self, name: str, code: str) -> str:
        """The label of a code; any other text stays as it is."""
        return dict(self.of(name)).get(code, code)

    def code(self, name: str, text: str) -> str:
        """The code of a label, however it is capitalised; any other text stays as it is."""
        keys = {name_key(label): code for code, label in self.of(name)}
        return keys.get(name_key(text), text)


def choices_of(dossier: Dossier, section: Section) -> Choices:
    lists: dict[str, tuple[tuple[str, str], ...]] = {
        column_of(str(FieldName.placement(KEY))): tuple(Placement.choices),
        "authority": tuple(Authority.choices),
    }
    figures = []
    if section == Section.APPENDIX:
        figures = [e.figure for e in indicator_entries(dossier) if e.field and e.figure]
    elif section != Section.PAPER:
        entry = section_entry(dossier, section)
        figures = [field.figure for field in entry.figures()]
        for grid in entry.grids:
            for column in grid.columns:
                listed = entry.items if column.name == "item" else column.field.choices or ()
                name = column_of(grid.name(column, KEY))
                lists[name] = tuple((str(code), str(label)) for code, label in listed)
    lists |= {
        f.code: tuple((str(c), label) for c, label in f.choices) for f in figures if f.choices
    }
    return Choices(lists)
