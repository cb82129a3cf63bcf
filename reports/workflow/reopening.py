"""One section more of a returned report: asked for by the commune, opened by the superior, and closed again."""

from datetime import datetime

from .. import audit
from ..checks.gate import NotYet
from ..enums import Section, Verb
from ..models import Event, Report, SectionState, User
from ..notifications import notices
from ..verbs import RETURNING, VERBS
from .report_lock import clean_note, locked_for


def ask_reopen(
    report: Report,
    section: Section,
    by: User,
    reason: str,
    at: datetime | None = None,
    step: int | None = None,
) -> None:
    """The clerk asks for a section that the return left locked.

    `step` here and below, and what is raised, as `report_lock.locked_for`; NotYet without a reason.
    """
    reason = clean_note(reason)
    if not reason:
        raise NotYet([VERBS[Verb.ASK_REOPEN].reason_missing], "reason")
    with locked_for(report, Verb.ASK_REOPEN, by, step) as locked:
        closed = SectionState.objects.filter(report=locked, section=section, open=False)
        if closed.exclude(asked=reason).update(asked=reason):
            audit.record(locked, Verb.ASK_REOPEN, by, reason, section, at=at)
            notices.tell(locked, Verb.ASK_REOPEN, by, reason, sections=(section,), at=at)


def open_section(report: Report, section: Section, by: User, step: int | None = None) -> None:
    """The reviewer opens one section more of a returned report."""
    with locked_for(report, Verb.OPEN_SECTION, by, step) as locked:
        closed = SectionState.objects.filter(report=locked, section=section, open=False)
        if closed.update(open=True, asked=""):
            audit.record(locked, Verb.OPEN_SECTION, by, section=section)
            notices.tell(locked, Verb.OPEN_SECTION, by, sections=(section,))


def close_section(report: Report, section: Section, by: User, step: int | None = None) -> None:
    """Take back the opening of a section; NotYet when the commune has written there since."""
    with locked_for(report, Verb.CLOSE_SECTION, by, step) as locked:
        opened = SectionState.objects.filter(report=locked, section=section, open=True)
        if not opened.exists():
            return
        if section not in closable(locked):
            why = "phần này mở theo yêu cầu chỉnh lý, hoặc đơn vị đã sửa từ khi được mở thêm."
            raise NotYet([f"Phần “{section.label}” không khóa lại được: {why}"])
        opened.update(open=False)
        audit.record(locked, Verb.CLOSE_SECTION, by, section=section)
        notices.tell(locked, Verb.CLOSE_SECTION, by, sections=(section,))


def closable(report: Report) -> set[Section]:
    """The sections opened one by one since the report came back, where nothing was written since.

    Two queries. Typing shows in the section's state, evidence in the record.
    """
    opened: dict[str, datetime] = {}
    events = Event.objects.filter(report=report).order_by("seq")
    for verb, section, at in events.values_list("verb", "section", "at"):
        if verb == Verb.OPEN_SECTION:
            opened[section] = at
        elif verb in RETURNING:
            opened.clear()
        elif verb in (Verb.CLOSE_SECTION, Verb.EDIT):
            opened.pop(section, None)
    states = SectionState.objects.filter(report=report, section__in=opened, open=True)
    return {
        Section(state.section) for state in states
        if state.saved_at is None or state.saved_at < opened[state.section]
    }  # fmt: skip
