"""Being told: who hears of what in the portal and by mail, once, and only of what really happened.

The report is Tống Sơn's of nine months, as in `test_way.py`; its unit gets a leader, a văn thư and a second
clerk here, its superior a second reviewer.
"""

import socket
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

import pytest
import time_machine
from conftest import TONG_SON, report_of
from django.conf import settings as configured
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from sink import Sink

from reports import verbs
from reports.access.policy import Refused, today
from reports.audit import verify
from reports.checks import gate
from reports.checks.gate import NotYet
from reports.enums import NoticeKind, Post, Section, State, Verb
from reports.issuing.release import IssuedPaper
from reports.management import worker
from reports.management.system_checks import mail_can_go
from reports.models import Letter, Notice, Report, ReportingPeriod, RoleAssignment, Unit, User
from reports.notifications import mail, reminders
from reports.periods.opening import open_period
from reports.review import remarks
from reports.text.dates import format_date
from reports.workflow import extension, reopening
from reports.workflow.moves import Approve, CorrectIssue, Issue, Plain, Reopen, Return
from reports.workflow.transitions import perform

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def report() -> Report:
    found = report_of(TONG_SON, "TH-2026-9T")
    province = found.period.superior
    for name, unit, role, more in (
        ("lanhdao", found.unit, "leader", {}),
        ("vanthu", found.unit, "records", {}),
        ("congchuc", found.unit, "clerk", {}),
        ("thamdinh", province, "reviewer", {}),
        ("da_thoi", found.unit, "clerk", {"valid_to": date(2026, 11, 1)}),
        ("sap_nhan", found.unit, "leader", {"valid_from": date(2099, 1, 1)}),
        ("bi_khoa", found.unit, "clerk", {}),
        ("noi_khac", Unit.objects.get(code="15325"), "clerk", {}),
    ):
        user = User.objects.create_user(name, email=f"{name}@xa.example", full_name=f"Người {name}")
        RoleAssignment.objects.create(user=user, unit=unit, role=role, **more)
    User.objects.filter(username="bi_khoa").update(is_active=False)
    return found


def person(name: str) -> User:
    return User.objects.get(username=name)


def heard(report: Report) -> set[str]:
    return set(Notice.objects.filter(report=report).values_list("user__username", flat=True))


def act(report: Report, verb: str, state: str, by: str, **more: Any) -> None:
    """Do `verb` to the report as it would stand; with a reason, and a number for what is issued."""
    Report.objects.filter(pk=report.pk).update(state=state, on_behalf=verb == "hand_back")
    report.refresh_from_db()
    doer = person(by)
    if verb == "present":
        found = gate.verdict(report, doer).warnings
        gate.explain(report, {one.finding.key: "Đúng như sổ." for one in found}, doer)
    if verb in ("issue", "correct_issue"):
        more["paper"] = IssuedPaper(15, date(2026, 9, 20), "Lê Văn An")
    kind = WITH_MORE.get(verb) or partial(Plain, Verb(verb))
    perform(report, kind(note="Số liệu chưa khớp", **more), doer)


#: The moves that need more than a note.
WITH_MORE: dict[str, Any] = {
    kind.verb.value: kind for kind in (Return, Reopen, Approve, Issue, CorrectIssue)
}


class Move(NamedTuple):
    """A move done in a state by somebody, and everybody who is told of it, by the names of accounts."""

    verb: str
    state: str
    by: str
    recipients: str


