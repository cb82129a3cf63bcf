"""Bad days of what leaves the house and of what people are told: exports, notices, letters, signed copies,
and the way back after login.

Other bad days have modules of their own: pressing twice, stale pages and replays `test_way.py`, eight who
press at once `test_pressing_races.py`, workers that are killed `test_queue.py`, the last second of a deadline
`test_clock.py`, who may do what and requests without a token `test_access.py`.
"""

import html
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine
from conftest import HA_TIEN, LOC_THUY, TONG_SON, report_of
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from page_markup import MARKED, Markup
from signed_pdf import plain_pdf
from sink import Sink

from reports.access.policy import today
from reports.checks import gate
from reports.enums import Post, State
from reports.exports import orders
from reports.management import worker
from reports.models import (
    Export,
    Letter,
    Notice,
    Report,
    ReportingPeriod,
    RoleAssignment,
    SignedCopy,
    Unit,
    User,
)
from reports.models.sections import Direction, Evaluation
from reports.notifications import mail, reminders
from reports.review import remarks
from reports.views import notices as notice_pages
from reports.workflow import extension
from reports.workflow.moves import Return
from reports.workflow.transitions import perform

Browser = Callable[[User], Client]
HT = "HT-2023-6T"


@pytest.fixture(autouse=True)
def empty_folder() -> Iterator[None]:
    yield
    for path in settings.EXPORT_DIR.glob("*"):
        orders.remove(path)


def person(username: str) -> User:
    return User.objects.get(username=username)


def period_of(code: str) -> ReportingPeriod:
    return ReportingPeriod.objects.select_related("kind", "superior").get(code=code)


