"""The one door for every change of state.

`perform` locks the report's row, asks `access` under the lock, refuses what the checks forbid, and
writes the state, the event, who is told and what belongs to them in one transaction. Two people pressing at once
make one transition: the other is told what happened meanwhile (`Overtaken`).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from . import audit, gate, issuing, notices, release, remarks, signed_copies
from .access import locked_report, require, today
from .dossier import load
from .dossier_json import to_json
from .enums import Section, State, Verb
from .gate import NotYet
from .models import Event, Paper, Report, SectionState, SentDossier, User
from .release import IssuedPaper
from .vietnamese import clean_lines, format_date

LONGEST_NOTE = 4000


class Overtaken(Exception):
    """The report moved on since the page was made; `words` say who did what."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


@dataclass(frozen=True)
class Transition:
    """Where a verb leads. `to` None: back to where the commune works. `reason`: it must be said why."""

    to: State | None
    reason: bool = False


@dataclass(frozen=True)
class Move:
    """What somebody asks for, as `perform` says it; `day` is the one on which it is asked."""

    verb: Verb
    by: User
    note: str
    step: int | None
    paper: IssuedPaper | None
    day: date
    despite: int


TRANSITIONS: dict[Verb, Transition] = {
    Verb.PRESENT: Transition(State.PRESENTED),
    Verb.TAKE_BACK: Transition(None),
    Verb.SEND_BACK: Transition(None, reason=True),
    Verb.SIGN_OFF: Transition(State.SIGNED),
    Verb.SEND: Transition(State.SENT),
    Verb.WITHDRAW: Transition(None),
    Verb.BEGIN_REVIEW: Transition(State.REVIEWING),
    Verb.PUT_BACK: Transition(State.SENT),
    Verb.RETURN: Transition(State.RETURNED, reason=True),
    Verb.APPROVE: Transition(State.APPROVED),
    Verb.ISSUE: Transition(State.ISSUED),
    Verb.CORRECT_ISSUE: Transition(State.ISSUED, reason=True),
    Verb.REOPEN: Transition(State.RETURNED, reason=True),
    Verb.EXCLUDE: Transition(State.EXCLUDED, reason=True),
    Verb.INCLUDE: Transition(None),
}
#: Verbs that the checks stand before, when they leave the commune's desk.
CHECKED = (Verb.PRESENT, Verb.SEND)
#: Verbs that leave the state as it is.
ON_BEHALF = {Verb.TAKE_OVER: True, Verb.HAND_BACK: False}


def perform(
    report: Report,
    verb: Verb,
    by: User,
    note: str = "",
    step: int | None = None,
    sections: Iterable[Section] = (),
    paper: IssuedPaper | None = None,
    at: datetime | None = None,
    signed: UploadedFile | None = None,
    despite: int = 0,
    compared: bool = False,
) -> Report:
    """Do `verb` to the report; returns it as it stands then.

    `step` is what the page showed (`Report.step`); `sections` are what a return or reopening opens,
    none for all; `paper` the number and date of an issue, `signed` the signed file that may come
    with them and `compared` whether whoever brings it compared it; `at` the moment, now unless told; `despite` how many open remarks whoever approves
    knows of and approves in spite of. Overtaken, NotYet, FileRefused; Refused and Http404 as
    `access`.
    """
    note = clean_lines(note, LONGEST_NOTE)
    at = at or timezone.now()
    move = Move(verb, by, note, step, paper, timezone.localdate(at), despite)
    if verb in release.KINDS:  # nothing is printed for what will be refused
        with transaction.atomic():
            judged(report, move)
    # Reading a file and printing take seconds and need no lock.
    files = release.prepare(report, verb, paper)
    issued = files.files["pdf"] if files else b""
    checked = signed_copies.asked_with(report, verb, by, signed, issued, compared)
    with transaction.atomic():
        locked, note = judged(report, move)
        if files is not None and files.step != locked.step:
            raise Overtaken(last_words(locked))  # it moved on while its paper was printed
        before = locked.state
        framed = issuing.stated(locked) if verb == Verb.CORRECT_ISSUE else {}
        if verb in CHECKED and before in (State.DRAFT, State.RETURNED):
            gate.refuse_unready(locked, by)
        changes = _changes(locked, verb, at)
        _move(locked, changes)
        opened = tuple(sections) if verb in (Verb.RETURN, Verb.REOPEN) else ()
        _follow(locked, verb, opened, paper, at)
        was, now = {"state": before, **framed}, {"state": locked.state}
        if opened:
            now["sections"] = " ".join(opened)
        if paper is not None:
            now |= issuing.stated(locked)
        audit.record(locked, verb, by, note, before=was, after=now, at=at)
        notices.tell(locked, verb, by, note, State(before), opened, at)
        if files is not None:
            if verb == Verb.CORRECT_ISSUE:
                release.set_aside(locked)
            release.keep(locked, files, by, at)
        if checked is not None:
            signed_copies.keep(locked, checked, by, at)
    return locked


