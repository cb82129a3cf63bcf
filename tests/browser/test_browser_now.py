"""The tour of README, walked in Chromium through the demo's present story: five people, one report.

Sở Nội vụ of Thanh Hóa over twelve communes of today, in the first half of 2026. Only xã Tống Sơn's reports
are told, of this period and of the one before; the other communes owe theirs. `test_browser_way` walks the
same way in the archive and weighs its pages; here the words, the numbers and the files are looked at.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import DESKTOP, Desk, chromium, pdf_text, saved_file, size, stands, thread
from conftest import portal
from playwright.sync_api import expect
from served import Served

pytestmark = [pytest.mark.browser, pytest.mark.pdf]

#: On the archive's portal: the quiet periods of 2026 away, and the story of this day in their place.
STORY = """
from datetime import date
from reports.demo import now
from reports.demo.papers import printing_beside
from reports.directory.loading import give_passwords, read
from reports.demo.loading import FIXTURES
from reports.models import ReportingPeriod

def of_one_commune(path):
    data = read(path)
    return data | {"reports": [one for one in data.get("reports", ()) if one["unit"] == "15316"]}

now.read = of_one_commune
for period in ReportingPeriod.objects.filter(code__startswith="TH-2026-"):
    period.reports.all().delete()
    period.delete()
folder = FIXTURES / "demo"
with printing_beside():
    now.load_present(folder, date(2026, 6, 20), print)
people = now.present_people(folder)
give_passwords({row["username"]: row["password"] for row in people})
"""
PERIOD = "6 tháng đầu năm 2026"
NAME = "Bao-cao-CCHC_xa-Tong-Son_6-thang-2026"
#: Fewer than quarter I had, which draws a warning; then what the system of the province has.
WRONG, RIGHT = "3.500", "4.640"
WORD = "Hệ thống của tỉnh tính lại số hồ sơ số hóa."
HANDED_BACK = "Đề nghị công chức xem lại số hồ sơ số hóa."
REMARK = "Hệ thống của tỉnh ghi 4.640 hồ sơ. Đề nghị đối chiếu."
REASON = "Số hồ sơ số hóa chưa khớp với hệ thống của tỉnh."
ANSWER = "Đã đối chiếu, sửa thành 4.640."
#: What no screen and no paper may show: a blank's dots, a sentence's braces, a name of code.
UNFINISHED = re.compile(
    r"\.{4,}|…{2,}|[{}]|\b(?:procedures|direction|evaluation|indicator)\.\w|None|null"
)


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A portal in the middle of the half-year of 2026."""
    with portal(tmp_path_factory, "present", script=STORY) as address:
        yield address


@pytest.fixture
def sit_down(present: Served) -> Iterator[Callable[[str], Desk]]:
    """A person, logged in at a screen of his own. What the browser complains about fails the test."""
    desks: list[Desk] = []
    options: dict[str, Any] = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
    with chromium() as browser:

        def sit(username: str) -> Desk:
            desks.append(Desk(browser.new_context(viewport=size(DESKTOP), **options), present))
            desks[-1].enter(username)
            desks[-1].open("/")
            return desks[-1]

        yield sit
        troubles = [trouble for desk in desks for trouble in desk.troubles]
    assert not troubles, "\n".join(troubles)


@dataclass
class People:
    """Who walks, and the address of the report."""

    clerk: Desk
    leader: Desk
    records: Desk
    reviewer: Desk
    report: str = ""


def finished(desk: Desk) -> None:
    """The page at hand is no page of an error, and shows nothing that is not for people."""
    main = desk.page.locator("main").inner_text()
    assert main.strip(), desk.page.url
    assert not (found := UNFINISHED.search(main)), f"{desk.page.url}: {found[0]}"


def follow(desk: Desk, name: str) -> None:
    desk.follow(desk.page.get_by_role("link", name=name, exact=True).first)
    finished(desk)


def press(desk: Desk, name: str) -> None:
    desk.follow(desk.page.get_by_role("button", name=name, exact=True).first)
    finished(desk)


def first_of_inbox(desk: Desk, heading: str) -> None:
    """The first page begins with the present period, under the words of this person's task."""
    desk.open("/")
    expect(desk.page.get_by_role("heading", name=re.compile(rf"^{heading} \(1\)$"))).to_be_visible()
    desk.follow(desk.page.locator(".card-link a", has_text=PERIOD).first)
    finished(desk)


def test_five_people_walk_the_tour_through_the_story_of_now(
    sit_down: Callable[[str], Desk], tmp_path: Path
) -> None:
    people = People(
        sit_down("tongson"), sit_down("tongson_lanhdao"), sit_down("tongson_vanthu"),
        sit_down("thanhhoa_noivu"),
    )  # fmt: skip
    _take_back_and_present(people.clerk, people)
    _hand_back_then_sign(people)
    _send(people.records)
    _return_one_section(people.reviewer)
    _correct(people)
    _approve(people.reviewer)
    _issue(people, tmp_path)
    _look_from_above(sit_down("quantri"))


