"""`{% pieces change.pieces %}`, a text before and after in one; no blank or line may come between (`markup`)."""

from django import template

from ..entry.markup import pieces

register = template.Library()
register.simple_tag(pieces)
