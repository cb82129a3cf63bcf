"""The signed copy of an issued report: what is found in it, what is refused, who may bring one.

Keys and certificates are made by `signing`; the paper that is signed is the
one that the demo world issued for Hà Sơn. Everything comes by the requests of the văn thư.
"""

import html
import io
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import report_of
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from signed_pdf import plain_pdf
from signing import AUTHORITY, LEADER, SEAL, add_words, holder, sign

from reports import audit
from reports.enums import State, Verb
from reports.issuing.signatures import read_signatures
from reports.management.system_checks import roots_can_be_read
from reports.models import Event, Release, ReleasedFile, Report, SignedCopy, User
from reports.uploads import limited

WHOLE, SIGNED_ON = "Chữ ký bao trùm toàn văn.", "sau đó chỉ thêm chữ ký khác."
UNTOUCHED, TRUSTED = "Văn bản nguyên vẹn", "Chứng thư tin cậy"
UNKNOWN = "Chưa xác định được tổ chức cấp chứng thư"
UNTICKED = "Mời đối chiếu với văn bản đã phát hành, đánh dấu ô này rồi chọn lại tệp."
ADDED, CHANGED = "Tệp đã bị thêm hoặc sửa sau khi ký", "Văn bản đã bị thay đổi sau khi ký"


# --- the portal ---------------------------------------------------------------------------------------


class Desk:
    """A person at a browser, with Hà Sơn's issued report open."""

    def __init__(self, username: str, pk: int) -> None:
        self.user, self.pk = User.objects.get(username=username), pk
        self.client = Client()
        self.client.force_login(self.user)

    def bring(
        self, content: bytes, name: str = "Báo cáo.pdf", reason: str = "", replaces: int | str = "",
        compared: bool = True,
    ) -> HttpResponse:  # fmt: skip
        """Bring a file, as somebody who has compared it and says so unless told otherwise."""
        self.client.cookies.pop("messages", None)
        data = {"signed": SimpleUploadedFile(name, content), "reason": reason, "replaces": replaces}
        data |= {"compared": "on"} if compared else {}
        return self.client.post(reverse("attach_signed", args=[self.pk]), data)

    def brought(self, content: bytes, **more: Any) -> SignedCopy:
        """Bring, and it is taken."""
        response = self.bring(content, **more)
        assert response.status_code == 302, words(response)
        assert told(response) == "Đã nạp bản đã ký."
        return SignedCopy.objects.get(release__report=self.pk, replaced_at=None)

    def refused(self, content: bytes, **more: Any) -> str:
        """Bring, and be told beside the field why not."""
        before = SignedCopy.objects.count()
        response = self.bring(content, **more)
        assert response.status_code == 422
        assert SignedCopy.objects.count() == before
        return words(response)

    def page(self) -> str:
        return words(self.client.get(reverse("report", args=[self.pk])))

    def fetch(self, copy: SignedCopy) -> HttpResponse:
        return self.client.get(reverse("signed_copy", args=[self.pk, copy.pk]))

    def confirm(self, **data: Any) -> str:
        return words(self.client.post(reverse("confirm"), data))