def _take_back_and_present(desk: Desk, people: People) -> None:
    """Step 1 of the tour: a figure changed, the warning it draws explained, presented."""
    desk.follow(desk.page.locator(".card-link a", has_text=PERIOD).first)
    people.report = desk.page.url.removeprefix(desk.address)
    stands(desk, "Đã trình lãnh đạo")
    follow(desk, "Lấy lại để sửa")
    press(desk, "Lấy lại để sửa")
    stands(desk, "Đang soạn")
    follow(desk, "Cải cách thủ tục hành chính")
    desk.type("procedures.digitised", WRONG)
    desk.leave_field()
    desk.saved()
    expect(desk.paper).to_contain_text(f"{WRONG} hồ sơ")
    desk.open(people.report)
    follow(desk, "Kiểm tra trước khi trình")
    expect(desk.page.locator(".lead")).to_contain_text(
        "0 lỗi phải sửa và 1 cảnh báo chưa giải trình"
    )
    warned = desk.page.locator("li", has_text=f"là {WRONG}, ít hơn 3.817 đã báo cáo quý I năm 2026")
    warned.get_by_label("Lời giải trình").fill(WORD)
    press(desk, "Lưu lời giải trình")
    press(desk, "Trình lãnh đạo")
    stands(desk, "Đã trình lãnh đạo")


def _hand_back_then_sign(people: People) -> None:
    """Step 2: the leader first hands the report back, with a reason, and signs it when it comes again."""
    desk, clerk = people.leader, people.clerk
    first_of_inbox(desk, "Chờ ký duyệt")
    desk.page.get_by_text("Tất cả số liệu").click()
    line = desk.page.locator("#tat-ca tr", has_text="Hồ sơ tiếp nhận đã được số hóa")
    expect(line).to_contain_text(WRONG)
    expect(line).to_contain_text("3.817")
    expect(desk.page.locator(".findings")).to_contain_text(WORD)
    follow(desk, "Trả lại để sửa…")
    desk.page.get_by_label("Lý do").fill(HANDED_BACK)
    press(desk, "Trả lại để sửa")
    stands(desk, "Đang soạn")
    first_of_inbox(clerk, "Báo cáo cần lập")
    expect(clerk.page.locator("main")).to_contain_text("Lãnh đạo UBND xã Tống Sơn trả lại để sửa")
    expect(clerk.page.locator("main")).to_contain_text(HANDED_BACK)
    follow(clerk, "Trình lãnh đạo")
    press(clerk, "Trình lãnh đạo")
    _sign(desk)


def _sign(desk: Desk) -> None:
    first_of_inbox(desk, "Chờ ký duyệt")
    desk.page.locator(".foot-bar summary").click()
    press(desk, "Xác nhận ký duyệt")
    stands(desk, "Đã ký duyệt")


def _send(desk: Desk) -> None:
    """Step 3, first and second time alike."""
    first_of_inbox(desk, "Đã ký duyệt, chờ gửi")
    follow(desk, "Gửi báo cáo")
    press(desk, "Gửi báo cáo")
    stands(desk, "Đã gửi")


def _return_one_section(desk: Desk) -> None:
    """Step 4: from the board to the page of review, a remark on a figure, one section opened."""
    desk.open("/")
    page = desk.page
    follow(desk, PERIOD)
    expect(page.locator("tr", has_text="Xã Thọ Xuân")).to_contain_text("Đang soạn")
    expect(page.locator("tr", has_text="Xã Thọ Xuân")).to_contain_text("chậm")
    expect(page.locator("tr", has_text="Xã Tống Sơn")).to_contain_text("Không lỗi")
    follow(desk, "Xã Tống Sơn")
    press(desk, "Bắt đầu thẩm định")
    stands(desk, "Đang thẩm định")
    follow(desk, "Trang thẩm định")
    expect(page.locator("html.js")).to_be_attached()
    page.locator('[data-review] [data-figure="procedures.digitised"]').first.click()
    expect(page.locator("[data-passage-shown]")).to_contain_text(f"{WRONG} hồ sơ")
    page.get_by_label("Nội dung").fill(REMARK)
    press(desk, "Ghi ý kiến")
    page.get_by_text("Chỉ mở một số phần").click()
    page.get_by_label("Cải cách thủ tục hành chính", exact=True).check()
    page.get_by_label("Yêu cầu chỉnh lý: lý do").fill(REASON)
    press(desk, "Yêu cầu chỉnh lý")
    stands(desk, "Yêu cầu chỉnh lý")


