"""The portal with the demo world, served as `./run demo` serves it: for browser tests and pictures."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANAGE = (sys.executable, str(ROOT / "manage.py"))


class Served(str):
    """The address of a running portal; `manage` reaches its database beside it."""

    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """One of Django's commands on the portal's database, such as `shell -c` with a script."""
        return subprocess.run(
            [*MANAGE, *arguments], env=self.environment, check=True, capture_output=True, text=True
        ).stdout


def furnish(
    home: Path,
    database: str,
    script: str = "",
    *,
    story: bool = False,
    static: bool = True,
    **more: str,
) -> None:
    """What a portal keeps, on an empty database: tables, the demo world, static files below `home`.

    The demo's people have seen what a first visit shows.

    `story`: the present story too, not the archive alone. `script` is run by Django's shell afterwards,
    `more` goes into the environment.
    """
    manage(home, database, "migrate", **more)
    told = ("--introduced", *(() if story else ("--archive",)))
    manage(home, database, "load_demo", *told, **more)
    if static:
        collect_static(home, **more)
    if script:
        manage(home, database, "shell", "-v0", "-c", script, **more)


def collect_static(home: Path, **more: str) -> None:
    """The static files, in the folder of a portal that keeps its files below `home`."""
    manage(home, f"sqlite:///{home / 'none.sqlite3'}", "collectstatic", "--noinput", **more)


def manage(home: Path, database: str, *command: str, **more: str) -> None:
    """One of Django's commands for the portal that keeps its files below `home`."""
    environment = {**surroundings(home, database), **more}
    subprocess.run([*MANAGE, *command], env=environment, check=True, capture_output=True)


def clock(moment: datetime) -> dict[str, str]:
    """The environment of a portal whose clock shows `moment` now, and goes on (`docs/clock/sitecustomize.py`)."""
    return {
        "CLOCK_SHIFT": str((moment - datetime.now(UTC)).total_seconds()),
        "PYTHONPATH": str(ROOT / "docs" / "clock"),
        "DEMO_TODAY": f"{moment:%Y-%m-%d}",
    }


def surroundings(home: Path, database: str) -> dict[str, str]:
    """The environment of a portal that keeps its files below `home`."""
    return {**os.environ, "DEMO": "1", "VAR_DIR": str(home), "DATABASE_URL": database}


@contextmanager
def served(home: Path, database: str, **more: str) -> Iterator[Served]:
    """A server on what `furnish` made; yields its address. `more` goes into the environment."""
    environment = {**surroundings(home, database), **more}
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    gunicorn = [
        sys.executable, "-m", "gunicorn", "cchc_portal.wsgi:application", "--workers", "2",
        "--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "warning",
        "--no-control-socket",
    ]  # fmt: skip
    process = subprocess.Popen(gunicorn, env=environment, cwd=ROOT)
    worker = subprocess.Popen([*MANAGE, "work"], env=environment, cwd=ROOT)
    try:
        address = Served(_answering(f"http://127.0.0.1:{port}", process))
        address.environment = environment
        yield address
    finally:
        worker.terminate()
        process.terminate()
        process.wait(120)
        worker.wait(120)


def _answering(address: str, process: subprocess.Popen[bytes]) -> str:
    for _ in range(1200):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return address
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("the server did not start") from None
            time.sleep(0.1)
    raise RuntimeError("the server did not answer within two minutes")
