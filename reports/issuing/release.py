"""Releases: the files kept of an approved report, and of the issued one with number and date.

Made before the report's row is locked, because printing takes a second; kept only when the report still
stands at the revision they were made from. Later downloads serve these bytes, whatever becomes of code,
fonts, units or outlines. What is issued is what was approved: the document that the approval kept, with
number, date and signer filled in. An approval from before documents were kept is composed from its dossier.
"""

import json
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from ..catalogue.outlines import indicator_facts, outline_facts
from ..checks.gate import NotYet
from ..compose import compose_unnumbered
from ..documents import html
from ..documents.docx import make_docx
from ..documents.issue import IssueDetails, numbered
from ..documents.pdf import NativeLibrariesMissing
from ..documents.tree import Document
from ..documents.tree_json import pack, unpack
from ..documents.xlsx import make_workbook
from ..dossier import Dossier, load
from ..dossier.json import frame_from_json, frame_to_json, from_json, to_json
from ..enums import Verb
from ..jobs.busy import Busy
from ..models import Release, ReleasedFile, Report, User
from ..verbs import VERBS, Snapshot
from .papers import press
from .press import PaperFailed, PaperTooCostly, PressBusy

#: Letters of a short code: none that is mistaken for another on paper.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
#: The printer in place of `print_all`: the demo's story prints in the background.
printing: ContextVar[Callable[[Document], dict[str, bytes]] | None] = ContextVar(
    "printing", default=None
)


@dataclass(frozen=True)
class IssuedPaper:
    """The number and date that văn thư gives a signed report."""

    number: int
    issued_on: date
    #: Who signed, where the approved report does not name them.
    signer: str = ""


@dataclass(frozen=True)
class Source:
    """What the files of a release are made from: the report in its format, what that names, and the paper
    before it has a number."""

    data: dict[str, Any]
    frame: str
    document: Document


@dataclass(frozen=True)
class PreparedRelease:
    """The files of a release before it is kept, and the sources they were made from."""

    kind: Release.Kind
    revision: int
    step: int
    dossier: str
    frame: str
    document: bytes
    files: dict[str, bytes]


KINDS = {Snapshot.APPROVED: Release.Kind.APPROVED, Snapshot.ISSUED: Release.Kind.ISSUED}


def prepare(report: Report, verb: Verb, paper: IssuedPaper | None) -> PreparedRelease | None:
    """The release that the verb keeps, printed; None for verbs that release nothing. NotYet when printing fails."""
    keeps = VERBS[verb].keeps
    if keeps not in KINDS:
        return None
    source = source_of(load(report)) if paper is None else approved(report)
    data = source.data if paper is None else issued(source.data, report, paper)
    dossier = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    return PreparedRelease(
        KINDS[keeps], data["revision"], report.step, dossier, source.frame, pack(source.document),
        (printing.get() or print_all)(numbered(source.document, given_in(data))),
    )  # fmt: skip


def source_of(dossier: Dossier) -> Source:
    """The source of a report, composed now."""
    frame = json.dumps(frame_to_json(dossier), ensure_ascii=False)
    document = compose_unnumbered(dossier)
    return Source(to_json(dossier), frame, document)


def approved(report: Report) -> Source:
    """The source that was kept when this version was approved; one query.

    An approval from before documents were kept is composed once more, when it is issued, and what was
    issued then is what a correction of its number issues again.
    """
    releases = report.releases.filter(version=report.version)
    by_kind = {release.kind: release for release in releases.exclude(kind=Release.Kind.REPLACED)}
    first, last = by_kind.get(Release.Kind.APPROVED), by_kind.get(Release.Kind.ISSUED)
    for release in filter(None, (first, last)):
        if release.document:
            return Source(
                json.loads(release.dossier), release.frame, unpack(bytes(release.document))
            )
    return source_of(approved_dossier(report, first) if first else load(report))


