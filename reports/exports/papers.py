"""The papers of a period in one file: a ZIP of folders, or one PDF with a bookmark for every unit.

Either is written to disk report by report. An approved report gives the bytes that were kept of it
(`release.in_force`), another its stored papers.
"""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pikepdf
from django.utils import timezone

from ..documents.pdf import NativeLibrariesMissing
from ..enums import State
from ..evidence.bundle import plain
from ..issuing.papers import NoAppendix, paper, stored_paper
from ..issuing.press import PaperFailed, PaperTooCostly
from ..issuing.release import content_of, in_force
from ..issuing.signed_copies import current_copy
from ..models import Report
from ..text.dates import format_date
from .table import Head

FORMATS = ("pdf", "docx", "xlsx")
#: The signed copy that counts, beside what the portal makes.
SIGNED = "signed"
#: The name of each file behind the report's number or code, and its label in messages.
NAMES = {
    "pdf": "bao-cao.pdf",
    "docx": "bao-cao.docx",
    "xlsx": "phu-luc.xlsx",
    SIGNED: "da-ky.pdf",
}
FORMAT_LABELS = {"pdf": "bản PDF", "docx": "bản Word", "xlsx": "phụ lục Excel"}
RELEASED = (State.APPROVED, State.ISSUED)
CONTENTS, NOT_MADE = "_danh-sach.txt", "_chua-tao-duoc.txt"
#: Reports that are put together before the whole: the streams of a finished part stay on the disk.
PART = 40
TROUBLES = (PaperFailed, PaperTooCostly, NativeLibrariesMissing)
WITHDRAWN = "báo cáo vừa được đơn vị rút lại hoặc bị trả lại"


@dataclass(frozen=True)
class Paper:
    """One file of a report; `content` None when it cannot be made, `note` what the list says of it."""

    report: Report
    name: str
    file_format: str
    content: bytes | None
    note: str = ""


def papers_of(report: Report, formats: tuple[str, ...], given_up: bool) -> Iterator[Paper]:
    """The files of one report, each made when it is asked for. No workbook without an appendix.

    `given_up`: making them failed before, so only what is stored is taken.
    """
    release = in_force(report) if report.state in RELEASED else None
    number = report.paper.number if report.state == State.ISSUED else None
    stem = f"so-{number}" if number else release.code if release else "chua-phe-duyet"
    for file_format in formats:
        name = f"{stem}_{NAMES[file_format]}"
        if file_format == SIGNED:
            copy = current_copy(report) if report.state == State.ISSUED else None
            if copy is not None:
                note = "" if copy.sure else f" ({copy.get_match_display().lower()})"
                yield Paper(report, name, file_format, bytes(copy.content), note)
            continue
        try:
            content = content_of(release, file_format) if release else None
            if content is None:
                content = (stored_paper if given_up else paper)(report, file_format)
        except NoAppendix:
            continue
        except TROUBLES:
            content = None
        if content is not None or file_format != "xlsx" or report.indicator_set_id:
            yield Paper(report, name, file_format, content)


@dataclass(frozen=True)
class Source:
    """What goes into a file: the units in order, and the papers of one of them (none once it has left
    the scope); `absent`, a line for each unit that is not in it. `report_progress` is called after each
    unit with how many are done."""

    heads: list[Head]
    absent: list[str]
    papers: Callable[[Head, tuple[str, ...]], Iterator[Paper]]
    report_progress: Callable[[int], None]
    title: str
    at: datetime


def write_zip(path: Path, source: Source) -> list[str]:
    """Write the ZIP; returns a line for each paper that could not be made.

    Files are stored as they are: PDF, DOCX and XLSX are compressed already.
    """
    troubles, lines = [], []
    width = max(2, len(str(len(source.heads))))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for position, head in enumerate(source.heads, start=1):
            folder = f"{position:0{width}}_{plain(head.code)}_{plain(head.unit)}"
            lines.append(f"{folder}: {head.unit}, {head.state.label.lower()}")
            count = 0
            for paper in source.papers(head, (*FORMATS, SIGNED)):
                count += 1
                if paper.content is None:
                    troubles.append(f"{head.unit}: {FORMAT_LABELS[paper.file_format]}")
                    continue
                archive.writestr(_entry(f"{folder}/{paper.name}", source.at), paper.content)
                lines.append(f"    {paper.name}{paper.note}")
            if not count:
                troubles.append(f"{head.unit}: {WITHDRAWN}")
            source.report_progress(position)
        archive.writestr(_entry(CONTENTS, source.at), _text(_contents(source, lines)))
        if troubles:
            archive.writestr(_entry(NOT_MADE, source.at), _text(["CHƯA TẠO ĐƯỢC", "", *troubles]))
    return troubles


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, timezone.localtime(moment).timetuple()[:6])
    made.external_attr = 0o644 << 16
    return made


def _text(lines: list[str]) -> bytes:
    # Notepad of old Windows wants the mark of UTF-8 and its line ends.
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


def _contents(source: Source, lines: list[str]) -> list[str]:
    day = timezone.localtime(source.at)
    contents = [
        source.title.upper(),
        f"Tạo lúc {day:%H:%M} ngày {format_date(day.date())}",
        "",
        *lines,
    ]
    return [*contents, "", "KHÔNG CÓ TRONG TỆP NÀY", *source.absent] if source.absent else contents


def absence(head: Head) -> str:
    """`Xã Hà Tiến: đang soạn`: why a unit is not in the file."""
    return f"{head.unit}: {head.state.label.lower()}" + (f" ({head.reason})" if head.reason else "")


def write_pdf(path: Path, source: Source) -> list[str]:
    """Write one PDF of all reports, a bookmark for each; returns a line for each that could not be made.

    Pages are gathered in parts that are saved and read from disk again, so that memory holds the bytes
    of one part and of the others no more than the outlines of their pages.
    """
    troubles: list[str] = []
    parts: list[Path] = []
    bookmarks: list[tuple[str, int]] = []
    pages = 0
    for begun in range(0, len(source.heads), PART):
        with pikepdf.new() as part:
            for position, head in enumerate(source.heads[begun : begun + PART], start=begun + 1):
                paper = next(source.papers(head, ("pdf",)), None)
                if paper is None or paper.content is None:
                    troubles.append(f"{head.unit}: {FORMAT_LABELS['pdf'] if paper else WITHDRAWN}")
                else:
                    bookmarks.append((head.unit, pages))
                    pages += _append(part, BytesIO(paper.content))
                source.report_progress(position)
            parts.append(path.with_suffix(f".{len(parts)}"))
            part.save(parts[-1])
    if pages:
        _join(path, parts, bookmarks, source)
    return troubles


def _append(whole: pikepdf.Pdf, file: Path | BytesIO) -> int:
    """Append the pages of a PDF to `whole`; returns their number."""
    with pikepdf.open(file) as pdf:
        whole.pages.extend(pdf.pages)
        return len(pdf.pages)


def _join(path: Path, parts: list[Path], bookmarks: list[tuple[str, int]], source: Source) -> None:
    with pikepdf.new() as whole:
        for part in parts:
            _append(whole, part)
            source.report_progress(len(source.heads))
        with whole.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(unit, page) for unit, page in bookmarks)
        whole.docinfo["/Title"] = source.title
        whole.Root.PageMode = pikepdf.Name.UseOutlines
        whole.Root.Lang = pikepdf.String("vi")
        whole.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
