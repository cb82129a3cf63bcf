"""What the portal writes is its account's alone, and what could not be written whole is gone."""

import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from reports.dossier.facts import load
from reports.evidence.holding import attach, subjects
from reports.exports import orders
from reports.jobs.turns import one_at_a_time
from reports.management import worker
from reports.models import Export, Report, ReportingPeriod, User
from reports.uploads.file_check import FileRefused

ROOT: Path = settings.BASE_DIR


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """The portal run by somebody whose files everybody may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def shelf(tmp_path: Path, settings: Any) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    settings.EXPORT_DIR = tmp_path / "exports"
    settings.TURN_DIR = tmp_path / "turns"
    return tmp_path


def modes(folder: Path) -> dict[str, set[int]]:
    """The modes of the files and of the folders below, and of the folder itself."""
    found: dict[str, set[int]] = {"files": set(), "folders": {stat.S_IMODE(folder.stat().st_mode)}}
    for path in folder.rglob("*"):
        kind = "folders" if path.is_dir() else "files"
        found[kind].add(stat.S_IMODE(path.stat().st_mode))
    return found


OWN = {"files": {0o600}, "folders": {0o700}}


def sent(report: Report, clerk: User, content: bytes) -> None:
    dossier = load(report)
    attach(
        report, next(iter(subjects(dossier).values())), SimpleUploadedFile("a.pdf", content), clerk
    )


def test_files_of_evidence_and_their_folders(shelf: Path, ha_tien: Report, clerk: User) -> None:
    sent(ha_tien, clerk, b"%PDF-1.4\n%%EOF\n")
    assert modes(shelf / "evidence") == OWN


def test_a_file_of_evidence_that_the_disk_has_no_room_for_is_gone_and_told(
    shelf: Path, ha_tien: Report, clerk: User
) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(FileRefused, match="Máy chủ hết chỗ lưu"):
            sent(ha_tien, clerk, b"%PDF-1.4\n" + b"%" * 100_000 + b"\n%%EOF\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path for path in (shelf / "evidence").rglob("*") if path.is_file()] == []


def asked(reviewer: User) -> Export:
    period = ReportingPeriod.objects.get(code="HT-2023-6T")
    return orders.ask(reviewer, period, Export.Kind.WORKBOOK, Export.Scope.SENT)


def test_a_finished_export_and_one_that_is_being_written(
    shelf: Path, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    real = orders._synced_size_and_hash

    def settle(draft: Path) -> Any:
        seen.append(stat.S_IMODE(draft.parent.stat().st_mode))
        return real(draft)

    monkeypatch.setattr(orders, "_synced_size_and_hash", settle)
    asked(reviewer)
    worker.drain()
    assert seen == [0o700], "nobody else looks into the folder of a draft"
    assert modes(shelf / "exports") == OWN


def test_an_export_that_fails_leaves_nothing(
    shelf: Path, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(path: Path, *_args: Any) -> None:
        path.write_bytes(b"half")
        raise ValueError

    monkeypatch.setattr(orders, "write_workbook", half)
    export = asked(reviewer)
    worker.drain()
    export.refresh_from_db()
    assert export.file == "" and list((shelf / "exports").iterdir()) == []


def test_the_turns_of_people(shelf: Path, clerk: User) -> None:
    with one_at_a_time(clerk.pk):
        assert stat.S_IMODE((shelf / "turns").stat().st_mode) == 0o700


#: A first write to the database, and what stands beside it then.
WRITE = (
    "import os; from django.db import connection;"
    "connection.cursor().execute('CREATE TABLE x (y int)'); print(os.listdir(os.environ['VAR_DIR']))"
)


@pytest.mark.parametrize(
    "command",
    [["manage.py", "shell", "-v0", "-c", WRITE], ["-c", "import cchc_portal.wsgi;" + WRITE]],
    ids=["a command", "a web worker"],
)
def test_the_embedded_database_and_what_stands_beside_it(
    tmp_path: Path, command: list[str]
) -> None:
    home = tmp_path / "var"
    home.mkdir(mode=0o700)
    surroundings = {**os.environ, "VAR_DIR": str(home), "DEMO": "1", "PYTHONPATH": str(ROOT)}
    surroundings |= {"DATABASE_URL": f"sqlite:///{home}/portal.sqlite3"}
    told = {"env": surroundings, "cwd": ROOT, "capture_output": True, "text": True}
    done = subprocess.run([sys.executable, *command], check=False, **told)
    assert "portal.sqlite3-wal" in done.stdout, done.stderr
    assert modes(home) == OWN


def test_a_large_upload_waits_in_a_file_of_the_portal_alone() -> None:
    with TemporaryUploadedFile("a.pdf", "application/pdf", 3, "") as upload:
        path = Path(upload.temporary_file_path())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.exists()
