"""What `./run screens` measures, on a page whose sizes are known and on one of the portal."""

from collections.abc import Iterator

import pytest
from browser import chromium, size
from playwright.sync_api import Page
from screen_measures import FIELD, Target, in_sight, lowest_contrast, measure
from screens import DESK, PHONE

pytestmark = pytest.mark.browser

#: Rows of 40 px from 300 px on, an action that a bar at the bottom covers, a field in the head.
KNOWN = (
    """<!doctype html><html lang="vi"><style>
* {box-sizing: border-box; margin: 0; padding: 0} body {height: 2000px}
header {height: 300px} li {height: 40px; color: #767676; list-style: none} a.big {display: block; height: 40px}
.bar {position: fixed; bottom: 0; height: 168px; width: 100%; background: #fff}
</style><main>
<header><form><input name="search" style="height: 30px"></form></header>
<ul>"""
    + "<li><a class='big' href='/'>Phần</a></li>" * 20
    + """</ul>
<p>Xem thêm ở <a href="/">trang này</a>.</p>
<form style="position: absolute; top: 200px">
  <input name="a" style="height: 30px"><input name="b" style="height: 20px; width: 90px">
  <input type="hidden" name="c"><button class="button primary" style="height: 44px">Lưu</button>
</form>
<form style="position: absolute; top: 700px"><textarea name="covered"></textarea></form>
<button class="btn-primary" style="position: absolute; top: 1500px">Gửi</button>
</main><div class="bar"></div></html>"""
)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page(viewport=size(DESK))


def test_the_first_screen_of_a_known_page_is_measured_to_the_pixel(page: Page) -> None:
    page.set_content(KNOWN)
    page.evaluate("scrollTo(0, 500)")
    facts = in_sight(page, ["table tr", "main li"], ["main li"])
    assert (facts["first"], facts["first_is"]) == (300, "main li")
    assert facts["rows"] == 7  # 300 to 600, where the bar begins
    assert facts["fields"] == 2
    assert (facts["primary"], facts["primary_page"]) == (1, 2)
    assert facts["links"] == 12  # those under the bar are on the screen too
    assert facts["target"] == Target(90, 20, "b")
    assert (facts["height"], facts["overflow"]) == (2000, 0)


def test_a_page_that_marks_its_first_row_needs_no_selectors(page: Page) -> None:
    page.set_content(KNOWN.replace("<li>", "<li data-first>", 2))
    facts = in_sight(page, ["header"])
    assert (facts["first"], facts["first_is"], facts["rows"]) == (300, "[data-first]", 7)


def test_a_link_stretched_over_its_card_is_as_large_as_the_card(page: Page) -> None:
    style = "li {position: relative; height: 60px; width: 200px} a::after {content: ''; position: absolute; inset: 0}"
    page.set_content(f"<style>{style}</style><main><ul><li><a href='/'>Kỳ</a></li></ul></main>")
    assert in_sight(page, ["li"])["target"] == Target(200, 60, "Kỳ")


def test_the_faintest_text_on_the_screen_gives_the_contrast(page: Page) -> None:
    faint = "<p style='color: #aaa; position: absolute; top: 1800px'>Nhạt</p>"
    page.set_content(f"<main><p style='color: #767676'>Chữ</p>{faint}</main>")
    ratio, text = lowest_contrast(page)
    assert ratio == pytest.approx(4.54, abs=0.01)
    assert "Chữ" in text


def test_a_page_of_the_portal_is_visited_twice_and_weighs_less_the_second_time(
    page: Page, server: str
) -> None:
    page.set_viewport_size(size(PHONE))
    screen = measure(page, f"{server}/dang-nhap/", "login", [FIELD])
    assert (screen.page, screen.width, screen.status) == ("login", 390, 200)
    assert screen.fields >= 2
    assert screen.first is not None
    assert 0 < screen.later_bytes < screen.first_bytes
