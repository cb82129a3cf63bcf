"""Reporting periods: who asks, for what, until when, and who owes."""

from django.db import models
from django.db.models import F, Q

from .outlines import IndicatorSet, Outline
from .units import Unit


class PeriodKind(models.Model):
    """A kind of period, such as quarter I or the first six months. Data, never code.

    `phrase` and `next_phrase` are how sentences name it: `quý I năm {year}`; `{next_year}` is known too.
    """

    code = models.SlugField("mã", max_length=20, unique=True)
    name = models.CharField("tên", max_length=60)
    phrase = models.CharField("cách gọi", max_length=120)
    next_phrase = models.CharField("cách gọi kỳ sau", max_length=120)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "loại kỳ"
        verbose_name_plural = "loại kỳ"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class ReportingPeriod(models.Model):
    """One period for which `superior` asks `units` for reports.

    The window of the data and the deadline belong to the period: each locality shifts the cut-offs
    of Nghị định 09/2019/NĐ-CP, and reports outside the calendar are asked for too.
    """

    code = models.SlugField("mã kỳ", max_length=40, unique=True)
    kind = models.ForeignKey(PeriodKind, models.PROTECT, verbose_name="loại kỳ")
    year = models.PositiveSmallIntegerField("năm")
    superior = models.ForeignKey(
        Unit, models.PROTECT, related_name="periods_asked", verbose_name="cơ quan yêu cầu"
    )
    data_from = models.DateField("số liệu từ ngày")
    data_to = models.DateField("đến hết ngày")
    deadline = models.DateField("hạn gửi")
    outline = models.ForeignKey(Outline, models.PROTECT, verbose_name="đề cương")
    indicator_set = models.ForeignKey(
        IndicatorSet, models.PROTECT, null=True, blank=True, verbose_name="biểu số liệu"
    )
    units = models.ManyToManyField(
        Unit, related_name="periods_owed", verbose_name="đơn vị phải báo cáo", blank=True
    )
    opened_at = models.DateTimeField("mở lúc", null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "kỳ báo cáo"
        verbose_name_plural = "kỳ báo cáo"
        ordering = ["-data_to", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(data_to__gte=F("data_from")), name="period_window"),
            models.CheckConstraint(
                condition=Q(deadline__gte=F("data_from")), name="period_deadline"
            ),
        ]

    def __str__(self) -> str:
        return self.phrase

    @property
    def phrase(self) -> str:
        """`quý I năm 2022`."""
        return self.kind.phrase.format(year=self.year, next_year=self.year + 1)

    @property
    def next_phrase(self) -> str:
        return self.kind.next_phrase.format(year=self.year, next_year=self.year + 1)
