"""An office's day in Chromium: a reviewer reminds who has not sent, and has the period's workbook and
papers made; the clerk who was reminded reads of it.

Other journeys move the reports of this period, so counts are those that the board shows; the figures
are Hà Sơn's, whose report is issued and stays as it is.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from browser import DESKTOP, Desk, chromium, good, size
from playwright.sync_api import Browser, Error, Response, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.pdf]

BOARD = "/ky/HT-2023-9T/"
UNSENT = ".tag.draft, .tag.presented, .tag.signed"
WORKBOOK, PAPERS = "Bảng số liệu (Excel)", "Văn bản của các đơn vị (ZIP)"


@pytest.fixture
def sit_down(server: str) -> Iterator[Callable[[str], Desk]]:
    """A person, logged in at a screen of his own. What the browser complains about fails the test."""
    desks: list[Desk] = []
    with chromium() as browser:

        def sit(username: str) -> Desk:
            desks.append(_desk(browser, server, username))
            return desks[-1]

        yield sit
        troubles = [trouble for desk in desks for trouble in desk.troubles]
    assert not troubles, "\n".join(troubles)


def _desk(browser: Browser, server: str, username: str) -> Desk:
    options: dict[str, Any] = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
    desk = Desk(browser.new_context(viewport=size(DESKTOP), **options), server)
    desk.enter(username)
    desk.open("/")
    return desk


def test_a_reviewer_reminds_and_exports_and_a_clerk_reads_the_reminder(
    sit_down: Callable[[str], Desk], tmp_path: Path
) -> None:
    reviewer = sit_down("hatrung_noivu")
    _remind(reviewer)
    files = _export(reviewer, tmp_path)
    _compare_with_the_pages(reviewer, files[WORKBOOK])
    _compare_with_what_is_kept(reviewer, files[PAPERS])
    _read_the_reminder(sit_down("havinh"))


def _remind(desk: Desk) -> None:
    page = desk.page
    desk.open(BOARD)
    good(desk)
    owing = page.locator("tbody tr").filter(has=page.locator(UNSENT)).count()
    assert owing >= 3  # Hà Tiến, Hà Vinh, Hà Long
    button = page.get_by_role("button", name="Nhắc các đơn vị chưa gửi")
    expect(button).to_have_text(f"Nhắc các đơn vị chưa gửi ({owing})")
    button.click()
    told = page.locator(".message")
    expect(told).to_have_text(re.compile(rf"^Đã nhắc {owing} đơn vị, \d+ người\.$"))
    expect(page.get_by_text("Đã nhắc", exact=False).and_(page.locator("td small"))).to_have_count(
        owing
    )
    button.click()
    expect(told).to_have_text("Hôm nay đã nhắc các đơn vị chưa gửi; mỗi ngày nhắc một lần.")


def _export(desk: Desk, folder: Path) -> dict[str, Path]:
    """Both files, asked for on the board and on the page of exports, and fetched when they are done."""
    page = desk.page
    shares: list[dict[str, Any]] = []
    held: list[Route] = []

    def hear(response: Response) -> None:
        if response.url.endswith("/tien-do/"):
            shares.extend(response.json()["exports"])

    def hold(route: Route) -> None:
        held.append(route)

    page.on("response", hear)
    # News of the progress wait until the page has been looked at, however quick the worker is.
    page.route("**/tien-do/", hold)
    for kind in (WORKBOOK, PAPERS):
        page.get_by_label("Báo cáo đã gửi, kể cả chưa phê duyệt").check()
        desk.follow(page.get_by_role("button", name=kind, exact=True))
    line = page.locator(".exports li", has_text=PAPERS)
    expect(line.get_by_role("progressbar")).to_be_visible()
    good(desk)
    # What the person chose meanwhile is still chosen when the files are done: the page was not reloaded.
    page.get_by_label("Báo cáo đã gửi, kể cả chưa phê duyệt").check()
    line.get_by_role("button", name="Hủy").focus()
    page.unroute("**/tien-do/")
    for route in held:
        with suppress(Error):  # the question of a page that is gone went with it
            route.continue_()
    expect(line.get_by_role("link", name="Tải về")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.get_by_label("Báo cáo đã gửi, kể cả chưa phê duyệt")).to_be_checked()
    expect(line.get_by_role("link", name="Tải về")).to_be_focused()
    expect(page.locator("[data-news]")).to_contain_text("Đã xong")
    percents: dict[int, list[int]] = {}
    for told in shares:
        percents.setdefault(told["id"], []).append(told["percent"] or 0)
    assert all(shown == sorted(shown) for shown in percents.values())
    assert percents[max(percents)][-1] == 100  # the papers, asked for last
    good(desk)
    files = {}
    for kind in (WORKBOOK, PAPERS):
        with page.expect_download() as download:
            page.locator(".exports li", has_text=kind).get_by_role("link", name="Tải về").click()
        files[kind] = folder / download.value.suggested_filename
        download.value.save_as(files[kind])
    assert [path.name for path in files.values()] == [
        "Bang-so-lieu-CCHC_9-thang-2023.xlsx", "Van-ban-CCHC_9-thang-2023.zip",
    ]  # fmt: skip
    return files


def _compare_with_the_pages(desk: Desk, file: Path) -> None:
    """The figures of Hà Sơn in the workbook are those that its pages show, letter by letter."""
    book = openpyxl.load_workbook(file)
    data = list(book["Số liệu"].iter_rows(values_only=True))
    titles, row = data[0], next(row for row in data if row[1] == "Xã Hà Sơn")
    meaning = list(book["Chú giải"].iter_rows(min_row=2, values_only=True))
    codes = {str(line[1]): str(line[5]) for line in meaning if line[5]}
    values = {
        codes[str(title)]: value for title, value in zip(titles, row, strict=True) if title in codes
    }
    report = _report_of(desk, "Xã Hà Sơn")
    compared = 0
    for section in ("procedures", "egov"):
        desk.open(f"{report}phan/{section}/")
        shown = desk.page.locator(f'input[name^="{section}."]:not([name*="@"])')
        fields = shown.evaluate_all("all => all.map(one => [one.name, one.value])")
        for name, text in fields:
            assert (name, _written(values[name])) == (name, text)
            compared += bool(text)
    assert compared > 25


def _written(value: Any) -> str:
    """A cell as a page writes it: `2.395`, `97,5`, words as they are."""
    if isinstance(value, int | float):
        return f"{value:,.15g}".translate(str.maketrans(",.", ".,"))
    return str(value or "")


def _report_of(desk: Desk, unit: str) -> str:
    """The address of a unit's report of the period."""
    desk.open(BOARD)
    href = (
        desk.page.get_by_role("row", name=unit)
        .get_by_role("link", name="PDF")
        .get_attribute("href")
    )
    return str(href).removesuffix("van-ban.pdf")


