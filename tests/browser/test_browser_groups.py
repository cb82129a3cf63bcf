"""A section's page in groups: moving between them, by keys and on a phone; findings at their fields; the text beside."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser import DESKTOP, PHONE, Desk, chromium, size
from conftest import portal
from playwright.sync_api import Browser, expect
from served import Served

pytestmark = pytest.mark.browser

REPORT, GROUP = "phan/procedures/", "[data-group]:not([hidden])"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A portal of this module's own: the journeys of others write into the same reports."""
    with portal(tmp_path_factory, "groups") as address:
        yield address


@pytest.fixture(scope="module")
def the_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def sit_down(the_browser: Browser, server: Served) -> Iterator[Callable[..., Desk]]:
    """A person at a screen. What the browser complains about fails the test."""
    desks: list[Desk] = []

    def sit(**options: Any) -> Desk:
        options = {"locale": "vi-VN", "viewport": size(DESKTOP), **options}
        desks.append(Desk(the_browser.new_context(**options), str(server)))
        return desks[-1]

    yield sit
    troubles = [trouble for desk in desks for trouble in desk.troubles]
    for desk in desks:
        desk.context.close()
    assert not troubles, "\n".join(troubles)


def open_group(desk: Desk, slug: str = "") -> None:
    """As the clerk of Tống Sơn's year: the section on procedures, or one of its groups."""
    desk.enter("tongson")
    query = f"?nhom={slug}" if slug else ""
    desk.page.goto(f"{desk.address}{desk.report_address()}{REPORT}{query}")


