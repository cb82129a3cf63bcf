"""What is taken of files from outside: their names, their endings, and what `file_reader` says they are.

Their content is judged in a child process with limits, which `limited` keeps: the parsers of pictures and
packages see what anybody may send. Nothing here trusts a name or a declared type.
"""

from pathlib import PurePosixPath
from typing import IO

from django.conf import settings

from ..enums import EvidenceKind
from ..text.typography import clean_line
from . import limited
from .file_reader import OLE, FileRefused, begins_pdf, foreign

#: Endings under which a kind is known; the first is the one we give.
ENDINGS = {
    EvidenceKind.PDF: (".pdf",),
    EvidenceKind.JPG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    EvidenceKind.PNG: (".png",),
    EvidenceKind.DOCX: (".docx",),
    EvidenceKind.XLSX: (".xlsx",),
    EvidenceKind.DOC: (".doc",),
    EvidenceKind.XLS: (".xls",),
}
#: Beginnings of kinds that are evidence, said where only a PDF will do.
WANTED_ELSEWHERE = (
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
    """FileRefused unless the content is a PDF, whole and with nothing hidden behind it."""
    file.seek(0)
    head = file.read(1024)
    if head and not begins_pdf(head):
        found = next((words for magic, words in WANTED_ELSEWHERE if head.startswith(magic)), "")
        raise FileRefused(
            f"Tệp “{name}” không phải PDF mà là {found or foreign(head)}; cần tệp PDF."
        )
    kind_of(file, name)


def _content_kind(file: IO[bytes], name: str) -> EvidenceKind:
    limits = limited.Limits(
        settings.FILE_CPU_SECONDS, settings.FILE_MEMORY_BYTES, settings.FILE_WAIT_SECONDS
    )
    file.seek(0)
    told = limited.ask("reports.uploads.file_reader:read", file.read(), limits, name).lines
    if not told:
        raise FileRefused(
            f"Tệp “{name}” không đọc được trong giới hạn của máy chủ; mời lưu lại hoặc quét lại rồi gửi lại."
        )
    if "refused" in told[0]:
        raise FileRefused(told[0]["refused"])
    return EvidenceKind(told[0]["kind"])
