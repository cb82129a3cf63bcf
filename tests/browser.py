"""A desk with a browser on it: what the journeys in `test_browser.py` share.

Nothing here waits for a while and hopes. `Desk.saved` knows each value that was typed and each save
that left the page, so it returns when the last of them has been answered.
"""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parent.parent
DESKTOP, PHONE = (1280, 800), (390, 844)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
]
#: What Chromium itself says when an answer has an error status or none comes.
FAILED_REQUEST = re.compile(r"Failed to load resource")
STATUS = "[data-save-state]"
#: Milliseconds until what does not come is given up. A busy machine takes its time, and no test measures it.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium with the system's fonts; FONTCONFIG_FILE names the fonts of paper alone."""
    environment = {k: v for k, v in os.environ.items() if k != "FONTCONFIG_FILE"}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM_PATH") or "/usr/bin/chromium",
            args=ARGUMENTS,
            env=dict(environment),
        )
        try:
            yield browser
        finally:
            browser.close()


def passwords() -> dict[str, str]:
    """The passwords of the demo accounts, of the archive and of the present story."""
    files = (ROOT / "fixtures" / "demo" / name for name in ("demo.toml", "now.toml"))
    worlds = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return {user["username"]: user["password"] for world in worlds for user in world["users"]}


class Desk:
    """One person at one screen. `troubles` gathers whatever the browser complained about."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.pages_drawn = 0
        self.page.on("domcontentloaded", self._count)
        self.troubles: list[str] = []
        self.expected: list[re.Pattern[str]] = []
        self._typed: dict[str, str] = {}
        self._sent: set[tuple[str, str]] = set()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("request", self._see)
        self.page.on("response", self._answered)

    def _count(self, _: Page) -> None:
        self.pages_drawn += 1

    # --- what the browser complains about ---------------------------------------------------------

    def _hear(self, message: ConsoleMessage) -> None:
        foreseen = any(pattern.search(message.text) for pattern in self.expected)
        if message.type in ("error", "warning") and not foreseen:
            self.troubles.append(f"{message.type} on {self.page.url}: {message.text}")

    def _see(self, request: Request) -> None:
        if request.url.startswith("data:"):
            return
        if urlsplit(request.url).netloc != urlsplit(self.address).netloc:
            self.troubles.append(f"request to another host: {request.url}")

    # --- going about ------------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """A page by its address; of a section without a group all groups are put in sight, for tests that are not
        about them."""
        if re.search(r"/phan/[a-z_]+/$", path):
            path += "?nhom=tat-ca"
        self.page.goto(self.address + path)

    def follow(self, control: Locator) -> None:
        """Press what leads to another page, and be there: what looks at once, such as `fits`, would
        still see the page before."""
        with self.page.expect_navigation():
            control.click()

    def log_in(self, username: str, password: str = "") -> None:
        """Through the form, as people do; `password` of whoever is not of the demo."""
        self.open("/dang-nhap/")
        self.page.get_by_label("Tên đăng nhập").fill(username)
        self.page.get_by_label("Mật khẩu", exact=True).fill(password or passwords()[username])
        self.page.get_by_role("button", name="Đăng nhập").click()
        expect(self.page.locator(".account")).to_be_visible()

    def log_out(self) -> None:
        """Through the menu of the account."""
        self.page.locator(".account summary").click()
        self.page.get_by_role("button", name="Đăng xuất").click()

    def enter(self, username: str, password: str = "") -> None:
        """Logged in already: by two requests, without the pages that `log_in` draws."""
        browser, address = self.context.request, f"{self.address}/dang-nhap/"
        browser.get(address)  # the token comes as a cookie
        token = next(c["value"] for c in self.context.cookies() if c["name"] == "csrftoken")
        form = {"username": username, "password": password or passwords()[username]}
        answer = browser.post(address, form={**form, "csrfmiddlewaretoken": token}, max_redirects=0)
        assert answer.status == 302, f"{username} was not let in"

    def report_address(self, period: str = "") -> str:
        """The address of the inbox's newest report, or of the period's, without the host."""
        inbox = self.context.request.get(f"{self.address}/").text()
        links = re.findall(
            r'class="card-link.*?<a[^>]* href="([^"]+)"[^>]*>(.*?)</a>', inbox, re.DOTALL
        )
        return next(address for address, words in links if period in words)

    def open_report(self, username: str, period: str = "") -> str:
        """Enter, and open the newest report of the inbox, or the period's; returns its address, without
        the host."""
        self.enter(username)
        path = self.report_address(period)
        self.open(path)
        expect(self.page.locator(".tasks")).to_be_visible()
        return path

    def open_report_here(self, period: str = "") -> str:
        """From the inbox on."""
        self.page.locator(".card-link a").filter(has_text=period).first.click()
        expect(self.page.locator(".tasks")).to_be_visible()
        return urlsplit(self.page.url).path

    def open_section(self, username: str, section: str) -> str:
        self.enter(username)
        path = self.report_address() + f"phan/{section}/"
        self.open(path)
        return path

    # --- typing -----------------------------------------------------------------------------------

    def field(self, name: str) -> Locator:
        return self.page.locator(f'form[data-autosave] [name="{name}"]')

    def around(self, selector: str, name: str) -> Locator:
        """The part of the page, such as a cell, that holds a field."""
        return self.page.locator(selector).filter(has=self.page.locator(f'[name="{name}"]'))

    def type(self, name: str, text: str) -> Locator:
        """Put text into a field, as typing or pasting does; not saved yet."""
        field = self.in_sight(name)
        field.fill(text)
        self._typed[name] = text
        return field

    def in_sight(self, name: str) -> Locator:
        """A field, once its group has been chosen at the side where another is in sight."""
        group = self.around("[data-group][hidden]", name)
        if group.count():
            self.page.locator(f"[data-show={group.get_attribute('data-group')}]").click()
        return self.field(name)

    def choose(self, name: str, label: str) -> Locator:
        field = self.in_sight(name)
        field.select_option(label=label)
        self._typed[name] = field.input_value()
        return field

    def typed(self, name: str) -> None:
        """A field was filled in some other way: by keys, or by a button of the page."""
        self._typed[name] = self.field(name).input_value()

    def _answered(self, response: Response) -> None:
        request = response.request
        if request.method == "POST" and request.post_data and response.ok:
            self._sent |= set(parse_qsl(request.post_data, keep_blank_values=True))

    def was_answered(self, name: str, start: str) -> bool:
        """Whether a save was answered in which the field's text began so."""
        return any(sent == name and text.startswith(start) for sent, text in self._sent)

    def answered(self, name: str, start: str) -> None:
        """Wait for such an answer."""
        while not self.was_answered(name, start):
            self.page.wait_for_event("response", lambda r: r.request.method == "POST")

    def saved(self, *, but: int = 0) -> None:
        """Wait until each typed value was answered, and the status says so (`but`: refused fields)."""
        while set(self._typed.items()) - self._sent:
            self.page.wait_for_event("response", lambda r: r.request.method == "POST")
        self._typed.clear()
        self._sent.clear()
        words = r"^Đã lưu lúc \d\d:\d\d"
        words += rf"; còn {but} ô chưa lưu được" if but else "$"
        expect(self.page.locator(STATUS)).to_have_text(re.compile(words))

    def leave_field(self) -> None:
        """Take the focus elsewhere without pressing anything."""
        self.page.evaluate("document.activeElement.blur()")

    def add_row(self, table: str) -> str:
        """Press "Thêm dòng"; returns the new row's identifier."""
        section = self.page.locator(f'[data-table="{table}"]')
        section.get_by_role("button", name="Thêm dòng").click()
        uid = section.locator("tbody tr").last.get_attribute("data-row")
        assert uid
        return uid

    def paste(self, name: str, text: str = "", html: str = "") -> None:
        """Paste into a field what another program put on the clipboard, as text, as HTML or as both."""
        self.field(name).evaluate(
            """(field, [text, html]) => {
              const data = new DataTransfer();
              if (text) data.setData("text/plain", text);
              if (html) data.setData("text/html", html);
              field.focus();
              field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
            }""",
            [text, html],
        )

    # --- looking ----------------------------------------------------------------------------------

    def processor_seconds(self) -> float:
        """What the page's scripts and layout have cost since it was opened, however busy the machine is."""
        client = self.context.new_cdp_session(self.page)
        client.send("Performance.enable")
        metrics = client.send("Performance.getMetrics")["metrics"]
        client.detach()
        return next(float(each["value"]) for each in metrics if each["name"] == "ThreadTime")

    @property
    def paper(self) -> Locator:
        """The official text beside the form."""
        return self.page.locator("[data-preview]")

    @property
    def progress(self) -> Locator:
        return self.page.locator("[data-progress]")

    def violations(self) -> list[str]:
        """What axe finds wrong with the page as it is: WCAG 2.0 to 2.2 A and AA, best practices."""
        answer = Axe().run(self.page, options={"resultTypes": ["violations"]}).response
        return [
            f"{self.page.url}: {violation['id']} ({violation['help']}) in "
            + "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            for violation in answer["violations"]
        ]

    def fits(self) -> bool:
        """Whether the page itself does not scroll sideways."""
        width: bool = self.page.evaluate(
            "document.scrollingElement.scrollWidth <= document.documentElement.clientWidth"
        )
        return width


