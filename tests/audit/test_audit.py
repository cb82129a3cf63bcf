"""The record of what happened: what the database refuses, what `verify` finds behind its back, how
typing becomes events, and how the timeline tells it.
"""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_period, make_report, make_superior, make_unit, make_user
from page_lines import holds

from reports import audit
from reports.enums import Section, State, Verb
from reports.models import Event, OpenEdit, Report, User
from reports.workflow.moves import Plain, Return
from reports.workflow.transitions import perform

Browser = Callable[[User], Client]
JSON = {"accept": "application/json"}


@pytest.fixture
def report(db: None) -> Report:
    """A report in draft with one figure."""
    unit = make_unit()
    return make_report(unit, make_period(make_superior(unit)), procedures__received=207)


@pytest.fixture
def clerk(report: Report) -> User:
    return make_user(report.unit, "clerk", full_name="An")


@pytest.fixture
def reviewer(report: Report) -> User:
    return make_user(report.period.superior, "reviewer", full_name="Dung")


@pytest.fixture
def told(report: Report, clerk: User, reviewer: User) -> Report:
    """A report with five events."""
    Report.objects.filter(pk=report.pk).update(state=State.SENT)
    for verb in (Verb.BEGIN_REVIEW, Verb.PUT_BACK, Verb.BEGIN_REVIEW):
        perform(report, Plain(verb), reviewer)
    perform(report, Return("Còn thiếu số liệu."), reviewer)
    perform(report, Plain(Verb.TAKE_OVER, "Đơn vị mất mạng."), reviewer)
    settle()
    assert wrong(report) == []
    return report


def wrong(report: Report) -> list[str]:
    return list(audit.verify(report.pk))


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def settle() -> None:
    """PostgreSQL changes no table while a foreign key waits for the end of the transaction."""
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def unguarded(told: Report) -> None:
    """The triggers dropped, as somebody with the keys of the database might; back at the rollback."""
    drop = {
        "sqlite": [f"DROP TRIGGER reports_event_no_{verb}" for verb in ("update", "delete", "replace")],
        "postgresql": ["ALTER TABLE reports_event DISABLE TRIGGER USER"],
    }  # fmt: skip
    for statement in drop[connection.vendor]:
        run(statement)


# --- what the database refuses ------------------------------------------------------------------------

ATTEMPTS: dict[str, Callable[[Event], Any]] = {
    "save": lambda event: event.save(),
    "update": lambda event: Event.objects.filter(pk=event.pk).update(note="khác"),
    "delete": lambda event: event.delete(),
    "delete many": lambda event: Event.objects.all().delete(),
    "SQL update": lambda event: run("UPDATE reports_event SET by_name = 'ai đó'"),
    "SQL update of nothing": lambda event: run("UPDATE reports_event SET note = note"),
    "SQL delete": lambda event: run("DELETE FROM reports_event WHERE id = %s", event.pk),
    "SQL upsert": lambda event: run(
        "INSERT INTO reports_event SELECT * FROM reports_event WHERE id = %s "
        "ON CONFLICT (id) DO UPDATE SET note = 'khác'", event.pk),
}  # fmt: skip
ONE_ENGINE: dict[str, dict[str, Callable[[Event], Any]]] = {
    "sqlite": {
        "SQL replace": lambda event: run(
            "REPLACE INTO reports_event SELECT * FROM reports_event WHERE id = %s", event.pk),
        "SQL replace of a place": lambda event: run(
            "INSERT OR REPLACE INTO reports_event (report_id, seq, verb, section, by_name, at, note, "
            "before, after, previous_hash, hash) SELECT report_id, seq, verb, section, by_name, at, "
            "'khác', before, after, previous_hash, hash FROM reports_event WHERE id = %s", event.pk),
    },
    "postgresql": {
        "truncate": lambda event: run("TRUNCATE reports_event"),
        "truncate cascade": lambda event: run("TRUNCATE reports_report CASCADE"),
    },
}  # fmt: skip


ATTEMPTS |= ONE_ENGINE[connection.vendor]


