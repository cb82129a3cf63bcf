"""Writing a page without any request: what was written, what was not, and why."""

from collections.abc import Callable

import pytest
from django.http import Http404, QueryDict
from django.utils import timezone
from factories import make_period, make_report, make_superior, make_unit, make_user

from reports.access.policy import Refused
from reports.catalogue.values import Value
from reports.dossier.facts import Dossier, load
from reports.editing import save_page as module
from reports.editing.conflicts import Conflict
from reports.editing.save_page import PageChanges, save_page, write_page
from reports.editing.writing import Edits, save
from reports.entry import section_entry
from reports.entry.layout import group_code
from reports.enums import Section, State
from reports.jobs.busy import Busy
from reports.models import OpenEdit, Report, User
from reports.models.rows import Equipment
from reports.views.saving import changes_of

PROCEDURES = Section.PROCEDURES
RECEIVED, RESOLVED = "procedures.received", "procedures.resolved"
TEXT = "text:dossiers"
#: As pasted from .VnTime, and what it says.
TCVN3, UNICODE = "Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"


@pytest.fixture
def report(db: None) -> Report:
    """A report without appendix, in draft, with one figure and one row."""
    unit = make_unit()
    period = make_period(make_superior(unit), indicator_set=None)
    report = make_report(unit, period, procedures__received=207)
    Equipment.objects.create(report=report, uid="row-1", name="Máy tính")
    return report


@pytest.fixture
def clerk(report: Report) -> User:
    return make_user(report.unit, "clerk")


@pytest.fixture
def colleague(report: Report) -> User:
    return make_user(report.unit, "clerk", "dong_nghiep")


def number(report: Report, code: str) -> object:
    return load(report).value(code).content


def equipment(report: Report) -> Equipment:
    return Equipment.objects.filter(report=report).earliest("order")


# --- what was written ---------------------------------------------------------------------------------


def test_what_was_typed_is_written_and_comes_back_with_the_report(
    clerk: User, report: Report
) -> None:
    before = load(report).revision
    saved = save_page(report, PROCEDURES, PageChanges({RECEIVED: "2.395"}), clerk)
    assert saved.written == (RECEIVED,)
    assert saved.read == {RECEIVED: Value(2395)}
    assert (saved.refused, saved.conflicts, saved.old, saved.without_field) == ({}, (), {}, ())
    assert saved.dossier.value(RECEIVED).content == 2395
    assert saved.dossier.revision == before + 1
    assert number(report, RECEIVED) == 2395


def test_what_cannot_be_read_is_refused_and_the_rest_is_written(
    clerk: User, report: Report
) -> None:
    held = number(report, RECEIVED)
    changes = PageChanges({RECEIVED: "nhiều", RESOLVED: "10"})
    saved = save_page(report, PROCEDURES, changes, clerk)
    assert saved.written == (RESOLVED,)
    assert saved.refused[RECEIVED].typed == "nhiều"
    assert "“nhiều”" in saved.refused[RECEIVED].problem
    assert saved.labels[RECEIVED]
    assert (number(report, RECEIVED), number(report, RESOLVED)) == (held, 10)


def test_what_was_refused_is_not_recorded_as_an_edit(clerk: User, report: Report) -> None:
    save_page(report, PROCEDURES, PageChanges({RECEIVED: "nhiều", RESOLVED: "10"}), clerk)
    edit = OpenEdit.objects.get(report=report, section=PROCEDURES, by=clerk)
    assert RESOLVED in edit.after
    assert RECEIVED not in edit.after


def test_a_row_is_made_and_removed(clerk: User, report: Report) -> None:
    cell = "equipment.name@new-1"
    assert save_page(report, PROCEDURES, PageChanges({cell: "Máy in"}), clerk).written == (cell,)
    assert Equipment.objects.get(report=report, uid="new-1").name == "Máy in"
    removal = "delete:equipment@new-1"
    changes = PageChanges({removal: "1"}, bases={cell: "Máy in"})
    assert save_page(report, PROCEDURES, changes, clerk).written == (removal,)
    assert not Equipment.objects.filter(report=report, uid="new-1").exists()


def test_names_the_page_has_no_field_for_are_given_back(clerk: User, report: Report) -> None:
    strange = ("egov.accounts", "staff@u1", "delete:staff@u1", "a b")
    changes = PageChanges({RECEIVED: "7", **dict.fromkeys(strange, "3")})
    saved = save_page(report, PROCEDURES, changes, clerk)
    assert saved.written == (RECEIVED,)
    assert saved.without_field == strange


