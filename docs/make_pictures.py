"""Make the pictures of the user pages: `./run pictures`.

Serves the demo data from a temporary database, walks through it in Chromium and writes
`docs/pictures/*.png`, each in few colours. Printed pages need poppler, the workbook LibreOffice too; without
them their pictures stay as they are, and that is said.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageOps

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
sys.path.insert(0, str(ROOT / "tests"))

from browser import DESKTOP, PHONE, Desk, chromium  # noqa: E402  (the helpers of the browser tests)
from openpyxl import load_workbook  # noqa: E402
from playwright.sync_api import Browser, expect  # noqa: E402
from served import furnish, served  # noqa: E402
from signing import AUTHORITY, holder, sign  # noqa: E402

COLOURS = 128
#: The period whose report of Hà Tiến and Hà Tân the pictures show.
FILLED = "6 tháng đầu năm 2023"
#: The period in which the district is in mid-course, with a report in every state.
UNDER_WAY = "9 tháng đầu năm 2023"
#: A period that nobody has opened yet, for the admin's picture, and a second person who types.
SCENE = """
from reports.models import Report, ReportingPeriod, RoleAssignment, Unit, User
Report.objects.filter(period__code="TH-2026-NAM").delete()
ReportingPeriod.objects.filter(code="TH-2026-NAM").update(opened_at=None)
RoleAssignment.objects.create(
    user=User.objects.get(username="hatien_vanthu"), unit=Unit.objects.get(code="15325"), role="clerk"
)
"""
#: Who signs Hà Bắc's issued report: its leader, then its office.
SIGNERS = ("Nguyễn Văn Bắc", "Ủy ban nhân dân xã Hà Bắc")
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


def keep(name: str, picture: bytes) -> None:
    """Write one picture with few colours: a screen has no more, and the file is a third.

    An octree keeps colours of few pixels, such as a red word; the median cut drowns them.
    """
    screen = Image.open(BytesIO(picture)).convert("RGB")
    image = screen.quantize(COLOURS, Image.Quantize.FASTOCTREE, kmeans=2, dither=Image.Dither.NONE)
    path = PICTURES / f"{name}.png"
    image.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")


class Screens:
    """People at their screens, one after the other, and the pictures taken of them."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address

    @contextmanager
    def person(
        self, username: str, size: tuple[int, int] = DESKTOP, **options: Any
    ) -> Iterator[Desk]:
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            **options,
        )
        desk = Desk(context, self.address)
        desk.log_in(username)
        yield desk
        context.close()

    def take(self, desk: Desk, name: str, at: str = "") -> None:
        """Picture what the person sees, with `at` in the upper part of the window."""
        if at:
            top = (
                "element => window.scrollTo(0, element.getBoundingClientRect().top + scrollY - 90)"
            )
            desk.page.locator(at).first.evaluate(top)
        desk.page.evaluate("document.fonts.ready")
        keep(name, desk.page.screenshot(animations="disabled"))


def clerk(screens: Screens) -> None:
    with screens.person("hatan") as desk:
        screens.take(desk, "inbox")
    with screens.person("hatien") as desk:
        report = desk.open_report_here(FILLED)
        screens.take(desk, "report-filled")
        desk.open(f"{report}phan/procedures/")
        desk.field("procedures.received").focus()
        desk.type("procedures.received", "2395")
        desk.saved()
        desk.field("procedures.resolved").focus()
        screens.take(desk, "section", at='[data-total="procedures.received"]')
        desk.type("procedures.carried_over", "2,5")
        desk.leave_field()
        desk.saved(but=1)
        screens.take(desk, "error", at='[data-total="procedures.received"]')
        desk.open(f"{report}phan/institutional/")
        screens.take(desk, "rows", at='[data-table="documents"]')
        screens.take(desk, "narrative", at=".narratives")
        desk.open(f"{report}phan/civil_service/")
        screens.take(desk, "table", at='[data-table="staff"]')
        desk.open(f"{report}phan/paper/")
        screens.take(desk, "paper")
        desk.open(f"{report}xem-truoc/")
        screens.take(desk, "preview")
        evidence(screens, desk, report)
        excel_form(screens, desk, report)
    with screens.person("dienbien") as desk:
        report = desk.open_report_here()
        desk.open(f"{report}phan/appendix/")
        screens.take(desk, "appendix", at="tr.value:has(input)")
        papers(desk, report)
    with screens.person("hatien", PHONE, has_touch=True, is_mobile=True) as desk:
        report = desk.open_report_here(FILLED)
        desk.open(f"{report}phan/procedures/")
        screens.take(desk, "phone-section", at='[name="procedures.resolved_early"]')
        desk.page.get_by_role("tab", name="Văn bản").tap()
        screens.take(desk, "phone-text", at=".tabs")


