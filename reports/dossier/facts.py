"""The dossier: everything about one report, read once in a fixed number of queries.

Checks, composition and consolidation are pure functions of dossiers: no queries, no request, no
clock. `reports.dossier.json` writes and reads it as JSON (`docs/report-format.md`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, prefetch_related_objects

from ..catalogue.field_names import FieldName
from ..catalogue.figures import Catalogue, Figure
from ..catalogue.outlines import IndicatorSetFacts, OutlineFacts, indicator_facts, outline_facts
from ..catalogue.questionnaire import Questionnaire
from ..catalogue.values import MISSING, Content, TableRow, Value
from ..enums import Authority, MarkKind, Placement, Section, ValueKind
from ..models import SECTIONS, TABLES, TABLES_BY_NAME, Mark, Narrative, Report, Row, Unit
from ..text.numbers import percent


@dataclass(frozen=True)
class UnitFacts:
    """A unit as named on the period's last day."""

    code: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class PeriodFacts:
    code: str
    phrase: str
    next_phrase: str
    year: int
    data_from: date
    data_to: date
    deadline: date


@dataclass(frozen=True)
class PaperFacts:
    """The frame of the paper; number and date are None until it is issued."""

    symbol: str = "BC-UBND"
    number: int | None = None
    issued_on: date | None = None
    place: str = ""
    addressees: str = ""
    recipients: str = ""
    authority: Authority = Authority.COLLECTIVE
    signer_title: str = "Chủ tịch"
    signer_name: str = ""


@dataclass(frozen=True)
class NarrativeFacts:
    text: str
    placement: Placement = Placement.AFTER
    made_from: str = ""


@dataclass(frozen=True)
class Dossier:
    """One report. `figures` and `tables` hold what was entered; `value` also computes."""

    unit: UnitFacts
    superior: UnitFacts
    office: str
    period: PeriodFacts
    outline: OutlineFacts
    indicators: IndicatorSetFacts | None
    catalogue: Catalogue
    state: str
    revision: int
    paper: PaperFacts
    figures: Mapping[str, Value]
    tables: Mapping[str, tuple[TableRow, ...]]
    narratives: Mapping[str, NarrativeFacts]
    notes: Mapping[str, str]
    #: What was taken over from the report before and nobody has confirmed, by name: a figure's code,
    #: `<table>@<uid>` of a row, `text:<item>`, `paper`.
    carried: frozenset[str] = frozenset()

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """What the report must answer, whatever has been entered."""
        return Questionnaire(self.outline, self.indicators, self.catalogue, self.period.data_to)

    @cached_property
    def pages(self) -> dict[Section, Any]:
        """The pages of entry made of this dossier so far; `entry.section_entry` makes and keeps them."""
        return {}

    def value(self, code: str, row: TableRow | None = None) -> Value:
        """The value of a figure, in `row` when it belongs to a table; computed where it is not typed."""
        entered = (row.value(code) if row else None) or self.figures.get(code, MISSING)
        figure = self.catalogue[code]
        if figure.whole:
            return self._ratio(figure, entered, row)
        if not figure.rows_of:
            return entered
        source = f"{figure.rows_of}.{figure.column}"
        rows = self.tables.get(figure.rows_of, ())
        counted = [(row.keys, row.value(source).number) for row in rows]
        return Value(total(figure, counted, self.period.data_from))

    def _ratio(self, figure: Figure, entered: Value, row: TableRow | None) -> Value:
        if entered.none_arisen:  # the clerk's answer is printed, as a stated percentage is
            return entered
        parts = [self.value(code, row).number for code in figure.parts]
        whole = self.value(figure.whole, row).number
        if whole is None or any(part is None for part in parts):
            return entered
        share = percent(sum(part for part in parts if part is not None), whole, figure.decimals)
        return Value(share, stated=entered.stated)


#: A row as a total sees it: its keys, and its number in the column that is added up.
Entered = tuple[Mapping[str, Content], int | Decimal | None]


def total(figure: Figure, rows: Sequence[Entered], data_from: date) -> Content:
    """The total of a figure over the rows of its table: their sum, a list of them, or their number."""
    if figure.where:
        return _counted(figure, figure.where, [keys for keys, _ in rows], data_from)
    answered = [(keys, number) for keys, number in rows if number is not None]
    if not answered:
        return None
    if figure.kind == ValueKind.TEXT:
        return _listing(answered)
    return sum([number for _, number in answered])


def _counted(
    figure: Figure,
    where: tuple[str, tuple[str, ...]],
    rows: list[Mapping[str, Content]],
    data_from: date,
) -> int | None:
    """The number of documents a section issued, each once however often it is cited.

    One dated before the period is cited because it is still in force; it was counted in its own.
    """
    column, allowed = where
    own = [keys for keys in rows if keys["part"] == figure.section]
    names = ("kind", "number", "symbol", "date", "issuer")
    documents = {
        tuple([k[name] for name in names]) + (() if k["number"] else (k["subject"],))
        for k in own
        if k[column] in allowed and not _before(k["date"], data_from)
    }
    return len(documents) if own else None


def _before(day: Content, data_from: date) -> bool:
    return isinstance(day, date) and day < data_from


def _listing(answered: Sequence[tuple[Mapping[str, Content], int | Decimal]]) -> str:
    """`1. Cải cách thủ tục hành chính: 6`, one answered row a line."""
    numbered = enumerate(answered, start=1)
    return "\n".join(
        f"{place}. {keys['field_label']}: {number}" for place, (keys, number) in numbered
    )