def test_one_press_answers_the_empty_figures_of_a_group(clerk: User, report: Report) -> None:
    save_page(report, PROCEDURES, PageChanges({RECEIVED: "", RESOLVED: "5"}), clerk)
    groups = section_entry(load(report), PROCEDURES).groups
    position = next(
        n for n, group in enumerate(groups) if RECEIVED in {a.name for a in group.figures}
    )
    pressed = group_code("nhom", position)
    changes = PageChanges({RECEIVED: " ", RESOLVED: "5"}, none_arisen=pressed)
    saved = save_page(report, PROCEDURES, changes, clerk)
    assert saved.answered == (RECEIVED,)
    assert saved.dossier.value(RECEIVED) == Value(none_arisen=True)
    assert saved.dossier.value(RESOLVED).content == 5


def test_then_is_done_with_what_was_written_and_only_after_a_change(
    clerk: User, report: Report
) -> None:
    after: list[tuple[int, object]] = []

    def note(report: Report, dossier: Dossier) -> None:
        after.append((report.revision, dossier.value(RECEIVED).content))

    changes = PageChanges({RECEIVED: "2.395"})
    first = save_page(report, PROCEDURES, changes, clerk, then=note)
    save_page(report, PROCEDURES, changes, clerk, then=note)
    assert after == [(first.dossier.revision, 2395)]


def test_pages_written_from_one_reading(clerk: User, report: Report) -> None:
    dossier, at = load(report), timezone.now()
    write_page(report, dossier, PROCEDURES, PageChanges({RECEIVED: "2.395"}), clerk, at)
    saved = write_page(report, dossier, Section.PAPER, PageChanges({"symbol": "bc"}), clerk, at)
    assert list(saved.refused) == ["symbol"]
    write_page(report, dossier, Section.PAPER, PageChanges({"place": "Hà Tiến mới"}), clerk, at)
    assert number(report, RECEIVED) == 2395
    states = report.section_states.filter(section__in=[PROCEDURES, Section.PAPER])
    assert {state.saved_at for state in states} == {at}


# --- two people ---------------------------------------------------------------------------------------


def test_a_field_that_another_person_changed_meanwhile_is_a_conflict(
    clerk: User, colleague: User, report: Report
) -> None:
    save_page(report, PROCEDURES, PageChanges({RECEIVED: "300"}), colleague)
    changes = PageChanges({RECEIVED: "250", RESOLVED: "10"}, bases={RECEIVED: "200"})
    saved = save_page(report, PROCEDURES, changes, clerk)
    assert saved.conflicts == (Conflict(RECEIVED, "300"),)
    assert saved.written == (RESOLVED,)
    assert number(report, RECEIVED) == 300


def test_a_cell_of_a_row_that_was_removed_meanwhile_is_a_conflict(
    clerk: User, report: Report
) -> None:
    row = equipment(report)
    row.delete()
    cell = f"equipment.name@{row.uid}"
    changes = PageChanges({cell: "Máy in"}, bases={cell: row.name})
    saved = save_page(report, PROCEDURES, changes, clerk)
    assert saved.conflicts == (Conflict(cell, "", row_removed=True),)
    assert not Equipment.objects.filter(report=report, uid=row.uid).exists()


def test_a_row_that_was_written_meanwhile_is_not_removed(clerk: User, report: Report) -> None:
    row = equipment(report)
    changes = PageChanges(
        {f"delete:equipment@{row.uid}": "1"}, bases={f"equipment.name@{row.uid}": "tên cũ"}
    )
    saved = save_page(report, PROCEDURES, changes, clerk)
    assert saved.conflicts == (Conflict(f"delete:equipment@{row.uid}", row.name),)
    assert Equipment.objects.filter(pk=row.pk).exists()


def test_an_outdated_page_without_bases_is_told_all_that_differs(
    clerk: User, colleague: User, report: Report
) -> None:
    seen = report.section_states.get(section=PROCEDURES).version
    save_page(report, PROCEDURES, PageChanges({RECEIVED: "300"}), colleague)
    saved = save_page(report, PROCEDURES, PageChanges({RECEIVED: "250"}, seen=seen), clerk)
    assert saved.conflicts == (Conflict(RECEIVED, "300"),)
    changes = PageChanges({RECEIVED: "250"}, seen=seen + 1)
    assert save_page(report, PROCEDURES, changes, clerk).written == (RECEIVED,)


def overtaken(
    monkeypatch: pytest.MonkeyPatch, report: Report, by: User, times: int
) -> Callable[[Report], Dossier]:
    """Somebody writes to the report each time after it was read, so many times."""
    left = list(range(times))

    def read(of: Report) -> Dossier:
        dossier = load(of)
        if left:
            edits = Edits(figures={(RESOLVED, ""): Value(900 + left.pop())})
            save(report, PROCEDURES, edits, by, dossier.catalogue)
        return dossier

    monkeypatch.setattr(module, "load", read)
    return read


