"""Two people in one section: what both typed stays, and only the same field is a question.

Hà Tiến's clerk and a colleague have the same pages open. A page's script sends with each field the
text it was based on (`base:<name>`); a page without scripts the version it shows (`seen`).
"""

import html
import re
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from reports.access.policy import today
from reports.catalogue.values import Value
from reports.dossier.facts import load
from reports.dossier.json import to_json
from reports.models import Report, RoleAssignment, SectionState, User
from reports.models.rows import Equipment
from reports.models.sections import Procedures

Browser = Callable[[User], Client]
JSON = {"accept": "application/json"}


@pytest.fixture
def mine(clerk: User, as_user: Browser) -> Client:
    return as_user(clerk)


@pytest.fixture
def colleague(ha_tien: Report) -> User:
    user = User.objects.create_user("hatien_2", full_name="Công chức Tư pháp xã Hà Tiến")
    RoleAssignment.objects.create(user=user, unit=ha_tien.unit, role="clerk")
    return user


@pytest.fixture
def theirs(colleague: User, as_user: Browser) -> Client:
    return as_user(colleague)


def page_of(report: Report, section: str) -> str:
    return reverse("section", kwargs={"pk": report.pk, "section": section})


def send(
    client: Client,
    report: Report,
    section: str,
    data: dict[str, str],
    bases: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What the page's script sends: fields that changed, with the texts they were based on."""
    told = {f"base:{name}": text for name, text in (bases or {}).items()}
    response = client.post(page_of(report, section), {**data, **told}, headers=JSON)
    assert response.status_code == 200
    return response.json()


def version(report: Report, section: str) -> int:
    return SectionState.objects.get(report=report, section=section).version


def row(report: Report, uid: str) -> tuple[Any, ...] | None:
    """The piece of equipment: name, measure, quantity."""
    columns = ("name", "measure", "quantity")
    return Equipment.objects.filter(report=report, uid=uid).values_list(*columns).first()


RECEIVED, RESOLVED = "procedures.received", "procedures.resolved"

# --- the same field, and different ones ---------------------------------------------------------------


@pytest.mark.every_engine
def test_different_fields_of_one_section_both_stay(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    other = send(theirs, ha_tien, "procedures", {RECEIVED: "300"}, {RECEIVED: "207"})
    answer = send(mine, ha_tien, "procedures", {RESOLVED: "290"}, {RESOLVED: "207"})
    assert (other["conflicts"], answer["conflicts"]) == ({}, {})
    stored = Procedures.objects.get(report=ha_tien)
    assert (stored.received, stored.resolved) == (300, 290)


@pytest.mark.every_engine
def test_the_same_field_is_told_with_the_other_text_and_the_rest_is_written(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    send(theirs, ha_tien, "procedures", {RECEIVED: "1300"}, {RECEIVED: "207"})
    answer = send(
        mine, ha_tien, "procedures",
        {RECEIVED: "250", RESOLVED: "290", "text:dossiers": "Lời thêm."},
        {RECEIVED: "207", RESOLVED: "207", "text:dossiers": ""},
    )  # fmt: skip
    assert answer["conflicts"] == {RECEIVED: {"theirs": "1.300", "gone": False}}
    assert re.fullmatch(r"Công chức \S+ \S+ xã Hà Tiến lúc \d\d:\d\d", answer["by"])
    assert RECEIVED not in answer["shown"]
    assert answer["shown"][RESOLVED] == "290"
    stored = Procedures.objects.get(report=ha_tien)
    assert (stored.received, stored.resolved) == (1300, 290)
    assert load(ha_tien).narratives["dossiers"].text == "Lời thêm."
    assert "đã tiếp nhận 1.300 hồ sơ" in words(answer["preview"])


def test_a_conflict_alone_writes_nothing(mine: Client, theirs: Client, ha_tien: Report) -> None:
    revision = send(theirs, ha_tien, "procedures", {RECEIVED: "300"}, {RECEIVED: "207"})["revision"]
    answer = send(mine, ha_tien, "procedures", {RECEIVED: "250"}, {RECEIVED: "207"})
    assert answer["revision"] == revision
    assert answer["by"].startswith("Công chức Tư pháp xã Hà Tiến lúc ")


def test_who_saw_the_other_text_overrules_it(mine: Client, theirs: Client, ha_tien: Report) -> None:
    send(theirs, ha_tien, "procedures", {RECEIVED: "300"}, {RECEIVED: "207"})
    told = send(mine, ha_tien, "procedures", {RECEIVED: "250"}, {RECEIVED: "207"})["conflicts"]
    again = send(
        mine, ha_tien, "procedures", {RECEIVED: "250"}, {RECEIVED: told[RECEIVED]["theirs"]}
    )
    assert again["conflicts"] == {}
    assert load(ha_tien).value(RECEIVED) == Value(250)
    # The colleague wrote once more meanwhile: that is told again.
    late = send(theirs, ha_tien, "procedures", {RECEIVED: "301"}, {RECEIVED: "300"})
    assert late["conflicts"] == {RECEIVED: {"theirs": "250", "gone": False}}


def test_two_who_typed_the_same_are_not_in_each_others_way(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    send(theirs, ha_tien, "procedures", {RECEIVED: "1300"}, {RECEIVED: "207"})
    answer = send(mine, ha_tien, "procedures", {RECEIVED: "1.300"}, {RECEIVED: "207"})
    assert answer["conflicts"] == {}
    assert load(ha_tien).value(RECEIVED) == Value(1300)


def test_emptying_and_nothing_arisen_are_texts_like_others(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    send(theirs, ha_tien, "procedures", {RECEIVED: "kps"}, {RECEIVED: "207"})
    answer = send(mine, ha_tien, "procedures", {RECEIVED: ""}, {RECEIVED: "207"})
    assert answer["conflicts"] == {RECEIVED: {"theirs": "Không phát sinh", "gone": False}}
    overruled = send(mine, ha_tien, "procedures", {RECEIVED: ""}, {RECEIVED: "Không phát sinh"})
    assert overruled["conflicts"] == {}
    late = send(theirs, ha_tien, "procedures", {RECEIVED: "8"}, {RECEIVED: "Không phát sinh"})
    assert late["conflicts"] == {RECEIVED: {"theirs": "", "gone": False}}


@pytest.mark.parametrize(
    ("section", "name", "base"),
    [("procedures", "text:dossiers", ""), ("procedures", "placement:dossiers", "after"),
     ("paper", "signer_name", ""), ("evaluation", "evaluation.limits", None)],
)  # fmt: skip
def test_texts_places_and_the_frame_are_compared_too(
    mine: Client, theirs: Client, ha_tien: Report, section: str, name: str, base: str | None
) -> None:
    if base is None:
        base = stored(ha_tien, section, name)
    one, other = ("before", "instead") if "placement" in name else ("Lê Thị B", "Trần Văn C")
    send(theirs, ha_tien, section, {name: one}, {name: base})
    answer = send(mine, ha_tien, section, {name: other}, {name: base})
    assert answer["conflicts"] == {name: {"theirs": one, "gone": False}}


def test_ends_of_lines_make_no_conflict(mine: Client, ha_tien: Report) -> None:
    name = "text:dossiers"
    send(mine, ha_tien, "procedures", {name: "Một\r\nhai\r\n- ba"})
    answer = send(mine, ha_tien, "procedures", {name: "Một\nhai\n- bốn"}, {name: "Một\nhai\n- ba"})
    assert answer["conflicts"] == {}
    assert load(ha_tien).narratives["dossiers"].text == "Một\nhai\n- bốn"
    crossed = {name: "Một\r\nhai\r\n- bốn"}
    answer = send(mine, ha_tien, "procedures", {name: "Một\nhai\n- năm"}, crossed)
    assert answer["conflicts"] == {}


def test_what_changed_in_another_section_is_no_conflict(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    send(theirs, ha_tien, "plan", {"plan.tasks": "Việc mới"})
    answer = send(mine, ha_tien, "procedures", {RECEIVED: "250"}, {RECEIVED: "207"})
    assert answer["conflicts"] == {}
    assert version(ha_tien, "procedures") == 2


# --- rows ---------------------------------------------------------------------------------------------

NEW = {
    "equipment.name@moi": "máy chiếu", "equipment.measure@moi": "chiếc", "equipment.quantity@moi": "2",
}  # fmt: skip


def test_a_row_without_bases_is_a_new_one(mine: Client, ha_tien: Report) -> None:
    answer = send(mine, ha_tien, "procedures", NEW)
    assert answer["conflicts"] == {}
    assert row(ha_tien, "moi") == ("máy chiếu", "chiếc", 2)


@pytest.mark.every_engine
def test_the_same_autosave_sent_five_times_is_one_row_and_one_revision(
    mine: Client, ha_tien: Report
) -> None:
    before = load(ha_tien).revision
    for _ in range(5):
        answer = send(mine, ha_tien, "procedures", {**NEW, RECEIVED: "250"}, {RECEIVED: "207"})
        assert answer["conflicts"] == {}
        assert answer["revision"] == before + 1
    assert Equipment.objects.filter(report=ha_tien, name="máy chiếu").count() == 1
    assert version(ha_tien, "procedures") == 2


def test_cells_of_one_row_are_fields_apart(mine: Client, theirs: Client, ha_tien: Report) -> None:
    send(mine, ha_tien, "procedures", NEW)
    name, quantity = "equipment.name@moi", "equipment.quantity@moi"
    send(theirs, ha_tien, "procedures", {quantity: "3"}, {quantity: "2"})
    answer = send(mine, ha_tien, "procedures", {name: "máy chiếu màu"}, {name: "máy chiếu"})
    assert answer["conflicts"] == {}
    assert row(ha_tien, "moi") == ("máy chiếu màu", "chiếc", 3)
    told = send(mine, ha_tien, "procedures", {quantity: "4"}, {quantity: "2"})
    assert told["conflicts"] == {quantity: {"theirs": "3", "gone": False}}


def test_editing_a_row_somebody_deleted_tells_that_it_is_gone(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    send(mine, ha_tien, "procedures", NEW)

    send(theirs, ha_tien, "procedures", {"delete:equipment@moi": "1"}, NEW)
    quantity = "equipment.quantity@moi"
    answer = send(
        mine, ha_tien, "procedures", {quantity: "5", RECEIVED: "250"}, {quantity: "2", RECEIVED: "207"}
    )  # fmt: skip
    assert answer["conflicts"] == {quantity: {"theirs": "", "gone": True}}
    assert row(ha_tien, "moi") is None
    assert load(ha_tien).value(RECEIVED) == Value(250)


@pytest.mark.every_engine
def test_a_deleted_row_is_restored_by_sending_all_its_cells_without_bases(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    send(mine, ha_tien, "procedures", NEW)
    send(theirs, ha_tien, "procedures", {"delete:equipment@moi": "1"}, NEW)
    answer = send(mine, ha_tien, "procedures", {**NEW, "equipment.quantity@moi": "5"})
    assert answer["conflicts"] == {}
    assert row(ha_tien, "moi") == ("máy chiếu", "chiếc", 5)


def test_deleting_a_row_somebody_edited_tells_what_they_wrote_and_keeps_it(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    send(mine, ha_tien, "procedures", NEW)
    edited = {"equipment.name@moi": "máy chiếu màu", "equipment.quantity@moi": "3"}
    send(theirs, ha_tien, "procedures", edited, {name: NEW[name] for name in edited})
    deletion = {"delete:equipment@moi": "1"}
    answer = send(mine, ha_tien, "procedures", {**deletion, RESOLVED: "290"}, NEW)
    assert answer["conflicts"] == {
        "delete:equipment@moi": {"theirs": "máy chiếu màu; 3", "gone": False}
    }
    assert row(ha_tien, "moi") == ("máy chiếu màu", "chiếc", 3)
    assert load(ha_tien).value(RESOLVED) == Value(290)
    # Whoever has seen that deletes all the same.
    answer = send(mine, ha_tien, "procedures", deletion, {**NEW, **edited})
    assert answer["conflicts"] == {}
    assert row(ha_tien, "moi") is None


def test_deleting_twice_is_no_conflict(mine: Client, theirs: Client, ha_tien: Report) -> None:
    send(mine, ha_tien, "procedures", NEW)
    first = send(theirs, ha_tien, "procedures", {"delete:equipment@moi": "1"}, NEW)
    second = send(mine, ha_tien, "procedures", {"delete:equipment@moi": "1"}, NEW)
    assert second["conflicts"] == {}
    assert second["revision"] == first["revision"]


def test_a_given_row_is_compared_before_anybody_filled_it(
    mine: Client, theirs: Client, empty_report: Report, clerk: User, colleague: User
) -> None:
    for user in (clerk, colleague):
        RoleAssignment.objects.create(user=user, unit=empty_report.unit, role="clerk")
    name = "plan_tasks.planned@plan_tasks-finance"
    send(theirs, empty_report, "direction", {name: "3"}, {name: ""})
    answer = send(mine, empty_report, "direction", {name: "4"}, {name: ""})
    assert answer["conflicts"] == {name: {"theirs": "3", "gone": False}}


# --- pages without scripts ----------------------------------------------------------------------------


def words(markup: str) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\u00a0", " ")
    return re.sub(r"\s+([,;.)])", r"\1", " ".join(text.split()))


def fields_of(page: str) -> dict[str, str]:
    """What a browser without scripts posts of a page: one-line fields, areas of text and selects."""
    page = re.sub(
        r"<template>.*?</template>|<input type=\"checkbox\"[^>]*>", "", page, flags=re.DOTALL
    )
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = (re.search(rf' {part}="([^"]*)"', tag) for part in ("name", "value"))
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    for attributes, text in re.findall(r"<textarea ([^>]*)>\n?([^<]*)</textarea>", page):
        found[re.search(r'name="([^"]*)"', attributes)[1]] = html.unescape(text)
    for attributes, options in re.findall(r"<select ([^>]*)>(.*?)</select>", page, flags=re.DOTALL):
        name = re.search(r'(?<!-)name="([^"]*)"', attributes)
        chosen = re.search(r'value="([^"]*)"\s+selected', options)
        if name:
            found[name[1]] = chosen[1] if chosen else ""
    return found


def stored(report: Report, section: str, name: str) -> str:
    """The text the field of the page shows now."""
    client = Client()
    client.force_login(User.objects.get(username="hatien_2"))
    return fields_of(client.get(page_of(report, section)).content.decode())[name]


PLAIN = [
    ("procedures", RECEIVED, "300", "250"),
    ("procedures", "text:dossiers", "Lời của đồng nghiệp.", "Lời của tôi."),
    ("procedures", "placement:dossiers", "before", "instead"),
    ("procedures", "equipment.quantity@{row}", "31", "25"),
    ("direction", "plan_tasks.planned@plan_tasks-finance", "31", "25"),
    ("direction", "direction.propaganda_other", "hai bảng tin", "ba\nbảng tin"),
    ("paper", "signer_name", "Lê Thị B", "Trần Văn C"),
    ("paper", "recipients", "Như trên", "Lưu: VT"),
    ("paper", "authority", "tm_kt", "tl"),
]


@pytest.mark.parametrize(("section", "name", "their_text", "my_text"), PLAIN)
def test_an_outdated_page_is_told_both_texts_and_its_second_save_overwrites(
    mine: Client, theirs: Client, ha_tien: Report, section: str, name: str, their_text: str, my_text: str
) -> None:  # fmt: skip
    tables = load(ha_tien).tables
    name = name.format(row=tables["equipment"][0].uid)
    address = page_of(ha_tien, section)
    page = fields_of(mine.get(address).content.decode())
    send(theirs, ha_tien, section, {name: their_text})
    revision = load(ha_tien).revision
    again = mine.post(address, {**page, name: my_text})
    assert again.status_code == 422
    shown = again.content.decode()
    assert f"Người khác vừa ghi “{their_text}”." in words(shown)
    assert load(ha_tien).revision == revision
    field = fields_of(shown)
    assert field[name].replace("\r\n", "\n") == my_text  # nothing typed is lost
    assert mine.post(address, field).status_code == 302
    assert stored(ha_tien, section, name).replace("\r\n", "\n") == my_text
    assert load(ha_tien).revision == revision + 1


@pytest.mark.parametrize(
    ("name", "their_text", "my_text"),
    [("indicator.r3_3_3", "12", "13"), ("indicator.r7_3_2", "98", "97"), ("indicator.r7_6_1", "0", "1"),
     ("note:r3_3_3", "Ghi chú của bạn", "Ghi chú của tôi")],
)  # fmt: skip
def test_an_outdated_page_of_the_appendix_does_the_same(
    as_user: Browser, dien_bien: Report, colleague: User, name: str, their_text: str, my_text: str
) -> None:
    RoleAssignment.objects.create(user=colleague, unit=dien_bien.unit, role="clerk")
    mine, theirs = as_user(User.objects.get(username="dienbien")), as_user(colleague)
    address = page_of(dien_bien, "appendix")
    page = fields_of(mine.get(address).content.decode())
    send(theirs, dien_bien, "appendix", {name: their_text})
    again = mine.post(address, {**page, name: my_text})
    assert again.status_code == 422  # also when only the colleague changed it
    shown = again.content.decode()
    assert f"Người khác vừa ghi “{their_text}”." in words(shown)
    field = fields_of(shown)
    assert field[name] == my_text
    assert mine.post(address, field).status_code == 302
    assert stored(dien_bien, "appendix", name) == my_text


def test_an_outdated_page_saves_what_nobody_else_touched(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    address = page_of(ha_tien, "procedures")
    page = fields_of(mine.get(address).content.decode())
    send(theirs, ha_tien, "procedures", {RECEIVED: "300"})
    again = mine.post(address, {**page, RECEIVED: "250"})
    assert "Có 1 ô chưa lưu được; các ô khác đã lưu" in words(again.content.decode())
    assert load(ha_tien).value(RECEIVED) == Value(300)


def test_a_page_that_is_not_outdated_is_told_nothing(mine: Client, ha_tien: Report) -> None:
    address = page_of(ha_tien, "procedures")
    page = fields_of(mine.get(address).content.decode())
    send(mine, ha_tien, "plan", {"plan.tasks": "Việc mới"})  # another section is another page
    assert mine.post(address, {**page, RECEIVED: "250"}).status_code == 302
    assert load(ha_tien).value(RECEIVED) == Value(250)


def test_an_outdated_page_deletes_no_row_that_somebody_wrote(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    send(mine, ha_tien, "procedures", NEW)
    address = page_of(ha_tien, "procedures")
    page = fields_of(mine.get(address).content.decode())
    send(theirs, ha_tien, "procedures", {"equipment.quantity@moi": "7"})
    again = mine.post(address, {**page, "delete:equipment@moi": "1"})
    assert again.status_code == 422
    assert "Người khác vừa ghi “7”." in words(again.content.decode())
    assert row(ha_tien, "moi") == ("máy chiếu", "chiếc", 7)
    field = {**fields_of(again.content.decode()), "delete:equipment@moi": "1"}
    assert mine.post(address, field).status_code == 302
    assert row(ha_tien, "moi") is None


@pytest.mark.parametrize("seen", ["", "x", "-1", "1.0", "9" * 5000, "²", "\x00"])
def test_a_forged_version_breaks_nothing(mine: Client, ha_tien: Report, seen: str) -> None:
    sent = {"seen": seen, RECEIVED: "250"}
    assert mine.post(page_of(ha_tien, "procedures"), sent).status_code == 302
    assert load(ha_tien).value(RECEIVED) == Value(250)


# --- at the very moment -------------------------------------------------------------------------------


@contextmanager
def just_before_the_save(happens: Callable[[], Any]):
    """Let something happen once, when a request has read the report and not yet locked it."""
    done = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not done and "reports_narrative" in sql:
            done.append(True)
            happens()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert done


@pytest.mark.every_engine
def test_what_another_writes_while_a_save_is_read_is_kept(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    before = load(ha_tien).revision
    with just_before_the_save(lambda: send(theirs, ha_tien, "procedures", {RESOLVED: "290"})):
        answer = send(mine, ha_tien, "procedures", {RECEIVED: "250"}, {RECEIVED: "207"})
    assert answer["conflicts"] == {}
    stored = Procedures.objects.get(report=ha_tien)
    assert (stored.received, stored.resolved) == (250, 290)
    assert answer["revision"] == before + 2


@pytest.mark.every_engine
def test_the_same_field_written_while_a_save_is_read_is_told(
    mine: Client, theirs: Client, ha_tien: Report
) -> None:
    with just_before_the_save(lambda: send(theirs, ha_tien, "procedures", {RECEIVED: "300"})):
        answer = send(mine, ha_tien, "procedures", {RECEIVED: "250"}, {RECEIVED: "207"})
    assert answer["conflicts"] == {RECEIVED: {"theirs": "300", "gone": False}}
    assert load(ha_tien).value(RECEIVED) == Value(300)


@pytest.mark.parametrize(("left", "status"), [("leader", 403), ("", 404)])
def test_whose_role_ends_while_the_save_is_read_writes_nothing(
    mine: Client, clerk: User, ha_tien: Report, left: str, status: int
) -> None:
    """Who stays on as leader is told why; who has nothing left here finds nothing."""
    if left:
        RoleAssignment.objects.create(user=clerk, unit=ha_tien.unit, role=left)
    before = to_json(load(ha_tien))

    def end() -> None:
        yesterday = today() - timedelta(days=1)
        RoleAssignment.objects.filter(user=clerk, role="clerk").update(valid_to=yesterday)

    address = page_of(ha_tien, "procedures")
    with just_before_the_save(end):
        response = mine.post(address, {RECEIVED: "250"}, headers=JSON)
    assert response.status_code == status
    assert mine.post(address, {RECEIVED: "251"}, headers=JSON).status_code == status
    assert to_json(load(ha_tien)) == before


@pytest.mark.every_engine
def test_a_report_that_was_closed_meanwhile_is_not_written(mine: Client, ha_tien: Report) -> None:
    mine.get(page_of(ha_tien, "procedures"))
    Report.objects.filter(pk=ha_tien.pk).update(state="closed")
    response = mine.post(page_of(ha_tien, "procedures"), {RECEIVED: "250"}, headers=JSON)
    assert response.status_code in (403, 404)
    assert load(ha_tien).value(RECEIVED) == Value(207)
