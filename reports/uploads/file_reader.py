"""The kind of a file from outside by its content, or why it is refused. Runs only in the child process of `limited`.

Called by `file_check`. A declared type is not trusted, and nothing is unpacked to disk or drawn. The message of
a refusal names the file, the kind found and the kinds accepted.
"""

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from ..enums import EvidenceKind
from .zip_packages import Bounds, BrokenPackage, CutPackage, Flaw, Package, listed_parts

Image.preinit()  # the readers of pictures, before any child is forked
ACCEPTED = "hệ thống nhận PDF, ảnh JPG hoặc PNG, Word, Excel"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: First bytes of kinds that people send by mistake, or on purpose, with their labels.
FOREIGN = (
    (b"MZ", "chương trình chạy trên Windows"),
    (b"\x7fELF", "chương trình"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7-Zip"),
    (b"\x1f\x8b", "tệp nén GZ"),
    (b"GIF8", "ảnh GIF"),
    (b"RIFF", "ảnh WebP, phim hoặc âm thanh"),
    (b"II*\0", "ảnh TIFF"),
    (b"MM\0*", "ảnh TIFF"),
    (b"BM", "ảnh BMP"),
    (b"{\\rtf", "tệp RTF"),
    (b"ID3", "tệp âm thanh"),
)
#: What a package of Word or Excel may be.
BOUNDS = Bounds(
    parts=2_000,
    list_bytes=1024**2,
    unpacked_bytes=200 * 1024**2,
    ratio=100,
    small_bytes=10 * 1024**2,
)
CONTENT_TYPES = "[Content_Types].xml"
#: A picture of more points than this hurts whoever opens it; a good phone makes 50 million.
MOST_PIXELS = 89_000_000


class FileRefused(ValueError):
    """A file that is not taken as evidence; the message says why, in Vietnamese."""


def read(content: bytes, name: str) -> Iterator[dict[str, str]]:
    """The `kind` of a file; or `refused`, why it is not taken."""
    try:
        yield {"kind": content_kind(content, name).value}
    except FileRefused as refused:
        yield {"refused": str(refused)}


def begins_pdf(head: bytes) -> bool:
    """Whether a file begins as a PDF, after the blanks that readers skip."""
    return head.lstrip(b"\xef\xbb\xbf\0\t\n\f\r ").startswith(b"%PDF-")


def content_kind(content: bytes, name: str) -> EvidenceKind:
    """The kind of a file by its content; FileRefused for anything else."""
    if not content:
        raise FileRefused(f"Tệp “{name}” không có nội dung; mời chọn lại tệp.")
    head = content[:1024]
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content, name)
    if content.startswith(OLE):
        return _old_office_kind(content, name)
    if begins_pdf(head):
        kind = EvidenceKind.PDF
        whole = b"%%EOF" in content[-4096:]
    elif content.startswith(b"\xff\xd8\xff"):
        kind = EvidenceKind.JPG
        whole = b"\xff\xd9" in content[len(content) // 2 :]  # phones put more behind the picture
    elif content.startswith(b"\x89PNG\r\n\x1a\n"):
        kind = EvidenceKind.PNG
        whole = b"IEND" in content[-1024:]
    else:
        raise FileRefused(f"Tệp “{name}” là {foreign(head)}; {ACCEPTED}{_again(head)}.")
    if kind != EvidenceKind.PDF:
        _check_picture(content, kind, name)
    if not whole:
        raise FileRefused(f"Tệp “{name}” bị hỏng hoặc bị cắt ngang; mời gửi lại bản đầy đủ.")
    if kind != EvidenceKind.PDF and b"%PDF-" in head:
        raise FileRefused(f"Tệp “{name}” vừa là ảnh vừa là PDF; mời lưu lại thành một loại.")
    if listed_parts(content) is not None:
        raise FileRefused(
            f"Tệp “{name}” là {kind.label} có một tệp khác (Word, Excel hoặc tệp nén) nằm bên trong; hệ "
            f"thống không nhận {kind.label} mang theo tệp khác, vì tệp ấy mở ra được mà không ai thấy. "
            f"Mời bỏ tệp đính kèm rồi lưu lại, và gửi tệp kia riêng nếu cần."
        )
    return kind


def _again(head: bytes) -> str:
    """How to save the file as a kind that is accepted, where an office program can; "" for others."""
    begins = head.lstrip(b"\xef\xbb\xbf\t\n\f\r ")
    if begins.startswith(b"{\\rtf"):
        return "; mời mở bằng Word, lưu thành .docx hoặc PDF rồi gửi lại"
    if begins.startswith(b"<"):
        return "; mời mở bằng Excel hoặc trình duyệt, lưu thành .xlsx hoặc PDF rồi gửi lại"
    return ""


def foreign(head: bytes) -> str:
    """The label, for a clerk, of a kind that is not accepted."""
    for magic, label in FOREIGN:
        if head.startswith(magic):
            return label
    if head[4:8] == b"ftyp":
        return "ảnh HEIC hoặc phim"
    if head.lstrip(b"\xef\xbb\xbf\t\n\f\r ").startswith(b"<"):
        return "trang mạng hoặc ảnh vẽ SVG"
    if b"%PDF-" in head:
        return "tệp PDF có nội dung lạ ở đầu"
    return "loại tệp khác"


def _check_picture(content: bytes, kind: EvidenceKind, name: str) -> None:
    """Refuse a picture that is broken or of too many points. Its points are never unpacked."""
    image_format = "JPEG" if kind == EvidenceKind.JPG else "PNG"
    try:
        with Image.open(BytesIO(content), formats=[image_format]) as image:
            width, height = image.size
            if width * height <= MOST_PIXELS:
                image.verify()
                return
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pass
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error) as error:
        raise FileRefused(
            f"Tệp “{name}” bị hỏng, không mở được như ảnh; mời gửi lại ảnh gốc."
        ) from error
    raise FileRefused(f"Ảnh “{name}” quá nhiều điểm ảnh; mời thu nhỏ rồi gửi lại.")


