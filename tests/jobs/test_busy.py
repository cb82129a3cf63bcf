"""Not now: what cannot be done at this moment is told so, is asked for again, and loses nothing."""

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from conftest import TONG_SON, report_of
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from cchc_portal.urls import urlpatterns
from reports.checks import check
from reports.dossier.facts import load
from reports.dossier.json import to_json
from reports.editing import save_page as saving
from reports.editing.writing import Moved
from reports.evidence.holding import evidence_of
from reports.imports.report_json import import_report
from reports.issuing import papers
from reports.jobs.busy import Busy
from reports.jobs.turns import one_at_a_time
from reports.models import Report, User
from reports.uploads import limited
from reports.web.middleware import BELONGS_TO, TAKES_FILES, page_to_return_to

JSON = {"accept": "application/json"}
HTML = {"accept": "text/html"}


@pytest.fixture
def report(db: None) -> Report:
    return report_of(TONG_SON, "TH-2026-9T")


@pytest.fixture
def desk(report: Report, as_user: Callable[[User], Client]) -> Client:
    return as_user(User.objects.get(username="tongson"))


def type_in(desk: Client, report: Report, **more: Any) -> Any:
    address = reverse("section", args=[report.pk, "procedures"])
    return desk.post(address, {"procedures.received": "1234"}, **more)


def overtaken(monkeypatch: pytest.MonkeyPatch, times: int, error: type[Exception]) -> list[bool]:
    """A save that is overtaken so often; returns whether it held the report's lock, each time."""
    real, locked = saving.save, []
    held = []

    def lock(*args: Any) -> None:
        held.append(True)

    def save(*args: Any, **kwargs: Any) -> Any:
        locked.append(bool(held))
        if len(locked) <= times:
            raise error
        return real(*args, **kwargs)

    monkeypatch.setattr(saving, "locked_report", lock)
    monkeypatch.setattr(saving, "save", save)
    return locked


@pytest.mark.parametrize("error", [Moved, IntegrityError])
def test_whoever_is_overtaken_again_and_again_locks_the_report_and_is_saved(
    monkeypatch: pytest.MonkeyPatch, desk: Client, report: Report, error: type[Exception]
) -> None:
    locked = overtaken(monkeypatch, saving.FREE_ATTEMPTS, error)
    answer = type_in(desk, report, headers=JSON)
    assert answer.status_code == 200 and answer.json()["shown"]["procedures.received"] == "1.234"
    assert locked == [False, False, False, True]
    assert load(report).figures["procedures.received"].content == 1234


def test_a_save_that_cannot_be_written_now_is_503_and_says_when_to_try_again(
    monkeypatch: pytest.MonkeyPatch, desk: Client, report: Report
) -> None:
    locked = overtaken(monkeypatch, 99, IntegrityError)
    for_script, for_page = (type_in(desk, report, headers=one) for one in (JSON, HTML))
    assert len(locked) == 2 * (saving.FREE_ATTEMPTS + 1)
    assert (for_script.status_code, for_page.status_code) == (503, 503)
    assert for_script["Retry-After"] == for_page["Retry-After"] == "5"
    assert "chưa được lưu" in for_script.json()["problem"]
    page = for_page.content.decode()
    assert "nội dung đã nhập còn ở đó" in page and "http-equiv" not in page, "nothing is sent twice"


