"""The demo's present story: in the middle of a period on every day of a year, and real when loaded."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reports.audit import verify
from reports.checks.gate import verdict
from reports.demo import calendar, loading
from reports.demo.loading import FIXTURES, read
from reports.directory.loading import DataError
from reports.enums import State
from reports.models import Event, Release, Report, ReportingPeriod, User
from reports.periods.board import late_days, reports_of

#: Past every period of the archive; the story is of the half-year, and of quarter I before it.
TODAY = date(2027, 6, 20)
CODE, BEFORE = "TH-2027-6T", "TH-2027-Q1"
STATES = {
    "Tống Sơn": State.PRESENTED, "Hà Trung": State.REVIEWING, "Hà Long": State.RETURNED,
    "Bỉm Sơn": State.ISSUED, "Hạc Thành": State.APPROVED, "Hoạt Giang": State.SENT,
    "Lĩnh Toại": State.SIGNED, "Triệu Sơn": State.DRAFT, "Vĩnh Lộc": State.RETURNED,
    "Nga Sơn": State.EXCLUDED, "Hậu Lộc": State.SENT, "Thọ Xuân": State.DRAFT,
}  # fmt: skip


# --- the days, without a database ---------------------------------------------------------------------------


def test_on_every_day_of_three_years_the_story_lies_behind_today_and_its_deadline_days_ago() -> (
    None
):
    steps = [
        one["steps"] for one in read(FIXTURES / "demo" / "now.toml")["reports"]
        if one["period"] == "now"
    ]  # fmt: skip
    assert steps and all(steps)
    for count in range(3 * 365 + 1):
        today = date(2026, 1, 1) + timedelta(days=count)
        now, before = calendar.terms(today)
        assert before.data_to < now.data_to and before.deadline < now.data_to
        assert now.data_from < now.data_to < now.deadline < today
        assert 2 <= (today - now.deadline).days <= 4
        for walk in steps:
            moments = [calendar.dated(step, today, before.deadline)["at"] for step in walk]
            assert moments == sorted(set(moments))
            assert now.data_to < moments[0].date() and moments[-1].date() < today
            assert all(moment.weekday() < 5 for moment in moments)
            assert all(time(7, 30) <= moment.time() <= time(17) for moment in moments)


def test_the_papers_it_tells_of_lie_in_its_period_and_are_no_older_than_their_communes() -> None:
    for count in range(3 * 365 + 1):
        for term in calendar.terms(date(2026, 1, 1) + timedelta(days=count)):
            told = calendar.papers(term.data_from, term.data_to)
            days = [
                date(*map(int, reversed(told[name].split("/"))))
                for name in (*calendar.AT_START, *calendar.BEFORE_END)
            ]
            begin = max(term.data_from, date(2025, 7, 1))
            assert all(day.weekday() < 5 for day in days)
            assert begin - timedelta(days=5) <= days[0] < begin < min(days[1:])
            assert max(days) < term.data_to and str(term.year) in told["span"]


@pytest.mark.parametrize(
    ("today", "code", "data_to", "deadline"),
    [(date(2026, 1, 1), "TH-2025-NAM", date(2025, 12, 14), date(2025, 12, 30)),
     (date(2027, 2, 28), "TH-2027-Q1", date(2027, 2, 14), date(2027, 2, 25)),
     (TODAY, CODE, date(2027, 6, 6), date(2027, 6, 17)),
     (date(2026, 11, 28), "TH-2026-NAM", date(2026, 11, 15), date(2026, 11, 26))],
)  # fmt: skip
def test_the_period_is_the_one_a_province_gathers_then(
    today: date, code: str, data_to: date, deadline: date
) -> None:
    now, _ = calendar.terms(today)
    assert (now.code, now.data_to, now.deadline) == (code, data_to, deadline)


# --- loaded once for all tests below ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        loading.load_demo(today=TODAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def present(story: None, db: None) -> ReportingPeriod:
    return ReportingPeriod.objects.get(code=CODE)


def late_on(period: ReportingPeriod, today: date) -> list[tuple[str, int]]:
    """Who is late on the board of the period, and by how many days."""
    office = User.objects.get(username="thanhhoa_noivu")
    found = reports_of(office, period, today).filter(is_late=True).select_related("period", "unit")
    return [(report.unit.name, late_days(report, today)) for report in found]


def of(period: ReportingPeriod, name: str) -> Report:
    reports = Report.objects.select_related("unit", "period")
    return reports.get(period=period, unit__name=name)


@pytest.mark.pdf
def test_the_province_is_in_the_middle_of_its_period(
    present: ReportingPeriod, as_user: Callable[[User], Client]
) -> None:
    reports = present.reports.select_related("unit")
    assert {report.unit.name: report.state for report in reports} == STATES
    assert set(STATES.values()) == set(State)
    page = as_user(User.objects.get(username="thanhhoa_noivu")).get(reverse("period", args=[CODE]))
    assert all(name in page.content.decode() for name in STATES)


@pytest.mark.pdf
def test_nothing_of_it_lies_after_its_day_and_every_chain_is_whole(
    present: ReportingPeriod,
) -> None:
    events = Event.objects.filter(report__period__code__in=[CODE, BEFORE])
    assert timezone.localtime(events.latest("at").at).date() < TODAY
    for report in Report.objects.filter(period__code__in=[CODE, BEFORE]):
        assert list(verify(report.pk)) == []
        moments = list(report.events.order_by("seq").values_list("at", flat=True))
        assert moments == sorted(moments)


@pytest.mark.pdf
def test_what_was_sent_has_no_error_and_one_commune_alone_is_late_by_days(
    present: ReportingPeriod,
) -> None:
    reviewer = User.objects.get(username="thanhhoa_noivu")
    sent = [r for r in present.reports.select_related("unit", "period") if r.sent_at]
    assert len(sent) == 7
    for report in [*sent, of(present, "Tống Sơn"), of(present, "Lĩnh Toại")]:
        assert verdict(report, reviewer).ready, report
    assert late_on(present, TODAY) == [("Thọ Xuân", 3)]
    assert of(present, "Thọ Xuân").revision == 0
    assert str(of(present, "Triệu Sơn").extension_asked) == "2027-06-25"
    opened = of(present, "Vĩnh Lộc").section_states.filter(open=True)
    assert list(opened.values_list("section", flat=True)) == ["egov"]


@pytest.mark.pdf
@pytest.mark.parametrize(
    "username", ["tongson", "tongson_lanhdao", "linhtoai_vanthu", "thanhhoa_noivu"]
)
def test_the_first_page_of_each_begins_with_the_present_period(
    present: ReportingPeriod, as_user: Callable[[User], Client], username: str
) -> None:
    page = as_user(User.objects.get(username=username)).get("/").content.decode()
    assert "6 tháng đầu năm 2027" in page
    assert "HT-2023" not in page.partition("<summary>Các kỳ trước")[0]


@pytest.mark.pdf
def test_loaded_some_days_later_it_moves_its_deadline_and_doubles_nothing(
    present: ReportingPeriod,
) -> None:
    untouched = of(present, "Thọ Xuân")
    Report.objects.filter(pk=untouched.pk).update(revision=1)
    before = [
        Event.objects.count(),
        Release.objects.count(),
        Report.objects.count(),
        User.objects.count(),
    ]
    loading.load_demo(today=TODAY + timedelta(days=9))
    after = [
        Event.objects.count(),
        Release.objects.count(),
        Report.objects.count(),
        User.objects.count(),
    ]
    assert after == before
    present.refresh_from_db()
    assert (present.deadline, present.data_to) == (date(2027, 6, 25), date(2027, 6, 6))
    assert late_on(present, TODAY + timedelta(days=9)) == [("Thọ Xuân", 4)]


@pytest.mark.django_db
def test_a_day_before_the_communes_of_today_is_refused() -> None:
    with pytest.raises(DataError, match="DEMO_TODAY không được trước ngày 01/01/2026"):
        loading.load_demo(today=date(2025, 12, 31))


def test_moments_are_the_clock_times_of_the_story() -> None:
    step = {"do": "send", "by": "x", "day": -1, "time": time(9, 10)}
    monday = date(2026, 11, 30)
    assert calendar.dated(step, monday, monday)["at"] == datetime.combine(
        date(2026, 11, 27), time(9, 10)
    )
