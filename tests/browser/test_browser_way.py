"""The way of a report, walked by four people at four screens: clerk, leader, văn thư and reviewer.

Xã Hà Bình of the demo's district has presented its report. The clerk takes it back; the walk ends with
the issued paper. Every page of the way is weighed by axe, at the desk and on a phone, as it stands then.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from browser import (
    DESKTOP,
    FAILED_REQUEST,
    PHONE,
    Desk,
    chromium,
    good,
    pdf_text,
    saved_file,
    size,
    stands,
    thread,
)
from playwright.sync_api import Browser, Locator, expect

pytestmark = [pytest.mark.browser, pytest.mark.pdf]

PERIOD = "9 tháng đầu năm 2023"
REMARK = "Hệ thống một cửa ghi 251 hồ sơ. Đề nghị đối chiếu."
DOUBT = "Nguyên nhân còn chung chung. Đề nghị nêu rõ vị trí nào kiêm nhiệm."
REASON = "Số hồ sơ số hóa chưa khớp; nguyên nhân chưa rõ."
#: Marks the passage as a mouse drawn over it does.
MARK = """words => {
  const found = [...document.querySelectorAll("[data-review] p")].find(p => p.textContent.includes(words));
  const range = document.createRange();
  range.selectNodeContents(found);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  found.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
}"""


@pytest.fixture(scope="module")
def the_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def sit_down(the_browser: Browser, server: str) -> Iterator[Callable[[str], Desk]]:
    """A person, logged in at a screen of his own. What the browser complains about fails the test."""
    desks: list[Desk] = []

    def sit(username: str) -> Desk:
        options: dict[str, Any] = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
        context = the_browser.new_context(viewport=size(DESKTOP), **options)
        desks.append(Desk(context, server))
        desks[-1].enter(username)
        desks[-1].open("/")
        return desks[-1]

    yield sit
    troubles = [trouble for desk in desks for trouble in desk.troubles]
    for desk in desks:
        desk.context.close()
    assert not troubles, "\n".join(troubles)


def follow(desk: Desk, name: str) -> None:
    """Follow a link, such as to the page that asks before something is done."""
    desk.follow(desk.page.get_by_role("link", name=name, exact=True))


def press(desk: Desk, name: str) -> None:
    desk.follow(desk.page.get_by_role("button", name=name, exact=True))


def buttons(desk: Desk) -> list[str]:
    """What the report's page offers this person to do."""
    shown = ".next .button.primary:visible, .moves .button:visible"
    return desk.page.locator(shown).all_inner_texts()


def confirmed(desk: Desk, file: Path) -> Locator:
    """What the portal says of a file that somebody brings."""
    desk.open("/xac-nhan/")
    desk.page.get_by_label("Hoặc tệp").set_input_files(file)
    press(desk, "Xác nhận")
    return desk.page.locator(".message")


@dataclass
class People:
    """Who walks, and the address of the report."""

    clerk: Desk
    leader: Desk
    records: Desk
    reviewer: Desk
    report: str = ""


def test_four_people_bring_a_report_from_the_desk_to_the_issued_paper(
    sit_down: Callable[[str], Desk], tmp_path: Path
) -> None:
    people = People(
        sit_down("habinh"), sit_down("habinh_lanhdao"), sit_down("habinh_vanthu"),
        sit_down("hatrung_noivu"),
    )  # fmt: skip
    _present_and_sign(people)
    _send(people)
    _return_one_section(people)
    _correct(people)
    _read_what_changed(people)
    approved = _approve(people, tmp_path)
    _issue(people, approved, tmp_path)


