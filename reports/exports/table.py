"""A period as a table: a row per unit, a column per figure, read in one query whatever its size.

Who owes and where it stands is a `Head`. `Layout` says which columns there are and in which order;
`Layout.read` makes the values of one row, the same that `Dossier.value` gives (the test compares them).
One query means one moment too: nobody's saving falls between two columns.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models import Value as Constant
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..catalogue.figures import Catalogue, Figure
from ..catalogue.outlines import IndicatorFacts, indicator_facts, outline_facts
from ..catalogue.questionnaire import named_figures
from ..catalogue.values import Content
from ..dossier import total
from ..enums import MarkKind, Section, State, ValueKind, Verb
from ..models import (
    SECTIONS_BY_CODE,
    TABLES_BY_NAME,
    Event,
    FormerName,
    Indicator,
    IndicatorSet,
    IndicatorValue,
    Mark,
    Report,
    ReportingPeriod,
)
from ..periods.board import days_late
from ..text.numbers import percent
from .json_rows import rows_of_report

NONE_ARISEN = "Không phát sinh"
NOT_OPENED = "Kỳ chưa mở cho đơn vị"
#: Vietnamese order, as on the board.
ORDER = ("unit__sort_key", "unit__code", "pk")
#: What is read of every report before its figures.
HEAD = (
    "pk", "unit__code", "kind_then", "name_then", "state", "sent_at", "extended_to", "why_excluded",
)  # fmt: skip
#: Rows that the database hands over at a time.
CHUNK = 100


@dataclass(frozen=True, slots=True)
class Head:
    """One unit that owes: named as on the period's last day; `reason` is why it was excluded."""

    pk: int
    code: str
    unit: str
    state: State
    sent: date | None
    late_days: int
    reason: str


def in_order(reports: QuerySet[Report], period: ReportingPeriod) -> QuerySet[Report]:
    """The reports in Vietnamese order with what `HEAD` names."""
    then = FormerName.objects.filter(unit=OuterRef("unit"), valid_to__gte=period.data_to)
    then = then.order_by("valid_to")
    why = Event.objects.filter(report=OuterRef("pk"), verb=Verb.EXCLUDE).order_by("-seq")
    return reports.filter(period=period).annotate(
        kind_then=Coalesce(Subquery(then.values("kind")[:1]), F("unit__kind"), output_field=CharField()),
        name_then=Coalesce(Subquery(then.values("name")[:1]), F("unit__name"), output_field=CharField()),
        why_excluded=Case(
            When(state=State.EXCLUDED, then=Subquery(why.values("note")[:1])),
            default=Constant(""), output_field=TextField(),
        ),
    ).order_by(*ORDER)  # fmt: skip


def head(row: tuple[Any, ...], period: ReportingPeriod, today: date) -> Head:
    pk, code, kind, name, state, sent_at, extended_to, reason = row[: len(HEAD)]
    sent = local_day(sent_at)
    late = days_late(state, sent, extended_to or period.deadline, today)
    return Head(pk, code, titled(kind, name), State(state), sent, late, reason or "")


def titled(kind: str, name: str) -> str:
    """`Xã Hà Tiến`: a unit as it begins a line."""
    return f"{kind[:1].upper()}{kind[1:]} {name}"


def local_day(moment: datetime | None) -> date | None:
    return None if moment is None else timezone.localtime(moment).date()


def heads(reports: QuerySet[Report], period: ReportingPeriod, today: date) -> Iterator[Head]:
    """Who owes, one after the other. One query."""
    for row in in_order(reports, period).values_list(*HEAD).iterator(CHUNK):
        yield head(row, period, today)


def without_report(period: ReportingPeriod) -> Iterator[tuple[str, str]]:
    """Code and name of the units that owe and were given no report: the period is not open for them."""
    units = period.units.exclude(reports__period=period).order_by("sort_key", "code")
    for unit in units.prefetch_related("former_names").iterator(CHUNK):
        kind, name = unit.named_on(period.data_to)
        yield unit.code, titled(kind, name)


# --- which columns ------------------------------------------------------------------------------------


def figures_of(period: ReportingPeriod, named: set[str], catalogue: Catalogue) -> Iterator[Figure]:
    """The figures of a period in the order of its paper: by section, then by group.

    Those valid at some time of the period, and those its outline names although they had ended; no
    columns of tables; of the appendix what is typed there.
    """

    def valid(figure: Figure) -> bool:
        begun = figure.valid_from is None or figure.valid_from <= period.data_to
        return begun and (figure.valid_to is None or figure.valid_to >= period.data_from)

    figures = [
        figure
        for figure in catalogue.values()
        if not figure.table
        and (figure.code in named if figure.indicator else figure.code in named or valid(figure))
    ]
    sections = list(Section)
    groups: dict[tuple[Section | None, str], int] = {}
    for figure in figures:
        groups.setdefault((figure.section, figure.group), len(groups))
    yield from sorted(
        figures,
        key=lambda f: (sections.index(f.section or Section.PAPER), groups[f.section, f.group]),
    )


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio's column, the slots of its parts and of its whole, and 10 to the power of its decimals."""

    column: int
    parts: tuple[int, ...]
    whole: int
    scale: int

    def share(self, values: Sequence[Any]) -> float | None:
        """The percentage rounded half up; None while a part is not entered, or of nothing."""
        whole = values[self.whole]
        part = values[self.parts[0]]
        if not whole or part is None:
            return None
        for slot in self.parts[1:]:
            if (number := values[slot]) is None:
                return None
            part += number
        if type(whole) is int and type(part) is int:
            return (200 * part * self.scale + whole) // (2 * whole) / self.scale
        return float(percent(part, whole, len(str(self.scale)) - 1) or 0)


