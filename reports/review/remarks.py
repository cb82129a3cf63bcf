"""Remarks on a report between the two desks: writing, answering and settling them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from .. import audit
from ..access import locked_report
from ..checks.gate import NotYet
from ..enums import Section, Verb
from ..models import Remark, Report, User
from ..notifications import notices
from ..text.numbers import format_count
from ..text.typography import clean_line, clean_lines

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
    by_pk = {row.pk: Thread(row) for row in rows if row.answers_id is None}
    for row in rows:
        if row.answers_id in by_pk:
            by_pk[row.answers_id].answers.append(row)
    return sorted(by_pk.values(), key=lambda thread: not thread.open)


def open_remarks(report: Report) -> int:
    """How many remarks are not settled. One query."""
    return report.remarks.filter(answers=None, resolved_at=None).count()


def say(
    report: Report,
    by: User,
    text: str,
    section: Section | str = "",
    name: str = "",
    passage: str = "",
    at: datetime | None = None,
) -> Remark:
    """A new remark; the same twice in a row is one.

    NotYet when there is nothing to say or too much; Refused, Http404 as `access`.
    """
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.COMMENT, related=notices.NAMED)
        columns = {
            "section": section, "name": clean_line(name, 160),
            "text": _clean_remark(text),
            "passage": clean_line(passage, LONGEST_PASSAGE),
        }  # fmt: skip
        remark, new = _write_once(locked, by, columns, at)
        if new:
            audit.record(locked, Verb.COMMENT, by, remark.text, section, at=at)
            notices.tell_remark(locked, by, remark.text, section, at)
    return remark


def answer(report: Report, pk: int, by: User, text: str, at: datetime | None = None) -> Remark:
    """An answer to a remark."""
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.COMMENT, related=notices.NAMED)
        remark = _remark_of(locked, pk)
        columns = {
            "answers": remark, "section": remark.section, "name": remark.name,
            "text": _clean_remark(text),
        }  # fmt: skip
        reply, new = _write_once(locked, by, columns, at)
        if new:
            audit.record(locked, Verb.COMMENT, by, reply.text, remark.section, at=at)
            notices.tell_remark(locked, by, reply.text, remark.section, at)
    return reply


def _write_once(
    report: Report, by: User, columns: dict[str, Any], at: datetime | None = None
) -> tuple[Remark, bool]:
    """Write a remark, unless it repeats the person's last one; returns it, and whether it is new."""
    last = report.remarks.filter(by=by).order_by("-pk").first()
    if last is not None and last.resolved_at is None:
        same = {"answers": None, "passage": "", **columns}
        if all(getattr(last, name) == value for name, value in same.items()):
            return last, False
    return Remark.objects.create(report=report, by=by, at=at or timezone.now(), **columns), True


def settle(report: Report, pk: int, by: User, settled: bool, at: datetime | None = None) -> Remark:
    """Mark a remark as settled, or open it again."""
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.COMMENT)
        remark = _remark_of(locked, pk)
        if settled == (remark.resolved_at is not None):
            return remark
        remark.resolved_at = (at or timezone.now()) if settled else None
        remark.resolved_by = by if settled else None
        remark.save(update_fields=["resolved_at", "resolved_by"])
        head = "Đã giải quyết ý kiến: " if settled else "Mở lại ý kiến: "
        audit.record(locked, Verb.COMMENT, by, head + remark.text[:200], remark.section, at=at)
    return remark


def _remark_of(report: Report, pk: int) -> Remark:
    remark = report.remarks.filter(pk=pk, answers=None).first()
    if remark is None:
        raise Http404("Không có ý kiến này.")
    return remark


def _clean_remark(text: str) -> str:
    """The text as it is kept. NotYet when there is none or too much."""
    remark = clean_lines(text)
    if not remark:
        raise NotYet(["Cần ghi nội dung ý kiến."])
    if len(remark) > LONGEST_REMARK:
        raise NotYet(
            [f"Ý kiến có {format_count(len(remark))} ký tự; tối đa {format_count(LONGEST_REMARK)}."]
        )
    return remark
