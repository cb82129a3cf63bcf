"""A signed copy is the paper it claims to be: what is taken, what a person must compare, what is refused.

Variants of Hà Sơn's issued paper are made as real programs make them: saved anew, signed where one sees
it, scanned, recognised, printed from other words.
"""

# ruff: noqa: F811 – the fixtures are those of test_signed
import io
from functools import cache
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from conftest import report_of
from django.core.files.uploadedfile import SimpleUploadedFile
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.stamp import TextStampStyle
from signing import LEADER, SEAL, add_words, holder, sign
from test_signed import UNTICKED, Desk, issued, paper, records, roots  # noqa: F401

from reports.issuing.same_paper.compare import Page, compare
from reports.issuing.same_paper.marks import Marks
from reports.issuing.same_paper.reader import pages_of
from reports.models import Event, Release, ReleasedFile, Report, SignedCopy

ANOTHER = "không phải bản ký của văn bản đã phát hành"


# --- the paper as programs change it ------------------------------------------------------------------


def saved_anew(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return saved(document)


def saved(document: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True)
    return out.getvalue()


def with_pages(pdf: bytes, order: list[int]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as document:
        document.pages.extend(source.pages[n] for n in order)
        return saved(document)


@cache
def scanned(pdf: bytes) -> bytes:
    """Printed and scanned: pictures of pages, as a cheap scanner sees them."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=0.7).to_pil().convert("L") for page in document]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=50.4)
    return out.getvalue()


def recognised(pdf: bytes) -> bytes:
    """A scan with its words behind the picture, as a machine that reads letters leaves it."""
    with (
        pikepdf.open(io.BytesIO(pdf)) as document,
        pikepdf.open(io.BytesIO(scanned(pdf))) as pictures,
    ):
        for page, picture in zip(document.pages, pictures.pages, strict=True):
            page.add_overlay(picture)
        return saved(document)


def visibly_signed(pdf: bytes, shown: str) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    field = fields.SigFieldSpec("Thay", on_page=5, box=(300, 400, 540, 480))
    signer = signers.PdfSigner(
        signers.PdfSignatureMetadata(field_name="Thay"), holder(LEADER).signer(),
        stamp_style=TextStampStyle(stamp_text=shown), new_field_spec=field,
    )  # fmt: skip
    return signer.sign_pdf(writer).getvalue()


MARK = "Nguoi ky: Trinh Van Son\nCo quan: Uy ban nhan dan xa Ha Son\nThoi gian ky: %(ts)s"


# --- taken, and said to be what it is -----------------------------------------------------------------


def test_the_issued_file_signed_is_that_paper_and_a_file_saved_anew_has_the_same_text(
    records: Desk,
    paper: bytes,
) -> None:
    kept = records.brought(sign(sign(paper, holder(LEADER)), holder(SEAL)), compared=False)
    assert (kept.match, kept.added, kept.compared_by) == ("same_bytes", "", None)
    assert "Chính là tệp PDF đã phát hành, có phần ghi thêm như chữ ký số." in records.page()
    again = records.brought(
        saved_anew(paper), compared=True, reason="Lưu lại.", replaces=kept.pk
    )  # fmt: skip
    assert (again.match, again.compared_by) == ("same_text", None), "nobody had to compare it"
    assert "Phần chữ giống hệt văn bản đã phát hành." in records.page()


def test_the_words_of_a_visible_signature_are_shown_as_added(
    records: Desk,
    paper: bytes,
) -> None:
    signed = visibly_signed(paper, MARK)
    kept = records.brought(signed, compared=False)
    assert kept.match == "same_bytes"
    assert kept.added.splitlines()[:2] == [
        "Nguoi ky: Trinh Van Son", "Co quan: Uy ban nhan dan xa Ha Son",
    ]  # fmt: skip
    page = records.page()
    assert "Phần chữ thêm vào (dấu hiệu chữ ký, con dấu): Nguoi ky: Trinh Van Son" in page
    flat = records.brought(saved_anew(signed), reason="Thử.", replaces=kept.pk)
    assert flat.match == "text_added"
    assert "Phần chữ giống văn bản đã phát hành, có dấu hiệu chữ ký thêm vào." in records.page()


# --- what only a person can compare -------------------------------------------------------------------


def test_a_scan_wants_the_word_of_whoever_brings_it_and_is_never_confirmed_unqualified(
    records: Desk,
    issued: Report,
    paper: bytes,
) -> None:
    scan = scanned(paper)
    assert UNTICKED in records.refused(scan, compared=False)
    kept = records.brought(scan)
    assert (kept.match, kept.compared_by, kept.compared_at) == ("scan", records.user, kept.at)
    event = Event.objects.filter(report=issued, verb="attach_signed").get()
    assert "xác nhận đã đối chiếu với văn bản đã phát hành" in event.note
    page = records.page()
    assert "Bản quét, không có phần chữ để hệ thống so với văn bản đã phát hành." in page
    assert "Văn thư xã Hà Sơn xác nhận đã đối chiếu bằng mắt lúc" in page
    code = Release.objects.get(report=issued, kind="issued").code
    assert "xác nhận đã đối chiếu bằng mắt lúc" in records.confirm(code=code)
    found = records.confirm(file=SimpleUploadedFile("a.pdf", scan))
    assert "hệ thống không xác nhận được nội dung tệp giống văn bản đó" in found
    assert "Đây là bản đang có hiệu lực." not in found


def test_a_copy_of_before_is_said_to_be_uncompared(records: Desk, paper: bytes) -> None:
    signed = sign(paper, holder(LEADER))
    records.brought(signed)
    SignedCopy.objects.update(match="none")
    uncompared = "Chưa đối chiếu với văn bản đã phát hành."
    assert uncompared in records.page()
    found = records.confirm(file=SimpleUploadedFile("a.pdf", signed))
    assert uncompared in found and "Đây là bản đang có hiệu lực." not in found


def test_words_that_a_machine_recognised_count_as_a_scan_with_their_doubts(
    records: Desk,
    paper: bytes,
    other: bytes,
) -> None:
    said = records.refused(recognised(other), compared=False)
    assert UNTICKED in said
    assert "Phần chữ máy nhận dạng khác ở: Đơn vị: tệp ghi “XÃ HÀ GIANG”" in said
    kept = records.brought(recognised(paper))
    assert (kept.match, kept.doubts, kept.compared_by) == ("ocr", "", records.user)


def test_a_last_page_that_was_scanned_is_named(records: Desk, paper: bytes) -> None:
    with pikepdf.open(io.BytesIO(paper)) as pdf, pikepdf.open(io.BytesIO(scanned(paper))) as scan:
        pdf.pages[-1] = scan.pages[-1]
        mixed = saved(pdf)
    assert "Các trang quét: 6" in records.refused(mixed, compared=False)
    assert records.brought(mixed).match == "scan"


# --- another paper ------------------------------------------------------------------------------------


@pytest.fixture
def other(db: None) -> bytes:
    """The paper of another commune, of the same period."""
    found = ReleasedFile.objects.get(
        release__report=report_of("15292", "HT-2023-9T"), release__kind="issued", format="pdf"
    )
    return bytes(found.content)


def test_the_paper_of_another_unit_is_refused_by_its_name(records: Desk, other: bytes) -> None:
    said = records.refused(sign(other, holder(LEADER)))
    assert ANOTHER in said
    assert "Đơn vị: tệp ghi “XÃ HÀ GIANG”; văn bản phát hành ghi “XÃ HÀ SƠN”." in said
    assert "Số: tệp ghi “64/BC-UBND”; văn bản phát hành ghi “87/BC-UBND”." in said


PAGES: dict[str, tuple[list[int], str]] = {
    "missing": ([0, 1, 3, 4, 5], "Trang 3 của văn bản phát hành: tệp không có"),
    "swapped": ([0, 2, 1, 3, 4, 5], "Trang 2: tệp ghi “- Việc tiếp nhận"),
    "twice": ([0, 1, 2, 3, 4, 5, 1], "Trang 7: tệp ghi “"),
}


@pytest.mark.parametrize("kind", PAGES)
def test_pages_that_are_not_the_papers_are_named(records: Desk, paper: bytes, kind: str) -> None:
    order, expected = PAGES[kind]
    said = records.refused(with_pages(paper, order))
    assert ANOTHER in said and expected in said


def test_what_was_drawn_over_the_issued_pages_is_refused_though_its_bytes_stand_first(
    records: Desk,
    paper: bytes,
) -> None:
    for signed in (
        sign(add_words(paper, "Da nop phat 30 trieu dong"), holder(LEADER)),
        visibly_signed(paper, "Da nop phat 30 trieu dong"),
    ):
        assert signed.startswith(paper)
        said = records.refused(signed)
        assert "tệp ghi “Da nop phat 30 trieu dong”; văn bản phát hành không có." in said


OTHER_WORDS: dict[str, tuple[str, str, str]] = {
    "a digit": ("chuyển sang; đã giải quyết 364 hồ sơ", "chuyển sang; đã giải quyết 346 hồ sơ",
                "Trang 3: tệp ghi “346”; văn bản phát hành ghi “364”."),
    "no number": ("87/BC-UBND", "   /BC-UBND", "Số: tệp ghi “/BC-UBND”; văn bản phát hành ghi “87/BC-UBND”."),
    "another period": ("9 tháng đầu năm 2023", "6 tháng đầu năm 2024",
                       "Nội dung: tệp ghi “Công tác cải cách hành chính 6 tháng đầu năm 2024”"),
    "a word left out": ("chưa ổn định", "ổn định", "tệp không có; văn bản phát hành ghi “chưa”."),
}  # fmt: skip


def lines_of(pdf: bytes) -> list[Page]:
    return list(pages_of(pdf))


@pytest.mark.parametrize("kind", OTHER_WORDS)
def test_one_word_that_differs_is_told_with_both_sides(paper: bytes, kind: str) -> None:
    was, now, expected = OTHER_WORDS[kind]
    issued_pages = lines_of(paper)
    brought = [
        Page(tuple("\n".join(p.lines).replace(was, now).split("\n")), number=p.number)
        for p in issued_pages
    ]
    assert brought != issued_pages, was
    found = compare(brought, issued_pages)
    assert any(expected in line + "." for line in found.differences), found
    assert compare(issued_pages, issued_pages).differences == []


@pytest.mark.parametrize(
    ("line", "is_mark"),
    [
        ("Ký bởi: Ủy ban nhân dân xã Hà Sơn", True), ("Thời gian ký: 15/09/2023 08:12:45 +07:00", True),
        ("15.09.2023 08:12:45 +07:00", True), ("Số: 87/BC-UBND; 2023-09-15T08:12:45+07:00", True),
        ("ỦY BAN NHÂN DÂN XÃ HÀ SƠN", True), ("H. HÀ TRUNG - T. THANH HÓA", True), ("★", True),
        ("Trịnh Văn Sơn", True), ("SAO Y BẢN CHÍNH", True), ("ĐẾN Số: 1234 Ngày: 16/9/2023", True),
        ("ỦY BAN NHÂN DÂN XÃ TỐNG SƠN", False), ("Số: 88/BC-UBND; 2023-09-15T08:12:45+07:00", False),
        ("không", False), ("12", False), ("Đã nộp phạt 30 triệu đồng", False),
        ("KHÔNG CÓ HỒ SƠ QUÁ HẠN", False), ("chưa hoàn thành", False),
    ],
)  # fmt: skip
def test_only_what_reads_like_a_mark_of_signing_may_be_added(line: str, is_mark: bool) -> None:
    marks = Marks(["ỦY BAN NHÂN DÂN", "XÃ HÀ SƠN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                   "Độc lập - Tự do - Hạnh phúc", "Số: 87/BC-UBND Hà Sơn, ngày 15 tháng 9 năm 2023"])  # fmt: skip
    assert marks.is_mark(line) == is_mark


def test_words_broken_and_blocks_told_in_another_order_are_the_same_text() -> None:
    issued_pages = [Page(("ỦY BAN NHÂN DÂN", "XÃ HÀ SƠN", "Đã giải quyết 364 hồ sơ đúng", "hạn.",
                          "CHỦ TỊCH", "Nơi nhận:", "- Như trên;", "2"), number="2")]  # fmt: skip
    brought = [Page(("ỦY BAN NHÂN DÂN XÃ HÀ SƠN", "Đã giải quyết 364 hồ", "sơ đúng hạn.",
                     "Nơi nhận:", "- Như trên;", "CHỦ TỊCH"))]  # fmt: skip
    found = compare(brought, issued_pages)
    assert (found.differences, found.added, found.pictures) == ([], [], [])


# --- the real reason ----------------------------------------------------------------------------------


def test_an_old_algorithm_is_said_and_not_an_unknown_issuer(
    records: Desk,
    paper: bytes,
    roots: Path,
) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(paper), strict=False)
    field = signers.PdfSignatureMetadata(field_name="Cu", md_algorithm="sha1")
    old = signers.sign_pdf(writer, field, holder(LEADER).signer()).getvalue()
    assert records.brought(old).signatures.get().trust == "weak"
    page = records.page()
    assert "Chữ ký dùng thuật toán cũ (như SHA-1), không còn được coi là an toàn." in page
    assert "Chưa xác định được tổ chức cấp chứng thư" not in page
