"""Markup that stands on one page seventy to several hundred times: fields of figures, cells of grids.

Written in Python because a template for each would cost more than all the rest of the page; what
stands once is in `templates/`. Every text passes through `format_html`, which escapes it.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.forms import BaseForm, BoundField, Select, Textarea
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..catalogue.field_names import FieldName
from ..catalogue.values import MISSING, TableRow
from ..enums import ValueKind
from ..text.numbers import format_count
from . import FigureEntry, Grid, GridColumn, cell_text

NOTHING = SafeString("")
#: The tables that are added up: their rows are parts of one number.
SUMMED = ("dossiers", "outgoing", "disbursements")
Number = int | Decimal
HIDDEN = SafeString(" hidden")
REQUIRED = SafeString('<i class="required"><span class="visually-hidden"> Bắt buộc</span></i>')

FIGURE = """<div class="figure-field{classes}{error_class}">{counting}
<div class="label-line"><label for="{id}">{label}{required}</label>{formula}</div>
<div class="control">{computed}{field}</div><span class="unit">{unit}</span>{previous}
<div class="signs">{sum}{carried}<span class="tick" data-tick="{name}"></span></div>
<p class="error" id="error_{name}"{no_problem}>{problem}</p>{findings}{stated}
</div>"""


def figure_row(context: Mapping[str, Any], form: BaseForm, entry: FigureEntry) -> SafeString:
    """One figure of a section form: label, field, unit, the period before, its problem, what the checks say of it."""
    bound = form[entry.name]
    problem = getattr(bound.field, "problem", "")
    return format_html(
        FIGURE,
        classes=entry.classes,
        error_class=" has-error" if problem else "",
        id=bound.id_for_label,
        name=entry.name,
        label=bound.label,
        required=REQUIRED if entry.required else NOTHING,
        formula=_formula(entry),
        counting=_counting(entry),
        computed=_computed(entry),
        field=_field(bound) if entry.typed else NOTHING,
        unit=entry.unit,
        sum=_sum(entry),
        problem=problem,
        no_problem=NOTHING if problem else HIDDEN,
        findings=at_field(context["findings"], entry.name) or doubt(entry.name, entry.doubt),
        stated=_stated(entry),
        previous=_previous(entry),
        carried=carried_note(entry.name) if entry.carried else NOTHING,
    )


def at_field(findings: Mapping[str, SafeString], name: str) -> SafeString:
    """What the checks say at a field; "" when they say nothing."""
    markup = findings.get(name)
    if not markup:
        return NOTHING
    return format_html('<div class="at-field" data-at="{}">{}</div>', name, markup)


def _formula(entry: FigureEntry) -> SafeString:
    return (
        format_html('<small class="formula">= {}</small>', entry.formula)
        if entry.formula
        else NOTHING
    )


def _field(bound: BoundField) -> SafeString:
    """An input, a text area or a list as Django's templates would render it."""
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
    """The HTML attributes that fields of one kind share."""
    return flatatt(dict(attrs))


def _counting(entry: FigureEntry) -> SafeString:
    if not entry.counting:
        return NOTHING
    return format_html(
        '<details class="counting"><summary title="Cách tính (F1)"><span class="visually-hidden">Cách tính: {}</span>'
        "</summary><p>{}</p></details>",
        entry.figure.label, entry.counting,
    )  # fmt: skip


def _computed(entry: FigureEntry) -> SafeString:
    if not entry.figure.whole:
        return NOTHING
    return format_html(
        '<output class="computed" data-computed="{}"{}>{}</output>',
        entry.name, NOTHING if entry.computed else HIDDEN, entry.computed,
    )  # fmt: skip


def _sum(entry: FigureEntry) -> SafeString:
    """The button that takes the sum of the parts for the control total."""
    if not entry.parts:
        return NOTHING
    summed = entry.sum is not None and entry.text != format_count(entry.sum)
    return format_html(
        '<button type="button" class="sum" data-total="{}" data-parts="{}"{}>Cộng: <b>{}</b></button>',
        entry.name, " ".join(entry.parts), NOTHING if summed else HIDDEN,
        format_count(entry.sum or 0),
    )  # fmt: skip


def doubt(name: str, text: str) -> SafeString:
    """The doubt below a field whose value was read well and looks wrong."""
    return format_html('<p class="doubt" data-doubt="{}">{}</p>', name, text) if text else NOTHING


def _stated(entry: FigureEntry) -> SafeString:
    notice = entry.stated_notice
    return format_html('<p class="as-stated">{}</p>', notice) if notice else NOTHING


def _previous(entry: FigureEntry) -> SafeString:
    if not entry.previous:
        return NOTHING
    if entry.figure.kind != ValueKind.TEXT:
        return format_html(
            '<span class="previous"><span class="before">Kỳ trước: </span>{}</span>', entry.previous
        )
    if entry.previous == entry.text:
        return SafeString('<span class="previous">Giống kỳ trước</span>')
    return format_html(
        '<details class="previous"><summary>Nội dung kỳ trước</summary><p>{}</p></details>',
        entry.previous,
    )


