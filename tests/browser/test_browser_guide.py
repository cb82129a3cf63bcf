"""The guide beside the page, and the panel of a first visit, in a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser import DESKTOP, FAILED_REQUEST, Desk, chromium, good, size
from playwright.sync_api import Browser, Locator, expect
from served import Served

pytestmark = pytest.mark.browser

NEW, PASSWORD = "nguoi_moi", "demo-them-2026"
#: Somebody who has never been here.
NEWCOMER = f"""
from reports.models import RoleAssignment, Unit, User
user = User.objects.create_user("{NEW}", password="{PASSWORD}", full_name="Nguyễn Thị Mới")
RoleAssignment.objects.create(user=user, unit=Unit.objects.get(code="15316"), role="clerk")
"""


@pytest.fixture(scope="module")
def the_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def sit(browser: Browser, server: Served, **options: Any) -> Desk:
    options = {"locale": "vi-VN", "viewport": size(DESKTOP), **options}
    return Desk(browser.new_context(**options), server)


@pytest.fixture
def desk(the_browser: Browser, server: Served) -> Iterator[Desk]:
    desk = sit(the_browser, server)
    yield desk
    desk.context.close()
    assert desk.troubles == []


def question(desk: Desk) -> Locator:
    return desk.page.locator("a.help")


def test_the_question_mark_opens_the_chapter_beside_a_section_and_escape_returns(
    desk: Desk,
) -> None:
    path = desk.open_section("tongson", "procedures")
    field = desk.field("procedures.received")
    before = field.input_value()
    question(desk).focus()
    desk.page.keyboard.press("Enter")
    dialog = desk.page.get_by_role("dialog", name="Hướng dẫn")
    heading = dialog.get_by_role("heading", name="4. Nhập một phần")
    expect(heading).to_be_focused()
    assert desk.violations() == []

    dialog.get_by_role("link", name="Không mất nội dung đã nhập").click()
    expect(dialog.get_by_role("heading", name="13. Không mất nội dung đã nhập")).to_be_focused()
    whole = dialog.get_by_role("link", name="Mở cả hướng dẫn")
    expect(whole).to_have_attribute(
        "href", f"{desk.address}/huong-dan/nguoi-lap/khong-mat-noi-dung-da-nhap/"
    )

    desk.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(question(desk)).to_be_focused()
    assert desk.page.url.partition("?")[0] == desk.address + path
    assert field.input_value() == before


def test_on_a_phone_the_chapter_fills_the_screen_and_its_button_closes_it(desk: Desk) -> None:
    desk.open_section("tongson", "paper")
    desk.page.set_viewport_size({"width": 390, "height": 844})
    question(desk).click()
    dialog = desk.page.get_by_role("dialog", name="Hướng dẫn")
    expect(dialog.get_by_role("heading", name="12. Thể thức văn bản")).to_be_visible()
    assert desk.fits()
    box = dialog.bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 390)
    dialog.get_by_role("button", name="Đóng").click()
    expect(dialog).to_be_hidden()


def test_a_line_that_breaks_is_said_and_the_page_stays(desk: Desk) -> None:
    desk.open_section("tongson", "procedures")
    desk.expected.append(FAILED_REQUEST)
    desk.context.set_offline(True)
    question(desk).click()
    dialog = desk.page.get_by_role("dialog", name="Hướng dẫn")
    expect(dialog.get_by_role("alert")).to_contain_text("Chưa mở được bài hướng dẫn")
    desk.context.set_offline(False)
    desk.page.keyboard.press("Escape")
    question(desk).click()
    expect(dialog.get_by_role("heading", name="4. Nhập một phần")).to_be_visible()


def test_without_scripts_the_question_mark_leads_to_the_chapter(
    the_browser: Browser, server: Served
) -> None:
    desk = sit(the_browser, server, java_script_enabled=False)
    desk.open_section("tongson", "procedures")
    desk.follow(question(desk))
    assert desk.page.url == f"{desk.address}/huong-dan/nguoi-lap/nhap-mot-phan/"
    desk.context.close()


def test_the_pages_of_the_guides_read_well_at_the_desk_and_on_a_phone(desk: Desk) -> None:
    desk.open("/dang-nhap/")
    desk.follow(desk.page.get_by_role("link", name="Hướng dẫn đăng nhập"))
    good(desk)
    desk.enter("tongson")
    pages = ("", "?tim=khong+phat+sinh", "?tim=xyzzy", "nguoi-lap/cach-go-so-ngay-va-khong-phat-sinh/",
             "quan-tri/", "quan-tri/don-vi-va-ky-bao-cao/", "tham-dinh/tham-dinh/")  # fmt: skip
    for page in pages:
        desk.open(f"/huong-dan/{page}")
        good(desk)


def test_what_a_first_visit_shows_goes_away_for_good(the_browser: Browser, server: Served) -> None:
    server.manage("shell", "-v", "0", "-c", NEWCOMER)
    desk = sit(the_browser, server)
    desk.log_in(NEW, PASSWORD)
    panel = desk.page.get_by_role("region", name="Mới dùng hệ thống")
    expect(panel.get_by_role("listitem")).to_have_count(3)
    good(desk)
    desk.follow(panel.get_by_role("button", name="Đã xem, không hiện lại"))
    expect(desk.page.get_by_role("heading", name="Báo cáo cần lập")).to_be_visible()
    expect(panel).to_have_count(0)
    desk.context.close()
    another = sit(the_browser, server, java_script_enabled=False)
    another.log_in(NEW, PASSWORD)
    expect(another.page.get_by_role("region", name="Mới dùng hệ thống")).to_have_count(0)
    another.context.close()