def judged(report: Report, move: Move) -> tuple[Report, str]:
    """The report, its row locked, and what the record will say; raises what stands against the move."""
    locked = locked_report(move.by, report.pk, Verb.VIEW, related=notices.NAMED)
    _refuse_overtaken(locked, move.step)
    require(move.by, move.verb, locked)
    if needs_reason(move.verb) and not move.note:
        raise NotYet(["Cần ghi lý do."], "note")
    if move.paper is not None and move.verb in issuing.NUMBERED:
        issuing.refuse_wrong(locked, move.verb, move.paper, move.day)
    if move.verb == Verb.APPROVE:
        return locked, _approval_note(locked, move.note, move.despite)
    return locked, move.note


def _refuse_overtaken(locked: Report, step: int | None) -> None:
    """Overtaken unless the report stands where the page showed it; None from who shows no page."""
    if step is not None and locked.step != step:
        raise Overtaken(last_words(locked))


def needs_reason(verb: Verb) -> bool:
    return verb == Verb.TAKE_OVER or (verb in TRANSITIONS and TRANSITIONS[verb].reason)


def _approval_note(report: Report, note: str, despite: int) -> str:
    """What the record says of an approval; NotYet when more remarks are open than were agreed to."""
    still = remarks.open_remarks(report)
    if still > despite:
        words = f"Còn {still} ý kiến chưa giải quyết. "
        raise NotYet([
            words + ("Có ý kiến mới từ lúc mở trang; mời đọc rồi phê duyệt lại." if despite else
                     f"Mời giải quyết, hoặc đánh dấu “Phê duyệt dù còn {still} ý kiến chưa giải quyết” "
                     "rồi phê duyệt.")
        ])  # fmt: skip
    left = f"Phê duyệt dù còn {still} ý kiến chưa giải quyết." if still else ""
    return "\n".join(filter(None, (note, left)))


def _changes(report: Report, verb: Verb, at: datetime) -> dict[str, Any]:
    """The columns of the report that the verb sets."""
    if verb in ON_BEHALF:
        return {"on_behalf": ON_BEHALF[verb]}
    to = TRANSITIONS[verb].to or (State.RETURNED if report.returned else State.DRAFT)
    changes: dict[str, Any] = {"state": to}
    if verb in (Verb.RETURN, Verb.REOPEN):
        changes["returned"] = True
    if verb == Verb.REOPEN:
        changes["version"] = report.version + 1
    if verb == Verb.SEND:
        changes["on_behalf"] = False
        changes["sent_at"] = report.sent_at or at
    return changes


def _move(report: Report, changes: dict[str, Any]) -> None:
    """Write the move, if the report still stands where it was read."""
    still = Report.objects.filter(pk=report.pk, step=report.step, state=report.state)
    if still.update(**changes, step=F("step") + 1) != 1:
        raise Overtaken(last_words(report))
    report.refresh_from_db(fields=[*changes, "step"])


def _follow(
    report: Report,
    verb: Verb,
    sections: tuple[Section, ...],
    paper: IssuedPaper | None,
    at: datetime,
) -> None:
    """What a move brings with it."""
    if verb in (Verb.RETURN, Verb.REOPEN):
        states = SectionState.objects.filter(report=report)
        states.update(open=not sections, asked="")
        states.filter(section__in=sections).update(open=True)
    if verb == Verb.REOPEN:
        Paper.objects.filter(report=report).update(number=None, issued_on=None)
    if verb in issuing.NUMBERED and paper is not None:
        signer = {"signer_name": paper.signer} if paper.signer else {}
        Paper.objects.filter(report=report).update(
            number=paper.number, issued_on=paper.issued_on, **signer
        )
    if verb == Verb.SEND:
        told = json.dumps(to_json(load(report)), ensure_ascii=False)
        SentDossier.objects.create(report=report, step=report.step, at=at, dossier=told)


# --- one section more ---------------------------------------------------------------------------------


def ask_reopen(
    report: Report,
    section: Section,
    by: User,
    reason: str,
    at: datetime | None = None,
    step: int | None = None,
) -> None:
    """The clerk asks for a section that the return left locked. `step` here and below as `perform`."""
    reason = clean_lines(reason, LONGEST_NOTE)
    if not reason:
        raise NotYet(["Cần ghi lý do đề nghị mở thêm."], "reason")
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.VIEW, related=notices.NAMED)
        _refuse_overtaken(locked, step)
        require(by, Verb.ASK_REOPEN, locked)
        closed = SectionState.objects.filter(report=locked, section=section, open=False)
        if closed.exclude(asked=reason).update(asked=reason):
            audit.record(locked, Verb.ASK_REOPEN, by, reason, section, at=at)
            notices.tell(locked, Verb.ASK_REOPEN, by, reason, sections=(section,), at=at)


