"""Digital signatures of a PDF that comes from outside, read by a child process with limits.

The file may be hostile and its reader is a parser of everything: so it is read in a process of its own
that ends when it takes too much processor time, memory or waiting, and that asks no other host. What is
found is a `Reading`; a file whose pages cannot be opened is refused (`FileRefused`).
"""

import json
import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from .enums import Coverage, Trust
from .file_check import FileRefused
from .vietnamese import clean_text

logger = logging.getLogger(__name__)
#: One file at a time in a web worker: several together would want the machine's memory.
_turn = threading.Lock()


@dataclass(frozen=True)
class SignatureFound:
    """One signature as its file tells it.

    `intact`: whether the bytes signed are as they were; None when it cannot be judged. `signed_at` is
    what the signer's machine said unless `timestamped`, then what a trusted service attests.
    """

    intact: bool | None
    signer: str = ""
    organisation: str = ""
    issuer: str = ""
    certificate: str = ""
    coverage: str = ""
    trust: str = Trust.UNKNOWN.value
    signed_at: datetime | None = None
    timestamped: bool = False


@dataclass(frozen=True)
class Reading:
    """A PDF as it was read. `signatures` is None when whether it has any cannot be told."""

    pages: int
    scripts: bool
    signatures: tuple[SignatureFound, ...] | None


def read_signatures(content: bytes, name: str) -> Reading:
    """What the PDF says of itself; FileRefused when it does not open."""
    if not _turn.acquire(timeout=settings.SIGNATURE_WAIT_SECONDS):
        raise FileRefused("Máy chủ đang kiểm tra tệp khác; mời gửi lại sau ít phút.")
    try:
        lines = _ask_child(content)
    finally:
        _turn.release()
    if not lines:
        raise FileRefused(
            f"Tệp “{name}” không mở được trong giới hạn của máy chủ; cần tệp PDF mở được. Mời in hoặc "
            "quét lại thành PDF."
        )
    told = lines[0]
    if told.get("refused") == "password":
        raise FileRefused(
            f"Tệp “{name}” có đặt mật khẩu nên không mở được; mời gửi tệp PDF không có mật khẩu."
        )
    if "refused" in told:
        raise FileRefused(
            f"Tệp “{name}” mang dạng PDF nhưng bên trong hỏng, không có trang nào đọc được; mời gửi lại "
            "tệp PDF đã ký."
        )
    found = tuple(map(_signature, lines[1]["signatures"])) if len(lines) > 1 else None
    return Reading(int(told["pages"]), bool(told["scripts"]), found)


def _ask_child(content: bytes) -> list[dict[str, Any]]:
    """The lines the child could write before it ended, or was ended."""
    limits = [str(settings.SIGNATURE_CPU_SECONDS), str(settings.SIGNATURE_MEMORY_BYTES)]
    command = [sys.executable, "-m", "reports.signature_reader", str(settings.SIGNATURE_ROOTS)]
    ended: int | str
    try:
        child = subprocess.run(
            [*command, *limits],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=settings.SIGNATURE_WAIT_SECONDS,
            env={**os.environ, "PYTHONPATH": str(settings.BASE_DIR)},
            check=False,
        )
        told, ended = child.stdout, child.returncode
    except subprocess.TimeoutExpired as late:
        told, ended = late.stdout or b"", "too late"
    if ended != 0:
        logger.warning("the reader of signatures ended: %s", ended)
    return [json.loads(line) for line in told.splitlines(keepends=True) if line.endswith(b"\n")]


def _signature(told: dict[str, Any]) -> SignatureFound:
    moment = _moment(told.pop("signed_at", ""))
    found = SignatureFound(**told, signed_at=moment)
    return replace(
        found,
        signer=clean_text(found.signer, multiline=False),
        organisation=clean_text(found.organisation, multiline=False),
        issuer=clean_text(found.issuer, multiline=False),
        coverage=found.coverage and Coverage(found.coverage).value,
        trust=Trust(found.trust).value,
    )


def _moment(text: str) -> datetime | None:
    """A moment as databases and screens can hold it; None for the rest, which a file may well claim."""
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1990 <= moment.year < 2200 else None
