"""The signed copy of an issued report: checking a file, keeping it, replacing it, finding it.

A copy signed outside and uploaded here is in force from then on. A wrong one is replaced by a newer one with a
reason and stays readable, because it left the agency.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone

from .. import audit
from ..access import locked_report, require
from ..enums import EvidenceKind, Verb
from ..models import Release, ReleasedFile, Report, Signature, SignedCopy, User
from ..text.numbers import format_size
from ..text.typography import clean_lines
from ..uploads.file_check import FileRefused, clean_name, require_pdf, with_ending
from .signatures import Comparison, Reading, compare_with, read_signatures

LONGEST_REASON = 2_000
#: Copies of one release: each stays for ever, and may weigh as much as a file of evidence.
MOST_COPIES = 10


class Replaced(Exception):
    """Another copy came since the page was made; `message` says whose."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class NotCompared(FileRefused):
    """A file that only a person can compare, and nobody confirmed that; `doubts` are what a machine read otherwise."""

    def __init__(self, message: str, doubts: tuple[str, ...]) -> None:
        self.doubts = doubts
        super().__init__(message)


class AnotherPaper(FileRefused):
    """A file whose text is not that of the issued paper; `differences` are lines saying where."""

    def __init__(self, message: str, differences: tuple[str, ...]) -> None:
        self.differences = differences
        super().__init__(message)


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept as a signed copy."""

    name: str
    content: bytes
    reading: Reading
    comparison: Comparison

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def check(report: Report, upload: UploadedFile, issued: bytes, compared: bool) -> CheckedFile:
    """Read a file and compare it with the PDF `issued`, before any lock: it takes a second.

    `compared`: whoever uploads it confirms having compared it. FileRefused, and of these NotCompared and
    AnotherPaper.
    """
    name = clean_name(upload.name or "")
    size = upload.size or 0
    if size > settings.EVIDENCE_MAX_BYTES:
        raise FileRefused(
            f"Tệp “{name}” nặng {format_size(size)}; bản đã ký tối đa "
            f"{format_size(settings.EVIDENCE_MAX_BYTES)}."
        )
    require_pdf(upload, name)
    upload.seek(0)
    content = upload.read()
    own = ReleasedFile.objects.filter(release__report=report)
    if own.filter(sha256=sha256(content).hexdigest()).exists():
        raise FileRefused(
            f"Tệp “{name}” chính là bản PDF do hệ thống lập, chưa được ký; mời chọn tệp đã ký."
        )
    reading = read_signatures(content, name)
    comparison = compare_with(content, issued)
    if comparison.differences:
        raise AnotherPaper(
            f"Tệp “{name}” không phải bản ký của văn bản đã phát hành: phần chữ khác nhau ở các chỗ sau. "
            "Mời chọn đúng tệp.",
            comparison.differences,
        )
    if not comparison.match.sure and not compared:
        raise NotCompared(
            f"{comparison.match.label}: “{name}”. Mời đối chiếu với văn bản đã phát hành, đánh dấu ô này rồi chọn "
            "lại tệp.",
            comparison.doubts,
        )
    return CheckedFile(with_ending(name, EvidenceKind.PDF), content, reading, comparison)


def attach(
    report: Report,
    upload: UploadedFile,
    by: User,
    reason: str = "",
    replaces: int | None = None,
    compared: bool = False,
) -> SignedCopy:
    """Keep the file as the signed copy of the issued report.

    `replaces` is the copy that the page showed as the one in force, None for none; `compared` as in
    `check`. FileRefused; Replaced; Refused and Http404 as `access`.
    """
    require(by, Verb.ATTACH_SIGNED, report)
    _refuse_unseen(current_copy(report), replaces)
    checked = check(report, upload, _issued_pdf(report), compared)
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.ATTACH_SIGNED)
        return keep(locked, checked, by, timezone.now(), reason, replaces)


def keep(
    report: Report, checked: CheckedFile, by: User, at: datetime, reason: str = "",
    replaces: int | None = None,
) -> SignedCopy:  # fmt: skip
    """Write copy, signatures and event, under the lock of the report's row."""
    issued = report.releases.defer(*Release.HEAVY).filter(version=report.version)
    release = issued.filter(kind=Release.Kind.ISSUED).first()
    if release is None:
        raise Http404("Báo cáo chưa có bản phát hành.")
    current = copies(release).filter(replaced_at=None).first()
    _refuse_unseen(current, replaces)
    reason = clean_lines(reason, LONGEST_REASON)
    if current is not None:
        if current.sha256 == checked.sha256:
            raise FileRefused(f"Tệp “{checked.name}” chính là bản đã ký đang có.")
        if not reason:
            raise FileRefused("Cần ghi lý do thay bản đã ký đang có.")
        if copies(release).count() >= MOST_COPIES:
            raise FileRefused(
                f"Đã nạp {MOST_COPIES} bản đã ký của lần phát hành này, không thay thêm được. Mời báo cơ "
                "quan cấp trên mở lại báo cáo nếu bản đang có còn sai."
            )
        copies(release).filter(pk=current.pk).update(
            replaced_at=at, replaced_by=by, replaced_for=reason
        )
    reading, comparison = checked.reading, checked.comparison
    compared = {} if comparison.match.sure else {"compared_by": by, "compared_at": at}
    copy = SignedCopy.objects.create(
        release=release, content=checked.content, sha256=checked.sha256, filename=checked.name,
        size=len(checked.content), pages=reading.pages, scripts=reading.scripts,
        read=reading.signatures is not None, by=by, at=at, match=comparison.match,
        added="\n".join(comparison.added), doubts="\n".join(comparison.doubts), **compared,
    )  # fmt: skip
    Signature.objects.bulk_create(
        Signature(copy=copy, order=order, **vars(signature))
        for order, signature in enumerate(reading.signatures or (), 1)
    )
    note = f"Tệp “{copy.filename}”: {summary(reading)}. {comparison.match.label}."
    if compared:
        note += f" {by} xác nhận đã đối chiếu với văn bản đã phát hành."
    if current:
        note += f" Thay bản trước: {reason}"
    audit.record(
        report, Verb.ATTACH_SIGNED, by, note, at=at,
        before={"sha256": current.sha256} if current else None, after={"sha256": copy.sha256, "match": comparison.match.value},
    )  # fmt: skip
    return copy


