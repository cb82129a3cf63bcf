"""What every page shows of its reader: name, roles, unread notices, what the search is for; and the largest file that
is accepted."""

from django.conf import settings
from django.http import HttpRequest

from ..access import powers
from ..enums import AT_SUPERIOR
from ..notifications.notices import readable

#: What the box of the search says before anything is typed, to those above a unit and to those at one.
FIND_UNITS, FIND_FIGURES = "Tìm đơn vị, báo cáo", "Tìm số liệu, ví dụ: hai long"


def portal(request: HttpRequest) -> dict[str, object]:
    """The reader's roles, which `access` has read already; unread notices are counted where a page shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {
            "DEMO": settings.DEMO,
            "FILE_LIMIT": settings.EVIDENCE_MAX_BYTES,
            "SUPPORT": settings.SUPPORT,
        }
    roles = powers(user).roles
    reviews = any(role.role in AT_SUPERIOR for role in roles)
    return {
        "DEMO": settings.DEMO,
        "FILE_LIMIT": settings.EVIDENCE_MAX_BYTES,
        "offices": ", ".join(sorted({str(role) for role in roles})),
        "unread_notices": readable(user).filter(read_at=None, done_at=None).count,
        "reviews": reviews,
        "search_hint": FIND_UNITS if reviews else FIND_FIGURES,
    }
