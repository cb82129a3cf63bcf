"""The report itself, and the facts of its paper."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..enums import Authority, State
from .outlines import IndicatorSet, Outline
from .parts import ReportPart
from .periods import ReportingPeriod
from .units import Unit


class Report(models.Model):
    """What one unit owes for one period. Opening the period makes it; nobody "creates" one.

    Its outline and indicator set are the versions it was opened with. `revision` counts every change
    of content and is written by `reports.editing.writing` alone: a paper made for one revision is that
    revision's for ever. The other columns are written by `reports.workflow.transitions` alone, the days of more
    time by `reports.workflow.extension`: `step` counts the changes of state, so that a page knows whether it is
    still the present one; `version` counts reopenings; `returned` says that the present version came back
    at least once. `errors` and
    `warnings` are what the checks counted at the last save, for the board of the period.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports", verbose_name="đơn vị")
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="reports", verbose_name="kỳ báo cáo"
    )
    outline = models.ForeignKey(Outline, models.PROTECT, related_name="reports")
    indicator_set = models.ForeignKey(
        IndicatorSet, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    state = models.CharField(
        "trạng thái", max_length=16, choices=State.choices, default=State.DRAFT
    )
    revision = models.PositiveIntegerField(default=0)
    version = models.PositiveSmallIntegerField("lần báo cáo", default=1)
    step = models.PositiveIntegerField(default=0)
    returned = models.BooleanField("đã từng bị trả lại", default=False)
    on_behalf = models.BooleanField("cấp trên nhập thay", default=False)
    sent_at = models.DateTimeField("gửi lần đầu lúc", null=True, blank=True)
    extended_to = models.DateField("gia hạn đến", null=True, blank=True)
    extension_asked = models.DateField("xin gia hạn đến", null=True, blank=True)
    errors = models.PositiveIntegerField("số lỗi", null=True, blank=True)
    warnings = models.PositiveIntegerField("số cảnh báo", null=True, blank=True)
    opened_at = models.DateTimeField("mở lúc", auto_now_add=True)

    #: No column: the roles that its unit has good accounts for today, as `access.holds` read them; kept
    #: with this object, which lives for one request.
    roles_at_unit: frozenset[str] | None = None

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="one_report_a_unit_and_period")
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.period}"

    @property
    def due(self) -> date:
        """The day by which it is to be sent: the period's, or the one it was extended to."""
        return self.extended_to or self.period.deadline

    @property
    def sent_on(self) -> date | None:
        """The day it was first sent, by the portal's clock."""
        return None if self.sent_at is None else timezone.localtime(self.sent_at).date()


class Paper(ReportPart):
    """The facts of the paper that frame the text: Nghị định 30/2020/NĐ-CP, Phụ lục I.

    `number` and `issued_on` are given after signature; until then the paper prints blanks.
    """

    report = models.OneToOneField(Report, models.CASCADE, related_name="paper")
    symbol = models.CharField("ký hiệu", max_length=40, default="BC-UBND")
    number = models.PositiveIntegerField("số", null=True, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    place = models.CharField("địa danh", max_length=120, blank=True)
    addressees = models.TextField("kính gửi", blank=True)
    recipients = models.TextField("nơi nhận", blank=True)
    authority = models.CharField(
        "hình thức ký", max_length=8, choices=Authority.choices, default=Authority.COLLECTIVE
    )
    signer_title = models.CharField("chức vụ người ký", max_length=120, default="Chủ tịch")
    signer_name = models.CharField("họ tên người ký", max_length=120, blank=True)

    class Meta:
        verbose_name = "thể thức văn bản"
        verbose_name_plural = "thể thức văn bản"
        constraints = [
            # A number without a date, or a date without a number, is not an issued paper.
            models.CheckConstraint(
                condition=Q(number__isnull=True, issued_on__isnull=True)
                | Q(number__isnull=False, issued_on__isnull=False),
                name="number_and_date_together",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=1), name="number_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or '…'}/{self.symbol}"