#: Of the tables that totals add up: what is read of a row besides its figures.
TOTALLED: Mapping[str, tuple[str, ...]] = {
    "plan_tasks": ("field",),
    "documents": ("part", "purpose", "kind", "number", "symbol", "date", "issuer", "subject"),
    "outgoing": (),
}
#: A row as `JsonRows` gives it: order, number, uid, keys, figures.
IN_TABLE, UID = itemgetter(0, 1), 2
WORD_KINDS = (ValueKind.TEXT, ValueKind.DATE)


@dataclass
class Layout:
    """The columns of a period's table and how a row of the database becomes their values.

    Values are kept in slots: the stored columns (`paths`) first, then totals and indicators; a column of
    the table shows a slot or a ratio. `numbers`, `texts` and `days` are pairs of column and
    slot; `indicators` leads from a row of the appendix to its slot, `totals` from a slot to
    the column of its table that is counted.
    """

    figures: tuple[Figure, ...]
    catalogue: Catalogue
    period: ReportingPeriod
    appendix: tuple[IndicatorFacts, ...] = ()
    paths: list[str] = field(default_factory=list)
    slots: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    indicators: dict[int, tuple[int, Figure]] = field(default_factory=dict)
    totals: list[tuple[int, Figure, str, int]] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    numbers: list[tuple[int, int]] = field(default_factory=list)
    texts: list[tuple[int, int]] = field(default_factory=list)
    days: list[tuple[int, int]] = field(default_factory=list)

    def rows(self, reports: QuerySet[Report]) -> Iterator[tuple[Any, ...]]:
        """Every report of the period with all that `head` and `read` take apart. One query."""
        answering = Q(kind__in=[MarkKind.NONE_ARISEN, MarkKind.STATED])
        annotations = {
            "json_marks": rows_of_report(Mark, "figure", "row", "kind", "text", where=answering)
        }
        if self.indicators:
            annotations["json_numbers"] = rows_of_report(
                IndicatorValue, "indicator_id", "number", "text"
            )
        for table in self._tables():
            columns = "order", "id", "uid", *TOTALLED[table], *_counted(table)
            annotations[f"json_{table}"] = rows_of_report(TABLES_BY_NAME[table], *columns)
        annotated = in_order(reports, self.period).annotate(**annotations)
        return annotated.values_list(*HEAD, *self.paths, *annotations).iterator(CHUNK)

    def _tables(self) -> list[str]:
        return sorted({figure.rows_of for _, figure, _, _ in self.totals})

    def read(self, row: tuple[Any, ...]) -> tuple[list[Any], dict[int, str]]:
        """Values by slot as sums see them; by column the texts shown instead of a number."""
        stored = len(HEAD) + len(self.paths)
        values = [*row[len(HEAD) : stored], *[None] * (len(self.slots) - len(self.paths))]
        rest = list(row[stored:])
        marks = json.loads(rest.pop(0) or "[]")
        if self.indicators:
            self._read_indicators(rest.pop(0), values)
        if any(rest):
            self._read_totals(dict(zip(self._tables(), rest, strict=True)), marks, values)
        return values, self._read_marks(marks, values) if marks else {}

    def _read_indicators(self, rows_json: str | None, values: list[Any]) -> None:
        for pk, number, text in json.loads(rows_json) if rows_json else ():
            slot, figure = self.indicators.get(pk, (None, None))
            if slot is None or figure is None:
                continue
            if figure.kind == ValueKind.TEXT:
                values[slot] = text
            elif number is not None:
                values[slot] = Decimal(repr(number)) if figure.decimals else int(number)

    def _read_totals(
        self, rows_json: dict[str, str | None], marks: list[list[str]], values: list[Any]
    ) -> None:
        none = {(code, uid) for code, uid, kind, _ in marks if kind == MarkKind.NONE_ARISEN}
        tables = {table: table_rows(table, rows) for table, rows in rows_json.items()}
        for slot, figure, source, place in self.totals:
            rows = tables[figure.rows_of]
            entered = [(keys, row[place]) for keys, row in rows]
            if none:
                entered = [
                    (keys, 0 if (source, row[UID]) in none else row[place]) for keys, row in rows
                ]
            values[slot] = total(figure, entered, self.period.data_from)

    def _read_marks(self, marks: list[list[str]], values: list[Any]) -> dict[int, str]:
        texts: dict[int, str] = {}
        # "none_arisen" after "stated": where both stand it is what counts.
        for code, uid, kind, text in sorted(marks, key=lambda mark: mark[2], reverse=True):
            figure = self.catalogue.get(code)
            if uid or figure is None or figure.rows_of:
                continue
            slot, column = self.slots.get(code), self.columns.get(code)
            if kind == MarkKind.NONE_ARISEN:
                text = NONE_ARISEN
                if slot is not None:
                    values[slot] = None if figure.kind in WORD_KINDS else 0
            elif slot is not None and values[slot] not in (None, ""):
                continue  # beside the words of its source stands a number, and it counts
            if column is not None:
                texts[column] = text
        return texts


