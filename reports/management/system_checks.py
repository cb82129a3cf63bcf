"""Django system checks: libraries and font of the paper, trusted root certificates, mail.

A letter that a font lacks is taken from another face without an error, so the check prints the hardest
Vietnamese letters in the four faces and reads the embedded fonts back. A success is remembered in VAR_DIR until
font or library change.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from ..documents.natives import native_versions

LETTERS = "Ữ ợ ặ Ỹ ẵ ĩ"
FACES = {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"}
PROBE = (
    "<!doctype html><meta charset='utf-8'><style>p{font-family:'Times New Roman',Tinos,serif}</style>"
    f"<p>{LETTERS} <b>{LETTERS}</b> <i>{LETTERS}</i> <b><i>{LETTERS}</i></b></p>"
)
#: Run in a child with the paper's font settings; prints face names and whether a glyph is missing.
READER = """
import sys
from reports.documents.pdf import make_pdf
sys.stdout.buffer.write(make_pdf(sys.stdin.read(), uncompressed_pdf=True))
"""


@checks.register()
def paper_can_be_made(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """reports.W001 without Pango; reports.E002 when a letter would come from another face."""
    stamp = settings.VAR_DIR / f"fonts-{_state()}.ok"
    if stamp.exists():
        return []
    pdf = _probe()
    if pdf is None:
        return [
            checks.Warning(
                "Papers cannot be made as PDF: Pango is not installed.",
                hint="apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
                id="reports.W001",
            )
        ]
    problem = font_problem(pdf)
    if problem:
        return [
            checks.Error(
                f"The paper's font is not complete: {problem}.",
                hint="./run prepares the font Tinos; FONTCONFIG_FILE must name .setup/fonts.conf.",
                id="reports.E002",
            )
        ]
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    stamp.touch()
    return []


@checks.register()
def roots_can_be_read(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """reports.E003 without the folder of SIGNATURE_ROOTS; reports.W003 names files that are no certificates."""
    if not settings.SIGNATURE_ROOTS:
        return []
    folder = Path(settings.SIGNATURE_ROOTS)
    hint = "docs/deployment.md, “Signatures”, says what it holds."
    if not folder.is_dir():
        return [
            checks.Error(f"SIGNATURE_ROOTS is no folder: {folder}", hint=hint, id="reports.E003")
        ]
    # Read late: the library takes half a second, and only portals with roots need it here.
    from ..issuing.signature_reader import read_roots

    no_certificates = read_roots(folder)[1]
    message = f"SIGNATURE_ROOTS holds files that are no certificates: {', '.join(no_certificates)}"
    return [checks.Warning(message, hint=hint, id="reports.W003")] if no_certificates else []


@checks.register(deploy=True)  # for `check --deploy`: who runs another command knows it by now
def mail_can_go(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """reports.W004 without a mail server; reports.W005 when letters cannot say where the portal is."""
    if not settings.MAIL:
        return [
            checks.Warning(
                "No mail goes out: people are told in the portal alone.",
                hint="Set EMAIL_URL, such as smtp+tls://user:password@host:587, and PORTAL_URL.",
                id="reports.W004",
            )
        ]
    if not settings.PORTAL_URL:
        return [
            checks.Warning(
                "Letters hold no links: PORTAL_URL is not set.",
                hint="Set PORTAL_URL to the portal's address, such as https://cchc.example.vn.",
                id="reports.W005",
            )
        ]
    return []


def _state() -> str:
    """A hash of what the answer depends on: the font's files, its configuration, the libraries."""
    files = [*sorted(settings.FONT_DIR.rglob("*.ttf")), settings.FONTCONFIG_FILE]
    sizes = [f"{path}:{path.stat().st_size}" for path in files if path.exists()]
    return sha256(
        "\n".join([version("weasyprint"), *native_versions(), *sizes]).encode()
    ).hexdigest()[:16]


def _probe() -> bytes | None:
    """The PDF of the probe, printed in a child with the paper's fonts; None when no PDF can be made."""
    from ..issuing.papers import press_environment

    done = subprocess.run(
        [sys.executable, "-c", READER],
        input=PROBE.encode(),
        capture_output=True,
        env=press_environment(),
        cwd=settings.BASE_DIR,
        check=False,
    )
    return done.stdout if done.returncode == 0 else None


def font_problem(pdf: bytes) -> str:
    """The problem of the fonts in an uncompressed PDF of the probe; "" when there is none."""
    faces = {name.decode() for name in re.findall(rb"/BaseFont /[A-Z]{6}\+([\w-]+)", pdf)}
    if faces != FACES:
        return (
            f"embedded {', '.join(sorted(faces)) or 'nothing'}, expected {', '.join(sorted(FACES))}"
        )
    mapped = {
        chr(int(code, 16)) for code in re.findall(rb"<[0-9A-Fa-f]{4}> <([0-9A-Fa-f]{4})>", pdf)
    }
    missing = [letter for letter in LETTERS.split() if mapped and letter not in mapped]
    return f"no glyph for {' '.join(missing)}" if missing else ""