def told(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def made(user: User, kind: str, scope: str = "sent") -> Export:
    export = orders.ask(user, period_of(HT), kind, scope)
    worker.drain()
    export.refresh_from_db()
    return export


def end_roles(user: User) -> None:
    RoleAssignment.objects.filter(user=user).update(valid_to=today() - timedelta(days=1))


# --- exports: whose they are --------------------------------------------------------------------------


def test_an_export_is_its_owners_alone_whoever_guesses_its_number(
    as_user: Browser, reviewer: User
) -> None:
    export = made(reviewer, "workbook")
    file, gone = (reverse(name, args=[export.pk]) for name in ("export_file", "delete_export"))
    second = User.objects.create_user("cung_phong")
    RoleAssignment.objects.create(user=second, unit=export.period.superior, role="reviewer")
    others = ("quantri", "thanhhoa_noivu", "phuloc_noivu", "hatien", "locthuy", second.username)
    for name in others:
        client = as_user(person(name))
        assert client.get(file).status_code == client.head(file).status_code == 404, name
        assert client.post(gone).status_code == 404, name
        progress = client.get(reverse("exports_progress", args=[HT]))
        assert progress.status_code == 404 or progress.json() == {"exports": []}, name
    mine = as_user(reviewer)
    progress = mine.get(reverse("exports_progress", args=[HT]))
    assert [one["id"] for one in progress.json()["exports"]] == [export.pk]
    assert progress["Cache-Control"] == "no-store, private"
    answer = mine.get(file)
    assert len(answer.getvalue()) == export.size
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "no-store" in answer["Cache-Control"]
    for wrong in (f"/xuat/{10**30}/tep", f"/xuat/{export.pk}/../tep", "/xuat/..%2f..%2f/tep"):
        assert mine.get(wrong).status_code == 404, wrong


def test_whoever_is_blocked_after_asking_gets_no_file(as_user: Browser, reviewer: User) -> None:
    export = orders.ask(reviewer, period_of(HT), "workbook", "sent")
    client = as_user(reviewer)
    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    worker.drain()
    export.refresh_from_db()
    assert (export.problem, export.file) == (orders.NO_LONGER, "")
    answer = client.get(reverse("export_file", args=[export.pk]))
    assert answer["Location"].startswith(reverse("login"))


def test_a_role_that_ends_at_midnight_exports_nothing_a_second_later(
    as_user: Browser, reviewer: User
) -> None:
    last = date(2026, 12, 31)
    RoleAssignment.objects.filter(user=reviewer).update(valid_to=last)
    midnight = datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    with time_machine.travel(midnight - timedelta(seconds=1), tick=False) as clock:
        client = as_user(reviewer)
        done = made(reviewer, "workbook")
        waiting = orders.ask(reviewer, period_of(HT), "workbook", "approved")
        address = reverse("export_file", args=[done.pk])
        assert client.get(address).getvalue()[:2] == b"PK"
        clock.move_to(midnight)
        assert client.get(address).status_code == 404
        assert client.get(reverse("exports_progress", args=[HT])).status_code == 404
        worker.drain()
        waiting.refresh_from_db()
        assert (waiting.problem, waiting.file) == (orders.NO_LONGER, "")


@pytest.mark.parametrize("kind", ["", "x", "workbook\x00", "../zip", "W" * 50_000, "<b>"])
def test_a_kind_or_scope_that_is_none_asks_for_nothing(
    as_user: Browser, reviewer: User, kind: str
) -> None:
    client = as_user(reviewer)
    for data in ({"kind": kind, "scope": "sent"}, {"kind": "zip", "scope": kind}):
        answer = client.post(reverse("exports", args=[HT]), data)
        assert (answer.status_code, answer["Location"]) == (302, reverse("exports", args=[HT]))
        assert "Mời chọn loại tệp và phạm vi" in told(answer)
    assert not Export.objects.exists()
    assert client.post(reverse("exports", args=["LT-2022-Q1"]), {"kind": "zip"}).status_code == 404


def test_who_asks_a_thousand_times_has_six_waiting_and_thirty_in_all(
    as_user: Browser, reviewer: User
) -> None:
    client = as_user(reviewer)

    def ask_for_everything() -> str:
        answers = [
            client.post(reverse("exports", args=[code]), {"kind": kind, "scope": scope})
            for code in (HT, "HT-2023-9T")
            for kind in Export.Kind.values
            for scope in Export.Scope.values
        ]
        return told(answers[-1])

    assert "Đang có 6 tệp chờ tạo; mời đợi xong" in ask_for_everything()
    for _ in range(6):
        assert Export.objects.filter(by=reviewer, finished_at=None).count() <= 6
        Export.objects.update(finished_at=timezone.now())
        said = ask_for_everything()
    assert "đang giữ 30 tệp xuất; mời xóa bớt" in said
    assert Export.objects.filter(by=reviewer).count() == 30
    # Another is not in their way, and who deletes one may ask again.
    assert orders.ask(person("quantri"), period_of(HT), "workbook", "sent").pk
    client.post(reverse("delete_export", args=[Export.objects.filter(by=reviewer).first().pk]))
    client.post(reverse("exports", args=[HT]), {"kind": "workbook", "scope": "sent"})
    assert Export.objects.filter(by=reviewer, finished_at=None).count() == 1


def test_of_a_worker_that_comes_back_from_the_dead_nothing_is_left(reviewer: User) -> None:
    export = orders.ask(reviewer, period_of(HT), "workbook", "sent")
    first = orders.EXPORTS.claim()
    killed = settings.EXPORT_DIR / f"{export.token}.1.part"
    killed.mkdir(parents=True)
    (killed / "half.xlsx").write_bytes(b"PK half")
    Export.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = orders.EXPORTS.claim()
    assert (first.attempt, second.attempt) == (1, 2)
    orders.export(second)
    with pytest.raises(orders.LostLease):
        orders.export(first)
    export.refresh_from_db()
    assert export.file == f"{export.token}.2.xlsx"
    assert [path.name for path in settings.EXPORT_DIR.iterdir()] == [export.file]


# --- exports: what is in them -------------------------------------------------------------------------

#: What a unit may be called by somebody who means harm; the last has what a workbook cannot hold.
NAMES = ('../../x"\r\nX-Evil: 1', "=cmd|' /C calc'!A0", "\u202egpj.exe/\\:*?<script>", "a\x0b\x01b")
FORMULAS = ("=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", "x" * 40_000, "a\x0bb",
            "=HYPERLINK(\"http://x.example\")", "{=1}", "http://x.example")  # fmt: skip


def every_text(content: bytes) -> str:
    """All that a ZIP holds, files within files too, as one text."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            inside = archive.read(name)
            found.append(name)
            found.append(
                every_text(inside) if inside[:2] == b"PK" else inside.decode("utf-8", "replace")
            )
    return "\n".join(found)


@pytest.mark.once
@pytest.mark.pdf
def test_the_files_hold_ones_own_reports_alone_under_names_that_lead_nowhere(
    as_user: Browser, reviewer: User
) -> None:
    Report.objects.filter(period__code=HT).update(state=State.DRAFT)
    for unit in (HA_TIEN, LOC_THUY):
        report = report_of(unit)
        Evaluation.objects.filter(report=report).update(limits=f"chim-yến-{unit}")
        Report.objects.filter(pk=report.pk).update(state=State.SENT, sent_at=timezone.now())
    others = Unit.objects.filter(reports__period__code=HT).exclude(code=HA_TIEN)
    for unit, name in zip(others, NAMES, strict=False):
        Unit.objects.filter(pk=unit.pk).update(name=name)
    Unit.objects.filter(code=HA_TIEN).update(name=NAMES[0], code="../../../c")
    for kind in ("zip", "workbook"):
        export = made(reviewer, kind)
        answer = as_user(reviewer).get(reverse("export_file", args=[export.pk]))
        content = answer.getvalue()
        assert answer["Content-Disposition"].isprintable()
        text = every_text(content)
        assert f"chim-yến-{LOC_THUY}" not in text
        assert f"chim-yến-{HA_TIEN}" in text
        for name in zipfile.ZipFile(io.BytesIO(content)).namelist():
            assert ".." not in name and not name.startswith("/") and name.isprintable()
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Chưa có báo cáo"]
    names = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in names} == {"s"}
    assert "<script>" in " ".join(cell.value for cell in names)


@pytest.mark.once
def test_no_text_becomes_a_formula_in_the_workbook(reviewer: User) -> None:
    reports = list(Report.objects.filter(period__code=HT).exclude(state="excluded"))
    Report.objects.filter(period__code=HT).update(state=State.SENT)
    rows = [(Direction, text_column()), (Evaluation, "limits")]
    for (report, (model, column)), typed in zip(product(reports, rows), FORMULAS, strict=False):
        model.objects.filter(report=report).update(**{column: typed})
    export = made(reviewer, "workbook")
    assert export.problem == ""
    content = (settings.EXPORT_DIR / export.file).read_bytes()
    assert "<f>" not in every_text(content) and "<hyperlink" not in every_text(content)
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content))["Số liệu"] for cell in row]
    found = {str(cell.value) for cell in cells if cell.data_type == "s"}
    for typed in FORMULAS[:4] + FORMULAS[6:7] + FORMULAS[9:]:
        assert typed in found, typed
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}


def text_column() -> str:
    return next(f.name for f in Direction._meta.fields if getattr(f, "max_length", None) is None
                and f.get_internal_type() == "TextField")  # fmt: skip


# --- what people are told -----------------------------------------------------------------------------


@pytest.fixture
def report(db: None) -> Report:
    """Tống Sơn's of nine months, being reviewed by the province; its clerk and a leader hear of it."""
    found = report_of(TONG_SON, "TH-2026-9T")
    Report.objects.filter(pk=found.pk).update(state=State.REVIEWING)
    Notice.objects.all().delete()
    leader = User.objects.create_user("lanhdao", email="lanhdao@xa.example", full_name="Người")
    RoleAssignment.objects.create(user=leader, unit=found.unit, role="leader")
    User.objects.filter(username="tongson").update(email="tongson@xa.example")
    found.refresh_from_db()
    return found


def send_back(report: Report, words: str = "Bí-mật-nội-bộ") -> None:
    Report.objects.filter(pk=report.pk).update(state=State.REVIEWING)
    report.refresh_from_db()
    perform(report, Return(words), person("thanhhoa_noivu"))


def test_a_role_that_ended_takes_its_notices_along_in_the_portal_and_in_the_mail(
    report: Report, as_user: Browser, mailoutbox: list[Any]
) -> None:
    clerk = person("tongson")
    client = as_user(clerk)
    send_back(report)
    assert "Bí-mật-nội-bộ" in client.get(reverse("notices")).content.decode()
    end_roles(clerk)
    page = client.get(reverse("notices")).content.decode()
    assert "Bí-mật-nội-bộ" not in page and "Yêu cầu chỉnh lý" not in page
    assert 'class="count"' not in client.get("/").content.decode()
    worker.drain()
    assert [letter.to for letter in mailoutbox] == [["lanhdao@xa.example"]]
    assert Letter.objects.get(user=clerk).problem == mail.NO_LONGER
    # They come again with the role.
    RoleAssignment.objects.filter(user=clerk).update(valid_to=None)
    assert "Bí-mật-nội-bộ" in client.get(reverse("notices")).content.decode()


def test_a_digest_tells_only_of_what_its_reader_may_still_see(
    report: Report, mailoutbox: list[Any]
) -> None:
    office = person("thanhhoa_noivu")
    unit = report_of(HA_TIEN, "HT-2023-9T").unit
    RoleAssignment.objects.create(user=office, unit=unit, role="leader")
    User.objects.filter(pk=office.pk).update(mail="digest", email="so@tinh.example")
    at = timezone.now() - timedelta(days=2)
    for about, words in ((report_of(HA_TIEN, "HT-2023-9T"), "của xã"), (report, "của sở")):
        Notice.objects.create(user=office, report=about, place="own", kind="move", title=words,
                              text=words, at=at, post=Post.DIGEST)  # fmt: skip
    RoleAssignment.objects.filter(user=office, unit=report.period.superior).delete()
    with time_machine.travel(timezone.now().replace(hour=3), tick=False):  # 10:00 in Vietnam
        worker.drain()
    (letter,) = mailoutbox
    assert "của xã" in letter.body and "của sở" not in letter.subject + letter.body
    # Whose account was blocked after the letter was written hears nothing at all.
    RoleAssignment.objects.create(user=office, unit=report.period.superior, role="reviewer")
    send_back(report)
    User.objects.filter(username__in=("tongson", "lanhdao")).update(is_active=False)
    worker.drain()
    assert len(mailoutbox) == 1


HOSTILE = (
    "Vì\r\nBcc: x@evil.example\r\n\r\n.\r\nMAIL FROM:<x>\n\u202egpj\u202c <script>alert(1)</script>"
)


@pytest.mark.once
def test_no_words_break_out_of_a_letter(report: Report, as_user: Browser) -> None:
    Unit.objects.filter(pk=report.unit_id).update(name="Tống\r\nBcc: y@evil.example")
    User.objects.filter(username="thanhhoa_noivu").update(full_name="Sở\r\nCc: z@evil.example")
    report = Report.objects.select_related("unit", "period").get(pk=report.pk)
    with Sink() as sink:
        settings_of = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": sink.port}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
            for name, value in settings_of.items():
                patch.setattr(settings, name, value)
            send_back(report, HOSTILE)
            worker.drain()
    assert sorted(to for to, _ in sink.messages) == ["lanhdao@xa.example", "tongson@xa.example"]
    for to, message in sink.messages:
        assert str(message["To"]).strip() == to
        assert (message["Cc"], message["Bcc"]) == (None, None)
        assert message["Auto-Submitted"] == "auto-generated"  # no robot answers it
        assert "\n" not in str(message["Subject"]).strip()
        body = message.get_content()
        assert "<script>alert(1)</script>" in body and "\u202e" not in body
        assert message.get_content_type() == "text/plain"
    page = as_user(person("tongson")).get(reverse("notices")).content.decode()
    assert Markup(page).found == [] and "&lt;script&gt;alert(1)" in page


def test_opening_a_notice_leads_nowhere_but_to_its_report(report: Report, as_user: Browser) -> None:
    send_back(report)
    notice = Notice.objects.get(user=person("tongson"))
    address = reverse("notice", args=[notice.pk]) + "?next=//evil.example"
    data = {"next": "//evil.example", "url": "https://evil.example", "report": "1", "user": "1"}
    assert as_user(person("lanhdao")).post(address, data).status_code == 404
    answer = as_user(person("tongson")).post(address, data, headers={"referer": "//evil.example"})
    assert answer["Location"] == reverse("report", args=[report.pk])
    assert as_user(person("tongson")).post(reverse("notice", args=[10**18])).status_code == 404


def test_the_timeline_names_no_address_of_a_letter_that_was_refused(
    report: Report, as_user: Browser
) -> None:
    send_back(report)
    said = (
        "Máy chủ thư từ chối địa chỉ tongson@xa.example: 550 5.1.1 <tongson@xa.example>: không có"
    )
    Letter.objects.update(finished_at=timezone.now(), problem=said)
    page = as_user(person("thanhhoa_noivu")).get(reverse("timeline", args=[report.pk]))
    assert "không gửi được: Máy chủ thư từ chối địa chỉ …: 550 5.1.1" in page.content.decode()
    assert "@xa.example" not in page.content.decode()


# --- how one is mailed --------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    "address",
    ["a@xa.example\r\nBcc: b@x.example", "a@xa.example,b@xa.example", '"a b"@x.example>', "a@b",
     "<script>@x.example", "a@xa.example\x00", "a" * 300 + "@xa.example", "а@xa.example", "a@",
     "a@xa.example\u2028b@c.example", "mailto:a@xa.example", "a@[127.0.0.1", "A <a@xa.example>"],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(
    report: Report, as_user: Browser, address: str
) -> None:
    client = as_user(person("lanhdao"))
    answer = client.post(reverse("mailing"), {"mail": "each", "email": address})
    assert answer.status_code == 422
    assert person("lanhdao").email == "lanhdao@xa.example"
    assert Markup(answer.content.decode()).found == []


def test_the_form_of_mail_changes_two_columns_and_no_more(report: Report, as_user: Browser) -> None:
    smuggled = {"is_staff": "on", "is_superuser": "on", "username": "quantri", "is_active": "",
                "password": "x", "full_name": "Chủ tịch", "roles": "1", "id": "1"}  # fmt: skip
    before = User.objects.filter(username="lanhdao").values().get()
    client = as_user(person("lanhdao"))
    data = {"mail": "digest", "email": "moi@xa.example"}
    assert client.post(reverse("mailing"), data | smuggled).status_code == 302
    after = User.objects.filter(username="lanhdao").values().get()
    changed = {name for name, value in after.items() if value != before[name]}
    assert changed == {"mail", "email", "last_login"}


def test_who_is_blocked_while_the_form_is_saved_stays_blocked(
    report: Report, as_user: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_user(person("lanhdao"))

    def blocked_meanwhile(user: User) -> bool:
        User.objects.filter(pk=user.pk).update(is_active=False, password="moi")
        return mail.changed_often(user)

    monkeypatch.setattr(notice_pages, "changed_often", blocked_meanwhile)
    client.post(reverse("mailing"), {"mail": "none", "email": "moi@xa.example"})
    user = person("lanhdao")
    assert (user.is_active, user.password, user.email) == (False, "moi", "moi@xa.example")


def test_an_address_is_changed_five_times_a_day_so_that_nobody_is_flooded(
    report: Report, as_user: Browser, mailoutbox: list[Any]
) -> None:
    client = as_user(person("lanhdao"))
    send_back(report, "Lời cho địa chỉ mới")
    statuses = [
        client.post(reverse("mailing"), {"mail": "each", "email": f"a{n}@x.example"}).status_code
        for n in range(8)
    ]
    assert statuses == [302] * 5 + [422] * 3
    assert person("lanhdao").email == "a4@x.example"
    worker.drain()
    # What waited went to the address that is good now, and to no other.
    moved = [letter.to for letter in mailoutbox if "Lời cho địa chỉ mới" in letter.body]
    assert sorted(moved) == [["a4@x.example"], ["tongson@xa.example"]]
    assert sum("Địa chỉ nhận thư" in letter.subject for letter in mailoutbox) == 5
    Letter.objects.filter(subject=mail.ADDRESS_CHANGED).update(
        made_at=timezone.now() - timedelta(days=2)
    )
    send_back(report, "Lời cho không ai")
    assert client.post(reverse("mailing"), {"mail": "each", "email": ""}).status_code == 302
    mailoutbox.clear()
    worker.drain()
    reached = [letter.to for letter in mailoutbox if "Lời cho không ai" in letter.body]
    assert reached == [["tongson@xa.example"]]


# --- markup -------------------------------------------------------------------------------------------


@pytest.mark.once
def test_markup_in_every_word_is_text_on_every_page_that_shows_it(
    report: Report, as_user: Browser, mailoutbox: list[Any]
) -> None:
    """Twenty and more payloads in reason, remark, explanation, names of unit, person and file."""
    harm = [text for text in MARKED if "<" in text][:32]
    words = "\n".join(harm)
    Unit.objects.filter(pk=report.unit_id).update(name="".join(harm)[:120])
    Unit.objects.filter(pk=report.period.superior_id).update(office=harm[3])
    User.objects.filter(username__in=("tongson", "thanhhoa_noivu")).update(full_name=words[:120])
    report = Report.objects.select_related("unit", "period").get(pk=report.pk)
    clerk, office = person("tongson"), person("thanhhoa_noivu")
    remarks.say(report, office, words)
    remarks.say(report, clerk, words)
    send_back(report, words)
    found = gate.verdict(report, clerk).warnings
    gate.explain(report, {one.finding.key: words for one in found}, clerk)
    form = {
        "about": "plan",
        "files": SimpleUploadedFile("<img src=x onerror=alert(1)>.pdf", plain_pdf()),
    }
    assert as_user(clerk).post(reverse("evidence", args=[report.pk]), form).status_code == 302
    extension.ask_extension(report, report.due + timedelta(days=90), clerk, words)
    orders.ask(office, report.period, "zip", "sent")
    Export.objects.update(finished_at=timezone.now(), problem=words)
    for user in (clerk, office):
        client = as_user(user)
        pages = ["/", reverse("notices"), reverse("mailing")]
        pages += [reverse(name, args=[report.pk]) for name in
                  ("report", "review", "timeline", "checks", "sign_off", "evidence", "preview")]  # fmt: skip
        if user == office:
            pages += [
                reverse(name, args=["TH-2026-9T"]) for name in ("period", "matrix", "exports")
            ]
        shown = 0
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, page
            text = answer.content.decode()
            bars = '<svg class="bar"'  # drawn by the portal itself
            assert [one for one in Markup(text).found if not one.startswith(bars)] == [], page
            shown += html.escape(harm[0]) in text or "&lt;script&gt;" in text
        assert shown >= 6
    worker.drain()
    assert mailoutbox and all(one.content_subtype == "plain" for one in mailoutbox)
    assert not any("\n" in one.subject for one in mailoutbox)


# --- signed copies ------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.pdf", 'a".pdf"\r\nX-Evil: 1', "\u202efdp.exe.pdf", "x" * 190 + ".pdf",
     "<img src=x onerror=alert(1)>.pdf", "C:\\bí mật\\a.pdf", ".pdf", "a\x00.pdf"],
)  # fmt: skip
def test_a_signed_copy_that_is_also_a_web_page_is_only_ever_downloaded(name: str, db: None) -> None:
    issued = report_of("15313", "HT-2023-9T")
    records = Client()
    records.force_login(person("hason_vanthu"))
    page = b"%PDF-1.7\n%<html><script>alert(document.cookie)</script></html>\n"
    harmful = plain_pdf().replace(b"%PDF-1.7\n", page).replace(b"%PDF-1.4\n", page)
    harmful = harmful if page in harmful else page + plain_pdf()
    told = {"signed": SimpleUploadedFile(name, harmful), "compared": "on"}
    answer = records.post(reverse("attach_signed", args=[issued.pk]), told)
    assert answer.status_code in (302, 422)
    copy = SignedCopy.objects.filter(release__report=issued).first()
    if answer.status_code == 422:
        assert copy is None
        return
    assert copy and copy.filename.isprintable() and "/" not in copy.filename
    fetched = records.get(reverse("signed_copy", args=[issued.pk, copy.pk]))
    assert fetched.content == harmful
    told_name = "Bao-cao-CCHC_xa-Ha-Son_9-thang-2023_ban-ky.pdf"
    assert fetched["Content-Disposition"] == f'attachment; filename="{told_name}"'
    assert fetched["Content-Type"] == "application/pdf"
    assert fetched["X-Content-Type-Options"] == "nosniff"
    assert fetched["Cache-Control"] == "no-store, private"
    assert "default-src 'none'" in fetched["Content-Security-Policy"]
    shown = records.get(reverse("report", args=[issued.pk])).content.decode()
    assert Markup(shown).found == []


