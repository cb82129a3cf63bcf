"""Markup that stands on one page seventy to several hundred times: fields of figures, cells of grids.

Written in Python because a template for each would cost more than all the rest of the page; what
stands once is in `templates/`. Everything said passes through `format_html`, which escapes it.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from crispy_forms.layout import LayoutObject
from django.forms import BoundField, Select, Textarea
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..catalogue.field_names import FieldName
from ..catalogue.values import TableRow
from ..enums import ValueKind
from ..text.numbers import format_count
from . import Asked, Grid, GridColumn, cell_text

NOTHING = SafeString("")
HIDDEN = SafeString(" hidden")
REQUIRED = SafeString(' <span class="required">Bắt buộc</span>')

FIGURE = """<div class="figure-field{classes}{wrong}">
<div class="label-line"><label for="{id}">{label}{required}</label>{counting}</div>
<div class="control">{computed}{field}<span class="unit">{unit}</span>{sum}{previous}{carried}<span class="tick" data-tick="{name}"></span></div>
<p class="error" id="error_{name}"{no_problem}>{problem}</p>{doubt}{stated}
</div>"""


class FigureRow(LayoutObject):
    """One figure of a section form: label, field, unit, what is wrong, how it is counted."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        asked, bound = self.asked, form[self.asked.name]
        form.rendered_fields.add(asked.name)
        problem = bound.field.problem
        return format_html(
            FIGURE,
            classes=asked.classes,
            wrong=" has-error" if problem else "",
            id=bound.id_for_label,
            name=asked.name,
            label=bound.label,
            required=REQUIRED if asked.required else NOTHING,
            counting=_counting(asked),
            computed=_computed(asked),
            field=_field(bound) if asked.typed else NOTHING,
            unit=asked.unit,
            sum=_sum(asked),
            problem=problem,
            no_problem=NOTHING if problem else HIDDEN,
            doubt=doubt(asked.name, asked.doubt),
            stated=_stated(asked),
            previous=_previous(asked),
            carried=carried_note(asked.name) if asked.carried else NOTHING,
        )


def _field(bound: BoundField) -> SafeString:
    """What Django would make of an input, a text area or a list, through a template for each."""
    widget, name, text = bound.field.widget, bound.html_name, str(bound.value() or "")
    attrs = _attributes(tuple(widget.attrs.items()))
    if isinstance(widget, Select):
        chosen = options(widget.choices, text)
        return format_html('<select name="{0}" id="id_{0}"{1}>{2}</select>', name, attrs, chosen)
    if isinstance(widget, Textarea):
        # A browser drops the first line break, and would drop one of the text's.
        return format_html(
            '<textarea name="{0}" id="id_{0}"{1}>\n{2}</textarea>', name, attrs, text
        )
    return format_html(
        '<input type="text" name="{0}" value="{2}" id="id_{0}"{1}>', name, attrs, text
    )


@lru_cache(maxsize=32)
def _attributes(attrs: tuple[tuple[str, str], ...]) -> SafeString:
    """What the fields of one kind have in common."""
    return flatatt(dict(attrs))


def _counting(asked: Asked) -> SafeString:
    if not asked.counting:
        return NOTHING
    return format_html(
        '<details class="counting"><summary>Cách tính</summary><p>{}</p></details>', asked.counting
    )


def _computed(asked: Asked) -> SafeString:
    if not asked.figure.whole:
        return NOTHING
    return format_html(
        '<output class="computed" data-computed="{}"{}>{}</output>',
        asked.name, NOTHING if asked.computed else HIDDEN, asked.computed,
    )  # fmt: skip


def _sum(asked: Asked) -> SafeString:
    """The button that takes the sum of the parts for the control total."""
    if not asked.parts:
        return NOTHING
    known = asked.sum is not None
    return format_html(
        '<button type="button" class="sum" data-total="{}" data-parts="{}"{}>Cộng: <b>{}</b></button>',
        asked.name, " ".join(asked.parts), NOTHING if known else HIDDEN,
        format_count(asked.sum or 0),
    )  # fmt: skip


def doubt(name: str, words: str) -> SafeString:
    """What looks wrong in a field whose value was read well."""
    return format_html('<p class="doubt" data-doubt="{}">{}</p>', name, words) if words else NOTHING


