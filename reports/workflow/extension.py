"""More time for a report: asked for by the commune, given by the superior."""

from datetime import date, datetime

from django.utils import timezone

from .. import audit
from ..access import today
from ..checks.gate import NotYet
from ..enums import Verb
from ..models import Report, User
from ..notifications import notices
from ..text.dates import format_date
from ..verbs import VERBS
from .report_lock import clean_note, locked_for


def ask_extension(
    report: Report,
    day: date,
    by: User,
    reason: str,
    at: datetime | None = None,
    step: int | None = None,
) -> None:
    """The commune asks for more time, with its reason.

    `step` here and below, and what is raised, as `report_lock.locked_for`; NotYet without a reason, or when
    the day is none to extend to.
    """
    reason = clean_note(reason)
    if not reason:
        raise NotYet([VERBS[Verb.ASK_EXTENSION].reason_missing], "note")
    with locked_for(report, Verb.ASK_EXTENSION, by, step) as locked:
        _refuse_early(locked, day, timezone.localdate(at))
        Report.objects.filter(pk=locked.pk).update(extension_asked=day)
        note = f"Xin gia hạn đến {format_date(day)}: {reason}"
        audit.record(locked, Verb.ASK_EXTENSION, by, note, at=at)
        notices.tell(locked, Verb.ASK_EXTENSION, by, note, at=at)


def extend(
    report: Report, day: date, by: User, note: str = "", step: int | None = None, at: datetime | None = None
) -> None:  # fmt: skip
    """The superior gives more time, asked for or not."""
    with locked_for(report, Verb.EXTEND, by, step) as locked:
        _refuse_early(locked, day, timezone.localdate(at) if at else today())
        Report.objects.filter(pk=locked.pk).update(extended_to=day, extension_asked=None)
        locked.extended_to = day
        reason = clean_note(note)
        event_note = f"Gia hạn đến {format_date(day)}" + (f": {reason}" if reason else "")
        audit.record(locked, Verb.EXTEND, by, event_note, at=at)
        notices.tell(locked, Verb.EXTEND, by, reason, at=at)


def _refuse_early(report: Report, day: date, current_day: date) -> None:
    """NotYet unless the day lies after the one that the report is due, and is not past."""
    due = report.due
    if day <= due:
        raise NotYet([f"Ngày gia hạn phải sau hạn hiện nay là {format_date(due)}."], "day")
    if day < current_day:
        first = format_date(current_day)
        problem = f"Ngày gia hạn {format_date(day)} đã qua; cần một ngày từ hôm nay {first}."
        raise NotYet([problem], "day")