def words(response: HttpResponse) -> str:
    """A page as a reader sees it."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.replace("\u00a0", " ").split()).replace(" .", ".")


def told(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.fixture
def issued(db: None) -> Report:
    return report_of("15313", "HT-2023-9T")


@pytest.fixture
def records(issued: Report) -> Desk:
    return Desk("hason_vanthu", issued.pk)


@pytest.fixture
def paper(issued: Report) -> bytes:
    """The PDF that was issued, to be signed."""
    found = ReleasedFile.objects.get(release__report=issued, release__kind="issued", format="pdf")
    return bytes(found.content)


@pytest.fixture
def roots(tmp_path: Path, settings: Any) -> Path:
    """The authority is trusted."""
    (tmp_path / "goc.pem").write_bytes(holder(AUTHORITY).pem())
    settings.SIGNATURE_ROOTS = str(tmp_path)
    return tmp_path


# --- what is found ------------------------------------------------------------------------------------


def test_leader_and_seal_are_two_good_signatures_of_the_copy_that_counts(
    records: Desk, paper: bytes, roots: Path
) -> None:
    signed = sign(sign(paper, holder(LEADER)), holder(SEAL), stamped=True)
    copy = records.brought(signed)
    first, second = copy.signatures.all()
    assert [one.signer for one in (first, second)] == [LEADER, SEAL]
    assert (first.intact, first.coverage, first.trust) == (True, "signed_on", "trusted")
    assert (second.intact, second.coverage, second.trust) == (True, "whole", "trusted")
    assert (first.timestamped, second.timestamped) == (False, True)
    assert abs((first.signed_at - second.signed_at).total_seconds()) < 60
    assert first.certificate == f"{holder(LEADER).certificate.serial_number:x}"
    page = records.page()
    assert page.count(UNTOUCHED) == page.count(TRUSTED) == 2
    assert f"{UNTOUCHED} {LEADER}, {SEAL} Chữ ký bao trùm toàn văn lúc ký; {SIGNED_ON}" in page
    assert f"{UNTOUCHED} {SEAL} {WHOLE}" in page
    assert "theo giờ người ký ghi." in page and "theo dấu thời gian tin cậy." in page
    assert "038012345678" not in page, "the number of a person's papers"
    assert page.index("Bản đã ký (PDF)") < page.index("PDF đã lưu"), "it comes first"
    assert records.fetch(copy).content == signed
    assert records.fetch(copy)["Content-Disposition"].startswith("attachment")


def test_an_authority_that_is_not_configured_is_unknown_and_not_wrong(
    records: Desk, paper: bytes, settings: Any
) -> None:
    assert settings.SIGNATURE_ROOTS == ""
    records.brought(sign(paper, holder(LEADER), stamped=True))
    page = records.page()
    assert f"{UNTOUCHED} {LEADER}" in page and f"{UNKNOWN}." in page
    assert f"{AUTHORITY} cấp chứng thư số" in page
    assert "theo giờ người ký ghi." in page, "nor is the one that stamps the time known"
    assert TRUSTED not in page and CHANGED not in page


def test_a_certificate_out_of_its_time_is_told(records: Desk, paper: bytes, roots: Path) -> None:
    records.brought(sign(paper, holder("Người cũ", days=-1)))
    assert "Chứng thư ngoài thời hạn hiệu lực" in records.page()


def test_a_changed_byte_is_no_longer_what_was_signed(
    records: Desk, paper: bytes, roots: Path
) -> None:
    signed = bytearray(sign(paper, holder(LEADER)))
    at = signed.index(b"/Producer")
    signed[at + 15] ^= 1
    copy = records.brought(bytes(signed))
    (found,) = copy.signatures.all()
    assert (found.intact, found.valid) == (False, False)
    page = records.page()
    assert f"{CHANGED} {LEADER}" in page and UNTOUCHED not in page
    assert TRUSTED not in page, "whose certificate stands there says nothing then"


def test_what_was_added_behind_the_signatures_is_told_of_each(
    records: Desk, paper: bytes, roots: Path
) -> None:
    signed = add_words(sign(sign(paper, holder(LEADER)), holder(SEAL)))
    copy = records.brought(signed)
    assert [(s.intact, s.coverage) for s in copy.signatures.all()] == [(True, "added_to")] * 2
    assert records.page().count(ADDED) == 2 and UNTOUCHED not in records.page()


def test_what_was_added_between_two_signatures_is_told_of_the_first(
    records: Desk, paper: bytes, roots: Path
) -> None:
    copy = records.brought(sign(add_words(sign(paper, holder(LEADER))), holder(SEAL)))
    assert [s.coverage for s in copy.signatures.all()] == ["added_to", "whole"]


def saved_by_word() -> bytes:
    """A PDF of two cross-reference tables, the old one and a stream, as Word saves its documents."""
    parts = [b"%PDF-1.5\n", b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
             b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
             b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << >> /Contents [] >>\nendobj\n"]  # fmt: skip
    starts = [sum(map(len, parts[:n])) for n in range(1, 5)]
    entry = b"\x01" + starts[3].to_bytes(4, "big") + b"\0\0"
    parts.append(b"4 0 obj\n<< /Type /XRef /W [1 4 2] /Index [4 1] /Size 5 /Root 1 0 R /Length 7 >>\n"
                 b"stream\n" + entry + b"\nendstream\nendobj\n")  # fmt: skip
    table = b"".join(b"%010d 00000 n \n" % start for start in starts[:3])
    parts.append(b"xref\n0 4\n0000000000 65535 f \n" + table)
    parts.append(b"trailer\n<< /Size 5 /Root 1 0 R /XRefStm %d >>\n" % starts[3])
    return b"".join([*parts, b"startxref\n%d\n%%%%EOF\n" % sum(map(len, parts[:5]))])


def test_a_pdf_saved_by_word_is_judged_like_any_other(records: Desk, roots: Path) -> None:
    signed = sign(sign(saved_by_word(), holder(LEADER)), holder(SEAL))
    first = records.brought(signed)
    assert [(s.whole, s.valid, s.coverage) for s in first.signatures.all()] == [
        (True, True, "signed_on"), (True, True, "whole"),
    ]  # fmt: skip
    second = records.brought(add_words(signed), reason="Thử.", replaces=first.pk)
    assert [(s.intact, s.coverage) for s in second.signatures.all()] == [(True, "added_to")] * 2


def test_a_scan_is_taken_and_said_to_bear_no_signature(records: Desk) -> None:
    scan = plain_pdf()
    copy = records.brought(scan, name="Bản quét")
    assert (copy.filename, copy.pages, copy.signatures.count()) == ("Bản quét.pdf", 1, 0)
    assert "Không có chữ ký số (bản quét hoặc bản chưa ký số)." in records.page()


def test_signatures_that_cannot_be_judged_hide_no_good_one(
    records: Desk, paper: bytes, roots: Path
) -> None:
    signed = sign(paper, holder(LEADER))
    at = signed.index(b"/Contents <") + len(b"/Contents <")
    rubbish = signed[:at] + b"00" * 300 + signed[at + 600 :]
    old = sign(rubbish, holder("Người ký kiểu cũ"))
    old = old.replace(b"/adbe.pkcs7.detached", b"/adbe.pkcs7.sha1    ").replace(
        b"/adbe.pkcs7.sha1    ", b"/adbe.pkcs7.detached", 1
    )
    copy = records.brought(sign(old, holder(SEAL)))
    found = [(one.intact, one.signer) for one in copy.signatures.all()]
    assert found == [(None, "Người ký kiểu cũ"), (True, SEAL), (None, "")]
    page = records.page()
    assert "Không đọc được chữ ký này Không rõ người ký" in page and f"{UNTOUCHED} {SEAL}" in page


# --- a wrong one is replaced --------------------------------------------------------------------------


def test_a_wrong_copy_is_replaced_with_a_reason_and_stays_readable(
    records: Desk, issued: Report, paper: bytes
) -> None:
    old = records.brought(plain_pdf())
    assert "Cần ghi lý do thay bản đã ký đang có." in records.refused(
        sign(paper, holder(LEADER)), replaces=old.pk
    )
    assert "chính là bản đã ký đang có" in records.refused(
        plain_pdf(), reason="Nhầm.", replaces=old.pk
    )
    signed = sign(paper, holder(LEADER))
    new = records.brought(signed, reason="Quét thiếu trang 2.", replaces=old.pk)
    old.refresh_from_db()
    assert (old.replaced_by, old.replaced_for) == (records.user, "Quét thiếu trang 2.")
    assert records.fetch(old).content == plain_pdf()
    page = records.page()
    assert "Bản đã ký đã bị thay: Báo cáo.pdf" in page and "Lý do: Quét thiếu trang 2." in page
    first, second = Event.objects.filter(report=issued, verb=Verb.ATTACH_SIGNED)
    assert first.note == (
        "Tệp “Báo cáo.pdf”: không có chữ ký số. Bản quét, không có phần chữ để hệ thống so với văn bản "
        "đã phát hành. Văn thư xã Hà Sơn xác nhận đã đối chiếu với văn bản đã phát hành."
    )
    assert second.note == (
        "Tệp “Báo cáo.pdf”: 1 chữ ký số. Chính là tệp PDF đã phát hành, có phần ghi thêm như chữ ký số. Thay bản trước: "
        "Quét thiếu trang 2."
    )
    assert old.sha256 in second.before and new.sha256 in second.after
    assert list(audit.verify(issued.pk)) == []
    assert "Nạp bản đã ký" in words(records.client.get(reverse("timeline", args=[issued.pk])))


def test_a_page_that_did_not_show_the_copy_in_force_replaces_nothing(
    records: Desk, paper: bytes
) -> None:
    kept = records.brought(sign(paper, holder(LEADER)))
    for seen in ("", kept.pk + 1, "x"):
        response = records.bring(plain_pdf(), reason="Nhầm.", replaces=seen)
        assert "đã nạp bản đã ký “Báo cáo.pdf”" in told(response)
        assert response["Location"] == reverse("report", args=[records.pk])
    assert list(SignedCopy.objects.all()) == [kept]


def test_confirming_knows_the_signed_copy_and_the_one_it_replaced(
    records: Desk, paper: bytes, issued: Report
) -> None:
    reviewer = Desk("hatrung_noivu", issued.pk)
    scan, signed = plain_pdf(), sign(paper, holder(LEADER))
    old = records.brought(scan)
    found = reviewer.confirm(file=SimpleUploadedFile("a.pdf", scan))
    assert "Bản đã ký, nạp vào bản phát hành" in found and "Đây là bản đang" not in found
    assert "hệ thống không xác nhận được nội dung tệp giống văn bản đó" in found
    assert "Văn thư xã Hà Sơn xác nhận đã đối chiếu bằng mắt lúc" in found
    records.brought(signed, reason="Quét thiếu.", replaces=old.pk)
    found = reviewer.confirm(file=SimpleUploadedFile("a.pdf", signed))
    assert "Đây là bản đang có hiệu lực." in found and f"{UNTOUCHED} {LEADER}" in found
    assert "Chính là tệp PDF đã phát hành, có phần ghi thêm như chữ ký số." in found
    found = reviewer.confirm(file=SimpleUploadedFile("a.pdf", scan))
    assert "Tệp này đã được thay bằng bản đã ký khác." in found and "Lý do: Quét thiếu." in found
    assert "đang có hiệu lực" not in found and f"{UNTOUCHED} {LEADER}" in found
    code = Release.objects.get(report=issued, kind="issued").code
    assert "Bản đã ký của báo cáo: Báo cáo.pdf" in reviewer.confirm(code=code)
    tampered = signed[:-1] + b" "
    assert "Không tìm thấy" in reviewer.confirm(file=SimpleUploadedFile("a.pdf", tampered))
    stranger = Desk("locthuy", issued.pk)
    assert "Không tìm thấy" in stranger.confirm(file=SimpleUploadedFile("a.pdf", signed))


# --- who may ------------------------------------------------------------------------------------------


def test_the_van_thu_brings_it_and_others_only_read_it(
    records: Desk, issued: Report, paper: bytes
) -> None:
    signed = sign(paper, holder(LEADER))
    copy = records.brought(signed)
    for person, sees in (("hason", 200), ("hason_lanhdao", 200), ("hatrung_noivu", 200),
                         ("hatien_vanthu", 404), ("locthuy", 404)):  # fmt: skip
        desk = Desk(person, issued.pk)
        assert desk.fetch(copy).status_code == sees, person
        asked = desk.client.get(reverse("attach_signed", args=[issued.pk])).status_code
        brought = desk.bring(plain_pdf(), reason="Thử.", replaces=copy.pk).status_code
        assert (asked, brought) == ((403, 403) if sees == 200 else (404, 404)), person
    assert SignedCopy.objects.count() == 1
    other = report_of("15325")
    own = Desk("hatien", other.pk)
    assert own.client.get(reverse("signed_copy", args=[other.pk, copy.pk])).status_code == 404


def test_a_reopened_report_takes_no_copy_and_keeps_the_one_of_its_old_version(
    records: Desk, issued: Report, paper: bytes
) -> None:
    signed = sign(paper, holder(LEADER))
    copy = records.brought(signed)
    reviewer = Desk("hatrung_noivu", issued.pk)
    step = Report.objects.get(pk=issued.pk).step
    address = reverse("act", kwargs={"pk": issued.pk, "verb": "reopen"})
    assert reviewer.client.post(address, {"step": step, "note": "Sai."}).status_code == 302
    assert records.bring(plain_pdf(), replaces=copy.pk).status_code == 403
    assert "Bản đã ký lần 1" in records.page()
    assert records.fetch(copy).content == signed
    found = reviewer.confirm(file=SimpleUploadedFile("a.pdf", signed))
    assert "Báo cáo đã được mở lại" in found and "đang có hiệu lực" not in found


@pytest.mark.pdf
def test_the_signed_copy_may_come_with_number_and_date(records: Desk, issued: Report) -> None:
    Release.objects.filter(report=issued, kind="issued").update(version=9)
    Report.objects.filter(pk=issued.pk).update(state=State.APPROVED)
    step = Report.objects.get(pk=issued.pk).step
    address = reverse("act", kwargs={"pk": issued.pk, "verb": "issue"})
    data = {"step": step, "number": "88", "issued_on": "05/10/2023", "confirmed": "1"}
    broken = SimpleUploadedFile("Báo cáo.pdf", b"khong phai PDF")
    answer = records.client.post(address, data | {"signed": broken})
    assert answer.status_code == 422 and "cần tệp PDF" in words(answer)
    assert Report.objects.get(pk=issued.pk).state == State.APPROVED, "nothing is issued without it"
    clerk = Desk("hason", issued.pk)
    started = time.process_time()
    file = SimpleUploadedFile("Báo cáo.pdf", plain_pdf())
    assert clerk.client.post(address, data | {"signed": file}).status_code == 403
    assert time.process_time() - started < 5
    signed = sign(plain_pdf(), holder(LEADER))
    file = SimpleUploadedFile("Báo cáo.pdf", signed)
    answer = records.client.post(address, data | {"signed": file})
    assert answer.status_code == 422 and UNTICKED in words(answer)
    file = SimpleUploadedFile("Báo cáo.pdf", signed)
    data |= {"signed": file, "compared": "on"}
    assert records.client.post(address, data).status_code == 302
    copy = SignedCopy.objects.get()
    assert (copy.release.report_id, copy.release.version, copy.release.kind) == (
        issued.pk, 1, "issued",
    )  # fmt: skip
    assert copy.signatures.get().signer == LEADER
    assert Report.objects.get(pk=issued.pk).state == State.ISSUED


def encrypted(user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="chu", user=user))
    return out.getvalue()


def scripted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf())) as pdf:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.Root.OpenAction = action
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def xref_loop() -> bytes:
    """A cross-reference table that names itself as the one before."""
    pdf = plain_pdf()
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    return pdf.replace(b"/Size", b"/Prev %d /Size" % start)


def many_objects() -> bytes:
    return re.sub(rb"0 (\d+)\n(?=0000000000)", b"0 2147483647\n", plain_pdf()).replace(
        b"/Size ", b"/Size 2147483647 "
    )


def deep() -> bytes:
    """Arrays within arrays, where readers that call themselves fall over."""
    return plain_pdf().replace(b"/Type /Catalog", b"/X " + b"[" * 90_000 + b" /Type /Catalog")


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a text": (lambda: b"Bao cao", "không phải PDF mà là loại tệp khác; cần tệp PDF."),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 99, "không phải PDF mà là ảnh PNG; cần tệp PDF."),
    "a Word file": (lambda: b"PK\x03\x04" + b"x" * 99, "mà là tệp Word, Excel hoặc tệp nén; cần tệp PDF."),
    "nothing": (lambda: b"", "Tệp không có nội dung; mời chọn lại tệp PDF đã ký."),
    "a PDF by name alone": (lambda: b"%PDF-1.7\n" + b"rac " * 500 + b"\n%%EOF",
                            "mang dạng PDF nhưng bên trong hỏng"),
    "cut off": (lambda: plain_pdf()[:-20], "bị hỏng hoặc bị cắt ngang"),
    "with a password": (lambda: encrypted("mat"), "có đặt mật khẩu"),
    "too heavy": (lambda: plain_pdf() + b" " * (20 * 1024**2), "bản đã ký tối đa 20"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_signed_pdf_is_refused_in_words(records: Desk, kind: str) -> None:
    make, expected = REFUSED[kind]
    assert expected in records.refused(make())


def test_the_portals_own_unsigned_paper_is_no_signed_copy(records: Desk, paper: bytes) -> None:
    assert "chính là bản PDF do hệ thống lập, chưa được ký" in records.refused(paper)
    without = records.client.post(reverse("attach_signed", args=[records.pk]), {})
    assert without.status_code == 422 and "Cần chọn tệp PDF đã ký." in words(without)


HOSTILE = {"loop": xref_loop, "many": many_objects, "deep": deep, "owner": lambda: encrypted("")}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_pdf_is_taken_as_a_scan_or_refused_and_never_breaks_a_page(
    records: Desk, kind: str
) -> None:
    content = HOSTILE[kind]()
    started = time.process_time()  # the web worker's own; the child that reads has its limit
    response = records.bring(content)
    assert time.process_time() - started < 5
    assert response.status_code in (302, 422), kind
    page = records.page()
    if response.status_code == 302:
        assert "Không có chữ ký số" in page or "Không đọc được chữ ký" in page
    assert UNTOUCHED not in page


def test_a_script_in_the_file_is_told_because_taking_it_out_would_break_the_signature(
    records: Desk, roots: Path
) -> None:
    copy = records.brought(sign(scripted(), holder(LEADER)))
    assert copy.scripts and copy.signatures.get().valid
    assert "Tệp có mã lệnh (JavaScript)" in records.page()
    assert records.fetch(copy)["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_costs_too_much_is_refused_and_the_portal_lives_on(
    records: Desk, settings: Any
) -> None:
    before = settings.SIGNATURE_WAIT_SECONDS
    settings.SIGNATURE_WAIT_SECONDS = 0.005
    heavy = plain_pdf().replace(b"\n%%EOF", b"\n" + b"%" * 10_000_000 + b"\n%%EOF")
    assert "không mở được trong giới hạn của máy chủ" in records.refused(heavy)
    settings.SIGNATURE_WAIT_SECONDS = before
    records.brought(plain_pdf())


def test_names_in_a_certificate_fit_their_columns_after_cleaning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = dict.fromkeys(("signer", "organisation", "issuer"), "①" * 200)
    lines = [{"pages": 1, "scripts": False}, {"signatures": [{"intact": True, **names}]}]
    monkeypatch.setattr(limited, "ask", lambda *_: limited.Answers(lines, True))
    (found,) = read_signatures(b"", "a.pdf").signatures or ()
    assert {len(found.signer), len(found.organisation), len(found.issuer)} == {200}


def test_a_root_that_is_no_certificate_is_named_at_the_start(roots: Path, settings: Any) -> None:
    assert roots_can_be_read(None) == []
    (roots / "ghi-chu.txt").write_text("không phải chứng thư")
    (problem,) = roots_can_be_read(None)
    assert problem.id == "reports.W003" and "ghi-chu.txt" in problem.msg
    settings.SIGNATURE_ROOTS = str(roots / "khong-co")
    (problem,) = roots_can_be_read(None)
    assert problem.id == "reports.E003"


# --- what it costs ------------------------------------------------------------------------------------


def test_the_report_page_costs_the_same_with_one_copy_and_with_many(
    records: Desk, paper: bytes, issued: Report
) -> None:
    records.brought(sign(paper, holder(LEADER)))
    costs = [cost(records, name) for name in ("report", "attach_signed")]
    first = SignedCopy.objects.get()
    for _ in range(5):
        copy = SignedCopy(release=first.release, content=b"%PDF", sha256="x", filename="Cũ.pdf",
                          size=4, pages=1, by=records.user, at=first.at, replaced_at=first.at,
                          replaced_by=records.user, replaced_for="Nhầm.")  # fmt: skip
        copy.save()
        copy.signatures.create(order=1, signer=LEADER, intact=True, trust="unknown")
    assert [cost(records, name) for name in ("report", "attach_signed")] == costs
    assert records.page().count("Bản đã ký đã bị thay: Cũ.pdf") == 5


def cost(desk: Desk, name: str) -> int:
    """The queries of a page; none of them reads the bytes of a copy."""
    desk.client.get(reverse(name, args=[desk.pk]))
    with CaptureQueriesContext(connection) as queries:
        assert desk.client.get(reverse(name, args=[desk.pk])).status_code == 200
    asked: Iterator[str] = (query["sql"] for query in queries)
    assert [sql for sql in asked if '"reports_signedcopy"."content"' in sql] == []
    return len(queries)