def issued(data: dict[str, Any], report: Report, paper: IssuedPaper) -> dict[str, Any]:
    """The report in its JSON format with number, date and signer filled in."""
    signer = paper.signer or data["paper"]["signer_name"] or report.paper.signer_name
    given = {
        "number": paper.number,
        "issued_on": paper.issued_on.isoformat(),
        "signer_name": signer,
    }
    return {**data, "state": report.state, "paper": {**data["paper"], **given}}


def approved_dossier(report: Report, release: Release) -> Dossier:
    """The dossier kept with a release; with the present outline where none was kept."""
    if release.frame:
        frame = frame_from_json(json.loads(release.frame))
    else:
        frame = (outline_facts(report.outline), *indicator_facts(report.indicator_set))
    return from_json(json.loads(release.dossier), *frame)


def given_in(data: dict[str, Any]) -> IssueDetails:
    """Number, date and signer as the report in its format has them."""
    framed = data["paper"]
    day = framed["issued_on"] and date.fromisoformat(framed["issued_on"])
    year = date.fromisoformat(data["period"]["deadline"]).year
    return IssueDetails(framed["number"], day, framed["signer_name"], year)


def print_all(document: Document) -> dict[str, bytes]:
    """The files of a document by format. Busy while the press is; NotYet when no PDF can be made."""
    page = html.page(document)
    try:
        files = {"pdf": press().make(page), "docx": make_docx(document), "html": page.encode()}
    except PressBusy as error:
        raise Busy("Máy chủ đang tạo các văn bản khác nên chưa ghi nhận việc vừa rồi.") from error
    except (NativeLibrariesMissing, PaperFailed, PaperTooCostly) as error:
        raise NotYet(
            ["Máy chủ chưa tạo được bản PDF nên chưa ghi nhận; mời báo quản trị."]
        ) from error
    if document.appendices:
        files["xlsx"] = make_workbook(document)
    return files


def keep(report: Report, prepared: PreparedRelease, by: User, at: datetime) -> Release:
    """Store the release and its files, under the lock of the report's row. NotYet when the report changed since."""
    if report.revision != prepared.revision:
        raise NotYet(["Báo cáo vừa thay đổi trong lúc tạo văn bản. Mời thực hiện lại."])
    release = Release.objects.create(
        report=report, version=report.version, kind=prepared.kind, code=new_code(), at=at,
        by=by, dossier=prepared.dossier, dossier_sha256=sha256(prepared.dossier.encode()).hexdigest(),
        frame=prepared.frame, document=prepared.document,
    )  # fmt: skip
    for name, content in prepared.files.items():
        ReleasedFile.objects.create(
            release=release, format=name, content=content, sha256=sha256(content).hexdigest()
        )
    return release


def set_aside(report: Report) -> None:
    """Mark the issued release as replaced, before one with a corrected number or date; it stays readable."""
    issued = report.releases.filter(version=report.version, kind=Release.Kind.ISSUED)
    issued.update(kind=Release.Kind.REPLACED)


def new_code() -> str:
    """`K7QM-2XHD`: 40 bits, which nobody guesses and anybody can type."""
    letters = [secrets.choice(LETTERS) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def content_of(release: Release, file_format: str) -> bytes | None:
    """The bytes of one file of a release; None when it has no such file."""
    if file_format == "json":
        return release.dossier.encode()
    file = release.files.filter(format=file_format).first()
    return bytes(file.content) if file else None


def paper_in_force(report: Report) -> Document | None:
    """The document of the release in force, numbered once it is issued; one query.

    None while there is no such release, or one from before documents were kept.
    """
    releases = report.releases.filter(version=report.version).exclude(kind=Release.Kind.REPLACED)
    release = releases.defer("frame").order_by("-at", "-pk").first()
    if release is None or not release.document:
        return None
    return numbered(unpack(bytes(release.document)), given_in(json.loads(release.dossier)))


def in_force(report: Report) -> Release | None:
    """The issued release of this version, else the approved one; None while a reopened report has no new one."""
    releases = report.releases.filter(version=report.version).defer(*Release.HEAVY)
    return releases.filter(kind=Release.Kind.ISSUED).first() or releases.first()
