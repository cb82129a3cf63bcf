"""All evidence of a report as one ZIP, in the order of the paper, with a list of what is in it.

The ZIP is written while it is sent, so it takes no memory and no disk. Files are not compressed again: PDF,
pictures and Office files are already. Names are plain letters, which every unpacker reads; the list gives the
names under which the files were sent.
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
from .holding import LabelledEvidence, SectionEvidence

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


def named_pieces(
    groups: Iterable[SectionEvidence],
) -> Iterator[tuple[SectionEvidence, LabelledEvidence, str]]:
    """Every piece with its name in the bundle, `01_Chi-dao-dieu-hanh/02_Bien-ban.pdf`; "" for an explanation."""
    for position, group in enumerate(groups, start=1):
        folder = f"{position:02}_{plain(group.section.label)}"
        number = 0
        for piece in group.pieces:
            name = ""
            if piece.evidence.file:
                number += 1
                stem = plain(PurePosixPath(piece.evidence.filename).stem)
                name = f"{folder}/{number:02}_{stem}.{piece.evidence.kind}"
            yield group, piece, name


def bundle(dossier: Dossier, groups: list[SectionEvidence]) -> Iterator[bytes]:
    """The ZIP, piece by piece. A file that is gone from the disk is named in the list, not in the ZIP."""
    sink = Sink()
    files = [
        (piece.evidence, name)
        for _, piece, name in named_pieces(groups)
        if name and present(piece.evidence)
    ]
    with zipfile.ZipFile(sink, "w") as archive:
        listing = contents(dossier, groups).replace("\n", "\r\n")
        # Notepad of old Windows wants the mark of UTF-8 and its line ends.
        archive.writestr(entry(CONTENTS, timezone.now()), listing.encode("utf-8-sig"))
        for evidence, name in files:
            with (
                evidence.file.storage.open(str(evidence.file.name)) as source,
                archive.open(entry(name, evidence.added_at), "w") as target,
            ):
                for chunk in source.chunks():
                    target.write(chunk)
                    yield sink.take()
    yield sink.take()


def present(evidence: Evidence) -> bool:
    """Whether the file is still on the disk."""
    return evidence.file.storage.exists(str(evidence.file.name))


def entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    """The header of one file in the ZIP, dated in local time and readable by everybody."""
    info = zipfile.ZipInfo(name, timezone.localtime(moment).timetuple()[:6])
    info.external_attr = 0o644 << 16
    return info


def contents(dossier: Dossier, groups: list[SectionEvidence]) -> str:
    """The text of the list: what each file proves, who sent it and when, explanations, and what is missing."""
    unit = str(dossier.unit)
    lines = [
        "TÀI LIỆU KIỂM CHỨNG",
        f"Báo cáo cải cách hành chính {dossier.period.phrase}, {unit[:1].upper()}{unit[1:]}",
    ]
    placed = list(named_pieces(groups))
    for group in groups:
        if not (group.pieces or group.missing):
            continue
        lines += ["", group.section.label.upper()]
        for _, piece, name in (each for each in placed if each[0] is group):
            lines += described(piece, name)
        lines += [f"- Chưa có tài liệu: {subject.label}" for subject in group.missing]
    return "\n".join([*lines, ""])


def described(piece: LabelledEvidence, name: str) -> list[str]:
    """The lines about one piece in the list; an explanation has no `name`."""
    evidence = piece.evidence
    added = timezone.localtime(evidence.added_at)
    sender = f"{evidence.added_by}, {added:%H:%M} ngày {format_date(added.date())}"
    if not name:
        explanation = evidence.explanation.replace("\n", "\n  ")
        return [f"- Giải trình cho: {piece.label}", f"  {explanation}", f"  ({sender})"]
    lines = [f"- {name}", f"  Tên tệp: {evidence.filename}", f"  Kiểm chứng cho: {piece.label}"]
    if not present(evidence):
        lines.append("  Tệp không còn trên máy chủ; mời đơn vị gửi lại.")
    return [*lines, f"  ({sender})"]
