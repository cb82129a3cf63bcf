"""Who else has a section open, and what was written since the page last asked."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_period, make_report, make_superior, make_unit, make_user

from reports.models import Presence, Report, RoleAssignment, User

Browser = Callable[[User], Client]
CLERK, COLLEAGUE = "Công chức Văn phòng", "Công chức Tư pháp"
ALL_NEWS = {
    "others", "computed", "sums", "composed", "live_figures", "revision", "preview", "carried",
    "progress", "texts", "by", "doubts", "findings", "groups", "column_totals",
}  # fmt: skip


@pytest.fixture
def report(db: None) -> Report:
    """A report in draft with two figures."""
    unit = make_unit()
    figures = {"procedures__received": 207, "procedures__resolved": 207}
    return make_report(unit, make_period(make_superior(unit)), **figures)


@pytest.fixture
def clerk(report: Report) -> User:
    return make_user(report.unit, "clerk", full_name=CLERK)


@pytest.fixture
def mine(clerk: User, as_user: Browser) -> Client:
    return as_user(clerk)


@pytest.fixture
def colleague(report: Report) -> User:
    return make_user(report.unit, "clerk", "dong_nghiep", full_name=COLLEAGUE)


@pytest.fixture
def theirs(colleague: User, as_user: Browser) -> Client:
    return as_user(colleague)


def report_self(
    client: Client, report: Report, section: str = "procedures", status: int = 200, **data: str
) -> dict[str, Any]:
    """An open page says that it is open; without a revision, that of the report now."""
    report.refresh_from_db()
    address = reverse("company", kwargs={"pk": report.pk, "section": section})
    response = client.post(address, {"revision": str(report.revision), **data})
    assert response.status_code == status
    return response.json() if status == 200 else {}


def test_each_is_told_of_the_other_and_nobody_of_himself(
    mine: Client, theirs: Client, report: Report
) -> None:
    assert report_self(mine, report) == {"others": []}
    assert report_self(theirs, report) == {"others": [CLERK]}
    assert report_self(mine, report) == {"others": [COLLEAGUE]}


def test_another_section_and_another_report_are_no_company(
    mine: Client, theirs: Client, clerk: User, report: Report
) -> None:
    other = make_report(make_unit(), report.period)
    RoleAssignment.objects.create(user=clerk, unit=other.unit, role="clerk")
    report_self(mine, report, "direction")
    report_self(mine, other, "procedures")
    assert report_self(theirs, report, "procedures") == {"others": []}
    assert report_self(theirs, report, "direction") == {"others": [CLERK]}


def test_who_leaves_is_gone_at_once(mine: Client, theirs: Client, report: Report) -> None:
    report_self(mine, report)
    assert report_self(mine, report, leave="1") == {}
    assert report_self(theirs, report) == {"others": []}
    assert report_self(mine, report, leave="1") == {}  # twice does no harm


def test_leaving_one_section_leaves_no_other(mine: Client, theirs: Client, report: Report) -> None:
    report_self(mine, report, "procedures")
    report_self(mine, report, "direction")
    report_self(mine, report, "procedures", leave="1")
    assert report_self(theirs, report, "direction") == {"others": [CLERK]}


@pytest.mark.parametrize(("seconds", "others"), [(15, [CLERK]), (49, [CLERK]), (51, [])])
def test_who_was_not_heard_of_for_50_seconds_is_away(
    as_user: Browser,
    clerk: User,
    colleague: User,
    report: Report,
    seconds: int,
    others: list[str],
) -> None:
    with time_machine.travel("2026-11-20 14:00 +07:00", tick=False) as clock:
        mine, theirs = as_user(clerk), as_user(colleague)
        report_self(mine, report)
        clock.shift(timedelta(seconds=seconds))
        assert report_self(theirs, report) == {"others": others}
        assert report_self(mine, report) == {
            "others": [COLLEAGUE]
        }  # and is back with the next beat
        assert report_self(theirs, report) == {"others": [CLERK]}


def test_a_page_that_beats_all_day_is_one_row(mine: Client, report: Report) -> None:
    for _ in range(4):
        report_self(mine, report)
    (here,) = Presence.objects.filter(report=report)
    assert timezone.now() - here.seen_at < timedelta(seconds=10)


def test_news_come_when_the_revision_is_another_and_not_else(
    mine: Client, theirs: Client, report: Report
) -> None:
    seen = str(report.revision)
    assert set(report_self(mine, report, revision=seen)) == {"others"}
    page = reverse("section", kwargs={"pk": report.pk, "section": "procedures"})
    theirs.post(page, {"procedures.received": "1300"}, headers={"accept": "application/json"})
    news = report_self(mine, report, revision=seen)
    assert set(news) == ALL_NEWS
    assert news["texts"]["procedures.received"] == "1.300"
    assert news["texts"]["procedures.resolved"] == "207"
    assert re.fullmatch(rf"{COLLEAGUE} lúc \d\d:\d\d", news["by"])
    assert "1.300" in news["preview"]
    assert news["revision"] == int(seen) + 1
    assert set(report_self(mine, report, revision=str(news["revision"]))) == {"others"}


def test_what_another_wrote_in_another_section_comes_as_this_section_reads(
    mine: Client, theirs: Client, report: Report
) -> None:
    seen = str(report.revision)
    page = reverse("section", kwargs={"pk": report.pk, "section": "plan"})
    theirs.post(page, {"plan.tasks": "Việc mới"}, headers={"accept": "application/json"})
    news = report_self(mine, report, revision=seen)
    assert COLLEAGUE not in news["by"]
    assert news["texts"]["procedures.received"] == "207"
    assert "plan.tasks" not in news["texts"]


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 5000])
@pytest.mark.parametrize("section", ["procedures", "paper"])
def test_a_page_that_cannot_say_what_it_shows_is_told_everything(
    mine: Client, report: Report, section: str, revision: str
) -> None:
    told = report_self(mine, report, section, revision=revision)
    assert told["revision"] == report.revision
    assert told["texts"]


def test_the_appendix_has_company_too(as_user: Browser, dien_bien: Report) -> None:
    client = as_user(User.objects.get(username="dienbien"))
    news = report_self(client, dien_bien, "appendix", revision="")
    assert news["texts"]["indicator.r3_3"] == "4.203"


def test_a_leader_who_looks_is_no_company(mine: Client, as_user: Browser, report: Report) -> None:
    looking = as_user(make_user(report.unit, "leader"))
    page = looking.get(reverse("section", kwargs={"pk": report.pk, "section": "procedures"}))
    assert "data-company" not in page.content.decode()
    report_self(looking, report, status=403)
    assert report_self(mine, report) == {"others": []}
    assert Presence.objects.count() == 1


def test_a_stranger_learns_nothing(mine: Client, as_user: Browser, report: Report) -> None:
    stranger = make_user(make_unit(), "clerk")
    report_self(mine, report)
    report_self(as_user(stranger), report, status=404)
    assert mine.post(f"/bao-cao/{report.pk}/phan/no_such/cung-lam/").status_code == 404
    assert Presence.objects.count() == 1
