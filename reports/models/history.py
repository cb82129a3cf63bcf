"""The record of a report: events and edits, remarks, approved and issued papers, signed copies.

Events are never changed or deleted: triggers in the database refuse it (migration 0004), and each
carries the hash of the one before, so that a change made behind the database's back is found
(`reports.audit.verify`).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..enums import Coverage, Match, Section, Trust, Verb
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

    `name` is a field's name (`FieldName`), "" for the whole section; `passage` is
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

    `code` is short enough to type from paper; it and the hashes find the release again. `dossier` is
    the report in its format, `frame` the outline and appendix that it names, as they read then; `document`
    the paper as it was composed, before its number (`document.tree_json`), empty in releases older than it.
    """

    #: Columns of what was kept, which a list of releases does without.
    HEAVY = ("dossier", "frame", "document")

    class Kind(models.TextChoices):
        APPROVED = "approved", "Bản được phê duyệt"
        ISSUED = "issued", "Bản phát hành"
        REPLACED = "replaced", "Bản phát hành đã sửa số, ngày"

    report = models.ForeignKey(Report, models.PROTECT, related_name="releases")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    code = models.CharField(max_length=12, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    dossier = models.TextField()
    dossier_sha256 = models.CharField(max_length=64)
    frame = models.TextField(blank=True)
    document = models.BinaryField(default=b"")

    class Meta:
        ordering = ["report", "version", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "version", "kind"],
                condition=~Q(kind="replaced"),
                name="one_release",
            )
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


class SignedCopy(models.Model):
    """An issued report as it was signed: the very file the văn thư brought, for ever.

    One of a release counts; one that was replaced stays readable, with when, by whom and why. `read` is
    False when whether it bears signatures could not be told. `match` is what was found of its text, with
    lines of what was `added` and of the `doubts` of a recognised text; `compared_by` is who took it upon
    himself to compare what could not be. Written by `reports.issuing.signed_copies` only.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="signed_copies")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)
    filename = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    scripts = models.BooleanField(default=False)
    read = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    match = models.CharField(max_length=10, choices=Match.choices, default=Match.UNCOMPARED)
    added = models.TextField(blank=True)
    doubts = models.TextField(blank=True)
    compared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    compared_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    replaced_for = models.TextField(blank=True)

    class Meta:
        ordering = ["release", "-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["release"],
                condition=models.Q(replaced_at=None),
                name="one_signed_copy_counts",
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def sure(self) -> bool:
        """Whether its text is known to be that of the issued paper."""
        return Match(self.match).sure


class Signature(models.Model):
    """A digital signature as it was found in a signed copy on the day it was brought.

    `intact` is None when it could not be judged; `signed_at` is the word of the signer's machine unless
    `timestamped`. `certificate` is the number of the signer's certificate in hexadecimal digits.
    """

    copy = models.ForeignKey(SignedCopy, models.CASCADE, related_name="signatures")
    order = models.PositiveSmallIntegerField()
    signer = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    certificate = models.CharField(max_length=64, blank=True)
    intact = models.BooleanField(null=True)
    coverage = models.CharField(max_length=9, choices=Coverage.choices, blank=True)
    trust = models.CharField(max_length=8, choices=Trust.choices)
    signed_at = models.DateTimeField(null=True, blank=True)
    timestamped = models.BooleanField(default=False)

    class Meta:
        ordering = ["copy", "order"]

    def __str__(self) -> str:
        return self.signer

    @property
    def other_organisation(self) -> bool:
        """Whether an organisation is named that is not the signer itself, as of an office's own seal."""
        return bool(self.organisation) and self.organisation != self.signer

    @property
    def whole(self) -> bool:
        """Whether the paper still is what was signed."""
        return bool(self.intact) and self.coverage != Coverage.ADDED_TO

    @property
    def valid(self) -> bool:
        """Whether the paper is unchanged and the certificate is trusted."""
        return self.whole and self.trust == Trust.TRUSTED

    @property
    def verdict(self) -> str:
        """What the signature says of the paper, in a reader's words."""
        if self.intact is None:
            return "Không đọc được chữ ký này"
        if not self.intact:
            return "Văn bản đã bị thay đổi sau khi ký"
        if not self.whole:
            return "Tệp đã bị thêm hoặc sửa sau khi ký"
        return "Văn bản nguyên vẹn"
