"""A page belongs to whoever opened it: another login in the same browser does nothing in its name."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from factories import make_period, make_report, make_superior, make_unit, make_user

from reports.dossier.facts import load
from reports.models import Report, User

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
WORDS = "Văn bản cũ chưa được rà soát."


@pytest.fixture
def report() -> Report:
    unit = make_unit()
    return make_report(unit, make_period(make_superior(unit)))


@pytest.fixture
def clerk(report: Report) -> User:
    return make_user(report.unit, "clerk", full_name="Công chức Một")


@pytest.fixture
def stranger() -> User:
    return make_user(make_unit(), "clerk")


@pytest.fixture
def page(report: Report) -> str:
    return reverse("section", args=[report.pk, "evaluation"])


def fields(response: HttpResponse) -> dict[str, str]:
    """The hidden fields of the form of the page."""
    form = response.content.decode().partition('id="nhap-lieu"')[2]
    return {
        name: value
        for name in ("csrfmiddlewaretoken", "opened_by")
        for value in re.findall(rf'name="{name}" value="([^"]+)"', form)[:1]
    }


def another_logs_in(browser: Client, user: User, **kinds: Any) -> None:
    browser.logout()
    browser.force_login(user)


def test_what_another_person_s_page_sends_is_not_saved_and_not_lost(
    clerk: User, report: Report, page: str
) -> None:
    second = make_user(report.unit, "clerk", "hai", full_name="Công chức Hai")
    browser = Client()
    browser.force_login(clerk)
    opened = fields(browser.get(page))
    before = load(report).narratives
    another_logs_in(browser, second)
    sent = {"evaluation.causes": WORDS, "opened_by": opened["opened_by"]}
    refused = browser.post(page, sent)
    assert refused.status_code == 409
    told = refused.content.decode()
    assert f"Trang này của {clerk}" in told and WORDS in told and str(second) in told
    scripted = browser.post(
        page, {"evaluation.causes": WORDS}, headers={**JSON, "x-opened-by": opened["opened_by"]}
    )
    assert scripted.status_code == 409 and str(clerk) in scripted.json()["whose"]
    assert load(report).narratives == before
    assert load(report).value("evaluation.causes").content != WORDS
    # The page of the one who is logged in saves; who opened it cannot be made up.
    own = fields(browser.get(page))
    assert own["opened_by"] != opened["opened_by"]
    assert browser.post(page, {**sent, "opened_by": own["opened_by"]}).status_code == 302
    assert browser.post(page, {**sent, "opened_by": f"{clerk.pk}:x"}).status_code == 302


def test_a_form_with_the_token_of_an_earlier_login_shows_what_was_typed(
    clerk: User, stranger: User, page: str
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clerk)
    sent = {"evaluation.causes": WORDS, **fields(browser.get(page))}
    browser.cookies["csrftoken"] = "x" * 32  # as after the next login
    here = {"referer": f"http://testserver{page}"}
    again = browser.post(page, sent, headers=here)
    assert again.status_code == 403
    assert WORDS in again.content.decode() and "Gửi lại nội dung trên" in again.content.decode()
    assert WORDS not in browser.post(page, sent).content.decode(), (
        "only to whoever sent it from here"
    )
    another_logs_in(browser, stranger)
    browser.cookies["csrftoken"] = "x" * 32
    other = browser.post(page, sent, headers=here)
    assert other.status_code == 409 and f"Trang này của {clerk}" in other.content.decode()


def test_every_form_says_who_opened_it(clerk: User, report: Report) -> None:
    browser = Client()
    browser.force_login(clerk)
    for name in ("inbox", "notices", "confirm", "mailing", "password_change"):
        told = browser.get(reverse(name)).content.decode()
        assert told.count('name="opened_by"') == told.count('method="post"') > 0, name
    for name in ("report", "checks", "evidence", "bring_in", "more_time"):
        told = browser.get(reverse(name, args=[report.pk])).content.decode()
        assert told.count('name="opened_by"') == told.count('method="post"') > 0, name


def test_an_account_is_found_however_its_letters_are_cased_and_an_ended_session_says_so(
    clerk: User, page: str
) -> None:
    clerk.set_password("Mat-khau-2023")
    clerk.save()
    browser = Client()
    ended = browser.post(page, {"evaluation.causes": WORDS}, follow=True)
    assert "Phiên làm việc đã hết" in ended.content.decode()
    told = {"username": clerk.username.upper(), "password": "Mat-khau-2023"}
    assert browser.post(reverse("login"), told).status_code == 302


def test_a_script_whose_browser_lost_its_cookies_is_sent_to_log_in(page: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(page, {"evaluation.causes": WORDS}, headers=JSON)
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("login"))


def test_a_wrong_password_is_told_in_words_that_help(clerk: User) -> None:
    sent = {"username": clerk.username, "password": "demo-hatien-2023 "}
    page = Client().post(reverse("login"), sent).content.decode()
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in page
    assert "thừa dấu cách" in page