def _present_and_sign(people: People) -> None:
    clerk, leader = people.clerk, people.leader
    people.report = clerk.open_report_here(PERIOD)
    stands(clerk, "Đã trình lãnh đạo")
    assert buttons(clerk) == ["Lấy lại để sửa"]
    follow(clerk, "Lấy lại để sửa")
    good(clerk)
    clerk.page.get_by_label("Lý do").fill("Kiểm tra lại một lần nữa.")
    press(clerk, "Lấy lại để sửa")
    stands(clerk, "Đang soạn")
    # A warning without its word holds the report back; with it, the button is there.
    follow(clerk, "Trình lãnh đạo")
    word = clerk.page.get_by_label("Lời giải trình").first
    told = word.input_value()
    word.fill("")
    press(clerk, "Lưu lời giải trình")
    expect(clerk.page.locator(".lead")).to_contain_text("1 cảnh báo chưa giải trình")
    assert buttons(clerk) == []
    clerk.page.get_by_label("Lời giải trình").first.fill(told)
    press(clerk, "Lưu lời giải trình")
    expect(clerk.page.locator(".message", has_text="đủ điều kiện gửi")).to_be_visible()
    good(clerk)
    press(clerk, "Trình lãnh đạo")
    stands(clerk, "Đã trình lãnh đạo")

    expect(leader.page.get_by_role("heading", name="Chờ ký duyệt")).to_be_visible()
    leader.follow(leader.page.locator(".card-link a", has_text=PERIOD).first)
    assert leader.page.url.endswith(f"{people.report}ky-duyet/")
    assert buttons(leader) == ["Ký duyệt", "Trả lại để sửa…"]
    line = leader.page.locator(".key-figures tr", has_text="Hồ sơ tiếp nhận trực tuyến toàn trình")
    assert " ".join(line.inner_text().split()).endswith(
        "toàn trình 94 hồ sơ tăng 54 (+135%) bình quân một tháng +57% lớn"
    )
    expect(leader.page.locator(".findings")).to_contain_text(told)
    good(leader)
    leader.page.get_by_text("Tất cả số liệu").click()
    every = leader.page.locator("#tat-ca tr", has_text="Hồ sơ tiếp nhận trực tuyến toàn trình")
    assert " ".join(every.inner_text().split()).endswith(
        "toàn trình 94 hồ sơ 40 +135% một tháng +57% lớn"
    )
    good(leader)
    # On a phone the period before stays in sight, each figure under its name.
    leader.page.set_viewport_size(size(PHONE))
    assert line.locator("td").nth(1).is_visible()
    leader.page.set_viewport_size(size(DESKTOP))
    leader.page.set_viewport_size(size(PHONE))
    bar = leader.page.locator(".foot-bar")
    expect(bar.locator("summary")).to_be_in_viewport()
    expect(bar.get_by_role("button", name="Xác nhận ký duyệt")).to_be_hidden()
    bar.locator("summary").click()
    good(leader)
    press(leader, "Xác nhận ký duyệt")
    stands(leader, "Đã ký duyệt")


def _send(people: People) -> None:
    """Văn thư sends, first and second time alike."""
    people.records.open(people.report)
    assert buttons(people.records) == ["Gửi báo cáo"]
    follow(people.records, "Gửi báo cáo")
    press(people.records, "Gửi báo cáo")
    stands(people.records, "Đã gửi")
    assert buttons(people.records) == []