MOVES = [
    Move(verb="present", state="draft", by="tongson", recipients="lanhdao"),
    Move(verb="take_back", state="presented", by="tongson", recipients="congchuc lanhdao"),
    Move(verb="send_back", state="presented", by="lanhdao", recipients="tongson congchuc"),
    Move(verb="send_back", state="signed", by="lanhdao", recipients="tongson congchuc vanthu"),
    Move(verb="take_back", state="signed", by="tongson", recipients="congchuc lanhdao vanthu"),
    Move(verb="sign_off", state="presented", by="lanhdao", recipients="tongson congchuc vanthu"),
    Move(
        verb="send",
        state="signed",
        by="vanthu",
        recipients="tongson congchuc lanhdao thanhhoa_noivu thamdinh",
    ),
    Move(
        verb="withdraw",
        state="sent",
        by="tongson",
        recipients="congchuc lanhdao thanhhoa_noivu thamdinh",
    ),
    Move(verb="begin_review", state="sent", by="thamdinh", recipients="tongson congchuc lanhdao"),
    Move(verb="put_back", state="reviewing", by="thamdinh", recipients="thanhhoa_noivu"),
    Move(verb="return", state="reviewing", by="thamdinh", recipients="tongson congchuc lanhdao"),
    Move(
        verb="approve",
        state="reviewing",
        by="thamdinh",
        recipients="tongson congchuc lanhdao vanthu",
    ),
    Move(verb="issue", state="approved", by="vanthu", recipients="thanhhoa_noivu thamdinh"),
    Move(
        verb="correct_issue",
        state="issued",
        by="vanthu",
        recipients="tongson congchuc lanhdao thanhhoa_noivu thamdinh",
    ),
    Move(verb="reopen", state="issued", by="thamdinh", recipients="tongson congchuc lanhdao"),
    Move(verb="exclude", state="draft", by="quantri", recipients="tongson congchuc lanhdao"),
    Move(verb="include", state="excluded", by="quantri", recipients="tongson congchuc lanhdao"),
    Move(verb="take_over", state="draft", by="thamdinh", recipients="tongson congchuc lanhdao"),
    Move(verb="hand_back", state="draft", by="thamdinh", recipients="tongson congchuc lanhdao"),
]


@pytest.mark.once
@pytest.mark.pdf  # an approved report is printed
@pytest.mark.usefixtures("papers_printed_once")
@pytest.mark.parametrize(Move._fields, MOVES)
def test_each_hand_over_tells_exactly_these(
    report: Report, verb: str, state: str, by: str, recipients: str
) -> None:
    act(report, verb, state, by)
    assert heard(report) == set(recipients.split())
    quiet = verb in ("begin_review", "put_back")
    for notice in Notice.objects.filter(report=report):
        assert "Tống Sơn" in notice.title
        assert "9 tháng" in notice.text
        assert "Lý do: Số liệu chưa khớp" in notice.text
        assert (notice.post == Post.QUIET) == quiet
        assert (notice.letter is not None) == (notice.post == Post.LETTER)


@pytest.mark.once
def test_every_move_stands_in_the_table() -> None:
    assert {move.verb for move in MOVES} == {verb.value for verb in verbs.MOVES}


def test_sections_and_more_time_are_asked_for_above_and_given_below(report: Report) -> None:
    act(report, "return", "reviewing", "thamdinh", sections=(Section.PLAN,))
    assert "Phần: “Phương hướng, nhiệm vụ”." in Notice.objects.get(user=person("tongson")).text
    clerk, office = person("tongson"), person("thamdinh")
    below, above = {"tongson", "congchuc", "lanhdao"}, {"thanhhoa_noivu", "thamdinh"}
    later = max(report.due, today()) + timedelta(days=3)
    for ask, told in (
        (lambda: reopening.ask_reopen(report, Section.EGOV, clerk, "Thiếu số"), above),
        (lambda: reopening.open_section(report, Section.EGOV, office), below),
        (lambda: extension.ask_extension(report, later, clerk, "Mưa lũ"), above),
        (lambda: extension.extend(report, later, office, "Đồng ý"), below),
    ):
        Notice.objects.all().delete()
        ask()
        assert heard(report) == told
    words = Notice.objects.get(user=person("lanhdao")).text
    assert words.endswith(f"đến {format_date(later)}.\nLý do: Đồng ý")


