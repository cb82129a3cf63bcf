"""Two people in one section: only the same field is a conflict, and both texts are shown.

A page gives with each changed field the text it was based on, and of a row it deletes the texts of its
cells. A page without scripts cannot: it gives the section's version that it shows, and when that is no
longer the present one, every field that differs is a conflict.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..catalogue.field_names import FieldKind, FieldName
from ..text.typography import clean_lines
from .writing import cell_of


@dataclass(frozen=True)
class Conflict:
    """A field that another person wrote meanwhile: their text, or that its row was removed."""

    name: str
    theirs: str
    row_removed: bool = False


def same(text: str, other: str) -> bool:
    """Whether two texts of a field are the same; a one-line field loses the ends of lines."""
    return "".join(clean_lines(text).split()) == "".join(clean_lines(other).split())


def conflicts(
    texts: Mapping[str, str], bases: Mapping[str, str], present: Mapping[str, str]
) -> list[Conflict]:
    """The fields of `texts` that changed since they were based on `bases`; `present` is `page_texts`."""
    in_conflict = []
    for name, text in texts.items():
        field = FieldName.read(name)
        if field and field.kind == FieldKind.DELETION:
            in_conflict += _deletion(field, bases, present)
        elif name in bases:
            current = present.get(name)
            if current is None and cell_of(name):
                in_conflict.append(Conflict(name, "", row_removed=True))
            elif current is not None and not same(current, bases[name]) and not same(current, text):
                in_conflict.append(Conflict(name, current))
    return in_conflict


def _deletion(
    deletion: FieldName, bases: Mapping[str, str], present: Mapping[str, str]
) -> list[Conflict]:
    """A row to delete whose cells were written meanwhile."""
    written = [
        current
        for name, current in present.items()
        if name in bases and not same(current, bases[name])
        and (cell := cell_of(name)) and cell.deletion == deletion
    ]  # fmt: skip
    return [Conflict(str(deletion), "; ".join(written))] if written else []


def stale(texts: Mapping[str, str], present: Mapping[str, str]) -> list[Conflict]:
    """The fields of an outdated page that differ from the report's present texts.

    A row with such a cell is not deleted either.
    """
    differing = [Conflict(name, present[name]) for name in changed(texts, present)]
    written: dict[str, list[str]] = {}
    for conflict in differing:
        if cell := cell_of(conflict.name):
            written.setdefault(str(cell.deletion), []).append(conflict.theirs)
    deletions = [Conflict(row, "; ".join(w)) for row, w in written.items() if row in texts]
    return differing + deletions


def changed(texts: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """The names of fields whose text differs from the report's present one."""
    return [n for n, current in present.items() if n in texts and not same(current, texts[n])]