def summary(reading: Reading) -> str:
    """`2 chữ ký số`, for the record of what happened."""
    if reading.signatures is None:
        return "không đọc được chữ ký"
    if not reading.signatures:
        return "không có chữ ký số"
    return f"{len(reading.signatures)} chữ ký số"


def _refuse_unseen(current: SignedCopy | None, replaces: int | None) -> None:
    """Replaced unless the copy in force is the one that the page showed."""
    if (current and current.pk) == replaces:
        return
    if current is None:
        raise Replaced("Bản đã ký trên trang không còn hiệu lực. Mời xem lại trang báo cáo.")
    at = timezone.localtime(current.at)
    raise Replaced(
        f"{current.by} đã nạp bản đã ký “{current.filename}” lúc {at:%H:%M}; tệp vừa gửi chưa được nhận. "
        "Mời xem bản đó, rồi thay nếu vẫn cần."
    )


# --- what is stored -----------------------------------------------------------------------------------


def copies(release: Release) -> QuerySet[SignedCopy]:
    """The signed copies of a release without their bytes, the newest first."""
    return release.signed_copies.defer("content").select_related("by", "compared_by")


def with_copies() -> Prefetch:
    """For lists of releases: their signed copies with their signatures, without the bytes."""
    copies = SignedCopy.objects.defer("content").select_related("by", "replaced_by", "compared_by")
    return Prefetch("signed_copies", copies.prefetch_related("signatures"))


def current_copy(report: Report) -> SignedCopy | None:
    """The signed copy in force of the report as it was issued last; None when it has none."""
    released = report.releases.defer(*Release.HEAVY).filter(version=report.version)
    issued = released.filter(kind=Release.Kind.ISSUED).first()
    return copies(issued).filter(replaced_at=None).first() if issued else None


def copy_in(report: Report, pk: int) -> SignedCopy:
    """One signed copy of the report with its bytes; Http404 when it is not this report's."""
    copy = SignedCopy.objects.filter(release__report=report, pk=pk).first()
    if copy is None:
        raise Http404("Không có bản đã ký này.")
    return copy


def _issued_pdf(report: Report) -> bytes:
    """The PDF that was issued last. Http404 when there is none."""
    files = ReleasedFile.objects.filter(
        release__report=report, release__version=report.version, release__kind=Release.Kind.ISSUED
    )
    file = files.filter(format="pdf").first()
    if file is None:
        raise Http404("Báo cáo chưa có bản phát hành.")
    return bytes(file.content)
