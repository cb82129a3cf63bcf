"""Notices in the portal, and the outbox of letters.

Notices and letters are written in the transaction of what they tell of, so they exist exactly when it
does; a worker sends the letters later (`reports.notifications.mail`).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..enums import NoticeKind, Place, Post
from .periods import ReportingPeriod
from .reports import Report
from .work import Leased


class Letter(Leased):
    """One e-mail to be sent, or sent: `finished_at` says when, `problem` why it was given up.

    What it says stands in its notices, and is read from them when it goes; a letter without notices
    (an address was changed) brings `subject` and `body` itself.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="letters")
    address = models.EmailField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = "thư"
        verbose_name_plural = "thư"
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at=None), name="letters_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.address}"


class Notice(models.Model):
    """One notice to one person, of a report or of a whole period.

    `place` is the desk that hears of it; `key` is unique for a person and a report, so that neither the
    clock nor a second click writes it twice; `count` is how many remarks one notice gathers. `post` is
    the mail it was to have, decided when it was written; `letter` the one that bears it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    place = models.CharField(max_length=8, choices=Place.choices)
    kind = models.CharField(max_length=8, choices=NoticeKind.choices)
    report = models.ForeignKey(
        Report, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    period = models.ForeignKey(
        ReportingPeriod, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=300)
    text = models.TextField()
    count = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    #: When what it asks for was done by somebody of that desk, read or not.
    done_at = models.DateTimeField(null=True, blank=True)
    post = models.CharField(max_length=12, choices=Post.choices)
    letter = models.ForeignKey(
        Letter, models.SET_NULL, null=True, blank=True, related_name="notices"
    )

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "report", "key"], condition=~Q(key=""), name="told_once_of_a_report"
            ),
            models.UniqueConstraint(
                fields=["user", "period", "key"],
                condition=~Q(key="") & Q(report=None),
                name="told_once_of_a_period",
            ),
            models.CheckConstraint(
                condition=Q(report=None, period__isnull=False)
                | Q(report__isnull=False, period=None),
                name="notice_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at=None), name="notices_unread"),
            models.Index(
                fields=["at"],
                condition=Q(post=Post.DIGEST, letter=None, read_at=None),
                name="notices_for_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.title