def test_what_is_rolled_back_or_refused_was_never_told(report: Report) -> None:
    with transaction.atomic():
        act(report, "return", "reviewing", "thamdinh")
        assert Letter.objects.filter(notices__report=report).count() == 3
        transaction.set_rollback(True)
    with pytest.raises(NotYet):
        perform(report, Plain(Verb.EXCLUDE), person("thamdinh"))
    assert not Notice.objects.filter(report=report).exists()
    assert not Letter.objects.filter(finished_at=None).exists()


# --- remarks ------------------------------------------------------------------------------------------


def test_remarks_of_a_sitting_come_as_one_notice_and_one_letter(
    report: Report, settings: Any, mailoutbox: list[Any]
) -> None:
    Report.objects.filter(pk=report.pk).update(state=State.REVIEWING)
    office, clerk = person("thamdinh"), person("tongson")
    for n in range(12):
        remarks.say(report, office, f"Xem lại số {n}\nvà nguồn", Section.PLAN)
    assert heard(report) == {"tongson", "congchuc", "lanhdao"}
    notice = Notice.objects.get(user=clerk)
    head, *lines = notice.text.splitlines()
    assert head.startswith("Sở Nội vụ tỉnh Thanh Hóa ghi 12 ý kiến về báo cáo 9 tháng")
    assert lines[0] == "- Phương hướng, nhiệm vụ: Xem lại số 0 và nguồn"
    assert (len(lines), lines[-1]) == (11, "…")
    # Its letter waits ten minutes; then it tells of all, and what is said later is told anew.
    worker.drain()
    assert mailoutbox == []
    Letter.objects.update(not_before=None)
    worker.drain()
    assert len(mailoutbox) == 3
    assert "ghi 12 ý kiến" in mailoutbox[0].body
    remarks.say(report, office, "Một ý nữa")
    assert list(Notice.objects.filter(user=clerk).values_list("count", flat=True)) == [1, 12]
    # An answer is heard above; a remark too long is refused and told to nobody.
    remarks.answer(report, report.remarks.first().pk, clerk, "Đã sửa")
    assert heard(report) == {"tongson", "congchuc", "lanhdao", "thamdinh", "thanhhoa_noivu"}
    before = Notice.objects.count()
    with pytest.raises(NotYet):
        remarks.say(report, office, "x" * 50_000)
    assert Notice.objects.count() == before


# --- mail ---------------------------------------------------------------------------------------------


def ready_again() -> None:
    Letter.objects.filter(finished_at=None).update(not_before=None)