def _return_one_section(people: People) -> None:
    desk = people.reviewer
    page = desk.page
    page.get_by_role("link", name=PERIOD).click()
    expect(page.locator("table.list .tag.returned")).to_have_count(2)
    good(desk)
    follow(desk, "Xem nhiều kỳ")
    good(desk)
    page.go_back()
    follow(desk, "Xã Hà Bình")
    press(desk, "Bắt đầu thẩm định")
    stands(desk, "Đang thẩm định")
    follow(desk, "Trang thẩm định")
    expect(page.locator(".changes")).to_have_count(0)
    expect(page.locator("html.js")).to_be_attached()
    # A press on a figure of the paper says what the remark is about, and quotes where it stands.
    page.locator('[data-review] [data-figure="procedures.digitised"]').first.click()
    expect(page.get_by_label("Về", exact=True)).to_have_value("procedures/procedures.digitised")
    expect(page.locator("[data-passage-shown]")).to_contain_text("239 hồ sơ")
    page.get_by_label("Nội dung").fill(REMARK)
    press(desk, "Ghi ý kiến")
    expect(page.locator(".thread")).to_have_count(1)
    expect(page.locator("html.js")).to_be_attached()
    page.evaluate(MARK, "kiêm nhiệm nhiều việc")
    page.get_by_label("Về", exact=True).select_option("evaluation/evaluation.causes")
    page.get_by_label("Nội dung").fill(DOUBT)
    press(desk, "Ghi ý kiến")
    expect(thread(desk, DOUBT).locator("blockquote")).to_contain_text("kiêm nhiệm nhiều việc")
    page.get_by_text("Chỉ mở một số phần").click()
    page.get_by_label("Cải cách thủ tục hành chính", exact=True).check()
    page.get_by_label("Yêu cầu chỉnh lý: lý do").fill(REASON)
    good(desk)
    press(desk, "Yêu cầu chỉnh lý")
    stands(desk, "Yêu cầu chỉnh lý")


def _correct(people: People) -> None:
    """The clerk sees what is asked, corrects the one open section, answers; on to the sending."""
    desk = people.clerk
    page = desk.page
    desk.open(people.report)
    expect(page.locator(".message.returned")).to_contain_text(REASON)
    expect(page.locator(".message.returned a")).to_have_text("Cải cách thủ tục hành chính")
    expect(page.get_by_text("Không mở để sửa")).to_have_count(9)
    expect(page.locator(".thread")).to_have_count(2)
    good(desk)
    desk.open(people.report + "phan/evaluation/")
    expect(desk.field("evaluation.causes")).to_be_disabled()
    desk.open(people.report)
    thread(desk, REMARK).get_by_role("link", name="Cải cách thủ tục hành chính").click()
    desk.type("procedures.digitised", "251")
    desk.leave_field()
    desk.saved()
    expect(desk.paper).to_contain_text("251 hồ sơ")
    desk.open(people.report)
    thread(desk, REMARK).get_by_label("Trả lời").fill("Đã đối chiếu, sửa thành 251.")
    thread(desk, REMARK).get_by_role("button", name="Trả lời").click()
    expect(thread(desk, REMARK).locator(".answer")).to_contain_text("sửa thành 251")
    follow(desk, "Trình lãnh đạo")
    press(desk, "Trình lãnh đạo")
    stands(desk, "Đã trình lãnh đạo")
    people.leader.open(people.report)
    follow(people.leader, "Ký duyệt")
    people.leader.page.locator(".foot-bar summary").click()
    press(people.leader, "Xác nhận ký duyệt")
    stands(people.leader, "Đã ký duyệt")
    _send(people)


def _read_what_changed(people: People) -> None:
    desk = people.reviewer
    desk.open(people.report + "tham-dinh/")
    changes = desk.page.locator(".changes tbody tr")
    expect(changes).to_have_count(1)
    expect(changes.locator("del")).to_have_text("239")
    expect(changes.locator("ins")).to_have_text("251")
    for words in (REMARK, DOUBT):
        thread(desk, words).get_by_role("button", name="Đã giải quyết").click()
        expect(thread(desk, words)).to_have_class(re.compile("settled"))
    good(desk)


def _approve(people: People, folder: Path) -> Path:
    """Approved; returns the kept PDF, without number, as the clerk downloads it."""
    follow(people.reviewer, "Phê duyệt")
    press(people.reviewer, "Phê duyệt")
    stands(people.reviewer, "Đã phê duyệt")
    people.clerk.open(people.report)
    approved = saved_file(people.clerk, "PDF đã lưu", folder)
    assert "91/BC-UBND" not in pdf_text(approved)
    expect(confirmed(people.clerk, approved)).to_contain_text("Đây là bản đang có hiệu lực.")
    return approved


