"""A PDF that comes from outside: its digital signatures, and whether it says what was issued.

The file may be hostile and its reader is a parser of everything: so it is read in a child process with
limits, which `limited` keeps. What is found is a `Reading` and a `Comparison`; a file whose pages cannot be
opened is refused (`FileRefused`).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from ..enums import Coverage, Match, Trust
from ..text.typography import clean_line
from ..uploads import limited
from ..uploads.file_check import FileRefused

#: Names in a certificate are cut here again: some signs are cleaned into several letters.
LONGEST_NAME = 200


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


@dataclass(frozen=True)
class Comparison:
    """What the text of a file says beside the issued paper's, in lines for people.

    `added` reads like a mark of signing, `doubts` are what a recognised text has otherwise, and with
    `differences` the file is another paper.
    """

    match: Match
    added: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()


def read_signatures(content: bytes, name: str) -> Reading:
    """What the PDF says of itself; FileRefused when it does not open, Busy."""
    lines = _asked("reports.issuing.signature_reader:read", content, str(settings.SIGNATURE_ROOTS))
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


def compare_with(content: bytes, issued: bytes) -> Comparison:
    """What the text of a PDF says beside the PDF that was issued. Busy."""
    lines = _asked("reports.issuing.same_paper.reader:read", content + issued, str(len(content)))
    if not lines:
        return Comparison(Match.UNREAD)
    told = lines[0]
    added, doubts, differences = (
        tuple(clean_line(line) for line in told[name])
        for name in ("added", "doubts", "differences")
    )
    match = Match.TEXT_ADDED if added else Match.SAME_TEXT
    if told["pictures"]:
        match = Match.RECOGNISED if told["recognised"] else Match.SCAN
        whole = len(told["pictures"]) == told["pages"]
        pages = ", ".join(map(str, told["pictures"]))
        doubts = doubts if whole else (f"Các trang quét: {pages}", *doubts)
    elif told["begins"]:
        match = Match.SAME_BYTES
    return Comparison(match, added, doubts, differences)


def _asked(reader: str, content: bytes, argument: str) -> list[dict[str, Any]]:
    """The lines the child could write before it ended, or was ended. Busy when its turn does not come."""
    limits = limited.Limits(
        settings.SIGNATURE_CPU_SECONDS,
        settings.SIGNATURE_MEMORY_BYTES,
        settings.SIGNATURE_WAIT_SECONDS,
    )
    return limited.ask(reader, content, limits, argument).lines


def _signature(told: dict[str, Any]) -> SignatureFound:
    moment = _moment(told.pop("signed_at", ""))
    found = SignatureFound(**told, signed_at=moment)
    return replace(
        found,
        signer=clean_line(found.signer, LONGEST_NAME),
        organisation=clean_line(found.organisation, LONGEST_NAME),
        issuer=clean_line(found.issuer, LONGEST_NAME),
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
