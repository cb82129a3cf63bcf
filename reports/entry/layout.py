"""The crispy layouts of a section form: groups of figures, one button for a group's empty ones."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, LayoutObject
from django.utils.html import format_html

from ..catalogue.figures import Figure
from ..enums import ValueKind
from . import Group
from .markup import FigureRow


class NoneArisenButton(LayoutObject):
    """Answers every empty figure of a group with "không phát sinh" at once."""

    def __init__(self, group: Group, code: str) -> None:
        self.group, self.code = group, code

    def render(self, form: Any, context: Any, **kwargs: Any) -> str:
        countable = [a for a in self.group.figures if may_be_none(a.figure)]
        if len(countable) < 2:
            return ""
        return format_html(
            '<button class="btn btn-sm btn-outline-secondary none-arisen" name="none_arisen" '
            'value="{}">Các ô còn trống: không phát sinh</button>',
            self.code,
        )


def may_be_none(figure: Figure) -> bool:
    """Whether "không phát sinh" answers it in one go with its group."""
    return figure.kind in (ValueKind.COUNT, ValueKind.AMOUNT, ValueKind.DECIMAL)


def group_code(place: str, position: int) -> str:
    """The name of a group on its page: a title may stand both in the form and in the fold below it."""
    return f"{place}-{position}"


def fieldset(group: Group, code: str) -> Fieldset:
    """A group of figures and its button; `code` as `group_code`."""
    fields = [FigureRow(entry) for entry in group.figures]
    return Fieldset(
        group.title,
        Div(*fields, css_class="figures"),
        NoneArisenButton(group, code),
        css_class="group",
    )


def others_helper(groups: Iterable[Group]) -> FormHelper:
    """The layout of the figures that the outline does not name."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        *(fieldset(group, group_code("khac", n)) for n, group in enumerate(groups))
    )
    return helper
