"""Make the pictures of the user pages: `./run pictures`.

Serves the demo data from a temporary database, its present story as it stands on `NOW`, walks through it in
Chromium and writes `docs/pictures/*.png`, each in few colours (`docs/pictures_kit.py`).
"""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pictures_kit import (
    PICTURES,
    Screens,
    appendix_page,
    download,
    fill_in,
    keep_page,
    keep_sheet,
)

#: When the pictures are taken: a Monday in the middle of the half-year's reports, the story of `now.toml`, whose
#: figures end then as the ministry's do and are compared with those of quarter I.
NOW = datetime(2026, 6, 29, 8, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
SHIFT = NOW - datetime.now(UTC)

import time_machine  # noqa: E402
from browser import DESKTOP, PHONE, Desk, chromium  # noqa: E402  (the helpers of the browser tests)
from playwright.sync_api import expect  # noqa: E402
from served import clock, furnish, served  # noqa: E402
from signing import AUTHORITY, holder, sign  # noqa: E402

#: The portal's processes have this clock; this one, and the helper that reads signatures with no surroundings but
#: its own, keep the machine's, by which the certificates are made.
CLOCK = clock(NOW)
#: The period under way, as pages name it.
UNDER_WAY = "6 tháng đầu năm 2026"
#: A period that nobody has opened yet, for the admin's pictures, and a second person who types.
SCENE = """
from datetime import date
from reports.demo.now import FORM, PROVINCE
from reports.directory.loading import give_passwords, load_directory
from reports.models import ReportingPeriod
half = ReportingPeriod.objects.get(code="TH-2026-6T")
load_directory({
    "periods": [{
        "code": "TH-2026-Q3", "kind": "Q3", "year": 2026, "superior": PROVINCE,
        "data_from": date(2026, 6, 15), "data_to": date(2026, 9, 14), "deadline": date(2026, 9, 20),
        "units": [report.unit.code for report in half.reports.all()], **FORM,
    }],
    "users": [{
        "username": "thoxuan_motcua", "full_name": "Công chức Trung tâm Phục vụ hành chính công xã Thọ Xuân",
    }],
    "roles": [{"user": "thoxuan_motcua", "unit": "15499", "role": "clerk"}],
}, "make_pictures.py")
give_passwords({"thoxuan_motcua": "demo-thoxuan-motcua"})
"""
#: Who signs the issued report of Hạc Thành: its leader, then its office.
SIGNERS = ("Nguyễn Văn Hạc", "Ủy ban nhân dân phường Hạc Thành")
#: A clerk pastes what was copied in Excel into the cell that has the focus.
PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(paste);
}"""
COPIED = """\
Lĩnh vực\tTiếp nhận\tTrực tuyến\tTrực tiếp
Hộ tịch\t1.822\t1.654\t163
Chứng thực\t2.871\t2.566\t305
Đất đai\t655\t489\t131
Bảo trợ xã hội\t840\t752\t84
Xây dựng\t103\t88\t14
Lĩnh vực khác\t371\t322\t48
Giáo dục và đào tạo\t52\t50\t2
"""
#: "Xã đã tổ chức hai hội nghị…" as the fonts of TCVN3 have it.
OLD_TEXT = (
    "X· ®· tæ chøc hai héi nghÞ phæ biÕn quy ®Þnh vÒ thñ tôc hµnh chÝnh cho c¸n bé, c«ng chøc."
)


def clerk(screens: Screens) -> None:
    """A clerk who took the report back and goes through its sections."""
    with screens.person("tongson") as desk:
        report = desk.open_report_here()
        desk.page.get_by_role("link", name="Lấy lại để sửa").click()
        desk.page.get_by_role("button", name="Lấy lại để sửa").click()
        expect(desk.page.get_by_role("link", name="Trình lãnh đạo")).to_be_visible()
        screens.take(desk, "report-filled")
        desk.open(f"{report}phan/procedures/?nhom=ho-so-tiep-nhan")
        desk.field("procedures.received").focus()
        screens.take(desk, "section")
        desk.type("procedures.carried_over", "2,5")
        desk.leave_field()
        desk.saved(but=1)
        screens.take(desk, "error")
        finding(screens, desk, report)
        desk.open(f"{report}phan/direction/?nhom=van-ban-ban-hanh-vien-dan")
        screens.take(desk, "rows")
        desk.open(f"{report}phan/direction/?nhom=thuyet-minh")
        screens.take(desk, "narrative")
        desk.open(f"{report}phan/civil_service/?nhom=can-bo-cong-chuc-theo-trinh-do")
        screens.take(desk, "table")
        desk.open(f"{report}phan/procedures/?nhom=ho-so-thu-tuc-hanh-chinh-theo-linh-vuc")
        screens.take(desk, "wide-table")
        desk.open(f"{report}phan/paper/")
        screens.take(desk, "paper")
        desk.open(f"{report}phan/appendix/")
        screens.take(desk, "appendix", at="tr.value:has(input)")
        desk.open(f"{report}xem-truoc/")
        screens.take(desk, "preview")
        papers(desk, report)
        evidence(screens, desk, report)
        excel_form(screens, desk, report)
    with screens.person("tongson", PHONE, has_touch=True, is_mobile=True) as desk:
        desk.open(f"{report}phan/procedures/?nhom=ho-so-giai-quyet")
        screens.take(desk, "phone-section")
        desk.page.get_by_role("button", name="Văn bản").tap()
        screens.take(desk, "phone-text")


def finding(screens: Screens, desk: Desk, report: str) -> None:
    """A total that its parts contradict, said at its field, and mended by a press."""
    desk.open(f"{report}phan/procedures/?nhom=ho-so-giai-quyet")
    held = desk.field("procedures.resolved").input_value()
    desk.type("procedures.resolved", str(int(held.replace(".", "")) + 10))
    desk.leave_field()
    desk.saved()
    screens.take(desk, "finding")
    desk.page.get_by_role("button", name=f"Ghi {held} vào").first.click()
    desk.typed("procedures.resolved")
    desk.saved()


def evidence(screens: Screens, desk: Desk, report: str) -> None:
    """A file and an explanation at the foot of a section."""
    scan = desk.page.request.get(f"{desk.address}{report}van-ban.pdf").body()
    file = {"name": "Kế hoạch 05 đã ký.pdf", "mimeType": "application/pdf", "buffer": scan}
    desk.open(f"{report}phan/procedures/")
    desk.page.locator("#id_files").set_input_files([file])
    desk.page.locator("#id_explanation").fill(
        "Sổ theo dõi hồ sơ bản giấy lưu tại Bộ phận Tiếp nhận và Trả kết quả."
    )
    desk.page.get_by_role("button", name="Thêm tài liệu", exact=True).click()
    expect(desk.page.get_by_role("link", name="Kế hoạch 05 đã ký.pdf").first).to_be_visible()
    screens.take(desk, "evidence", at="#tai-lieu")


def excel_form(screens: Screens, desk: Desk, report: str) -> None:
    """The Excel form brought back with three new figures."""
    with tempfile.TemporaryDirectory() as folder:
        workbook = download(desk, f"{report}phieu.xlsx", Path(folder))
        fill_in(workbook, {
            "direction.radio_broadcasts": "12", "direction.news_items": "4",
            "direction.propaganda_conferences": "2 hội nghị",
        })  # fmt: skip
        desk.open(f"{report}nhap-tu-excel/")
        desk.page.locator("#id_file").set_input_files(workbook)
        desk.page.get_by_role("button", name="Tải lên và xem trước").click()
        expect(desk.page.get_by_role("button", name="Nhận các số liệu này")).to_be_visible()
        screens.take(desk, "excel-preview")


def two_people(screens: Screens) -> None:
    """Two people in one field, text of an old font, and what a lost connection left behind."""
    name = "direction.radio_broadcasts"
    at = f'.figure-field:has([name="{name}"])'
    helper = screens.person("thoxuan_motcua", password="demo-thoxuan-motcua")
    with screens.person("thoxuan") as desk, helper as other:
        desk.context.clock.set_fixed_time(NOW)  # of what is kept in the browser
        section = f"{desk.open_report_here()}phan/direction/"
        desk.open(section)
        other.open(section)
        desk.context.set_offline(True)  # so that both have written before either is told
        desk.type(name, "12")
        other.type(name, "14")
        other.saved()
        desk.context.set_offline(False)
        expect(desk.page.locator(".conflict")).to_be_visible()
        expect(desk.page.locator(".company")).to_be_visible(timeout=30_000)
        screens.take(desk, "conflict", at=at)
        desk.page.get_by_role("button", name="Lấy nội dung của người kia").click()
        other.page.close()
        desk.field("text:propaganda").fill(OLD_TEXT)
        expect(desk.page.locator(".old-text")).to_be_visible()
        screens.take(desk, "old-font", at='.narrative-field:has([name="text:propaganda"])')
        desk.page.get_by_role("button", name="Chuyển sang Unicode").click()
        expect(desk.page.locator("[data-save-state]")).to_contain_text("Đã lưu")
        desk.context.set_offline(True)
        desk.type(name, "16")
        desk.type("direction.news_items", "5")
        desk.type(
            "text:assigned_tasks",
            "Đã giao công chức Văn phòng theo dõi công tác cải cách hành chính.",
        )
        expect(desk.page.locator("[data-save-state]")).to_contain_text("đã giữ trên máy này")
        desk.page.wait_for_timeout(1000)  # until the browser has put the last of it away
        desk.page.close()
        desk.context.set_offline(False)
        desk.page = desk.context.new_page()
        desk.open(section)
        expect(desk.page.locator(".draft-offer")).to_be_visible()
        screens.take(desk, "draft")


def from_last_time(screens: Screens) -> None:
    """The next quarter's report started from the half-year's, and a block pasted into its table."""
    with screens.person("tongson") as desk:
        screens.take(desk, "inbox")
        desk.page.get_by_role("link", name="Quý III năm 2026").first.click()
        report = desk.page.url.removeprefix(desk.address)
        screens.take(desk, "start")
        desk.page.locator("summary", has_text="Bắt đầu từ báo cáo kỳ trước").click()
        desk.page.get_by_role("button", name="Lấy nội dung kỳ trước").click()
        expect(desk.page.locator(".start")).to_have_count(0)
        desk.open(f"{report}phan/procedures/?nhom=ho-so-giai-quyet")
        screens.take(desk, "carried")
        desk.open(f"{report}phan/procedures/?nhom=ho-so-thu-tuc-hanh-chinh-theo-linh-vuc")
        desk.page.locator('[data-table="dossiers"] [name^="dossiers.name@"]').first.focus()
        desk.page.evaluate(PASTE, COPIED)
        expect(desk.page.locator("dialog.paste")).to_be_visible()
        screens.take(desk, "paste")
        with tempfile.TemporaryDirectory() as folder:
            keep_page("blank-form", download(desk, f"{report}phieu.pdf", Path(folder)), 2)


def papers(desk: Desk, report: str) -> None:
    """The first page of the report, and of its appendix."""
    with tempfile.TemporaryDirectory() as folder:
        file = download(desk, f"{report}van-ban.pdf", Path(folder))
        keep_page("pdf", file, 1)
        keep_page("pdf-appendix", file, appendix_page(file))


def office(screens: Screens) -> None:
    """The reviewer at Sở Nội vụ: where each unit stands, one report read, several periods."""
    with screens.person("thanhhoa_noivu") as desk:
        page = desk.page
        screens.take(desk, "reviewer-inbox")
        open_period(desk)
        screens.take(desk, "period")
        screens.take(desk, "board", at="table.list")
        page.get_by_role("link", name="Chờ thẩm định").click()
        page.get_by_label("Chọn xã Hoạt Giang").check()
        page.get_by_label("Chọn xã Hậu Lộc").check()
        screens.take(desk, "approve-many", at=".filters")
        page.get_by_role("link", name="Xem nhiều kỳ").click()
        screens.take(desk, "matrix")
        review(screens, desk)
        desk.open("/tin-bao/")
        screens.take(desk, "notices")
        desk.open("/tin-bao/cach-bao/")
        screens.take(desk, "mailing")
        remind_and_export(screens, desk)


def open_period(desk: Desk) -> None:
    """From wherever the reviewer is to the list of the period under way."""
    desk.open("/")
    desk.page.get_by_role("link", name=UNDER_WAY, exact=True).click()


def leader(screens: Screens) -> None:
    """A report that waits for a signature."""
    with screens.person("tongson_lanhdao") as desk:
        screens.take(desk, "leader-inbox")
        to_the_sheet(desk)
        screens.take(desk, "sign-off")
        desk.open("/tin-bao/")
        screens.take(desk, "leader-notices")
    with screens.person("tongson_lanhdao", PHONE, has_touch=True, is_mobile=True) as desk:
        to_the_sheet(desk)
        screens.take(desk, "phone-sign-off")


def records(screens: Screens) -> None:
    """Number and date of an approved report; what its code tells an office."""
    with screens.person("hacthanh_vanthu") as desk:
        code = issue(screens, desk)
    with screens.person("thanhhoa_noivu") as desk:
        desk.open("/xac-nhan/")
        desk.page.get_by_label("Mã ngắn").fill(code)
        desk.page.get_by_role("button", name="Xác nhận").click()
        screens.take(desk, "confirm")


def admin(screens: Screens) -> None:
    """A period before and after it is opened."""
    with screens.person("quantri") as desk:
        desk.open("/ky/TH-2026-Q3/")
        screens.take(desk, "open-period")
        desk.page.get_by_role("button", name="Mở kỳ báo cáo").click()
        expect(desk.page.locator("table.list tbody tr")).to_have_count(12)
        screens.take(desk, "opened-period")


def to_the_sheet(desk: Desk) -> None:
    """From a leader's inbox to the report that waits for a signature."""
    desk.page.locator(".card-link.waits a").first.click()
    expect(desk.page.locator(".foot-bar summary", has_text="Ký duyệt")).to_be_visible()


