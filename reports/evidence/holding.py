"""Evidence of a report: which figures ask for it, what was given, and the functions that add and remove it.

A subject is what a piece of evidence proves: a section as a whole, one of its figures, a document cited there.
The outline and the appendix say which figures ask for evidence. Evidence is files, so it is no part of the
dossier or its JSON, and adding some does not change the report's revision.
"""

import errno
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.http import Http404
from django.utils import timezone

from .. import audit
from ..access import locked_report
from ..catalogue.field_names import FieldKind, FieldName
from ..catalogue.values import TableRow
from ..dossier import Dossier
from ..entry.progress import sections_of
from ..enums import Section, ValueKind, Verb
from ..models import Evidence, Report, User
from ..text.dates import format_date
from ..text.numbers import format_size
from ..text.typography import clean_lines
from ..uploads.file_check import FileRefused, clean_name, kind_of, with_ending

log = logging.getLogger(__name__)
LONGEST_EXPLANATION = 2_000


@dataclass(frozen=True)
class Subject:
    """What a piece of evidence proves; `code` is "" for the section as a whole."""

    section: Section
    code: str
    label: str

    @property
    def name(self) -> str:
        """How a form names it: a section, a figure's code, `documents@<uid>`."""
        return self.code or self.section.value


@dataclass(frozen=True)
class LabelledEvidence:
    """One piece of evidence with the label of its subject."""

    evidence: Evidence
    label: str


@dataclass(frozen=True)
class SectionEvidence:
    """The evidence of one section: the pieces given, the subjects that lack one, all that a new one may be for."""

    section: Section
    pieces: tuple[LabelledEvidence, ...]
    missing: tuple[Subject, ...]
    subjects: tuple[Subject, ...]

    @property
    def first(self) -> Subject:
        """The subject that the form of the section offers first."""
        return (self.missing or self.subjects)[0]

    @property
    def alone(self) -> tuple["SectionEvidence"]:
        """The choice of a form that offers this section only."""
        return (self,)


# --- subjects and what they lack: pure functions of a dossier --------------------------------------


def subjects(dossier: Dossier) -> dict[str, Subject]:
    """Everything evidence may be given for, by name, in the order of the paper.

    Sections as a whole, figures that are answered or ask for evidence, documents cited. The page of
    the paper's frame holds nothing to prove.
    """
    needing = figures_needing_evidence(dossier)
    listed: list[Subject] = []
    for section in sections_of(dossier):
        if section == Section.PAPER:
            continue
        listed.append(Subject(section, "", "Cả phần"))
        listed += [
            Subject(section, code, figure.label)
            for code, figure in dossier.catalogue.items()
            if figure.section == section
            and not figure.table
            and figure.kind != ValueKind.TEXT
            and (code in needing or dossier.value(code).answered)
        ]
        listed += [
            Subject(section, str(FieldName.row("documents", row.uid)), document_label(row))
            for row in dossier.tables.get("documents", ())
            if row.keys["part"] == section
        ]
    return {subject.name: subject for subject in listed}


def document_label(row: TableRow) -> str:
    """`Kế hoạch số 05/KH-UBND ngày 05/8/2024`, or its subject when it has no number."""
    label = str(row.keys["kind_label"])
    if row.keys["number"]:
        symbol = row.keys["symbol"]
        label += f" số {row.keys['number']}" + (f"/{symbol}" if symbol else "")
    elif row.keys["subject"]:
        label += f" {str(row.keys['subject'])[:80]}"
    day = row.day("date")
    return label + (f" ngày {format_date(day)}" if day else "")


def figures_needing_evidence(dossier: Dossier) -> set[str]:
    """The figures for which this outline or this appendix asks for evidence."""
    rows = dossier.indicators.rows if dossier.indicators else ()
    codes = {row.figure for row in rows if row.evidence and row.applies}
    codes |= set(dossier.outline.evidence)
    last_day = dossier.period.data_to
    return {code for code in codes if dossier.catalogue[code].valid_on(last_day)}


def missing_evidence(dossier: Dossier, with_evidence: Collection[str]) -> list[Subject]:
    """The figures that ask for evidence and have neither file nor explanation.

    `with_evidence` are the names of subjects that have some. Nothing occurred, nothing to prove: 0, "không phát
    sinh" and a figure not yet entered ask for none.
    """
    needing = figures_needing_evidence(dossier)
    return [
        subject
        for subject in subjects(dossier).values()
        if subject.code in needing
        and subject.code not in with_evidence
        and dossier.value(subject.code).answered
        and dossier.value(subject.code).number != 0
    ]


def evidence_by_section(dossier: Dossier, rows: Iterable[Evidence]) -> Iterator[SectionEvidence]:
    """The evidence of every section, in the order of the paper."""
    rows = list(rows)
    by_name = subjects(dossier)
    missing = missing_evidence(dossier, {row.subject for row in rows})
    sections = {subject.section: None for subject in by_name.values()}
    # Evidence stays in sight, even when the outline asks for its section no more.
    sections |= {Section(row.section): None for row in rows}
    for section in sections:
        yield SectionEvidence(
            section,
            tuple(
                LabelledEvidence(row, label_of(row, by_name))
                for row in rows
                if row.section == section
            ),
            tuple(subject for subject in missing if subject.section == section),
            tuple(subject for subject in by_name.values() if subject.section == section),
        )


def section_evidence(
    dossier: Dossier, section: Section, rows: Iterable[Evidence]
) -> SectionEvidence:
    """The evidence of one section that the report has."""
    return next(group for group in evidence_by_section(dossier, rows) if group.section == section)


