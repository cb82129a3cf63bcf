"""What every page shows of its reader: name, roles, unread notices, the chapter of the guide that the page opens; and
the largest file that is accepted."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from ..access import powers
from ..enums import Role
from ..guides import pages
from ..notifications.notices import readable


def portal(request: HttpRequest) -> dict[str, object]:
    """The reader's roles, which `access` has read already; unread notices are counted where a page shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {
            "DEMO": settings.DEMO,
            "FILE_LIMIT": settings.EVIDENCE_MAX_BYTES,
            "SUPPORT": settings.SUPPORT,
            "guide_address": partial(reverse, "login_help"),
        }
    roles = powers(user).roles
    match = request.resolver_match
    page, arguments = (match.url_name or "", match.kwargs) if match else ("", {})
    return {
        "DEMO": settings.DEMO,
        "FILE_LIMIT": settings.EVIDENCE_MAX_BYTES,
        "guide_address": partial(pages.address, page, arguments, {role.role for role in roles}),
        "offices": ", ".join(sorted({str(role) for role in roles})),
        "unread_notices": readable(user).filter(read_at=None, done_at=None).count,
        "reviews": any(role.role in (Role.REVIEWER, Role.ADMIN) for role in roles),
    }
