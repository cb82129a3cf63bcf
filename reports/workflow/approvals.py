"""Approving many reports at once: asking, the work in the background, how far it has come.

Each report is judged by itself, by roles read afresh, through the same door as a single approval: one that
is refused stops no other, and is named with its reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from ..access import Refused, report_for, visible_reports
from ..checks.gate import NotYet
from ..enums import Verb
from ..jobs.busy import Busy
from ..jobs.queue import Claim, Later, Line
from ..models import Approval, ReportingPeriod, User
from .moves import Approve
from .report_lock import Overtaken
from .transitions import perform

#: For how long the page shows what was asked, and for how long the rows are kept.
SHOWN_FOR, KEPT_FOR = timedelta(days=1), timedelta(days=30)
NO_REPORT = "Báo cáo không còn, hoặc tài khoản không còn quyền xem."


@dataclass(frozen=True)
class ApprovalProgress:
    """How far the reports of one press have come. `refused` names unit and reason."""

    number: int
    waiting: int
    approved: int
    refused: tuple[str, ...]
    key: int

    @property
    def running(self) -> bool:
        return self.waiting > 0

    @property
    def summary(self) -> str:
        done = f"Đã phê duyệt {self.approved}/{self.number} báo cáo"
        return f"{done}, còn {self.waiting} đang chờ" if self.waiting else done

    @property
    def percent(self) -> int:
        return 100 * (self.number - self.waiting) // self.number


def ask(user: User, period: ReportingPeriod, ticked: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Ask for these reports (number and step); returns how many were taken, and how many are not there."""
    steps = dict(ticked)
    visible = visible_reports(user).filter(period=period, pk__in=steps)
    numbers = list(visible.order_by("unit__sort_key", "pk").values_list("pk", flat=True))
    now = timezone.now()
    with transaction.atomic():
        # One asking of a person at a time: the reports of two presses stay apart.
        list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
        Approval.objects.bulk_create(
            [Approval(period=period, report_id=pk, by=user, step=steps[pk], asked_at=now)
             for pk in numbers],
            ignore_conflicts=True,
        )  # fmt: skip
    return len(numbers), len(steps) - len(numbers)


def last_asked(user: User, period: ReportingPeriod) -> ApprovalProgress | None:
    """The progress of the person's last press, with what still waits from earlier ones."""
    own = Approval.objects.filter(by=user, period=period, asked_at__gte=timezone.now() - SHOWN_FOR)
    latest = own.order_by("-asked_at", "-pk").first()
    if latest is None:
        return None
    earlier = (
        own.filter(finished_at=None, asked_at__lt=latest.asked_at).order_by("asked_at").first()
    )
    since = earlier.asked_at if earlier else latest.asked_at
    rows = list(own.filter(asked_at__gte=since).select_related("report__unit").order_by("pk"))
    done = [row for row in rows if row.finished_at]
    refused = tuple(f"{row.report.unit}: {row.problem}" for row in done if row.problem)
    return ApprovalProgress(
        len(rows), len(rows) - len(done), len(done) - len(refused), refused, latest.pk
    )


def approve(claim: Claim) -> None:
    """Approve one report; a refusal is stored as the problem of its row."""
    item: Approval = claim.item
    try:
        report = report_for(item.by, item.report_id, fresh=True)
        perform(report, Approve(), item.by, item.step)
    except Overtaken as overtaken:
        # A worker that died after the approval and before it said so has done its work.
        own = item.report.events.filter(verb=Verb.APPROVE, by=item.by, at__gte=item.asked_at)
        claim.finish("" if own.exists() else overtaken.message)
    except Busy as busy:
        raise Later(busy.message, timedelta(seconds=busy.wait)) from busy
    except NotYet as not_yet:
        claim.finish(" ".join(not_yet.problems))
    except Refused as refused:
        claim.finish(str(refused))
    except Http404:
        claim.finish(NO_REPORT)
    else:
        claim.finish()


def forget() -> None:
    """Delete approvals older than KEPT_FOR: the record of each report says who approved it."""
    Approval.objects.filter(finished_at__lt=timezone.now() - KEPT_FOR).delete()


LINE = Line(Approval, approve, order=("asked_at", "pk"))
