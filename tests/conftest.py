"""The cast and the stage: the demo world, loaded once; each test plays in a transaction of its own.

Commune Hà Tiến (district Hà Trung) is "ours". `clerk` types there, `leader` and `records` look;
`reviewer` and nobody else of the cast reviews for the district; `stranger` is clerk of Lộc Thủy, under
another district; `admin` administers at the province. `outsider` has an account and no role.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from databases import OwnDatabase
from django.conf import settings
from django.db import connection
from django.test import Client
from served import Served, furnish, manage, served

from reports import loading
from reports.models import Report, User

HA_TIEN, LOC_THUY, DIEN_BIEN, TONG_SON = "15325", "20146", "14767", "15316"


def pytest_configure() -> None:
    os.environ.setdefault("DEMO", "1")
    settings.DEMO = True
    settings.MAIL, settings.PORTAL_URL = True, "https://cchc.example"
    # Whatever day it is: no period of the demo is near its deadline. Tests about reminders say when.
    settings.REMINDER_DAYS = []
    settings.EVIDENCE_DIR = Path(tempfile.mkdtemp(prefix="evidence-"))
    settings.EXPORT_DIR = Path(tempfile.mkdtemp(prefix="exports-"))
    # Two workers have the same person's number, each in a database of its own.
    settings.TURN_DIR = Path(tempfile.mkdtemp(prefix="turns-"))
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
    shutil.rmtree(settings.EVIDENCE_DIR, ignore_errors=True)
    shutil.rmtree(settings.EXPORT_DIR, ignore_errors=True)
    shutil.rmtree(settings.TURN_DIR, ignore_errors=True)


#: Modules about text, paper, files and scripts of a page: another database engine changes nothing in
#: them, so they are run once.
ONCE = {
    "test_agreement", "test_blank", "test_browser", "test_browser_entry", "test_browser_now", "test_browser_office", "test_browser_way", "test_checks", "test_compare", "test_encodings",
    "test_evidence", "test_file_modes", "test_house", "test_kept", "test_launcher", "test_limited", "test_old_text", "test_paper_hostile", "test_paper_layout",
    "test_paper_text", "test_press", "test_sentences", "test_signed", "test_structure", "test_truth_table", "test_vietnamese", "test_word", "test_workbook",
    "test_workbook_in",
}  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem in ONCE:
            item.add_marker("once")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The demo world, once for the whole run."""
    with django_db_blocker.unblock():
        name = str(connection.settings_dict["NAME"])
        assert "memory" in name or "test_" in name, f"{name} is not a test database"
        loading.load_catalogue()
        loading.load_demo()


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


# --- a real server, for browsers and races ---------------------------------------------------------


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The portal as `./run demo` serves it, on a database of its own; yields its address."""
    with portal(tmp_path_factory, "portal") as address:
        yield address


#: A browser's journeys log in a hundred times too.
QUICK = {"DJANGO_SETTINGS_MODULE": "quick_settings", "PYTHONPATH": str(Path(__file__).parent)}


@contextmanager
def portal(factory: pytest.TempPathFactory, name: str, script: str = "") -> Iterator[Served]:
    """A portal of the demo world that keeps everything in a folder of its own; yields its address.

    `script` is run by Django's shell before it is served.
    """
    home = factory.mktemp(name)
    with OwnDatabase(home) as url:
        if url.startswith("sqlite"):
            shutil.copytree(furnished(factory), home, dirs_exist_ok=True)
        else:
            furnish(home, url, **QUICK)
        if script:
            manage(home, url, "shell", "-v0", "-c", script, **QUICK)
        with served(home, url, **QUICK) as address:
            yield address


def furnished(factory: pytest.TempPathFactory) -> Path:
    """A folder with what a portal keeps, SQLite's file too; made once, by whichever worker asks first."""
    place = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    ready = place / "furnished"
    with (place / "furnished.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            making = place / "furnishing"
            making.mkdir()
            with OwnDatabase(making, url="sqlite:") as url:
                furnish(making, url, **QUICK)
            making.rename(ready)
    return ready