def _stated(asked: Asked) -> SafeString:
    words = asked.stated_words
    return format_html('<p class="as-stated">{}</p>', words) if words else NOTHING


def _previous(asked: Asked) -> SafeString:
    if not asked.previous:
        return NOTHING
    if asked.figure.kind != ValueKind.TEXT:
        return format_html('<span class="previous">Kỳ trước: {}</span>', asked.previous)
    if asked.previous == asked.text:
        return SafeString('<span class="previous">Giống kỳ trước</span>')
    return format_html(
        '<details class="previous"><summary>Nội dung kỳ trước</summary><p>{}</p></details>',
        asked.previous,
    )


def carried_note(name: str) -> SafeString:
    """What stands beside something taken over from the period before, until it is confirmed."""
    return format_html(
        '<span class="carried-note" data-carried="{0}">Chưa xác nhận <button '
        'type="submit" class="btn btn-sm btn-outline-primary" name="confirm" value="{0}">'
        "Xác nhận</button></span>",
        name,
    )


# --- grids -----------------------------------------------------------------------------------------

CELL = (
    '<{0} class="{1}" name="{2}" id="id_{2}" aria-label="{3}"{4}{5}</{0}>'
    '<p class="error" id="error_{2}"{6}>{7}</p>{8}'
)


def cell(
    context: Mapping[str, Any], grid: Grid, column: GridColumn, row: TableRow | None, uid: str
) -> SafeString:
    """One field of a child row, with what was typed when it could not be read."""
    name = grid.name(column, uid)
    wrong = context["unread"].get(name)
    text = wrong.typed if wrong else cell_text(column, row)
    tail = (NOTHING, wrong.problem) if wrong else (HIDDEN, "")
    before, said = _cell_before(grid, column, uid), doubt(name, grid.doubts.get(name, ""))
    if column.field.choices:
        inner = options([("", "Chưa chọn"), *column.field.choices], text)
        return format_html(
            CELL, "select", "form-select", name, column.label, SafeString(">"), inner, *tail, said
        )
    if column.name == "item":
        inner = options([("", "Không in ở mục nào"), *context["items"]], text)
        return format_html(
            CELL, "select", "form-select", name, "Thuộc mục", SafeString(">"), inner, *tail, said
        )
    if column.field.get_internal_type() == "TextField":
        rows = SafeString(' rows="2">')
        return format_html(
            CELL, "textarea", "form-control", name, column.label, rows, text, *tail, said
        )
    return format_html(
        '<input class="form-control{0}" name="{1}" id="id_{1}" value="{2}" autocomplete="off" '
        'aria-label="{3}">{6}<p class="error" id="error_{1}"{4}>{5}</p>{7}',
        _kind(column), name, text, column.label, *tail, before, said,
    )  # fmt: skip


def carried_row(grid: Grid, uid: str) -> SafeString:
    """The mark of a row taken over from the period before."""
    return carried_note(str(row_name(grid, uid)))


def row_name(grid: Grid, uid: str) -> FieldName:
    """The name of a row, for what a page says and asks of it as a whole."""
    return FieldName.row(grid.table, uid)


def _cell_before(grid: Grid, column: GridColumn, uid: str) -> SafeString:
    """The figure of the same row in the period before."""
    row = grid.previous.get(uid)
    text = cell_text(column, row) if row and column.figure else ""
    return format_html('<span class="previous">Kỳ trước: {}</span>', text) if text else NOTHING


def _kind(column: GridColumn) -> str:
    """The class of a cell's field that gives it the room its values need."""
    if column.figure is None:
        return " day" if column.field.get_internal_type() == "DateField" else ""
    kinds = {ValueKind.AMOUNT: " number amount", ValueKind.DATE: " day"}
    return kinds.get(column.figure.kind, " number")


def options(choices: Iterable[tuple[Any, Any]], chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if str(value) == chosen else NOTHING, label)
            for value, label in choices
        ),
    )


def pieces(told: Iterable[tuple[str, str]]) -> SafeString:
    """A text word by word as `compare.Difference.pieces` has it: what is gone struck out, what is new marked."""
    return format_html_join(" ", "{}", ((_piece(kind, words),) for kind, words in told))


def _piece(kind: str, words: str) -> str:
    if kind == "same":
        return words
    marked = "<del>{}</del>" if kind == "gone" else "<ins>{}</ins>"
    return format_html(marked, words or "để trống")
