"""Files printed by LibreOffice, for tests."""

import os
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / ".setup" / "fonts.conf"


def printed(content: bytes, ending: str) -> bytes:
    """The PDF that LibreOffice makes of a file, `docx` or `xlsx`.

    It ends with 0 whatever happens: also when it could not load the file or write the other one, and when
    another of the same profile, which outlived whoever started it, took the work over. So the profile is this
    process' own, nothing is left running, and what it said is told where no paper came.
    """
    home = _home()
    source, paper = home / f"paper.{ending}", home / "paper.pdf"
    source.write_bytes(content)
    paper.unlink(missing_ok=True)
    command = ["soffice", f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless",
               "--convert-to", "pdf", "--outdir", str(home), str(source)]  # fmt: skip
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        env={**os.environ, "FONTCONFIG_FILE": str(FONTS)},
    )  # fmt: skip
    try:
        said, _ = running.communicate(timeout=300)
    finally:
        _end(running)
    assert paper.exists(), f"LibreOffice ended with {running.returncode} and no paper: {said}"
    return paper.read_bytes()


@cache
def _home() -> Path:
    """A folder that no other run ever had: an office of an earlier run would know its name."""
    return Path(tempfile.mkdtemp(prefix="office-"))


def _end(running: subprocess.Popen[str]) -> None:
    """Whatever it started too: the office itself is a grandchild."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
