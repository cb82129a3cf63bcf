"""Journeys through the portal in a real Chromium, on a real server.

Each person keeps to reports of their own, so the journeys may run in any order: `hatan` writes the
whole of an empty report, `tongson` (empty, of 2026) is where single sections are tried, `dienbien`
has the printed appendix, `hatrung_noivu` reviews.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pdfplumber
import pytest
from browser import DESKTOP, FAILED_REQUEST, PHONE, STATUS, Desk, chromium, passwords
from playwright.sync_api import Browser, Dialog, Request, Route, expect

pytestmark = pytest.mark.browser

#: What a new report of the commune is made of, as a clerk finds it in his own files.
SECTIONS = (
    "direction", "institutional", "procedures", "organisation", "civil_service", "finance", "egov",
    "evaluation", "plan", "paper",
)  # fmt: skip


@pytest.fixture(scope="module")
def the_browser() -> Iterator[Browser]:
    # Not for the whole session: while Playwright runs, Django refuses the database in this thread.
    with chromium() as browser:
        yield browser


@pytest.fixture
def sit_down(the_browser: Browser, server: str) -> Iterator[Callable[..., Desk]]:
    """A new person at a new screen. Whatever the browser complains about fails the test."""
    desks: list[Desk] = []

    def sit(size: tuple[int, int] = DESKTOP, **options: Any) -> Desk:
        width, height = size
        context = the_browser.new_context(
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            **options,
        )
        desks.append(Desk(context, server))
        return desks[-1]

    yield sit
    troubles = [trouble for desk in desks for trouble in desk.troubles]
    for desk in desks:
        desk.context.close()
    assert not troubles, "\n".join(troubles)


# --- the whole report ------------------------------------------------------------------------------


@pytest.mark.pdf
def test_a_clerk_writes_a_whole_report_from_nothing_to_the_printed_paper(
    sit_down: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = sit_down()
    page = desk.page
    desk.log_in("hatan")
    expect(page.get_by_role("heading", name="Báo cáo cần lập")).to_be_visible()
    expect(page.get_by_text("Chưa có ai nhập số liệu")).to_be_visible()
    page.get_by_role("link", name="6 tháng đầu năm 2023").click()
    expect(page.get_by_text("0 trong 10 phần đã đủ.")).to_be_visible()
    report = page.url
    expect(page.locator(".next")).to_contain_text("Chỉ đạo, điều hành")
    page.get_by_role("link", name="Nhập phần I", exact=True).click()
    _all_groups(desk)

    _write_direction(desk)
    _write_institutional(desk)
    _write_procedures(desk)
    _write_people_and_money(desk)
    _write_egov(desk)
    _write_judgement(desk)

    page.goto(report)
    # Every figure is there; the titles that the paper would print with nothing under them are told.
    bare = {2: 2, 3: 2, 5: 2, 6: 4}
    expect(page.locator(".tasks .status")).to_have_text(
        [
            f"{bare[place]} mục chưa có nội dung" if place in bare else "Đã đủ"
            for place in range(len(SECTIONS))
        ]
    )
    expect(page.get_by_text("6 trong 10 phần đã đủ.")).to_be_visible()
    expect(page.locator(".next .button.primary")).to_have_text("Nhập tiếp phần II.2")
    writer = page.locator(".tasks td.writer").first
    expect(writer).to_have_text("Công chức Văn phòng")
    expect(writer).to_have_attribute(
        "title", re.compile("^Công chức Văn phòng xã Hà Tân, lưu lúc ")
    )

    page.get_by_role("link", name="Xem trước toàn văn").click()
    paper = page.locator("article.paper")
    for words in PRINTED:
        expect(paper).to_contain_text(words)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải PDF").click()
    assert download.value.suggested_filename == "Bao-cao-CCHC_xa-Ha-Tan_6-thang-2023.pdf"
    download.value.save_as(tmp_path / "report.pdf")
    with pdfplumber.open(tmp_path / "report.pdf") as pdf:
        text = " ".join(pdf_page.extract_text() for pdf_page in pdf.pages)
    text = re.sub(r"\s+", " ", text)
    assert [words for words in PRINTED if words not in text] == []
    assert "đã gõ rồi bỏ" not in text


#: What was typed, as the paper says it; figures first.
PRINTED = (
    "2.395 lượt",
    "đề ra 12 nhiệm vụ chính",
    "Cấp trên giao 08 nhiệm vụ",
    "Trong kỳ không phát sinh cuộc kiểm tra theo kế hoạch",
    "Tờ rơi phát tại nhà văn hóa thôn",
    "Kế hoạch số 05/KH-UBND ngày 05/01/2023 của Ủy ban nhân dân xã Hà Tân về cải cách hành chính",
    "1.234 hồ sơ thủ tục hành chính",
    "diện tích 45,5 m²",
    "03 bộ máy vi tính",
    "ngày thứ Năm hằng tuần",
    "Cán bộ: 10 người",
    "đại học 09 người, chiếm 90%",
    "Văn phòng - Thống kê 01 người",
    "1.250.000.000 đồng",
    "đạt 62,5%",
    "gồm: công văn 30, kế hoạch 10",
    "Đã áp dụng hệ thống quản lý chất lượng theo Tiêu chuẩn quốc gia TCVN ISO 9001",
    "Việc giải quyết hồ sơ đúng hạn được bảo đảm",
    "PHÓ CHỦ TỊCH",
)


def _go_on(desk: Desk, section: str) -> None:
    """To the section that the bar at the foot leads to."""
    desk.page.get_by_role("link", name=section).click()
    expect(desk.page.locator(".context h1")).to_have_text(section)
    _all_groups(desk)


def _all_groups(desk: Desk) -> None:
    """Put all groups of a section in sight; a section with one has nothing to choose."""
    desk.page.wait_for_url(re.compile("/phan/"))
    link = desk.page.get_by_role("link", name="Tất cả các nhóm")
    if link.count():
        link.click()


def _write_direction(desk: Desk) -> None:
    page = desk.page
    expect(desk.progress).to_have_text("Chưa nhập")
    # A number as it is typed and as it is shown; the paper beside the form follows.
    desk.type("direction.radio_broadcasts", "2395")
    desk.leave_field()
    desk.saved()
    expect(desk.field("direction.radio_broadcasts")).to_have_value("2.395")
    expect(desk.paper).to_contain_text("tuyên truyền 2.395 lượt")
    expect(desk.progress).to_have_text("Đã đủ")
    desk.type("direction.plan_main_tasks", "12")
    # Parts first, and the total from them by one press.
    desk.type("direction.tasks_done_on_time", "5")
    desk.type("direction.tasks_done_late", "01")
    desk.type("direction.tasks_open", "2")
    page.get_by_role("button", name="Cộng: 8").click()
    desk.typed("direction.tasks_assigned")
    desk.type("direction.inspections_planned", "kps")
    desk.type("direction.propaganda_other", "Tờ rơi phát tại nhà văn hóa thôn")
    desk.leave_field()
    desk.saved()
    expect(desk.field("direction.tasks_assigned")).to_have_value("8")
    expect(desk.field("direction.inspections_planned")).to_have_value("Không phát sinh")
    expect(desk.paper).to_contain_text("Trong kỳ không phát sinh cuộc kiểm tra theo kế hoạch")
    # "Không phát sinh" for the rest of a group.
    group = page.get_by_role("group", name="Kiểm tra cải cách hành chính")
    group.get_by_role("button", name="Các ô còn trống: không phát sinh").click()
    for name in ("inspections_unplanned", "inspection_findings", "inspection_findings_fixed"):
        desk.typed(f"direction.{name}")
    # A table with rows of its own; the ratio follows.
    desk.type("plan_tasks.planned@plan_tasks-institutional", "4")
    desk.type("plan_tasks.done@plan_tasks-institutional", "3")
    desk.leave_field()
    desk.saved()
    expect(page.locator('[data-computed="direction.plan_rate"]')).to_have_text("75%")
    expect(desk.paper).to_contain_text("năm 2023: 75%")
    # The composed sentence taken over, then written on, with a live figure in it.
    page.reload()
    desk.choose("placement:propaganda", "Thay cho câu soạn sẵn")
    taken = desk.field("text:propaganda")
    expect(taken).to_have_value(re.compile("tuyên truyền 2.395 lượt trên hệ thống truyền thanh"))
    desk.typed("text:propaganda")
    desk.saved()
    taken.fill("Đã phát thanh  lượt. Tờ rơi phát tại nhà văn hóa thôn.")
    taken.evaluate("area => area.setSelectionRange(14, 14)")
    live = desk.around(".narrative-field", "text:propaganda").get_by_label("Chèn số liệu")
    live.focus()
    live.select_option(label="Số lượt tuyên truyền trên loa truyền thanh")
    expect(taken).to_have_value(
        "Đã phát thanh {Số lượt tuyên truyền trên loa truyền thanh} lượt. "
        "Tờ rơi phát tại nhà văn hóa thôn."
    )
    desk.typed("text:propaganda")
    desk.saved()
    expect(desk.paper).to_contain_text("Đã phát thanh 2.395 lượt.")
    expect(desk.paper).not_to_contain_text("trên hệ thống truyền thanh của xã")


def _write_institutional(desk: Desk) -> None:
    page = desk.page
    _go_on(desk, "Cải cách thể chế")
    for name, text in {
        "documents_reviewed": "kps",
        "conferences_at_hall": "2",
        "conferences_in_villages": "7",
        "participants": "1.050",
        "sanction_decisions": "0",
    }.items():
        desk.type(f"institutional.{name}", text)
    page.get_by_role("button", name="Cộng: 9").click()
    desk.typed("institutional.conferences")
    # Documents: one is kept, one is typed and removed, one is removed and brought back.
    kept = desk.add_row("documents")
    _write_document(desk, kept, "05", "KH-UBND", "05/01/2023", "cải cách hành chính năm 2023")
    desk.saved()
    expect(desk.paper).to_contain_text("Kế hoạch số 05/KH-UBND ngày 05/01/2023")
    other = desk.add_row("documents")
    _write_document(desk, other, "99", "KH-UBND", "1/2/2023", "Nội dung đã gõ rồi bỏ")
    desk.saved()
    expect(desk.paper).to_contain_text("nội dung đã gõ rồi bỏ")
    row = page.locator(f'tr[data-row="{other}"]')
    row.get_by_role("button", name="Xóa dòng").click()
    expect(desk.paper).not_to_contain_text("nội dung đã gõ rồi bỏ")
    row.get_by_role("button", name="Hoàn tác").click()
    expect(desk.paper).to_contain_text("nội dung đã gõ rồi bỏ")
    row.get_by_role("button", name="Xóa dòng").click()
    expect(desk.paper).not_to_contain_text("nội dung đã gõ rồi bỏ")
    desk.saved()
    expect(desk.progress).to_have_text("Đã đủ")
    page.reload()
    expect(page.locator('[data-table="documents"] tbody tr')).to_have_count(1)


def _write_document(
    desk: Desk, uid: str, number: str, symbol: str, date: str, subject: str
) -> None:
    desk.choose(f"documents.kind@{uid}", "Kế hoạch")
    desk.type(f"documents.number@{uid}", number)
    desk.type(f"documents.symbol@{uid}", symbol)
    desk.type(f"documents.date@{uid}", date)
    desk.type(f"documents.issuer@{uid}", "Ủy ban nhân dân xã Hà Tân")
    desk.type(f"documents.subject@{uid}", subject)
    desk.choose(f"documents.purpose@{uid}", "Kế hoạch, chương trình")
    desk.choose(f"documents.item@{uid}", "- Kết quả xây dựng và ban hành văn bản")


def _write_procedures(desk: Desk) -> None:
    _go_on(desk, "Cải cách thủ tục hành chính")
    for name, text in {
        "in_force": "165", "at_desk": "165", "reviewed": "không phát sinh", "received": "1234",
        "carried_over": "12", "resolved": "1.222", "resolved_early": "1.000",
        "resolved_on_time": "222", "resolved_late": "0", "overdue": "0", "pending_in_time": "12",
        "pending_overdue": "0", "awaiting_supplement": "kps", "withdrawn": "kps",
        "feedback_received": "kps", "satisfaction_rate": "97,37%", "desk_area": "45,5",
        "desk_officials": "5", "desk_officials_university": "5",
    }.items():  # fmt: skip
        desk.type(f"procedures.{name}", text)
    computer = desk.add_row("equipment")
    desk.type(f"equipment.name@{computer}", "máy vi tính")
    desk.type(f"equipment.measure@{computer}", "bộ")
    desk.type(f"equipment.quantity@{computer}", "3")
    land = desk.add_row("dossiers")
    desk.type(f"dossiers.name@{land}", "Đất đai")
    desk.type(f"dossiers.received@{land}", "40")
    desk.leave_field()
    desk.saved()
    expect(desk.field("procedures.received")).to_have_value("1.234")
    expect(desk.field("procedures.resolved")).to_have_value("1.222")
    expect(desk.paper).to_contain_text("Mức độ hài lòng của tổ chức, cá nhân đạt 97,37%")
    expect(desk.progress).to_have_text("Đã đủ")
    # A click on the paper leads to the field that made it.
    desk.paper.locator('[data-figure="procedures.received"]').first.click()
    expect(desk.field("procedures.received")).to_be_focused()
    expect(desk.paper.locator(".lit").first).to_have_text("1.234")


def _write_people_and_money(desk: Desk) -> None:
    _go_on(desk, "Cải cách tổ chức bộ máy")
    desk.type("organisation.reception_schedule", "ngày thứ Năm hằng tuần")
    desk.saved()
    expect(desk.progress).to_have_text("Đã đủ")

    _go_on(desk, "Cải cách chế độ công vụ")
    desk.type("civil_service.headcount", "19")
    for column, text in {"headcount": "10", "university": "9", "college": "1"}.items():
        desk.type(f"staff.{column}@staff-officials", text)
    post = desk.add_row("positions")
    desk.type(f"positions.name@{post}", "Văn phòng - Thống kê")
    desk.type(f"positions.missing@{post}", "1")
    desk.saved()
    expect(desk.paper).to_contain_text("trình độ chuyên môn đại học 09 người, chiếm 90%")
    expect(desk.progress).to_have_text("Đã đủ")

    _go_on(desk, "Cải cách tài chính công")
    money = desk.add_row("disbursements")
    desk.type(f"disbursements.name@{money}", "chi thường xuyên")
    desk.type(f"disbursements.year@{money}", "2023")
    desk.type(f"disbursements.amount@{money}", "1250000000")
    desk.type(f"disbursements.estimate@{money}", "2.000.000.000")
    desk.type(f"disbursements.as_of@{money}", "14/6/2023")
    desk.type("finance.audit_recommendations", "không")
    desk.leave_field()
    desk.saved()
    expect(desk.field(f"disbursements.amount@{money}")).to_have_value("1.250.000.000")
    expect(desk.paper).to_contain_text("1.250.000.000 đồng trên dự toán 2.000.000.000 đồng")
    expect(desk.progress).to_have_text("Đã đủ")


def _write_egov(desk: Desk) -> None:
    _go_on(desk, "Chính quyền điện tử, chính quyền số")
    desk.type("egov.outgoing", "40")
    for kind, text in {"Công văn": "30", "Kế hoạch": "10"}.items():
        row = desk.add_row("outgoing")
        desk.choose(f"outgoing.kind@{row}", kind)
        desk.type(f"outgoing.quantity@{row}", text)
    desk.choose("egov.iso_applied", "Có thực hiện")
    desk.saved()
    expect(desk.paper).to_contain_text(
        "Đã áp dụng hệ thống quản lý chất lượng theo Tiêu chuẩn quốc gia TCVN ISO 9001"
    )
    expect(desk.paper).to_contain_text("gồm: công văn 30, kế hoạch 10")
    expect(desk.progress).to_have_text("Đã đủ")


def _write_judgement(desk: Desk) -> None:
    _go_on(desk, "Đánh giá chung")
    desk.type("evaluation.strengths", "Việc giải quyết hồ sơ đúng hạn được bảo đảm.")
    desk.type("evaluation.limits", "- Trang thiết bị còn thiếu.\n- Công chức còn kiêm nhiệm.")
    desk.type("evaluation.causes", "Kinh phí còn khó khăn.")
    desk.saved()
    expect(desk.paper).to_contain_text("- Công chức còn kiêm nhiệm.")
    expect(desk.progress).to_have_text("Đã đủ")

    _go_on(desk, "Phương hướng, nhiệm vụ")
    desk.type("plan.tasks", "Tiếp tục rà soát, đơn giản hóa thủ tục hành chính.")
    desk.saved()
    expect(desk.progress).to_have_text("Đã đủ")

    _go_on(desk, "Thể thức văn bản")
    desk.type("place", "Hà Tân")
    desk.choose("authority", "Cấp phó ký thay (TM., KT.)")
    desk.type("signer_title", "Phó Chủ tịch")
    desk.type("signer_name", "Nguyễn Văn A")
    desk.saved()
    expect(desk.paper).to_contain_text("PHÓ CHỦ TỊCH")
    expect(desk.progress).to_have_text("Đã đủ")


def test_the_first_figure_is_saved_on_the_third_page_after_the_login_page(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").press_sequentially("locthuy")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.type("demo-locthuy-2022")
    desk.page.keyboard.press("Enter")
    desk.page.get_by_role("link", name="quý I năm 2022").click()
    desk.page.get_by_role("link", name="Chỉ đạo, điều hành").first.click()
    desk.page.locator("input.number:visible").first.fill("8")
    expect(desk.page.locator(STATUS)).to_have_text(re.compile(r"^Đã lưu lúc \d\d:\d\d$"))
    assert desk.pages_drawn == 4


# --- the keyboard ----------------------------------------------------------------------------------


def test_a_section_is_filled_in_by_keyboard_alone_and_the_focus_is_always_in_sight(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    page, keys = desk.page, desk.page.keyboard
    desk.open("/")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    keys.type("tongson")
    keys.press("Tab")
    keys.type("demo-tongson-2026")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Báo cáo cần lập")).to_be_visible()
    _tab_to(desk, "Năm 2026")
    keys.press("Enter")
    expect(page.locator(".tasks")).to_be_visible()
    _tab_to(desk, "Cải cách thể chế")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Cải cách thể chế", level=1)).to_be_visible()
    _tab_to(desk, "institutional.documents_issued")
    # Enter goes on to the next field; a typed text replaces what was there.
    typed = {
        "documents_issued": "2", "documents_checked": "2", "documents_reviewed": "2395",
        "documents_proposed": "kps", "documents_handled": "kps", "documents_kept": "3",
        "documents_to_amend": "kps",
    }  # fmt: skip
    for name, text in typed.items():
        field = desk.field(f"institutional.{name}")
        expect(field).to_be_focused()
        _in_sight(desk)
        keys.type(text)
        desk.typed(f"institutional.{name}")
        keys.press("Enter")
    desk.saved()
    expect(desk.field("institutional.documents_reviewed")).to_have_value("2.395")
    # The other groups, and the button of one, reached and pressed by keys.
    _tab_to(desk, "Tất cả các nhóm")
    keys.press("Enter")
    _tab_to(desk, "institutional.participants")
    keys.type("150")
    desk.typed("institutional.participants")
    _tab_to(desk, "Các ô còn trống: không phát sinh")
    keys.press("Space")
    for name in ("conferences", "conferences_at_hall", "conferences_in_villages"):
        desk.typed(f"institutional.{name}")
    desk.saved()
    expect(desk.field("institutional.conferences")).to_have_value("Không phát sinh")
    # A row of a table: added, filled in, and the cursor is in it at once.
    _tab_to(desk, "Thêm dòng")
    keys.press("Enter")
    expect(page.locator('[data-table="documents"] tbody tr select').first).to_be_focused()
    keys.press("k")  # Kế hoạch
    uid = page.locator('[data-table="documents"] tbody tr').get_attribute("data-row")
    keys.press("Tab")
    desk.typed(f"documents.kind@{uid}")
    keys.type("12")
    desk.typed(f"documents.number@{uid}")
    desk.saved()
    # To the end of the page and on to the next section; the list has the state.
    _tab_to(desk, "Phần tiếp Cải cách thủ tục hành chính")
    _in_sight(desk)
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cải cách thủ tục hành chính")
    desk.open(desk.report_address())
    line = page.locator(".tasks tr").filter(has_text="Cải cách thể chế")
    # All that is required is there; what the keys typed at random contradicts itself, and that is told.
    expect(line.locator(".answered")).to_have_text(re.compile(r"^(\d+)/\1$"))
    expect(line.locator(".status")).to_have_text("1 lỗi, 1 mục chưa có nội dung")


def test_arrow_keys_move_within_a_column_of_a_table(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.open_section("tongson", "civil_service")
    desk.field("staff.headcount@staff-officials").focus()
    desk.page.keyboard.press("ArrowDown")
    expect(desk.field("staff.postgraduate@staff-officials")).to_be_focused()
    desk.page.keyboard.press("ArrowUp")
    expect(desk.field("staff.headcount@staff-officials")).to_be_focused()


def _tab_to(desk: Desk, what: str) -> None:
    """Press Tab until the focus is on what is named so: a field's name, or the words of a control."""
    for _ in range(200):
        desk.page.keyboard.press("Tab")
        found = desk.page.evaluate(
            "[document.activeElement.name || '', document.activeElement.textContent.trim().replace(/\\s+/g, ' ')]"
        )
        if what in found:
            return
    raise AssertionError(f"no way to “{what}” with the Tab key")