def test_a_database_that_is_locked_too_long_is_no_fault_of_the_page(
    monkeypatch: pytest.MonkeyPatch, desk: Client, report: Report
) -> None:
    def locked(*_args: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("reports.views.report.report_head", locked)
    answer = desk.get(reverse("report", args=[report.pk]))
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert '<meta http-equiv="refresh" content="10">' in answer.content.decode()
    assert "locked" not in answer.content.decode()


def locked_database(*_args: Any, **_kwargs: Any) -> None:
    raise OperationalError("database is locked")


@pytest.mark.parametrize(
    ("where", "name"),
    [(SessionStore, "create_model_instance"), (ModelBackend, "get_user"), (User, "save")],
    ids=["the session", "the person", "the last login"],
)
def test_a_login_that_meets_a_locked_database_is_told_to_wait(
    monkeypatch: pytest.MonkeyPatch, report: Report, where: type, name: str
) -> None:
    monkeypatch.setattr(User, "check_password", lambda *_: True)
    person = {"username": "tongson", "password": "x"}
    browser = Client(raise_request_exception=False)
    with monkeypatch.context() as during:
        during.setattr(where, name, locked_database)
        answer = browser.post(reverse("login"), person)
        if answer.status_code == 302:  # the person is looked up on the next page
            answer = browser.get(answer["Location"])
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "Máy chủ đang bận" in answer.content.decode()
    assert browser.post(reverse("login"), person).status_code == 302, "and is taken afterwards"


def test_a_session_that_cannot_be_written_after_the_page_was_made_is_told_to_wait(
    monkeypatch: pytest.MonkeyPatch, desk: Client, report: Report
) -> None:
    desk.raise_request_exception = False
    monkeypatch.setattr(settings, "SESSION_SAVE_EVERY_REQUEST", True)
    monkeypatch.setattr(SessionStore, "save", locked_database)
    answer = desk.get(reverse("report", args=[report.pk]))
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    told = desk.get(reverse("report", args=[report.pk]), headers=JSON)
    assert (told.status_code, told["Retry-After"]) == (503, "10") and "problem" in told.json()


@pytest.mark.once
def test_a_fault_of_ours_is_still_a_fault(monkeypatch: pytest.MonkeyPatch, desk: Client) -> None:
    desk.raise_request_exception = False

    def broken(*_args: Any) -> None:
        raise ValueError

    monkeypatch.setattr(ModelBackend, "get_user", broken)
    assert desk.get(reverse("inbox")).status_code == 500


# --- counts of errors and warnings --------------------------------------------------------------------


def counts(report: Report) -> tuple[int | None, int | None]:
    now = Report.objects.get(pk=report.pk)
    return now.errors, now.warnings


def on_its_page(desk: Client, report: Report) -> tuple[int, int]:
    verdict = desk.get(reverse("checks", args=[report.pk])).context["verdict"]
    return len(verdict.errors), len(verdict.warnings)


def test_the_board_counts_what_the_page_of_checks_shows_whatever_changed(
    desk: Client, report: Report
) -> None:
    told = []
    type_in(desk, report, headers=JSON)
    told.append(counts(report))
    assert told[-1] == on_its_page(desk, report)
    page = reverse("evidence", args=[report.pk])
    chosen = desk.get(page).context["chosen"]
    desk.post(page, {"about": chosen, "explanation": "Không có văn bản."})
    told.append(counts(report))
    assert told[-1] == on_its_page(desk, report)
    (evidence,) = [one for one in evidence_of(report) if one.explanation == "Không có văn bản."]
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    desk.post(page, {"about": chosen, "files": file})
    assert counts(report) == on_its_page(desk, report)
    desk.post(reverse("remove_evidence", args=[report.pk, evidence.pk]))
    assert counts(report) == on_its_page(desk, report)
    assert told[0] != told[1], "an explanation takes a warning away"


def test_the_period_before_counts_too(desk: Client, report: Report) -> None:
    year = report_of(TONG_SON, "TH-2026-NAM")
    desk.post(reverse("carry_over", args=[year.pk]))
    assert counts(year) == on_its_page(desk, year) != (None, None)
    address = reverse("section", args=[year.pk, "procedures"])
    desk.post(address, {"procedures.received": "9"}, headers=JSON)  # far fewer than in nine months
    assert counts(year) == on_its_page(desk, year)
    type_in(desk, report, headers=JSON)
    desk.post(address, {"procedures.received": "10"}, headers=JSON)
    assert counts(year) == on_its_page(desk, year), "what changed in the report before is seen"


def test_a_report_from_a_file_shows_its_counts_on_the_board(
    desk: Client, report: Report, empty_report: Report
) -> None:
    from_file = to_json(load(report_of("15325"))) | {
        "unit": {"code": empty_report.unit.code, "kind": "xã", "name": "Hà Tân"}
    }
    assert counts(empty_report) == (None, None)
    import_report(json.dumps(from_file, ensure_ascii=False))
    after = Report.objects.get(pk=empty_report.pk)
    held = check(load(after), None, set())
    assert after.errors is not None and (after.errors + after.warnings) == len(held)


def test_every_report_of_the_demo_with_content_has_counts(db: None) -> None:
    filled = Report.objects.filter(revision__gt=0)
    assert filled.exists()
    assert list(filled.filter(errors=None)) == []


# --- lists of addresses -------------------------------------------------------------------------------


def views() -> dict[str, str]:
    """The source of the view of every address, with the helpers of its module that it calls."""
    found = {}
    for pattern in urlpatterns:
        view = inspect.unwrap(pattern.callback)
        module = inspect.getmodule(view)
        source = inspect.getsource(getattr(view, "view_class", view))
        own = {name: one for name, one in vars(module).items() if inspect.isfunction(one)
               and one.__module__ == module.__name__}  # fmt: skip
        waiting, seen = [source], set()
        while waiting:
            text = waiting.pop()
            for name in set(re.findall(r"\b(\w+)\(", text)) & set(own) - seen:
                seen.add(name)
                waiting.append(inspect.getsource(own[name]))
                source += waiting[-1]
        found[pattern.name] = source
    return found


@pytest.mark.once
def test_the_addresses_that_take_files_are_those_whose_views_read_files() -> None:
    reading = {name for name, source in views().items() if "request.FILES" in source}
    assert reading == TAKES_FILES


@pytest.mark.once
def test_every_address_that_shows_nothing_belongs_to_a_page_that_does() -> None:
    """Whoever must log in comes back to a page, so an address that only takes posts names one."""
    only_posts = {
        pattern.name for pattern in urlpatterns
        if re.search(r'@require_POST|methods\(\["POST"\]\)', inspect.getsource(inspect.unwrap(pattern.callback)))
        or pattern.name == "logout"
    }  # fmt: skip
    assert set(BELONGS_TO) == only_posts
    assert set(BELONGS_TO.values()) <= {pattern.name for pattern in urlpatterns} - only_posts
    for pattern in urlpatterns:
        if pattern.name in BELONGS_TO:
            known = {"pk": 7, "section": "plan", "code": "x"}
            given = {name: known[name] for name in pattern.pattern.converters}
            request = RequestFactory().post(reverse(pattern.name, kwargs=given))
            assert resolve(page_to_return_to(request)).url_name == BELONGS_TO[pattern.name]


# --- heavy requests -----------------------------------------------------------------------------------


@pytest.mark.once
def test_one_person_has_one_heavy_request_at_a_time_and_another_is_not_held_up(
    desk: Client, report: Report, leader: User
) -> None:
    clerk = User.objects.get(username="tongson")
    address = reverse("blank", args=[report.pk, "xlsx"])
    with one_at_a_time(clerk.pk):
        answer = desk.get(address)
        assert (answer.status_code, answer["Retry-After"]) == (503, "3")
        assert f'href="{address}"' in answer.content.decode()
        with one_at_a_time(leader.pk):
            pass
    assert desk.get(address).status_code == 200


@pytest.mark.once
def test_files_that_are_sent_and_the_bundle_wait_for_the_same_turn(
    desk: Client, report: Report
) -> None:
    clerk = User.objects.get(username="tongson")
    page = reverse("evidence", args=[report.pk])
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n")
    sent = {"about": desk.get(page).context["chosen"], "files": file}
    bundle = reverse("evidence_bundle", args=[report.pk])
    held = evidence_of(report)
    with one_at_a_time(clerk.pk):
        told, asked = desk.post(page, sent), desk.get(bundle)
        assert [(one.status_code, one["Retry-After"]) for one in (told, asked)] == [(503, "3")] * 2
        assert "data-words" in told.content.decode() and evidence_of(report) == held
        words = desk.post(page, sent | {"files": [], "explanation": "Chờ bản quét."})
        assert words.status_code == 302, "words alone are no weight"
    file.seek(0)
    assert desk.post(page, sent).status_code == 302
    assert len(evidence_of(report)) == len(held) + 2


@pytest.mark.once
def test_a_bundle_holds_its_turn_until_it_is_sent_or_nobody_reads_on(
    desk: Client, report: Report
) -> None:
    clerk = User.objects.get(username="tongson")
    address = reverse("evidence_bundle", args=[report.pk])
    for finish in (lambda one: b"".join(one.streaming_content), lambda one: one.close()):
        answer = desk.get(address)
        assert answer.status_code == 200
        with pytest.raises(Busy), one_at_a_time(clerk.pk):
            pass
        finish(answer)
        with one_at_a_time(clerk.pk):
            pass


@pytest.mark.once
def test_a_file_from_outside_that_finds_the_reader_busy_is_told_to_wait(
    monkeypatch: pytest.MonkeyPatch, desk: Client, report: Report
) -> None:
    readers = limited._readers
    real = readers.ask
    monkeypatch.setattr(
        readers, "ask", lambda r, c, limits, a: real(r, c, replace(limits, turn_seconds=0.05), a)
    )
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n")
    with readers.keeper.lock:
        form = desk.post(reverse("bring_in", args=[report.pk]), {"file": file})
        file.seek(0)
        page = reverse("evidence", args=[report.pk])
        proof = desk.post(page, {"about": desk.get(page).context["chosen"], "files": file})
    assert [(one.status_code, one["Retry-After"]) for one in (form, proof)] == [(503, "5")] * 2


@pytest.mark.once
@pytest.mark.pdf
def test_a_page_waits_for_the_press_only_so_long_and_asks_again(
    monkeypatch: pytest.MonkeyPatch, desk: Client, report: Report
) -> None:
    press = papers.press()
    monkeypatch.setattr(press, "patience", 0.05)
    with press.keeper.lock:
        for name in ("blank", "download"):
            answer = desk.get(reverse(name, args=[report.pk, "pdf"]))
            assert answer.status_code == 503 and answer["Retry-After"] == "5"
            assert '<meta http-equiv="refresh" content="5">' in answer.content.decode()
