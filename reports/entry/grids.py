"""Tables of child rows on a page of entry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..catalogue.field_names import FieldName
from ..catalogue.figures import Figure
from ..catalogue.values import MISSING, TableRow
from ..dossier import Dossier
from ..enums import Section, ValueKind
from ..models import TABLES, IssuedDocument, Row
from ..text.dates import format_date
from ..text.names import fold
from .doubts import date_doubt
from .figures import entry_text
from .progress import incomplete_documents


@dataclass(frozen=True)
class GridColumn:
    """A column of child rows: a key (`field` of the model) or a figure."""

    name: str
    label: str
    field: Any
    figure: Figure | None = None

    @property
    def heading(self) -> str:
        """The label, with the unit where the values are money or measures."""
        measured = self.figure and self.figure.kind != ValueKind.COUNT
        unit = self.figure.unit if self.figure and measured else ""
        return f"{self.label} ({unit})" if unit else self.label


@dataclass(frozen=True)
class Grid:
    """A table of child rows as it is entered.

    `given` is the column whose choices are the rows of a fixed table, "" where a clerk adds rows.
    `carried` holds the uids of rows taken over and not confirmed, `previous` each row's row of the
    period before, by uid; `doubts` what looks wrong in a cell, by the cell's name.
    """

    table: str
    title: str
    given: str
    columns: tuple[GridColumn, ...]
    rows: tuple[TableRow, ...]
    carried: frozenset[str] = frozenset()
    previous: Mapping[str, TableRow] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)

    @property
    def fixed(self) -> bool:
        return bool(self.given)

    def name(self, column: GridColumn, uid: str) -> str:
        """The name of a cell's field."""
        return str(FieldName.cell(self.table, column.name, uid))


def cell_text(column: GridColumn, row: TableRow | None) -> str:
    """A cell as its field shows it; empty in the pattern of a new row."""
    if row is None:
        return ""
    if column.figure:
        return entry_text(column.figure, row.values.get(column.figure.code, MISSING))
    content = row.keys.get(column.name)
    if isinstance(content, date):
        return format_date(content)
    return "" if content is None else str(content)


def grids(dossier: Dossier, section: Section, previous: Dossier | None = None) -> Iterator[Grid]:
    """The tables of child rows typed on this page; documents where the text cites some."""
    for model in TABLES:
        if model.section == section:
            yield grid(dossier, model, dossier.tables.get(model.table, ()), previous)
    rows = tuple(row for row in dossier.tables.get("documents", ()) if row.keys["part"] == section)
    items = [item for item in dossier.outline.items if item.section == section]
    if rows or any(item.cites_documents for item in items):
        yield grid(dossier, IssuedDocument, rows, None)


def grid(
    dossier: Dossier, model: type[Row], rows: tuple[TableRow, ...], previous: Dossier | None
) -> Grid:
    columns = []
    for name in (*model.keys, *(column.name for column in model.figure_columns())):
        figure = dossier.catalogue.get(f"{model.table}.{name}")
        columns.append(GridColumn(name, model.label(name), model.column(name), figure))
    if model.fixed:
        rows = tuple(fixed_rows(model, rows))
    doubts = {
        str(FieldName.cell(model.table, column.name, row.uid)): doubt
        for row in rows
        for column in columns
        if (doubt := date_doubt(_content(column, row), dossier.period))
    }
    taken_over = {FieldName.parse(name) for name in dossier.carried}
    carried = frozenset(r.uid for r in rows if FieldName.row(model.table, r.uid) in taken_over)
    before = dict(rows_before(model, rows, previous)) if previous else {}
    return Grid(
        model.table, model.title, model.fixed, tuple(columns), rows, carried, before, doubts
    )


def _content(column: GridColumn, row: TableRow) -> object:
    if column.figure:
        return row.values.get(column.figure.code, MISSING).content
    return row.keys.get(column.name)


def rows_before(
    model: type[Row], rows: tuple[TableRow, ...], previous: Dossier
) -> Iterator[tuple[str, TableRow]]:
    """For each row its row in the period before: the one it was taken over from, or of the same name."""
    earlier = previous.tables.get(model.table, ())
    by_uid = {row.uid: row for row in earlier}
    by_name = {fold(str(row.keys[model.keys[0]] or "")): row for row in earlier}
    for row in rows:
        name = fold(str(row.keys.get(model.keys[0]) or ""))
        before = by_uid.get(row.uid) or (by_name.get(name) if name else None)
        if before:
            yield row.uid, before


def fixed_rows(model: type[Row], rows: tuple[TableRow, ...]) -> Iterator[TableRow]:
    """One row for each choice, those not stored yet under an identifier that names the choice."""
    present = {row.keys[model.fixed]: row for row in rows}
    for choice, label in model.choices(model.fixed):
        yield present.get(choice) or TableRow(
            fixed_uid(model, choice), {model.fixed: choice, f"{model.fixed}_label": label}
        )


def fixed_uid(model: type[Row], choice: str) -> str:
    return f"{model.table}-{choice}"


def fixed_choice(model: type[Row], uid: str) -> str:
    """The choice that `fixed_uid` names; "" for the identifiers of other rows."""
    begin = fixed_uid(model, "")
    return uid.removeprefix(begin) if model.fixed and uid.startswith(begin) else ""


def same_documents(dossier: Dossier) -> dict[tuple[Any, ...], list[TableRow]]:
    """The citations of each document, by what its number is unique among."""
    cited: dict[tuple[Any, ...], list[TableRow]] = {}
    for row in dossier.tables.get("documents", ()):
        if row.keys["number"]:
            names = ("kind_label", "number", "symbol", "issuer")
            cited.setdefault(tuple(row.keys[name] for name in names), []).append(row)
    return cited


def repeated_documents(dossier: Dossier, section: Section) -> list[str]:
    """Notices about documents of a page without number or date, cited twice, or with two dates."""
    lacking = len(incomplete_documents(dossier, section))
    notices = [f"{lacking} văn bản chưa có số hoặc ngày ban hành."] if lacking else []
    for (kind, number, symbol, _), same in same_documents(dossier).items():
        if len(same) < 2 or not any(row.keys["part"] == section for row in same):
            continue
        days = {day for row in same if (day := row.day("date"))}
        name = f"{kind} số {number}" + (f"/{symbol}" if symbol else "")
        dated = "; ".join(sorted(map(format_date, days)))
        if len(days) > 1:
            notices.append(f"{name} được ghi với {len(days)} ngày khác nhau: {dated}.")
        else:
            notices.append(f"{name} được ghi {len(same)} lần trong báo cáo.")
    return notices
