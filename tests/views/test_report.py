"""The report's page: what comes next for whom, the sections as the paper numbers them, the way it went."""

import re
from datetime import timedelta
from typing import Any

import pytest
from conftest import DIEN_BIEN, TONG_SON, report_of
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_user

from reports.checks import gate
from reports.enums import Section, State, Verb
from reports.models import Report, SectionState, User
from reports.models.sections.procedures import Procedures
from reports.workflow import perform
from reports.workflow.moves import Plain, Return

CLERK, REVIEWER = "tongson", "thanhhoa_noivu"


@pytest.fixture
def report(db: None) -> Report:
    """A complete draft of Tống Sơn, its warnings explained; a leader and a văn thư are there too."""
    report = report_of(TONG_SON, "TH-2026-9T")
    for role in ("leader", "records"):
        make_user(report.unit, role, role)
    stand(report, State.DRAFT)
    clerk = User.objects.get(username=CLERK)
    warnings = gate.verdict(report, clerk).warnings
    gate.explain(report, {result.finding.key: "Đúng." for result in warnings}, clerk)
    return report


def seen(username: str, report: Report) -> Any:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.get(reverse("report", args=[report.pk]))


def stand(report: Report, state: State) -> None:
    Report.objects.filter(pk=report.pk).update(state=state)


def following(report: Report, username: str = CLERK) -> tuple[str, str]:
    """The button of the next step: its label and where it leads."""
    found = seen(username, report).context["next"]
    return found.label, found.address


#: Whose turn it is in a state, and what the button is called; everybody else has none.
NEXT = {
    State.PRESENTED: {"leader": "Ký duyệt"},
    State.SIGNED: dict.fromkeys((CLERK, "leader", "records"), "Gửi báo cáo"),
    State.SENT: {REVIEWER: "Thẩm định"},
    State.REVIEWING: {REVIEWER: "Thẩm định"},
    State.APPROVED: {"records": "Phát hành"},
    State.ISSUED: {"records": "Nạp bản đã ký"},
    State.EXCLUDED: {},
}  # fmt: skip


@pytest.mark.parametrize("state", NEXT)
def test_one_filled_button_says_what_comes_next_and_only_to_those_whose_turn_it_is(
    report: Report, state: State
) -> None:
    stand(report, state)
    for username in (CLERK, "leader", "records", REVIEWER):
        page = seen(username, report)
        label, shown = NEXT[state].get(username, ""), page.content.decode()
        assert page.context["next"].label == label, username
        assert shown.count("button primary") == bool(label), username
        assert f">{'Việc tiếp theo' if label else 'Hiện trạng'}</h2>" in shown


def test_the_clerk_fills_gaps_then_explains_then_presents_and_mends_errors_before_all(
    report: Report,
) -> None:
    checks = reverse("checks", args=[report.pk])
    given = list(report.explanations.all())
    report.explanations.all().delete()
    assert following(report) == ("Kiểm tra trước khi trình", checks)
    for explanation in given:
        explanation.save(force_insert=True)
    assert following(report) == ("Trình lãnh đạo", checks)

    section = reverse("section", args=[report.pk, "procedures"])
    procedures = Procedures.objects.filter(report=report)
    in_force = procedures.get().in_force
    procedures.update(in_force=None)
    assert following(report) == ("Nhập tiếp phần II.2", f"{section}#id_procedures.in_force")
    procedures.update(in_force=in_force, received=1)
    label, address = following(report)
    assert label == "Sửa phần II.2" and address.startswith(f"{section}#id_")


def test_a_red_mark_in_the_list_is_one_press_from_the_first_wrong_field(report: Report) -> None:
    Procedures.objects.filter(report=report).update(received=1)
    page = seen(CLERK, report)
    (line,) = [line for line in page.context["lines"] if line.wrong]
    section = reverse("section", args=[report.pk, "procedures"])
    field = f"{section}#id_{line.wrong[0].name}"
    row = next(row for row in page.content.decode().split("<tr")[1:] if line.section.label in row)
    assert f'<a href="{section}">{line.section.label}</a>' in row
    assert re.search(rf'class="status errors" href="{re.escape(field)}">\s*\d+ lỗi', row)
    assert '<li class="errors">' in page.content.decode()


