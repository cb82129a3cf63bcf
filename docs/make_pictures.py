"""Make the pictures of the user pages: `./run pictures`.

Serves the demo data from a temporary database, walks through it in Chromium and writes
`docs/pictures/*.png`, each in few colours. Printed pages need pdftoppm, the workbook LibreOffice;
without them their pictures stay as they are, and that is said.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
sys.path.insert(0, str(ROOT / "tests"))

from browser import DESKTOP, PHONE, Desk, chromium  # noqa: E402  (the helpers of the browser tests)
from playwright.sync_api import Browser, expect  # noqa: E402

COLOURS = 64
#: A period that nobody has opened yet, for the admin's picture.
UNOPENED = """
from reports.models import Report, ReportingPeriod
Report.objects.filter(period__code="TH-2026-NAM").delete()
ReportingPeriod.objects.filter(code="TH-2026-NAM").update(opened_at=None)
"""


def keep(name: str, picture: bytes) -> None:
    """Write one picture with few colours: a screen has no more, and the file is a third."""
    image = Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS)
    path = PICTURES / f"{name}.png"
    image.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")


@contextmanager
def portal(home: Path) -> Iterator[str]:
    """The portal with demo data, as `./run demo` serves it; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    database = f"sqlite:///{home / 'portal.sqlite3'}"
    environment = {**os.environ, "DEMO": "1", "VAR_DIR": str(home), "DATABASE_URL": database}
    manage = [sys.executable, str(ROOT / "manage.py")]
    for command in (["migrate"], ["load_demo"], ["collectstatic", "--noinput"]):
        subprocess.run([*manage, *command], env=environment, check=True, capture_output=True)
    subprocess.run(
        [*manage, "shell", "-v0", "-c", UNOPENED], env=environment, check=True, capture_output=True
    )
    gunicorn = [
        sys.executable, "-m", "gunicorn", "cchc_portal.wsgi:application", "--threads", "4",
        "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    process = subprocess.Popen(gunicorn, env=environment, cwd=ROOT)
    try:
        yield answering(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(20)


def answering(address: str, process: subprocess.Popen[bytes]) -> str:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return address
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    sys.exit("The portal did not start.")


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
        desk.page.locator(".card-link a").first.click()
        screens.take(desk, "report")
    with screens.person("hatien") as desk:
        report = desk.open_report_here()
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
    with screens.person("dienbien") as desk:
        report = desk.open_report_here()
        desk.open(f"{report}phan/appendix/")
        screens.take(desk, "appendix", at="tr.value:has(input)")
        papers(desk, report)
    with screens.person("hatien", PHONE, has_touch=True, is_mobile=True) as desk:
        report = desk.open_report_here()
        screens.take(desk, "phone-report")
        desk.open(f"{report}phan/procedures/")
        screens.take(desk, "phone-section", at='[name="procedures.resolved_early"]')
        desk.page.get_by_role("tab", name="Văn bản").tap()
        screens.take(desk, "phone-text", at=".tabs")


def papers(desk: Desk, report: str) -> None:
    """The first page of the report and of its appendix, and the workbook."""
    with tempfile.TemporaryDirectory() as folder:
        for name, file_format in (("pdf", "pdf"), ("excel", "xlsx")):
            file = Path(folder) / f"{name}.{file_format}"
            file.write_bytes(
                desk.page.request.get(f"{desk.address}{report}van-ban.{file_format}").body()
            )
            if file_format == "xlsx":
                file = workbook_as_pdf(file)
            if file.suffix != ".pdf" or not shutil.which("pdftoppm"):
                print(f"No picture of the {name}: pdftoppm or LibreOffice is missing.")
                continue
            keep(name, page_picture(file, 1))
            if name == "pdf":
                keep("pdf-appendix", page_picture(file, appendix_page(file)))


def workbook_as_pdf(file: Path) -> Path:
    if not shutil.which("soffice"):
        return file
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    folder = str(file.parent)
    convert = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        folder,
        str(file),
    ]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    return file.with_suffix(".pdf")


def appendix_page(file: Path) -> int:
    """The first page that is broader than high."""
    info = ["pdfinfo", "-f", "1", "-l", "99", str(file)]
    told = subprocess.run(info, check=True, capture_output=True, text=True).stdout
    sizes = [line.split(":")[1].split() for line in told.splitlines() if line.startswith("Page ")]
    sizes = [size for size in sizes if "x" in size]
    broad = [float(size[0]) > float(size[2]) for size in sizes]
    return broad.index(True) + 1 if True in broad else 1


def page_picture(file: Path, page: int) -> bytes:
    numbers = ["-f", str(page), "-l", str(page)]
    command = ["pdftoppm", "-png", "-r", "80", *numbers, "-singlefile", str(file)]
    return subprocess.run(command, check=True, capture_output=True).stdout


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
    with screens.person("quantri") as desk:
        desk.open("/ky/TH-2026-NAM/")
        screens.take(desk, "open-period")
        desk.page.get_by_role("button", name="Mở kỳ báo cáo").click()
        expect(desk.page.locator("table.list tbody tr")).to_have_count(3)
        screens.take(desk, "opened-period")


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        portal(Path(home)) as address,
        chromium() as browser,
    ):
        screens = Screens(browser, address)
        clerk(screens)
        reviewer_and_admin(screens)


if __name__ == "__main__":
    main()
