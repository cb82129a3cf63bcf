"""The demo's archive, loaded once and copied: for each worker's tests, each portal that is served, each race.

What was made is kept between runs in `.setup/worlds`, under the day and a hash of all that it was made from:
code, fixtures, locks, settings in the environment. Another day's is removed, for what the demo did "today"
would be of yesterday; and of a day's all but the few used last. On PostgreSQL the tables are a template, a
database that nobody may enter. Whoever makes, copies or removes holds the lock.
"""

import fcntl
import hashlib
import os
import re
import secrets
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from ctypes.util import find_library
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from databases import OwnDatabase, drop, on_postgres, run, tested
from served import ROOT, collect_static, furnish

WORLDS = ROOT / ".setup" / "worlds"
#: So many of a kind are kept: of the present code, and of what it was a while ago.
KEPT = 3
TEMPLATES = "cchc_world"
#: Quick passwords, for tests and a browser's journeys log in a thousand times.
QUICK = {"DJANGO_SETTINGS_MODULE": "quick_settings", "PYTHONPATH": str(Path(__file__).parent)}
#: Letters of the archive hold addresses; those of the tests are `conftest`'s.
PORTAL_URL = "https://cchc.example"

LOCKS = ("requirements.lock", "package-lock.json", "node_modules/.package-lock.json")
#: What loading reads, and what static files are collected from.
LOADED = ("reports", "cchc_portal", "fixtures", "templates", "tests/quick_settings.py",
          "tests/served.py", "tests/worlds.py", *LOCKS)  # fmt: skip
STATIC = ("static", "docs/pictures", "cchc_portal", "tests/served.py", *LOCKS)


@contextmanager
def copied(home: Path, name: str, url: str = "") -> Iterator[str]:
    """The address of a copy of the archive, its files in the folder `home`; the database is gone afterwards.

    `name` is the database's on PostgreSQL; `url` is where the tests run, by default as the environment says.
    """
    url = url or tested()
    with ExitStack() as stack:
        with _locked():
            world = _world(url)
            template = _template_of(world) if on_postgres(url) else ""
            shutil.copytree(world, home, dirs_exist_ok=True)
            address = stack.enter_context(OwnDatabase(home, name, url, template))
        yield address


def copy_static(home: Path) -> None:
    """The static files of a portal that keeps its files in the folder `home`, as it serves them."""
    with _locked():
        made = _kept("static", STATIC, lambda place: collect_static(place, **QUICK))
        shutil.copytree(made, home, dirs_exist_ok=True)


@contextmanager
def _locked() -> Iterator[None]:
    WORLDS.mkdir(parents=True, exist_ok=True)
    with (WORLDS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _world(url: str) -> Path:
    """The folder of the archive for the engine of `url`."""
    if not on_postgres(url):
        return _kept(
            "sqlite", LOADED, lambda place: _load(place, f"sqlite:///{place}/portal.sqlite3")
        )
    _drop_other_days(url)
    return _kept("postgres", LOADED, lambda place: _load_template(place, url), url)


def _load(place: Path, database: str) -> None:
    furnish(place, database, static=False, PORTAL_URL=PORTAL_URL, **QUICK)


# --- templates on PostgreSQL --------------------------------------------------------------------------


def _load_template(place: Path, url: str) -> None:
    """The archive in a database with a name of its own, which the file `template` tells."""
    name = f"{TEMPLATES}_{_day()}_{secrets.token_hex(4)}"
    (place / "template").write_text(name, encoding="utf-8")
    own = OwnDatabase(place, name, url)
    try:
        _load(place, own.__enter__())
        run(url, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    except BaseException:
        drop(url, name)
        raise


def _template_of(place: Path) -> str:
    return (place / "template").read_text(encoding="utf-8")


def _is_there(place: Path, url: str) -> bool:
    """Whether the server still has the template; on SQLite all is in the folder."""
    if not url:
        return True
    return bool(run(url, "SELECT 1 FROM pg_database WHERE datname = %s", _template_of(place)))


def _drop_other_days(url: str) -> None:
    """Templates whose folder may be gone: every one that is not of today."""
    found = run(url, "SELECT datname FROM pg_database WHERE datname LIKE %s", f"{TEMPLATES}_%")
    for (name,) in found:
        if not name.startswith(f"{TEMPLATES}_{_day()}_"):
            drop(url, name)


# --- what is kept -------------------------------------------------------------------------------------


def _kept(kind: str, sources: Iterable[str], make: Callable[[Path], None], url: str = "") -> Path:
    """The folder that `make` filled, now or before, from the sources as they are; `url`: with a template."""
    place = WORLDS / f"{_day()}-{kind}-{_hash(sources)}"
    if place.is_dir() and not _is_there(place, url):
        shutil.rmtree(place)
    if not place.is_dir():
        making = WORLDS / "making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        make(making)
        making.rename(place)
    os.utime(place)
    _remove_old(kind, url)
    return place


def _remove_old(kind: str, url: str) -> None:
    """Those of another day, and all but the few used last."""
    made = sorted(WORLDS.glob(f"*-{kind}-*"), key=lambda place: -place.stat().st_mtime_ns)
    for number, place in enumerate(made):
        if number >= KEPT or not place.name.startswith(_day()):
            if url:
                drop(url, _template_of(place))
            shutil.rmtree(place)


def _day() -> str:
    """Today, as the portal counts days."""
    return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date().isoformat()


def _hash(sources: Iterable[str]) -> str:
    """Of the files, and of all else that loading is told: settings, interpreter, whether papers are printed."""
    digest = hashlib.sha256()
    for file in _files(sources):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(ROOT)} {content}\n".encode())
    settings = (ROOT / "cchc_portal" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'env\.\w+\(\s*"(\w+)"', settings)) | {"FONTCONFIG_FILE"}
    told = {
        name: os.environ.get(name) for name in sorted(names - {"DATABASE_URL", "VAR_DIR", "DEMO"})
    }
    digest.update(repr((told, sys.version, find_library("pango-1.0"))).encode())
    return digest.hexdigest()[:16]


def _files(sources: Iterable[str]) -> Iterator[Path]:
    for source in sources:
        place = ROOT / source
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file() and "__pycache__" not in file.parts:
                yield file