def _in_sight(desk: Desk) -> None:
    """Wait until the middle of what has the focus is covered by nothing (WCAG 2.2, 2.4.11)."""
    desk.page.wait_for_function(
        """() => {
          const element = document.activeElement, box = element.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return top === element || element.contains(top);
        }"""
    )


# --- without scripts -------------------------------------------------------------------------------


def test_without_scripts_the_buttons_save_and_a_blank_row_takes_a_new_one(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down(java_script_enabled=False)
    page = desk.page
    desk.open_section("tongson", "finance")
    expect(page.get_by_role("button", name="Thêm dòng")).to_have_count(0)
    desk.field("finance.audit_recommendations").fill("03")
    desk.field("finance.audit_carried_out").fill("kps")
    blank = page.locator('[data-table="disbursements"] tbody tr').last
    blank.get_by_label("Nội dung").fill("chi thường xuyên")
    blank.get_by_label("Năm").fill("2026")
    blank.get_by_label("Số đã giải ngân").fill("1500000")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_text(re.compile(r"^Đã lưu lúc \d\d:\d\d\.$"))).to_be_visible()
    expect(desk.field("finance.audit_recommendations")).to_have_value("3")
    expect(desk.field("finance.audit_carried_out")).to_have_value("Không phát sinh")
    rows = page.locator('[data-table="disbursements"] tbody tr')
    expect(rows).to_have_count(2)
    expect(rows.first.get_by_label("Số đã giải ngân")).to_have_value("1.500.000")
    expect(desk.paper).to_contain_text("1.500.000")
    # A row is removed by its box; the button of a group answers it.
    rows.first.get_by_role("checkbox", name="Xóa").check()
    page.get_by_role("group", name="Tài sản công").get_by_role("button").click()
    expect(page.locator('[data-table="disbursements"] tbody tr')).to_have_count(1)
    expect(desk.field("finance.asset_inspections")).to_have_value("Không phát sinh")
    page.get_by_role("button", name="Lưu và về danh sách").click()
    expect(page.locator(".tasks")).to_be_visible()


