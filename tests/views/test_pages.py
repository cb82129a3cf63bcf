"""Pages of their own: the whole paper with its list of parts, and what is told when all else is away."""

import re
from collections.abc import Callable

import pytest
from conftest import DIEN_BIEN, TONG_SON, report_of
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from reports.models import User

Browser = Callable[[User], Client]


@pytest.mark.parametrize(
    ("unit", "period", "username"),
    [(TONG_SON, "TH-2026-9T", "tongson"), (DIEN_BIEN, "DB-2021-6T", "dienbien")],
)
def test_the_list_of_parts_leads_to_each_heading_and_to_the_appendix(
    db: None, as_user: Browser, unit: str, period: str, username: str
) -> None:
    client = as_user(User.objects.get(username=username))
    page = client.get(reverse("preview", args=[report_of(unit, period).pk])).content.decode()
    _, _, after = page.partition('<details class="jumps')
    listed, _, _ = after.partition("</details>")
    places = re.findall(r'href="#([^"]+)"', listed)
    assert len(places) > 3 and len(set(places)) == len(places)
    assert places[-1] == "phu-luc-0"
    for place in places:
        assert page.count(f' id="{place}"') == 1, place


@pytest.mark.parametrize("status", ["400", "500", "503"])
def test_a_page_for_when_all_else_is_away_asks_for_nothing_and_bears_the_sheet(status: str) -> None:
    page = render_to_string(f"{status}.html")  # no request, no context; the test has no database
    assert f'href="{staticfiles_storage.url("css/site.css")}"' in page
    assert page.count("<h1>") == 1 and '<main class="narrow"' in page
