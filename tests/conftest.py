"""The cast and the stage: the demo world, loaded once; each test plays in a transaction of its own.

Commune Hà Tiến (district Hà Trung) is "ours". `clerk` types there, `leader` and `records` look;
`reviewer` and nobody else of the cast reviews for the district; `stranger` is clerk of Lộc Thủy, under
another district; `admin` administers at the province. `outsider` has an account and no role.
"""

import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import worlds
from django.conf import settings
from django.db import connection
from django.test import Client
from served import Served, manage, served

from reports.documents.tree import Document
from reports.issuing import release
from reports.models import Report, User
from reports.views import blanks

#: What this worker's portal keeps.
HOME = Path(tempfile.mkdtemp(prefix="tests-"))
HA_TIEN, LOC_THUY, DIEN_BIEN, TONG_SON = "15325", "20146", "14767", "15316"


def pytest_configure() -> None:
    os.environ.setdefault("DEMO", "1")
    settings.DEMO = True
    settings.MAIL, settings.PORTAL_URL = True, worlds.PORTAL_URL
    # Whatever day it is: no period of the demo is near its deadline. Tests about reminders say when.
    settings.REMINDER_DAYS = []
    # Two workers have the same person's number, each in a database and a folder of its own.
    settings.EVIDENCE_DIR, settings.EXPORT_DIR = HOME / "evidence", HOME / "exports"
    settings.TURN_DIR = HOME / "turns"
    for folder in (settings.EVIDENCE_DIR, settings.EXPORT_DIR, settings.TURN_DIR):
        folder.mkdir(mode=0o700)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # Every test client starts a portal of its own, which would look through all static files.
    settings.WHITENOISE_AUTOREFRESH = True
    # Hashing is slow on purpose; the tests log in a thousand times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


#: Modules about text, paper, files, words on pages and scripts: another database engine changes nothing in
#: them, so they are run once, but for the tests marked `every_engine`. Of each page and each way of writing
#: one test at least meets every engine, and so does all that is about locks, constraints, triggers, order,
#: conditions, sums, bytes and days.
ONCE = {
    "test_access", "test_agreement", "test_blank", "test_browser", "test_browser_entry", "test_browser_groups", "test_browser_guide", "test_browser_now", "test_browser_office", "test_browser_screens", "test_browser_search", "test_browser_way", "test_carrying", "test_checks", "test_commands", "test_compare", "test_conflicts", "test_demo", "test_demo_now", "test_directory", "test_dossier", "test_encodings", "test_entry",
    "test_evidence", "test_file_modes", "test_guides", "test_house", "test_importing", "test_kept", "test_launcher", "test_limited", "test_no_codes", "test_old_text", "test_page_owner", "test_paper_hostile", "test_paper_layout",
    "test_pages", "test_paper_text", "test_press", "test_query", "test_scripts", "test_sentences", "test_signed", "test_signed_match", "test_structure", "test_truth_table", "test_typing", "test_vietnamese", "test_zip_packages", "test_field_names", "test_save_page", "test_way", "test_word", "test_words", "test_workbook",
    "test_workbook_in",
}  # fmt: skip


def pytest_collection_finish() -> None:
    """All that was imported stays to the end: the collector of garbage need not look through it each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem in ONCE and not item.get_closest_marker("every_engine"):
            item.add_marker("once")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo's archive, once for the whole run: a database of this worker's, on SQLite in memory."""
    database, worker = connection.settings_dict, os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{Path(str(database['NAME'])).stem}_{worker}"
    with worlds.copied(HOME, name) as address:
        with django_db_blocker.unblock():
            if connection.vendor == "sqlite":
                database["NAME"] = f"file:{name}?mode=memory&cache=shared"
                read_into_memory(address.removeprefix("sqlite:///"))
            else:
                database["NAME"] = name
        yield
        with django_db_blocker.unblock():
            connection.close()