def test_after_a_return_the_opened_section_comes_next_until_it_is_saved(report: Report) -> None:
    stand(report, State.SENT)
    reviewer = User.objects.get(username=REVIEWER)
    perform(report, Return("Xem lại số liệu.", (Section.EGOV, Section.PLAN)), reviewer)
    assert following(report)[0] == "Sửa phần II.6"
    page = seen(CLERK, report).content.decode()
    assert page.count("Không mở để sửa") == 10 and page.count("Được mở để sửa") == 2
    later = timezone.now() + timedelta(minutes=1)
    states = SectionState.objects.filter(report=report)
    states.filter(section="egov").update(saved_at=later)
    assert following(report)[0] == "Sửa phần IV"
    states.filter(section="plan").update(saved_at=later)
    assert following(report)[0] == "Trình lãnh đạo"


def test_the_superior_opens_by_one_press_what_the_unit_asks_for(report: Report) -> None:
    stand(report, State.SENT)
    reviewer = User.objects.get(username=REVIEWER)
    perform(report, Return("Xem lại.", (Section.PLAN,)), reviewer)
    assert following(report, REVIEWER) == ("", "")
    SectionState.objects.filter(report=report, section="egov").update(asked="Sai số hộp thư.")
    page = seen(REVIEWER, report).context["next"]
    assert (page.label, page.why) == ("Mở phần II.6", "Sai số hộp thư.")
    client = Client()
    client.force_login(reviewer)
    assert client.post(page.address, page.posts).status_code == 302
    assert SectionState.objects.get(report=report, section="egov").open


@pytest.mark.parametrize(
    ("code", "period", "username", "numbers"),
    [
        (TONG_SON, "TH-2026-9T", CLERK, "I II II.1 II.2 II.3 II.4 II.5 II.6 III IV V - -"),
        (DIEN_BIEN, "DB-2021-6T", "dienbien", "1 2 - - - - 3 4 - -"),
    ],
)
def test_the_sections_bear_the_numbers_of_the_paper(
    db: None, code: str, period: str, username: str, numbers: str
) -> None:
    rows = seen(username, report_of(code, period)).context["rows"]
    assert [row.number or "-" for row in rows] == numbers.split()


def test_the_way_says_who_did_each_step_and_when_and_who_has_it_now(report: Report) -> None:
    clerk, leader = (User.objects.get(username=name) for name in (CLERK, "leader"))
    perform(report, Plain(Verb.PRESENT), clerk)
    perform(report, Plain(Verb.SIGN_OFF), leader)
    way = seen(REVIEWER, report).context["way"]
    assert [stage.shape for stage in way] == ["complete", "complete", "begun", "empty", "empty"]
    day = f"{timezone.localdate():%d/%m/%Y}".replace("/0", "/")
    assert [stage.facts[0].partition(",")[0] for stage in way[:2]] == [
        "Công chức Văn phòng",
        "leader",
    ]
    assert way[2].label == "Gửi Sở Nội vụ" and way[2].facts[0].startswith("Hạn ")
    # Taken back, the steps that were done are ahead again.
    perform(report, Plain(Verb.TAKE_BACK), clerk)
    way = seen(REVIEWER, report).context["way"]
    assert [stage.shape for stage in way] == ["begun", "empty", "empty", "empty", "empty"]
    assert day.split("/")[-1] in way[0].facts[0]


def test_asking_for_more_time_and_rare_acts_stay_within_reach(report: Report) -> None:
    more_time = reverse("more_time", args=[report.pk])
    shown = seen(CLERK, report).content.decode()
    assert f'<a href="{more_time}">Xin gia hạn</a>' in shown
    shown = seen(REVIEWER, report).content.decode()
    fold = shown.index("<summary>Việc khác</summary>")
    assert f'<a href="{more_time}">Gia hạn</a>' in shown
    for verb in ("exclude", "take_over"):
        assert shown.index(reverse("act", args=[report.pk, verb])) > fold
