"""The form of a section with figures, rows and texts."""

from collections.abc import Mapping
from typing import Any

from django import forms

from ...catalogue.field_names import FieldKind, FieldName
from ...catalogue.values import Value
from ...dossier import Dossier
from ...entry import Grid, GridColumn, SectionEntry, fixed_choice
from ...enums import Placement
from ...models import TABLES_BY_NAME
from ..writing import Edits
from .fields import EntryField, KeyField, NarrativeField

#: The most rows of one table: more than any commune states, few enough for a page.
MOST_ROWS = 300


class SectionForm(forms.Form):
    """One section page, or the part of it that an autosave sends.

    Bound with `data`, only the names that `data` holds are read; rows the browser made are known by
    their names. `edits()` gives the fields that could be read, whatever failed in others.
    """

    def __init__(
        self, dossier: Dossier, entry: SectionEntry, data: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data=data)
        self.dossier, self.entry = dossier, entry
        self.overfull = False
        for field in entry.figures():
            if data is None or field.name in data:
                self.fields[field.name] = EntryField(
                    field.figure, dossier, field, initial=field.text
                )
        for narrative in entry.narratives:
            name, placement = narrative.name, narrative.placement_name
            if data is None or name in data:
                self.fields[name] = NarrativeField(narrative.heading, dossier)
                self.initial[name] = narrative.text
            if data is None or placement in data:
                self.fields[placement] = forms.ChoiceField(
                    label="Vị trí", choices=Placement.choices, required=False
                )
                self.initial[placement] = narrative.placement
        if data is not None:
            for grid in entry.grids:
                self._add_cells(grid, data)

    def _add_cells(self, grid: Grid, data: Mapping[str, str]) -> None:
        """Fields for the cells that `data` holds and this page may reach."""
        columns = {column.name: column for column in grid.columns}
        rows = {row.uid for row in grid.rows}
        if grid.fixed:  # its rows are given, and so is what each is about
            columns.pop(TABLES_BY_NAME[grid.table].fixed)
        for name in data:
            cell = FieldName.read_cell(name)
            if cell is None or cell.table != grid.table or cell.column not in columns:
                continue
            if not self._within_reach(grid, cell.uid):
                continue
            rows.add(cell.uid)
            if len(rows) > MOST_ROWS:
                self.overfull = True
                continue
            column = columns[cell.column]
            self.fields[name] = (
                EntryField(column.figure, self.dossier)
                if column.figure
                else KeyField(column.field, self._choices(column), self.dossier.period.data_to)
            )

    def _choices(self, column: GridColumn) -> set[str] | None:
        """The items a document of this page may stand under."""
        if column.name != "item":
            return None
        return {"", *(code for code, _ in self.entry.items)}

    def _within_reach(self, grid: Grid, uid: str) -> bool:
        """A row of this page or a new one; not a document of another section."""
        on_page = {row.uid for row in grid.rows}
        in_report = {row.uid for row in self.dossier.tables.get(grid.table, ())}
        return uid in on_page or (not grid.fixed and uid not in in_report)

    def clean(self) -> dict[str, Any]:
        """Refuse the second of two equal names within one table."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.overfull:
            self.add_error(None, f"Mỗi bảng tối đa {MOST_ROWS} dòng; các dòng sau chưa được lưu.")
        for grid in self.entry.grids:
            unique = TABLES_BY_NAME[grid.table].unique_column()
            if unique and not grid.fixed:
                self._refuse_twins(grid, unique, cleaned)
        return cleaned

    def _refuse_twins(self, grid: Grid, key: str, cleaned: dict[str, Any]) -> None:
        deleted = self.deleted()
        names = {
            row.uid: row.keys[key] for row in grid.rows if (grid.table, row.uid) not in deleted
        }
        for name in list(cleaned):
            cell = FieldName.parse(name)
            if (cell.table, cell.column) != (grid.table, key) or not cleaned[name]:
                continue
            if any(uid != cell.uid and other == cleaned[name] for uid, other in names.items()):
                label = str(self.fields[name].label)
                self.add_error(name, f"{label[:1].upper()}{label[1:]} này đã có ở dòng khác.")
            else:
                names[cell.uid] = cleaned[name]

    def deleted(self) -> set[tuple[str, str]]:
        grids = {grid.table: grid for grid in self.entry.grids if not grid.fixed}
        rows = set()
        for name in self.data:
            row = FieldName.read(name)
            if row is None or row.kind != FieldKind.DELETION or row.table not in grids:
                continue
            if self.data[name] and self._within_reach(grids[row.table], row.uid):
                rows.add((row.table, row.uid))
        return rows

    def edits(self) -> Edits:
        """The edits of the fields that could be read; fields with errors are left as they were."""
        self.is_valid()
        edits = Edits(deleted=self.deleted())
        for name, content in self.cleaned_data.items():
            field = FieldName.parse(name)
            match field.kind:
                case FieldKind.CELL:
                    self._edit_cell(edits, field, content)
                case FieldKind.TEXT:
                    self._edit_text(edits, field.item, content)
                case FieldKind.PLACEMENT:
                    self._edit_placement(edits, field.item, content)
                case _ if isinstance(content, Value):
                    edits.figures[name, ""] = content
        return edits

    def _edit_cell(self, edits: Edits, cell: FieldName, content: Any) -> None:
        row = (cell.table, cell.uid)
        model = TABLES_BY_NAME[cell.table]
        if row in edits.deleted:
            return
        if isinstance(content, Value):
            edits.figures[cell.code, cell.uid] = content
        columns = edits.rows.setdefault(row, {})
        if not isinstance(content, Value):
            columns[cell.column] = content
        if model.section is None:
            columns["part"] = self.entry.section.value
        if choice := fixed_choice(model, cell.uid):
            columns[model.fixed] = choice

    def _edit_text(self, edits: Edits, code: str, content: str) -> None:
        columns = edits.narratives.setdefault(code, {})
        columns["text"] = content
        narrative = next(n for n in self.entry.narratives if n.item.code == code)
        if narrative.placement == Placement.INSTEAD:
            # Rewritten with today's figures in sight: from now on these are kept in mind.
            columns["made_from"] = narrative.composed

    def _edit_placement(self, edits: Edits, code: str, content: str) -> None:
        placement = content or Placement.AFTER.value
        narrative = next(n for n in self.entry.narratives if n.item.code == code)
        columns = edits.narratives.setdefault(code, {})
        columns["placement"] = placement
        if placement == Placement.INSTEAD and narrative.placement != Placement.INSTEAD:
            # What the take-over replaced is kept in mind: when the figures change, it is told.
            columns["made_from"] = narrative.composed
