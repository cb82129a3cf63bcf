"""`{% field_place report.pk section name %}`: the address of a field, for pages that lead to it."""

from django import template

from ..web.places import field_place

register = template.Library()
register.simple_tag(field_place)
