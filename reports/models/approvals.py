"""Approvals asked for many at once: one row for each report, done in the background."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .periods import ReportingPeriod
from .reports import Report
from .work import Leased


class Approval(Leased):
    """One report that a reviewer ticked. `step` is what the page showed (`Report.step`).

    A `problem` says why it was not approved; those of one press share `asked_at`.
    """

    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="+")
    report = models.ForeignKey(Report, models.CASCADE, related_name="approvals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    step = models.PositiveIntegerField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A double click asks once.
            models.UniqueConstraint(
                fields=["report", "by"],
                condition=Q(finished_at__isnull=True),
                name="one_unfinished_approval",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.by_id}"
