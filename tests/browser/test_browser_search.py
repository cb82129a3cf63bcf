"""The box of the search under hands: Ctrl+K, results as one types, arrows, Enter, Escape, and without scripts."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import DESKTOP, Desk, chromium, good, size
from playwright.sync_api import Locator, expect
from served import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def sit_down(server: Served) -> Iterator[Callable[..., Desk]]:
    """A person at a screen. What the browser complains about fails the test."""
    desks: list[Desk] = []
    with chromium() as browser:

        def sit(username: str, **options: Any) -> Desk:
            context = browser.new_context(viewport=size(DESKTOP), locale="vi-VN", **options)
            desk = Desk(context, str(server))
            desks.append(desk)
            desk.enter(username)
            return desk

        yield sit
        troubles = [trouble for desk in desks for trouble in desk.troubles]
    assert not troubles, "\n".join(troubles)


def box_of(desk: Desk) -> Locator:
    return desk.page.locator("[data-search] [name=q]").first


def options_of(desk: Desk) -> Locator:
    return desk.page.locator("[data-search] [role=option]")


def test_a_reviewer_finds_a_commune_by_keys_alone(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("hatrung_noivu")
    desk.open("/tim/")
    box, options = box_of(desk), options_of(desk)
    desk.page.locator("h1").click()
    desk.page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    desk.page.keyboard.type("ha tien")
    expect(options.first).to_contain_text("Xã Hà Tiến")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(desk.page.locator("[data-said]")).to_have_text("3 kết quả, dùng mũi tên để chọn")
    desk.page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    desk.page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    chosen = options.first.get_attribute("id")
    expect(box).to_have_attribute("aria-activedescendant", str(chosen))
    assert desk.violations() == []
    desk.page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("ha tien")
    desk.page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    desk.page.keyboard.press("ArrowDown")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    assert urlsplit(desk.page.url).path.startswith("/bao-cao/")
    expect(desk.page.locator("main")).to_contain_text("Hà Tiến")


def test_enter_without_a_choice_shows_all_results(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("hatrung_noivu")
    desk.open("/tim/")
    good(desk)
    box_of(desk).fill("ha")
    expect(options_of(desk).first).to_be_visible()
    with desk.page.expect_navigation():
        box_of(desk).press("Enter")
    assert urlsplit(desk.page.url).query == "q=ha"
    expect(desk.page.get_by_role("heading", name="Đơn vị (")).to_be_visible()
    good(desk)
    box_of(desk).fill("không có gì như vậy")
    expect(desk.page.locator("[data-none]")).to_be_visible()
    box_of(desk).press("Escape")
    box_of(desk).press("Escape")
    expect(box_of(desk)).to_have_value("")


def test_without_scripts_the_box_is_a_form(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("hatien", java_script_enabled=False)
    desk.open("/tim/")
    box_of(desk).fill("hai long")
    with desk.page.expect_navigation():
        box_of(desk).press("Enter")
    expect(desk.page.get_by_role("heading", name="Số liệu (3)")).to_be_visible()
    expect(desk.page.get_by_role("link", name="Số phiếu hài lòng")).to_be_visible()