def _issue(people: People, approved: Path, folder: Path) -> None:
    desk = people.records
    desk.open(people.report)
    assert buttons(desk) == ["Phát hành"]
    follow(desk, "Phát hành")
    good(desk)
    desk.page.get_by_label("Số").fill("91")
    desk.page.get_by_label("Ngày ban hành").fill("20/9/2023")
    desk.page.get_by_label("Họ tên người ký").fill("Nguyễn Văn A")
    press(desk, "Xem lại trước khi ghi")
    expect(desk.page.locator(".confirmed")).to_contain_text("91/BC-UBND")
    good(desk)
    press(desk, "Phát hành")
    stands(desk, "Đã phát hành")
    assert buttons(desk) == ["Nạp bản đã ký"]
    desk.page.get_by_text("Việc khác").click()
    assert buttons(desk) == ["Nạp bản đã ký", "Sửa số, ngày ban hành"]
    good(desk)

    issued = saved_file(desk, "PDF đã lưu", folder)
    text = pdf_text(issued)
    for words in ("Số: 91/BC-UBND", "Hà Bình, ngày 20 tháng 9 năm 2023", "Đã số hóa 251 hồ sơ"):
        assert words in text
    assert "239 hồ sơ" not in text
    # Whoever downloads the report now gets these bytes; Word too was kept.
    digest = sha256(issued.read_bytes()).hexdigest()
    for person in (people.clerk, people.leader, people.reviewer):
        person.open(people.report)
        own = saved_file(person, "PDF đã lưu", folder)
        assert sha256(own.read_bytes()).hexdigest() == digest
    assert saved_file(people.reviewer, "Word đã lưu", folder).read_bytes()[:2] == b"PK"

    expect(confirmed(people.reviewer, issued)).to_contain_text("Đây là bản đang có hiệu lực.")
    good(people.reviewer)
    (changed := folder / "changed.pdf").write_bytes(issued.read_bytes() + b"\n")
    expect(confirmed(people.reviewer, changed)).to_contain_text("Không tìm thấy")
    # The approved copy is not lost: it is kept, byte for byte, and known as the one before.
    desk.page.get_by_text("Các bản trước (1)").click()
    kept = saved_file(desk, "Bản được phê duyệt lần 1, " + _today(desk), folder)
    assert kept.read_bytes() == approved.read_bytes()
    expect(confirmed(people.reviewer, approved)).to_contain_text("đã được thay bằng bản")
    desk.open(people.report + "nhat-ky/")
    told = desk.page.locator(".timeline").first.locator(":scope > li")
    expect(told.first).to_contain_text("Phát hành → Đã phát hành, số 91 ngày 20/9/2023")
    returned = told.filter(has_text="Yêu cầu chỉnh lý")
    expect(returned).to_contain_text("chỉ mở: Cải cách thủ tục hành chính")
    good(desk)

    # The paper as it was made is no signed copy; the one with more behind it is, and is taken.
    desk.open(people.report)
    follow(desk, "Nạp bản đã ký")
    desk.expected.append(FAILED_REQUEST)  # 422
    desk.page.get_by_label("Tệp PDF đã ký").set_input_files(issued)
    press(desk, "Nạp bản đã ký")
    expect(desk.page.get_by_text("chưa được ký; mời chọn tệp đã ký")).to_be_visible()
    desk.page.get_by_label("Tệp PDF đã ký").set_input_files(changed)
    press(desk, "Nạp bản đã ký")
    expect(desk.page.get_by_text("Đã nạp bản đã ký.")).to_be_visible()


def _today(desk: Desk) -> str:
    """The day on this person's clock, as the portal writes days."""
    day: str = desk.page.evaluate(
        "(d => String(d.getDate()).padStart(2, '0') + '/' + (d.getMonth() < 2 ? '0' : '')"
        " + (d.getMonth() + 1) + '/' + d.getFullYear())(new Date())"
    )
    return day
