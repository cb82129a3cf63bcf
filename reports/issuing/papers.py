"""The papers of a report: made from its dossier once, stored, served from then on.

A stored paper is found by a key that names all its bytes depend on: the report's revision and frame,
outline, appendix, names of the units, and what of this software shapes a paper (`paper_sources`). So an
unchanged report costs one query and no composing.
"""

import json
import os
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from .. import dossier as dossiers
from ..compose import compose
from ..documents import html
from ..documents.docx import make_docx
from ..documents.xlsx import make_workbook
from ..dossier.json import to_json
from ..models import Report, StoredPaper
from . import paper_sources
from .press import Press

CONTENT_TYPES: Mapping[str, str] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


class NoAppendix(ValueError):
    """The period asks for no appendix, so there is no workbook."""


@cache
def press() -> Press:
    """The press of this process; its child starts with the first paper."""
    new_press = Press(
        settings.PAPER_CPU_SECONDS,
        settings.PAPER_MEMORY_BYTES,
        settings.PAPER_WAIT_SECONDS,
        press_environment(),
    )
    new_press.patience = settings.PAPER_TURN_SECONDS
    return new_press


def press_environment() -> dict[str, str]:
    """The environment of the child that prints, with the configuration of the paper's fonts."""
    environment = dict(os.environ)
    if settings.FONTCONFIG_FILE.exists():
        environment["FONTCONFIG_FILE"] = str(settings.FONTCONFIG_FILE)
    return environment


@cache
def writing() -> str:
    """`paper_sources.shape`, computed once: after an update of the software no old paper is served."""
    return paper_sources.shape()


def paper_key(report: Report) -> str:
    """A hash of everything that the bytes of the report's papers depend on. No query when `report` comes with
    `paper_relations`. A new name, item or row touches the `changed_at` of the object it belongs to."""
    period, indicator_set = report.period, report.indicator_set
    depends = (
        writing(),
        report.pk,
        report.state,
        report.revision,
        report.paper.number,
        report.paper.issued_on,
        report.unit.changed_at,
        period.changed_at,
        period.kind.phrase,
        period.kind.next_phrase,
        period.superior.changed_at,
        report.outline.changed_at,
        indicator_set and indicator_set.changed_at,
    )
    return sha256(repr(depends).encode()).hexdigest()


#: What `paper_key` reads beside the report itself.
paper_relations = (
    "unit", "period__kind", "period__superior", "outline", "indicator_set", "paper"
)  # fmt: skip


def paper(report: Report, file_format: str) -> bytes:
    """The report as html, pdf, docx, xlsx or json; stored bytes when nothing changed since.

    NoAppendix for a workbook of a period without one; PaperTooCostly, PaperFailed,
    NativeLibrariesMissing from the press.
    """
    stored = stored_paper(report, file_format)
    if stored is not None:
        return stored
    key = paper_key(report)
    content = MAKERS[file_format](report)
    with transaction.atomic():
        StoredPaper.objects.update_or_create(
            report=report,
            format=file_format,
            defaults={"key": key, "content": content, "sha256": sha256(content).hexdigest()},
        )
    return content


def stored_paper(report: Report, file_format: str) -> bytes | None:
    """The stored bytes, when nothing changed since they were made. One query."""
    stored = StoredPaper.objects.filter(report=report, format=file_format).first()
    return bytes(stored.content) if stored and stored.key == paper_key(report) else None


def make_html(report: Report) -> bytes:
    return html.page(compose(dossiers.load(report))).encode()


def make_pdf(report: Report) -> bytes:
    return press().make(html.page(compose(dossiers.load(report))))


def make_word(report: Report) -> bytes:
    return make_docx(compose(dossiers.load(report)))


def make_xlsx(report: Report) -> bytes:
    document = compose(dossiers.load(report))
    if not document.appendices:
        raise NoAppendix(str(report))
    return make_workbook(document)


def make_json(report: Report) -> bytes:
    data = to_json(dossiers.load(report))
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


MAKERS: Mapping[str, Callable[[Report], bytes]] = {
    "html": make_html,
    "pdf": make_pdf,
    "docx": make_word,
    "xlsx": make_xlsx,
    "json": make_json,
}