def test_one_group_is_in_sight_and_the_bar_leads_through_all_of_them(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    open_group(desk)
    page = desk.page
    groups = page.locator("[data-group]")
    number = groups.count()
    assert number > 5
    expect(page.locator(GROUP)).to_have_count(1)
    page.locator("[data-show]").first.click()
    names = []
    for _ in range(number):
        names.append(page.locator(GROUP).get_attribute("data-group"))
        expect(page).to_have_url(re.compile(rf"nhom={names[-1]}$"))
        expect(page.locator(".groups [aria-current]")).to_have_attribute("data-show", names[-1])
        page.locator("[data-step=after]").click()
    assert len(set(names)) == number
    expect(page.get_by_role("heading", level=1)).to_have_text("Cải cách tổ chức bộ máy")
    page.go_back()
    expect(page.locator(GROUP)).to_have_attribute("data-group", names[-1])
    page.get_by_role("link", name="Tất cả các nhóm").click()
    expect(page.locator(GROUP)).to_have_count(number)


def test_a_total_that_does_not_fit_is_said_at_its_field_and_mended_by_a_press(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    open_group(desk, "ho-so-giai-quyet")
    page = desk.page
    parts = {"resolved_early": "3.610", "resolved_on_time": "1.117", "resolved_late": "18"}
    for name, text in {"resolved": "4.755", **parts}.items():
        desk.type(f"procedures.{name}", text)
    desk.leave_field()
    desk.saved()
    row = desk.around(".figure-field", "procedures.resolved")
    expect(row.locator(".finding").first).to_contain_text(
        "3.610 + 1.117 + 18 = 4.745, đang ghi 4.755."
    )
    for name in parts:
        expect(desk.field(f"procedures.{name}")).to_have_class(re.compile("takes-part"))
    link = page.locator("[data-first-finding]")
    expect(link).to_have_text(re.compile(r"^\d+ lỗi$"))
    row.get_by_role("button", name="Ghi 4.745 vào").click()
    desk.typed("procedures.resolved")
    desk.saved()
    expect(desk.field("procedures.resolved")).to_have_value("4.745")
    expect(row.locator(".finding").filter(has_text="đang ghi 4.755")).to_have_count(0)
    expect(desk.paper.locator(".lit")).to_have_text(["4.745"])


def test_enter_goes_from_field_to_field_and_on_to_the_next_group_and_f1_explains(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    open_group(desk, "ho-so-giai-quyet")
    keys, page = desk.page.keyboard, desk.page
    page.locator(f"{GROUP} input.number").first.focus()
    keys.press("F1")
    expect(page.locator(".counting[open]")).to_have_count(1)
    keys.press("F1")
    expect(page.locator(".counting[open]")).to_have_count(0)
    for _ in range(page.locator(f"{GROUP} input.number").count()):
        keys.press("Enter")
    expect(page.locator("[data-step=after]")).to_be_focused()
    keys.press("Enter")
    expect(page.locator(GROUP)).not_to_have_attribute("data-group", "ho-so-giai-quyet")
    expect(page.locator(f"{GROUP} input").first).to_be_focused()
    keys.press("Control+k")
    expect(page.get_by_label("Tìm số liệu")).to_be_focused()
    keys.type("qua han tong")
    keys.press("Enter")
    expect(page.locator(GROUP)).to_have_attribute("data-group", "ho-so-giai-quyet")
    expect(desk.field("procedures.overdue")).to_be_focused()


def test_a_click_in_the_text_brings_the_group_of_its_figure(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    open_group(desk, "ho-so-giai-quyet")
    desk.type("procedures.resolved_early", "134")
    desk.leave_field()
    desk.saved()
    desk.page.locator("[data-show]").first.click()
    desk.page.locator('[data-preview] [data-figure="procedures.resolved_early"]').first.click()
    expect(desk.page.locator(GROUP)).to_have_attribute("data-group", "ho-so-giai-quyet")
    expect(desk.field("procedures.resolved_early")).to_be_focused()


def test_a_wide_table_has_the_window_and_its_columns_add_up_as_one_types(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    open_group(desk, "ho-so-thu-tuc-hanh-chinh-theo-linh-vuc")
    page = desk.page
    table = page.locator("[data-table=dossiers] table")
    assert table.bounding_box()["width"] > 1200  # type: ignore[index]
    expect(desk.paper).to_be_hidden()
    page.get_by_role("button", name="Mở văn bản").click()
    expect(desk.paper).to_be_visible()
    total = table.locator("tfoot [data-sum=received]")
    for name, number in (("Hộ tịch", "1.310"), ("Đất đai", "486")):
        uid = desk.add_row("dossiers")
        desk.type(f"dossiers.name@{uid}", name)
        desk.type(f"dossiers.received@{uid}", number)
    expect(total).to_have_text("1.796")
    desk.type(f"dossiers.resolved@{uid}", "441")
    desk.type(f"dossiers.pending@{uid}", "46")
    desk.leave_field()
    desk.saved()
    below = page.locator(".row-findings")
    expect(below).to_contain_text("441 + 46 = 487, đang ghi 486.")
    below.get_by_role("button", name="Ghi 487 vào").click()
    desk.typed(f"dossiers.received@{uid}")
    desk.saved()
    expect(below).to_have_count(0)
    expect(total).to_have_text("1.797")


def test_on_a_phone_the_groups_are_a_strip_and_form_and_text_take_turns(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down(viewport=size(PHONE), has_touch=True, is_mobile=True)
    open_group(desk, "ho-so-giai-quyet")
    page = desk.page
    field = page.locator(f"{GROUP} input.number").first
    assert field.bounding_box()["y"] < 260  # type: ignore[index]
    assert desk.fits()
    page.get_by_role("button", name="Văn bản").click()
    expect(desk.paper).to_be_visible()
    expect(field).to_be_hidden()
    page.get_by_role("button", name="Về nhập liệu").click()
    expect(field).to_be_visible()
    assert desk.violations() == []


def test_without_scripts_a_group_is_a_link_away_and_saving_stays_in_it(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down(java_script_enabled=False)
    open_group(desk)
    page = desk.page
    expect(page.locator(GROUP)).to_have_count(page.locator("[data-group]").count())
    page.locator(".groups").get_by_role("link", name=re.compile("^Hồ sơ giải quyết")).click()
    expect(page.locator(GROUP)).to_have_count(1)
    desk.field("procedures.resolved_late").fill("7")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_text(re.compile(r"^Đã lưu lúc"))).to_be_visible()
    expect(page).to_have_url(re.compile("nhom=ho-so-giai-quyet$"))
    expect(desk.field("procedures.resolved_late")).to_have_value("7")