def _correct(people: People) -> None:
    """Step 5: the clerk hears of it, corrects the one open section, answers; leader and văn thư as before."""
    desk = people.clerk
    follow(desk, "Thông báo")
    expect(desk.page.locator("main")).to_contain_text(REASON)
    desk.open(people.report)
    expect(desk.page.locator(".message.returned")).to_contain_text(REASON)
    expect(desk.page.get_by_text("Không mở để sửa")).to_have_count(11)
    thread(desk, REMARK).get_by_role("link", name="Cải cách thủ tục hành chính").click()
    desk.type("procedures.digitised", RIGHT)
    desk.leave_field()
    desk.saved()
    desk.open(people.report)
    thread(desk, REMARK).get_by_label("Trả lời").fill(ANSWER)
    thread(desk, REMARK).get_by_role("button", name="Trả lời").click()
    expect(thread(desk, REMARK).locator(".answer")).to_contain_text(ANSWER)
    follow(desk, "Trình lãnh đạo")
    press(desk, "Trình lãnh đạo")
    _sign(people.leader)
    _send(people.records)


def _approve(desk: Desk) -> None:
    """The reviewer sees only what changed, and approves."""
    desk.open("/")
    follow(desk, PERIOD)
    follow(desk, "Xã Tống Sơn")
    changes = desk.page.locator(".changes tbody tr")
    expect(changes).to_have_count(1)
    expect(changes.locator("del")).to_have_text(WRONG)
    expect(changes.locator("ins")).to_have_text(RIGHT)
    thread(desk, REMARK).get_by_role("button", name="Đã giải quyết").click()
    expect(thread(desk, REMARK)).to_have_class(re.compile("settled"))
    follow(desk, "Phê duyệt")
    press(desk, "Phê duyệt")
    stands(desk, "Đã phê duyệt")


def _issue(people: People, folder: Path) -> None:
    """Number and date are shown before they are given; the paper bears them, and so does its confirmation."""
    desk = people.records
    first_of_inbox(desk, "Chờ phát hành")
    follow(desk, "Phát hành")
    desk.page.get_by_label("Số").fill("127")
    today: str = desk.page.evaluate("new Date().toLocaleDateString('vi-VN')")
    desk.page.get_by_label("Ngày ban hành").fill(today)
    expect(desk.page.locator("label", has_text="Họ tên người ký")).to_contain_text("bắt buộc")
    desk.page.get_by_label("Họ tên người ký").fill("Nguyễn Văn A")
    press(desk, "Xem lại trước khi ghi")
    confirmed = desk.page.locator(".confirmed")
    for words in ("127/BC-UBND", "Nguyễn Văn A"):
        expect(confirmed).to_contain_text(words)
    press(desk, "Phát hành")
    stands(desk, "Đã phát hành")
    issued = saved_file(desk, "PDF đã lưu", folder)
    code = re.fullmatch(rf"{NAME}_ban-luu-(\w{{4}}-\w{{4}})\.pdf", issued.name)
    assert code, issued.name
    assert saved_file(desk, "Word đã lưu", folder).name == issued.with_suffix(".docx").name
    text = pdf_text(issued)
    for words in ("Số: 127/BC-UBND", "Tống Sơn, ngày ", f"số hóa: {RIGHT} hồ sơ"):
        assert words in text
    assert WRONG not in text and not UNFINISHED.search(text)

    follow(desk, "Nạp bản đã ký")
    (signed := folder / "ban-da-ky.pdf").write_bytes(issued.read_bytes() + b"\n")
    desk.page.get_by_label("Tệp PDF đã ký").set_input_files(signed)
    press(desk, "Nạp bản đã ký")
    expect(desk.page.get_by_text("Đã nạp bản đã ký.")).to_be_visible()
    # The code is in the file's name; whoever has it asks what the file is.
    people.clerk.open("/xac-nhan/")
    people.clerk.page.get_by_label("Mã ngắn").fill(code[1])
    press(people.clerk, "Xác nhận")
    answer = people.clerk.page.locator("main")
    expect(answer).to_contain_text(f"Bản phát hành của xã Tống Sơn, {PERIOD}; mã {code[1]}")
    expect(answer).to_contain_text("Đây là bản đang có hiệu lực.")
    expect(answer).to_contain_text("ban-da-ky.pdf")


def _look_from_above(desk: Desk) -> None:
    """The admin of the province finds the period on the first page, the report and its history behind it."""
    follow(desk, PERIOD)
    expect(desk.page.locator("tr", has_text="Xã Tống Sơn")).to_contain_text("Số 127/BC-UBND")
    follow(desk, "Xã Tống Sơn")
    stands(desk, "Đã phát hành")
    follow(desk, "Nhật ký")
    told = desk.page.locator(".timeline").first
    for words in (
        REASON,
        HANDED_BACK,
        "Trả lại để sửa → Đang soạn",
        "Phát hành → Đã phát hành, số 127",
    ):
        expect(told).to_contain_text(words)
