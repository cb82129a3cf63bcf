"""What every page shows of its reader: name and the offices held."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .access import roles_of
from .enums import Role


def portal(request: HttpRequest) -> dict[str, Any]:
    """The reader's roles. One query a page, none for strangers."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"DEMO": settings.DEMO}
    roles = list(roles_of(user))
    return {
        "DEMO": settings.DEMO,
        "offices": ", ".join(sorted({str(role) for role in roles})),
        "reviews": any(role.role in (Role.REVIEWER, Role.ADMIN) for role in roles),
    }
