"""The one door for every change of state.

`perform` locks the report's row, asks `access` under the lock, refuses what the checks forbid, and
writes the state, the event, who is told and what belongs to them in one transaction. Two people pressing at once
make one transition: the other is told what happened meanwhile (`report_lock.Overtaken`).
"""

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from .. import audit
from ..access import may
from ..checks import gate
from ..checks.gate import NotYet
from ..dossier import load
from ..dossier.json import to_json
from ..enums import Section, State
from ..issuing import numbering, release, signed_copies
from ..issuing.release import IssuedPaper, PreparedRelease
from ..models import Paper, Report, SectionState, SentDossier, User
from ..notifications import notices
from ..review import remarks
from ..verbs import CHECKED, RELEASING, VERBS, Snapshot
from .moves import Approve, CorrectIssue, Issue, Move, Reopen, Return
from .report_lock import Overtaken, clean_note, last_move, locked_for

#: Where a report lies before it leaves the commune's desk.
AT_DESK = (State.DRAFT, State.RETURNED)


def perform(
    report: Report, move: Move, by: User, step: int | None = None, at: datetime | None = None
) -> Report:
    """Do the move; returns the report as it stands then.

    `step` is what the page showed (`Report.step`), `at` the moment, by default now. Overtaken, NotYet,
    FileRefused; Refused and Http404 as `access`.
    """
    move, at = replace(move, note=clean_note(move.note)), at or timezone.now()
    day = timezone.localdate(at)
    if move.verb in RELEASING:  # nothing is printed for what will be refused
        with locked_for(report, move.verb, by, step) as locked:
            _agreed_note(locked, move, day)
    # Reading a file and printing take seconds and need no lock.
    files = release.prepare(report, move.verb, _paper_of(move))
    copy = _signed_copy(report, move, by, files)
    with locked_for(report, move.verb, by, step) as locked:
        note = _agreed_note(locked, move, day)
        if files is not None and files.step != locked.step:
            raise Overtaken(last_move(locked))  # it moved on while its paper was printed
        if move.verb in CHECKED and locked.state in AT_DESK:
            gate.refuse_unready(locked, by)
        _carry_out(locked, move, by, note, at)
        if files is not None:
            _store_papers(locked, move, files, by, at)
        if copy is not None:
            signed_copies.keep(locked, copy, by, at)
    return locked


def _agreed_note(locked: Report, move: Move, day: date) -> str:
    """The note for the record; refuses what stands against the move on that day."""
    facts = VERBS[move.verb]
    if facts.needs_reason and not move.note:
        raise NotYet([facts.reason_missing], "note")
    if isinstance(move, Issue | CorrectIssue):
        numbering.require_valid_numbers(locked, move.verb, move.paper, day)
    if isinstance(move, Approve):
        return _approval_note(locked, move)
    return move.note


def _approval_note(report: Report, move: Approve) -> str:
    """What the record says of an approval; NotYet when more remarks are open than were agreed to."""
    unsettled = remarks.open_remarks(report)
    if unsettled > move.despite:
        message = f"Còn {unsettled} ý kiến chưa giải quyết. "
        raise NotYet([
            message + ("Có ý kiến mới từ lúc mở trang; mời đọc rồi phê duyệt lại." if move.despite else
                       f"Mời giải quyết, hoặc đánh dấu “Phê duyệt dù còn {unsettled} ý kiến chưa giải quyết” "
                       "rồi phê duyệt.")
        ])  # fmt: skip
    left = f"Phê duyệt dù còn {unsettled} ý kiến chưa giải quyết." if unsettled else ""
    return "\n".join(filter(None, (move.note, left)))


def _paper_of(move: Move) -> IssuedPaper | None:
    return move.paper if isinstance(move, Issue | CorrectIssue) else None


def _sections_of(move: Move) -> tuple[Section, ...]:
    return move.sections if isinstance(move, Return | Reopen) else ()


def _signed_copy(
    report: Report, move: Move, by: User, files: PreparedRelease | None
) -> signed_copies.CheckedFile | None:
    """The file that came with number and date, checked beside the PDF that will be issued with them.

    None when none came or `by` may not issue.
    """
    if not isinstance(move, Issue) or move.signed is None or files is None:
        return None
    if not may(by, move.verb, report):
        return None
    return signed_copies.check(report, move.signed, files.files["pdf"], move.compared)


# --- the move itself, under the lock --------------------------------------------------------------------


def _carry_out(locked: Report, move: Move, by: User, note: str, at: datetime) -> None:
    """Write the state, what comes with it, the event, and who is told."""
    before, sections = locked.state, _sections_of(move)
    old = {"state": before}
    if isinstance(move, CorrectIssue):
        old |= numbering.stated(locked)
    _write(locked, _changes(locked, move, at))
    _follow(locked, move, at)
    new = {"state": locked.state}
    if sections:
        new["sections"] = " ".join(sections)
    if _paper_of(move) is not None:
        new |= numbering.stated(locked)
    audit.record(locked, move.verb, by, note, before=old, after=new, at=at)
    notices.tell(locked, move.verb, by, note, State(before), sections, at)


def _changes(report: Report, move: Move, at: datetime) -> dict[str, Any]:
    """The columns of the report that the move sets."""
    facts = VERBS[move.verb]
    assert facts.transition
    to, changes = facts.transition.to, dict[str, Any]()
    if facts.transition.to_desk:
        to = State.RETURNED if report.returned else State.DRAFT
    if to is not None:
        changes["state"] = to
    if facts.transition.on_behalf is not None:
        changes["on_behalf"] = facts.transition.on_behalf
    if facts.transition.opens_sections:
        changes["returned"] = True
    if facts.transition.new_version:
        changes["version"] = report.version + 1
    if facts.keeps == Snapshot.DOSSIER:
        changes["sent_at"] = report.sent_at or at
    return changes


def _write(report: Report, changes: dict[str, Any]) -> None:
    """Write the move, if the report still stands where it was read."""
    unmoved = Report.objects.filter(pk=report.pk, step=report.step, state=report.state)
    if unmoved.update(**changes, step=F("step") + 1) != 1:
        raise Overtaken(last_move(report))
    report.refresh_from_db(fields=[*changes, "step"])


def _follow(report: Report, move: Move, at: datetime) -> None:
    """Write what goes with the move: opened sections, number and signer of the paper, the sent dossier."""
    facts = VERBS[move.verb]
    assert facts.transition
    if facts.transition.opens_sections:
        _open_sections(report, _sections_of(move))
    if facts.transition.new_version:
        Paper.objects.filter(report=report).update(number=None, issued_on=None)
    paper = _paper_of(move)
    if paper is not None:
        signer = {"signer_name": paper.signer} if paper.signer else {}
        Paper.objects.filter(report=report).update(
            number=paper.number, issued_on=paper.issued_on, **signer
        )
    if facts.keeps == Snapshot.DOSSIER:
        sent = json.dumps(to_json(load(report)), ensure_ascii=False)
        SentDossier.objects.create(report=report, step=report.step, at=at, dossier=sent)


def _open_sections(report: Report, sections: tuple[Section, ...]) -> None:
    """Open these sections to the commune and no others; all of them when none is named."""
    states = SectionState.objects.filter(report=report)
    states.update(open=not sections, asked="")
    states.filter(section__in=sections).update(open=True)


def _store_papers(
    report: Report, move: Move, files: PreparedRelease, by: User, at: datetime
) -> None:
    """Keep what was printed; what was issued before with another number is set aside."""
    if isinstance(move, CorrectIssue):
        release.set_aside(report)
    release.keep(report, files, by, at)
