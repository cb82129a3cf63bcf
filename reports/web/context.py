"""What every page shows of its reader: name, roles, unread notices; and the largest file that is accepted."""

from django.conf import settings
from django.http import HttpRequest

from ..access import powers
from ..enums import Role
from ..notifications.notices import readable


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
    return {
        "DEMO": settings.DEMO,
        "FILE_LIMIT": settings.EVIDENCE_MAX_BYTES,
        "offices": ", ".join(sorted({str(role) for role in roles})),
        "unread_notices": readable(user).filter(read_at=None, done_at=None).count,
        "reviews": any(role.role in (Role.REVIEWER, Role.ADMIN) for role in roles),
    }
