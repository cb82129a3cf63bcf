"""The forms of entry: text as a clerk types it, read into values.

Every field reads one name of the page. What can be read is saved, what cannot is told in words that
name the field, what was found and what is expected; nothing of the rest is lost. Names:

    direction.radio_broadcasts      a figure            text:II.1, placement:II.1   a narrative
    staff.headcount@<uid>           a figure of a row   note:r1_1                   Ghi chú of a row
    documents.subject@<uid>         a key of a row      delete:<table>@<uid>        a row to remove
"""

import re
from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from .compose.prose import to_codes
from .dossier import Dossier
from .editing import TABLE_MODELS, Edits, unique_key
from .entry import Asked, Grid, GridColumn, SectionEntry, ask, fixed_uid
from .enums import Authority, Placement, ValueKind
from .figures import Figure
from .layout import fieldset
from .models import Paper
from .reading import LONGEST_TEXT, parse_entry, same_words
from .values import Content, Value
from .vietnamese import (
    EntryError,
    clean_text,
    format_count,
    parse_count,
    parse_date,
)

#: A browser's identifier of a row: a UUID, or the name of a fixed row.
UID = re.compile(r"[A-Za-z0-9_-]{1,36}")
#: The most rows of one table: more than any commune states, few enough for a page.
MOST_ROWS = 300


class TypedField(forms.Field):
    """A field that reads text the clerk typed. `problem` is what was wrong with it, when it is shown
    again after a failed save."""

    problem = ""


class EntryField(TypedField):
    """One figure. Empty is "not yet entered"; `kps` or `không` is "không phát sinh"."""

    def __init__(
        self, figure: Figure, dossier: Dossier, asked: Asked | None = None, **kwargs: Any
    ) -> None:
        self.figure, self.dossier, self.asked = figure, dossier, asked
        super().__init__(label=figure.label, required=False, widget=entry_widget(figure), **kwargs)

    def to_python(self, value: Any) -> Value:
        text = value or ""
        if self.asked and same_words(text, self.asked.value.stated):
            return self.asked.value  # words kept as printed, not touched
        if self.figure.kind == ValueKind.TEXT:
            text = to_codes(text, self.dossier)
        try:
            return parse_entry(self.figure, text)
        except EntryError as error:
            raise ValidationError(error.message) from error

    def validate(self, value: Any) -> None:
        """Every value, and none, may be saved."""

    def run_validators(self, value: Any) -> None:
        """`to_python` has judged the text already."""


def entry_widget(figure: Figure) -> forms.Widget:
    if figure.kind == ValueKind.TEXT:
        return forms.Textarea(attrs={"rows": figure.lines, "class": "form-control"})
    if figure.kind == ValueKind.CODE:
        choices = [("", "Chưa chọn"), *figure.choices]
        return forms.Select(choices=choices, attrs={"class": "form-select"})
    modes = {ValueKind.PERCENT: "decimal", ValueKind.DECIMAL: "decimal", ValueKind.DATE: "text"}
    # "text", not "numeric": some phones then offer no comma, and none could type "kps".
    attrs = {
        "inputmode": modes.get(figure.kind, "text"),
        "autocomplete": "off",
        "spellcheck": "false",
        "class": "form-control number",
    }
    return forms.TextInput(attrs=attrs)


class KeyField(TypedField):
    """A column that says what a row is about; its own kind of column reads it."""

    def __init__(self, column: Any, allowed: set[str] | None = None) -> None:
        self.column, self.allowed = column, allowed
        super().__init__(label=str(column.verbose_name), required=False, widget=key_widget(column))

    def to_python(self, value: Any) -> Content:
        column = self.column
        text = clean_text(value or "", multiline=column.get_internal_type() == "TextField")
        try:
            return self._read(text)
        except EntryError as error:
            raise ValidationError(error.message) from error

    def _read(self, text: str) -> Content:
        column, kind = self.column, self.column.get_internal_type()
        if column.null and not text:
            return None
        if kind == "DateField":
            return parse_date(text)
        if kind == "PositiveSmallIntegerField":
            year = parse_count(text.replace(".", ""))
            if not 1945 <= year <= 2100:
                raise EntryError(f"“{text}”: cần một năm từ 1945 đến 2100.")
            return year
        listed = self.allowed if self.allowed is not None else dict(column.choices or ())
        if (column.choices or self.allowed) and text and text not in listed:
            raise EntryError(f"“{text}” không có trong danh sách.")
        longest = column.max_length or 2000
        if len(text) > longest:
            raise EntryError(f"Có {format_count(len(text))} ký tự; tối đa {format_count(longest)}.")
        return text


def key_widget(column: Any) -> forms.Widget:
    if column.choices:
        return forms.Select(choices=[("", "Chưa chọn"), *column.choices])
    if column.get_internal_type() == "TextField":
        return forms.Textarea(attrs={"rows": 2})
    return forms.TextInput(attrs={"autocomplete": "off"})