def load(report: Report | int) -> Dossier:
    """Read one report. 12 queries, 14 with an appendix; outlines and indicators stay in memory."""
    pk = report if isinstance(report, int) else report.pk
    related = [
        "unit", "period__kind", "period__superior", "outline", "indicator_set", "paper",
        *(model.path() for model in SECTIONS),
    ]  # fmt: skip
    report = Report.objects.select_related(*related).get(pk=pk)
    period, outline = report.period, outline_facts(report.outline)
    indicators, catalogue = indicator_facts(report.indicator_set)
    prefetch_related_objects([report.unit, period.superior], "former_names")

    marks, carried = _marks(report)
    by_home = columns_by_home(catalogue)
    contents: dict[str, Content] = {
        figure.code: getattr(model.of(report), figure.column)
        for model in SECTIONS
        for figure in by_home[model.section]
    }
    if indicators:
        for value in report.indicator_values.select_related("indicator"):
            figure = catalogue[value.indicator.figure_code]
            contents[figure.code] = _indicator_content(figure, value.number, value.text)
    tables = {
        table.table: tuple(_rows(report, table, by_home[table.table], marks)) for table in TABLES
    }

    notes = {}
    if indicators:
        noted = report.indicator_notes.select_related("indicator")
        notes = {note.indicator.code: note.text for note in noted}

    codes = {*contents, *(code for code, uid in marks if not uid)}
    figures = {code: _marked(contents.get(code), marks.get((code, ""))) for code in codes}
    return Dossier(
        unit=unit_facts(report.unit, period.data_to),
        superior=unit_facts(period.superior, period.data_to),
        office=period.superior.office,
        period=PeriodFacts(
            period.code, period.phrase, period.next_phrase, period.year,
            period.data_from, period.data_to, period.deadline,
        ),
        outline=outline,
        indicators=indicators,
        catalogue=catalogue,
        state=report.state,
        revision=report.revision,
        paper=paper_facts(report),
        figures=figures,
        tables=tables,
        narratives={
            n.item: NarrativeFacts(n.text, Placement(n.placement), n.made_from)
            for n in _of_report(Narrative, report)
        },
        notes=notes,
        carried=carried,
    )  # fmt: skip


def columns_by_home(catalogue: Catalogue) -> dict[str, list[Figure]]:
    """The stored figures of each section, and all figures of each table."""
    homes: dict[str, list[Figure]] = {str(home): [] for home in (*Section, *TABLES_BY_NAME)}
    for figure in catalogue.values():
        if figure.table:
            homes[figure.table].append(figure)
        elif figure.column and not figure.rows_of and figure.section:
            homes[figure.section].append(figure)
    return homes


#: What is noted of a value beside its content, by figure and row.
Marks = Mapping[tuple[str, str], Value]


def _marks(report: Report) -> tuple[Marks, frozenset[str]]:
    """The report's marks, and the names of what was carried over and nobody has confirmed. One query."""
    marks: dict[tuple[str, str], Value] = {}
    carried = set()
    for mark in _of_report(Mark, report):
        key = mark.figure, mark.row
        before = marks.get(key, MISSING)
        if mark.kind == MarkKind.CARRIED:
            carried.add(str(FieldName.of_mark(mark.figure, mark.row)))
        elif mark.kind == MarkKind.STATED:
            marks[key] = replace(before, stated=mark.text)
        else:
            marks[key] = replace(before, none_arisen=True)
    return marks, frozenset(carried)


OfReport = TypeVar("OfReport", bound=Model)


def _of_report(model: type[OfReport], report: Report) -> Iterable[OfReport]:
    """The rows of a table that belong to the report, in their order. One query.

    For these short queries the ORM takes longer to write the statement than the engine to answer, so the
    statement it writes is kept.
    """
    return model._default_manager.raw(_statement(model, connection.vendor), [report.pk])


@cache
def _statement(model: type[Model], _engine: str) -> str:
    statement, (_report,) = model._default_manager.filter(report=0).query.sql_with_params()
    return statement


def _marked(content: Content, mark: Value | None) -> Value:
    return Value(content) if mark is None else replace(mark, content=content)


def _rows(
    report: Report, table: type[Row], figures: list[Figure], marks: Marks
) -> Iterator[TableRow]:
    """The rows of one table in their order. One query."""
    names = table.key_columns()
    labels = {name: dict(listed) for name in table.keys if (listed := table.choices(name))}
    for stored in _of_report(table, report):
        keys = {name: getattr(stored, name) for name in names}
        keys |= {
            f"{name}_label": options.get(keys[name], keys[name]) for name, options in labels.items()
        }
        values = {
            figure.code: _marked(
                getattr(stored, figure.column) if figure.column else None,
                marks.get((figure.code, stored.uid)),
            )
            for figure in figures
            if figure.column or (figure.code, stored.uid) in marks
        }
        yield TableRow(stored.uid, keys, values)


def _indicator_content(
    figure: Figure, number: Decimal | None, text: str
) -> int | Decimal | str | None:
    if figure.kind == ValueKind.TEXT:
        return text
    if number is None or figure.decimals:
        return number
    return int(number)


def unit_facts(unit: Unit, day: date) -> UnitFacts:
    return UnitFacts(unit.code, *unit.named_on(day))


def paper_facts(report: Report) -> PaperFacts:
    paper = report.paper
    return PaperFacts(
        paper.symbol, paper.number, paper.issued_on, paper.place, paper.addressees,
        paper.recipients, Authority(paper.authority), paper.signer_title, paper.signer_name,
    )  # fmt: skip
