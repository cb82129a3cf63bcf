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

from reports.models import Presence, Report, RoleAssignment, User

Browser = Callable[[User], Client]
CLERK, COLLEAGUE = "Công chức Văn phòng xã Hà Tiến", "Công chức Tư pháp xã Hà Tiến"
ALL_NEWS = {
    "others", "computed", "sums", "composed", "live_figures", "revision", "preview", "carried",
    "progress", "texts", "by", "doubts",
}  # fmt: skip


@pytest.fixture
def mine(clerk: User, as_user: Browser) -> Client:
    return as_user(clerk)


@pytest.fixture
def colleague(ha_tien: Report) -> User:
    user = User.objects.create_user("hatien_2", full_name=COLLEAGUE)
    RoleAssignment.objects.create(user=user, unit=ha_tien.unit, role="clerk")
    return user


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
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    assert report_self(mine, ha_tien) == {"others": []}
    assert report_self(theirs, ha_tien) == {"others": [CLERK]}
    assert report_self(mine, ha_tien) == {"others": [COLLEAGUE]}


def test_another_section_and_another_report_are_no_company(
    mine: Client, theirs: Client, clerk: User, ha_tien: Report, empty_report: Report
) -> None:
    RoleAssignment.objects.create(user=clerk, unit=empty_report.unit, role="clerk")
    report_self(mine, ha_tien, "direction")
    report_self(mine, empty_report, "procedures")
    assert report_self(theirs, ha_tien, "procedures") == {"others": []}
    assert report_self(theirs, ha_tien, "direction") == {"others": [CLERK]}


def test_who_leaves_is_gone_at_once(mine: Client, theirs: Client, ha_tien: Report) -> None:
    report_self(mine, ha_tien)
    assert report_self(mine, ha_tien, leave="1") == {}
    assert report_self(theirs, ha_tien) == {"others": []}
    assert report_self(mine, ha_tien, leave="1") == {}  # twice does no harm


def test_leaving_one_section_leaves_no_other(mine: Client, theirs: Client, ha_tien: Report) -> None:
    report_self(mine, ha_tien, "procedures")
    report_self(mine, ha_tien, "direction")
    report_self(mine, ha_tien, "procedures", leave="1")
    assert report_self(theirs, ha_tien, "direction") == {"others": [CLERK]}


@pytest.mark.parametrize(("seconds", "others"), [(15, [CLERK]), (49, [CLERK]), (51, [])])
def test_who_was_not_heard_of_for_50_seconds_is_away(
    mine: Client, theirs: Client, ha_tien: Report, seconds: int, others: list[str]
) -> None:
    with time_machine.travel("2026-11-20 14:00 +07:00", tick=False) as clock:
        for client, username in ((mine, "hatien"), (theirs, "hatien_2")):
            client.force_login(User.objects.get(username=username))
        report_self(mine, ha_tien)
        clock.shift(timedelta(seconds=seconds))
        assert report_self(theirs, ha_tien) == {"others": others}
        assert report_self(mine, ha_tien) == {
            "others": [COLLEAGUE]
        }  # and is back with the next beat
        assert report_self(theirs, ha_tien) == {"others": [CLERK]}


def test_a_page_that_beats_all_day_is_one_row(mine: Client, ha_tien: Report) -> None:
    for _ in range(4):
        report_self(mine, ha_tien)
    (here,) = Presence.objects.filter(report=ha_tien)
    assert timezone.now() - here.seen_at < timedelta(seconds=10)


def test_news_come_when_the_revision_is_another_and_not_else(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    seen = str(ha_tien.revision)
    assert set(report_self(mine, ha_tien, revision=seen)) == {"others"}
    page = reverse("section", kwargs={"pk": ha_tien.pk, "section": "procedures"})
    theirs.post(page, {"procedures.received": "1300"}, headers={"accept": "application/json"})
    news = report_self(mine, ha_tien, revision=seen)
    assert set(news) == ALL_NEWS
    assert news["texts"]["procedures.received"] == "1.300"
    assert news["texts"]["procedures.resolved"] == "207"
    assert re.fullmatch(rf"{COLLEAGUE} lúc \d\d:\d\d", news["by"])
    assert "1.300" in news["preview"]
    assert news["revision"] == int(seen) + 1
    assert set(report_self(mine, ha_tien, revision=str(news["revision"]))) == {"others"}


def test_what_another_wrote_in_another_section_comes_as_this_section_reads(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    seen = str(ha_tien.revision)
    page = reverse("section", kwargs={"pk": ha_tien.pk, "section": "plan"})
    theirs.post(page, {"plan.tasks": "Việc mới"}, headers={"accept": "application/json"})
    news = report_self(mine, ha_tien, revision=seen)
    assert COLLEAGUE not in news["by"]
    assert news["texts"]["procedures.received"] == "207"
    assert "plan.tasks" not in news["texts"]


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 5000])
@pytest.mark.parametrize("section", ["procedures", "paper"])
def test_a_page_that_cannot_say_what_it_shows_is_told_everything(
    mine: Client, ha_tien: Report, section: str, revision: str
) -> None:
    told = report_self(mine, ha_tien, section, revision=revision)
    assert told["revision"] == ha_tien.revision
    assert told["texts"]


def test_the_appendix_has_company_too(as_user: Browser, dien_bien: Report) -> None:
    client = as_user(User.objects.get(username="dienbien"))
    news = report_self(client, dien_bien, "appendix", revision="")
    assert news["texts"]["indicator.r3_3"] == "4.203"


def test_a_leader_who_looks_is_no_company(
    mine: Client, leader: User, as_user: Browser, ha_tien: Report
) -> None:
    looking = as_user(leader)
    page = looking.get(reverse("section", kwargs={"pk": ha_tien.pk, "section": "procedures"}))
    assert "data-company" not in page.content.decode()
    report_self(looking, ha_tien, status=403)
    assert report_self(mine, ha_tien) == {"others": []}
    assert Presence.objects.count() == 1


def test_a_stranger_learns_nothing(mine: Client, stranger: User, as_user: Browser,
                                   ha_tien: Report) -> None:  # fmt: skip
    report_self(mine, ha_tien)
    report_self(as_user(stranger), ha_tien, status=404)
    assert mine.post(f"/bao-cao/{ha_tien.pk}/phan/no_such/cung-lam/").status_code == 404
    assert Presence.objects.count() == 1
