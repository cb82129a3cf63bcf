"""Exports of a whole period: what was asked for, how far it has come, the file until it expires."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from .periods import ReportingPeriod
from .reports import Report
from .work import Leased


class Export(Leased):
    """One file made of all reports of a period, for the person who asked.

    `file` is a name below `settings.EXPORT_DIR`; every name there begins with `token` and the attempt
    that made it. A `problem` beside a file names what could not be made; without a file, why there is
    none. `done` of `total` reports are in the file while it is being made.
    """

    class Kind(models.TextChoices):
        WORKBOOK = "workbook", "Bảng số liệu (Excel)"
        ZIP = "zip", "Văn bản của các đơn vị (ZIP)"
        PDF = "pdf", "Văn bản của các đơn vị, một tệp PDF"

    class Scope(models.TextChoices):
        APPROVED = "approved", "báo cáo đã phê duyệt"
        SENT = "sent", "báo cáo đã gửi, kể cả chưa phê duyệt"

    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="exports")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    scope = models.CharField(max_length=8, choices=Scope.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    asked_at = models.DateTimeField()
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # A double click asks once.
            models.UniqueConstraint(
                fields=["period", "kind", "scope", "by"],
                condition=Q(finished_at__isnull=True),
                name="one_unfinished_export",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period_id}"


class ExportPart(Leased):
    """The papers of one report that an export needs and nobody has stored yet.

    They are rows of their own, so that every free worker takes a share of one export. A `problem`
    names the papers that cannot be made.
    """

    export = models.ForeignKey(Export, models.CASCADE, related_name="parts")
    report = models.ForeignKey(Report, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "report"], name="one_part_a_report")
        ]

    def __str__(self) -> str:
        return f"{self.export_id}: {self.report_id}"
