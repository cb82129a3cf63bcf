"""Checks of files from outside: their names, their endings, and their kinds as `file_reader` finds them.

The content is read in a child process with limits, which `limited` keeps, because the parsers of pictures and
packages get whatever anybody sends. A name or a declared type is not trusted.
"""

from pathlib import PurePosixPath
from typing import IO

from django.conf import settings

from ..enums import EvidenceKind
from ..text.typography import clean_line
from . import limited
from .file_reader import OLE, FileRefused, begins_pdf, foreign

#: Endings of each kind of evidence; the first is the one given to a name without one.
ENDINGS = {
    EvidenceKind.PDF: (".pdf",),
    EvidenceKind.JPG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    EvidenceKind.PNG: (".png",),
    EvidenceKind.DOCX: (".docx",),
    EvidenceKind.XLSX: (".xlsx",),
    EvidenceKind.DOC: (".doc",),
    EvidenceKind.XLS: (".xls",),
}
#: First bytes of other kinds of evidence, with their labels, for the refusal where only a PDF will do.
OTHER_EVIDENCE = (
    (b"PK\x03\x04", "tệp Word, Excel hoặc tệp nén"),
    (OLE, "tệp Word, Excel đời cũ"),
    (b"\xff\xd8\xff", "ảnh JPG"),
    (b"\x89PNG\r\n\x1a\n", "ảnh PNG"),
)

#: The longest name kept, in bytes: file systems take 255, and a bundle puts a number before it.
LONGEST_NAME = 180


def clean_name(name: str) -> str:
    """The name a person gave a file, fit to show and to offer for download; never a path.

    Invisible and turning characters go, what Windows forbids becomes `_`, and a long name is cut
    before its ending.
    """
    name = clean_line(name.replace("\\", "/").rpartition("/")[2])
    name = "".join("_" if char in '<>:"|?*' else char for char in name).strip(" .")
    ending = PurePosixPath(name).suffix
    if len(ending.encode()) > 10:  # not an ending but the rest of a sentence
        ending = ""
    stem = name.removesuffix(ending).encode()[: LONGEST_NAME - len(ending.encode())]
    return (stem.decode(errors="ignore").rstrip(" .") or "Tài liệu") + ending


def with_ending(name: str, kind: EvidenceKind) -> str:
    """The name, with the ending of its kind when it has none."""
    return name if PurePosixPath(name).suffix else name + ENDINGS[kind][0]


def kind_of(file: IO[bytes], name: str) -> EvidenceKind:
    """The kind of a file by its content; FileRefused for anything else, or an ending that denies it;
    Busy when the reader's turn does not come."""
    kind = _content_kind(file, name)
    ending = PurePosixPath(name).suffix.lower()
    if ending and ending not in ENDINGS[kind]:
        raise FileRefused(
            f"Tệp “{name}” thật ra là tệp {kind.label}; mời đổi đuôi tệp thành {ENDINGS[kind][0]} "
            "hoặc chọn lại tệp."
        )
    return kind


def require_pdf(file: IO[bytes], name: str) -> None:
    """FileRefused unless the content is a complete PDF with nothing else inside. Busy as `kind_of`."""
    file.seek(0)
    head = file.read(1024)
    if head and not begins_pdf(head):
        kind = next((label for magic, label in OTHER_EVIDENCE if head.startswith(magic)), "")
        raise FileRefused(
            f"Tệp “{name}” không phải PDF mà là {kind or foreign(head)}; cần tệp PDF."
        )
    kind_of(file, name)


def _content_kind(file: IO[bytes], name: str) -> EvidenceKind:
    """The kind of a file as the child process finds it. FileRefused with the reason; Busy."""
    limits = limited.Limits(
        settings.FILE_CPU_SECONDS, settings.FILE_MEMORY_BYTES, settings.FILE_WAIT_SECONDS
    )
    file.seek(0)
    answers = limited.ask("reports.uploads.file_reader:read", file.read(), limits, name).lines
    if not answers:
        raise FileRefused(
            f"Tệp “{name}” không đọc được trong giới hạn của máy chủ; mời lưu lại hoặc quét lại rồi gửi lại."
        )
    if "refused" in answers[0]:
        raise FileRefused(answers[0]["refused"])
    return EvidenceKind(answers[0]["kind"])
