"""A clerk's whole day: what goes wrong with line, login and machine; two clerks in one section; blocks
from Excel; the keyboard; a slow line.

Xã Tống Sơn has two clerks here, and xã Hà Trung a report started from the one before. Each test keeps
to fields of its own, so they may run in any order.
"""

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import (
    ARGUMENTS,
    DESKTOP,
    FAILED_REQUEST,
    PHONE,
    STATUS,
    Desk,
    chromium,
    size,
    weigh,
)
from conftest import Served, portal
from playwright.sync_api import Browser, BrowserContext, Error, Response, Route, expect

pytestmark = pytest.mark.browser

SECOND, THIRD = "tongson_hai", "hatrung"
PASSWORD = "demo-them-2026"
#: Seconds between two looks for news, of a page that is not to hear any during a test.
NEVER = 600
SAVED = re.compile(r"^Đã lưu lúc \d\d:\d\d$")
KEPT = re.compile(r"^Chưa gửi được, đã giữ trên máy này")
OFFER = ".draft-offer"

#: A second clerk in Tống Sơn; Hà Trung with last period's report and this period's begun from it.
CAST = f"""
from reports import dossier
from reports.editing import carrying, writing
from reports.models import Report, ReportingPeriod, RoleAssignment, Unit, User
for name, full_name, unit in (
    ("{SECOND}", "Lê Thị Hai", "15316"), ("{THIRD}", "Công chức Văn phòng xã Hà Trung", "15271")
):
    user = User.objects.create_user(name, password="{PASSWORD}", full_name=full_name)
    RoleAssignment.objects.create(user=user, unit=Unit.objects.get(code=unit), role="clerk")
last, this = (ReportingPeriod.objects.get(code=code) for code in ("TH-2026-9T", "TH-2026-NAM"))
full = dossier.load(Report.objects.get(unit__code="15316", period=last))
before, now = writing.owed_report("15271", last), writing.owed_report("15271", this)
writing.replace(before, full)
carrying.carry_over(now, dossier.load(now), dossier.load(before), user)
print(Report.objects.get(unit__code="15316", period=this).pk, now.pk)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A portal of this module's own: the journeys of others write into the same reports."""
    with portal(tmp_path_factory, "entry") as address:
        yield address


@pytest.fixture(scope="module")
def reports(server: Served) -> dict[str, str]:
    """The addresses of this period's reports, by the clerk's account."""
    ours, theirs = server.manage("shell", "-v", "0", "-c", CAST).split()[-2:]
    ours, theirs = f"/bao-cao/{ours}/", f"/bao-cao/{theirs}/"
    return {"tongson": ours, SECOND: ours, THIRD: theirs}


@pytest.fixture(scope="module")
def the_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def sit_down(
    the_browser: Browser, server: Served, reports: dict[str, str]
) -> Iterator[Callable[..., Desk]]:
    """Somebody at a screen, with a section of the report open. Whatever the browser complains about
    fails the test."""
    desks: list[Desk] = []

    def sit(
        section: str = "", username: str = "tongson", size: tuple[int, int] = DESKTOP, beat: float = 15,
        **options: Any,
    ) -> Desk:  # fmt: skip
        context = the_browser.new_context(**_screen(size), **options)
        desk = Desk(context, str(server))
        desks.append(desk)
        if beat != 15:
            _hurry(context, beat)
        if section:
            desk.enter(username, "" if username == "tongson" else PASSWORD)
            path = f"{reports[username]}phan/{section}/"
            # The page has asked for news once: what others do from now on it hears at its next beat.
            with desk.page.expect_response(f"**{path}cung-lam/"):
                desk.open(path)
        return desk

    yield sit
    troubles = [trouble for desk in desks for trouble in desk.troubles]
    for desk in desks:
        desk.context.close()
    assert not troubles, "\n".join(troubles)