def evidence(screens: Screens, desk: Desk, report: str) -> None:
    """A file and an explanation at the foot of a section."""
    scan = desk.page.request.get(f"{desk.address}{report}van-ban.pdf").body()
    file = {"name": "Kế hoạch 05 đã ký.pdf", "mimeType": "application/pdf", "buffer": scan}
    desk.open(f"{report}phan/procedures/")
    desk.page.get_by_text("Thêm tài liệu cho phần này").click()
    desk.page.locator("#id_files").set_input_files([file])
    desk.page.locator("#id_explanation").fill(
        "Sổ theo dõi hồ sơ bản giấy lưu tại Bộ phận Tiếp nhận và Trả kết quả."
    )
    desk.page.get_by_role("button", name="Thêm tài liệu", exact=True).click()
    desk.page.get_by_text("Thêm tài liệu cho phần này").click()
    screens.take(desk, "evidence", at="#tai-lieu")


def excel_form(screens: Screens, desk: Desk, report: str) -> None:
    """The Excel form brought back with two new figures and a mistake."""
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
        screens.take(desk, "excel-preview", at=".bring-in h1")


def download(desk: Desk, address: str, folder: Path) -> Path:
    file = folder / address.rpartition("/")[2]
    file.write_bytes(desk.page.request.get(desk.address + address).body())
    return file


def fill_in(workbook: Path, texts: dict[str, str]) -> None:
    """Write into the open cells of an Excel form; the first column names the figure of each row."""
    book = load_workbook(workbook)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            text = texts.get(str(row[0].value))
            for cell in row[1:] if text else ():
                if not cell.protection.locked:
                    cell.value = text
    book.save(workbook)


def two_people(screens: Screens) -> None:
    """Two people in one field, text of an old font, and what a lost connection left behind."""
    name = "direction.radio_broadcasts"
    at = f'.figure-field:has([name="{name}"])'
    with screens.person("hatien") as desk, screens.person("hatien_vanthu") as other:
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
            "text:assignment", "Đã giao công chức Văn phòng theo dõi công tác cải cách hành chính."
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
    """A year's report started from that of nine months, and a block pasted into its table."""
    with screens.person("tongson") as desk:
        desk.page.get_by_role("link", name="năm 2026").first.click()
        report = desk.page.url.removeprefix(desk.address)
        screens.take(desk, "start")
        desk.page.locator("summary", has_text="Bắt đầu từ báo cáo kỳ trước").click()
        desk.page.get_by_role("button", name="Lấy nội dung kỳ trước").click()
        expect(desk.page.locator(".start")).to_have_count(0)
        desk.open(f"{report}phan/procedures/")
        screens.take(desk, "carried")
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


def appendix_page(file: Path) -> int:
    """The first page that is broader than high."""
    if not shutil.which("pdfinfo"):
        return 1
    info = ["pdfinfo", "-f", "1", "-l", "99", str(file)]
    told = subprocess.run(info, check=True, capture_output=True, text=True).stdout
    sizes = [line.split(":")[1].split() for line in told.splitlines() if line.startswith("Page ")]
    sizes = [size for size in sizes if "x" in size]
    broad = [float(size[0]) > float(size[2]) for size in sizes]
    return broad.index(True) + 1 if True in broad else 1