def test_a_mail_server_that_is_down_loses_nothing(report: Report, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    act(report, "return", "reviewing", "thamdinh")
    letters = Letter.objects.filter(notices__report=report)
    worker.drain()
    # One letter found the server down, and all wait.
    assert sorted(letters.values_list("attempt", flat=True)) == [0, 0, 1]
    assert not letters.filter(not_before=None).exists()
    assert not letters.exclude(finished_at=None).exists()
    with Sink(port) as sink:
        ready_again()
        worker.drain()
        ready_again()
        worker.drain()
        assert sorted(to for to, _ in sink.messages) == sorted(
            person(name).email for name in ("tongson", "congchuc", "lanhdao")
        )
        _, message = sink.messages[0]
        subject = str(message["Subject"]).strip()
        assert subject == "[Báo cáo CCHC] Yêu cầu chỉnh lý: xã Tống Sơn, 9 tháng đầu năm 2026"
        assert message["Message-ID"] == f"<letter-{letters.order_by('pk').first().pk}@localhost>"
        body = message.get_content()
        assert "Lý do: Số liệu chưa khớp" in body
        assert f"https://cchc.example/bao-cao/{report.pk}/" in body
        assert "Đổi cách nhận thư: https://cchc.example/tin-bao/cach-bao/" in body
    assert set(letters.values_list("problem", flat=True)) == {""}
    assert not letters.filter(finished_at=None).exists()


def test_an_address_refused_for_good_is_given_up_and_others_are_tried_again(
    report: Report, settings: Any
) -> None:
    act(report, "return", "reviewing", "thamdinh")
    with Sink() as sink:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
        settings.EMAIL_PORT = sink.port
        sink.refused = {
            "congchuc@xa.example": "550 5.1.1 no such user",
            "lanhdao@xa.example": "451 4.7.1 greylisted",
            person("tongson").email: "554 5.7.1 relay access denied",
        }
        worker.drain()
        assert sink.messages == []
        refused = Letter.objects.get(address="congchuc@xa.example")
        assert refused.finished_at and "550 5.1.1 no such user" in refused.problem
        assert mail.LINE.waiting().count() == 0
        sink.refused = {}
        ready_again()
        worker.drain()
        assert {to for to, _ in sink.messages} == {person("tongson").email, "lanhdao@xa.example"}
        # Five days of refusals are enough.
        old = Letter.objects.create(
            user=person("lanhdao"), address="x@xa.example", subject="a\nBcc: b@c.example", body="b",
            made_at=timezone.now() - timedelta(days=6), problem="Máy chủ thư không trả lời",
            attempt=1,
        )  # fmt: skip
        worker.drain()
        old.refresh_from_db()
        assert old.problem == "Đã thử trong 5 ngày. Máy chủ thư không trả lời"
        assert mail.written(old).subject == "[Báo cáo CCHC] a Bcc: b@c.example"


def test_a_letter_that_always_fails_holds_up_no_other(report: Report, settings: Any) -> None:
    User.objects.filter(username="congchuc").update(email="công chức, xã")
    act(report, "return", "reviewing", "thamdinh")
    with Sink() as sink:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
        settings.EMAIL_PORT = sink.port
        sink.refused = {person("tongson").email: ""}
        worker.drain()
        assert [to for to, _ in sink.messages] == ["lanhdao@xa.example"]
    waiting = Letter.objects.get(user=person("tongson"))
    assert waiting.finished_at is None and "ngắt giữa chừng" in waiting.problem
    odd = Letter.objects.get(user=person("congchuc"))
    assert odd.finished_at and odd.problem.startswith("Địa chỉ thư không đúng dạng")


def test_a_person_chooses_each_or_a_digest_or_no_mail_at_all(report: Report, settings: Any) -> None:
    User.objects.filter(username="tongson").update(mail="none")
    User.objects.filter(username="congchuc").update(mail="digest")
    User.objects.filter(username="lanhdao").update(email="")
    User.objects.filter(username="thamdinh").update(mail="each")
    act(report, "send", "signed", "vanthu")
    assert dict(Notice.objects.filter(report=report).values_list("user__username", "post")) == {
        "tongson": Post.UNWANTED, "congchuc": Post.DIGEST, "lanhdao": Post.NO_ADDRESS,
        "thamdinh": Post.LETTER, "thanhhoa_noivu": Post.DIGEST,
    }  # fmt: skip
    Notice.objects.all().delete()
    settings.MAIL = False
    act(report, "send", "signed", "vanthu")
    assert not Letter.objects.filter(notices__report=report).exists()
    assert set(Notice.objects.values_list("post", flat=True)) == {Post.UNWANTED, Post.OFF}


@pytest.mark.once
def test_a_portal_without_mail_server_or_address_of_its_own_says_so_when_it_starts(
    settings: Any,
) -> None:
    assert mail_can_go(None) == []
    settings.PORTAL_URL = ""
    assert [one.id for one in mail_can_go(None)] == ["reports.W005"]
    assert mail.absolute("notices") == ""
    settings.MAIL = False
    assert [one.id for one in mail_can_go(None)] == ["reports.W004"]


def test_the_digest_gathers_what_is_unread_once_a_day(
    report: Report, mailoutbox: list[Any]
) -> None:
    Notice.objects.all().delete()
    office = person("thanhhoa_noivu")
    with time_machine.travel("2026-11-19 15:00 +07:00", tick=False) as clock:
        for verb, state, by in (("send", "signed", "vanthu"), ("withdraw", "sent", "tongson")):
            act(report, verb, state, by)
        act(report, "send", "signed", "vanthu")
        Notice.objects.filter(user=office).earliest("pk").delete()
        first = Notice.objects.filter(user=office).earliest("pk")
        clock.move_to("2026-11-20 06:59:59 +07:00")
        mail.digests()
        assert not Letter.objects.filter(user=office).exists()
        clock.move_to("2026-11-20 07:00:01 +07:00")
        mail.digests()
        mail.digests()
        assert Letter.objects.filter(user=office).count() == 1
        assert Letter.objects.filter(user=person("thamdinh")).count() == 1
        # What comes after the hour waits for the next day; what was read needs no letter.
        act(report, "withdraw", "sent", "tongson")
        act(report, "send", "signed", "vanthu")
        clock.move_to("2026-11-20 23:00 +07:00")
        mail.digests()
        Notice.objects.filter(user=person("thamdinh")).update(read_at=timezone.now())
        assert Letter.objects.filter(user=office).count() == 1
        clock.move_to("2026-11-21 09:00 +07:00")
        mail.digests()
        assert Letter.objects.filter(user=office).count() == 2
        assert Letter.objects.filter(user=person("thamdinh")).count() == 1
        told = mail.written(Letter.objects.get(notices=first))
    assert told.subject == "[Báo cáo CCHC] 2 thông báo đến ngày 20/11/2026"
    assert "1. Rút lại: xã Tống Sơn" in told.body
    assert "2. Gửi báo cáo: xã Tống Sơn" in told.body


# --- reminders ----------------------------------------------------------------------------------------


@pytest.fixture
def quarter(report: Report) -> ReportingPeriod:
    """The period of the report as if due on 25 November 2026."""
    period = report.period
    ReportingPeriod.objects.filter(pk=period.pk).update(deadline=date(2026, 11, 25))
    Notice.objects.all().delete()
    return ReportingPeriod.objects.get(pk=period.pk)


def test_the_clock_reminds_who_owes_on_the_days_around_the_deadline(
    report: Report, quarter: ReportingPeriod, settings: Any
) -> None:
    settings.REMINDER_DAYS = [-5, -1, 1, 3]
    told = Notice.objects.filter(kind=NoticeKind.DUE, report=report)
    with time_machine.travel("2026-11-19 23:59:59 +07:00", tick=False) as clock:
        reminders.remind_by_clock()
        assert not told.exists()
        clock.move_to("2026-11-20 00:00:01 +07:00")
        reminders.remind_by_clock()
        reminders.remind_by_clock()
        assert heard(report) == {"tongson", "congchuc", "lanhdao"}
        assert told.count() == 3
        # Two units have nobody to tell: they are not looked at anew every minute.
        with CaptureQueriesContext(connection) as queries:
            reminders.remind_by_clock()
        assert len(queries) == 2
        words = told.get(user=person("tongson")).text
        assert words.endswith("của xã Tống Sơn chưa gửi. Còn 5 ngày (hạn 25/11/2026).")
        # NoticeKind at midnight, mailed in the morning.
        letter = Letter.objects.get(notices__user=person("tongson"))
        assert timezone.localtime(letter.not_before).hour == configured.DIGEST_HOUR
        # No worker on the 24th: made up for on the 25th; on the 22nd there was nothing to tell.
        clock.move_to("2026-11-22 08:00 +07:00")
        reminders.remind_by_clock()
        assert told.count() == 3
        clock.move_to("2026-11-25 08:00 +07:00")
        reminders.remind_by_clock()
        assert told.count() == 6
        assert "Hôm nay là hạn cuối" in told.latest("pk").text
        # More time: the days are counted from the new one.
        Report.objects.filter(pk=report.pk).update(extended_to=date(2026, 11, 28))
        clock.move_to("2026-11-26 08:00 +07:00")
        reminders.remind_by_clock()
        assert told.count() == 6
        clock.move_to("2026-11-27 08:00 +07:00")
        reminders.remind_by_clock()
        assert told.count() == 9
        # Sent: nobody is reminded any more.
        Report.objects.filter(pk=report.pk).update(state=State.SENT)
        clock.move_to("2026-11-29 08:00 +07:00")
        reminders.remind_by_clock()
        assert told.count() == 9


def test_the_reviewers_hear_once_who_has_not_sent(report: Report, quarter: ReportingPeriod) -> None:
    told = Notice.objects.filter(kind=NoticeKind.LATE, period=quarter)
    with time_machine.travel("2026-11-25 23:59:59 +07:00", tick=False) as clock:
        reminders.remind_by_clock()
        assert not told.exists()
        clock.move_to("2026-11-26 00:00:01 +07:00")
        for _ in range(2):
            reminders.remind_by_clock()
        assert set(told.values_list("user__username", flat=True)) == {"thanhhoa_noivu", "thamdinh"}
        assert told.count() == 2
        words = told.latest("pk").text
        assert words.startswith("3 đơn vị chưa gửi báo cáo 9 tháng")
        assert "xã Tống Sơn" in words


def said(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_one_click_reminds_who_has_not_sent_once_a_day(
    report: Report, as_user: Browser, quarter: ReportingPeriod
) -> None:
    office = as_user(person("thamdinh"))
    board = reverse("period", args=[quarter.code])
    assert "Nhắc các đơn vị chưa gửi (3)" in office.get(board).content.decode()
    first = office.post(reverse("remind", args=[quarter.code]))
    assert "Đã nhắc 1 đơn vị, 3 người." in said(first)
    assert "2 đơn vị không có tài khoản để nhắc:" in said(first)
    told = Notice.objects.filter(kind=NoticeKind.REMINDER)
    assert set(told.values_list("user__username", flat=True)) == {"tongson", "congchuc", "lanhdao"}
    assert told.filter(letter=None).count() == 0
    again = as_user(person("quantri")).post(reverse("remind", args=[quarter.code]))
    assert "Hôm nay đã nhắc" in said(again)
    assert told.count() == 3
    page = office.get(board).content.decode()
    assert page.count(f"Đã nhắc {reminders.format_date(today())}") == 1
    for name in ("tongson", "hatrung_noivu"):
        assert as_user(person(name)).post(reverse("remind", args=[quarter.code])).status_code == 404
    above = RoleAssignment.objects.create(
        user=person("noi_khac"), unit=Unit.objects.get(code="392"), role="reviewer"
    )
    with pytest.raises(Refused):
        reminders.remind(quarter, above.user)


def many(period: ReportingPeriod, total: int) -> None:
    units = Unit.objects.bulk_create(
        Unit(code=f"y{n}", kind="xã", name=f"Số {n}", folded=f"xa so {n}") for n in range(total)
    )
    users = User.objects.bulk_create(
        User(username=f"nguoi{n}", email=f"n{n}@xa.example") for n in range(total)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, unit=unit, role="clerk")
        for user, unit in zip(users, units, strict=True)
    )
    period.units.add(*units)
    open_period(period)


@pytest.mark.parametrize("units", [2, 40])
def test_reminding_costs_11_however_many_units_owe(
    report: Report, quarter: ReportingPeriod, units: int
) -> None:
    many(quarter, units)
    by = person("thamdinh")
    with CaptureQueriesContext(connection) as queries:
        done = reminders.remind(quarter, by)
    assert (done.units, done.people) == (units + 1, units + 3)
    assert len(queries) == 11


# --- in the portal ------------------------------------------------------------------------------------


def test_a_notice_is_counted_opened_and_read_by_its_owner_alone(
    report: Report, as_user: Browser
) -> None:
    act(report, "return", "reviewing", "thamdinh")
    clerk = as_user(person("tongson"))
    assert '<strong class="count">1<' in clerk.get("/").content.decode()
    page = clerk.get(reverse("notices")).content.decode()
    assert "Lý do: Số liệu chưa khớp" in page
    notice = Notice.objects.get(user=person("tongson"), report=report)
    address = reverse("notice", args=[notice.pk])
    assert as_user(person("lanhdao")).post(address).status_code == 404
    assert clerk.get(address).status_code == 405
    assert Notice.objects.filter(pk=notice.pk, read_at=None).exists()
    assert clerk.post(address)["Location"] == reverse("report", args=[report.pk])
    assert 'class="count"' not in clerk.get("/").content.decode()
    # A role that ended: the notice is still theirs, the report is not.
    RoleAssignment.objects.filter(user=person("tongson")).update(valid_to=today() - timedelta(1))
    assert clerk.post(address)["Location"] == reverse("notices")
    # All at once, but not what the page did not show yet.
    leader = as_user(person("lanhdao"))
    newest = leader.get(reverse("notices")).context["newest"]
    act(report, "return", "reviewing", "thamdinh")
    leader.post(reverse("read_all"), {"newest": newest})
    assert Notice.objects.filter(user=person("lanhdao"), read_at=None).count() == 1


def test_choosing_how_to_be_mailed_tells_the_old_address_of_a_new_one(
    report: Report, as_user: Browser, mailoutbox: list[Any]
) -> None:
    clerk = as_user(person("congchuc"))
    address = reverse("mailing")
    bad = clerk.post(address, {"mail": "digest", "email": "không phải thư"})
    assert bad.status_code == 422
    assert "Cần một địa chỉ thư như" in bad.content.decode()
    assert clerk.post(address, {"mail": "hourly", "email": "a@b.example"}).status_code == 422
    assert person("congchuc").email == "congchuc@xa.example"
    assert clerk.post(address, {"mail": "digest", "email": "moi@xa.example"}).status_code == 302
    user = person("congchuc")
    assert (user.mail, user.email) == ("digest", "moi@xa.example")
    worker.drain()
    assert [one.to for one in mailoutbox] == [["congchuc@xa.example"]]
    assert "Địa chỉ mới: moi@xa.example" in mailoutbox[0].body
    assert clerk.post(address, {"mail": "digest", "email": "moi@xa.example"}).status_code == 302
    assert Letter.objects.filter(user=user).count() == 1


def test_the_timeline_says_who_was_told_and_hides_the_names_of_the_other_office(
    report: Report, as_user: Browser, mailoutbox: list[Any]
) -> None:
    act(report, "send", "signed", "vanthu")
    worker.drain()
    User.objects.filter(username="thamdinh").update(full_name="Nguyễn Thị Thẩm Định")
    Notice.objects.filter(user=person("lanhdao")).update(read_at=timezone.now())
    address = reverse("timeline", args=[report.pk])
    own = as_user(person("tongson")).get(address).content.decode()
    assert "Người lanhdao" in own and "đã đọc lúc" in own and "đã gửi thư lúc" in own
    assert "Sở Nội vụ tỉnh Thanh Hóa" in own and "Nguyễn Thị Thẩm Định" not in own
    office = as_user(person("thanhhoa_noivu")).get(address).content.decode()
    assert "Nguyễn Thị Thẩm Định" in office and "Người lanhdao" in office
    assert "@xa.example" not in own + office
    assert list(verify(report.pk)) == []


def test_opening_a_period_tells_each_unit_of_its_new_report_once(
    report: Report, as_user: Browser
) -> None:
    year = ReportingPeriod.objects.get(code="TH-2026-NAM")
    Report.objects.filter(period=year, unit=report.unit).delete()
    for _ in range(2):
        as_user(person("quantri")).post(reverse("open_period", args=[year.code]))
    told = Notice.objects.filter(kind=NoticeKind.OPENED)
    assert set(told.values_list("user__username", flat=True)) == {"tongson", "congchuc", "lanhdao"}
    assert told.count() == 3
    assert "Báo cáo của xã Tống Sơn chờ nhập, hạn gửi" in told.latest("pk").text
