"""Units of government, their names through time, and whom each reports to, when."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from ..text.names import fold, unit_sort_key


def valid_on(day: date, prefix: str = "") -> Q:
    """The condition "in force on `day`" for rows with `valid_from` and a nullable `valid_to`."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


def interval_constraint(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name
    )


class Unit(models.Model):
    """A unit of government: xã, phường, đặc khu, huyện, tỉnh …

    `code` is the official statistical code, a string with leading zeros (communes 5 digits, districts
    3, provinces 2). Since July 2025 codes of units that ended are given to new ones, so only code and
    beginning together name a unit. `kind` and `name` are those in force now; earlier ones are `FormerName` rows, so
    a report prints the name of its own time for ever (`named_on`).
    """

    code = models.CharField("mã đơn vị", max_length=16, db_index=True)
    kind = models.CharField("loại", max_length=32, help_text="xã, phường, đặc khu, huyện, tỉnh …")
    name = models.CharField("tên", max_length=120)
    office = models.CharField(
        "cơ quan thẩm định",
        max_length=120,
        blank=True,
        help_text="Cơ quan nhận và thẩm định báo cáo của cấp dưới, như Phòng Nội vụ, Sở Nội vụ.",
    )
    valid_from = models.DateField("thành lập từ ngày", default=date(1945, 9, 2))
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    predecessors = models.ManyToManyField(
        "self", verbose_name="hợp nhất từ", symmetrical=False, related_name="successors", blank=True
    )
    folded = models.CharField(max_length=160, editable=False, default="")
    sort_key = models.CharField(max_length=400, editable=False, default="")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ["sort_key", "code"]
        constraints = [
            interval_constraint("unit_interval"),
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_unit_a_code_and_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Both engines sort and search alike only by columns of ours (SQLite knows no Vietnamese).
        self.folded = fold(str(self))
        self.sort_key = unit_sort_key(self.name)
        super().save(*args, **kwargs)

    def named_on(self, day: date) -> tuple[str, str]:
        """Kind and name in force on `day`. One query, none when `former_names` is prefetched."""
        former = [n for n in self.former_names.all() if n.valid_to >= day]
        oldest = min(former, key=lambda n: n.valid_to, default=None)
        return (oldest.kind, oldest.name) if oldest else (self.kind, self.name)


class FormerName(models.Model):
    """A name a unit bore until the end of `valid_to`."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="former_names")
    kind = models.CharField("loại", max_length=32)
    name = models.CharField("tên", max_length=120)
    valid_to = models.DateField("đến hết ngày")

    class Meta:
        verbose_name = "tên cũ"
        verbose_name_plural = "tên cũ"
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_to"], name="one_former_name_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.unit.save(update_fields=["changed_at"])  # papers made with the other name are stale


class Superior(models.Model):
    """`unit` reports to `superior` in this interval. Districts ended on 30 June 2025."""

    unit = models.ForeignKey(
        Unit, models.CASCADE, related_name="superiors", verbose_name="đơn vị cấp dưới"
    )
    superior = models.ForeignKey(
        Unit, models.PROTECT, related_name="subordinates", verbose_name="cấp trên"
    )
    valid_from = models.DateField("từ ngày", default=date(1945, 9, 2))
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = "quan hệ cấp trên"
        verbose_name_plural = "quan hệ cấp trên"
        constraints = [
            interval_constraint("superior_interval"),
            models.CheckConstraint(condition=~Q(unit=F("superior")), name="not_superior_of_itself"),
            models.UniqueConstraint(fields=["unit", "valid_from"], name="one_superior_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} → {self.superior}"
