"""Model fields that are figures: a column declared with one of these is in the catalogue.

A figure is declared once, where it is stored: label, unit, how it is counted, in which periods it is
asked. The catalogue (`reports.catalogue.figures`) reads them from here. None of that wording reaches the
database, so `deconstruct` leaves it out and rewording a label makes no migration.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import models

from ..enums import Rollup, ValueKind
from ..text.typography import clean_line, clean_lines

#: Fifteen digits: the longest amount in đồng that a commune states (`domain.md`: finance).
MAX_COUNT = 10**15 - 1


def column_text(column: object, text: str) -> str:
    """Text as this column of a model keeps it: cleaned, of several lines in a TextField alone."""
    return clean_lines(text) if isinstance(column, models.TextField) else clean_line(text)


class FigureField(models.Field):
    """The attributes of a figure, mixed into a Django field before its own class."""

    kind: ValueKind
    decimals = 0
    #: Lines that its field shows on a page, where it is words.
    rows = 2

    def __init__(
        self,
        label: str = "",
        *,
        unit: str = "",
        group: str = "",
        counting: str = "",
        carries: bool = False,
        rollup: Rollup = Rollup.SUM,
        valid_from: date | None = None,
        valid_to: date | None = None,
        **kwargs: Any,
    ) -> None:
        self.unit, self.group, self.counting = unit, group, counting
        self.carries, self.rollup = carries, rollup
        self.valid_from, self.valid_to = valid_from, valid_to
        super().__init__(label, **{**self.defaults(), **kwargs})

    def defaults(self) -> dict[str, Any]:
        return {"null": True, "blank": True}

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for wording in ("verbose_name", "choices"):
            kwargs.pop(wording, None)
        return name, path, args, kwargs


class CountField(FigureField, models.PositiveBigIntegerField):
    """A number of things. NULL is "not yet entered"; the database refuses negatives."""

    kind = ValueKind.COUNT


class AmountField(CountField):
    """Money in whole đồng, up to fifteen digits."""

    kind = ValueKind.AMOUNT

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, **{"unit": "đồng", **kwargs})


class MeasureField(FigureField, models.DecimalField):
    """A measured quantity with two decimals, such as an area in m²."""

    kind = ValueKind.DECIMAL
    decimals = 2

    def defaults(self) -> dict[str, Any]:
        return {**super().defaults(), "max_digits": 17, "decimal_places": 2}


class CodeField(FigureField, models.PositiveSmallIntegerField):
    """A code with a printed legend, such as `Chưa có = 0; 2 cấp = 1; 3 cấp = 2`."""

    kind = ValueKind.CODE

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, **{"rollup": Rollup.NONE, **kwargs})


class TextFigureField(FigureField, models.TextField):
    """A fact in words; the empty string is "not yet entered"."""

    kind = ValueKind.TEXT

    def __init__(self, label: str = "", *, rows: int = 2, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(label, **{"rollup": Rollup.NONE, **kwargs})

    def defaults(self) -> dict[str, Any]:
        return {"blank": True, "default": ""}


class DateFigureField(FigureField, models.DateField):
    """A calendar day."""

    kind = ValueKind.DATE

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, **{"rollup": Rollup.NONE, **kwargs})
