"""What is said about a report between the two desks: remarks, answers, what is settled."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from . import audit
from .access import locked_report
from .enums import Section, Verb
from .gate import NotYet
from .models import Remark, Report, User
from .vietnamese import clean_text, format_count

LONGEST_REMARK = 5000
LONGEST_PASSAGE = 500


@dataclass
class Thread:
    """A remark and the answers to it."""

    remark: Remark
    answers: list[Remark] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.remark.resolved_at is None


def threads(report: Report) -> list[Thread]:
    """All remarks on a report, the open ones first. One query."""
    rows = list(report.remarks.select_related("by", "resolved_by"))
    found = {row.pk: Thread(row) for row in rows if row.answers_id is None}
    for row in rows:
        if row.answers_id in found:
            found[row.answers_id].answers.append(row)
    return sorted(found.values(), key=lambda thread: not thread.open)


def say(
    report: Report,
    by: User,
    text: str,
    section: Section | str = "",
    name: str = "",
    passage: str = "",
    at: datetime | None = None,
) -> Remark:
    """A new remark. NotYet when there is nothing to say or too much; Refused, Http404 as `access`."""
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.COMMENT)
        remark = Remark.objects.create(
            report=locked, section=section, name=name[:160],
            passage=clean_text(passage, multiline=False)[:LONGEST_PASSAGE], text=_said(text), by=by,
            at=at or timezone.now(),
        )  # fmt: skip
        audit.record(locked, Verb.COMMENT, by, remark.text, section, at=at)
    return remark


def answer(report: Report, pk: int, by: User, text: str, at: datetime | None = None) -> Remark:
    """An answer to a remark."""
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.COMMENT)
        remark = _of(locked, pk)
        told = Remark.objects.create(
            report=locked, answers=remark, section=remark.section, name=remark.name,
            text=_said(text), by=by, at=at or timezone.now(),
        )  # fmt: skip
        audit.record(locked, Verb.COMMENT, by, told.text, remark.section, at=at)
    return told


def settle(report: Report, pk: int, by: User, settled: bool, at: datetime | None = None) -> Remark:
    """Mark a remark as settled, or open it again."""
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.COMMENT)
        remark = _of(locked, pk)
        remark.resolved_at = (at or timezone.now()) if settled else None
        remark.resolved_by = by if settled else None
        remark.save(update_fields=["resolved_at", "resolved_by"])
        words = "Đã giải quyết ý kiến: " if settled else "Mở lại ý kiến: "
        audit.record(locked, Verb.COMMENT, by, words + remark.text[:200], remark.section, at=at)
    return remark


def _of(report: Report, pk: int) -> Remark:
    remark = report.remarks.filter(pk=pk, answers=None).first()
    if remark is None:
        raise Http404("Không có ý kiến này.")
    return remark


def _said(text: str) -> str:
    said = clean_text(text, multiline=True)
    if not said:
        raise NotYet(["Cần ghi nội dung ý kiến."])
    if len(said) > LONGEST_REMARK:
        raise NotYet(
            [f"Ý kiến có {format_count(len(said))} ký tự; tối đa {format_count(LONGEST_REMARK)}."]
        )
    return said
