"""The cells of entry grids. Written in Python because a grid has hundreds of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..entry import Grid, GridColumn, entry_text
from ..values import MISSING, TableRow
from ..vietnamese import format_date

register = template.Library()

CELL = (
    '<{0} class="{1}" name="{2}" id="id_{2}" aria-label="{3}"{4}{5}</{0}>'
    '<p class="error" id="error_{2}"{6}>{7}</p>'
)


@register.simple_tag(takes_context=True)
def cell(
    context: Mapping[str, Any], grid: Grid, column: GridColumn, row: TableRow | None, uid: str
) -> SafeString:
    """One field of a child row, with what was typed when it could not be read."""
    name = f"{grid.table}.{column.name}@{uid}"
    wrong = context["unread"].get(name)
    text = wrong.typed if wrong else cell_text(column, row)
    problem = wrong.problem if wrong else ""
    tail = (SafeString("" if problem else " hidden"), problem)
    if column.field.choices:
        inner = options("Chưa chọn", column.field.choices, text)
        return format_html(
            CELL, "select", "form-select", name, column.label, SafeString(">"), inner, *tail
        )
    if column.name == "item":
        inner = options("Không in ở mục nào", context["items"], text)
        return format_html(
            CELL, "select", "form-select", name, "Thuộc mục", SafeString(">"), inner, *tail
        )
    if column.field.get_internal_type() == "TextField":
        return format_html(
            CELL,
            "textarea",
            "form-control",
            name,
            column.label,
            SafeString(' rows="2">'),
            text,
            *tail,
        )
    return format_html(
        '<input class="form-control{0}" name="{1}" id="id_{1}" value="{2}" autocomplete="off" '
        'aria-label="{3}"><p class="error" id="error_{1}"{4}>{5}</p>',
        " number" if column.figure else "", name, text, column.label, *tail,
    )  # fmt: skip


def options(empty: str, choices: Iterable[tuple[Any, str]], chosen: str) -> SafeString:
    listed = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected" if str(value) == chosen else ""), label)
            for value, label in choices
        ),
    )
    return format_html('<option value="">{}</option>{}', empty, listed)


def cell_text(column: GridColumn, row: TableRow | None) -> str:
    """A cell as its field shows it; empty in the pattern of a new row."""
    if row is None:
        return ""
    if column.figure:
        return entry_text(column.figure, row.values.get(column.figure.code, MISSING))
    content = row.keys.get(column.name)
    if hasattr(content, "isoformat"):
        return format_date(content)  # type: ignore[arg-type]
    return "" if content is None else str(content)