def keep_page(name: str, file: Path, page: int, trim: bool = False) -> None:
    """Picture one printed page; `trim`: without the white around what is printed."""
    if not shutil.which("pdftoppm"):
        print(f"No picture {name}: pdftoppm is missing.")
        return
    numbers = ["-f", str(page), "-l", str(page)]
    command = ["pdftoppm", "-png", "-r", "80", *numbers, "-singlefile", str(file)]
    picture = subprocess.run(command, check=True, capture_output=True).stdout
    keep(name, trimmed(picture) if trim else picture)


def trimmed(picture: bytes) -> bytes:
    """The picture with a rim of 16 pixels around what is on it."""
    sheet = Image.open(BytesIO(picture)).convert("RGB")
    ink = ImageChops.invert(sheet).getbbox() or (0, 0, *sheet.size)
    out = BytesIO()
    ImageOps.expand(sheet.crop(ink), border=16, fill="white").save(out, "PNG")
    return out.getvalue()


def reviewer_and_admin(screens: Screens) -> None:
    with screens.person("hatrung_noivu") as desk:
        screens.take(desk, "reviewer-inbox")
        desk.page.get_by_role("link", name="6 tháng đầu năm 2023").click()
        screens.take(desk, "period")
        desk.page.get_by_label("Tìm đơn vị").fill("ha tien")
        desk.page.get_by_role("button", name="Tìm").click()
        screens.take(desk, "period-search")
        desk.page.locator("tbody th a").click()
        screens.take(desk, "reviewer-report")
        the_way(screens, desk)
    with screens.person("quantri") as desk:
        desk.open("/ky/TH-2026-NAM/")
        screens.take(desk, "open-period")
        desk.page.get_by_role("button", name="Mở kỳ báo cáo").click()
        expect(desk.page.locator("table.list tbody tr")).to_have_count(3)
        screens.take(desk, "opened-period")


def the_way(screens: Screens, reviewer: Desk) -> None:
    """A report from the leader's sheet to the issued paper; `reviewer` is at the district's desk."""
    with screens.person("habinh_lanhdao") as desk:
        screens.take(desk, "leader-inbox")
        to_the_sheet(desk)
        screens.take(desk, "sign-off")
        desk.open("/tin-bao/")
        screens.take(desk, "leader-notices")
    with screens.person("habinh_lanhdao", PHONE, has_touch=True, is_mobile=True) as desk:
        to_the_sheet(desk)
        screens.take(desk, "phone-sign-off")
    with screens.person("habac_vanthu") as desk:
        code = issue(screens, desk)
    board(screens, reviewer, code)
    review(screens, reviewer)
    office(screens, reviewer)
    with screens.person("yenson") as desk:
        desk.open_report_here(UNDER_WAY)
        screens.take(desk, "returned")


def to_the_sheet(desk: Desk) -> None:
    """From a leader's inbox to the report that waits for a signature."""
    desk.page.locator(".card-link.waits a").filter(has_text=UNDER_WAY).click()
    expect(desk.page.get_by_role("link", name="Ký duyệt")).to_be_visible()


