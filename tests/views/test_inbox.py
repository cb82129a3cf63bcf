"""The first page: what waits for whom, in the words of what is to be done."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_period, make_report, make_superior, make_unit, make_user
from page_lines import holds

from reports.enums import State, Verb
from reports.models import Report, RoleAssignment, User
from reports.workflow.moves import Plain
from reports.workflow.transitions import perform

#: state → the heading under which each finds the report; "" among the rest.
WAITS = {
    State.DRAFT: {"clerk": "Báo cáo cần lập"},
    State.PRESENTED: {"leader": "Chờ ký duyệt"},
    State.SIGNED: dict.fromkeys(("clerk", "leader", "records"), "Đã ký duyệt, chờ gửi"),
    State.SENT: {},
    State.REVIEWING: {},
    State.RETURNED: {"clerk": "Báo cáo cần chỉnh lý"},
    State.APPROVED: {"records": "Chờ phát hành"},
    State.ISSUED: {},
    State.EXCLUDED: {},
}  # fmt: skip
UNIT = ("clerk", "leader", "records")


@pytest.fixture
def report(db: None) -> Report:
    """A report of a commune below a district below a province, each with its people, named by their roles."""
    unit = make_unit()
    district = make_superior(unit, name="Giữa", kind="huyện")
    province = make_superior(district)
    for role in UNIT:
        make_user(unit, role, role)
    make_user(district, "reviewer", "reviewer")
    make_user(province, "reviewer", "province")
    make_user(province, "admin", "admin")
    return make_report(unit, make_period(district))


def page(username: str) -> Any:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.get("/")


def under(username: str, report: Report) -> str:
    """The heading under which the person finds the report."""
    context = page(username).context
    (found,) = [
        label for label, rows in
        [*((turn.label, rows) for turn, rows in context["groups"]), ("", context["rest"])]
        if report in [row.report for row in rows]
    ]  # fmt: skip
    return found


@pytest.mark.parametrize("state", State)
def test_each_finds_first_what_waits_for_him(report: Report, state: State) -> None:
    Report.objects.filter(pk=report.pk).update(state=state)
    for username in UNIT:
        assert under(username, report) == WAITS[state].get(username, ""), username
        shown = page(username).content.decode()
        headings = re.findall(r"<h2>(.+?)</h2>", shown)
        first = WAITS[state].get(username)
        assert first is None or first in " ".join(headings)
        others = next((i for i, h in enumerate(headings) if "của đơn vị" in h), len(headings))
        assert others in (0, len(headings) - 1, len(headings)), headings


#: state → what the button of the report is called that each finds first, and where it leads.
ACTS = {
    State.DRAFT: {"clerk": ("Bắt đầu nhập", "report")},
    State.PRESENTED: {"leader": ("Ký duyệt", "sign_off")},
    State.SIGNED: dict.fromkeys(UNIT, ("Gửi báo cáo", "checks")),
    State.SENT: {"reviewer": ("Thẩm định 1 báo cáo", "")},
    State.RETURNED: {"clerk": ("Chỉnh lý", "report")},
    State.APPROVED: {"records": ("Phát hành", "act")},
    State.ISSUED: {},
}  # fmt: skip


@pytest.mark.parametrize("state", ACTS)
def test_what_waits_first_has_the_one_filled_button_named_by_what_it_does(
    report: Report, state: State
) -> None:
    Report.objects.filter(pk=report.pk).update(state=state)
    for username in (*UNIT, "reviewer"):
        shown = page(username).content.decode()
        filled = re.findall(
            r'class="button primary"[^>]*?href="([^"]+)"[^>]*>\s*(.+?)\s*</a>', shown
        )
        assert len(filled) == shown.count("button primary")
        if username not in ACTS[state]:
            assert not filled, username
            continue
        label, place = ACTS[state][username]
        verb = ["issue"] if place == "act" else []
        address = (
            reverse(place, args=[report.pk, *verb])
            if place
            else f"/ky/{report.period.code}/?loc=cho-tham-dinh"
        )
        assert filled == [(address, label)], username


def test_who_has_nothing_to_do_is_told_so(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(state=State.SENT)
    assert "Hiện không có việc nào chờ" in page("clerk").content.decode()
    assert "Việc đang chờ" not in page("clerk").content.decode()
    assert "Việc đang chờ" in page("reviewer").content.decode()


def test_a_clerk_issues_and_waits_alone_where_there_is_neither_leader_nor_records(
    report: Report,
) -> None:
    RoleAssignment.objects.filter(unit=report.unit, role__in=("leader", "records")).delete()
    Report.objects.filter(pk=report.pk).update(state=State.APPROVED)
    assert under("clerk", report) == "Chờ phát hành"


def test_a_leader_comes_at_once_to_the_sheet_that_he_signs(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(state=State.PRESENTED)
    where = reverse("sign_off", args=[report.pk])
    assert f'href="{where}"' in page("leader").content.decode()
    assert f'href="{where}"' not in page("clerk").content.decode()


def test_a_reviewer_is_told_how_many_wait_and_led_to_them(report: Report) -> None:
    for state in (State.SENT, State.REVIEWING):
        Report.objects.filter(pk=report.pk).update(state=state)
        shown = page("reviewer").content.decode()
        assert "<h2>Chờ thẩm định (1)</h2>" in shown
        assert (
            f'href="/ky/{report.period.code}/?loc=cho-tham-dinh">Thẩm định 1 báo cáo</a>' in shown
        )
        assert shown.index("Chờ thẩm định") < shown.index("Các kỳ báo cáo theo dõi")
        for above in ("province", "admin"):
            assert "Chờ thẩm định" not in page(above).content.decode(), "seen, not reviewed, there"
    Report.objects.filter(pk=report.pk).update(state=State.RETURNED)
    assert "Chờ thẩm định" not in page("reviewer").content.decode()


def test_an_excluded_report_is_due_nowhere_and_says_why(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(state=State.DRAFT, sent_at=None)
    late = timezone.localdate() - timedelta(days=3)
    type(report.period).objects.filter(pk=report.period_id).update(deadline=late)
    reviewer = User.objects.get(username="reviewer")
    perform(
        Report.objects.select_related("period").get(pk=report.pk),
        Plain(Verb.EXCLUDE, "Đơn vị sáp nhập từ 01/7."),
        reviewer,
    )
    for username in UNIT:
        assert under(username, report) == ""
        (row,) = [r for r in page(username).context["rows"] if r.report == report]
        assert (row.left, row.urgency) == ("Không phải báo cáo trong kỳ này", "calm")
        assert "Lý do: Đơn vị sáp nhập từ 01/7." in page(username).content.decode()
    client = Client()
    client.force_login(User.objects.get(username="clerk"))
    shown = client.get(reverse("report", args=[report.pk])).content.decode()
    assert "Đơn vị không phải báo cáo trong kỳ này." in shown
    assert holds(shown, "<blockquote>Đơn vị sáp nhập từ 01/7.</blockquote>")
    for words in ("Chưa nhập", "Đã đủ", "Việc tiếp theo", "bắt buộc"):
        assert words not in shown, words