class NarrativeField(TypedField):
    """The clerk's own text of an item."""

    def __init__(self, label: str, dossier: Dossier) -> None:
        self.dossier = dossier
        attrs = {"rows": 4, "class": "form-control"}
        super().__init__(label=label, required=False, widget=forms.Textarea(attrs=attrs))

    def to_python(self, value: Any) -> str:
        text = clean_text(value or "", multiline=True)
        if len(text) > LONGEST_TEXT:
            raise ValidationError(
                f"Thuyết minh có {format_count(len(text))} ký tự; tối đa {format_count(LONGEST_TEXT)}."
            )
        return to_codes(text, self.dossier)


class SectionForm(forms.Form):
    """One section page, or the part of it that an autosave sends.

    Bound with `data`, only the names that `data` holds are read; rows the browser made are known by
    their names. `edits()` gives what was read well, whatever else failed.
    """

    def __init__(
        self, dossier: Dossier, entry: SectionEntry, data: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data=data)
        self.dossier, self.entry = dossier, entry
        self.overfull = False
        for asked in entry.figures():
            if data is None or asked.name in data:
                self.fields[asked.name] = EntryField(
                    asked.figure, dossier, asked, initial=asked.text
                )
        for narrative in entry.narratives:
            code = narrative.item.code
            if data is None or f"text:{code}" in data:
                self.fields[f"text:{code}"] = NarrativeField(narrative.heading, dossier)
                self.initial[f"text:{code}"] = narrative.text
            if data is None or f"placement:{code}" in data:
                self.fields[f"placement:{code}"] = forms.ChoiceField(
                    label="Vị trí", choices=Placement.choices, required=False
                )
                self.initial[f"placement:{code}"] = narrative.placement
        if data is not None:
            for grid in entry.grids:
                self._add_cells(grid, data)
        self.helper = self._helper(entry)

    @staticmethod
    def _helper(entry: SectionEntry) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(*(fieldset(group) for group in entry.asked))
        return helper

    def _add_cells(self, grid: Grid, data: Mapping[str, str]) -> None:
        """Fields for the cells that `data` holds and this page may reach."""
        columns = {column.name: column for column in grid.columns}
        rows = {row.uid for row in grid.rows}
        if grid.fixed:  # its rows are given, and so is what each is about
            columns.pop(TABLE_MODELS[grid.table].fixed)
        for name in data:
            cell = cell_name(name)
            if cell is None or cell[0] != grid.table or cell[1] not in columns:
                continue
            if not self._within_reach(grid, cell[2]):
                continue
            rows.add(cell[2])
            if len(rows) > MOST_ROWS:
                self.overfull = True
                continue
            column = columns[cell[1]]
            self.fields[name] = (
                EntryField(column.figure, self.dossier)
                if column.figure
                else KeyField(column.field, self._choices(column))
            )

    def _choices(self, column: GridColumn) -> set[str] | None:
        """The items a document of this page may stand under."""
        if column.name != "item":
            return None
        return {"", *(code for code, _ in self.entry.items)}

    def _within_reach(self, grid: Grid, uid: str) -> bool:
        """A row of this page or a new one; not a document of another section."""
        here = {row.uid for row in grid.rows}
        everywhere = {row.uid for row in self.dossier.tables.get(grid.table, ())}
        return uid in here or (not grid.fixed and uid not in everywhere)

    def clean(self) -> dict[str, Any]:
        """Names within one table are unique; the second of two alike is told."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.overfull:
            self.add_error(None, f"Mỗi bảng tối đa {MOST_ROWS} dòng; các dòng sau chưa được lưu.")
        for grid in self.entry.grids:
            unique = unique_key(TABLE_MODELS[grid.table])
            if unique and not grid.fixed:
                self._refuse_twins(grid, unique, cleaned)
        return cleaned

    def _refuse_twins(self, grid: Grid, key: str, cleaned: dict[str, Any]) -> None:
        gone = self.deleted()
        names = {row.uid: row.keys[key] for row in grid.rows if (grid.table, row.uid) not in gone}
        for name in list(cleaned):
            cell = cell_name(name)
            if cell is None or cell[:2] != (grid.table, key) or not cleaned[name]:
                continue
            if any(uid != cell[2] and other == cleaned[name] for uid, other in names.items()):
                label = str(self.fields[name].label)
                self.add_error(name, f"{label[:1].upper()}{label[1:]} này đã có ở dòng khác.")
            else:
                names[cell[2]] = cleaned[name]

    def deleted(self) -> set[tuple[str, str]]:
        grids = {grid.table: grid for grid in self.entry.grids if not grid.fixed}
        found = set()
        for name in self.data:
            table, _, uid = name.removeprefix("delete:").partition("@")
            asked = name.startswith("delete:") and table in grids and self.data[name]
            if asked and UID.fullmatch(uid) and self._within_reach(grids[table], uid):
                found.add((table, uid))
        return found

    def edits(self) -> Edits:
        """What was read well; fields with errors are left as they were."""
        self.is_valid()
        edits = Edits(deleted=self.deleted())
        for name, content in self.cleaned_data.items():
            kind, _, code = name.partition(":")
            cell = cell_name(name)
            if cell is not None:
                self._edit_cell(edits, cell, content)
            elif kind == "text":
                self._edit_text(edits, code, content)
            elif kind == "placement":
                self._edit_placement(edits, code, content)
            elif isinstance(content, Value):
                edits.figures[name, ""] = content
        return edits

    def _edit_cell(self, edits: Edits, cell: tuple[str, str, str], content: Any) -> None:
        table, column, uid = cell
        model = TABLE_MODELS[table]
        if (table, uid) in edits.deleted:
            return
        if isinstance(content, Value):
            edits.figures[f"{table}.{column}", uid] = content
        known = edits.rows.setdefault((table, uid), {})
        if not isinstance(content, Value):
            known[column] = content
        if model.section is None:
            known["part"] = self.entry.section.value
        if model.fixed and uid.startswith(fixed_uid(model, "")):
            known[model.fixed] = uid.removeprefix(fixed_uid(model, ""))

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


def cell_name(name: str) -> tuple[str, str, str] | None:
    """`staff.headcount@u1` → (`staff`, `headcount`, `u1`); None for names of other kinds."""
    code, at, uid = name.partition("@")
    table, _, column = code.partition(".")
    if not at or table not in TABLE_MODELS or not UID.fullmatch(uid):
        return None
    return table, column, uid


class PaperForm(forms.ModelForm):
    """The frame of the paper. Number and date are not typed here: they come with issuing."""

    #: Fields that hold one entry a line.
    LISTS = ("addressees", "recipients")

    class Meta:
        model = Paper
        fields = (
            "symbol", "place", "addressees", "recipients", "authority", "signer_title", "signer_name",
        )  # fmt: skip
        widgets = {
            "addressees": forms.Textarea(attrs={"rows": 2}),
            "recipients": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {
            "symbol": "Chữ viết tắt loại văn bản và cơ quan, như BC-UBND.",
            "place": "Tên xã, phường ghi trước ngày tháng.",
            "addressees": "Mỗi dòng một nơi; bỏ trống thì theo đề cương.",
            "recipients": "Mỗi dòng một nơi, không cần gạch đầu dòng; bỏ trống thì theo đề cương.",
            "signer_title": "Như Chủ tịch, Phó Chủ tịch.",
            "signer_name": "Chỉ họ và tên, không ghi học hàm, học vị.",
        }

    def __init__(self, data: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        cleaned = data and {
            name: clean_text(data[name], multiline=name in self.LISTS)
            for name in self.Meta.fields
            if name in data
        }
        super().__init__(cleaned, **kwargs)
        for name in self.LISTS:
            self.fields[name].max_length = 2000  # type: ignore[attr-defined]
            self.fields[name].validators.append(MaxLengthValidator(2000))
        self.fields["authority"].choices = Authority.choices  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.required = False
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        symbol = cleaned.get("symbol", "")
        if symbol and not re.fullmatch(r"[A-ZĐ]{1,8}(-[A-ZĐ0-9]{1,12})*", symbol):
            self.add_error(
                "symbol",
                f"“{symbol}”: cần chữ in hoa nối bằng gạch ngang, không có dấu cách, như BC-UBND.",
            )
        if not cleaned.get("symbol"):
            cleaned["symbol"] = "BC-UBND"
        if not cleaned.get("authority"):
            cleaned["authority"] = Authority.COLLECTIVE.value
        return cleaned

    def edits(self) -> Edits:
        self.is_valid()
        sent = set(self.data)
        return Edits(paper={k: v for k, v in self.cleaned_data.items() if k in sent})


class AppendixForm(forms.Form):
    """The values and notes typed in the appendix. Its grid has a template of its own."""

    def __init__(self, dossier: Dossier, data: Mapping[str, str]) -> None:
        super().__init__(data=data)
        indicators = dossier.indicators.rows if dossier.indicators else ()
        for row in indicators:
            if row.typed and row.figure in data:
                figure = dossier.catalogue[row.figure]
                self.fields[row.figure] = EntryField(figure, dossier, ask(dossier, figure, False))
            if f"note:{row.code}" in data:
                self.fields[f"note:{row.code}"] = NarrativeField(
                    f"Ghi chú dòng {row.stt}".strip(), dossier
                )

    def edits(self) -> Edits:
        self.is_valid()
        edits = Edits()
        for name, content in self.cleaned_data.items():
            if isinstance(content, Value):
                edits.figures[name, ""] = content
            else:
                edits.notes[name.removeprefix("note:")] = content
        return edits
