"""Number, date and signer of an issued paper: whether they are valid.

Nghị định 30/2020/NĐ-CP: number and date are given after signature, and a number is unique in an agency
and a year. Called under the lock of the report's row.
"""

import json
from datetime import date, timedelta

from django.utils import timezone

from ..checks.gate import NotYet
from ..enums import Verb
from ..models import Event, Paper, Release, Report, Unit
from ..text.dates import format_date
from ..verbs import NUMBERED, VERBS, Condition
from .release import IssuedPaper
from .signed_copies import current_copy

#: A report approved so long after it was due is an archive: its paper was signed in its own time.
ARCHIVE_AFTER = timedelta(days=365)
#: The refusal when neither the report nor the văn thư names the signer.
UNSIGNED = "Báo cáo chưa có họ tên người ký. Mời ghi họ tên của người đã ký vào ô này."


def require_valid_numbers(report: Report, verb: Verb, paper: IssuedPaper, day: date) -> None:
    """NotYet, naming the field, unless the paper may be issued on `day` with its number, date and signer."""
    refusal = too_late(verb, report)
    if refusal:
        raise NotYet([refusal])
    if not (paper.signer or signer_of(report)):
        raise NotYet([UNSIGNED], "signer")
    earliest_day = earliest(report)
    if paper.issued_on > day:
        raise NotYet(
            [f"Ngày ban hành {format_date(paper.issued_on)} sau hôm nay {format_date(day)}."],
            "issued_on",
        )
    if earliest_day and paper.issued_on < earliest_day:
        message = (
            f"Ngày ban hành {format_date(paper.issued_on)} trước ngày {format_date(earliest_day)} là ngày báo "
            "cáo được phê duyệt; cần một ngày từ hôm đó đến hôm nay."
        )
        raise NotYet([message], "issued_on")
    # Two reports of one unit wait for each other here, so that no number is given twice.
    Unit.objects.select_for_update(no_key=True).get(pk=report.unit_id)
    other = bearer(report, paper.number, paper.issued_on.year)
    if other is not None:
        message = (
            f"Số {paper.number:02d} năm {paper.issued_on.year} đã cấp cho báo cáo "
            f"{other.period.phrase}; mỗi số chỉ cấp một lần trong năm."
        )
        raise NotYet([message], "number")


def too_late(verb: Verb, report: Report) -> str:
    """Why number and date can no longer be corrected: a signed copy is there; "" when they can."""
    if Condition.NO_SIGNED_COPY in VERBS[verb].conditions and current_copy(report) is not None:
        return "Đã nạp bản đã ký nên số và ngày ban hành không sửa được nữa."
    return ""


def signer_of(report: Report) -> str:
    """The signer's name in the approved report, else in the present frame; "" when neither names one."""
    approved = report.releases.filter(version=report.version, kind=Release.Kind.APPROVED)
    dossier = approved.values_list("dossier", flat=True).first()
    paper = json.loads(dossier).get("paper", {}) if dossier else {}
    return str(paper.get("signer_name") or Paper.objects.get(report=report).signer_name)


def earliest(report: Report) -> date | None:
    """The earliest valid date of the paper, the day of its approval; None for an archive."""
    approved = report.releases.filter(version=report.version, kind=Release.Kind.APPROVED)
    at = approved.values_list("at", flat=True).first()
    if at is None:
        return None
    day = timezone.localdate(at)
    return None if day - report.due > ARCHIVE_AFTER else day


def bearer(report: Report, number: int, year: int) -> Report | None:
    """The report of the unit that has this number in that year, which may be an earlier version of `report`.

    A number that was corrected is free again; one whose paper was reopened stays with that paper.
    """
    last: dict[tuple[int, int], tuple[int, int]] = {}  # (report, issue) → number and year
    issues: dict[int, int] = {}
    given = Event.objects.filter(report__unit=report.unit_id, verb__in=NUMBERED).order_by(
        "report", "seq"
    )
    for pk, verb, after in given.values_list("report", "verb", "after"):
        numbers = json.loads(after or "{}")
        if "number" in numbers:
            issues[pk] = issues.get(pk, 0) + (verb == Verb.ISSUE)
            last[pk, issues[pk]] = int(numbers["number"]), int(numbers["issued_on"][:4])
    if report.state == "issued":
        last.pop((report.pk, issues.get(report.pk, 0)), None)  # the one that is being corrected
    given_to = next((pk for (pk, _), bears in last.items() if bears == (number, year)), None)
    stated = Paper.objects.filter(report__unit=report.unit_id, number=number, issued_on__year=year)
    stated_by = stated.exclude(report=report).values_list("report", flat=True).first()
    bearing = given_to or stated_by
    return report.unit.reports.select_related("period__kind").get(pk=bearing) if bearing else None


def stated(report: Report) -> dict[str, str]:
    """Number, date and signer of the frame, for the audit record; empty before the paper is issued."""
    paper = Paper.objects.get(report=report)
    if paper.number is None or paper.issued_on is None:
        return {}
    numbers = {"number": str(paper.number), "issued_on": paper.issued_on.isoformat()}
    return numbers | ({"signer": paper.signer_name} if paper.signer_name else {})