def test_a_report_that_moved_meanwhile_is_read_again(
    monkeypatch: pytest.MonkeyPatch, clerk: User, colleague: User, report: Report
) -> None:
    overtaken(monkeypatch, report, colleague, module.FREE_ATTEMPTS)
    changes = PageChanges({RECEIVED: "250", RESOLVED: "10"}, bases={RESOLVED: "5"})
    saved = save_page(report, PROCEDURES, changes, clerk)
    assert saved.written == (RECEIVED,)
    assert saved.conflicts == (Conflict(RESOLVED, "900"),)
    assert number(report, RECEIVED) == 250


def test_who_is_always_overtaken_is_told_so(
    monkeypatch: pytest.MonkeyPatch, clerk: User, colleague: User, report: Report
) -> None:
    overtaken(monkeypatch, report, colleague, 99)
    held = number(report, RECEIVED)
    with pytest.raises(Busy, match="chưa được lưu"):
        save_page(report, PROCEDURES, PageChanges({RECEIVED: "250"}), clerk)
    assert number(report, RECEIVED) == held


# --- old encodings ------------------------------------------------------------------------------------


def test_text_of_an_old_encoding_waits_for_a_person_to_decide(clerk: User, report: Report) -> None:
    saved = save_page(report, PROCEDURES, PageChanges({TEXT: TCVN3, RECEIVED: "7"}), clerk)
    assert (saved.written, saved.old[TEXT].text) == ((RECEIVED,), UNICODE)
    chosen = PageChanges({TEXT: TCVN3}, convert=frozenset({TEXT}))
    saved = save_page(report, PROCEDURES, chosen, clerk)
    assert (saved.old, saved.sent) == ({}, {TEXT: UNICODE})
    assert load(report).narratives["dossiers"].text == UNICODE
    kept = PageChanges({TEXT: TCVN3}, as_is=frozenset({TEXT}))
    assert save_page(report, PROCEDURES, kept, clerk).written == (TEXT,)
    assert load(report).narratives["dossiers"].text != UNICODE


# --- what was taken over ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        (PageChanges({}, confirm=frozenset({RECEIVED})), {RESOLVED}),
        (PageChanges({}, confirm_all=True), set()),
        (PageChanges({RECEIVED: "2.395"}), {RESOLVED}),
        (PageChanges({RECEIVED: "nhiều"}), {RECEIVED, RESOLVED}),
    ],
    ids=["one confirmed", "all confirmed", "one changed", "one not read"],
)
def test_what_was_taken_over_is_the_clerk_s_own_once_confirmed_or_changed(
    clerk: User, report: Report, changes: PageChanges, left: set[str]
) -> None:
    catalogue = load(report).catalogue
    save(report, PROCEDURES, Edits(carried={RECEIVED, RESOLVED}), clerk, catalogue)
    saved = save_page(report, PROCEDURES, changes, clerk)
    assert saved.dossier.carried == left


# --- who may ------------------------------------------------------------------------------------------


def test_a_stranger_finds_nothing_and_a_colleague_is_refused(
    report: Report,
) -> None:
    stranger, leader = make_user(make_unit(), "clerk"), make_user(report.unit, "leader")
    changes = PageChanges({RECEIVED: "7"})
    held = number(report, RECEIVED)
    with pytest.raises(Http404):
        save_page(report, PROCEDURES, changes, stranger)
    with pytest.raises(Refused):
        save_page(report, PROCEDURES, changes, leader)
    assert number(report, RECEIVED) == held


def test_a_report_that_was_sent_is_not_written(clerk: User, report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(state=State.SENT)
    with pytest.raises(Refused):
        save_page(report, PROCEDURES, PageChanges({RECEIVED: "7"}), clerk)


def test_a_page_that_the_report_does_not_have(clerk: User, report: Report) -> None:
    with pytest.raises(Http404, match="không có phần này"):
        save_page(report, Section.APPENDIX, PageChanges({}), clerk)


# --- as a page posts it -------------------------------------------------------------------------------


def test_a_posted_page_becomes_changes() -> None:
    posted = QueryDict(mutable=True)
    posted.update({RECEIVED: "7", f"base:{RECEIVED}": "5", "delete:staff@u1": "1", "seen": "12"})
    posted.update({"csrfmiddlewaretoken": "x", "none_arisen": "nhom-0", "hai từ": "?"})
    posted.setlist("confirm", ["staff@u2", "*"])
    posted.setlist("convert", [TEXT])
    assert changes_of(posted) == PageChanges(
        texts={RECEIVED: "7", "delete:staff@u1": "1"},
        bases={RECEIVED: "5"},
        seen=12,
        confirm=frozenset({"staff@u2"}),
        confirm_all=True,
        convert=frozenset({TEXT}),
        none_arisen="nhom-0",
    )


@pytest.mark.parametrize("seen", ["", "x", "-1", "²", "1" * 10])
def test_a_version_that_no_page_of_ours_shows_says_nothing(seen: str) -> None:
    assert changes_of(QueryDict(f"seen={seen}")).seen is None
