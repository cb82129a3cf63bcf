"""`{% csrf_token %}` of this portal: the token, and who opened the form. A built-in of every template."""

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from ..web.page_owner import FIELD, mark

register = template.Library()


class OwnedFormNode(CsrfTokenNode):
    """The hidden fields of a form."""

    def render(self, context: template.Context) -> str:
        token = super().render(context)
        request = context.get("request")
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return token
        return token + format_html('<input type="hidden" name="{}" value="{}">', FIELD, mark(user))


@register.tag
def csrf_token(parser: Parser, token: Token) -> OwnedFormNode:
    return OwnedFormNode()
