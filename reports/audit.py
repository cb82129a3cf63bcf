"""What happened: an append-only record of every report, each event chained to the one before.

`record` writes an event, in the transaction of what it tells of, under the lock of the report's row.
What a person types is gathered first (`note_edit`) and becomes one event when somebody else writes,
when the report moves on, or when the person has been silent for `SILENCE` (`seal`): an autosave every
second is no flood. `verify` finds what was changed, taken out or put in behind the database's back.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils import timezone

from .enums import Section, Verb
from .models import Event, OpenEdit, Report, User

SILENCE = timedelta(minutes=10)
Texts = Mapping[str, str]


def record(
    report: Report,
    verb: Verb,
    by: User | None,
    note: str = "",
    section: Section | str = "",
    before: Texts | None = None,
    after: Texts | None = None,
    at: datetime | None = None,
) -> Event:
    """Write one event at the end of the report's chain; what was being typed comes before it."""
    if verb != Verb.EDIT:
        seal(report)
    last = Event.objects.filter(report=report).order_by("-seq").first()
    event = Event(
        report=report, seq=last.seq + 1 if last else 1, verb=verb, section=section, by=by,
        by_name=str(by) if by else "", at=at or timezone.now(), note=note,
        before=_json(before), after=_json(after), previous_hash=last.hash if last else "",
    )  # fmt: skip
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


def digest(event: Event) -> str:
    """The hash of everything an event says and of the event before it."""
    told = (
        event.report_id, event.seq, event.verb, event.section, event.by_id, event.by_name,
        event.at and event.at.timestamp(), event.note, event.before, event.after,
        event.previous_hash,
    )  # fmt: skip
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _json(texts: Texts | None) -> str:
    return json.dumps(dict(texts), ensure_ascii=False, sort_keys=True) if texts else ""


# --- what is being typed ------------------------------------------------------------------------------


def note_edit(
    report: Report,
    section: Section,
    by: User,
    changes: Mapping[str, tuple[str, str]],
    at: datetime | None = None,
) -> None:
    """Add what was just saved to what this person has typed here; others' typing becomes events."""
    now = at or timezone.now()
    own = None
    for edit in OpenEdit.objects.filter(report=report).select_related("by"):
        if edit.by_id == by.pk and edit.section == section and now - edit.last_at < SILENCE:
            own = edit
        elif edit.by_id == by.pk or now - edit.last_at >= SILENCE or edit.section == section:
            _close(report, edit)
    own = own or OpenEdit(
        report=report, section=section, by=by, begun_at=now, before="{}", after="{}"
    )
    before, after = json.loads(own.before), json.loads(own.after)
    for name, (was, becomes) in changes.items():
        before.setdefault(name, was)
        after[name] = becomes
    own.before, own.after, own.last_at = _json(before) or "{}", _json(after) or "{}", now
    own.save()


def seal(report: Report, silent_only: bool = False) -> None:
    """Make events of what was being typed, oldest first; `silent_only` leaves who is still typing."""
    edits = OpenEdit.objects.filter(report=report).select_related("by").order_by("last_at", "pk")
    if silent_only:
        edits = edits.filter(last_at__lte=timezone.now() - SILENCE)
    for edit in edits:
        _close(report, edit)


def _close(report: Report, edit: OpenEdit) -> None:
    """One event of what was typed; fields that came back to what they were say nothing."""
    before, after = json.loads(edit.before), json.loads(edit.after)
    names = [name for name in after if before.get(name) != after[name]]
    record(
        report, Verb.EDIT, edit.by, section=edit.section, at=edit.last_at,
        before={name: before[name] for name in names}, after={name: after[name] for name in names},
    )  # fmt: skip
    edit.delete()


# --- whether it is whole --------------------------------------------------------------------------------


def verify(report_id: int) -> Iterator[str]:
    """What is wrong with a report's chain, in Vietnamese; nothing when it is whole."""
    previous, place = "", 0
    events = iter(Event.objects.filter(report=report_id).order_by("seq").iterator())
    while True:
        try:
            event = next(events, None)
        except ValueError:  # a moment that is none any more
            yield f"có sự kiện không đọc được từ số {place + 1} trở đi"
            return
        if event is None:
            return
        place += 1
        if event.seq != place:
            gap = f"{place}" if event.seq - place == 1 else f"{place} đến {event.seq - 1}"
            yield f"thiếu sự kiện số {gap}"
            place = event.seq
        if event.previous_hash != previous:
            yield f"sự kiện số {event.seq} không nối với sự kiện trước"
        if event.hash != digest(event):
            yield f"sự kiện số {event.seq} đã bị sửa"
        previous = event.hash


def heads() -> dict[int, tuple[int, str]]:
    """How many events each report has, and the hash of the last: what tells of a cut-off tail."""
    told = Event.objects.order_by("report", "seq").values_list("report", "seq", "hash")
    return {report: (seq, head) for report, seq, head in told.iterator()}
