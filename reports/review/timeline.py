"""What happened to a report, in plain words, newest first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from ..audit import SILENCE
from ..catalogue.field_names import column_of
from ..dossier import Dossier
from ..entry.choices import choices_of
from ..entry.page_texts import page_labels
from ..entry.progress import sections_of
from ..enums import Section, State, Verb
from ..models import Event, OpenEdit, Report
from ..text.dates import format_date


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. `changes` are label, before and after of what was typed."""

    at: datetime
    who: str
    what: str
    note: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    still_typing: bool = False


def timeline(report: Report, dossier: Dossier) -> list[Entry]:
    """Everything recorded, and what is being typed just now. Two queries."""
    labels = {section.value: Labels(dossier, section) for section in sections_of(dossier)}
    silent = timezone.now() - SILENCE
    typing = [
        _edit(edit, str(edit.by), edit.last_at, labels, still_typing=edit.last_at > silent)
        for edit in OpenEdit.objects.filter(report=report).select_related("by")
    ]
    told = [_told(event, labels) for event in Event.objects.filter(report=report).order_by("-seq")]
    return typing + told


class Labels:
    """The names of a section's fields, read once and only when asked for."""

    def __init__(self, dossier: Dossier, section: Section) -> None:
        self.dossier, self.section = dossier, section
        self.known: Mapping[str, str] | None = None

    def changes(self, before: str, after: str) -> tuple[tuple[str, str, str], ...]:
        if self.known is None:
            self.known = page_labels(self.dossier, self.section)
            self.choices = choices_of(self.dossier, self.section)
        was, now = json.loads(before or "{}"), json.loads(after or "{}")
        return tuple(
            (self._label(name), self.choices.label(name, was.get(name, "")),
             self.choices.label(name, now[name]))
            for name in now
        )  # fmt: skip

    def _label(self, name: str) -> str:
        known = self.known or {}
        return known.get(name) or known.get(column_of(name), "Nội dung đã bỏ")


def _told(event: Event, labels: Mapping[str, Labels]) -> Entry:
    who = event.by_name or "Hệ thống"
    if event.verb == Verb.EDIT:
        return _edit(event, who, event.at, labels, note=event.note)
    what = Verb(event.verb).label
    if event.section:
        what += f": {Section(event.section).label}"
    told = json.loads(event.after or "{}")
    reached = State(told["state"]).label if told.get("state") else ""
    if reached and reached != what:
        what += f" → {reached}"
    if told.get("sections"):
        names = "; ".join(Section(name).label for name in told["sections"].split())
        what += f", chỉ mở: {names}"
    if told.get("number"):
        day = format_date(date.fromisoformat(told["issued_on"]))
        what += f", số {told['number'].zfill(2)} ngày {day}"
    return Entry(event.at, who, what, event.note)


def _edit(
    edit: Event | OpenEdit, who: str, at: datetime, labels: Mapping[str, Labels],
    still_typing: bool = False, note: str = "",
) -> Entry:  # fmt: skip
    section = Section(edit.section) if edit.section else None
    known = labels.get(edit.section)
    changes = known.changes(edit.before, edit.after) if known else ()
    what = f"Nhập phần {section.label}" if section else "Nhập liệu"
    if changes:
        what += f": {len(changes)} ô"
    return Entry(at, who, what, note, changes, still_typing)
