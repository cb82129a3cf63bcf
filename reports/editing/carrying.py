"""Starting a report from the unit's one before: what stays true is taken over, and marked.

Taken over are the figures whose catalogue entry says so, rows of the tables that carry, documents
still in force, the clerk's texts and the frame of the paper; only where the report has nothing yet.
Each stays marked until a person confirms or changes it.
"""

from collections.abc import Iterator

from django.db import transaction

from .. import audit
from ..catalogue.field_names import PAPER, FieldName
from ..catalogue.outlines import ItemFacts
from ..catalogue.values import MISSING, TableRow, Value
from ..compose.report import markers
from ..dossier import Dossier, PaperFacts
from ..enums import DocumentPurpose, Section, Verb
from ..models import TABLES, Report, Row, User
from ..text.names import fold
from .writing import Edits, save


def carry_over(report: Report, dossier: Dossier, previous: Dossier, by: User) -> int:
    """Write what `proposal` offers into the report; returns how many contents. Refused, Http404 as `access`.

    Moved when somebody wrote to the report since `dossier` was read; then nothing was taken over.
    """
    edits_by_section = proposal(dossier, previous)
    with transaction.atomic():
        revision = dossier.revision
        for section, edits in edits_by_section.items():
            revision = save(report, section, edits, by, dossier.catalogue, revision).revision
        taken = sum(len(edits.carried) for edits in edits_by_section.values())
        if taken:
            summary = f"Lấy {taken} nội dung từ báo cáo {previous.period.phrase}"
            audit.record(report, Verb.EDIT, by, summary)
    return taken


def proposal(dossier: Dossier, previous: Dossier) -> dict[Section, Edits]:
    """The edits that take over from the report before, by section; empty when there is nothing."""
    edits_by_section: dict[Section, Edits] = {}
    for section, code, value in _figures(dossier, previous):
        edits = edits_by_section.setdefault(section, Edits())
        edits.figures[code, ""] = value
        edits.carried.add(code)
    for model in TABLES:
        for section, row in _rows(model, dossier, previous):
            edits = edits_by_section.setdefault(section, Edits())
            edits.rows[model.table, row.uid] = {n: row.keys[n] for n in model.key_columns()}
            edits.figures |= {(code, row.uid): value for code, value in row.values.items()}
            edits.carried.add(str(FieldName.row(model.table, row.uid)))
    for item in _texts(dossier, previous):
        edits = edits_by_section.setdefault(item.section, Edits())
        narrative = previous.narratives[item.code]
        edits.narratives[item.code] = {
            "text": narrative.text, "placement": narrative.placement.value, "made_from": narrative.made_from,
        }  # fmt: skip
        edits.carried.add(str(FieldName.text(item.code)))
    frame = vars(previous.paper) | {"number": None, "issued_on": None}
    if dossier.paper == PaperFacts() and frame != vars(PaperFacts()):
        edits_by_section[Section.PAPER] = Edits(paper=frame, carried={str(PAPER)})
    return edits_by_section


def _figures(dossier: Dossier, previous: Dossier) -> Iterator[tuple[Section, str, Value]]:
    """Figures that carry and are entered in this period too; not those only stated as printed."""
    last = dossier.period.data_to
    for code, figure in dossier.catalogue.items():
        value = previous.figures.get(code, MISSING)
        before = previous.catalogue.get(code)
        same = before is not None and (before.kind, before.unit) == (figure.kind, figure.unit)
        if (
            figure.carries and figure.section and not figure.table and figure.valid_on(last)
            and same and value.answered and not value.stated
            and not dossier.figures.get(code, MISSING).answered
        ):  # fmt: skip
            yield figure.section, code, value


def _rows(
    model: type[Row], dossier: Dossier, previous: Dossier
) -> Iterator[tuple[Section, TableRow]]:
    """Rows of a table that carries, unless the report has a row about the same already."""
    if not model.carries:
        return
    present = dossier.tables.get(model.table, ())
    about = {_about(model, row) for row in present}
    uids = {row.uid for row in present}
    for row in previous.tables.get(model.table, ()):
        if _about(model, row) in about or row.uid in uids:
            continue
        own = model.section is not None
        taken = _own_row(model, dossier, row) if own else _document(dossier, row)
        if taken is not None:
            yield model.page_of(taken.keys), taken


def _about(model: type[Row], row: TableRow) -> tuple[object, ...]:
    """The keys by which two rows are the same: the column that is unique, or all keys."""
    unique = model.unique_column()
    names = (unique,) if unique else tuple(name for name in model.keys if name != "item")
    return tuple(fold(str(row.keys.get(name) or "")) for name in names)


def _own_row(model: type[Row], dossier: Dossier, row: TableRow) -> TableRow | None:
    """The row with the figures that carry; a row given by its table needs one of them."""
    values = {
        code: value
        for code, value in row.values.items()
        if code in dossier.catalogue and dossier.catalogue[code].carries
        and value.answered and not value.stated
    }  # fmt: skip
    return TableRow(row.uid, row.keys, values) if values or not model.fixed else None


def _document(dossier: Dossier, row: TableRow) -> TableRow | None:
    """A document still in force, or dated in this period too, as in a report since the year began."""
    day, last = row.day("date"), dossier.period.data_to
    within = day is not None and dossier.period.data_from <= day <= last
    if not within and not DocumentPurpose(str(row.keys["purpose"])).stays_in_force:
        return None
    items = {item.code for item in dossier.outline.items if item.cites_documents}
    item = row.keys["item"] if row.keys["item"] in items else ""
    return TableRow(row.uid, {**row.keys, "item": item})


def _texts(dossier: Dossier, previous: Dossier) -> Iterator[ItemFacts]:
    """Items whose text may be taken over: the outline before had the same, under the same code."""
    titles_before = {item.code: fold(item.title) for item in previous.outline.items}
    for item, _style, _marker in markers(dossier.outline):
        earlier = previous.narratives.get(item.code)
        present = dossier.narratives.get(item.code)
        same = titles_before.get(item.code) == fold(item.title)
        if (
            item.takes_narrative
            and same
            and earlier
            and earlier.text
            and not (present and present.text)
        ):
            yield item