def _counted(table: str) -> list[str]:
    return [column.name for column in TABLES_BY_NAME[table].figure_columns()]


def table_rows(table: str, rows_json: str | None) -> list[tuple[dict[str, Content], list[Any]]]:
    """The rows behind a total in their order: the keys of each, and the list `JsonRows` gave of it."""
    model = TABLES_BY_NAME[table]
    labels = dict(model.choices(model.fixed)) if model.fixed else {}
    rows = []
    for row in sorted(json.loads(rows_json), key=IN_TABLE) if rows_json else ():
        own = dict(zip(TOTALLED[table], row[UID + 1 :], strict=False))
        if model.fixed:
            own[f"{model.fixed}_label"] = labels[own[model.fixed]]
        elif own.get("date"):
            own["date"] = date.fromisoformat(own["date"])
        rows.append((own, row))
    return rows


def layout(period: ReportingPeriod) -> Layout:
    """The table of a period. Two queries, and three for each state of outline and appendix that the
    process has not seen yet."""
    outline = outline_facts(period.outline)
    sets = IndicatorSet.objects.filter(Q(reports__period=period) | Q(pk=period.indicator_set_id))
    # The period's own appendix last: its words are the headings.
    appendices = [
        indicator_facts(indicator_set)
        for indicator_set in sorted(
            sets.distinct(), key=lambda indicator_set: indicator_set.pk == period.indicator_set_id
        )
    ] or [indicator_facts(None)]
    catalogue: Catalogue = {code: f for _, figures in appendices for code, f in figures.items()}
    values = IndicatorValue.objects.filter(report__period=period, indicator=OuterRef("pk"))
    typed = Indicator.objects.filter(indicator_set__in=sets.values("pk"), figure="")
    always = Q(kind=Indicator.Kind.VALUE, applies=True)
    typed = typed.annotate(
        has_column=Case(
            When(always, then=Constant(True)), default=Exists(values), output_field=BooleanField()
        )
    )
    rows = [row for row in typed.order_by("order") if row.has_column]
    named = set(named_figures(outline, appendices[-1][0])) | {row.figure_code for row in rows}
    appendix = appendices[-1][0].rows if appendices[-1][0] else ()
    plan = Layout(tuple(figures_of(period, named, catalogue)), catalogue, period, appendix)
    _give_slots(plan)
    for row in rows:
        if row.figure_code in plan.slots:
            plan.indicators[row.pk] = plan.slots[row.figure_code], catalogue[row.figure_code]
    return plan


def _give_slots(plan: Layout) -> None:
    """Slots for what is shown and for what the ratios need, then what each column shows."""
    needed = [figure for figure in plan.figures if not figure.whole]
    parts = {code for f in plan.figures if f.whole for code in (*f.parts, f.whole)}
    codes = {figure.code for figure in needed}
    needed += [plan.catalogue[code] for code in sorted(parts - codes)]
    needed.sort(key=lambda figure: not figure.column or bool(figure.rows_of))
    for slot, figure in enumerate(needed):
        plan.slots[figure.code] = slot
        if figure.rows_of:
            keys, counted = TOTALLED[figure.rows_of], _counted(figure.rows_of)
            # What is only counted has no column: any will do.
            place = UID + 1 + len(keys) + counted.index(figure.column) if figure.column else UID
            source = f"{figure.rows_of}.{figure.column}"
            plan.totals.append((slot, figure, source, place))
        elif figure.column and figure.section:
            path = SECTIONS_BY_CODE[figure.section].path()
            plan.paths.append(f"{path}__{figure.column}")
    for column, figure in enumerate(plan.figures):
        plan.columns[figure.code] = column
        if figure.whole:
            slots = tuple(plan.slots[code] for code in figure.parts)
            plan.ratios.append(Ratio(column, slots, plan.slots[figure.whole], 10**figure.decimals))
            continue
        kind = figure.kind
        slots_of_kind = (
            plan.texts if kind == ValueKind.TEXT
            else plan.days if kind == ValueKind.DATE
            else plan.numbers
        )  # fmt: skip
        slots_of_kind.append((column, plan.slots[figure.code]))
