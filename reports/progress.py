"""What a report must answer, and how far each of its sections has come.

The outline decides: a figure that a sentence names outside `[ … ]`, or that an appendix row of this
level prints, is required.
"""

from functools import lru_cache

from .compose.sentences import FACTS, parse
from .dossier import Dossier, IndicatorSetFacts, OutlineFacts, PaperFacts
from .enums import DocumentKind, Progress, Section, ValueKind
from .field_names import PAPER, FieldName
from .figures import Figure
from .models import TABLES, Indicator
from .values import TableRow


@lru_cache(maxsize=128)
def named_figures(outline: OutlineFacts, indicators: IndicatorSetFacts | None) -> dict[str, bool]:
    """Every figure the outline and the appendix ask for: code → whether it is required."""
    named: dict[str, bool] = {}
    sources = [outline.subject, *outline.opening.splitlines(), *outline.closing.splitlines()]
    for item in outline.items:
        for line in item.body.splitlines():
            if line.startswith("@text "):
                named[line[6:].strip()] = True
            elif not line.startswith("@") and line.strip():
                sources.append(line)
    for source in sources:
        for ref, table, optional in parse(source).refs():
            for code in filter(None, (ref.name, ref.whole)):
                if not table and code not in FACTS:
                    named[code] = named.get(code, False) or not optional
    rows = indicators.rows if indicators else ()
    parents = {row.parent for row in rows}
    for row in rows:
        if row.kind == Indicator.Kind.VALUE and row.applies and row.code not in parents:
            named[row.figure] = True
    return named


def progress(dossier: Dossier, section: Section) -> tuple[Progress, int, int]:
    """How far a section has come: state, required figures answered, required figures in all."""
    if section == Section.PAPER:
        untouched = dossier.paper == PaperFacts()
        done = 0 if untouched else sum(map(bool, (dossier.paper.place, dossier.paper.signer_title)))
        state = (Progress.EMPTY, Progress.BEGUN, Progress.COMPLETE)[done]
        return (Progress.BEGUN if str(PAPER) in dossier.carried else state), done, 2
    named = named_figures(dossier.outline, dossier.indicators)
    home = [f for f in dossier.catalogue.values() if f.section == section and not f.table]
    last = dossier.period.data_to
    required = [f for f in home if named.get(f.code) and f.valid_on(last)]
    answered = sum(dossier.value(f.code).answered for f in required)
    flagged = any(
        dossier.figures[f.code].stated
        for f in home
        if f.code in dossier.figures and f.kind != ValueKind.PERCENT
    )
    if flagged:
        return Progress.ERRORS, answered, len(required)
    begun = bool(answered) or _anything(dossier, section, home)
    if not begun:
        return Progress.EMPTY, 0, len(required)
    complete = answered == len(required) and not carried_in(dossier, section)
    return (Progress.COMPLETE if complete else Progress.BEGUN), answered, len(required)


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


def asked_words(dossier: Dossier, section: Section) -> str:
    """What the required things of a section are called together."""
    named = named_figures(dossier.outline, dossier.indicators)
    last = dossier.period.data_to
    kinds = {
        figure.kind == ValueKind.TEXT
        for figure in dossier.catalogue.values()
        if figure.section == section and named.get(figure.code) and figure.valid_on(last)
    }
    if section == Section.PAPER or kinds == {True}:
        return "nội dung"
    return "số liệu, nội dung" if len(kinds) > 1 else "số liệu"


def carried_in(dossier: Dossier, section: Section) -> set[str]:
    """What the section took over from the report before and nobody has confirmed, by name."""
    return {name for name in dossier.carried if section_of(dossier, name) == section}


def section_of(dossier: Dossier, name: str) -> Section | None:
    """The page on which a carried name stands (`Dossier.carried`); None when it is gone."""
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
    model = next(model for model in TABLES if model.table == carried.table)
    if row is None:
        return None
    return model.section or Section(str(row.keys["part"]))


def _anything(dossier: Dossier, section: Section, home: list[Figure]) -> bool:
    if any(dossier.figures[f.code].answered for f in home if f.code in dossier.figures):
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
    asked = {item.section for item in dossier.outline.items}
    asked |= {f.section for code in named_figures(dossier.outline, dossier.indicators)
              if (f := dossier.catalogue[code]).section}  # fmt: skip
    asked.add(Section.PAPER)
    if dossier.indicators:
        asked.add(Section.APPENDIX)
    return [section for section in Section if section in asked]
