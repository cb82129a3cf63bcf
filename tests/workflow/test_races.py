"""Many at the same moment, at a live server: nothing is lost, nothing is taken twice.

The server has worker processes and threads of its own, and a database on which transactions are real.
"""

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from conftest import portal
from signed_pdf import plain_pdf

MANY = 12


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A portal that no other tests write to."""
    with portal(tmp_path_factory, "races") as address:
        yield address


class Window:
    """One browser in which a person is logged in, at any number of windows at once."""

    def __init__(self, address: str, username: str, password: str) -> None:
        self.address = address
        self.jar = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get("/dang-nhap/"))
        assert token
        self.post("/dang-nhap/", {"username": username, "password": password}, token[1])

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=60) as answer:
            return answer.read().decode()

    def post(self, path: str, data: dict[str, str], token: str = "") -> str:
        cookies = {cookie.name: cookie.value for cookie in self.jar}
        headers = {"X-CSRFToken": token or cookies["csrftoken"], "Accept": "application/json"}
        if path == "/dang-nhap/" or path.endswith("/lay-ky-truoc/"):
            headers["Accept"] = "text/html"
        request = Request(self.address + path, urlencode(data).encode(), headers)
        with self.opener.open(request, timeout=60) as answer:
            return answer.read().decode()

    def bring(self, path: str, content: bytes) -> str:
        """A scan, compared, for a form that shows no copy yet; the page that answers."""
        end = "--x"
        ticked = f'{end}\r\nContent-Disposition: form-data; name="compared"\r\n\r\non\r\n'
        head = 'Content-Disposition: form-data; name="signed"; filename="Ký.pdf"'
        body = f"{ticked}{end}\r\n{head}\r\nContent-Type: application/pdf\r\n\r\n".encode()
        token = {cookie.name: cookie.value for cookie in self.jar}["csrftoken"]
        headers = {"X-CSRFToken": token, "Content-Type": "multipart/form-data; boundary=x"}
        whole = body + content + f"\r\n{end}--\r\n".encode()
        try:
            request = Request(self.address + path, whole, headers)
            with self.opener.open(request, timeout=60) as answer:
                return answer.read().decode()
        except HTTPError as refused:
            return refused.read().decode()

    def reports(self) -> set[str]:
        """The addresses of the person's reports."""
        return set(re.findall(r'href="(/bao-cao/\d+/)"', self.get("/")))

    def told(self, report: str) -> dict[str, Any]:
        return json.loads(self.get(f"{report}van-ban.json"))

    def at_once(self, path: str, posts: list[dict[str, str]]) -> list[str]:
        """Send all of them at the same moment."""
        start = threading.Barrier(len(posts))

        def one(data: dict[str, str]) -> str:
            start.wait(30)
            return self.post(path, data)

        with ThreadPoolExecutor(len(posts)) as pool:
            return list(pool.map(one, posts))


@pytest.fixture(scope="module")
def ha_tan(here: str) -> Window:
    return Window(here, "hatan", "demo-hatan-2023")


@pytest.fixture(scope="module")
def empty(ha_tan: Window) -> str:
    """The address of Hà Tân's report, in which nothing is entered."""
    return min(ha_tan.reports(), key=lambda each: ha_tan.told(each)["period"]["data_to"])


FIELDS = [
    f"procedures.{name}" for name in (
        "in_force", "newly_published", "abolished", "at_desk", "one_stop", "interlinked", "military",
        "police", "fields", "publicly_listed", "received", "resolved",
    )
]  # fmt: skip


def test_12_who_save_different_fields_of_one_section_at_once_are_all_kept(
    ha_tan: Window, empty: str
) -> None:
    before = ha_tan.told(empty)["revision"]
    posts = [{name: str(n + 1), f"base:{name}": ""} for n, name in enumerate(FIELDS)]
    answers = [json.loads(answer) for answer in ha_tan.at_once(f"{empty}phan/procedures/", posts)]
    assert [answer["conflicts"] for answer in answers] == [{}] * MANY
    after = ha_tan.told(empty)
    assert [after["figures"][name] for name in FIELDS] == list(range(1, 13))
    assert after["revision"] == before + MANY
    assert sorted(answer["revision"] for answer in answers)[-1] == after["revision"]


