"""The lock of a report's row, for whoever moves the report or changes what it asks for.

A page sends the step it showed. Under the lock it is compared with the report's own, so that of two people
pressing at once one does it, and the other is told what happened meanwhile (`Overtaken`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from ..access import locked_report, require
from ..enums import Verb
from ..models import Event, Report, User
from ..notifications.notices import NAMED
from ..text.dates import format_date
from ..text.typography import clean_lines
from ..verbs import MOVES

LONGEST_NOTE = 4000


class Overtaken(Exception):
    """The report moved on since the page was made; `message` says who did what."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@contextmanager
def locked_for(report: Report, verb: Verb, by: User, step: int | None) -> Iterator[Report]:
    """The report as it stands now, its row locked for one transaction, for `by` to do `verb` to.

    `step`: where the page showed it, None from who shows no page. Overtaken; Refused, Http404 as `access`.
    """
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.VIEW, related=NAMED)
        if step is not None and locked.step != step:
            raise Overtaken(last_move(locked))
        require(by, verb, locked)
        yield locked


def last_move(report: Report) -> str:
    """What happened to the report last: `… đã phê duyệt lúc 14:05 ngày 05/8/2024.`"""
    event = Event.objects.filter(report=report, verb__in=MOVES).order_by("-seq").first()
    if event is None:
        return "Báo cáo đã thay đổi từ lúc mở trang."
    at = timezone.localtime(event.at)
    return (
        f"{event.by_name or 'Hệ thống'} đã thực hiện “{event.get_verb_display()}” lúc {at:%H:%M} ngày "
        f"{format_date(at.date())}; báo cáo đang ở trạng thái “{report.get_state_display()}”."
    )


def clean_note(text: str) -> str:
    """A reason as it is kept: typed text made clean, and not without end."""
    return clean_lines(text, LONGEST_NOTE)
