"""The names of fields (`reports.forms`), taken apart."""

import re

from ..enums import Section
from ..models import TABLES_BY_NAME

#: A browser's identifier of a row: a UUID, or the name of a fixed row.
UID = re.compile(r"[A-Za-z0-9_-]{1,36}")


def cell_name(name: str) -> tuple[str, str, str] | None:
    """`staff.headcount@u1` → (`staff`, `headcount`, `u1`); None for names of other kinds."""
    code, at, uid = name.partition("@")
    table, _, column = code.partition(".")
    if not at or table not in TABLES_BY_NAME or not UID.fullmatch(uid):
        return None
    return table, column, uid


def carried_name(name: str, section: Section) -> str:
    """The name under which a field counts as carried over: its row's, its text's, or its own."""
    if section == Section.PAPER:
        return "paper"
    cell = cell_name(name)
    if cell:
        return f"{cell[0]}@{cell[2]}"
    return "text:" + name.partition(":")[2] if name.startswith("placement:") else name