def totals(groups: Iterable[SectionEvidence]) -> dict[str, int]:
    """How many pieces of evidence a report has (`pieces`), and how many figures still lack one (`missing`)."""
    groups = list(groups)
    return {
        "pieces": sum(len(group.pieces) for group in groups),
        "missing": sum(len(group.missing) for group in groups),
    }


def label_of(row: Evidence, by_name: Mapping[str, Subject]) -> str:
    """The label of what a piece proves, also when that was deleted since."""
    subject = by_name.get(row.subject or row.section)
    if subject is not None:
        return subject.label
    name = FieldName.read(row.subject)
    of_row = name is not None and name.kind == FieldKind.ROW
    return "Văn bản đã xóa" if of_row else "Số liệu đã xóa"


# --- what is stored -------------------------------------------------------------------------------


def evidence_of(report: Report) -> list[Evidence]:
    """Everything a report holds, in the order it was added. One query."""
    return list(Evidence.objects.filter(report=report).select_related("added_by"))


def evidence_in(report: Report, pk: int) -> Evidence:
    """One piece of a report's evidence; Http404 when it is not this report's."""
    evidence = Evidence.objects.filter(report=report, pk=pk).select_related("added_by").first()
    if evidence is None:
        raise Http404("Không có tài liệu này.")
    return evidence


After = Callable[[Report], object]


def nothing(_locked: Report) -> None:
    """The default of `then`: nothing more to do."""


def attach(
    report: Report, subject: Subject, upload: UploadedFile, by: User, then: After = nothing
) -> tuple[Evidence, bool]:
    """Store a file for a subject; returns it and whether it is new there.

    The same content twice for one subject is stored once. The file is written before the lock is taken, and
    deleted again unless the row was committed. `then` runs in the same transaction, with the report locked.
    FileRefused with the reason; Refused and Http404 as `access`.
    """
    name = clean_name(upload.name or "")
    size = upload.size or 0
    if size > settings.EVIDENCE_MAX_BYTES:
        raise FileRefused(
            f"Tệp “{name}” nặng {format_size(size)}; mỗi tệp tối đa "
            f"{format_size(settings.EVIDENCE_MAX_BYTES)}."
        )
    kind = kind_of(upload, name)
    upload.seek(0)
    digest = sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    evidence = Evidence(
        report=report, section=subject.section, subject=subject.code, kind=kind, added_by=by,
        filename=with_ending(name, kind), size=size, sha256=digest.hexdigest(),
    )  # fmt: skip
    try:
        evidence.file.save(name, upload, save=False)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        log.error("No room for evidence in %s", settings.EVIDENCE_DIR)
        raise FileRefused(
            f"Máy chủ hết chỗ lưu nên chưa nhận tệp “{name}”; mời báo quản trị rồi gửi lại sau."
        ) from error
    committed = False
    try:
        with transaction.atomic():
            locked = locked_report(by, report.pk, Verb.EDIT, subject.section)
            same_content = {
                "subject": subject.code,
                "section": subject.section,
                "sha256": evidence.sha256,
            }
            twin = locked.evidence.filter(**same_content).first()
            if twin is not None:
                return twin, False
            refuse_when_full(locked, evidence)
            evidence.save()
            note = f"Đính kèm tệp “{evidence.filename}”"
            audit.record(locked, Verb.EDIT, by, note, subject.section)
            then(locked)
        committed = True
    finally:
        if not committed:
            evidence.file.storage.delete(str(evidence.file.name))
    return evidence, True


def refuse_when_full(report: Report, evidence: Evidence) -> None:
    """FileRefused when the report holds as many files, or bytes, as one may."""
    files = report.evidence.exclude(file="")
    if files.count() >= settings.EVIDENCE_MAX_FILES:
        raise FileRefused(
            f"Báo cáo đã có {settings.EVIDENCE_MAX_FILES} tệp, là số tối đa; tệp "
            f"“{evidence.filename}” chưa được nhận. Mời xóa tệp không cần hoặc ghép các tệp lại."
        )
    total = (files.aggregate(total=Sum("size"))["total"] or 0) + evidence.size
    if total > settings.EVIDENCE_MAX_TOTAL_BYTES:
        raise FileRefused(
            f"Thêm tệp “{evidence.filename}” thì các tệp của báo cáo nặng {format_size(total)}; "
            f"tối đa {format_size(settings.EVIDENCE_MAX_TOTAL_BYTES)}. Mời giảm dung lượng bản quét."
        )


def explain(
    report: Report, subject: Subject, text: str, by: User, then: After = nothing
) -> Evidence:
    """Keep an explanation for a subject, in place of the one it had. Refused, Http404 as `access`."""
    text = clean_lines(text, LONGEST_EXPLANATION)
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.EDIT, subject.section)
        evidence, _ = Evidence.objects.update_or_create(
            report=locked, section=subject.section, subject=subject.code, sha256="",
            defaults={"explanation": text, "added_by": by, "added_at": timezone.now()},
        )  # fmt: skip
        note = f"Giải trình thay tài liệu kiểm chứng: {text}"
        audit.record(locked, Verb.EDIT, by, note, subject.section)
        then(locked)
    return evidence


def remove(report: Report, pk: int, by: User, then: After = nothing) -> Evidence:
    """Take one piece away for good; its file goes when that is committed. Refused, Http404."""
    section = Section(evidence_in(report, pk).section)
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.EDIT, section)
        evidence = evidence_in(locked, pk)
        evidence.delete()
        label = f"tệp “{evidence.filename}”" if evidence.file else "lời giải trình"
        audit.record(locked, Verb.EDIT, by, f"Bỏ {label}", section)
        then(locked)
        if evidence.file:
            stored, storage = str(evidence.file.name), evidence.file.storage
            transaction.on_commit(lambda: storage.delete(stored))
    return evidence