def test_no_more_than_ten_copies_of_a_release_are_kept(db: None) -> None:
    issued = report_of("15313", "HT-2023-9T")
    records = Client()
    records.force_login(person("hason_vanthu"))
    address = reverse("attach_signed", args=[issued.pk])

    def bring(content: bytes, **more: Any) -> HttpResponse:
        told = {"signed": SimpleUploadedFile("Ký.pdf", content), "compared": "on", **more}
        return records.post(address, told)

    assert bring(plain_pdf()).status_code == 302
    copy = SignedCopy.objects.get(release__report=issued)
    for _ in range(9):
        SignedCopy.objects.create(
            release=copy.release, content=b"%PDF", sha256="x", filename="Cũ.pdf", size=4, pages=1,
            by=copy.by, at=copy.at, replaced_at=copy.at, replaced_by=copy.by, replaced_for="Nhầm.",
        )  # fmt: skip
    answer = bring(plain_pdf() + b"\n%%EOF\n", reason="Nhầm tệp.", replaces=copy.pk)
    assert answer.status_code == 422
    assert "Đã nạp 10 bản đã ký" in answer.content.decode()
    assert SignedCopy.objects.get(replaced_at=None, release__report=issued) == copy
    assert issued.events.filter(verb="attach_signed").count() == 1


