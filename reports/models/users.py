"""People, and the roles they hold at units for a time."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from ..enums import Mailing, Role
from .units import Unit, interval_constraint


@dataclass(frozen=True)
class HeldRoles:
    """The roles of one person on one day, each with its unit, and what stands below their offices.

    `below`: unit, and the days it stood there, both included; no last day while it still does.
    """

    roles: tuple["RoleAssignment", ...]
    below: tuple[tuple[int, date, date | None], ...]


class People(UserManager["User"]):
    """Accounts, found by their name however its letters are cased."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account of exactly this name, else the only one whose name differs in case alone."""
        named = self.filter(username__iexact=username or "")
        exact = named.filter(username=username).first()
        return exact or named.get()


class User(AbstractUser):
    """A person who logs in. The name shown is `full_name`; Vietnamese names are not split in two."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField("họ và tên", max_length=120, blank=True)
    mail = models.CharField("cách nhận thư", max_length=8, choices=Mailing.choices, blank=True)
    introduced_at = models.DateTimeField("đã xem phần giới thiệu lúc", null=True, blank=True)

    REQUIRED_FIELDS = ["full_name"]
    objects: ClassVar[People] = People()

    #: No column: what `access.powers` read, kept with this object, which lives for one request.
    held_today: HeldRoles | None = None

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class RoleAssignment(models.Model):
    """`user` holds `role` at `unit` in this interval. One person may hold several."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles", verbose_name="người dùng")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="roles", verbose_name="đơn vị")
    role = models.CharField("vai trò", max_length=16, choices=Role.choices)
    valid_from = models.DateField("từ ngày", default=date(1945, 9, 2))
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = "vai trò"
        verbose_name_plural = "vai trò"
        constraints = [
            interval_constraint("role_interval"),
            models.UniqueConstraint(
                fields=["user", "unit", "role", "valid_from"], name="one_role_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.unit}"
