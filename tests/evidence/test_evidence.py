"""Evidence: what is taken, what is refused and in which words, who sees it, and what stays on disk."""

import io
import os
import re
import socket
import struct
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import Workbook
from PIL import Image

from reports.dossier.facts import load
from reports.evidence.holding import attach, explain, missing_evidence, remove, subjects
from reports.models import Evidence, Report, User
from reports.models.sections import Direction, Institutional
from reports.uploads.file_check import FileRefused, clean_name
from reports.uploads.file_reader import content_kind

Browser = Callable[[User], Client]
BROADCASTS = "direction.radio_broadcasts"


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: Any) -> Path:
    """The folder of evidence, empty at the start of each test."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


def stored(shelf: Path) -> list[Path]:
    return [path for path in shelf.rglob("*") if path.is_file()]


# --- files made for real ------------------------------------------------------------------------------


@cache  # it bears the second it was made in
def pdf() -> bytes:
    image = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(image, "PDF")
    return image.getvalue()


def picture(kind: str = "PNG", colour: str = "navy") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(made, kind)
    return made.getvalue()


def word(words: str = "Biên bản kiểm tra") -> bytes:
    document, made = Document(), io.BytesIO()
    document.add_paragraph(words)
    document.save(made)
    return made.getvalue()


def excel() -> bytes:
    book, made = Workbook(), io.BytesIO()
    book.active.append(["Phiếu khảo sát", 120])
    book.save(made)
    return made.getvalue()


def old_office(stream: str, *more: str) -> bytes:
    """A compound file as Office wrote them before 2007, as far as its streams' names go."""
    names = [name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", stream, *more)]
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + b"".join(names).ljust(
        1536, b"\0"
    )


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def office(types: bytes = b"<Types/>", **more: bytes) -> bytes:
    """The least that looks like a Word file, with more entries."""
    return zipped(**{"[Content_Types].xml": types, "word/document.xml": b"<w/>", **more})


REAL = {
    "Biên bản.pdf": pdf, "Ảnh hội nghị.png": picture, "Ảnh.JPG": lambda: picture("JPEG"),
    "Ảnh.jpeg": lambda: picture("JPEG"), "Kế hoạch.docx": word, "Tổng hợp.xlsx": excel,
    "Cũ.doc": lambda: old_office("WordDocument"), "Cũ.xls": lambda: old_office("Workbook"),
}  # fmt: skip


def send(client: Client, report: Report, *files: tuple[str, bytes], **more: str) -> HttpResponse:
    """The form of the evidence page, as a browser sends it."""
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    data = {"about": BROADCASTS, "files": uploads, **more}
    return client.post(reverse("evidence", args=[report.pk]), data)


def told(response: HttpResponse) -> str:
    """The words of a page, as they are read."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def download(client: Client, evidence: Evidence) -> HttpResponse:
    return client.get(reverse("evidence_file", args=[evidence.report_id, evidence.pk]))


# --- what is taken ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REAL)
def test_each_kind_of_file_is_taken_and_comes_back_byte_for_byte(
    clerk: User, as_user: Browser, ha_tien: Report, shelf: Path, name: str
) -> None:
    content = REAL[name]()
    client = as_user(clerk)
    response = send(client, ha_tien, (name, content))
    assert (response.status_code, len(stored(shelf))) == (302, 1)
    evidence = Evidence.objects.get()
    assert (evidence.filename, evidence.size) == (name, len(content))
    assert (evidence.section, evidence.subject) == ("direction", BROADCASTS)
    got = download(client, evidence)
    assert got.getvalue() == content
    assert got["Content-Disposition"].startswith("attachment; filename")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Length"] == str(len(content))
    page = client.get(reverse("evidence", args=[ha_tien.pk]))
    assert f"{name} {evidence.get_kind_display()}," in told(page)


def test_the_file_on_disk_bears_a_name_of_ours_that_only_the_portal_reads(
    clerk: User, ha_tien: Report, as_user: Browser, shelf: Path
) -> None:
    send(as_user(clerk), ha_tien, ("Biên bản.pdf", pdf()))
    (path,) = stored(shelf)
    assert re.fullmatch(r"../../[0-9a-f]{32}", str(path.relative_to(shelf)))
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_without_an_ending_gets_that_of_its_kind(
    clerk: User, ha_tien: Report, as_user: Browser
) -> None:
    send(as_user(clerk), ha_tien, ("bien ban", pdf()))
    assert Evidence.objects.get().filename == "bien ban.pdf"


def test_several_files_go_together_and_a_bad_one_loses_none_of_the_good(
    clerk: User, ha_tien: Report, as_user: Browser, shelf: Path
) -> None:
    files = [("a.pdf", pdf()), ("b.exe", b"MZ" + b"\0" * 200), ("c.png", picture())]
    response = send(as_user(clerk), ha_tien, *files)
    assert response.status_code == 422
    assert "“b.exe” là chương trình chạy trên Windows; hệ thống nhận PDF" in told(response)
    assert "Đã thêm tệp “a.pdf”" in told(response)
    assert [e.filename for e in Evidence.objects.all()] == ["a.pdf", "c.png"]
    assert len(stored(shelf)) == 2


def test_the_same_file_twice_for_one_figure_is_one_and_for_another_is_another(
    clerk: User, ha_tien: Report, as_user: Browser, shelf: Path
) -> None:
    client = as_user(clerk)
    send(client, ha_tien, ("a.pdf", pdf()))
    again = send(client, ha_tien, ("bản sao.pdf", pdf()))
    words = [str(message) for message in get_messages(again.wsgi_request)]
    assert words[-1] == "Nội dung này đã có từ trước, không thêm lần nữa: tệp “a.pdf”."
    assert (Evidence.objects.count(), len(stored(shelf))) == (1, 1)
    send(client, ha_tien, ("a.pdf", pdf()), about="direction")
    assert (Evidence.objects.count(), len(stored(shelf))) == (2, 2)


def test_a_file_may_stand_behind_a_cited_document(
    clerk: User, ha_tien: Report, as_user: Browser
) -> None:
    row = load(ha_tien).tables["documents"][0]
    send(as_user(clerk), ha_tien, ("a.pdf", pdf()), about=f"documents@{row.uid}")
    evidence = Evidence.objects.get()
    assert (evidence.section, evidence.subject) == (row.keys["part"], f"documents@{row.uid}")
    ha_tien.issueddocument_rows.filter(uid=row.uid).delete()
    page = as_user(clerk).get(reverse("evidence", args=[ha_tien.pk]))
    assert "Văn bản đã xóa a.pdf" in told(page)


@pytest.mark.parametrize(
    "about", ["", "paper", "direction.nothing", "documents@x", "staff.headcount"]
)
def test_evidence_for_nothing_that_exists_is_asked_back(
    clerk: User, ha_tien: Report, as_user: Browser, shelf: Path, about: str
) -> None:
    response = send(as_user(clerk), ha_tien, ("a.pdf", pdf()), about=about)
    assert (response.status_code, stored(shelf)) == (422, [])
    assert "Mời chọn tài liệu kiểm chứng cho nội dung nào." in told(response)


def test_what_is_asked_for_leads_to_the_form_with_its_subject_chosen(
    clerk: User, ha_tien: Report, as_user: Browser
) -> None:
    client, where = as_user(clerk), reverse("evidence", args=[ha_tien.pk])
    page = client.get(where).content.decode()
    links = re.findall(r'href="(\?ve=[^"]+)#them"', page)
    assert len(links) > 1 and 'id="them"' in page
    for link in links:
        name = unquote(link.removeprefix("?ve="))
        chosen = re.findall(
            r'<option value="([^"]*)"\s+selected>', client.get(where + link).content.decode()
        )
        assert chosen == [name]


def test_an_empty_form_is_asked_back(clerk: User, ha_tien: Report, as_user: Browser) -> None:
    response = send(as_user(clerk), ha_tien, explanation=" \u200b ")
    assert response.status_code == 422
    assert "Mời chọn ít nhất một tệp, hoặc ghi lời giải trình." in told(response)


# --- what is refused ----------------------------------------------------------------------------------


def bomb(size: int = 11 * 1024**2) -> bytes:
    return office(**{"word/media/a.bin": b"\0" * size})


def huge_picture() -> bytes:
    """A PNG of 30.000 × 30.000 points in a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def lying_archive() -> bytes:
    """A Word file whose entry says it unpacks to 10 bytes, and unpacks to a million."""
    content = bytearray(office(**{"word/media/a.bin": b"\0" * 1_000_000}))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.rfind(mark)
        struct.pack_into("<L", content, at + offset, 10)
    return bytes(content)


def traversing() -> bytes:
    return office(**{"../../../etc/cron.d/x": b"x"})


MACRO = b'<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
REFUSED = {
    "empty": ("a.pdf", lambda: b"", "không có nội dung"),
    "renamed Word": ("Báo cáo.pdf", word, "“Báo cáo.pdf” thật ra là tệp Word; mời đổi đuôi tệp thành .docx"),
    "renamed Excel": ("a.docx", excel, "thật ra là tệp Excel"),
    "picture as PDF": ("a.pdf", picture, "thật ra là tệp ảnh PNG"),
    "double ending": ("a.pdf.exe", pdf, "“a.pdf.exe” thật ra là tệp PDF"),
    "page": ("a.pdf", lambda: b"<html><script>alert(1)</script>", "là trang mạng hoặc ảnh vẽ SVG"),
    "drawing": ("a.svg", lambda: b"\xef\xbb\xbf<?xml?><svg onload='x'/>", "ảnh vẽ SVG"),
    "words": ("a.txt", lambda: b"Xin ch\xc3\xa0o", "là loại tệp khác; hệ thống nhận PDF"),
    "RAR": ("a.rar", lambda: b"Rar!\x1a\x07\x00", "là tệp nén RAR"),
    "GIF": ("a.gif", lambda: picture("GIF"), "là ảnh GIF"),
    "WebP": ("a.png", lambda: picture("WEBP"), "là ảnh WebP"),
    "HEIC": ("a.heic", lambda: b"\0\0\0\x18ftypheic" + b"\0" * 50, "là ảnh HEIC"),
    "plain ZIP": ("a.zip", lambda: zipped(**{"a.pdf": pdf()}), "là tệp nén ZIP; mời giải nén"),
    "slides": ("a.pptx", lambda: zipped(**{"[Content_Types].xml": b"", "ppt/presentation.xml": b""}), "PowerPoint; mời lưu thành PDF"),
    "cut PDF": ("a.pdf", lambda: pdf()[:-60], "bị cắt ngang"),
    "cut PNG": ("a.png", lambda: picture()[:-20], "bị hỏng"),
    "cut JPG": ("a.jpg", lambda: picture("JPEG")[:-20], "bị cắt ngang"),
    "cut Word": ("a.docx", lambda: word()[:-200], "bị cắt ngang"),
    "damaged Word": ("a.docx", lambda: damaged(word()), "bị hỏng, không mở được"),
    "not a picture": ("a.jpg", lambda: b"\xff\xd8\xff" + b"x" * 500 + b"\xff\xd9", "không mở được như ảnh"),
    "macro": ("a.docm", lambda: office(MACRO), "có chứa macro"),
    "hidden macro": ("a.docx", lambda: office(**{"word/vbaProject.bin": b"x"}), "có chứa macro"),
    "old macro": ("a.doc", lambda: old_office("WordDocument", "_VBA_PROJECT"), "có chứa macro"),
    "password": ("a.docx", lambda: old_office("EncryptedPackage"), "có đặt mật khẩu"),
    "old slides": ("a.ppt", lambda: old_office("PowerPoint Document"), "tệp Office loại khác"),
    "bomb": ("a.docx", bomb, "bung ra quá lớn"),
    "many entries": ("a.docx", lambda: office(**{f"x/{n}": b"" for n in range(2001)}), "bung ra quá lớn"),
    "lying sizes": ("a.docx", lying_archive, "bị hỏng, không mở được"),
    "way out": ("a.docx", traversing, "cấu trúc không đúng"),
    "absolute": ("a.docx", lambda: office(**{"/etc/passwd": b"x"}), "cấu trúc không đúng"),
    "picture bomb": ("a.png", huge_picture, "quá nhiều điểm ảnh"),
    "PDF with an archive": ("a.pdf", lambda: pdf() + zipped(**{"a.class": b"x"}) + b"%%EOF", "không nhận PDF mang theo tệp khác"),
    "picture with an archive": ("a.jpg", lambda: picture("JPEG") + zipped(x=b"\xff\xd9"), "không nhận ảnh JPG mang theo tệp khác"),
    "PDF behind a page": ("a.pdf", lambda: b"<script>x</script>" + pdf(), "trang mạng"),
    "PDF behind a program": ("a.pdf", lambda: b"MZ" + pdf(), "chương trình"),
    "picture with a PDF": ("a.jpg", lambda: with_comment(b"%PDF-1.7"), "vừa là ảnh vừa là PDF"),
}  # fmt: skip


def damaged(content: bytes) -> bytes:
    """The same archive with the bytes of one entry overwritten."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo("word/document.xml").header_offset
    return content[: at + 60] + b"\xaa" * 40 + content[at + 100 :]


def with_comment(words: bytes) -> bytes:
    made = picture("JPEG")
    return made[:2] + b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words + made[2:]


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_not_what_it_should_be_is_refused_in_words(
    clerk: User, as_user: Browser, ha_tien: Report, shelf: Path, case: str
) -> None:
    name, make, words = REFUSED[case]
    content = make()
    begun = time.process_time()
    response = send(as_user(clerk), ha_tien, (name, content))
    assert time.process_time() - begun < 5
    assert response.status_code == 422
    if content:
        assert words in told(response)
    assert (stored(shelf), Evidence.objects.count()) == ([], 0)


def test_every_beginning_of_a_file_is_judged_and_none_breaks_the_check() -> None:
    for name, make in REAL.items():
        content = make()
        if name.startswith("Cũ"):
            continue  # its parts bear no end that could be missed
        for length in {1, 4, 8, 20, 64, len(content) // 2, len(content) - 30}:
            with pytest.raises(FileRefused):
                content_kind(content[:length], "a")
    wrong = word()
    for at in range(0, len(wrong), 997):
        changed = wrong[:at] + b"\xff\xff\xff\xff" + wrong[at + 4 :]
        with suppress(FileRefused):
            assert content_kind(changed, "a.docx") == "docx"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Biên bản.pdf", "Biên bản.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\Biên bản.pdf", "Biên bản.pdf"),
        ("a\0b\r\nc.pdf", "ab c.pdf"),
        ("\u202egpj.exe.pdf", "gpj.exe.pdf"),
        ("Bie\u0302n ba\u0309n.pdf", "Biên bản.pdf"),
        ('a"b<c>:d|e?f*.pdf', "a_b_c__d_e_f_.pdf"),
        ("...pdf", "pdf"),
        ("  .. ", "Tài liệu"),
        ("", "Tài liệu"),
        ("x" * 300 + ".pdf", "x" * 176 + ".pdf"),
        ("ế" * 300 + ".pdf", "ế" * 58 + ".pdf"),
        ("Số 05. Kế hoạch của xã năm nay", "Số 05. Kế hoạch của xã năm nay"),
    ],
)
def test_a_name_is_kept_as_its_sender_knows_it_and_harms_nobody(given: str, kept: str) -> None:
    assert clean_name(given) == kept
    assert len(clean_name(given).encode()) <= 180


@pytest.mark.parametrize(
    "name",
    ["../../x.pdf", "a\r\nSet-Cookie: a=b.pdf", "\u202egpj.pdf", "x" * 300 + ".pdf", 'a";b.pdf'],
)
def test_no_name_leads_out_of_the_folder_or_into_the_header(
    clerk: User, as_user: Browser, ha_tien: Report, shelf: Path, name: str
) -> None:
    client = as_user(clerk)
    upload = SimpleUploadedFile("x.pdf", pdf())
    upload._name = name  # past what the form's reader would already clean
    subject = subjects(load(ha_tien))[BROADCASTS]
    evidence, _ = attach(ha_tien, subject, upload, clerk)
    (path,) = stored(shelf)
    assert path.resolve().is_relative_to(shelf.resolve())
    response = download(client, evidence)
    header = response["Content-Disposition"]
    assert header.startswith("attachment;")
    assert not set(header) & set("\r\n\0\u202e")
    assert "Set-Cookie" not in response.headers
    assert response.getvalue() == pdf()


# --- limits -------------------------------------------------------------------------------------------


def test_a_file_over_the_limit_is_refused_with_both_sizes(
    clerk: User, as_user: Browser, ha_tien: Report, shelf: Path, settings: Any
) -> None:
    settings.EVIDENCE_MAX_BYTES = 2 * 1024**2
    response = send(as_user(clerk), ha_tien, ("a.pdf", pdf() + b" " * (5 * 1024**2 // 2)))
    assert "Tệp “a.pdf” nặng 2,5 MB; mỗi tệp tối đa 2 MB." in told(response)
    assert stored(shelf) == []


def test_a_report_holds_so_many_files_and_no_more(
    clerk: User, as_user: Browser, ha_tien: Report, shelf: Path, settings: Any
) -> None:
    settings.EVIDENCE_MAX_FILES = 2
    files = [(f"{colour}.png", picture(colour=colour)) for colour in ("red", "green", "blue")]
    response = send(as_user(clerk), ha_tien, *files, explanation="Không tính là tệp")
    assert "Báo cáo đã có 2 tệp, là số tối đa; tệp “blue.png” chưa được nhận." in told(response)
    assert len(stored(shelf)) == 2


def test_a_report_holds_so_many_bytes_and_no_more(
    clerk: User, as_user: Browser, ha_tien: Report, shelf: Path, settings: Any
) -> None:
    settings.EVIDENCE_MAX_TOTAL_BYTES = 1024**2
    first = pdf() + b" " * 3000
    send(as_user(clerk), ha_tien, ("a.pdf", first))
    second = pdf()[:-6] + b"%" + b"x" * 1024**2 + b"\n%%EOF"
    response = send(as_user(clerk), ha_tien, ("b.pdf", second))
    assert "các tệp của báo cáo nặng 1 MB; tối đa 1 MB" in told(response)
    assert len(stored(shelf)) == 1


class Unread(io.BytesIO):
    """A body that breaks the test when anybody reads it."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("name", ["evidence", "section", "login"])
def test_too_large_a_request_is_refused_before_a_byte_of_it_is_read(
    clerk: User, as_user: Browser, ha_tien: Report, name: str
) -> None:
    address = {
        "evidence": reverse("evidence", args=[ha_tien.pk]),
        "section": reverse("section", args=[ha_tien.pk, "direction"]),
        "login": reverse("login"),
    }[name]
    response = as_user(clerk).generic(
        "POST", address, b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(200 * 1024**2), **{"wsgi.input": Unread()},
    )  # fmt: skip
    assert response.status_code == 413
    assert "Nội dung gửi quá lớn" in told(response)
    assert ("Mỗi tệp tối đa 20 MB" in told(response)) == (name == "evidence")
    assert "no-store" in response["Cache-Control"]


def test_nobody_signed_out_makes_the_portal_read_a_file(ha_tien: Report) -> None:
    response = Client().generic(
        "POST", reverse("evidence", args=[ha_tien.pk]), b"", CONTENT_LENGTH=str(30 * 1024**2),
        content_type="multipart/form-data; boundary=x", **{"wsgi.input": Unread()},
    )  # fmt: skip
    assert response.status_code == 302
    assert response["Location"].startswith("/dang-nhap/")


def test_a_body_in_chunks_is_refused_since_nobody_knows_its_size(
    clerk: User, as_user: Browser, ha_tien: Report
) -> None:
    address = reverse("evidence", args=[ha_tien.pk])
    response = as_user(clerk).post(address, {}, headers={"transfer-encoding": "chunked"})
    assert response.status_code == 413


def answer_while_sending(server: str, head: str, pieces: Iterator[bytes]) -> tuple[str, int]:
    """Send a request piece by piece until it is answered; the status line and the bytes that left."""
    where = urlsplit(server)
    sent = 0
    with socket.create_connection((where.hostname or "", where.port or 80), timeout=20) as link:
        link.sendall(head.encode())
        link.settimeout(0.02)
        for piece in pieces:
            try:
                answer = link.recv(4096)
                return answer.split(b"\r\n", 1)[0].decode(), sent
            except TimeoutError:
                pass
            try:
                link.settimeout(5)
                link.sendall(piece)
            except OSError:
                return "connection closed", sent
            link.settimeout(0.02)
            sent += len(piece)
    return "no answer", sent


def cookies_of_a_clerk(server: str) -> str:
    """What a browser holds after logging in at the live server."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    page = browser.open(f"{server}/dang-nhap/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    data = {"username": "hatien", "password": "demo-hatien-2023", "csrfmiddlewaretoken": token[1]}
    browser.open(f"{server}/dang-nhap/", urlencode(data).encode()).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


@pytest.mark.parametrize("person", ["clerk", "anonymous"])
@pytest.mark.parametrize("framing", ["Content-Length: 209715200", "Transfer-Encoding: chunked"])
def test_a_live_server_answers_200_megabytes_at_their_first_bytes(
    server: str, framing: str, person: str
) -> None:
    cookies = cookies_of_a_clerk(server) if person == "clerk" else "csrftoken=a"
    head = (
        f"POST /bao-cao/1/tai-lieu/ HTTP/1.1\r\nHost: {urlsplit(server).netloc}\r\n{framing}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nCookie: {cookies}\r\n\r\n"
    )
    waiting = set(Path(tempfile.gettempdir()).glob("*.upload*"))
    piece = b"x" * 65_536
    if "chunked" in framing:
        piece = b"10000\r\n" + piece + b"\r\n"
    status, sent = answer_while_sending(server, head, (piece for _ in range(3200)))
    # Signed out, a measured body is led to the login; nobody can measure one in chunks.
    login = person == "anonymous" and "chunked" not in framing
    assert status.split(" ")[1] == ("302" if login else "413")
    assert sent < 5 * 1024**2
    assert set(Path(tempfile.gettempdir()).glob("*.upload*")) <= waiting


# --- explanations, and what is missing ------------------------------------------------------------------


def test_an_explanation_answers_where_there_is_no_file_and_is_replaced_by_the_next(
    clerk: User, as_user: Browser, ha_tien: Report, shelf: Path
) -> None:
    client = as_user(clerk)
    send(client, ha_tien, explanation="Phát theo lịch,\r\nbản giấy lưu tại Đài.")
    send(client, ha_tien, explanation="Lịch phát thanh bản giấy.")
    (evidence,) = Evidence.objects.all()
    assert (evidence.explanation, stored(shelf)) == ("Lịch phát thanh bản giấy.", [])
    assert download(client, evidence).status_code == 404
    page = told(client.get(reverse("section", args=[ha_tien.pk, "direction"])))
    assert "Giải trình: Lịch phát thanh bản giấy." in page


def test_a_figure_that_asks_for_evidence_is_told_until_it_has_a_file_or_an_explanation(
    clerk: User, as_user: Browser, ha_tien: Report
) -> None:
    client = as_user(clerk)
    section, report = (
        reverse("section", args=[ha_tien.pk, "direction"]),
        reverse("report", args=[ha_tien.pk]),
    )
    needed = "Cần tài liệu kiểm chứng Số lượt tuyên truyền trên loa truyền thanh"
    assert needed in told(client.get(section))
    assert "Tài liệu kiểm chứng thiếu 2" in told(client.get(report))
    send(client, ha_tien, ("Lịch phát.pdf", pdf()))
    assert needed not in told(client.get(section))
    assert "Tài liệu kiểm chứng (1) thiếu 1" in told(client.get(report))
    send(client, ha_tien, about="institutional.conferences", explanation="Danh sách lưu tại thôn.")
    assert "thiếu" not in told(client.get(report)).partition("Tài liệu kiểm chứng (2)")[2][:60]


@pytest.mark.parametrize("number", [None, 0])
def test_what_did_not_happen_needs_no_proof(ha_tien: Report, number: int | None) -> None:
    Direction.objects.filter(report=ha_tien).update(radio_broadcasts=number)
    Institutional.objects.filter(report=ha_tien).update(conferences=None)
    ha_tien.marks.create(figure="institutional.conferences", kind="none_arisen")
    assert missing_evidence(load(ha_tien), set()) == []


def test_a_row_of_the_appendix_may_ask_for_evidence(dien_bien: Report) -> None:
    row = dien_bien.indicator_set.indicators.get(figure="direction.survey_forms_sent")
    row.evidence = True
    row.save()
    dien_bien.indicator_set.save()
    (asked,) = missing_evidence(load(dien_bien.pk), set())
    assert (asked.section, asked.code) == ("direction", "direction.survey_forms_sent")
    assert missing_evidence(load(dien_bien.pk), {asked.code}) == []


# --- who ----------------------------------------------------------------------------------------------


def test_the_reviewer_sees_and_downloads_and_is_offered_no_form(
    clerk: User, reviewer: User, as_user: Browser, ha_tien: Report
) -> None:
    send(as_user(clerk), ha_tien, ("Biên bản.pdf", pdf()))
    client = as_user(reviewer)
    evidence = Evidence.objects.get()
    for address in (
        reverse("evidence", args=[ha_tien.pk]),
        reverse("section", args=[ha_tien.pk, "direction"]),
    ):
        page = client.get(address)
        assert "Biên bản.pdf" in told(page)
        assert 'name="files"' not in page.content.decode()
        assert "/xoa/" not in page.content.decode()
    assert download(client, evidence).getvalue() == pdf()


def test_a_leader_and_a_reviewer_attach_and_remove_nothing(
    clerk: User, leader: User, reviewer: User, as_user: Browser, ha_tien: Report, shelf: Path
) -> None:
    send(as_user(clerk), ha_tien, ("a.pdf", pdf()))
    gone = reverse("remove_evidence", args=[ha_tien.pk, Evidence.objects.get().pk])
    for person in (leader, reviewer):
        refused = send(as_user(person), ha_tien, ("b.png", picture()))
        assert refused.status_code == 403
        assert "Chỉ Công chức lập báo cáo" in told(refused)
        assert as_user(person).post(gone).status_code == 403
    assert len(stored(shelf)) == 1


def test_a_stranger_finds_nothing_and_no_file_is_reached_through_another_report(
    clerk: User, stranger: User, as_user: Browser, ha_tien: Report, loc_thuy: Report
) -> None:
    send(as_user(clerk), ha_tien, ("a.pdf", pdf()))
    evidence = Evidence.objects.get()
    client = as_user(stranger)
    for report in (ha_tien, loc_thuy):
        for name in ("evidence_file", "remove_evidence"):
            assert client.get(reverse(name, args=[report.pk, evidence.pk])).status_code == 404
        gone = client.post(reverse("remove_evidence", args=[report.pk, evidence.pk]))
        assert gone.status_code == 404
    assert Evidence.objects.count() == 1


def test_a_role_that_ended_while_the_file_travelled_attaches_nothing(
    clerk: User, ha_tien: Report, shelf: Path
) -> None:
    subject = subjects(load(ha_tien))[BROADCASTS]
    clerk.roles.all().delete()
    with pytest.raises(Http404):
        attach(ha_tien, subject, SimpleUploadedFile("a.pdf", pdf()), clerk)
    assert stored(shelf) == []


# --- what stays on disk -----------------------------------------------------------------------------


def test_a_removal_is_asked_once_and_then_the_file_is_gone(
    clerk: User, as_user: Browser, ha_tien: Report, shelf: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    client = as_user(clerk)
    send(client, ha_tien, ("Biên bản.pdf", pdf()))
    address = reverse("remove_evidence", args=[ha_tien.pk, Evidence.objects.get().pk])
    asked = told(client.get(address, {"phan": "direction"}))
    assert "Biên bản.pdf Xóa rồi thì không lấy lại được." in asked
    assert len(stored(shelf)) == 1
    with django_capture_on_commit_callbacks() as after_commit:
        response = client.post(address, {"back": "direction"})
    assert response["Location"].endswith("/phan/direction/#tai-lieu")
    assert len(stored(shelf)) == 1  # until the removal is certain
    for act in after_commit:
        act()
    assert stored(shelf) == []
    assert client.post(address).status_code == 404


def test_a_failure_on_the_way_leaves_no_file_behind(
    clerk: User, ha_tien: Report, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise IntegrityError

    subject = subjects(load(ha_tien))[BROADCASTS]
    monkeypatch.setattr(Evidence, "save", fail)
    with pytest.raises(IntegrityError):
        attach(ha_tien, subject, SimpleUploadedFile("a.pdf", pdf()), clerk)
    assert stored(shelf) == []


def test_a_row_holds_a_file_or_an_explanation_never_both_or_none(
    clerk: User, ha_tien: Report
) -> None:
    own = {"report": ha_tien, "section": "direction", "added_by": clerk}
    file = {"filename": "a.pdf", "file": "aa/bb/cc", "sha256": "x"}
    for wrong in ({}, {**file, "explanation": "x"}, {**file, "sha256": ""}, {"filename": "a.pdf"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.create(**own, **wrong)


def test_a_file_that_the_disk_lost_is_told_in_words(
    clerk: User, as_user: Browser, ha_tien: Report, shelf: Path
) -> None:
    client = as_user(clerk)
    send(client, ha_tien, ("Biên bản.pdf", pdf()))
    stored(shelf)[0].unlink()
    response = download(client, Evidence.objects.get())
    assert response.status_code == 503
    assert "Tệp “Biên bản.pdf” không còn trên máy chủ." in told(response)
    with unpacked(client, ha_tien) as archive:
        assert archive.namelist() == ["muc-luc.txt"]
        assert "Tệp không còn trên máy chủ" in archive.read("muc-luc.txt").decode("utf-8-sig")


# --- the bundle ---------------------------------------------------------------------------------------


def unpacked(client: Client, report: Report) -> zipfile.ZipFile:
    response = client.get(reverse("evidence_bundle", args=[report.pk]))
    assert "attachment" in response["Content-Disposition"]
    return zipfile.ZipFile(io.BytesIO(response.getvalue()))


def test_the_bundle_holds_every_file_in_order_under_names_every_machine_reads(
    clerk: User, reviewer: User, as_user: Browser, ha_tien: Report
) -> None:
    client = as_user(clerk)
    send(client, ha_tien, ("Hội nghị ở xã.png", picture()), about="institutional.conferences")
    send(client, ha_tien, ("Biên bản đối thoại.pdf", pdf()), ("Biên bản.docx", word()))
    send(client, ha_tien, ("Biên bản.docx", word("khác")), about="direction")
    send(client, ha_tien, about="direction", explanation="Bản giấy lưu tại Văn phòng.")
    with unpacked(as_user(reviewer), ha_tien) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "muc-luc.txt",
            "01_Chi-dao-dieu-hanh/01_Bien-ban-doi-thoai.pdf",
            "01_Chi-dao-dieu-hanh/02_Bien-ban.docx",
            "01_Chi-dao-dieu-hanh/03_Bien-ban.docx",
            "02_Cai-cach-the-che/01_Hoi-nghi-o-xa.png",
        ]
        assert archive.read("01_Chi-dao-dieu-hanh/01_Bien-ban-doi-thoai.pdf") == pdf()
        contents = archive.read("muc-luc.txt").decode("utf-8-sig")
    assert "Tên tệp: Biên bản đối thoại.pdf" in contents
    assert "Kiểm chứng cho: Số lượt tuyên truyền trên loa truyền thanh" in contents
    assert "- Giải trình cho: Cả phần\r\n  Bản giấy lưu tại Văn phòng." in contents
    assert "6 tháng đầu năm 2023, Xã Hà Tiến" in contents


def test_the_bundle_is_sent_as_it_is_made(
    clerk: User, as_user: Browser, ha_tien: Report, settings: Any
) -> None:
    """A bundle of twenty megabytes never stands in memory as one."""
    client = as_user(clerk)
    for n in range(4):
        heavy = pdf()[:-6] + b"%" + bytes([65 + n]) * 5 * 1024**2 + b"\n%%EOF"
        send(client, ha_tien, (f"{n}.pdf", heavy))
    response = client.get(
        reverse("evidence_bundle", args=[ha_tien.pk]), headers={"accept-encoding": "gzip"}
    )
    pieces = [len(piece) for piece in response]
    assert sum(pieces) > 20 * 1024**2
    assert max(pieces) < 1024**2
    assert "Content-Encoding" not in response


# --- the command --------------------------------------------------------------------------------------


def test_sweeping_removes_what_no_report_knows_and_names_what_is_lost(
    clerk: User, as_user: Browser, ha_tien: Report, shelf: Path
) -> None:
    send(as_user(clerk), ha_tien, ("Biên bản.pdf", pdf()), ("Ảnh.png", picture()))
    lost = shelf / str(Evidence.objects.get(kind="pdf").file.name)
    lost.unlink()
    stray, fresh = shelf / "ab" / "cd" / "abcd", shelf / "ab" / "cd" / "abce"
    stray.parent.mkdir(parents=True)
    stray.touch()
    fresh.touch()
    os.utime(stray, (0, 0))
    for arguments, left in ((["--dry-run"], 3), ([], 2)):
        said = io.StringIO()
        call_command("sweep_evidence", *arguments, stdout=said)
        assert "Mất tệp “Biên bản.pdf” của xã Hà Tiến, 6 tháng đầu năm 2023." in said.getvalue()
        assert "2 tệp của báo cáo; 1 tệp thừa." in said.getvalue()
        assert len(stored(shelf)) == left


def test_what_is_attached_explained_and_removed_stands_in_the_record(
    clerk: User, ha_tien: Report
) -> None:
    subject = next(s for s in subjects(load(ha_tien)).values() if s.section == "direction")
    explain(ha_tien, subject, "Lưu tại văn phòng.", clerk)
    kept, _ = attach(ha_tien, subject, SimpleUploadedFile("Biên bản.pdf", pdf()), clerk)
    remove(ha_tien, kept.pk, clerk)
    notes = list(ha_tien.events.order_by("seq").values_list("note", flat=True))
    assert notes == [
        "Giải trình thay tài liệu kiểm chứng: Lưu tại văn phòng.",
        "Đính kèm tệp “Biên bản.pdf”",
        "Bỏ tệp “Biên bản.pdf”",
    ]