# --- after login --------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    "referer",
    ["http://testserver//evil.example/", "http://testserver/\\evil.example", "//evil.example/",
     "http://testserver@evil.example/", "http://testserver.evil.example/", "http://testserver//[",
     "javascript:alert(1)//http://testserver/", "http:///evil.example", "\thttp://evil.example/",
     "http://testserver/\r\nX: 1", "http://testserver//testserver/", "http://[", "a" * 9000],
)  # fmt: skip
def test_what_was_posted_without_login_leads_back_to_a_page_of_ours(
    report: Report, referer: str
) -> None:
    address = reverse("remark", args=[report.pk])
    answer = Client().post(address, {"text": "x"}, headers={"referer": referer})
    assert answer.status_code == 302
    (back,) = parse_qs(urlsplit(answer["Location"]).query).get("next", ["/"])
    assert back in ("/", reverse("review", args=[report.pk])), back


@pytest.mark.once
@pytest.mark.parametrize("path", ["//[", "//evil.example/", "/\\evil.example", "/\x00", "/xuat/x/"])
def test_a_large_post_to_nowhere_without_login_leads_to_the_first_page(path: str, db: None) -> None:
    answer = Client().post("/", PATH_INFO=path, CONTENT_LENGTH=str(50 * 1024**2))
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer["Location"]).query).get("next", ["/"]) == ["/"]


# --- dates nobody means ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day", ["31/12/9999", "1/1/0001", "29/2/2027", "'; DROP TABLE", "9" * 50_000]
)
def test_no_day_breaks_a_page_or_the_clock(report: Report, as_user: Browser, day: str) -> None:
    Report.objects.filter(pk=report.pk).update(state=State.DRAFT)
    office = as_user(person("thanhhoa_noivu"))
    told = {"day": day, "note": "x", "step": str(report.step)}
    answer = office.post(reverse("more_time", args=[report.pk]), told)
    assert answer.status_code in (302, 422)
    assert answer.status_code == 422 or day == "31/12/9999"
    for page in (reverse("report", args=[report.pk]), reverse("period", args=["TH-2026-9T"])):
        assert office.get(page).status_code == 200
    reminders.remind_by_clock()
