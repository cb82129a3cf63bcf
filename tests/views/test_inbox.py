"""The first page: what waits for whom, in the words of what is to be done."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from page_lines import holds

from reports.enums import State, Verb
from reports.models import Report, RoleAssignment, User
from reports.workflow.moves import Plain
from reports.workflow.transitions import perform

#: state → the heading under which each finds the report; "" among the rest.
WAITS = {
    State.DRAFT: {"hatien": "Báo cáo cần lập"},
    State.PRESENTED: {"hatien_lanhdao": "Chờ ký duyệt"},
    State.SIGNED: dict.fromkeys(("hatien", "hatien_lanhdao", "hatien_vanthu"), "Đã ký duyệt, chờ gửi"),
    State.SENT: {},
    State.REVIEWING: {},
    State.RETURNED: {"hatien": "Báo cáo cần chỉnh lý"},
    State.APPROVED: {"hatien_vanthu": "Chờ phát hành"},
    State.ISSUED: {},
    State.EXCLUDED: {},
}  # fmt: skip
UNIT = ("hatien", "hatien_lanhdao", "hatien_vanthu")


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
def test_each_finds_first_what_waits_for_him(ha_tien: Report, state: State) -> None:
    Report.objects.filter(pk=ha_tien.pk).update(state=state)
    for username in UNIT:
        assert under(username, ha_tien) == WAITS[state].get(username, ""), username
        shown = page(username).content.decode()
        headings = re.findall(r"<h2>(.+?)</h2>", shown)
        first = WAITS[state].get(username)
        assert first is None or first in " ".join(headings)
        others = next((i for i, h in enumerate(headings) if "của đơn vị" in h), len(headings))
        assert others in (0, len(headings) - 1, len(headings)), headings


def test_a_clerk_issues_and_waits_alone_where_there_is_neither_leader_nor_records(
    ha_tien: Report,
) -> None:
    RoleAssignment.objects.filter(unit=ha_tien.unit, role__in=("leader", "records")).delete()
    Report.objects.filter(pk=ha_tien.pk).update(state=State.APPROVED)
    assert under("hatien", ha_tien) == "Chờ phát hành"


def test_a_leader_comes_at_once_to_the_sheet_that_he_signs(ha_tien: Report) -> None:
    Report.objects.filter(pk=ha_tien.pk).update(state=State.PRESENTED)
    where = reverse("sign_off", args=[ha_tien.pk])
    assert f'href="{where}"' in page("hatien_lanhdao").content.decode()
    assert f'href="{where}"' not in page("hatien").content.decode()


def test_a_reviewer_is_told_how_many_wait_and_led_to_them(ha_tien: Report) -> None:
    Report.objects.exclude(pk=ha_tien.pk).update(state=State.DRAFT)
    for state in (State.SENT, State.REVIEWING):
        Report.objects.filter(pk=ha_tien.pk).update(state=state)
        shown = page("hatrung_noivu").content.decode()
        assert "<h2>Chờ thẩm định (1)</h2>" in shown
        assert (
            f'href="/ky/{ha_tien.period.code}/?loc=cho-tham-dinh">Thẩm định 1 báo cáo</a>' in shown
        )
        assert shown.index("Chờ thẩm định") < shown.index("Các kỳ báo cáo theo dõi")
        for above in ("thanhhoa_noivu", "quantri"):
            assert "Chờ thẩm định" not in page(above).content.decode(), "seen, not reviewed, there"
    Report.objects.filter(pk=ha_tien.pk).update(state=State.RETURNED)
    assert "Chờ thẩm định" not in page("hatrung_noivu").content.decode()


def test_an_excluded_report_is_due_nowhere_and_says_why(ha_tien: Report) -> None:
    Report.objects.filter(pk=ha_tien.pk).update(state=State.DRAFT, sent_at=None)
    late = timezone.localdate() - timedelta(days=3)
    type(ha_tien.period).objects.filter(pk=ha_tien.period_id).update(deadline=late)
    reviewer = User.objects.get(username="hatrung_noivu")
    report = Report.objects.select_related("period").get(pk=ha_tien.pk)
    perform(report, Plain(Verb.EXCLUDE, "Đơn vị sáp nhập từ 01/7."), reviewer)
    for username in UNIT:
        assert under(username, ha_tien) == ""
        (row,) = [r for r in page(username).context["rows"] if r.report == ha_tien]
        assert (row.left, row.urgency) == ("Không phải báo cáo trong kỳ này", "calm")
        assert "Lý do: Đơn vị sáp nhập từ 01/7." in page(username).content.decode()
    client = Client()
    client.force_login(User.objects.get(username="hatien"))
    shown = client.get(reverse("report", args=[ha_tien.pk])).content.decode()
    assert "Đơn vị không phải báo cáo trong kỳ này." in shown
    assert holds(shown, "<blockquote>Đơn vị sáp nhập từ 01/7.</blockquote>")
    for words in ("Chưa nhập", "Đã đủ", "Việc tiếp theo", "bắt buộc"):
        assert words not in shown, words
