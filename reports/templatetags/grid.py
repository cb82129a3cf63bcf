"""`{% cell grid column row uid %}`, one field of an entry grid; `{% row_name grid uid as name %}` (`reports.entry.markup`)."""

from django import template

from ..entry.markup import carried_note, carried_row, cell, row_name

register = template.Library()
register.simple_tag(cell, takes_context=True)
register.simple_tag(carried_note)
register.simple_tag(carried_row)
register.simple_tag(row_name)