def test_without_scripts_what_cannot_be_read_is_listed_on_top_and_kept_in_its_field(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down(java_script_enabled=False)
    desk.expected.append(FAILED_REQUEST)  # 422
    page = desk.page
    desk.open_section("tongson", "organisation")
    desk.field("organisation.payroll_assigned").fill("2,395")
    desk.field("organisation.payroll_present").fill("21")
    page.get_by_role("button", name="Lưu nháp").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Có 1 ô chưa lưu được; các ô khác đã lưu")
    link = summary.get_by_role("link")
    expect(link).to_contain_text("“2,395”")
    link.click()
    field = desk.field("organisation.payroll_assigned")
    expect(field).to_be_focused()
    expect(field).to_have_value("2,395")
    expect(page.locator('[id="error_organisation.payroll_assigned"]')).to_contain_text("“2,395”")
    page.reload()
    expect(desk.field("organisation.payroll_present")).to_have_value("21")


def test_the_head_of_the_appendix_stays_in_sight(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.open_section("dienbien", "appendix")
    desk.page.locator("table.indicators input").nth(10).scroll_into_view_if_needed()
    expect(desk.page.locator("table.indicators thead th").first).to_be_in_viewport()


# --- a phone ---------------------------------------------------------------------------------------


def test_on_a_phone_form_and_text_take_turns_and_no_page_scrolls_sideways(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down(PHONE, has_touch=True, is_mobile=True)
    page = desk.page
    report = desk.open_report("tongson")
    assert desk.fits()
    desk.open(report + "phan/egov/")
    expect(desk.paper).to_be_hidden()
    desk.type("egov.articles", "2395")
    desk.saved()
    page.get_by_role("button", name="Văn bản").tap()
    expect(desk.paper).to_be_visible()
    expect(desk.paper).to_contain_text("2.395")
    expect(desk.field("egov.articles")).to_be_hidden()
    # A figure of the paper leads back to its field.
    desk.paper.locator('[data-figure="egov.articles"]').first.tap()
    expect(desk.field("egov.articles")).to_be_focused()
    expect(desk.paper).to_be_hidden()
    for section in (*SECTIONS, "recommendations", "appendix"):
        desk.open(f"{report}phan/{section}/")
        assert desk.fits(), section
    for path in (f"{report}xem-truoc/", "/", "/mat-khau/"):
        desk.open(path)
        assert desk.fits(), path


def test_on_a_phone_the_preview_is_readable_and_nothing_of_the_paper_is_cut_off(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down(PHONE, has_touch=True, is_mobile=True)
    report = desk.open_report("dienbien")
    desk.open(f"{report}xem-truoc/")
    assert desk.fits()
    cut = desk.page.locator("article.paper").first.evaluate(
        """paper => {
          const edge = paper.getBoundingClientRect().right + 1;
          return [...paper.querySelectorAll("p, h1, h2, td")].filter(
            (part) => part.getBoundingClientRect().right > edge
          ).map((part) => part.textContent.slice(0, 40));
        }"""
    )
    assert cut == []


# --- what goes wrong -------------------------------------------------------------------------------


def test_what_cannot_be_read_is_told_beside_its_field_and_the_rest_is_saved(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    page = desk.page
    path = desk.open_section("tongson", "direction")
    desk.type("direction.plan_main_tasks", "14")
    desk.type("direction.news_items", "khoảng hai chục")
    desk.type("direction.radio_broadcasts", "1.5")
    desk.leave_field()
    desk.saved(but=2)
    for name, found in {"news_items": "khoảng hai chục", "radio_broadcasts": "1.5"}.items():
        field = desk.field(f"direction.{name}")
        expect(field).to_have_value(found)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(f"“{re.escape(found)}”"))
    # The other fields go on being saved, and the status line does not forget the refused ones.
    desk.type("direction.dialogues_held", "2")
    desk.leave_field()
    desk.saved(but=2)
    desk.type("direction.news_items", "20")
    desk.leave_field()
    desk.saved(but=1)
    desk.type("direction.radio_broadcasts", "1.500")
    desk.leave_field()
    desk.saved()
    expect(page.locator(".error:visible")).to_have_count(0)
    desk.open(path)
    for name, text in {
        "plan_main_tasks": "14", "news_items": "20", "dialogues_held": "2", "radio_broadcasts": "1.500"
    }.items():  # fmt: skip
        expect(desk.field(f"direction.{name}")).to_have_value(text)


def test_a_refused_cell_of_a_table_says_why_below_it(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.open_section("tongson", "procedures")
    row = desk.add_row("dossiers")
    desk.type(f"dossiers.name@{row}", "Hộ tịch")
    desk.type(f"dossiers.received@{row}", "mười hai")
    desk.leave_field()
    desk.saved(but=1)
    cell = desk.around("td", f"dossiers.received@{row}")
    expect(cell.locator(".error")).to_contain_text("“mười hai”")
    desk.type(f"dossiers.received@{row}", "12")
    desk.saved()
    expect(cell.locator(".error")).to_be_hidden()
    again = desk.add_row("dossiers")
    desk.type(f"dossiers.name@{again}", "Hộ tịch")
    desk.saved(but=1)
    twin = desk.around("td", f"dossiers.name@{again}")
    expect(twin.locator(".error")).to_contain_text("đã có ở dòng khác")


def test_a_line_that_drops_loses_nothing_and_the_save_is_made_up_for(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    desk.expected.append(FAILED_REQUEST)
    page = desk.page
    path = desk.open_section("tongson", "evaluation")
    page.context.set_offline(True)
    desk.type("evaluation.strengths", "Gõ trong lúc mất mạng.")
    expect(page.locator(STATUS)).to_have_text(re.compile("Chưa gửi được"))
    desk.type("evaluation.limits", "Vẫn gõ tiếp được.")
    expect(page.locator(STATUS)).to_have_text(re.compile("Chưa gửi được"))
    page.context.set_offline(False)
    desk.saved()
    desk.open(path)
    expect(desk.field("evaluation.strengths")).to_have_value("Gõ trong lúc mất mạng.")
    expect(desk.field("evaluation.limits")).to_have_value("Vẫn gõ tiếp được.")


def test_a_server_that_fails_once_is_asked_again(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.expected.append(FAILED_REQUEST)
    page = desk.page
    desk.open_section("tongson", "plan")
    failures = [503, 500]

    def fail_at_first(route: Route, request: Request) -> None:
        if request.method == "POST" and failures:
            route.fulfill(status=failures.pop(), body="")
        else:
            route.continue_()

    page.route("**/phan/plan/", fail_at_first)
    desk.type("plan.tasks", "Nhiệm vụ gõ khi máy chủ đang lỗi.")
    expect(page.locator(STATUS)).to_have_text(re.compile("Chưa gửi được"))
    expect(desk.field("plan.tasks")).to_have_value("Nhiệm vụ gõ khi máy chủ đang lỗi.")
    desk.saved()
    assert failures == []


def test_a_link_pressed_while_a_figure_is_unsaved_saves_it_and_goes_on_without_a_question(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    page = desk.page
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    path = desk.open_section("tongson", "recommendations")
    desk.field("recommendations.proposals").fill("Bổ sung kinh phí.")
    page.locator(".crumbs a").last.click()
    expect(page.locator(".tasks")).to_be_visible()
    assert asked == []
    desk.open(path)
    expect(desk.field("recommendations.proposals")).to_have_value("Bổ sung kinh phí.")


def test_leaving_a_field_that_is_saved_already_sends_nothing_again(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    desk.open_section("dienbien", "organisation")
    desk.type("organisation.payroll_present", "1021")
    desk.saved()
    posts: list[str] = []
    desk.page.on("request", lambda request: posts.append(request.method))
    desk.field("organisation.payroll_assigned").focus()
    expect(desk.field("organisation.payroll_present")).to_have_value("1.021")
    expect(desk.page.locator(STATUS)).to_have_text(re.compile("^Đã lưu lúc"))
    desk.page.locator(".crumbs a").last.click()
    expect(desk.page.locator(".tasks")).to_be_visible()
    assert "POST" not in posts


def test_an_expired_login_is_told_and_the_text_is_saved_after_logging_in_elsewhere(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    page = desk.page
    desk.expected.append(FAILED_REQUEST)
    path = desk.open_section("dienbien", "evaluation")
    desk.context.clear_cookies(name="sessionid")
    desk.type("evaluation.limits", "Gõ sau khi phiên đã hết.")
    expect(page.locator(STATUS)).to_have_text(re.compile("phiên làm việc", re.IGNORECASE))
    other = Desk(desk.context, desk.address)
    other.log_in("dienbien")
    page.bring_to_front()
    desk.saved()
    assert other.troubles == []
    desk.open(path)
    expect(desk.field("evaluation.limits")).to_have_value("Gõ sau khi phiên đã hết.")


def test_a_take_over_copies_the_sentence_of_this_moment_not_of_when_the_page_was_opened(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    path = desk.open_section("tongson", "civil_service")
    desk.type("civil_service.training_participants", "5")
    desk.leave_field()
    desk.saved()
    desk.open(path)
    desk.type("civil_service.training_participants", "77")
    desk.leave_field()
    desk.saved()
    desk.choose("placement:training", "Thay cho câu soạn sẵn")
    expect(desk.field("text:training")).to_have_value(re.compile("77"))
    desk.typed("text:training")
    desk.saved()


# --- the reviewer ----------------------------------------------------------------------------------


def test_a_reviewer_finds_a_commune_without_diacritics_and_reads_but_cannot_write(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    page = desk.page
    desk.log_in("hatrung_noivu")
    expect(page.get_by_role("heading", name="Các kỳ báo cáo theo dõi")).to_be_visible()
    page.get_by_role("link", name="6 tháng đầu năm 2023").click()
    rows = page.locator("table.list tbody tr")
    expect(rows).to_have_count(7)
    page.get_by_label("Tìm đơn vị").fill("ha tien")
    page.locator(".board").get_by_role("button", name="Tìm").click()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Xã Hà Tiến")
    expect(page.get_by_label("Tìm đơn vị")).to_have_value("ha tien")
    rows.first.get_by_role("link", name="Xem").click()
    expect(page.locator("article.paper").first).to_contain_text("XÃ HÀ TIẾN")
    page.locator(".crumbs a").last.click()
    expect(page.get_by_text("Việc tiếp theo")).to_have_count(0)
    page.get_by_role("link", name="Chỉ đạo, điều hành").click()
    expect(desk.field("direction.radio_broadcasts")).to_be_disabled()
    for words in ("Lưu nháp", "Thêm dòng", "Xóa dòng"):
        expect(page.get_by_role("button", name=words)).to_have_count(0)
    expect(desk.paper).to_contain_text("lượt")


def test_a_click_in_a_table_says_what_a_remark_is_about_and_a_login_that_ended_loses_no_word(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    page = desk.page
    desk.enter("hatrung_noivu")
    desk.open("/ky/HT-2023-9T/?loc=cho-tham-dinh")
    page.locator("table.list tbody th a").first.click()
    cell = page.locator('[data-figure*="@"]').first
    cell.click()
    figure = cell.get_attribute("data-figure")
    expect(page.get_by_label("Về")).to_have_value(re.compile(f"/{re.escape(figure or '')}$"))
    chosen = page.get_by_label("Về").locator("option:checked")
    expect(chosen).to_contain_text("dòng 1")
    words = page.get_by_label("Nội dung")
    words.fill("Đề nghị kiểm tra lại số này.")
    desk.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Ghi ý kiến").click()
    page.get_by_label("Tên đăng nhập").fill("hatrung_noivu")
    page.get_by_label("Mật khẩu", exact=True).fill(passwords()["hatrung_noivu"])
    page.get_by_role("button", name="Đăng nhập").click()
    expect(words).to_have_value("Đề nghị kiểm tra lại số này.")
    expect(page.get_by_label("Về")).to_have_value(re.compile(f"/{re.escape(figure or '')}$"))
    page.get_by_role("button", name="Ghi ý kiến").click()
    thread = page.locator(".thread", has_text="Đề nghị kiểm tra lại số này.")
    expect(thread).to_be_visible()
    expect(words).to_have_value("")
    thread.get_by_role("link").first.click()
    expect(page.locator(f'[id="id_{figure}"]')).to_be_visible()


def test_a_search_that_finds_nothing_says_so(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.enter("hatrung_noivu")
    desk.open("/ky/HT-2023-6T/?tim=khong+co")
    expect(desk.page.get_by_text("Không có đơn vị nào khớp “khong co”.")).to_be_visible()


# --- every page ------------------------------------------------------------------------------------

CLERK_PAGES = [
    "", *(f"phan/{s}/" for s in (*SECTIONS, "recommendations", "appendix")), "xem-truoc/",
]  # fmt: skip


def test_no_page_makes_an_error_breaks_the_content_policy_or_asks_another_host(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    report = desk.open_report("tongson")
    for path in ("/", "/mat-khau/", "/tin-bao/", *(report + page for page in CLERK_PAGES)):
        desk.open(path)
    reviewer = sit_down()
    reviewer.enter("thanhhoa_noivu")
    for path in ("/", "/ky/TH-2026-NAM/", "/ky/TH-2026-NAM/?tim=ha"):
        reviewer.open(path)
    lost = sit_down()
    lost.expected.append(FAILED_REQUEST)  # 404
    lost.enter("tongson")
    lost.open("/khong-co-trang-nay/")
    expect(lost.page.get_by_role("heading", name="Không tìm thấy trang này")).to_be_visible()
    # `sit_down` looks at what the browsers complained about.


def test_a_clerk_attaches_a_file_beside_the_figure_it_proves(
    sit_down: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = sit_down()
    page = desk.page
    report = desk.open_report("hatien", "6 tháng đầu năm 2023")
    desk.open(f"{report}phan/institutional/")
    shelf = page.get_by_role("region", name="Tài liệu kiểm chứng")
    expect(shelf).to_contain_text("Cần tài liệu kiểm chứng")
    (heavy := tmp_path / "Cả tập.pdf").write_bytes(b"x" * (21 * 1024**2))
    proof: Any = {"name": "Danh sách.pdf", "mimeType": "application/pdf",
                  "buffer": b"%PDF-1.4\n%%EOF\n"}  # fmt: skip
    shelf.get_by_label("Tệp", exact=True).set_input_files([heavy])
    expect(shelf).to_contain_text("Cả tập.pdf: nặng 21 MB, mỗi tệp tối đa 20 MB; mời chọn lại")
    shelf.get_by_label("Tệp", exact=True).set_input_files([proof])
    expect(shelf).not_to_contain_text("Cả tập.pdf")
    told = {"status": 503, "headers": {"Retry-After": "2"}, "content_type": "text/html"}
    page.route(
        "**/tai-lieu/", lambda route: route.fulfill(**told, body="<p data-words>Đợi.</p>"), times=1
    )
    desk.expected.append(FAILED_REQUEST)  # 503, then 422
    shelf.get_by_role("button", name="Thêm tài liệu").click()
    expect(shelf.get_by_role("status")).to_have_text(
        "Đợi. Tệp và nội dung đã chọn còn nguyên; tự gửi lại sau 2 giây."
    )
    expect(page.get_by_text("Đã thêm tệp “Danh sách.pdf”.")).to_be_visible()
    wrong = proof | {"name": "Ảnh.png", "buffer": b"x"}
    shelf.get_by_text("Thêm tài liệu cho phần này").click()
    shelf.get_by_label("Tệp", exact=True).set_input_files([wrong])
    shelf.get_by_label("Giải trình, nếu không có tệp").fill("Đang chờ bản quét.")
    shelf.get_by_role("button", name="Thêm tài liệu").click()
    expect(shelf.get_by_role("alert")).to_contain_text("Tệp “Ảnh.png” là loại tệp khác")
    expect(shelf).to_contain_text("Ảnh.png")
    page.reload()
    expect(shelf).not_to_contain_text("Cần tài liệu kiểm chứng")
    with page.expect_download() as saved:
        shelf.get_by_role("link", name="Danh sách.pdf", exact=True).click()
    assert saved.value.suggested_filename == "Danh sách.pdf"
    shelf.get_by_role("link", name="Xóa Danh sách.pdf").click()
    page.get_by_role("button", name="Xóa").click()
    expect(shelf).to_contain_text("Cần tài liệu kiểm chứng")


def test_an_excel_form_that_must_wait_is_sent_again_and_shown(
    sit_down: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = sit_down()
    page = desk.page
    report = desk.open_report("hatien", "6 tháng đầu năm 2023")
    (form := tmp_path / "phieu.xlsx").write_bytes(
        page.request.get(urljoin(page.url, f"{report}phieu.xlsx")).body()
    )
    (wrong := tmp_path / "khac.xlsx").write_bytes(b"x")
    desk.open(f"{report}nhap-tu-excel/")
    told = {"status": 503, "headers": {"Retry-After": "1"}, "content_type": "text/html"}
    page.route(
        "**/nhap-tu-excel/",
        lambda route: route.fulfill(**told, body="<p data-words>Đợi.</p>"),
        times=1,
    )
    desk.expected.append(FAILED_REQUEST)  # 503, then 422
    page.get_by_label("Tệp phiếu Excel").set_input_files(wrong)
    page.get_by_role("button", name="Tải lên và xem trước").click()
    expect(page.get_by_role("alert")).to_contain_text("Đây không phải tệp Excel")
    page.get_by_label("Tệp phiếu Excel").set_input_files(form)
    expect(page.locator(".chosen")).to_have_text("phieu.xlsx")
    page.get_by_role("button", name="Tải lên và xem trước").click()
    expect(page.get_by_text("Chưa có gì được ghi vào báo cáo.")).to_be_visible()


def test_pages_pass_the_accessibility_rules(sit_down: Callable[..., Desk]) -> None:
    """WCAG 2.0 to 2.2 A and AA, and axe's best practices, with data and with an error on the page, at the desk
    and on a phone."""
    found: list[str] = []
    desk = sit_down()
    desk.open("/")
    found += _violations(desk)
    report = desk.open_report("dienbien")
    found += _violations(desk)
    for path in ("/", f"{report}phan/appendix/", f"{report}xem-truoc/", "/mat-khau/"):
        desk.open(path)
        found += _violations(desk)
    clerk = sit_down()
    report = clerk.open_report("hatien", "6 tháng đầu năm 2023")
    for section in ("direction", "procedures", "finance", "egov", "evaluation", "paper"):
        clerk.open(f"{report}phan/{section}/")
        if section == "direction":
            clerk.type("direction.plan_main_tasks", "mười")
            clerk.leave_field()
            clerk.saved(but=1)
        for others in clerk.page.locator("details.counting").all():
            others.evaluate("details => { details.open = true }")
        found += _violations(clerk)
    clerk.open(f"{report}tai-lieu/")
    found += _violations(clerk)
    reviewer = sit_down()
    reviewer.enter("hatrung_noivu")
    for path in ("/", "/ky/HT-2023-6T/", "/tin-bao/", "/tin-bao/cach-bao/", f"{report}tai-lieu/"):
        reviewer.open(path)
        found += _violations(reviewer)
    assert not found, "\n".join(found)


def _violations(desk: Desk) -> list[str]:
    found = []
    for width, height in (PHONE, DESKTOP):
        desk.page.set_viewport_size({"width": width, "height": height})
        found += desk.violations()
    return found
