"""The dossier: everything about one report, read once in a fixed number of queries.

Checks, composition and consolidation are pure functions of dossiers: no queries, no request, no
clock. `reports.dossier_json` writes and reads it as JSON (`docs/report-format.md`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import prefetch_related_objects

from .enums import Authority, MarkKind, Placement, Section, ValueKind
from .field_names import FieldName
from .figures import Catalogue, Figure, catalogue_with
from .models import SECTIONS, TABLES, Indicator, IndicatorSet, Outline, Report, Unit
from .values import MISSING, Content, TableRow, Value
from .vietnamese import percent

TABLE_CODES = tuple(model.table for model in TABLES)


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
class ItemFacts:
    """One outline item; `parent` is the code of the item above, "" at the top."""

    code: str
    parent: str
    marker: str
    title: str
    prompt: str
    section: Section
    body: str
    takes_narrative: bool

    @property
    def cites_documents(self) -> bool:
        """Whether the documents put under this item are printed."""
        return any(line.strip().startswith("@documents") for line in self.body.splitlines())


@dataclass(frozen=True)
class OutlineFacts:
    code: str
    version: int
    name: str
    subject: str
    basis: str
    opening: str
    closing: str
    addressees: str
    recipients: str
    numbering: tuple[str, ...]
    prints_superior: bool
    items: tuple[ItemFacts, ...]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndicatorFacts:
    """One appendix row; `figure` is the catalogue code whose value it prints."""

    code: str
    parent: str
    kind: str
    stt: str
    name: str
    unit: str
    applies: bool
    figure: str
    show: str
    typed: bool
    footnote: str
    legend: tuple[str, ...]
    value_kind: ValueKind = ValueKind.COUNT
    evidence: bool = False


@dataclass(frozen=True)
class IndicatorSetFacts:
    code: str
    version: int
    title: str
    footnotes: tuple[tuple[str, str], ...]
    rows: tuple[IndicatorFacts, ...]


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
    """What the rows of its table say of a figure: their sum, a list of them, or their number."""
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
    found = {
        tuple([k[name] for name in names]) + (() if k["number"] else (k["subject"],))
        for k in own
        if k[column] in allowed and not _before(k["date"], data_from)
    }
    return len(found) if own else None


def _before(day: Content, data_from: date) -> bool:
    return isinstance(day, date) and day < data_from


def _listing(answered: Sequence[tuple[Mapping[str, Content], int | Decimal]]) -> str:
    """`1. Cải cách thủ tục hành chính: 6`, one answered row a line."""
    told = enumerate(answered, start=1)
    return "\n".join(f"{place}. {keys['field_label']}: {number}" for place, (keys, number) in told)


def load(report: Report | int) -> Dossier:
    """Read one report. 12 queries, 14 with an appendix; outlines and indicators stay in memory."""
    pk = report if isinstance(report, int) else report.pk
    related = [
        "unit", "period__kind", "period__superior", "outline", "indicator_set", "paper",
        *(model.__name__.lower() for model in SECTIONS),
    ]  # fmt: skip
    report = Report.objects.select_related(*related).get(pk=pk)
    period, outline = report.period, outline_facts(report.outline)
    indicators, catalogue = indicator_facts(report.indicator_set)
    prefetch_related_objects([report.unit, period.superior], "former_names")

    marks: dict[tuple[str, str], dict[str, Any]] = {}
    carried = set()
    for mark in report.marks.all():
        if mark.kind == MarkKind.CARRIED:
            carried.add(str(FieldName.of_mark(mark.figure, mark.row)))
            continue
        change = {"stated": mark.text} if mark.kind == MarkKind.STATED else {"none_arisen": True}
        marks.setdefault((mark.figure, mark.row), {}).update(change)

    by_home = columns_by_home(catalogue)
    contents: dict[tuple[str, str], Any] = {
        (figure.code, ""): getattr(getattr(report, model.__name__.lower()), figure.column)
        for model in SECTIONS
        for figure in by_home[model.section]
    }
    if indicators:
        for value in report.indicator_values.select_related("indicator"):
            figure = catalogue[value.indicator.figure_code]
            contents[figure.code, ""] = _indicator_content(figure, value.number, value.text)
    tables = {
        table.table: tuple(
            _row(instance, by_home[table.table], marks)
            for instance in getattr(report, f"{table.__name__.lower()}_rows").all()
        )
        for table in TABLES
    }

    notes = {}
    if indicators:
        said = report.indicator_notes.select_related("indicator")
        notes = {note.indicator.code: note.text for note in said}

    codes = {key for key in (*contents, *marks) if not key[1]}
    figures = {
        code: Value(contents.get((code, row)), **marks.get((code, row), {})) for code, row in codes
    }
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
            for n in report.narratives.all()
        },
        notes=notes,
        carried=frozenset(carried),
    )  # fmt: skip


def columns_by_home(catalogue: Catalogue) -> dict[str, list[Figure]]:
    """The stored figures of each section, and all figures of each table."""
    homes: dict[str, list[Figure]] = {str(home): [] for home in (*Section, *TABLE_CODES)}
    for figure in catalogue.values():
        if figure.table:
            homes[figure.table].append(figure)
        elif figure.column and not figure.rows_of and figure.section:
            homes[figure.section].append(figure)
    return homes


def _row(instance: Any, figures: list[Figure], marks: Mapping[Any, dict[str, Any]]) -> TableRow:
    keys = {
        field.name: getattr(instance, field.name)
        for field in instance._meta.concrete_fields
        if field.name not in ("id", "report", "uid", "order") and not hasattr(field, "kind")
    }
    for key in instance.keys:
        if hasattr(instance, f"get_{key}_display"):
            keys[f"{key}_label"] = getattr(instance, f"get_{key}_display")()
    values = {
        figure.code: Value(
            getattr(instance, figure.column) if figure.column else None,
            **marks.get((figure.code, instance.uid), {}),
        )
        for figure in figures
        if figure.column or (figure.code, instance.uid) in marks
    }
    return TableRow(instance.uid, keys, values)


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


def outline_facts(outline: Outline) -> OutlineFacts:
    """The outline with its items; one query the first time a process sees this state of it."""
    return _outline_facts(outline.pk, outline.changed_at)


@lru_cache(maxsize=64)
def _outline_facts(pk: int, _changed_at: Any) -> OutlineFacts:
    outline = Outline.objects.prefetch_related("items").get(pk=pk)
    items = list(outline.items.all())
    codes = {item.pk: item.code for item in items}
    return OutlineFacts(
        outline.code, outline.version, outline.name, outline.subject, outline.basis,
        outline.opening, outline.closing, outline.addressees, outline.recipients,
        tuple(outline.numbering.split()), outline.prints_superior,
        tuple(
            ItemFacts(
                item.code, codes.get(item.parent_id or 0, ""), item.marker, item.title, item.prompt,
                Section(item.section), item.body, item.takes_narrative,
            )
            for item in items
        ),
        tuple(outline.evidence.split()),
    )  # fmt: skip


def indicator_facts(
    indicator_set: IndicatorSet | None,
) -> tuple[IndicatorSetFacts | None, Catalogue]:
    """The appendix's rows and the catalogue they belong to; cached like `outline_facts`."""
    if indicator_set is None:
        return None, catalogue_with(())
    return _indicator_facts(indicator_set.pk, indicator_set.changed_at)


@lru_cache(maxsize=64)
def _indicator_facts(pk: int, _changed_at: Any) -> tuple[IndicatorSetFacts, Catalogue]:
    indicator_set = IndicatorSet.objects.prefetch_related("indicators").get(pk=pk)
    indicators: list[Indicator] = list(indicator_set.indicators.all())
    codes = {i.pk: i.code for i in indicators}
    rows = tuple(
        IndicatorFacts(
            i.code, codes.get(i.parent_id or 0, ""), i.kind, i.stt, i.name, i.unit, i.applies,
            i.figure_code, i.show, not i.figure, i.footnote, tuple(i.legend.splitlines()),
            ValueKind(i.value_kind), i.evidence,
        )
        for i in indicators
    )  # fmt: skip
    footnotes = tuple(
        (mark.strip(), text.strip())
        for mark, _, text in (line.partition("|") for line in indicator_set.footnotes.splitlines())
    )
    facts = IndicatorSetFacts(
        indicator_set.code, indicator_set.version, indicator_set.title, footnotes, rows
    )
    return facts, catalogue_with(indicators)
