"""What happened to a report, what was said about it, and what left the house.

Events are never changed or deleted: triggers in the database refuse it (migration 0004), and each
carries the hash of the one before, so that a change made behind the database's back is found
(`reports.audit.verify`).
"""

from django.conf import settings
from django.db import models

from ..enums import Section, Verb
from .reports import Report


class Event(models.Model):
    """One thing that happened. `before` and `after` are JSON: texts of fields by name, or states."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=16, choices=Verb.choices)
    section = models.CharField(max_length=16, choices=Section.choices, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["report", "seq"]
        constraints = [models.UniqueConstraint(fields=["report", "seq"], name="one_event_a_place")]

    def __str__(self) -> str:
        return f"{self.seq} {self.get_verb_display()}"


class OpenEdit(models.Model):
    """What one person has typed into one section since they came to it, until it becomes an event.

    Autosave writes every second or two; one event tells of them all (`reports.audit.seal`).
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="open_edits")
    section = models.CharField(max_length=16, choices=Section.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    last_at = models.DateTimeField()
    before = models.TextField()
    after = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "section", "by"], name="one_open_edit")
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.begun_at}"


class SentDossier(models.Model):
    """The report as it was sent: what the reviewer's "changed since" compares with."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="sent_dossiers")
    step = models.PositiveIntegerField()
    at = models.DateTimeField()
    dossier = models.TextField()

    class Meta:
        ordering = ["report", "step"]
        constraints = [models.UniqueConstraint(fields=["report", "step"], name="one_sending")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.step}"


class Explanation(models.Model):
    """The clerk's word about a warning. It counts for the values it was written about (`about`)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="explanations")
    key = models.CharField(max_length=240)
    about = models.TextField(blank=True)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="one_explanation")]

    def __str__(self) -> str:
        return self.text[:60]


class Remark(models.Model):
    """What a reviewer says of a figure, an item, a passage or the whole; answers hang below it.

    `name` is a field's name (`reports.forms`) or `item:<code>`, "" for the whole section; `passage` is
    the text it was said about, as it read then.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="remarks")
    answers = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies"
    )
    section = models.CharField(max_length=16, choices=Section.choices, blank=True)
    name = models.CharField(max_length=160, blank=True)
    passage = models.TextField(blank=True)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["report", "at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class StandardRemark(models.Model):
    """A remark reviewers of an office use again and again."""

    office = models.ForeignKey("reports.Unit", models.CASCADE, related_name="standard_remarks")
    text = models.TextField("nội dung")
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class Release(models.Model):
    """A report as it was approved, or issued with number and date: its bytes for ever.

    `code` is short enough to type from paper; it and the hashes find the release again.
    """

    class Kind(models.TextChoices):
        APPROVED = "approved", "Bản được phê duyệt"
        ISSUED = "issued", "Bản phát hành"

    report = models.ForeignKey(Report, models.PROTECT, related_name="releases")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    code = models.CharField(max_length=12, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    dossier = models.TextField()
    dossier_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["report", "version", "at"]
        constraints = [
            models.UniqueConstraint(fields=["report", "version", "kind"], name="one_release")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"


class ReleasedFile(models.Model):
    """One file of a release."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="files")
    format = models.CharField(max_length=8)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "format"], name="one_released_format")
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.sha256[:12]}"
