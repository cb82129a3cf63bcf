"""`{% cell grid column row uid %}`: one field of an entry grid (`reports.markup`)."""

from django import template

from ..markup import cell

register = template.Library()
register.simple_tag(cell, takes_context=True)
