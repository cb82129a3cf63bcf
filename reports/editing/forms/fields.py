"""Fields that read what a clerk typed; each refusal names the text and what is expected."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ...catalogue.figures import Figure
from ...catalogue.reading import LONGEST_TEXT, parse_entry, same_words
from ...catalogue.values import Content, Value
from ...compose.prose import to_codes
from ...dossier import Dossier
from ...entry import FigureEntry
from ...enums import ValueKind
from ...models.fields import column_text
from ...text.dates import parse_date
from ...text.numbers import EntryError, format_count, parse_count
from ...text.typography import clean_lines


class TypedField(forms.Field):
    """A field that reads text the clerk typed. `problem` is why it was refused, when it is shown
    again after a failed save."""

    problem = ""


class EntryField(TypedField):
    """One figure. Empty is "not yet entered"; `kps` or `không` is "không phát sinh"."""

    def __init__(
        self, figure: Figure, dossier: Dossier, entry: FigureEntry | None = None, **kwargs: Any
    ) -> None:
        self.figure, self.dossier, self.entry = figure, dossier, entry
        super().__init__(label=figure.label, required=False, widget=entry_widget(figure), **kwargs)

    def to_python(self, value: Any) -> Value:
        text = value or ""
        if self.entry and same_words(text, self.entry.value.stated):
            return self.entry.value  # words kept as printed, not touched
        if self.figure.kind == ValueKind.TEXT:
            text = to_codes(text, self.dossier)
        try:
            return parse_entry(self.figure, text, self.dossier.period.data_to)
        except EntryError as error:
            raise ValidationError(error.message) from error

    def validate(self, value: Any) -> None:
        """Every value, and none, may be saved."""

    def run_validators(self, value: Any) -> None:
        """`to_python` has judged the text already."""


def entry_widget(figure: Figure) -> forms.Widget:
    if figure.kind == ValueKind.TEXT:
        return forms.Textarea(attrs={"rows": figure.lines, "class": "input"})
    if figure.kind == ValueKind.CODE:
        choices = [("", "Chưa chọn"), *figure.choices]
        return forms.Select(choices=choices, attrs={"class": "input"})
    sizes = {ValueKind.AMOUNT: " amount", ValueKind.DATE: " day"}
    modes = {ValueKind.PERCENT: "decimal", ValueKind.DECIMAL: "decimal", ValueKind.DATE: "text"}
    # "text", not "numeric": some phones then offer no comma, and none could type "kps".
    attrs = {
        "inputmode": modes.get(figure.kind, "text"),
        "autocomplete": "off",
        "spellcheck": "false",
        "class": "input number" + sizes.get(figure.kind, ""),
    }
    return forms.TextInput(attrs=attrs)


class KeyField(TypedField):
    """A key column of a row, read as its kind of column requires."""

    def __init__(
        self, column: Any, allowed: set[str] | None = None, near: date | None = None
    ) -> None:
        self.column, self.allowed, self.near = column, allowed, near
        super().__init__(label=str(column.verbose_name), required=False, widget=key_widget(column))

    def to_python(self, value: Any) -> Content:
        column = self.column
        text = column_text(column, value or "")
        try:
            return self._read(text)
        except EntryError as error:
            raise ValidationError(error.message) from error

    def _read(self, text: str) -> Content:
        column, kind = self.column, self.column.get_internal_type()
        if column.null and not text:
            return None
        if kind == "DateField":
            return parse_date(text, self.near)
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
        attrs = {"rows": 4, "class": "input"}
        super().__init__(label=label, required=False, widget=forms.Textarea(attrs=attrs))

    def to_python(self, value: Any) -> str:
        text = clean_lines(value or "")
        if len(text) > LONGEST_TEXT:
            raise ValidationError(
                f"Thuyết minh có {format_count(len(text))} ký tự; tối đa {format_count(LONGEST_TEXT)}."
            )
        return to_codes(text, self.dossier)