def _office_kind(content: bytes, name: str) -> EvidenceKind:
    """Word or Excel, by the parts of a ZIP. FileRefused."""
    try:
        return _package_kind(Package(content, BOUNDS), name)
    except CutPackage as error:
        raise FileRefused(
            f"Tệp “{name}” bị hỏng hoặc bị cắt ngang; mời gửi lại bản đầy đủ."
        ) from error
    except BrokenPackage as error:
        raise FileRefused(
            f"Tệp “{name}” bị hỏng, không mở được; mời lưu lại từ Word, Excel rồi gửi lại."
        ) from error


def _package_kind(package: Package, name: str) -> EvidenceKind:
    if Flaw.PATHS in package.flaws:
        raise FileRefused(f"Tệp “{name}” có cấu trúc không đúng của Word, Excel; {ACCEPTED}.")
    if Flaw.LARGE in package.flaws:
        raise FileRefused(f"Tệp “{name}” bung ra quá lớn nên không nhận; mời lưu thành PDF.")
    if CONTENT_TYPES not in package.names:
        raise FileRefused(f"Tệp “{name}” là tệp nén ZIP; mời giải nén rồi gửi từng tệp.")
    package.require_whole()
    if Flaw.MACROS in package.flaws or b"macroEnabled" in package.read(CONTENT_TYPES):
        raise _macro(name)
    for kind, part in (
        (EvidenceKind.DOCX, "word/document.xml"),
        (EvidenceKind.XLSX, "xl/workbook.xml"),
    ):
        if part in package.names:
            return kind
    if "ppt/presentation.xml" in package.names:
        raise FileRefused(f"Tệp “{name}” là tệp PowerPoint; mời lưu thành PDF rồi gửi.")
    raise FileRefused(f"Tệp “{name}” là tệp nén ZIP; mời giải nén rồi gửi từng tệp.")


def _macro(name: str) -> FileRefused:
    return FileRefused(
        f"Tệp “{name}” có chứa macro (mã lệnh) nên không nhận; mời lưu thành tệp không có macro "
        "hoặc thành PDF."
    )


def _old_office_kind(content: bytes, name: str) -> EvidenceKind:
    """Word or Excel of before 2007, by the names of the streams in the compound file. FileRefused."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise FileRefused(f"Tệp “{name}” có đặt mật khẩu; mời bỏ mật khẩu rồi gửi lại.")
    if holds("_VBA_PROJECT"):
        raise _macro(name)
    # A document may hold a workbook inside, hardly the other way round.
    if holds("WordDocument"):
        return EvidenceKind.DOC
    if holds("Workbook") or holds("Book\0"):
        return EvidenceKind.XLS
    raise FileRefused(f"Tệp “{name}” là tệp Office loại khác; {ACCEPTED}.")