def issue(screens: Screens, desk: Desk) -> str:
    """Number and date, the issued paper, and its copy as two people signed it; returns the code."""
    page = desk.page
    screens.take(desk, "records-inbox")
    desk.open_report_here()
    page.get_by_role("link", name="Phát hành").click()
    page.get_by_label("Số").fill("376")
    page.get_by_label("Ngày ban hành").fill(f"{NOW:%d/%m/%Y}")
    page.get_by_label("Họ tên người ký").fill(SIGNERS[0])
    screens.take(desk, "issue")
    page.get_by_role("button", name="Xem lại trước khi ghi").click()
    page.get_by_role("button", name="Phát hành").click()
    expect(page.get_by_role("link", name="PDF đã lưu")).to_be_visible()
    screens.take(desk, "issued")
    code = page.locator(".papers .hint strong").inner_text()
    issued = page.get_by_role("link", name="PDF đã lưu").get_attribute("href")
    paper = page.request.get(f"{desk.address}{issued}").body()
    people = [holder(who, office=SIGNERS[-1]) for who in SIGNERS]
    with (
        ThreadPoolExecutor(
            1
        ) as elsewhere,  # signing wants a loop of its own; Playwright has one here
        time_machine.travel(datetime.now(UTC) + SHIFT, tick=True),
    ):
        for who in people:
            paper = elsewhere.submit(sign, paper, who).result()
    page.get_by_role("link", name="Nạp bản đã ký").click()
    file = {"name": "376-BC-UBND.pdf", "mimeType": "application/pdf", "buffer": paper}
    page.get_by_label("Tệp PDF đã ký").set_input_files([file])
    screens.take(desk, "attach-signed")
    page.get_by_role("button", name="Nạp bản đã ký").click()
    expect(page.locator(".signatures li")).to_have_count(len(SIGNERS))
    screens.take(desk, "signed-copy", at=".papers")
    return code


