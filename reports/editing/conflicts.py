"""Two people in one section: only the same field is a conflict, and both texts are told.

A page gives with each changed field the text it was based on, and of a row it deletes the texts of its
cells. A page without scripts cannot: it gives the section's version that it shows, and when that is no
longer the present one, every field that differs is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..catalogue.field_names import FieldKind, FieldName
from ..text.typography import clean_lines
from .writing import cell_of


@dataclass(frozen=True)
class Conflict:
    """A field that another person wrote meanwhile: their text, or that its row is gone."""

    name: str
    theirs: str
    gone: bool = False


def same(one: str, other: str) -> bool:
    """Whether two texts of a field are one; a one-line field loses the ends of lines."""
    return "".join(clean_lines(one).split()) == "".join(clean_lines(other).split())


def conflicts(
    texts: Mapping[str, str], bases: Mapping[str, str], present: Mapping[str, str]
) -> list[Conflict]:
    """The fields of `texts` that changed since they were based on `bases`; `present` is `page_texts`."""
    found = []
    for name, text in texts.items():
        field = FieldName.read(name)
        if field and field.kind == FieldKind.DELETION:
            found += _deletion(field, bases, present)
        elif name in bases:
            now = present.get(name)
            if now is None and cell_of(name):
                found.append(Conflict(name, "", gone=True))
            elif now is not None and not same(now, bases[name]) and not same(now, text):
                found.append(Conflict(name, now))
    return found


def _deletion(
    deletion: FieldName, bases: Mapping[str, str], present: Mapping[str, str]
) -> list[Conflict]:
    """A row to delete whose cells were written meanwhile."""
    written = [
        now
        for name, now in present.items()
        if name in bases and not same(now, bases[name])
        and (cell := cell_of(name)) and cell.deletion == deletion
    ]  # fmt: skip
    return [Conflict(str(deletion), "; ".join(written))] if written else []


def stale(texts: Mapping[str, str], present: Mapping[str, str]) -> list[Conflict]:
    """Every field of an outdated page that differs from what the report holds now.

    A row with such a cell is not deleted either.
    """
    found = [Conflict(name, present[name]) for name in changed(texts, present)]
    written: dict[str, list[str]] = {}
    for conflict in found:
        if cell := cell_of(conflict.name):
            written.setdefault(str(cell.deletion), []).append(conflict.theirs)
    deletions = [Conflict(row, "; ".join(w)) for row, w in written.items() if row in texts]
    return found + deletions


def changed(texts: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """The fields of `texts` that say something else than the report does."""
    return [n for n, now in present.items() if n in texts and not same(now, texts[n])]
