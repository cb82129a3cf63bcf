"""All evidence of a report as one ZIP, in the order of the paper, with a list of what is in it.

It is written as it is sent, so it costs no memory and no disk. Files are stored as they are: PDF,
pictures and Office files are compressed already. Names are plain letters, which every unpacker reads;
the list gives the names the senders know.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import PurePosixPath

from django.utils import timezone

from ..dossier import Dossier
from ..models import Evidence
from ..text.dates import format_date
from .holding import Held, Shelf

CONTENTS = "muc-luc.txt"


class Sink:
    """A file that is only written to; what was written is taken out piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is held open."""

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def plain(text: str, longest: int = 60) -> str:
    """Letters and digits without diacritics, words joined by `-`: `Chỉ đạo` → `Chi-dao`."""
    text = text.replace("đ", "d").replace("Đ", "D")
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", letters)[:longest].strip("-") or "tai-lieu"


def names(shelves: Iterable[Shelf]) -> Iterator[tuple[Shelf, Held, str]]:
    """Every piece with its name in the bundle, `01_Chi-dao-dieu-hanh/02_Bien-ban.pdf`; "" for words."""
    for position, shelf in enumerate(shelves, start=1):
        folder = f"{position:02}_{plain(shelf.section.label)}"
        number = 0
        for held in shelf.held:
            name = ""
            if held.evidence.file:
                number += 1
                stem = plain(PurePosixPath(held.evidence.filename).stem)
                name = f"{folder}/{number:02}_{stem}.{held.evidence.kind}"
            yield shelf, held, name


def bundle(dossier: Dossier, shelves: list[Shelf]) -> Iterator[bytes]:
    """The ZIP, piece by piece. A file that is gone from the disk is named in the list, not in the ZIP."""
    sink = Sink()
    placed = [
        (held.evidence, name) for _, held, name in names(shelves) if name and present(held.evidence)
    ]
    with zipfile.ZipFile(sink, "w") as archive:
        told = contents(dossier, shelves).replace("\n", "\r\n")
        # Notepad of old Windows wants the mark of UTF-8 and its line ends.
        archive.writestr(entry(CONTENTS, timezone.now()), told.encode("utf-8-sig"))
        for evidence, name in placed:
            with (
                evidence.file.storage.open(str(evidence.file.name)) as source,
                archive.open(entry(name, evidence.added_at), "w") as target,
            ):
                for chunk in source.chunks():
                    target.write(chunk)
                    yield sink.take()
    yield sink.take()


def present(evidence: Evidence) -> bool:
    return evidence.file.storage.exists(str(evidence.file.name))


def entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, timezone.localtime(moment).timetuple()[:6])
    made.external_attr = 0o644 << 16
    return made


def contents(dossier: Dossier, shelves: list[Shelf]) -> str:
    """The list: what each file proves, who sent it and when, explanations, and what is missing."""
    unit = str(dossier.unit)
    lines = [
        "TÀI LIỆU KIỂM CHỨNG",
        f"Báo cáo cải cách hành chính {dossier.period.phrase}, {unit[:1].upper()}{unit[1:]}",
    ]
    placed = list(names(shelves))
    for shelf in shelves:
        if not (shelf.held or shelf.missing):
            continue
        lines += ["", shelf.section.label.upper()]
        for _, held, name in (each for each in placed if each[0] is shelf):
            lines += described(held, name)
        lines += [f"- Chưa có tài liệu: {subject.label}" for subject in shelf.missing]
    return "\n".join([*lines, ""])


def described(held: Held, name: str) -> list[str]:
    evidence = held.evidence
    added = timezone.localtime(evidence.added_at)
    sender = f"{evidence.added_by}, {added:%H:%M} ngày {format_date(added.date())}"
    if not name:
        words = evidence.explanation.replace("\n", "\n  ")
        return [f"- Giải trình cho: {held.about}", f"  {words}", f"  ({sender})"]
    said = [f"- {name}", f"  Tên tệp: {evidence.filename}", f"  Kiểm chứng cho: {held.about}"]
    if not present(evidence):
        said.append("  Tệp không còn trên máy chủ; mời đơn vị gửi lại.")
    return [*said, f"  ({sender})"]