def remind_and_export(screens: Screens, desk: Desk) -> None:
    """A click reminds the communes; the period's figures and papers are made; who was told reads it."""
    page = desk.page
    open_period(desk)
    page.get_by_role("button", name="Nhắc các đơn vị chưa gửi").click()
    page.set_viewport_size(
        {"width": DESKTOP[0], "height": 960}
    )  # the message, and who was reminded
    screens.take(desk, "reminded")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    for kind in ("Bảng số liệu (Excel)", "Văn bản của các đơn vị (ZIP)"):
        page.get_by_label("Báo cáo đã gửi, kể cả chưa phê duyệt").check()
        page.get_by_role("button", name=kind, exact=True).click()
        if kind.endswith("(Excel)"):
            expect(page.get_by_role("link", name="Tải về")).to_be_visible(timeout=60_000)
            workbook = page.get_by_role("link", name="Tải về").get_attribute("href")
    expect(page.locator("[data-words]")).to_contain_text("văn bản")
    screens.take(desk, "exports")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "so-lieu.xlsx"
        file.write_bytes(page.request.get(f"{desk.address}{workbook}").body())
        keep_sheet("workbook", file, "trực tiếp (hồ sơ)")
    with screens.person("thoxuan") as clerk:
        clerk.open("/tin-bao/")
        screens.take(clerk, "clerk-notices")


