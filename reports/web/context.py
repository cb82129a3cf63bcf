"""What every page shows: the places one can go to, its reader's roles and unread notices, what the search is for, the
chapter of the guide that the page opens, and the largest file accepted."""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from ..access import powers
from ..enums import AT_SUPERIOR
from ..guides import pages
from ..notifications.notices import readable

#: What the box of the search says before anything is typed, to those above a unit and to those at one.
FIND_UNITS, FIND_FIGURES = "Tìm đơn vị, báo cáo", "Tìm số liệu, ví dụ: hai long"
#: What stands in the head of every page, by the name of the address.
PLACES = (("inbox", "Trang chủ"), ("confirm", "Xác nhận văn bản"))


@dataclass(frozen=True)
class Place:
    """A page that one reaches from everywhere; `here`: it is the one that is open."""

    label: str
    address: str
    here: bool


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
    reviews = any(role.role in AT_SUPERIOR for role in roles)
    match = request.resolver_match
    page, arguments = (match.url_name or "", match.kwargs) if match else ("", {})
    return {
        "DEMO": settings.DEMO,
        "FILE_LIMIT": settings.EVIDENCE_MAX_BYTES,
        "places": places(request),
        "guide_address": partial(pages.address, page, arguments, {role.role for role in roles}),
        "offices": ", ".join(sorted({str(role) for role in roles})),
        "unread_notices": readable(user).filter(read_at=None, done_at=None).count,
        "reviews": reviews,
        "search_hint": FIND_UNITS if reviews else FIND_FIGURES,
    }


def places(request: HttpRequest) -> list[Place]:
    """The pages that the head of every page leads to."""
    opened = request.resolver_match.url_name if request.resolver_match else None
    return [Place(label, reverse(name), name == opened) for name, label in PLACES]
