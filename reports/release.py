"""What leaves the house: the bytes of an approved report, and of the issued one with number and date.

Made before the report's row is locked, because printing takes a second; kept only when the report still
stands at the revision they were made from. Later downloads serve these bytes, whatever becomes of code,
fonts, units or outlines.
"""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from .compose import compose
from .document import html
from .document.docx import make_docx
from .document.pdf import NativeLibrariesMissing
from .document.press import PaperFailed, PaperTooCostly
from .document.xlsx import make_workbook
from .dossier import Dossier, load
from .dossier_json import to_json
from .enums import Verb
from .gate import NotYet
from .models import Release, ReleasedFile, Report, User
from .papers import press

#: Letters of a short code: none that is mistaken for another on paper.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class IssuedPaper:
    """The number and date that văn thư gives a signed report."""

    number: int
    issued_on: date


@dataclass(frozen=True)
class Made:
    """The files of a release, and what they were made from."""

    kind: Release.Kind
    revision: int
    step: int
    dossier: str
    files: dict[str, bytes]


KINDS = {Verb.APPROVE: Release.Kind.APPROVED, Verb.ISSUE: Release.Kind.ISSUED}


def prepare(report: Report, verb: Verb, paper: IssuedPaper | None) -> Made | None:
    """The files that go with the verb; None for verbs that release nothing. NotYet when they cannot be made."""
    if verb not in KINDS:
        return None
    if verb == Verb.ISSUE and paper is None:
        raise NotYet(["Cần ghi số và ngày ban hành."])
    dossier = load(report)
    if paper is not None:
        framed = replace(dossier.paper, number=paper.number, issued_on=paper.issued_on)
        dossier = replace(dossier, paper=framed)
    told = json.dumps(to_json(dossier), ensure_ascii=False, indent=1) + "\n"
    return Made(KINDS[verb], dossier.revision, report.step, told, print_all(dossier))


def print_all(dossier: Dossier) -> dict[str, bytes]:
    document = compose(dossier)
    page = html.page(document)
    try:
        files = {"pdf": press().make(page), "docx": make_docx(document), "html": page.encode()}
    except (NativeLibrariesMissing, PaperFailed, PaperTooCostly) as error:
        raise NotYet(
            ["Máy chủ chưa tạo được bản PDF nên chưa ghi nhận; mời báo quản trị."]
        ) from error
    if document.appendices:
        files["xlsx"] = make_workbook(document)
    return files


def keep(report: Report, made: Made, by: User, at: datetime) -> Release:
    """Keep the files, under the lock of the report's row."""
    if report.revision != made.revision:
        raise NotYet(["Báo cáo vừa thay đổi trong lúc tạo văn bản. Mời thực hiện lại."])
    kept = Release.objects.create(
        report=report, version=report.version, kind=made.kind, code=new_code(), at=at,
        by=by, dossier=made.dossier, dossier_sha256=sha256(made.dossier.encode()).hexdigest(),
    )  # fmt: skip
    for name, content in made.files.items():
        ReleasedFile.objects.create(
            release=kept, format=name, content=content, sha256=sha256(content).hexdigest()
        )
    return kept


def new_code() -> str:
    """`K7QM-2XHD`: 40 bits, which nobody guesses and anybody can type."""
    letters = [secrets.choice(LETTERS) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def content_of(kept: Release, file_format: str) -> bytes | None:
    """The bytes of one file of a release; None when it has no such file."""
    if file_format == "json":
        return kept.dossier.encode()
    file = kept.files.filter(format=file_format).first()
    return bytes(file.content) if file else None


def in_force(report: Report) -> Release | None:
    """The release that counts: the issued one, else the approved one, of this version; None while a
    reopened report has no new one."""
    kept = report.releases.filter(version=report.version)
    return kept.filter(kind=Release.Kind.ISSUED).first() or kept.first()
