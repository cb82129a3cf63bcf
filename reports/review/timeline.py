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
    action: str
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
    recorded = [
        _recorded(event, labels) for event in Event.objects.filter(report=report).order_by("-seq")
    ]
    return typing + recorded


class Labels:
    """The names of a section's fields, read once and only when asked for."""

    def __init__(self, dossier: Dossier, section: Section) -> None:
        self.dossier, self.section = dossier, section
        self.by_name: Mapping[str, str] | None = None

    def changes(self, before: str, after: str) -> tuple[tuple[str, str, str], ...]:
        if self.by_name is None:
            self.by_name = page_labels(self.dossier, self.section)
            self.choices = choices_of(self.dossier, self.section)
        old, new = json.loads(before or "{}"), json.loads(after or "{}")
        return tuple(
            (self._label(name), self.choices.label(name, old.get(name, "")),
             self.choices.label(name, new[name]))
            for name in new
        )  # fmt: skip

    def _label(self, name: str) -> str:
        by_name = self.by_name or {}
        return by_name.get(name) or by_name.get(column_of(name), "Nội dung đã bỏ")


def _recorded(event: Event, labels: Mapping[str, Labels]) -> Entry:
    who = event.by_name or "Hệ thống"
    if event.verb == Verb.EDIT:
        return _edit(event, who, event.at, labels, note=event.note)
    action = Verb(event.verb).label
    if event.section:
        action += f": {Section(event.section).label}"
    after = json.loads(event.after or "{}")
    reached = State(after["state"]).label if after.get("state") else ""
    if reached and reached != action:
        action += f" → {reached}"
    if after.get("sections"):
        names = "; ".join(Section(name).label for name in after["sections"].split())
        action += f", chỉ mở: {names}"
    if after.get("number"):
        day = format_date(date.fromisoformat(after["issued_on"]))
        action += f", số {after['number'].zfill(2)} ngày {day}"
    return Entry(event.at, who, action, event.note)


def _edit(
    edit: Event | OpenEdit, who: str, at: datetime, labels: Mapping[str, Labels],
    still_typing: bool = False, note: str = "",
) -> Entry:  # fmt: skip
    section = Section(edit.section) if edit.section else None
    section_labels = labels.get(edit.section)
    changes = section_labels.changes(edit.before, edit.after) if section_labels else ()
    action = f"Nhập phần {section.label}" if section else "Nhập liệu"
    if changes:
        action += f": {len(changes)} ô"
    return Entry(at, who, action, note, changes, still_typing)
