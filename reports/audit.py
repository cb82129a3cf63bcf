"""The audit record: append-only events of every report, each with the hash of the one before.

`record` writes an event, in the transaction of the change, under the lock of the report's row. What a
person types is gathered first (`note_edit`) and becomes one event (`seal`) when somebody else writes, when the
report changes state, or after `SILENCE` without typing: autosaves come every second. `verify` finds events that
were changed, removed or added directly in the database.
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
    """Write one event at the end of the report's chain; open edits are written before it."""
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
    """The hash of all columns of an event, the hash of the event before among them."""
    values = (
        event.report_id, event.seq, event.verb, event.section, event.by_id, event.by_name,
        event.at and event.at.timestamp(), event.note, event.before, event.after,
        event.previous_hash,
    )  # fmt: skip
    return sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


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
    """Add a saved change, `(before, after)` by field, to this person's open edit; edits of others become events."""
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
    """Make events of the open edits, oldest first; `silent_only` leaves those of people who are still typing."""
    edits = OpenEdit.objects.filter(report=report).select_related("by").order_by("last_at", "pk")
    if silent_only:
        edits = edits.filter(last_at__lte=timezone.now() - SILENCE)
    for edit in edits:
        _close(report, edit)


def _close(report: Report, edit: OpenEdit) -> None:
    """Make one event of an open edit, without fields that have their first value again."""
    before, after = json.loads(edit.before), json.loads(edit.after)
    names = [name for name in after if before.get(name) != after[name]]
    record(
        report, Verb.EDIT, edit.by, section=edit.section, at=edit.last_at,
        before={name: before[name] for name in names}, after={name: after[name] for name in names},
    )  # fmt: skip
    edit.delete()


# --- verifying the chain --------------------------------------------------------------------------------


def verify(report_id: int) -> Iterator[str]:
    """The faults of a report's chain, in Vietnamese; none when it is whole."""
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
    """The number of events of each report and the hash of the last, by report: shows when a tail was cut off."""
    events = Event.objects.order_by("report", "seq").values_list("report", "seq", "hash")
    return {report: (seq, head) for report, seq, head in events.iterator()}
