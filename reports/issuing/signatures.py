"""A PDF that comes from outside: its digital signatures, and whether it says what was issued.

The file may be hostile, and reading it takes parsers of many formats: so it is read in a child process with
limits, which `limited` keeps. The results are a `Reading` and a `Comparison`; a file whose pages cannot be
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
class SignatureFacts:
    """One signature of a PDF.

    `intact`: whether the bytes signed are as they were; None when it cannot be judged. `signed_at` is
    the time of the signer's machine unless `timestamped`, then that of a trusted service.
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
    """Pages, scripts and signatures of a PDF; `signatures` is None when they cannot be read."""

    pages: int
    scripts: bool
    signatures: tuple[SignatureFacts, ...] | None


@dataclass(frozen=True)
class Comparison:
    """How the text of a file differs from the issued paper's, in lines for people.

    `added` reads like a mark of signing; `doubts` are differences of a recognised text; with `differences`
    the file is another paper.
    """

    match: Match
    added: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()


def read_signatures(content: bytes, name: str) -> Reading:
    """Read pages, scripts and signatures of a PDF. FileRefused when it does not open; Busy."""
    lines = _child_lines(
        "reports.issuing.signature_reader:read", content, str(settings.SIGNATURE_ROOTS)
    )
    if not lines:
        raise FileRefused(
            f"Tệp “{name}” không mở được trong giới hạn của máy chủ; cần tệp PDF mở được. Mời in hoặc "
            "quét lại thành PDF."
        )
    paper = lines[0]
    if paper.get("refused") == "password":
        raise FileRefused(
            f"Tệp “{name}” có đặt mật khẩu nên không mở được; mời gửi tệp PDF không có mật khẩu."
        )
    if "refused" in paper:
        raise FileRefused(
            f"Tệp “{name}” mang dạng PDF nhưng bên trong hỏng, không có trang nào đọc được; mời gửi lại "
            "tệp PDF đã ký."
        )
    signatures = tuple(map(_signature, lines[1]["signatures"])) if len(lines) > 1 else None
    return Reading(int(paper["pages"]), bool(paper["scripts"]), signatures)


def compare_with(content: bytes, issued: bytes) -> Comparison:
    """Compare the text of a PDF with the PDF that was issued. Busy."""
    lines = _child_lines(
        "reports.issuing.same_paper.reader:read", content + issued, str(len(content))
    )
    if not lines:
        return Comparison(Match.UNREAD)
    verdict = lines[0]
    added, doubts, differences = (
        tuple(clean_line(line) for line in verdict[name])
        for name in ("added", "doubts", "differences")
    )
    match = Match.TEXT_ADDED if added else Match.SAME_TEXT
    if verdict["pictures"]:
        match = Match.RECOGNISED if verdict["recognised"] else Match.SCAN
        whole = len(verdict["pictures"]) == verdict["pages"]
        pages = ", ".join(map(str, verdict["pictures"]))
        doubts = doubts if whole else (f"Các trang quét: {pages}", *doubts)
    elif verdict["begins"]:
        match = Match.SAME_BYTES
    return Comparison(match, added, doubts, differences)


def _child_lines(reader: str, content: bytes, argument: str) -> list[dict[str, Any]]:
    """The answers of a reader in the child process, as far as it came. Busy when its turn does not come."""
    limits = limited.Limits(
        settings.SIGNATURE_CPU_SECONDS,
        settings.SIGNATURE_MEMORY_BYTES,
        settings.SIGNATURE_WAIT_SECONDS,
    )
    return limited.ask(reader, content, limits, argument).lines


def _signature(data: dict[str, Any]) -> SignatureFacts:
    moment = _moment(data.pop("signed_at", ""))
    facts = SignatureFacts(**data, signed_at=moment)
    return replace(
        facts,
        signer=clean_line(facts.signer, LONGEST_NAME),
        organisation=clean_line(facts.organisation, LONGEST_NAME),
        issuer=clean_line(facts.issuer, LONGEST_NAME),
        coverage=facts.coverage and Coverage(facts.coverage).value,
        trust=Trust(facts.trust).value,
    )


def _moment(text: str) -> datetime | None:
    """The moment in UTC; None for a text that is none, or a year that no signature can have."""
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1990 <= moment.year < 2200 else None
