"""The press under fire: hostile pages, many threads, nothing fetched; and papers stored once made."""

import os
import resource
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from reports.catalogue.values import Value
from reports.dossier.facts import load
from reports.editing import writing
from reports.issuing import papers
from reports.issuing import press as press_module
from reports.issuing.press import PaperTooCostly, Press
from reports.models import Report, StoredPaper

pytestmark = pytest.mark.pdf

MEGABYTE = 1 << 20
GOOD = "<!doctype html><title>x</title><p style='font-family:Tinos'>Báo cáo xã Hà Tiến</p>"
#: A page that would keep a processor busy for minutes.
COSTLY = "<title>x</title><table>" + ("<tr>" + "<td colspan=1000>x" * 300) * 10 + "</table>"


@pytest.fixture
def make_press() -> Iterator[Any]:
    """Presses with limits of a test's own, closed after it."""
    made: list[Press] = []

    def make(cpu: int = 20, memory: int = 1024 * MEGABYTE, wait: float = 60) -> Press:
        made.append(Press(cpu, memory, wait, papers.press_environment()))
        return made[-1]

    yield make
    for press in made:
        press.close()


def _pid(press: Press) -> int:
    assert press.keeper.child is not None
    return press.keeper.child.pid


def _used(pid: int) -> float:
    """Seconds of processor time."""
    ticks = Path(f"/proc/{pid}/stat").read_text().split()[13:15]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _used_by_ended() -> float:
    """Seconds of processor time of all children that have ended."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-1.") and content.rstrip().endswith(b"%%EOF")


# --- the child -------------------------------------------------------------------------------------


def test_papers_come_from_one_child_process_kept_warm(make_press: Any) -> None:
    press = make_press()
    first = press.make(GOOD)
    child = _pid(press)
    assert child != os.getpid()
    assert Path(f"/proc/{child}/stat").read_text().split()[3] == str(os.getpid())
    assert is_pdf(first) and press.make(GOOD) == first, "the same page gives the same bytes"
    assert _pid(press) == child


def test_closing_leaves_no_child_behind(make_press: Any) -> None:
    press = make_press()
    press.make(GOOD)
    child = _pid(press)
    press.close()
    assert not Path(f"/proc/{child}").exists()
    assert is_pdf(press.make(GOOD)), "a press that was closed opens again"


def test_a_child_is_replaced_after_its_share_of_papers(
    make_press: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press_module, "PAPERS_A_CHILD", 2)
    press = make_press()
    children = []
    for _ in range(3):
        press.make(GOOD)
        children.append(_pid(press))
    assert children[0] == children[1] != children[2]


def test_a_child_that_was_killed_is_replaced_by_the_next_paper(make_press: Any) -> None:
    press = make_press()
    press.make(GOOD)
    press.keeper.child.kill()
    press.keeper.child.wait()
    assert is_pdf(press.make(GOOD))


# --- hostile pages ---------------------------------------------------------------------------------


def test_a_page_that_costs_too_much_time_dies_and_the_next_paper_works(make_press: Any) -> None:
    press = make_press(cpu=3)
    press.make(GOOD)
    child = _pid(press)
    before = _used_by_ended()
    with pytest.raises(PaperTooCostly):
        press.make(COSTLY)
    assert _used_by_ended() - before < 10, "its start, the first paper, and three seconds"
    assert not Path(f"/proc/{child}").exists()
    assert is_pdf(press.make(GOOD))
    assert _pid(press) != child


def test_the_time_is_counted_for_each_paper_anew(make_press: Any) -> None:
    press = make_press(cpu=2)
    page = "<title>x</title>" + "<p style='font-family:Tinos'>Một đoạn văn bản dài. " * 500
    press.make(page)
    child = _pid(press)
    while _used(child) < 3:
        assert is_pdf(press.make(page))
    assert _pid(press) == child


def test_a_page_that_waits_too_long_is_given_up(make_press: Any) -> None:
    press = make_press(wait=60)
    press.make(GOOD)  # a child that starts cold on a busy machine takes seconds
    press.wait = 2
    with pytest.raises(PaperTooCostly, match="too long"):
        press.make(COSTLY)
    press.wait = 60
    assert is_pdf(press.make(GOOD))


def test_a_page_that_eats_memory_fails_alone(make_press: Any) -> None:
    press = make_press(memory=320 * MEGABYTE)
    press.make(GOOD)
    bomb = "<title>x</title><p>" + "ữ " * 5_000_000  # elements would cost time before memory
    with pytest.raises((PaperTooCostly, press_module.PaperFailed)):
        press.make(bomb)
    assert is_pdf(press.make(GOOD))


def test_four_threads_share_one_press_and_each_gets_its_own_paper(make_press: Any) -> None:
    press = make_press()
    pages = [GOOD.replace("Hà Tiến", f"Số {number}") for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(press.make, pages))
    assert all(map(is_pdf, made))
    assert len({sha256(content).hexdigest() for content in made}) == len(pages)
    assert made == [press.make(page) for page in pages], "no thread got another's paper"


def test_a_thread_whose_turn_does_not_come_is_told_so(make_press: Any) -> None:
    press = make_press(cpu=60)
    press.make(GOOD)
    press.wait = 3
    told: list[str] = []

    def waiting() -> None:
        try:
            press.make(GOOD)
        except PaperTooCostly as error:
            told.append(str(error))

    assert press.keeper.lock.acquire(timeout=1)
    thread = threading.Thread(target=waiting)
    thread.start()
    thread.join(10)
    press.keeper.lock.release()
    assert told == ["the press is busy"]
    press.wait = 60
    assert is_pdf(press.make(GOOD))


# --- nothing is fetched ----------------------------------------------------------------------------


LAST = "GET /last"


def visit(port: int, words: str) -> None:
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.sendall(words.encode())


@contextmanager
def trap() -> Iterator[tuple[str, list[str]]]:
    """A local address and, once it is left, the connections that reached it."""
    hits: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while not hits or hits[-1] != LAST:
                link, _ = server.accept()
                hits.append(link.recv(200).decode("latin-1"))
                link.close()
            hits.pop()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", hits
        finally:
            visit(server.getsockname()[1], LAST)  # comes in after whoever came before
            thread.join()


def test_the_trap_notices_a_visit() -> None:
    with trap() as (address, hits):
        visit(int(address.rpartition(":")[2]), "GET /canary")
    assert hits == ["GET /canary"]


def test_no_address_and_no_file_is_ever_read_for_a_page(make_press: Any, tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("CHIM HOÀNG YẾN")
    picture = tmp_path / "canary.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>CANARY</text></svg>')
    before = {path: path.stat().st_atime_ns for path in (canary, picture)}
    press = make_press()
    plain = press.make("<title>x</title><p>x</p>")
    with trap() as (address, hits):
        page = (
            f'<title>x</title><link rel="stylesheet" href="{address}/a.css">'
            f'<link rel="attachment" href="{canary.as_uri()}"><base href="{address}/">'
            f'<style>@import "{address}/b.css"; @import url({canary.as_uri()});'
            f"@font-face {{ font-family: X; src: url({address}/f.ttf) }}"
            f"body {{ background: url({address}/bg.png); font-family: X;"
            f" list-style: url({picture.as_uri()}) }} p::before {{ content: url({address}/c.png) }}</style>"
            f'<img src="{address}/i.png"><img src="{picture.as_uri()}"><img src="relative.png">'
            f'<object data="{address}/o"></object><embed src="{picture.as_uri()}">'
            f'<iframe src="{address}/f"></iframe><svg><image href="{address}/s.png"/></svg><p>x</p>'
        )
        content = press.make(page)
    assert hits == []
    assert is_pdf(content)
    assert {path: path.stat().st_atime_ns for path in before} == before
    assert b"/EmbeddedFile" not in content and b"/Subtype /Image" not in content
    assert len(content) < len(plain) + 3000


# --- stored papers ---------------------------------------------------------------------------------


def change(report: Report, value: int) -> Report:
    """One figure of the report changed, and the revision counted, as a save does."""
    edits = writing.Edits(figures={("procedures.received", ""): Value(value)})
    assert writing.apply(report, edits, load(report).catalogue)
    Report.objects.filter(pk=report.pk).update(revision=report.revision + 1)
    return Report.objects.select_related(*papers.paper_relations).get(pk=report.pk)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Which formats were made, not served from the store."""
    made: list[str] = []

    def counting(name: str, maker: Any) -> Any:
        def make(report: Report) -> bytes:
            made.append(name)
            return bytes(maker(report))

        return make

    makers = {name: counting(name, maker) for name, maker in papers.MAKERS.items()}
    monkeypatch.setattr(papers, "MAKERS", makers)
    yield made
    papers.press().close()