def carried_note(name: str) -> SafeString:
    """The note beside content taken over from the period before, until it is confirmed."""
    return format_html(
        '<span class="carried-note" data-carried="{0}">Chưa xác nhận <button '
        'type="submit" class="button small" name="confirm" value="{0}">'
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
    """One field of a child row; when its text could not be read, with that text and the problem."""
    name = grid.name(column, uid)
    refusal = context["unread"].get(name)
    text = refusal.typed if refusal else cell_text(column, row)
    tail = (NOTHING, refusal.problem) if refusal else (HIDDEN, "")
    before = _cell_before(grid, column, uid)
    doubtful = NOTHING
    if name not in context["findings"]:
        doubtful = doubt(name, grid.doubts.get(name, ""))
    if column.field.choices:
        inner = options([("", "Chưa chọn"), *column.field.choices], text)
        return format_html(
            CELL,
            "select",
            "input",
            name,
            column.label,
            SafeString(">"),
            inner,
            *tail,
            doubtful,
        )
    if column.name == "item":
        inner = options([("", "Không in ở mục nào"), *context["items"]], text)
        return format_html(
            CELL,
            "select",
            "input",
            name,
            "Thuộc mục",
            SafeString(">"),
            inner,
            *tail,
            doubtful,
        )
    if column.field.get_internal_type() == "TextField":
        rows = SafeString(' rows="2">')
        return format_html(
            CELL, "textarea", "input", name, column.label, rows, text, *tail, doubtful
        )
    return format_html(
        '<input class="input{0}" name="{1}" id="id_{1}" value="{2}" autocomplete="off" '
        'aria-label="{3}">{6}<p class="error" id="error_{1}"{4}>{5}</p>{7}',
        _kind(column), name, text, column.label, *tail, before, doubtful,
    )  # fmt: skip


def findings_row(
    context: Mapping[str, Any], grid: Grid, column: GridColumn | None, uid: str | None
) -> SafeString:
    """Below a row of a table what the checks say of its cells: of the row `uid`, or where rows stand side by side of a
    `column`."""
    columns = grid.columns if column is None else (column,)
    uids = [row.uid for row in grid.rows] if uid is None else [uid]
    names = [grid.name(each, row_uid) for each in columns for row_uid in uids]
    said = [at_field(context["findings"], name) for name in names]
    if not any(said):
        return NOTHING
    width = len(grid.rows if grid.fixed else grid.columns) + 1
    return format_html(
        '<tr class="row-findings"><td colspan="{}">{}</td></tr>',
        width, format_html_join("", "{}", ((markup,) for markup in said)),
    )  # fmt: skip


def sums_row(grid: Grid, totals: Mapping[str, Number], actions: bool) -> SafeString:
    """The foot of a table: what each of its columns of numbers adds up to, marked where the section says another
    total."""
    if grid.table not in SUMMED or not (grid.rows or actions):
        return NOTHING
    cells = format_html_join(
        "", "{}", ((_sum_cell(grid, column, totals),) for column in grid.columns[1:])
    )
    last = SafeString("<td></td>") if actions else NOTHING
    return format_html('<tfoot><tr><th scope="row">Cộng</th>{}{}</tr></tfoot>', cells, last)


def _sum_cell(grid: Grid, column: GridColumn, totals: Mapping[str, Number]) -> SafeString:
    if column.figure is None or column.figure.kind not in (ValueKind.COUNT, ValueKind.AMOUNT):
        return SafeString("<td></td>")
    code = column.figure.code
    values = [row.values.get(code, MISSING).number for row in grid.rows]
    added = sum(int(number) for number in values if number is not None)
    total = totals.get(code)
    differs = SafeString(' class="differs"') if total is not None and added != total else NOTHING
    return format_html(
        '<td{} data-label="{}" data-sum="{}"{}>{}</td>',
        differs, column.heading, column.name,
        NOTHING if total is None else format_html(' data-total="{}"', total), format_count(added),
    )  # fmt: skip


def carried_row(grid: Grid, uid: str) -> SafeString:
    """The mark of a row taken over from the period before."""
    return carried_note(str(row_name(grid, uid)))


def row_name(grid: Grid, uid: str) -> FieldName:
    """The name of a row as a whole, for its marks and buttons."""
    return FieldName.row(grid.table, uid)


def _cell_before(grid: Grid, column: GridColumn, uid: str) -> SafeString:
    """The figure of the same row in the period before."""
    row = grid.previous.get(uid)
    text = cell_text(column, row) if row and column.figure else ""
    if not text:
        return NOTHING
    return format_html(
        '<span class="previous"><span class="before">Kỳ trước: </span>{}</span>', text
    )


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


def pieces(parts: Iterable[tuple[str, str]]) -> SafeString:
    """A text word by word as `compare.Difference.pieces` has it: removed words struck out, new ones marked."""
    return format_html_join(" ", "{}", ((_piece(kind, text),) for kind, text in parts))


def _piece(kind: str, text: str) -> str:
    if kind == "same":
        return text
    marked = "<del>{}</del>" if kind == "gone" else "<ins>{}</ins>"
    return format_html(marked, text or "để trống")
