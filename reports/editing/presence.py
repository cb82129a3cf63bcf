"""Who else has a section open for entry.

An open page reports itself every `BEAT`; whoever has not reported for `AWAY` has left.
"""

from datetime import timedelta

from django.utils import timezone

from ..enums import Section
from ..models import Presence, Report, User

BEAT = timedelta(seconds=15)
AWAY = timedelta(seconds=50)


def come(report: Report, section: Section, user: User) -> list[str]:
    """Note that the user has the section open; returns the names of the others."""
    now = timezone.now()
    Presence.objects.update_or_create(
        report=report, section=section, user=user, defaults={"seen_at": now}
    )
    return others(report, section, user)


def leave(report: Report, section: Section, user: User) -> None:
    Presence.objects.filter(report=report, section=section, user=user).delete()


def others(report: Report, section: Section, user: User) -> list[str]:
    """The names of the other people who have the section open."""
    present = Presence.objects.filter(
        report=report, section=section, seen_at__gt=timezone.now() - AWAY
    )
    return [
        str(visit.user)
        for visit in present.exclude(user=user).select_related("user").order_by("id")
    ]