def size(screen: tuple[int, int]) -> Any:
    return {"width": screen[0], "height": screen[1]}


def good(desk: Desk) -> None:
    """The page at hand has nothing for axe, and fits, at the desk and on a phone."""
    for screen in (PHONE, DESKTOP):
        desk.page.set_viewport_size(size(screen))
        assert desk.fits(), f"{desk.page.url} is broader than {screen[0]} px"
        assert desk.violations() == []


def weigh(page: Page, path: str) -> dict[str, int]:
    """Bytes that came over the line for a page, head and body, by address; none from the cache."""
    client = page.context.new_cdp_session(page)
    addresses: dict[str, str] = {}
    weights: dict[str, int] = {}

    def begun(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["response"]["url"]

    def ended(event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"], "")
        weights[address] = weights.get(address, 0) + int(event["encodedDataLength"])

    client.on("Network.responseReceived", begun)
    client.on("Network.loadingFinished", ended)
    client.send("Network.enable")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    client.detach()
    return weights


# --- what the journeys look at ------------------------------------------------------------------------


def stands(desk: Desk, state: str) -> None:
    """The report's page says that it is in this state."""
    expect(desk.page.locator(".context .tag")).to_have_text(state)


def thread(desk: Desk, words: str) -> Locator:
    """The remark that says so, with its answers."""
    return desk.page.locator(".thread", has_text=words)


def saved_file(desk: Desk, link: str, folder: Path) -> Path:
    """Download what the link leads to, under the name that the person gets."""
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name=link, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def pdf_text(path: Path) -> str:
    """All words of a PDF in one line."""
    command = ["pdftotext", str(path), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.sub(r"\s+", " ", text)