def read_into_memory(file: str) -> None:
    """Django's connection, with all that a file of SQLite holds."""
    with closing(sqlite3.connect(file)) as source:
        source.execute("PRAGMA journal_mode=DELETE")  # memory has no log to write ahead
        connection.ensure_connection()
        source.backup(connection.connection)


def of_examples(number: int) -> int:
    """So many random examples on SQLite, a third of them on PostgreSQL: there it is the columns that are tried."""
    return number if connection.vendor == "sqlite" else number // 3


def _user(username: str) -> User:
    return User.objects.get(username=username)


@pytest.fixture
def clerk(db: None) -> User:
    return _user("hatien")


@pytest.fixture
def leader(db: None) -> User:
    return _user("hatien_lanhdao")


@pytest.fixture
def records(db: None) -> User:
    return _user("hatien_vanthu")


@pytest.fixture
def reviewer(db: None) -> User:
    return _user("hatrung_noivu")


@pytest.fixture
def stranger(db: None) -> User:
    return _user("locthuy")


@pytest.fixture
def admin(db: None) -> User:
    return _user("quantri")


@pytest.fixture
def outsider(db: None) -> User:
    return User.objects.create_user("nguoi_ngoai", password="x", full_name="Người ngoài")


@pytest.fixture
def ha_tien(db: None) -> Report:
    return report_of(HA_TIEN)


@pytest.fixture
def loc_thuy(db: None) -> Report:
    return report_of(LOC_THUY)


@pytest.fixture
def dien_bien(db: None) -> Report:
    return report_of(DIEN_BIEN)


#: The period of the report that the demo world has of each unit.
PERIODS = {
    HA_TIEN: "HT-2023-6T", LOC_THUY: "LT-2022-Q1", DIEN_BIEN: "DB-2021-6T", TONG_SON: "TH-2026-NAM"
}  # fmt: skip


def report_of(unit: str, period: str = "") -> Report:
    """The unit's report of the period, if none is named the one that most tests are about."""
    reports = Report.objects.select_related("unit", "period").filter(unit__code=unit)
    return reports.get(period__code=period or PERIODS[unit])


@pytest.fixture
def empty_report(ha_tien: Report) -> Report:
    """A sister commune's report of the same period, with nothing entered."""
    reports = Report.objects.filter(period=ha_tien.period, unit__name="Hà Tân")
    return reports.select_related("unit", "period").get()


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser in which this person is logged in."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


#: The files of papers by all that they say.
PRINTED: dict[str, dict[str, bytes]] = {}


@pytest.fixture
def papers_printed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper that was printed in another test is not printed again; for tests that ask what becomes of it."""
    make = release.print_all

    def printed(document: Document) -> dict[str, bytes]:
        content = repr(document)
        if content not in PRINTED:
            PRINTED[content] = make(document)
        return dict(PRINTED[content])

    monkeypatch.setattr(release, "print_all", printed)


@pytest.fixture
def blank_forms_are_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that ask who gets a blank form, not what it holds; writing one takes most of a second."""
    monkeypatch.setattr(blanks, "blank_file", lambda *_: b"PK")


# --- a real server, for browsers and races ---------------------------------------------------------


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The portal as `./run demo` serves it, on a database of its own; yields its address."""
    with portal(tmp_path_factory, "portal") as address:
        yield address


@contextmanager
def portal(factory: pytest.TempPathFactory, name: str, script: str = "") -> Iterator[Served]:
    """A portal of the demo's archive that keeps everything in a folder of its own; yields its address.

    `script` is run by Django's shell before it is served.
    """
    home = factory.mktemp(name)
    with worlds.copied(home, f"cchc_{name}_{os.getpid()}") as url:
        worlds.copy_static(home)
        if script:
            manage(home, url, "shell", "-v0", "-c", script, **worlds.QUICK)
        with served(home, url, **worlds.QUICK) as address:
            yield address
