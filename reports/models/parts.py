"""Base of the tables that hold content of reports: their columns, labels and choices."""

from typing import Any, ClassVar, Self

from django.db import models

from .fields import FigureField


class ReportPart(models.Model):
    """A table that holds content of reports."""

    objects: ClassVar[models.Manager[Self]]

    class Meta:
        abstract = True

    @classmethod
    def column(cls, name: str) -> "models.Field[Any, Any]":
        """The column of this name. FieldDoesNotExist when there is none."""
        column = cls._meta.get_field(name)
        assert isinstance(column, models.Field), "a relation from another table is no column"
        return column

    @classmethod
    def label(cls, name: str) -> str:
        """What a column is called, as a heading begins: `Địa danh`."""
        label = str(cls.column(name).verbose_name)
        return label[:1].upper() + label[1:]

    @classmethod
    def choices(cls, name: str) -> tuple[tuple[Any, str], ...]:
        """The codes a column is answered with and their words; () when it is no list."""
        return tuple((code, str(label)) for code, label in cls.column(name).flatchoices)

    @classmethod
    def figure_columns(cls) -> tuple["FigureField[Any, Any]", ...]:
        """The columns that are figures of the catalogue, in the order of the paper."""
        return tuple(f for f in cls._meta.concrete_fields if isinstance(f, FigureField))