@pytest.mark.parametrize("way", ATTEMPTS)
def test_no_way_leads_to_a_changed_or_missing_event(told: Report, way: str) -> None:
    before = list(Event.objects.values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ATTEMPTS[way](told.events.get(seq=2))
    assert list(Event.objects.values()) == before


def test_a_report_with_a_record_is_not_deleted(told: Report) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        told.delete()
    assert Report.objects.filter(pk=told.pk).exists()


# --- what verify finds --------------------------------------------------------------------------------

ALTERED = {
    "verb": "'approve'", "section": "'direction'", "by_id": "NULL", "by_name": "by_name || '.'",
    "note": "note || ' '", "before": "before || ' '", "after": "'{}'",
    "previous_hash": "'x' || substr(previous_hash, 2)", "hash": "'x' || substr(hash, 2)",
}  # fmt: skip


@pytest.mark.parametrize("column", ALTERED)
def test_one_altered_letter_is_named(told: Report, unguarded: None, column: str) -> None:
    run(f"UPDATE reports_event SET {column} = {ALTERED[column]} WHERE report_id = %s AND seq = 4",
        told.pk)  # fmt: skip
    assert "sự kiện số 4 đã bị sửa" in wrong(told)


def test_a_moment_moved_by_a_second_is_named(told: Report, unguarded: None) -> None:
    event = told.events.get(seq=3)
    Event.objects.filter(pk=event.pk).update(at=event.at + timedelta(seconds=1))
    assert wrong(told) == ["sự kiện số 3 đã bị sửa"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes nothing but a moment")
@pytest.mark.parametrize(
    ("moment", "words"),
    [("hôm qua", "sự kiện số 3 đã bị sửa"),
     ("2026-02-31 07:00:00", "có sự kiện không đọc được từ số 1 trở đi")],
)  # fmt: skip
def test_a_moment_that_is_none_is_named_too(
    told: Report, unguarded: None, moment: str, words: str
) -> None:
    run("UPDATE reports_event SET at = %s WHERE report_id = %s AND seq = 3", moment, told.pk)
    assert wrong(told) == [words]


def test_events_taken_out_are_named(told: Report, unguarded: None) -> None:
    Event.objects.filter(report=told, seq=2).delete()
    assert wrong(told) == ["thiếu sự kiện số 2", "sự kiện số 3 không nối với sự kiện trước"]
    Event.objects.filter(report=told, seq=3).delete()
    assert wrong(told)[0] == "thiếu sự kiện số 2 đến 3"
    Event.objects.filter(report=told, seq=1).delete()
    assert wrong(told)[0] == "thiếu sự kiện số 1 đến 3"


def test_a_forged_event_put_between_is_named(told: Report, unguarded: None) -> None:
    """The forger moves the later ones on and makes the hash of his own right."""
    for seq in (5, 4, 3):
        Event.objects.filter(report=told, seq=seq).update(seq=seq + 1)
    second = told.events.get(seq=2)
    forged = Event(report=told, seq=3, verb=Verb.APPROVE, by=second.by, by_name=second.by_name,
                   at=second.at, previous_hash=second.hash)  # fmt: skip
    forged.hash = audit.digest(forged)
    forged.save()
    found = wrong(told)
    assert "sự kiện số 4 không nối với sự kiện trước" in found
    assert {"sự kiện số 4 đã bị sửa", "sự kiện số 5 đã bị sửa", "sự kiện số 6 đã bị sửa"} <= set(
        found
    )


def test_an_altered_event_is_found_though_its_hash_was_made_anew(
    told: Report, unguarded: None
) -> None:
    event = told.events.get(seq=4)
    event.note = "Đủ cả."
    Event.objects.filter(pk=event.pk).update(note=event.note, hash=audit.digest(event))
    assert wrong(told) == ["sự kiện số 5 không nối với sự kiện trước"]


# --- the command --------------------------------------------------------------------------------------


def verify_audit(*arguments: str) -> tuple[list[str], bool]:
    """What the command prints, and whether it was content."""
    out = io.StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except CommandError as error:
        return [*out.getvalue().splitlines(), str(error)], error.returncode != 1
    return out.getvalue().splitlines(), True


def test_the_command_names_report_and_event(told: Report, unguarded: None) -> None:
    count = Event.objects.count()
    assert verify_audit() == ([f"Nhật ký nguyên vẹn: {count} sự kiện."], True)
    Event.objects.filter(report=told, seq=4).update(note="Đủ cả.")
    lines, content = verify_audit()
    place = f"{told.unit.code} {told.period.code}"
    assert lines == [f"{place}: sự kiện số 4 đã bị sửa", "Nhật ký có 1 chỗ sai."]
    assert not content


def test_a_tail_cut_off_is_found_by_the_heads_of_the_time_before(
    told: Report, unguarded: None, tmp_path: Path
) -> None:
    heads = tmp_path / "heads.txt"
    assert verify_audit("--heads", str(heads))[1]
    kept = heads.read_text("utf-8")
    assert f"{told.unit.code}\t{told.period.code}\t5\t{told.events.get(seq=5).hash}\n" in kept
    Event.objects.filter(report=told, seq=5).delete()
    assert verify_audit()[1], "the chain alone cannot tell"
    lines, content = verify_audit("--heads", str(heads))
    gone = f"{told.unit.code} {told.period.code}: sự kiện số 5 không còn như lần kiểm tra trước"
    assert (lines[0], content) == (gone, False)
    audit.record(told, Verb.EXCLUDE, None, "Thay cho việc đã xóa.")
    assert verify_audit("--heads", str(heads))[0][0] == gone
    assert heads.read_text("utf-8") == kept, "what was once known is not forgotten"


def test_heads_follow_the_record_as_it_grows(told: Report, reviewer: User, tmp_path: Path) -> None:
    heads = tmp_path / "heads.txt"
    verify_audit("--heads", str(heads))
    perform(told, Plain(Verb.HAND_BACK), reviewer)
    assert verify_audit("--heads", str(heads))[1]
    assert f"\t{told.period.code}\t6\t" in heads.read_text("utf-8")


@pytest.mark.once
@pytest.mark.parametrize("content", ["15325\tHT-2023-6T\tnăm\tabc\n", "một dòng\n", "\0"])
def test_a_file_that_holds_no_heads_is_refused(told: Report, tmp_path: Path, content: str) -> None:
    heads = tmp_path / "heads.txt"
    heads.write_text(content, "utf-8")
    lines, ok = verify_audit("--heads", str(heads))
    assert not ok and lines[0].startswith("Không đọc được")
    assert heads.read_text("utf-8") == content


# --- typing becomes events ----------------------------------------------------------------------------


@pytest.fixture
def desks(report: Report, clerk: User, as_user: Browser) -> list[Client]:
    """Three people of the unit, each at a browser."""
    colleagues = (make_user(report.unit, "clerk", n, full_name=n.title()) for n in ("bình", "chi"))
    return [as_user(person) for person in (clerk, *colleagues)]


def save(client: Client, report: Report, section: str, **data: str) -> None:
    sent = {name.replace("__", "."): text for name, text in data.items()}
    address = reverse("section", kwargs={"pk": report.pk, "section": section})
    assert client.post(address, sent, headers=JSON).status_code == 200


def edits(report: Report) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """What the record says was typed: section, before, after."""
    return [
        (event.section, json.loads(event.before or "{}"), json.loads(event.after or "{}"))
        for event in report.events.filter(verb=Verb.EDIT)
    ]


RECEIVED = "procedures.received"


def test_the_autosaves_of_one_person_become_one_event(report: Report, desks: list[Client]) -> None:
    for number in ("208", "209", "210"):
        save(desks[0], report, "procedures", procedures__received=number)
    save(desks[0], report, "procedures", procedures__resolved="99")
    assert edits(report) == [], "the person is still typing"
    audit.seal(report)
    ((section, before, after),) = edits(report)
    assert (section, before[RECEIVED], after[RECEIVED]) == ("procedures", "207", "210")
    assert after["procedures.resolved"] == "99"
    assert OpenEdit.objects.count() == 0 and wrong(report) == []


def test_a_field_that_came_back_to_what_it_was_is_not_told(
    report: Report, desks: list[Client]
) -> None:
    for number in ("208", "207"):
        save(desks[0], report, "procedures", procedures__received=number)
    audit.seal(report)
    assert edits(report) == [("procedures", {}, {})]


def test_another_person_in_the_section_closes_what_was_typed(
    report: Report, desks: list[Client]
) -> None:
    for desk, number in ((0, "208"), (1, "209"), (0, "210")):
        save(desks[desk], report, "procedures", procedures__received=number)
    audit.seal(report)
    told = [(before[RECEIVED], after[RECEIVED]) for _, before, after in edits(report)]
    assert told == [("207", "208"), ("208", "209"), ("209", "210")]
    names = list(report.events.filter(verb=Verb.EDIT).values_list("by_name", flat=True))
    assert names == ["An", "Bình", "An"]


def test_another_section_closes_what_was_typed(report: Report, desks: list[Client]) -> None:
    save(desks[0], report, "procedures", procedures__received="208")
    save(desks[0], report, "direction", direction__radio_broadcasts="31")
    assert [section for section, _, _ in edits(report)] == ["procedures"]
    save(desks[1], report, "evaluation", evaluation__limits="Còn chậm.")
    assert len(edits(report)) == 1, "a colleague elsewhere disturbs nobody"


def test_ten_minutes_of_silence_close_what_was_typed(report: Report, desks: list[Client]) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        save(desks[0], report, "procedures", procedures__received="208")
        clock.shift(timedelta(minutes=9))
        save(desks[0], report, "procedures", procedures__received="209")
        clock.shift(timedelta(minutes=10))
        save(desks[0], report, "procedures", procedures__received="210")
        audit.seal(report)
    told = [(before[RECEIVED], after[RECEIVED]) for _, before, after in edits(report)]
    assert told == [("207", "209"), ("209", "210")]


def test_a_move_closes_what_everybody_typed_and_comes_after_it(
    report: Report, desks: list[Client], reviewer: User
) -> None:
    save(desks[0], report, "procedures", procedures__received="208")
    save(desks[1], report, "direction", direction__radio_broadcasts="31")
    perform(report, Plain(Verb.EXCLUDE, "Đơn vị đã sáp nhập."), reviewer)
    verbs = list(report.events.values_list("verb", flat=True))
    assert verbs == ["edit", "edit", "exclude"]
    assert OpenEdit.objects.count() == 0 and wrong(report) == []


def test_fifty_autosaves_of_three_people_leave_no_gap_and_no_fork(
    report: Report, desks: list[Client]
) -> None:
    places = [("procedures", "procedures__received"), ("direction", "direction__radio_broadcasts"),
              ("procedures", "procedures__resolved")]  # fmt: skip
    for n in range(50):
        section, name = places[n * 7 % 3]
        save(desks[n % 3], report, section, **{name: str(300 + n)})
    audit.seal(report)
    seqs = list(report.events.values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1)) and len(seqs) > 3
    assert wrong(report) == []
    last: dict[str, str] = {}
    for _, before, after in edits(report):
        assert all(before[name] == last.get(name, before[name]) for name in before)
        last |= after
    assert last[RECEIVED] in {str(300 + n) for n in range(50)}


# --- the timeline -------------------------------------------------------------------------------------


def timeline(client: Client, report: Report) -> str:
    page = client.get(reverse("timeline", args=[report.pk]))
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.once
def test_the_timeline_tells_who_did_what_in_plain_words(
    told: Report, desks: list[Client], clerk: User
) -> None:
    save(desks[0], told, "procedures", procedures__received="208")
    page = timeline(desks[1], told)
    assert holds(page, "<strong>Dung</strong> · Yêu cầu chỉnh lý")
    assert holds(page, "<blockquote>Còn thiếu số liệu.</blockquote>")
    assert holds(page, "Nhập phần Cải cách thủ tục hành chính: 1 ô <small>(đang nhập)</small>")
    assert holds(page, "<td>207</td><td>208</td>")
    assert page.index("208") < page.index("Nhập thay đơn vị") < page.index("Còn thiếu số liệu.")
    for raw in ("procedures.received", "begin_review", "{&quot;"):
        assert raw not in page
    for label in (Verb.BEGIN_REVIEW.label, Verb.PUT_BACK.label, Verb.TAKE_OVER.label):
        assert label in page


def test_who_has_been_silent_for_ten_minutes_is_no_longer_typing(
    report: Report, desks: list[Client]
) -> None:
    save(desks[0], report, "procedures", procedures__received="208")
    OpenEdit.objects.update(last_at=timezone.now() - audit.SILENCE)
    page = timeline(desks[1], report)
    assert "Cải cách thủ tục hành chính: 1 ô" in page and "(đang nhập)" not in page
    assert OpenEdit.objects.count() == 1, "looking writes nothing"


def test_a_row_that_is_gone_and_a_choice_are_told_by_their_names(
    report: Report, desks: list[Client]
) -> None:
    row = {
        "documents.kind@new1": "ke_hoach",
        "documents.number@new1": "77",
        "documents.part@new1": "direction",
    }
    address = reverse("section", kwargs={"pk": report.pk, "section": "direction"})
    assert desks[0].post(address, row, headers=JSON).status_code == 200
    page = timeline(desks[0], report)
    assert holds(page, "<td>để trống</td><td>Kế hoạch</td>") and "ke_hoach" not in page
    assert desks[0].post(address, {"delete:documents@new1": "1"}, headers=JSON).status_code == 200
    audit.seal(report)
    assert "documents." not in timeline(desks[0], report)


MARKUP = '<script>alert("1")</script><img src=x onerror=alert(2)>'


@pytest.mark.once
def test_markup_in_names_notes_and_typed_text_is_shown_as_it_was_written(
    told: Report, desks: list[Client], clerk: User, reviewer: User
) -> None:
    User.objects.filter(pk=clerk.pk).update(full_name=MARKUP)
    save(desks[0], told, "evaluation", evaluation__limits=MARKUP)
    perform(told, Plain(Verb.HAND_BACK), reviewer)
    perform(told, Plain(Verb.TAKE_OVER, MARKUP), reviewer)
    page = timeline(desks[0], told)
    assert "<script>alert" not in page and "<img src=x" not in page
    assert page.count("&lt;script&gt;alert") >= 3


def test_an_event_of_the_house_itself_has_no_person(report: Report, desks: list[Client]) -> None:
    audit.record(report, Verb.EDIT, None, "Nạp từ tệp", section=Section.FINANCE)
    assert "<strong>Hệ thống</strong> · Nhập phần Cải cách tài chính công" in timeline(
        desks[0], report
    )