def issue(screens: Screens, desk: Desk) -> str:
    """Number and date, the issued paper, and its copy as two people signed it; returns the code."""
    page = desk.page
    screens.take(desk, "records-inbox")
    desk.open_report_here(UNDER_WAY)
    page.get_by_role("link", name="Phát hành").click()
    page.get_by_label("Số").fill("76")
    page.get_by_label("Ngày ban hành").fill("15/9/2023")
    page.get_by_label("Họ tên người ký").fill("Nguyễn Văn A")
    screens.take(desk, "issue")
    page.get_by_role("button", name="Xem lại trước khi ghi").click()
    page.get_by_role("button", name="Phát hành").click()
    expect(page.get_by_role("link", name="PDF đã lưu")).to_be_visible()
    screens.take(desk, "issued")
    code = page.locator("aside .hint strong").inner_text()
    issued = page.get_by_role("link", name="PDF đã lưu").get_attribute("href")
    paper = page.request.get(f"{desk.address}{issued}").body()
    with ThreadPoolExecutor(
        1
    ) as elsewhere:  # signing wants a loop of its own; Playwright has one here
        for who in SIGNERS:
            paper = elsewhere.submit(sign, paper, holder(who, office=SIGNERS[-1])).result()
    page.get_by_role("link", name="Nạp bản đã ký").click()
    file = {"name": "76-BC-UBND.pdf", "mimeType": "application/pdf", "buffer": paper}
    page.get_by_label("Tệp PDF đã ký").set_input_files([file])
    screens.take(desk, "attach-signed")
    page.get_by_role("button", name="Nạp bản đã ký").click()
    expect(page.locator(".signatures li")).to_have_count(len(SIGNERS))
    screens.take(desk, "signed-copy", at=".report-columns")
    return code


def office(screens: Screens, desk: Desk) -> None:
    """A click reminds the communes; the period's figures and papers are made; who was told reads it."""
    page = desk.page
    desk.open("/tin-bao/")
    screens.take(desk, "notices")
    desk.open("/tin-bao/cach-bao/")
    screens.take(desk, "mailing")
    desk.open("/")
    page.get_by_role("link", name=UNDER_WAY, exact=True).click()
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
    with screens.person("havinh") as clerk:
        clerk.open("/tin-bao/")
        screens.take(clerk, "clerk-notices")


def keep_sheet(name: str, workbook: Path, words: str) -> None:
    """Picture the first printed page of a workbook that has these words, as LibreOffice lays it out."""
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        print(f"No picture {name}: soffice or pdftotext is missing.")
        return
    folder = workbook.parent
    home = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    convert = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*convert, str(workbook)], check=True, capture_output=True)
    printed = workbook.with_suffix(".pdf")
    told = subprocess.run(
        ["pdftotext", str(printed), "-"], check=True, capture_output=True, text=True
    )
    pages = [" ".join(page.split()) for page in told.stdout.split("\f")]
    keep_page(
        name, printed, next(i for i, page in enumerate(pages, start=1) if words in page), trim=True
    )


def board(screens: Screens, desk: Desk, code: str) -> None:
    """The district's period: who stands where, several at once, several periods, a code confirmed."""
    page = desk.page
    desk.open("/")
    page.get_by_role("link", name=UNDER_WAY).click()
    screens.take(desk, "board", at=".shares")
    page.get_by_role("link", name="Chờ thẩm định").click()
    page.get_by_label("Chọn xã Hà Tân").check()
    screens.take(desk, "approve-many", at=".filters")
    page.get_by_role("link", name="Xem nhiều kỳ").click()
    screens.take(desk, "matrix")
    desk.open("/xac-nhan/")
    page.get_by_label("Mã ngắn").fill(code)
    page.get_by_role("button", name="Xác nhận").click()
    screens.take(desk, "confirm")


def review(screens: Screens, desk: Desk) -> None:
    """Hà Ngọc's report, sent again after a return."""
    page = desk.page
    desk.open("/")
    page.get_by_role("link", name=UNDER_WAY).click()
    page.get_by_role("link", name="Xã Hà Ngọc").click()
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
        furnish(Path(home), database, SCENE)
        (roots := Path(home) / "roots").mkdir()
        (roots / "goc.pem").write_bytes(holder(AUTHORITY).pem())
        with served(Path(home), database, SIGNATURE_ROOTS=str(roots)) as address:
            screens = Screens(browser, address)
            clerk(screens)
            two_people(screens)
            reviewer_and_admin(screens)
            from_last_time(screens)


if __name__ == "__main__":
    main()