def open_section(report: Report, section: Section, by: User, step: int | None = None) -> None:
    """The reviewer opens one section more of a returned report."""
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.VIEW, related=notices.NAMED)
        _refuse_overtaken(locked, step)
        require(by, Verb.OPEN_SECTION, locked)
        closed = SectionState.objects.filter(report=locked, section=section, open=False)
        if closed.update(open=True, asked=""):
            audit.record(locked, Verb.OPEN_SECTION, by, section=section)
            notices.tell(locked, Verb.OPEN_SECTION, by, sections=(section,))


def close_section(report: Report, section: Section, by: User, step: int | None = None) -> None:
    """Take back the opening of a section; NotYet when the commune has written there since."""
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.VIEW, related=notices.NAMED)
        _refuse_overtaken(locked, step)
        require(by, Verb.CLOSE_SECTION, locked)
        still = SectionState.objects.filter(report=locked, section=section, open=True)
        if not still.exists():
            return
        if section not in closable(locked):
            words = "phần này mở theo yêu cầu chỉnh lý, hoặc đơn vị đã sửa từ khi được mở thêm."
            raise NotYet([f"Phần “{section.label}” không khóa lại được: {words}"])
        still.update(open=False)
        audit.record(locked, Verb.CLOSE_SECTION, by, section=section)
        notices.tell(locked, Verb.CLOSE_SECTION, by, sections=(section,))


def closable(report: Report) -> set[Section]:
    """The sections opened one by one since the report came back, where nothing was written since.

    Two queries. Typing shows in the section's state, evidence in the record.
    """
    opened: dict[str, datetime] = {}
    told = Event.objects.filter(report=report).order_by("seq")
    for verb, section, at in told.values_list("verb", "section", "at"):
        if verb == Verb.OPEN_SECTION:
            opened[section] = at
        elif verb in (Verb.RETURN, Verb.REOPEN):
            opened.clear()
        elif verb in (Verb.CLOSE_SECTION, Verb.EDIT):
            opened.pop(section, None)
    states = SectionState.objects.filter(report=report, section__in=opened, open=True)
    return {
        Section(state.section) for state in states
        if state.saved_at is None or state.saved_at < opened[state.section]
    }  # fmt: skip


# --- more time ---------------------------------------------------------------------------------------


def ask_extension(
    report: Report,
    day: date,
    by: User,
    reason: str,
    at: datetime | None = None,
    step: int | None = None,
) -> None:
    """The commune asks for more time, with its reason."""
    reason = clean_lines(reason, LONGEST_NOTE)
    if not reason:
        raise NotYet(["Cần ghi lý do xin gia hạn."], "note")
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.VIEW, related=notices.NAMED)
        _refuse_overtaken(locked, step)
        require(by, Verb.ASK_EXTENSION, locked)
        _refuse_early(locked, day, timezone.localdate(at))
        Report.objects.filter(pk=locked.pk).update(extension_asked=day)
        note = f"Xin gia hạn đến {format_date(day)}: {reason}"
        audit.record(locked, Verb.ASK_EXTENSION, by, note, at=at)
        notices.tell(locked, Verb.ASK_EXTENSION, by, note, at=at)


def extend(
    report: Report, day: date, by: User, note: str = "", step: int | None = None, at: datetime | None = None
) -> None:  # fmt: skip
    """The superior gives more time, asked for or not."""
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.VIEW, related=notices.NAMED)
        _refuse_overtaken(locked, step)
        require(by, Verb.EXTEND, locked)
        _refuse_early(locked, day, timezone.localdate(at) if at else today())
        Report.objects.filter(pk=locked.pk).update(extended_to=day, extension_asked=None)
        locked.extended_to = day
        said = clean_lines(note, LONGEST_NOTE)
        words = f"Gia hạn đến {format_date(day)}" + (f": {said}" if said else "")
        audit.record(locked, Verb.EXTEND, by, words, at=at)
        notices.tell(locked, Verb.EXTEND, by, said, at=at)


def _refuse_early(report: Report, day: date, now: date) -> None:
    """NotYet unless the day lies after the one that the report is due, and is not past."""
    due = report.due
    if day <= due:
        raise NotYet([f"Ngày gia hạn phải sau hạn hiện nay là {format_date(due)}."], "day")
    if day < now:
        words = (
            f"Ngày gia hạn {format_date(day)} đã qua; cần một ngày từ hôm nay {format_date(now)}."
        )
        raise NotYet([words], "day")


# --- words --------------------------------------------------------------------------------------------


def last_words(report: Report) -> str:
    """What happened to the report last: `… đã phê duyệt lúc 14:05 ngày 05/8/2024.`"""
    moves = [*TRANSITIONS, *ON_BEHALF]
    event = Event.objects.filter(report=report, verb__in=moves).order_by("-seq").first()
    if event is None:
        return "Báo cáo đã thay đổi từ lúc mở trang."
    at = timezone.localtime(event.at)
    return (
        f"{event.by_name or 'Hệ thống'} đã thực hiện “{event.get_verb_display()}” lúc {at:%H:%M} ngày "
        f"{format_date(at.date())}; báo cáo đang ở trạng thái “{report.get_state_display()}”."
    )
