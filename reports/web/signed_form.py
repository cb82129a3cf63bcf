"""What the two forms for a signed file share: the tick of a scan that was compared, and refusals at their fields."""

from django import forms

from ..issuing.signed_copies import AnotherPaper, NotCompared
from ..uploads.file_check import FileRefused


def compared_field() -> forms.BooleanField:
    """The tick by which a person vouches for a scan, which no program can compare."""
    return forms.BooleanField(
        label="Tôi đã đối chiếu bản quét này với văn bản đã phát hành", required=False,
        help_text="Chỉ cần khi tệp là bản quét hoặc hệ thống không đọc được phần chữ; tên người đối chiếu "
        "được ghi lại và nêu ở trang báo cáo.",
    )  # fmt: skip


def tell_refusal(form: forms.Form, refused: FileRefused) -> None:
    """Put the reason why a signed file was refused at the field that mends it, with the places where it differs."""
    if isinstance(refused, NotCompared):
        lines = [f"Phần chữ máy nhận dạng khác ở: {line}." for line in refused.doubts]
        form.add_error("compared", [str(refused), *lines])
    elif isinstance(refused, AnotherPaper):
        lines = [f"{line}." for line in refused.differences]
        form.add_error("signed", [str(refused), *lines])
    else:
        form.add_error("signed", str(refused))
