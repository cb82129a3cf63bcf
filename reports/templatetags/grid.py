"""What stands many times on a page (`reports.entry.markup`): `{% figure_row form entry %}`, `{% cell grid column row
uid %}`, marks of what was taken over, `{% row_name grid uid as name %}`."""

from django import template

from ..entry.markup import (
    at_field,
    carried_note,
    carried_row,
    cell,
    figure_row,
    findings_row,
    row_name,
    sums_row,
)

register = template.Library()
register.simple_tag(cell, takes_context=True)
register.simple_tag(at_field)
register.simple_tag(carried_note)
register.simple_tag(carried_row)
register.simple_tag(figure_row, takes_context=True)
register.simple_tag(row_name)
register.simple_tag(sums_row)
register.simple_tag(findings_row, takes_context=True)
