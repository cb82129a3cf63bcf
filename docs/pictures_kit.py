"""How a picture of the user pages is taken: a screen, a printed page, a sheet of a workbook.

`docs/make_pictures.py` tells what is taken. Printed pages need poppler, the workbook LibreOffice too; without
them their pictures stay as they are, and that is said. Screens want Liberation Sans (fonts-liberation), as
broad as the letters of Windows; others are broader.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageOps

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
sys.path.insert(0, str(ROOT / "tests"))

from browser import DESKTOP, Desk  # noqa: E402  (the helpers of the browser tests)
from openpyxl import load_workbook  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402

COLOURS = 128


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
        self, username: str, size: tuple[int, int] = DESKTOP, password: str = "", **options: Any
    ) -> Iterator[Desk]:
        """Somebody logged in; `password` of whoever is not of the demo."""
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            **options,
        )
        desk = Desk(context, self.address)
        desk.log_in(username, password)
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