def test_of_12_who_save_the_same_field_at_once_one_is_written_and_11_are_told(
    ha_tan: Window, empty: str
) -> None:
    before = ha_tan.told(empty)["revision"]
    name = "direction.tasks_assigned"
    posts = [{name: str(n), f"base:{name}": ""} for n in range(1, 13)]
    answers = [json.loads(answer) for answer in ha_tan.at_once(f"{empty}phan/direction/", posts)]
    written = [n for n, answer in enumerate(answers, start=1) if not answer["conflicts"]]
    assert len(written) == 1
    after = ha_tan.told(empty)
    assert after["figures"][name] == written[0]
    assert after["revision"] == before + 1
    told = [answer["conflicts"][name] for answer in answers if answer["conflicts"]]
    assert told == [{"theirs": str(written[0]), "gone": False}] * 11


def test_the_same_new_row_sent_12_times_at_once_is_one_row(ha_tan: Window, empty: str) -> None:
    before = ha_tan.told(empty)["revision"]
    row = {"equipment.name@moi": "máy in", "equipment.quantity@moi": "2"}
    answers = ha_tan.at_once(f"{empty}phan/procedures/", [row] * MANY)
    assert [json.loads(answer)["errors"] for answer in answers] == [{}] * MANY
    after = ha_tan.told(empty)
    (stored,) = after["tables"]["equipment"]
    assert (stored["uid"], stored["name"], stored["quantity"]) == ("moi", "máy in", 2)
    assert after["revision"] == before + 1


def test_12_rows_of_12_people_are_12_rows(ha_tan: Window, empty: str) -> None:
    posts = [{f"positions.name@r{n}": f"Chức danh {n}", f"positions.present@r{n}": "1"}
             for n in range(MANY)]  # fmt: skip
    ha_tan.at_once(f"{empty}phan/civil_service/", posts)
    stored = ha_tan.told(empty)["tables"]["positions"]
    assert {row["uid"] for row in stored} == {f"r{n}" for n in range(MANY)}


def test_two_rows_of_one_name_at_once_are_one_row_and_one_refusal(
    ha_tan: Window, empty: str
) -> None:
    posts = [{f"dossiers.name@r{n}": "Hộ tịch"} for n in range(2)]
    answers = [json.loads(answer) for answer in ha_tan.at_once(f"{empty}phan/procedures/", posts)]
    assert len(ha_tan.told(empty)["tables"]["dossiers"]) == 1
    said = Counter(" ".join(answer["errors"].values()) for answer in answers)
    assert said == {"": 1, "Lĩnh vực này đã có ở dòng khác.": 1}


def test_two_who_press_at_once_start_the_report_once(here: str) -> None:
    desks = [Window(here, "tongson", "demo-tongson-2026") for _ in range(2)]
    year = max(desks[0].reports(), key=lambda path: desks[0].told(path)["period"]["data_to"])
    assert desks[0].told(year)["revision"] == 0
    start = threading.Barrier(2)

    def press(desk: Window) -> str:
        start.wait(30)
        return desk.post(f"{year}lay-ky-truoc/", {})

    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(press, desks))
    after = desks[0].told(year)
    assert len(after["carried"]) == 64
    assert after["revision"] == 8  # one for each section that something came to
    rows = {table: len(held) for table, held in after["tables"].items() if held}
    assert rows == {"documents": 7, "dossiers": 6, "equipment": 3, "staff": 2, "outgoing": 4}
    first, second = sorted(pages, key=lambda page: "Đã lấy 64 nội dung" not in page)
    assert "Đã lấy 64 nội dung" in first
    assert "Đã lấy" not in second
    assert "Có người vừa nhập vào báo cáo này" in second or "không còn nội dung nào" in second


def test_of_six_who_bring_a_signed_copy_at_once_one_is_kept(here: str) -> None:
    desks = [Window(here, "hason_vanthu", "demo-hason-vanthu") for _ in range(2)]
    start = threading.Barrier(6)
    (issued,) = [path for path in desks[0].reports() if "ban-ky/" in desks[0].get(path)]

    def bring(number: int) -> str:
        start.wait(30)
        signed = plain_pdf().replace(b"%PDF-1", b"%PDF-1", 1) + b"\n%% %d\n%%%%EOF\n" % number
        return desks[number % 2].bring(f"{issued}ban-ky/", signed)

    with ThreadPoolExecutor(6) as pool:
        pages = list(pool.map(bring, range(6)))
    kept = set(re.findall(rf"{issued}ban-ky/(\d+)\.pdf", desks[0].get(issued)))
    assert len(kept) == 1
    assert sum("Đã nạp bản đã ký." in page for page in pages) == 1, pages
