"""The portal's few pictures: `{% icon "bell" %}` draws a symbol of `static/img/icons.svg`."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """The symbol beside a word that says the same: hidden from readers of the screen."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"), name,
    )  # fmt: skip