def review(screens: Screens, desk: Desk) -> None:
    """Hà Trung's report, sent again after a return."""
    page = desk.page
    open_period(desk)
    page.get_by_label("Tìm đơn vị").fill("tong son")
    page.locator(".board").get_by_role("button", name="Tìm").click()
    screens.take(desk, "period-search")
    page.locator("tbody th a").click()
    screens.take(desk, "reviewer-report")
    open_period(desk)
    page.get_by_role("link", name="Xã Hà Trung").click()
    page.locator('[data-review] [data-figure="procedures.overdue"]').first.click()
    page.get_by_label("Nội dung").fill("Đề nghị nêu nguyên nhân của các hồ sơ quá hạn.")
    screens.take(desk, "review", at=".review")
    screens.take(desk, "changes", at=".changes")
    screens.take(desk, "figures", at="table.compare")
    page.get_by_text("Chỉ mở một số phần").click()
    page.get_by_label("Cải cách thủ tục hành chính", exact=True).check()
    page.get_by_label("Yêu cầu chỉnh lý: lý do").fill(
        "Cần giải trình hồ sơ quá hạn ở lĩnh vực đất đai."
    )
    screens.take(desk, "return-form", at=".decide")
    page.get_by_role("link", name="Nhật ký").click()
    screens.take(desk, "timeline")


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, chromium() as browser:
        database = f"sqlite:///{home}/portal.sqlite3"
        furnish(Path(home), database, SCENE, story=True, **CLOCK)
        (roots := Path(home) / "roots").mkdir()
        (roots / "goc.pem").write_bytes(holder(AUTHORITY).pem())
        with served(Path(home), database, SIGNATURE_ROOTS=str(roots), **CLOCK) as address:
            screens = Screens(browser, address)
            office(screens)
            leader(screens)
            records(screens)
            with screens.person("xahalong") as desk:
                desk.open_report_here()
                screens.take(desk, "returned")
            clerk(screens)
            two_people(screens)
            admin(screens)
            from_last_time(screens)


if __name__ == "__main__":
    main()