def test_a_paper_asked_for_again_is_served_as_stored(ha_tien: Report, counted: list[str]) -> None:
    first = papers.paper(ha_tien, "pdf")
    assert is_pdf(first)
    child = _pid(papers.press())
    papers.press().close()
    assert papers.paper(ha_tien, "pdf") == first
    assert papers.press().keeper.child is None, f"the press was started again after {child}"
    assert counted == ["pdf"]
    stored = StoredPaper.objects.get(report=ha_tien, format="pdf")
    assert stored.sha256 == sha256(first).hexdigest()


def test_a_changed_report_gets_a_new_paper_in_the_place_of_the_old(
    ha_tien: Report, counted: list[str]
) -> None:
    first = papers.paper(ha_tien, "html")
    changed = change(ha_tien, 987)
    second = papers.paper(changed, "html")
    assert second != first and "987 hồ sơ" in second.decode()
    assert papers.paper(changed, "html") == second
    assert counted == ["html", "html"]
    assert StoredPaper.objects.filter(report=ha_tien, format="html").count() == 1


def test_each_format_is_stored_by_itself(dien_bien: Report, counted: list[str]) -> None:
    made = {name: papers.paper(dien_bien, name) for name in ("html", "json", "xlsx")}
    assert {name: papers.paper(dien_bien, name) for name in made} == made
    assert counted == ["html", "json", "xlsx"]


def test_the_key_follows_all_that_a_paper_shows(ha_tien: Report) -> None:
    report = Report.objects.select_related(*papers.paper_relations).get(pk=ha_tien.pk)
    keys = [papers.paper_key(report)]
    report.revision += 1
    keys.append(papers.paper_key(report))
    report.paper.number = 5
    keys.append(papers.paper_key(report))
    report.state = "another"
    keys.append(papers.paper_key(report))
    for changed in (report.unit, report.period, report.period.superior, report.outline):
        changed.save()
        keys.append(papers.paper_key(report))
    assert len(set(keys)) == len(keys)


def test_a_stored_paper_costs_one_query(ha_tien: Report, django_assert_num_queries: Any) -> None:
    papers.paper(ha_tien, "html")
    report = Report.objects.select_related(*papers.paper_relations).get(pk=ha_tien.pk)
    with django_assert_num_queries(1):
        papers.paper(report, "html")