def _screen(size: tuple[int, int] = DESKTOP) -> dict[str, Any]:
    viewport = {"width": size[0], "height": size[1]}
    return {"viewport": viewport, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


def _hurry(context: BrowserContext, seconds: float) -> None:
    """Pages of this context ask for news more often than every fifteen seconds."""

    def change(route: Route) -> None:
        if route.request.method != "GET":
            route.continue_()
            return
        answer = route.fetch()
        route.fulfill(
            response=answer,
            body=answer.text().replace('data-beat="15"', f'data-beat="{seconds}"'),
        )

    context.route(re.compile(r"/phan/[a-z_]+/$"), change)


# --- nothing is lost -------------------------------------------------------------------------------


class Machine:
    """A computer: its browser may be killed, and starts again with the same profile."""

    def __init__(self, browser: Browser, server: Served, profile: Path) -> None:
        self.browser, self.server, self.profile = browser, server, profile

    def start(self) -> Desk:
        environment: Any = {k: v for k, v in os.environ.items() if k != "FONTCONFIG_FILE"}
        context = self.browser.browser_type.launch_persistent_context(
            self.profile,
            executable_path=os.environ.get("CHROMIUM_PATH") or "/usr/bin/chromium",
            args=ARGUMENTS,
            env=environment,
            **_screen(),
        )
        desk = Desk(context, str(self.server))
        desk.expected.append(FAILED_REQUEST)
        return desk

    def kill(self) -> None:
        """As when the power fails: every process of the browser at once, without a word."""
        parents = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                words = status.read_text().rpartition(")")[2].split()
                parents[int(status.parent.name)] = int(words[1])
        doomed = {pid for pid in parents if str(self.profile) in _command(pid)}
        while more := {pid for pid, parent in parents.items() if parent in doomed} - doomed:
            doomed |= more
        assert doomed
        for pid in doomed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


@pytest.fixture
def machine(the_browser: Browser, server: Served, tmp_path: Path) -> Machine:
    return Machine(the_browser, server, tmp_path / "profile")


SENTENCE = (
    "Ủy ban nhân dân xã tiếp tục rà soát, đơn giản hóa thủ tục hành chính thuộc thẩm quyền giải quyết "
    "của cấp xã, công khai đầy đủ tại Trung tâm Phục vụ hành chính công. "
)


@pytest.mark.parametrize(
    ("line", "name"),
    [("up", "plan.tasks"), ("cut", "recommendations.proposals")],
)
def test_a_browser_killed_in_the_middle_of_a_sentence_loses_at_most_two_seconds_of_it(
    machine: Machine, reports: dict[str, str], line: str, name: str
) -> None:
    """Two seconds of the page's own clock, which stands still but for what is run: sixty milliseconds a letter."""
    path = f"{reports['tongson']}phan/{name.partition('.')[0]}/"
    desk = machine.start()
    desk.enter("tongson")
    desk.page.clock.install()
    desk.open(path)
    desk.field(name).click()
    desk.page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    if line == "cut":
        desk.context.set_offline(True)
    text = SENTENCE[:70]
    for letter in text:
        desk.page.keyboard.insert_text(letter)
        desk.page.clock.run_for(60)
    if line == "up":
        desk.answered(name, text[:1])
    due = text[: len(text) - 2000 // 60].rstrip()
    assert any(_is_safe(desk, name, due) for _ in range(2000))
    machine.kill()
    with suppress(Error):
        desk.context.close()

    desk = machine.start()
    desk.enter("tongson")
    desk.open(path)
    on_server = desk.field(name).input_value()
    offer = desk.page.locator(OFFER)
    assert bool(on_server) == (line == "up")
    _drafts_looked_for(desk)
    if len(on_server) < len(text) and offer.count():
        expect(offer).to_contain_text(due if line == "cut" else text[:1])
        # The server may read the text otherwise than it was kept: without the space it ends with.
        with desk.page.expect_response(lambda answer: answer.request.method == "POST"):
            desk.page.get_by_role("button", name="Đưa lại vào các ô").click()
        expect(offer).to_have_count(0)
        expect(desk.page.locator(STATUS)).to_have_text(SAVED)
    kept = desk.field(name).input_value()
    assert text.startswith(kept)
    assert kept.startswith(due)
    desk.open(path)
    expect(desk.field(name)).to_have_value(kept)
    expect(desk.page.locator(OFFER)).to_have_count(0)
    desk.context.close()


def _is_safe(desk: Desk, name: str, text: str) -> bool:
    """Whether the text was saved by now, or lies on the disk."""
    on_disk = desk.page.evaluate(f"async (text) => (await {DRAFTS}).includes(text)", text)
    return on_disk or desk.was_answered(name, text)


def test_what_was_kept_is_listed_with_label_and_text_and_may_be_discarded(
    machine: Machine, reports: dict[str, str]
) -> None:
    path = f"{reports['tongson']}phan/finance/"
    desk = machine.start()
    desk.enter("tongson")
    desk.open(path)
    row = desk.add_row("disbursements")
    desk.context.set_offline(True)
    desk.type("finance.audit_recommendations", "4")
    desk.field("finance.autonomy").select_option(index=1)
    chosen = desk.field("finance.autonomy").locator("option:checked").inner_text()
    desk.type(f"disbursements.name@{row}", "Chi thường xuyên")
    desk.type(f"disbursements.amount@{row}", "1250")
    expect(desk.page.locator(STATUS)).to_have_text(KEPT)
    _kept_on_disk(desk, "1250")
    machine.kill()
    with suppress(Error):
        desk.context.close()

    desk = machine.start()
    desk.enter(SECOND, PASSWORD)
    desk.open(path)
    expect(desk.progress).to_be_visible()
    _drafts_looked_for(desk)
    expect(desk.page.locator(OFFER)).to_have_count(0)
    desk.log_out()

    desk.enter("tongson")
    desk.open(path)
    offer = desk.page.get_by_role("alert").filter(has_text="chưa gửi được")
    expect(offer.get_by_role("heading")).to_have_text(
        re.compile(r"^Còn 4 ô nhập lúc \d\d:\d\d chưa gửi được, đã giữ trên máy này$")
    )
    for words in (
        "kiến nghị sau thanh tra", ": 4", f": {chosen}", "Nội dung: Chi thường xuyên",
        "Chi thường xuyên: Số đã giải ngân",
    ):  # fmt: skip
        expect(offer).to_contain_text(re.compile(re.escape(words), re.IGNORECASE))
    # Typing elsewhere, and a reload, do not give up what is on offer.
    desk.type("finance.asset_inspections", "1")
    desk.saved()
    desk.open(path)
    expect(offer).to_contain_text("Chi thường xuyên")
    offer.get_by_role("button", name="Bỏ").click()
    expect(offer).to_have_count(0)
    _drafts_looked_for(desk, empty=True)
    desk.open(path)
    _drafts_looked_for(desk, empty=True)
    expect(desk.page.locator(OFFER)).to_have_count(0)
    expect(desk.field("finance.audit_recommendations")).to_have_value("")
    desk.context.close()


DRAFTS = """new Promise((done) => {
  const asked = indexedDB.open("cchc");
  asked.onsuccess = () => {
    const all = asked.result.transaction("drafts").objectStore("drafts").getAll();
    all.onsuccess = () => { asked.result.close(); done(JSON.stringify(all.result)); };
  };
})"""


def _kept_on_disk(desk: Desk, text: str) -> None:
    desk.page.wait_for_function(f"async (text) => (await {DRAFTS}).includes(text)", arg=text)


def _drafts_looked_for(desk: Desk, empty: bool = False) -> None:
    """The page has asked its store; `empty`: and nothing is left in it."""
    wanted = "!kept.includes('\"name\"')" if empty else "true"
    desk.page.wait_for_function(f"async () => {{ const kept = await {DRAFTS}; return {wanted}; }}")


def test_a_cut_line_is_told_and_what_was_typed_is_saved_when_it_is_back(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("direction")
    desk.expected.append(FAILED_REQUEST)
    desk.context.set_offline(True)
    desk.type("direction.news_items", "31")
    expect(desk.page.locator(STATUS)).to_have_text(KEPT)
    desk.type("direction.dialogues_held", "2")
    desk.context.set_offline(False)
    desk.leave_field()
    desk.saved()
    desk.page.reload()
    expect(desk.field("direction.news_items")).to_have_value("31")
    expect(desk.field("direction.dialogues_held")).to_have_value("2")


def test_a_line_that_breaks_after_the_server_has_saved_makes_no_conflict_with_oneself(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("direction")
    desk.expected.append(FAILED_REQUEST)
    broken: list[str] = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST" and not broken:
            broken.append(route.request.post_data or "")
            assert route.fetch().ok
            route.abort()
        else:
            route.continue_()

    desk.page.route("**/phan/direction/", lose_the_answer)
    desk.type("text:leadership", "Câu thứ nhất.")
    expect(desk.page.locator(STATUS)).to_have_text(KEPT)
    assert broken
    desk.type("text:leadership", "Câu thứ nhất. Câu thứ hai.")
    desk.saved()
    expect(desk.page.locator(".conflict")).to_have_count(0)
    desk.page.reload()
    expect(desk.field("text:leadership")).to_have_value("Câu thứ nhất. Câu thứ hai.")


def test_a_login_that_ended_in_another_tab_keeps_the_text_and_saves_it_after_the_next_login(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("evaluation")
    desk.expected.append(FAILED_REQUEST)
    other = Desk(desk.context, desk.address)
    other.open("/")
    other.log_out()
    expect(other.page.get_by_label("Mật khẩu", exact=True)).to_be_visible()
    desk.type("evaluation.causes", "Kinh phí còn hạn hẹp.")
    expect(desk.page.locator(STATUS)).to_contain_text("Phiên làm việc đã hết")
    other.log_in("tongson")
    desk.page.bring_to_front()
    desk.page.evaluate("dispatchEvent(new Event('focus'))")  # a headless window has it always
    desk.saved()
    desk.page.reload()
    expect(desk.field("evaluation.causes")).to_have_value("Kinh phí còn hạn hẹp.")


def test_a_page_closed_after_its_login_expired_offers_the_text_when_it_is_opened_again(
    sit_down: Callable[..., Desk], server: Served
) -> None:
    desk = sit_down("evaluation")
    desk.expected.append(FAILED_REQUEST)
    path = desk.page.url.removeprefix(desk.address)
    session = next(c["value"] for c in desk.context.cookies() if c["name"] == "sessionid")
    server.manage(
        "shell", "-v", "0", "-c",
        f"from django.contrib.sessions.models import Session; Session.objects.get(pk='{session}').delete()",
    )  # fmt: skip
    desk.type("evaluation.strengths", "Bộ phận Một cửa hoạt động nền nếp.")
    expect(desk.page.locator(STATUS)).to_contain_text("Phiên làm việc đã hết")
    _kept_on_disk(desk, "nền nếp")
    desk.page.close()
    again = Desk(desk.context, desk.address)
    again.enter("tongson")
    again.open(path)
    expect(again.page.locator(OFFER)).to_contain_text("Bộ phận Một cửa hoạt động nền nếp.")
    again.page.get_by_role("button", name="Đưa lại vào các ô").click()
    again.typed("evaluation.strengths")
    again.saved()
    again.page.reload()
    expect(again.field("evaluation.strengths")).to_have_value("Bộ phận Một cửa hoạt động nền nếp.")
    expect(again.page.locator(OFFER)).to_have_count(0)


def test_a_text_the_server_refused_survives_a_reload(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("egov")
    desk.type("egov.accounts", "hai chục")
    desk.leave_field()
    desk.saved(but=1)
    _kept_on_disk(desk, "hai chục")
    desk.page.reload()
    expect(desk.field("egov.accounts")).to_have_value("")
    expect(desk.page.locator(OFFER)).to_contain_text("hai chục")
    desk.page.get_by_role("button", name="Đưa lại vào các ô").click()
    desk.typed("egov.accounts")
    desk.saved(but=1)
    expect(desk.field("egov.accounts")).to_have_accessible_description(re.compile("“hai chục”"))
    # The same text as before the mistake is no mistake any more.
    desk.type("egov.accounts", "")
    desk.leave_field()
    desk.saved()
    expect(desk.page.locator(".error:visible")).to_have_count(0)


def test_a_role_that_ends_while_typing_is_told_and_the_text_stays(
    sit_down: Callable[..., Desk], server: Served
) -> None:
    desk = sit_down("evaluation", username=SECOND)
    desk.expected.append(FAILED_REQUEST)
    role = f"from reports.models import RoleAssignment as R; R.objects.filter(user__username='{SECOND}')"
    server.manage("shell", "-v", "0", "-c", f"{role}.update(role='leader')")
    try:
        desk.type("evaluation.limits", "Gõ sau khi hết quyền.")
        expect(desk.page.locator(STATUS)).to_contain_text("quyền nhập liệu hoặc trạng thái báo cáo")
        expect(desk.field("evaluation.limits")).to_have_value("Gõ sau khi hết quyền.")
        _kept_on_disk(desk, "hết quyền")
    finally:
        server.manage("shell", "-v", "0", "-c", f"{role}.update(role='clerk')")
    # The role comes back: the page goes on by itself.
    desk.saved()


# --- two clerks ------------------------------------------------------------------------------------


def _two(sit_down: Callable[..., Desk], section: str) -> tuple[Desk, Desk]:
    return sit_down(section, beat=0.5), sit_down(section, username=SECOND, beat=0.5)


def test_two_clerks_see_each_other_and_what_the_other_writes(sit_down: Callable[..., Desk]) -> None:
    one, two = _two(sit_down, "organisation")
    expect(one.page.get_by_text("Đang cùng nhập phần này: Lê Thị Hai")).to_be_visible()
    expect(two.page.get_by_text(re.compile("^Đang cùng nhập phần này: Công chức"))).to_be_visible()
    two.type("organisation.payroll_cut", "bốn")
    two.leave_field()
    two.saved(but=1)
    two.field("organisation.transfers_in").focus()
    one.type("organisation.transfers_in", "1234")
    one.type("organisation.transfers_out", "5")
    one.type("organisation.payroll_cut", "4")
    one.leave_field()
    one.saved()
    expect(two.field("organisation.transfers_out")).to_have_value("5")
    # Not under the cursor, and a text that was refused is not wiped out.
    expect(two.field("organisation.transfers_in")).not_to_have_value("1.234")
    expect(two.field("organisation.payroll_cut")).to_have_value("bốn")
    two.field("organisation.payroll_present").focus()
    expect(two.field("organisation.transfers_in")).to_have_value("1.234")
    two.page.close()
    expect(one.page.get_by_text("Đang cùng nhập phần này")).to_be_hidden()


def test_the_product_asks_for_news_every_fifteen_seconds(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("organisation")
    expect(desk.page.locator("form[data-autosave]")).to_have_attribute("data-beat", "15")


@pytest.mark.parametrize("choice", ["theirs", "mine"])
def test_the_same_field_written_by_two_shows_both_texts_and_the_clerk_chooses(
    sit_down: Callable[..., Desk], choice: str
) -> None:
    one, two = _dispute(sit_down, *("0", "6") if choice == "theirs" else ("7", "8"))
    box = two.around("fieldset .figure-field", "organisation.contract_workers").get_by_role("alert")
    theirs, mine = ("0", "6") if choice == "theirs" else ("7", "8")
    expect(box).to_contain_text(f"vừa ghi “{theirs}”; ô này đang là “{mine}”")
    expect(box).to_contain_text("Công chức Văn phòng xã Tống Sơn")
    field = two.field("organisation.contract_workers")
    if choice == "theirs":
        box.get_by_role("button", name="Lấy nội dung của người kia").click()
        expect(field).to_have_value(theirs)
        kept = theirs
    else:
        box.get_by_role("button", name="Giữ nội dung trong ô").click()
        kept = mine
    expect(box).to_have_count(0)
    expect(field).to_be_focused()
    expect(two.page.locator(STATUS)).to_have_text(SAVED)
    for desk in (one, two):
        desk.page.reload()
        expect(desk.field("organisation.contract_workers")).to_have_value(kept)


def _dispute(sit_down: Callable[..., Desk], theirs: str, mine: str) -> tuple[Desk, Desk]:
    """Both write into the same field; the second is told."""
    one, two = sit_down("organisation"), sit_down("organisation", username=SECOND, beat=NEVER)
    one.type("organisation.contract_workers", theirs)
    one.leave_field()
    one.saved()
    two.type("organisation.contract_workers", mine)
    two.saved(but=1)
    return one, two


def test_what_else_the_other_wrote_in_the_same_save_comes_in_after_a_conflict(
    sit_down: Callable[..., Desk],
) -> None:
    one = sit_down("organisation")
    two = sit_down("organisation", username=SECOND, beat=2)
    two.context.set_offline(True)
    two.expected.append(FAILED_REQUEST)
    two.type("text:payroll", "Người thứ hai viết.")
    expect(two.page.locator(STATUS)).to_have_text(KEPT)
    one.type("text:payroll", "Người thứ nhất viết.")
    one.type("text:working_rules", "Quy chế làm việc được sửa đổi.")
    one.saved()
    two.context.set_offline(False)
    two.saved(but=1)
    expect(two.field("text:working_rules")).to_have_value("Quy chế làm việc được sửa đổi.")
    two.page.get_by_role("button", name="Giữ nội dung trong ô").click()
    expect(two.page.locator(STATUS)).to_have_text(SAVED)


def _row(desk: Desk, table: str, name: str) -> str:
    uid = desk.add_row(table)
    desk.type(f"{table}.name@{uid}", name)
    desk.leave_field()
    desk.saved()
    return uid


@pytest.mark.parametrize("choice", ["Khôi phục dòng", "Bỏ dòng"])
def test_a_row_deleted_by_one_while_the_other_edits_it_is_restored_or_dropped(
    sit_down: Callable[..., Desk], choice: str
) -> None:
    one = sit_down("civil_service")
    name = f"Chức danh thử {choice}"
    uid = _row(one, "positions", name)
    two = sit_down("civil_service", username=SECOND, beat=NEVER)
    one.page.locator(f'[data-delete="positions@{uid}"]').click()
    expect(one.page.locator(STATUS)).to_have_text(SAVED)
    one.page.reload()
    expect(one.page.locator(f'tr[data-row="{uid}"]')).to_have_count(0)
    two.type(f"positions.missing@{uid}", "2")
    two.leave_field()
    two.saved(but=1)
    box = two.page.get_by_role("alert").filter(has_text="vừa xóa dòng này")
    expect(box).to_contain_text("“2”")
    box.get_by_role("button", name=choice).click()
    expect(two.page.locator(STATUS)).to_have_text(SAVED)
    one.page.reload()
    row = one.page.locator(f'tr[data-row="{uid}"]')
    if choice == "Bỏ dòng":
        expect(two.page.locator(f'tr[data-row="{uid}"]')).to_have_count(0)
        expect(row).to_have_count(0)
    else:
        expect(one.field(f"positions.name@{uid}")).to_have_value(name)
        expect(one.field(f"positions.missing@{uid}")).to_have_value("2")


def _deletes_anyway(answer: Response) -> bool:
    told = answer.request.post_data or ""
    return told.startswith("delete%3A") and "base%3A" not in told


@pytest.mark.parametrize("choice", ["Giữ dòng", "Vẫn xóa"])
def test_a_row_edited_by_one_while_the_other_deletes_it_is_kept_or_deleted_all_the_same(
    sit_down: Callable[..., Desk], choice: str
) -> None:
    one = sit_down("civil_service")
    uid = _row(one, "positions", f"Chức danh sửa {choice}")
    two = sit_down("civil_service", username=SECOND, beat=2)
    two.context.set_offline(True)
    two.expected.append(FAILED_REQUEST)
    two.page.locator(f'[data-delete="positions@{uid}"]').click()
    expect(two.page.locator(STATUS)).to_have_text(KEPT)
    one.type(f"positions.missing@{uid}", "3")
    one.leave_field()
    one.saved()
    two.context.set_offline(False)
    box = two.page.get_by_role("alert").filter(has_text="vừa sửa dòng này: “3”")
    button = box.get_by_role("button", name=choice)
    row = two.page.locator(f'tr[data-row="{uid}"]')
    if choice == "Giữ dòng":
        button.click()
        expect(row.get_by_role("button", name="Xóa dòng")).to_be_visible()
        expect(two.field(f"positions.missing@{uid}")).to_have_value("3")
    else:
        # The answer to the deletion that asks no more, not a late one to the deletion before.
        with two.page.expect_response(_deletes_anyway):
            button.click()
        expect(two.page.locator(STATUS)).to_have_text(SAVED)
    one.page.reload()
    expect(one.page.locator(f'tr[data-row="{uid}"]')).to_have_count(int(choice == "Giữ dòng"))


def test_rows_that_both_add_appear_on_both_screens(sit_down: Callable[..., Desk]) -> None:
    one, two = _two(sit_down, "egov")
    mine, theirs = one.add_row("outgoing"), two.add_row("outgoing")
    one.choose(f"outgoing.kind@{mine}", "Tờ trình")
    one.type(f"outgoing.quantity@{mine}", "11")
    one.leave_field()
    two.choose(f"outgoing.kind@{theirs}", "Thông báo")
    two.type(f"outgoing.quantity@{theirs}", "12")
    two.leave_field()
    one.saved()
    two.saved()
    expect(two.field(f"outgoing.quantity@{mine}")).to_have_value("11")
    expect(one.field(f"outgoing.quantity@{theirs}")).to_have_value("12")
    # The other's row is a row like any: it may be edited and deleted, and goes when the other deletes it.
    two.type(f"outgoing.quantity@{mine}", "13")
    two.leave_field()
    two.saved()
    expect(one.field(f"outgoing.quantity@{mine}")).to_have_value("13")
    one.page.locator(f'[data-delete="outgoing@{mine}"]').click()
    expect(two.page.locator(f'tr[data-row="{mine}"]')).to_have_count(0)
    one.page.locator(f'[data-delete="outgoing@{theirs}"]').click()
    expect(two.page.locator(f'tr[data-row="{theirs}"]')).to_have_count(0)
    # Undone where it was deleted, it comes back where it went.
    one.page.locator(f'[data-delete="outgoing@{mine}"]').click()
    expect(two.field(f"outgoing.quantity@{mine}")).to_have_value("13")


# --- blocks from Excel -----------------------------------------------------------------------------


def _dialog(desk: Desk) -> Any:
    return desk.page.get_by_role("dialog", name="Dán vào bảng")


def _accept(desk: Desk) -> None:
    _dialog(desk).get_by_role("button", name="Ghi vào bảng").click()


def _rows(desk: Desk, table: str) -> list[str]:
    """The names in the first column of a table."""
    names: list[str] = desk.page.eval_on_selector_all(
        f'[name^="{table}.name@"]', "fields => fields.map((field) => field.value)"
    )
    return names


def test_a_block_from_excel_is_shown_before_it_is_written_and_saved_after(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("procedures")
    uid = desk.add_row("dossiers")
    desk.type(f"dossiers.online@{uid}", "7")
    desk.leave_field()
    desk.saved()
    posts: list[str] = []
    desk.page.on(
        "request", lambda r: posts.append(r.url) if r.url.endswith("/procedures/") else None
    )
    block = (
        "Lĩnh vực\tTiếp nhận\tTrực tuyến\tTrực tiếp\r\n"
        'Đất đai\t1.240\t38\t"kps"\r\n"Hộ tịch\n(cấp xã)"\tmười\t35\t\r\n\t\t\t\r\n'
    )
    desk.paste(f"dossiers.name@{uid}", block)
    told = _dialog(desk)
    for words in (
        "7 ô sẽ được ghi.", "1 ô đang có nội dung khác sẽ được thay.", "Thêm 1 dòng mới.",
        "1 ô không phải số, sẽ báo lại ở từng ô.", "Dòng tiêu đề được bỏ qua.",
    ):  # fmt: skip
        expect(told).to_contain_text(words)
    expect(told.locator("del")).to_have_text("7")
    expect(told.get_by_role("columnheader").nth(2)).to_have_text("Tiếp nhận")
    assert _rows(desk, "dossiers").count("Đất đai") == 0
    told.get_by_role("button", name="Hủy").click()
    expect(told).to_have_count(0)
    expect(desk.field(f"dossiers.online@{uid}")).to_have_value("7")
    expect(desk.field(f"dossiers.name@{uid}")).to_be_focused()
    assert posts == []

    desk.paste(f"dossiers.name@{uid}", block)
    _accept(desk)
    desk.typed(f"dossiers.received@{uid}")
    desk.saved(but=1)
    wrong = desk.page.locator("td").filter(has=desk.page.locator(".error:visible"))
    expect(wrong).to_contain_text("“mười”")
    desk.page.reload()
    assert {"Đất đai", "Hộ tịch (cấp xã)"} <= set(_rows(desk, "dossiers"))
    expect(desk.field(f"dossiers.received@{uid}")).to_have_value("1.240")
    expect(desk.field(f"dossiers.direct@{uid}")).to_have_value("Không phát sinh")


def test_a_table_with_merged_cells_lands_where_it_stood_and_a_wider_one_says_what_is_outside(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("procedures")
    uid = desk.add_row("equipment")
    table = (
        "<html><body><!--StartFragment--><table><tr><td rowspan=2>Máy<br>quét</td><td>bộ</td><td>2</td>"
        "<td>ghi chú</td></tr><tr><td>chiếc</td><td>5</td><td colspan=2>x</td></tr></table></body></html>"
    )
    desk.paste(f"equipment.name@{uid}", "Máy quét\tbộ\t2", table)
    told = _dialog(desk)
    expect(told).to_contain_text("5 ô sẽ được ghi.")
    expect(told).to_contain_text("2 ô bỏ qua: ngoài bảng.")
    expect(told).to_contain_text("Khối chép có ô gộp: chỉ ghi ô đầu của mỗi khối gộp.")
    expect(told.get_by_role("columnheader").nth(4)).to_have_text("Ngoài bảng")
    _accept(desk)
    desk.typed(f"equipment.quantity@{uid}")
    desk.saved()
    desk.page.reload()
    expect(desk.field(f"equipment.name@{uid}")).to_have_value("Máy quét")
    expect(desk.field(f"equipment.measure@{uid}")).to_have_value("bộ")
    quantities = desk.page.eval_on_selector_all(
        '[name^="equipment.quantity@"]', "fields => fields.map((field) => field.value)"
    )
    assert "5" in quantities


def test_five_thousand_rows_are_cut_to_what_the_table_holds_and_the_page_stays_quick(
    sit_down: Callable[..., Desk], record_property: Any
) -> None:
    desk = sit_down("procedures", username=THIRD)
    uid = desk.add_row("dossiers")
    before = desk.page.locator('[data-table="dossiers"] tr[data-row]').count()
    block = "\n".join(
        "\t".join([f"Lĩnh vực {n}", *(str(n + k) for k in range(9))]) for n in range(5000)
    )
    before_paste = desk.processor_seconds()
    desk.paste(f"dossiers.name@{uid}", block)
    told = _dialog(desk)
    expect(told).to_contain_text(
        f"{5000 - 301 + before} dòng không có chỗ: mỗi bảng tối đa 300 dòng."
    )
    shown = desk.processor_seconds() - before_paste
    _accept(desk)
    written = desk.processor_seconds() - before_paste - shown
    last = desk.page.locator('[data-table="dossiers"] tr[data-row]').last
    expect(last.locator("input").first).to_have_value(f"Lĩnh vực {300 - before}")
    desk.typed(f"dossiers.received@{uid}")
    desk.saved()
    record_property("processor seconds to show, write", [round(t, 2) for t in (shown, written)])
    assert shown < 5 and written < 10  # quick enough not to seem dead
    desk.page.reload()
    expect(desk.page.locator('[data-table="dossiers"] tr[data-row]')).to_have_count(300)


def test_a_block_over_the_appendix_skips_what_other_sections_feed_and_says_so(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("appendix")
    fed = desk.page.locator(".from-section")
    before = fed.all_inner_texts()
    assert len(before) > 20
    desk.paste("indicator.g6_1", "".join(f"{n}\tGhi chú {n}\n" for n in range(41, 49)))
    told = _dialog(desk)
    expect(told).to_contain_text(re.compile(r"\d ô sẽ được ghi\. \d ô bỏ qua: ô không nhập được\."))
    expect(told.get_by_role("columnheader").nth(1)).to_have_text("Số liệu")
    expect(told.locator("td.skipped").first).to_have_text("42")
    _accept(desk)
    desk.typed("indicator.g6_1")
    desk.saved()
    desk.page.reload()
    expect(desk.field("indicator.g6_1")).to_have_value("41")
    notes = desk.page.locator("textarea").evaluate_all("all => all.map((note) => note.value)")
    assert {"Ghi chú 42", "Ghi chú 43"} <= set(notes)
    assert fed.all_inner_texts() == before


# --- the keyboard, the finder, old letters -----------------------------------------------------------


def test_arrows_move_within_a_table_and_enter_goes_on(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("direction")
    keys = desk.page.keyboard
    desk.field("plan_tasks.planned@plan_tasks-institutional").focus()
    for key, name in (
        ("ArrowRight", "planned@plan_tasks-procedures"), ("ArrowDown", "done@plan_tasks-procedures"),
        ("ArrowLeft", "done@plan_tasks-institutional"), ("ArrowUp", "planned@plan_tasks-institutional"),
        ("Enter", "planned@plan_tasks-procedures"),
    ):  # fmt: skip
        keys.press(key)
        expect(desk.field(f"plan_tasks.{name}")).to_be_focused()
    # Within a text the arrow is the text's, at its end the table's.
    keys.type("12")
    keys.press("ArrowLeft")
    expect(desk.field("plan_tasks.planned@plan_tasks-procedures")).to_be_focused()
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(desk.field("plan_tasks.planned@plan_tasks-organisation")).to_be_focused()


def test_enter_confirms_what_was_carried_over_and_one_button_confirms_all(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("organisation", username=THIRD)
    count = desk.page.locator("[data-carried-count]")
    before = int(count.inner_text())
    first = desk.around(".figure-field", "organisation.payroll_assigned")
    expect(first).to_contain_text("Chưa xác nhận")
    desk.field("organisation.payroll_assigned").focus()
    desk.page.keyboard.press("Enter")
    expect(desk.field("organisation.payroll_present")).to_be_focused()
    expect(first.get_by_text("Chưa xác nhận")).to_be_hidden()
    expect(count).to_have_text(str(before - 1))
    # A change confirms too; a press of the button hands the keyboard on to the next one.
    desk.type("organisation.payroll_present", "44")
    desk.leave_field()
    desk.saved()
    expect(count).to_have_text(str(before - 2))
    button = desk.around(".figure-field", "organisation.contract_workers").get_by_role(
        "button", name="Xác nhận"
    )
    button.focus()
    desk.page.keyboard.press("Space")
    expect(button).to_be_hidden()
    assert desk.page.evaluate("document.activeElement.name") == "confirm"
    desk.page.locator("summary", has_text="Xác nhận tất cả").click()
    desk.page.get_by_role("button", name="Đúng, xác nhận tất cả").click()
    expect(
        desk.page.get_by_text("chưa xác nhận", exact=False).locator("visible=true")
    ).to_have_count(0)
    expect(desk.page.locator(STATUS)).to_have_text(SAVED)
    desk.page.reload()
    expect(desk.page.locator("[data-carried-banner]")).to_have_count(0)
    expect(desk.field("organisation.payroll_present")).to_have_value("44")


def test_a_page_of_another_person_saves_nothing_and_says_whose_it_is(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down("evaluation")
    desk.expected.append(FAILED_REQUEST)
    before = desk.field("evaluation.causes").input_value()
    other = Desk(desk.context, desk.address)
    other.open("/")
    other.log_out()
    other.log_in(SECOND, PASSWORD)
    desk.type("evaluation.causes", "Người mở trang gõ dòng này.")
    desk.leave_field()
    expect(desk.page.locator(STATUS)).to_contain_text(
        "nay trình duyệt đang đăng nhập bằng tài khoản"
    )
    expect(desk.field("evaluation.causes")).to_have_value("Người mở trang gõ dòng này.")
    other.open(urlsplit(desk.page.url).path)
    expect(other.field("evaluation.causes")).to_have_value(before)


def test_a_figure_is_found_without_diacritics_while_one_types(
    sit_down: Callable[..., Desk], record_property: Any
) -> None:
    desk = sit_down("procedures")
    page, field = desk.page, desk.field("procedures.satisfaction_forms")
    assert page.locator(".figure-field").count() > 60
    before = desk.processor_seconds()
    page.get_by_label("Tìm số liệu").press_sequentially("phieu muc do hai long")
    expect(page.locator("[data-found]")).to_have_text(re.compile(r"^\d+ dòng$"))
    expect(desk.field("procedures.in_force")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(".figure-field input:focus")).to_have_count(1)
    spent = desk.processor_seconds() - before
    record_property("processor seconds to find", round(spent, 2))
    assert spent < 3  # the page keeps up with whoever types
    expect(field).to_be_focused()
    expect(desk.field("procedures.in_force")).to_be_visible()  # all groups are in sight again
    # The name of a group finds the group; a row is found by what stands in it; Escape shows all again.
    search = page.get_by_label("Tìm số liệu")
    search.fill("khong co gi nhu the")
    expect(page.locator("[data-found]")).to_have_text("Không có số liệu nào tên như vậy")
    search.press("Escape")
    uid = desk.add_row("equipment")
    desk.type(f"equipment.name@{uid}", "Máy lấy số tự động")
    desk.leave_field()
    desk.saved()
    search.fill("may lay so")
    expect(desk.field(f"equipment.name@{uid}")).to_be_visible()
    expect(field).to_be_hidden()
    search.press("Escape")
    expect(field).to_be_visible()


def test_a_link_to_a_figure_brings_the_group_it_stands_in(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.enter("hatien")
    page = f"{desk.address}{desk.report_address()}phan/procedures/"
    desk.page.goto(page)
    folded = desk.page.locator("[data-group=so-lieu-khac] input").first
    expect(folded).to_be_hidden()
    address = f"{page}#{folded.get_attribute('id')}"
    desk.page.goto("about:blank")
    desk.page.goto(address)
    expect(folded).to_be_focused()
    expect(folded).to_be_in_viewport()
    expect(desk.page.locator(".landed input")).to_have_count(1)
    # Money of fifteen digits is seen whole in its field, and what is said of a day is said at once.
    desk.open(f"{desk.report_address()}phan/finance/")
    desk.page.locator("[data-add=disbursements]").click()
    row = desk.page.locator("[data-table=disbursements] tbody tr[data-row]").last
    row.locator("input.amount").first.fill("999.999.999.999.999")
    row.locator("input.day").fill("15/8/29")
    row.locator("input.day").press("Tab")
    row.locator("input.day").fill("15/8/2029")
    row.locator("input.amount").last.focus()
    below = desk.page.locator(".row-findings, .doubt", has_text="sau ngày cuối kỳ báo cáo")
    expect(below.first).to_be_visible()
    fits = "box => box.scrollWidth <= box.clientWidth"
    assert row.locator("input.amount").first.evaluate(fits)
    assert row.locator("input.day").evaluate(fits)


@pytest.mark.parametrize("choice", ["Chuyển sang Unicode", "Giữ nguyên"])
def test_text_of_an_old_encoding_waits_with_its_conversion_for_the_clerk(
    sit_down: Callable[..., Desk], choice: str
) -> None:
    desk = sit_down("direction")
    old, new = "C«ng t¸c tuyªn truyÒn ®­îc ®Èy m¹nh.", "Công tác tuyên truyền được đẩy mạnh."
    name = "text:propaganda" if choice == "Giữ nguyên" else "text:survey"
    field = desk.type(name, old)
    desk.leave_field()
    box = desk.around(".narrative-field", name).get_by_role("alert")
    expect(box).to_contain_text(new)
    expect(desk.page.locator(STATUS)).to_have_text(re.compile("còn 1 ô chưa lưu được$"))
    box.get_by_role("button", name=choice).click()
    expect(box).to_have_count(0)
    expect(field).to_be_focused()
    expect(desk.page.locator(STATUS)).to_have_text(SAVED)
    desk.page.reload()
    expect(field).to_have_value(new if choice == "Chuyển sang Unicode" else old.replace("\xad", ""))


# --- a slow line -----------------------------------------------------------------------------------


def _slow_line(desk: Desk) -> None:
    """400 kbit/s down and 200 up, with 200 ms of delay."""
    client = desk.context.new_cdp_session(desk.page)
    client.send("Network.enable")
    client.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 200,
            "downloadThroughput": 50_000,
            "uploadThroughput": 25_000,
        },
    )


def _slow_machine(desk: Desk) -> None:
    """Four times slower; the time it takes longer is burnt."""
    client = desk.context.new_cdp_session(desk.page)
    client.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def test_on_a_slow_line_a_newcomer_saves_a_figure_and_then_a_whole_section(
    sit_down: Callable[..., Desk],
) -> None:
    desk = sit_down()
    page, keys = desk.page, desk.page.keyboard
    _slow_line(desk)
    desk.open("/")
    page.get_by_label("Tên đăng nhập").press_sequentially("tongson")
    keys.press("Tab")
    keys.type("demo-tongson-2026")
    keys.press("Enter")
    page.get_by_role("link", name="Năm 2026", exact=True).click()
    page.get_by_role("link", name="Cải cách tổ chức bộ máy").click()
    names = [
        f"organisation.{name}" for name in (
            "payroll_assigned", "payroll_present", "contract_workers", "payroll_cut",
            "payroll_cut_since_2015", "payroll_base_2015", "transfers_in", "transfers_out",
        )
    ]  # fmt: skip
    desk.field(names[0]).click()
    _slow_machine(desk)
    keys.type("46")
    desk.typed(names[0])
    desk.saved()
    assert desk.pages_drawn == 4, "each page is waited for"
    keys.press("Enter")
    for number, name in enumerate(names[1:]):
        expect(desk.field(name)).to_be_focused()
        keys.type(str(40 + number))
        desk.typed(name)
        keys.press("Enter")
    keys.press("Enter")  # past the ratio, which is reckoned
    expect(desk.field("organisation.reception_schedule")).to_be_focused()
    keys.press("Control+A")
    keys.type("Sáng thứ Ba và thứ Năm hằng tuần")
    desk.typed("organisation.reception_schedule")
    desk.saved()
    expect(desk.progress).to_have_text("Đã đủ")
    assert desk.pages_drawn == 4
    page.reload()
    for number, name in enumerate(names[1:]):
        expect(desk.field(name)).to_have_value(str(40 + number))


def test_a_section_page_is_light_at_first_and_lighter_afterwards(
    sit_down: Callable[..., Desk], reports: dict[str, str], record_property: Any
) -> None:
    known = sit_down("evaluation")
    desk = sit_down(storage_state=known.context.storage_state())
    section = f"{desk.address}{reports['tongson']}phan/"
    first = weigh(desk.page, f"{section}procedures/")
    later = weigh(desk.page, f"{section}egov/")
    letters = sum(size for address, size in first.items() if address.endswith(".woff2"))
    total = sum(first.values())
    record_property("bytes at first, of them letters, later", [total, letters, sum(later.values())])
    assert total - letters > 10_000
    assert total < 100_000, sorted(first.items(), key=lambda item: -item[1])
    assert sum(later.values()) < 15_000, later


# --- accessibility ---------------------------------------------------------------------------------


def test_offers_questions_and_previews_pass_the_accessibility_rules(
    sit_down: Callable[..., Desk],
) -> None:
    """At the desk and on a phone."""
    found: list[str] = []
    draft = sit_down("egov")
    draft.type("egov.mailboxes", "rất nhiều")
    draft.leave_field()
    draft.saved(but=1)
    _kept_on_disk(draft, "rất nhiều")
    draft.page.reload()
    expect(draft.page.locator(OFFER)).to_be_visible()
    found += _wrong(draft, fits=False)
    draft.page.get_by_role("button", name="Bỏ").click()

    one = sit_down("plan")
    two = sit_down("plan", username=SECOND, beat=NEVER)
    one.type("plan.tasks", "Nhiệm vụ của người thứ nhất.")
    one.saved()
    two.type("plan.tasks", "Nhiệm vụ của người thứ hai.")
    two.saved(but=1)
    found += _wrong(two)
    two.page.get_by_role("button", name="Lấy nội dung của người kia").click()

    block = sit_down("procedures")
    uid = block.add_row("dossiers")
    block.paste(
        f"dossiers.name@{uid}", "Đất đai\tmười\t3\nHộ tịch\t4\t5\t6\t7\t8\t9\t10\t11\t12\t13\t14\n"
    )
    expect(_dialog(block)).to_be_visible()
    found += _wrong(block, fits=False)

    carried = sit_down("civil_service", username=THIRD)
    expect(carried.page.locator("[data-carried-banner]")).to_be_visible()
    found += _wrong(carried)
    assert not found, "\n".join(found)


def _wrong(desk: Desk, fits: bool = True) -> list[str]:
    """What axe finds on either screen; `fits`: and whether the page is broader than it."""
    found = []
    for screen in (PHONE, DESKTOP):
        desk.page.set_viewport_size(size(screen))
        found += desk.violations()
        if fits and not desk.fits():
            found.append(f"{desk.page.url} is broader than {screen[0]} px")
    return found


def test_a_question_in_a_table_can_be_answered_on_a_phone(sit_down: Callable[..., Desk]) -> None:
    one = sit_down("civil_service")
    uid = _row(one, "positions", "Chức danh trên điện thoại")
    two = sit_down("civil_service", username=SECOND, size=PHONE, beat=NEVER)
    one.page.locator(f'[data-delete="positions@{uid}"]').click()
    expect(one.page.locator(STATUS)).to_have_text(SAVED)
    one.page.reload()
    two.type(f"positions.missing@{uid}", "2")
    two.leave_field()
    two.saved(but=1)
    two.page.get_by_role("button", name="Bỏ dòng").click()
    expect(two.page.locator(f'tr[data-row="{uid}"]')).to_have_count(0)
