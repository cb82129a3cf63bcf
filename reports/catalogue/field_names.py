"""Names of fields: how pages, marks, events, remarks, evidence and forms in Excel call one field.

A name is stored and posted as text; `FieldName` is the one place that prints and parses it. Its twin for
the scripts is `static/js/entry/names.js`; `tests/data/field_names.json` holds examples for both.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class FieldKind(StrEnum):
    """What a name stands for, with an example."""

    FIGURE = "figure"  # direction.radio_broadcasts, indicator.r1_1; a column for the rows to come
    CELL = "cell"  # staff.headcount@<uid>
    ROW = "row"  # staff@<uid>
    TEXT = "text"  # text:<item>, the clerk's own text of an outline item
    PLACEMENT = "placement"  # placement:<item>, where that text stands
    NOTE = "note"  # note:<indicator>, Ghi chú of a row of the appendix
    FRAME = "frame"  # symbol, place, …: a column of the frame of the paper
    PAPER = "paper"  # paper: the frame as a whole, as it is taken over
    DELETION = "delete"  # delete:staff@<uid>, posted: a row to remove
    BASE = "base"  # base:<name>, posted: the text that the change of a field was made from


#: What may be posted as the identifier of a row: a UUID, or the name of a fixed row.
UID = re.compile(r"[A-Za-z0-9_-]{1,36}")
#: The code of an item or an indicator; the table, section or column in the code of a figure.
PART = re.compile(r"[A-Za-z0-9_-]+")
CODE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")
#: What the names of bases begin with, whatever follows.
BASES = f"{FieldKind.BASE}:"
#: Stands for the key of a row in the pattern of a name (`staff.headcount@{}`, `text:{}`).
KEY = "{}"
OF_ITEM = (FieldKind.TEXT, FieldKind.PLACEMENT)
PREFIXES = {kind.value: kind for kind in (*OF_ITEM, FieldKind.NOTE)}


@dataclass(frozen=True, slots=True)
class FieldName:
    """One name, taken apart: `part` is what stands between its prefix and the `@`, `uid` what follows.

    Made by `parse`, or by the constructor of its kind; these do not judge the parts they are given.
    """

    kind: FieldKind
    part: str = ""
    uid: str = ""

    def __str__(self) -> str:
        match self.kind:
            case FieldKind.FIGURE | FieldKind.FRAME:
                return self.part
            case FieldKind.CELL | FieldKind.ROW:
                return f"{self.part}@{self.uid}"
            case FieldKind.PAPER:
                return self.kind.value
            case FieldKind.DELETION:
                return f"{self.kind}:{self.part}@{self.uid}"
        return f"{self.kind}:{self.part}"

    # --- taken apart ------------------------------------------------------------------------------

    @classmethod
    def parse(cls, name: str) -> Self:
        """The name that `name` prints. ValueError when it names nothing."""
        parsed = cls.read(name)
        if parsed is None:
            raise ValueError(f"{name!r} names no field")
        return parsed

    @classmethod
    def read(cls, name: str) -> Self | None:
        """`parse` for what came from outside; None when it names nothing."""
        prefix, colon, rest = name.partition(":")
        if colon:
            return cls._prefixed(prefix, rest)
        code, at, uid = name.partition("@")
        if at:
            kind = FieldKind.CELL if "." in code else FieldKind.ROW
            return cls(kind, code, uid) if _code(code) and UID.fullmatch(uid) else None
        if code == FieldKind.PAPER:
            return cls(FieldKind.PAPER)
        kind = FieldKind.FIGURE if "." in code else FieldKind.FRAME
        return cls(kind, code) if _code(code) else None

    @classmethod
    def read_cell(cls, name: str) -> Self | None:
        """`read` for whoever looks for cells alone; None for names of other kinds."""
        parsed = cls.read(name)
        return parsed if parsed and parsed.kind == FieldKind.CELL else None

    @classmethod
    def _prefixed(cls, prefix: str, rest: str) -> Self | None:
        if kind := PREFIXES.get(prefix):
            return cls(kind, rest) if CODE.fullmatch(rest) else None
        of = cls.read(rest)
        if of is None or of.kind in (FieldKind.DELETION, FieldKind.BASE):
            return None
        if prefix == FieldKind.BASE:
            return cls(FieldKind.BASE, rest)
        if prefix == FieldKind.DELETION and of.kind == FieldKind.ROW:
            return cls(FieldKind.DELETION, of.part, of.uid)
        return None

    # --- made -------------------------------------------------------------------------------------

    @classmethod
    def figure(cls, code: str, uid: str = "") -> Self:
        """A figure by its catalogue code, or a column of a table; with `uid` its cell in that row."""
        return cls(FieldKind.CELL, code, uid) if uid else cls(FieldKind.FIGURE, code)

    @classmethod
    def cell(cls, table: str, column: str, uid: str) -> Self:
        return cls(FieldKind.CELL, f"{table}.{column}", uid)

    @classmethod
    def row(cls, table: str, uid: str) -> Self:
        return cls(FieldKind.ROW, table, uid)

    @classmethod
    def text(cls, item: str) -> Self:
        return cls(FieldKind.TEXT, item)

    @classmethod
    def placement(cls, item: str) -> Self:
        return cls(FieldKind.PLACEMENT, item)

    @classmethod
    def note(cls, indicator: str) -> Self:
        return cls(FieldKind.NOTE, indicator)

    @classmethod
    def of_mark(cls, figure: str, row: str) -> Self:
        """The name of what a stored mark is about (`models.Mark`). ValueError as `parse`."""
        return cls.parse(f"{figure}@{row}" if row else figure)

    # --- asked ------------------------------------------------------------------------------------

    @property
    def code(self) -> str:
        """The catalogue code of a figure or a cell (a key column has one too, without a figure)."""
        return self.part if self.kind in (FieldKind.FIGURE, FieldKind.CELL) else ""

    @property
    def table(self) -> str:
        """The table of a row or a cell; of other figures their section."""
        kinds = (FieldKind.FIGURE, FieldKind.CELL, FieldKind.ROW, FieldKind.DELETION)
        return self.part.partition(".")[0] if self.kind in kinds else ""

    @property
    def column(self) -> str:
        if self.kind == FieldKind.FRAME:
            return self.part
        return self.code.partition(".")[2]

    @property
    def item(self) -> str:
        """The code of the outline item."""
        return self.part if self.kind in OF_ITEM else ""

    @property
    def indicator(self) -> str:
        """The code of the appendix row a note stands in."""
        return self.part if self.kind == FieldKind.NOTE else ""

    @property
    def mark(self) -> tuple[str, str]:
        """`figure` and `row` of a stored mark about this."""
        return (self.part, self.uid) if self.uid else (str(self), "")

    # --- its kin ----------------------------------------------------------------------------------

    @property
    def own_row(self) -> Self:
        """The row that a cell, or a deletion, is of."""
        return type(self).row(self.table, self.uid)

    @property
    def deletion(self) -> Self:
        """How the removal of this row, or of this cell's row, is posted."""
        return type(self)(FieldKind.DELETION, self.table, self.uid)

    @property
    def base(self) -> Self:
        """How the text that a change of this was made from is posted."""
        return type(self)(FieldKind.BASE, str(self))

    @property
    def of(self) -> Self:
        """The field whose base this is. ValueError for other kinds."""
        if self.kind != FieldKind.BASE:
            raise ValueError(f"{self} is no base")
        return type(self).parse(self.part)

    @property
    def carried_as(self) -> Self:
        """What is taken over and confirmed as one: a cell's row, an item's text, the whole frame."""
        match self.kind:
            case FieldKind.CELL:
                return self.own_row
            case FieldKind.PLACEMENT:
                return type(self).text(self.part)
            case FieldKind.FRAME:
                return type(self)(FieldKind.PAPER)
        return self


#: The frame of the paper as a whole.
PAPER = FieldName(FieldKind.PAPER)


# --- names as text, not judged yet --------------------------------------------------------------------


def column_of(name: str) -> str:
    """What a name, or the pattern of one, has in common with those of other rows and items.

    The code of a figure or of a cell's column; `placement:` of every placement.
    """
    prefix, colon, _ = name.partition(":")
    return prefix + colon if colon else name.partition("@")[0]


def keyed(pattern: str, key: str) -> str:
    """The name that a pattern makes with the key of a row."""
    return pattern.replace(KEY, key)


def of_rows(pattern: str) -> bool:
    """Whether a pattern makes names of cells, so that its key is the identifier of a row."""
    return f"@{KEY}" in pattern


def _code(code: str) -> bool:
    table, dot, column = code.partition(".")
    return bool(PART.fullmatch(table)) and (not dot or bool(CODE.fullmatch(column)))
