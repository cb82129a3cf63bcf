"""Evidence (tài liệu kiểm chứng): files and explanations that stand behind a report's content."""

import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models import Q
from django.utils.deconstruct import deconstructible

from ..enums import EvidenceKind, Section
from .reports import Report


@deconstructible
class EvidenceStorage(FileSystemStorage):
    """Files under `EVIDENCE_DIR`, readable by the portal's account only; no address leads there."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def _save(self, name: str, content: "File[bytes]") -> str:
        """Save as Django does; a file that could not be written whole is deleted."""
        try:
            return str(super()._save(name, content))  # type: ignore[misc]
        except BaseException:
            self.delete(name)
            raise

    @property
    def base_location(self) -> Path:
        return Path(settings.EVIDENCE_DIR)

    @property
    def location(self) -> str:
        return str(self.base_location.absolute())


def stored_name(evidence: "Evidence", _filename: str) -> str:
    """Where a file stands: a name of ours in two levels of folders, without an ending."""
    name = evidence.uid.hex
    return f"{name[:2]}/{name[2:4]}/{name}"


class Evidence(models.Model):
    """A file, or an explanation instead of one, for a section of a report or something in it.

    `subject` is "" for the section as a whole, else a figure's code or `documents@<uid>`, as forms
    name their fields (`reports.editing.forms`). `filename` is the name its sender knows; the file itself
    stands under `uid`. Written by `reports.evidence.holding` only.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="evidence")
    section = models.CharField("thuộc phần", max_length=16, choices=Section.choices)
    subject = models.CharField("kiểm chứng cho", max_length=120, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    filename = models.CharField("tên tệp", max_length=200, blank=True)
    kind = models.CharField("loại tệp", max_length=4, choices=EvidenceKind.choices, blank=True)
    size = models.PositiveIntegerField("dung lượng", default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    file = models.FileField(
        "tệp", storage=EvidenceStorage(), upload_to=stored_name, max_length=60, blank=True
    )
    explanation = models.TextField("giải trình", blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("thêm lúc", auto_now_add=True)

    class Meta:
        verbose_name = "tài liệu kiểm chứng"
        verbose_name_plural = "tài liệu kiểm chứng"
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(explanation="") & ~Q(file="") & ~Q(sha256="") & ~Q(filename=""))
                | (~Q(explanation="") & Q(file="", sha256="", filename="")),
                name="file_or_explanation",
            ),
            models.UniqueConstraint(
                fields=["report", "section", "subject", "sha256"],
                name="one_file_or_explanation_a_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.filename or self.explanation[:60]