def _compare_with_what_is_kept(desk: Desk, file: Path) -> None:
    desk.open(_report_of(desk, "Xã Hà Sơn"))
    href = desk.page.get_by_role("link", name="PDF đã lưu").get_attribute("href")
    kept = desk.page.request.get(desk.address + str(href)).body()
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        own = [name for name in names if "15313" in name]
        assert [re.sub(r"^\d\d", "NN", name) for name in own] == [
            "NN_15313_Xa-Ha-Son/so-87_bao-cao.pdf",
            "NN_15313_Xa-Ha-Son/so-87_bao-cao.docx",
        ]
        assert archive.read(own[0]) == kept
        listed = archive.read("_danh-sach.txt").decode("utf-8-sig")
    assert "_chua-tao-duoc.txt" not in names
    assert "KHÔNG CÓ TRONG TỆP NÀY" in listed and "Xã Hà Vinh: đang soạn" in listed


def _read_the_reminder(desk: Desk) -> None:
    page = desk.page
    bell = page.get_by_role("link", name="Thông báo")
    unread = int(bell.locator("strong").inner_text().split()[0])
    desk.follow(bell)
    good(desk)
    reminder = page.locator(".notices li", has_text="Nhắc gửi báo cáo: xã Hà Vinh").first
    expect(reminder).to_contain_text("Phòng Nội vụ huyện Hà Trung nhắc gửi báo cáo")
    expect(reminder).to_contain_text("chưa đọc")
    reminder.get_by_role("button").click()
    expect(page).to_have_title("Báo cáo 9 tháng đầu năm 2023 – xã Hà Vinh")
    left = bell.locator("strong")
    assert (left.count() and int(left.inner_text().split()[0])) == unread - 1
    desk.follow(bell)
    expect(reminder).not_to_contain_text("chưa đọc")
    desk.follow(page.get_by_role("link", name="Cách nhận thư"))
    good(desk)
