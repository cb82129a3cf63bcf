"""Numbers and dates on screens, the Vietnamese way. Named filters, never a global switch."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from django import forms, template
from django.utils import timezone

from ..text.dates import format_date
from ..text.numbers import format_count, format_size

register = template.Library()
Name = TypeVar("Name")
Entry = TypeVar("Entry")


@register.filter
def so(number: int | None) -> str:
    """`2.395`."""
    return "" if number is None else format_count(number)


@register.filter
def ngay(day: date | datetime | None) -> str:
    """`05/8/2024`."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    return format_date(day) if day else ""


@register.filter
def luc(moment: datetime | None) -> str:
    """`14:05 ngày 05/8/2024`."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local:%H:%M} ngày {format_date(local.date())}"


@register.filter
def dung_luong(size: int) -> str:
    """`14,6 KB`."""
    return format_size(size)


@register.filter
def field(form: forms.BaseForm, name: str) -> forms.BoundField:
    """The bound field of that name."""
    return form[name]


@register.filter
def named(mapping: Mapping[Name, Entry] | None, name: Name) -> Entry | None:
    """The value of a mapping under a name made in the template; None without one."""
    return mapping.get(name) if mapping else None
