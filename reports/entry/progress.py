"""How far each section of a report has come, and which contents await confirmation."""

from ..catalogue.field_names import PAPER, FieldName
from ..catalogue.figures import Figure
from ..catalogue.questionnaire import REQUIRED_OF_PAPER
from ..catalogue.values import TableRow
from ..dossier import Dossier, PaperFacts
from ..enums import DocumentKind, Progress, Section, ValueKind
from ..models import TABLES, TABLES_BY_NAME


def progress(dossier: Dossier, section: Section) -> tuple[Progress, int, int]:
    """How far a section has come: state, required figures answered, required figures in all."""
    if section == Section.PAPER:
        return _paper(dossier)
    figures = [f for f in dossier.catalogue.values() if f.section == section and not f.table]
    required = [f for f in dossier.questionnaire.required if f.section == section]
    answered = sum(dossier.value(f.code).answered for f in required)
    flagged = any(
        dossier.figures[f.code].stated
        for f in figures
        if f.code in dossier.figures and f.kind != ValueKind.PERCENT
    )
    if flagged:
        return Progress.ERRORS, answered, len(required)
    begun = bool(answered) or _anything(dossier, section, figures)
    if not begun:
        return Progress.EMPTY, 0, len(required)
    complete = answered == len(required) and not carried_in(dossier, section)
    return (Progress.COMPLETE if complete else Progress.BEGUN), answered, len(required)


def _paper(dossier: Dossier) -> tuple[Progress, int, int]:
    facts, carried = vars(dossier.paper), str(PAPER) in dossier.carried
    untouched = dossier.paper == PaperFacts()
    done = 0 if untouched else sum(bool(facts[name]) for name in REQUIRED_OF_PAPER)
    required = len(REQUIRED_OF_PAPER)
    if done == required and not carried:
        return Progress.COMPLETE, done, required
    return (Progress.BEGUN if done or carried else Progress.EMPTY), done, required


#: Cited by name or year: laws by their year, drafts and standards without a date.
WITHOUT_NUMBER = (DocumentKind.LAW, DocumentKind.DRAFT_LAW, DocumentKind.STANDARD)


def incomplete_documents(dossier: Dossier, section: Section | None = None) -> list[TableRow]:
    """The documents of a section, or of the report, that lack their number, or a date anywhere."""
    rows = dossier.tables.get("documents", ())

    def identity(row: TableRow) -> tuple[object, ...]:
        return tuple(row.keys[name] for name in ("kind", "number", "symbol"))

    dated = {identity(row) for row in rows if row.keys["date"]}
    return [
        row
        for row in rows
        if section in (None, row.keys["part"])
        and row.keys["kind"] not in WITHOUT_NUMBER
        and not (row.keys["number"] and (row.keys["date"] or identity(row) in dated))
    ]


def required_noun(dossier: Dossier, section: Section) -> str:
    """The noun for all that a section requires: figures, texts, or both."""
    required = dossier.questionnaire.required
    kinds = {figure.kind == ValueKind.TEXT for figure in required if figure.section == section}
    if section == Section.PAPER or kinds == {True}:
        return "nội dung"
    return "số liệu, nội dung" if len(kinds) > 1 else "số liệu"


def carried_in(dossier: Dossier, section: Section) -> set[str]:
    """The names of what the section took over from the report before and nobody has confirmed."""
    return {name for name in dossier.carried if section_of(dossier, name) == section}


def section_of(dossier: Dossier, name: str) -> Section | None:
    """The page on which a carried name stands (`Dossier.carried`); None when the report has it no longer."""
    carried = FieldName.parse(name)
    if carried == PAPER:
        return Section.PAPER
    if carried.item:
        items = {item.code: item.section for item in dossier.outline.items}
        return items.get(carried.item)
    if not carried.uid:
        figure = dossier.catalogue.get(name)
        return figure.section if figure else None
    rows = dossier.tables.get(carried.table, ())
    row = next((row for row in rows if row.uid == carried.uid), None)
    return TABLES_BY_NAME[carried.table].page_of(row.keys) if row else None


def _anything(dossier: Dossier, section: Section, figures: list[Figure]) -> bool:
    if any(dossier.figures[f.code].answered for f in figures if f.code in dossier.figures):
        return True
    items = {item.code for item in dossier.outline.items if item.section == section}
    if any(n.text for item, n in dossier.narratives.items() if item in items):
        return True
    tables = [model for model in TABLES if model.section == section]
    if any(row.values for model in tables for row in dossier.tables.get(model.table, ())):
        return True
    return any(row.keys["part"] == section for row in dossier.tables.get("documents", ()))


def sections_of(dossier: Dossier) -> list[Section]:
    """The pages of the report, in the order of the paper."""
    return [*dossier.questionnaire.sections]
