"""Two people in one section: only the same field is a conflict, and both texts are told.

A page sends with each changed field the text it was based on, as `base:<name>`; of a row it deletes
the texts of its cells. A page without scripts cannot: it sends the section's version (`seen`), and
when that is no longer the present one, every field that differs is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .forms import cell_name
from .vietnamese import clean_lines

BASE = "base:"
DELETE = "delete:"


@dataclass(frozen=True)
class Conflict:
    """A field that another person wrote meanwhile: their text, or that its row is gone."""

    name: str
    theirs: str
    gone: bool = False


def same(one: str, other: str) -> bool:
    """Whether two texts of a field are one; a one-line field loses the ends of lines."""
    return "".join(clean_lines(one).split()) == "".join(clean_lines(other).split())


def conflicts(posted: Mapping[str, str], present: Mapping[str, str]) -> list[Conflict]:
    """The fields of `posted` that changed since the page was made; `present` is `page_texts`."""
    found = []
    for name in posted:
        base = posted.get(BASE + name)
        if name.startswith(DELETE):
            found += _deletion(name, posted, present)
        elif base is not None and not name.startswith(BASE):
            now = present.get(name)
            if now is None and cell_name(name):
                found.append(Conflict(name, "", gone=True))
            elif now is not None and not same(now, base) and not same(now, posted[name]):
                found.append(Conflict(name, now))
    return found


def _deletion(name: str, posted: Mapping[str, str], present: Mapping[str, str]) -> list[Conflict]:
    """A row to delete whose cells were written meanwhile."""
    table, _, uid = name.removeprefix(DELETE).partition("@")
    written = [
        present[cell]
        for cell in present
        if cell.startswith(f"{table}.") and cell.endswith(f"@{uid}")
        and BASE + cell in posted and not same(present[cell], posted[BASE + cell])
    ]  # fmt: skip
    return [Conflict(name, "; ".join(written))] if written else []


def stale(posted: Mapping[str, str], present: Mapping[str, str]) -> list[Conflict]:
    """Every field of an outdated page that differs from what the report holds now.

    A row with such a cell is not deleted either.
    """
    found = [Conflict(name, present[name]) for name in changed(posted, present)]
    written: dict[str, list[str]] = {}
    for conflict in found:
        if cell := cell_name(conflict.name):
            written.setdefault(f"{DELETE}{cell[0]}@{cell[2]}", []).append(conflict.theirs)
    deletions = [Conflict(row, "; ".join(w)) for row, w in written.items() if row in posted]
    return found + deletions


def changed(posted: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """The fields of `posted` that say something else than the report does."""
    return [n for n, now in present.items() if n in posted and not same(now, posted[n])]
