"""The case that a rule examines, the problems it yields, and how their messages write values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from inspect import getdoc
from typing import NamedTuple

from ..catalogue.field_names import PAPER, FieldName, column_of
from ..catalogue.outlines import ItemFacts
from ..catalogue.values import TableRow, Value
from ..compose import compose_items
from ..compose.sentences import NONE_ARISEN, render
from ..documents.tree import Block, Paragraph, Run
from ..dossier import Dossier
from ..entry import fixed_uid
from ..entry.progress import section_of
from ..enums import Section, Severity
from ..models import TABLES_BY_NAME, Indicator
from ..text.numbers import format_count, format_decimal
from ..text.typography import NBSP

Number = int | Decimal
LONGEST_QUOTE = 60
#: Pages without tables of rows; a document that says it belongs there has no field.
WITHOUT_TABLES = (Section.PAPER, Section.APPENDIX)


class Repair(NamedTuple):
    """One way to mend a problem: the text to write into the field `name`, and what the press says."""

    name: str
    text: str
    label: str


class Problem(NamedTuple):
    """A problem that a rule found. `about` lists the values it is about, "" when there are none; `parts` names the
    other fields that take part in it, `repairs` the ways to mend it that need no more than a press."""

    section: Section
    name: str
    message: str
    fix: str
    about: str = ""
    parts: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A problem with the rule that found it and its severity.

    `name` is the field's as in `reports.editing.forms`, "" when the finding is about the whole page. An
    explanation is stored under `key` and holds for the values it was given for, `about`.
    """

    rule: str
    severity: Severity
    section: Section
    name: str
    message: str
    fix: str
    about: str = ""
    parts: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()

    @property
    def key(self) -> str:
        """The same in every run: no value, no wording and no order is part of it."""
        return f"{self.rule}:{self.name or self.section.value}"

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.ERROR


@dataclass(frozen=True)
class Case:
    """The report under examination; `with_evidence` names the subjects that have evidence."""

    dossier: Dossier
    previous: Dossier | None = None
    with_evidence: frozenset[str] = field(default_factory=frozenset)

    def number(self, code: str, row: TableRow | None = None) -> Number | None:
        return self.dossier.value(code, row).number

    def numbers(self, codes: tuple[str, ...], row: TableRow | None = None) -> dict[str, Number]:
        """The figures that have a number, by code; those without are left out."""
        numbers = {code: self.number(code, row) for code in codes}
        return {code: number for code, number in numbers.items() if number is not None}

    def label(self, code: str) -> str:
        return f"“{self.dossier.catalogue[code].label}”"

    def labels(self, codes: tuple[str, ...] | dict[str, Number]) -> str:
        return ", ".join(map(self.label, codes))

    def repair(self, name: str, number: Number) -> Repair:
        """Writing this number into the field `name` of the report."""
        label = self.dossier.catalogue[column_of(name)].label
        return Repair(name, say(number), f"Ghi {say(number)} vào “{label}”")

    def valid(self, code: str) -> bool:
        return self.dossier.catalogue[code].valid_on(self.dossier.period.data_to)

    def rows(self, table: str) -> tuple[TableRow, ...]:
        return self.dossier.tables.get(table, ())

    def place(self, code: str) -> tuple[Section, str]:
        """The page and the field where a figure is typed; for a total of rows, the first row's field."""
        figure = self.dossier.catalogue[code]
        section = figure.section or Section.PAPER
        if figure.rows_of:
            return section, self._first_cell(figure.rows_of, figure.column, section)
        answered = self.dossier.value(code).answered
        if figure.indicator:
            has_field = self.indicator_kinds.get(code, False) or (
                answered and code in self.indicator_kinds
            )
        else:
            has_field = answered or self.valid(code)
        return section, code if has_field else ""

    def printed_place(self, name: str, item_code: str) -> tuple[Section, str]:
        """`place` of a figure by the name that a run carries (`code`, in a row `code@uid`).

        `item_code` is the outline item it is printed under, "" for the frame.
        """
        code = column_of(name)
        if code == name:
            return self.place(code)
        figure = self.dossier.catalogue[code]
        section = TABLES_BY_NAME[figure.table].section
        if section is None:
            section = self.items[item_code].section if item_code else Section.PAPER
        has_field = figure.column and section not in WITHOUT_TABLES
        return section, name if has_field else ""

    @cached_property
    def items(self) -> Mapping[str, ItemFacts]:
        return {item.code: item for item in self.dossier.outline.items}

    @cached_property
    def body(self) -> tuple[Block, ...]:
        """The outline's items as the paper prints them."""
        return tuple(compose_items(self.dossier))

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        return tuple(
            run for block in self.body if isinstance(block, Paragraph) for run in block.runs
        )

    @cached_property
    def frame(self) -> tuple[tuple[Run, ...], ...]:
        """The outline's own lines around the items, as the paper prints them."""
        outline, paper = self.dossier.outline, self.dossier.paper
        sources = [outline.subject, outline.basis, outline.opening, outline.closing]
        sources += [outline.addressees] * (not paper.addressees.strip())
        sources += [outline.recipients] * (not paper.recipients.strip())
        lines = [line for source in sources for line in source.splitlines() if line.strip()]
        return tuple(render(line, self.dossier) or () for line in lines)

    @cached_property
    def indicator_kinds(self) -> Mapping[str, bool]:
        """The rows typed in the appendix that have a field: code → whether also when empty."""
        rows = self.dossier.indicators.rows if self.dossier.indicators else ()
        return {
            row.figure: row.reported
            for row in rows
            if row.typed and row.kind != Indicator.Kind.LABEL
        }

    def _first_cell(self, table: str, column: str, section: Section) -> str:
        model, rows = TABLES_BY_NAME[table], self.rows(table)
        if model.fixed:
            first, _ = model.choices(model.fixed)[0]
            uid = next((r.uid for r in rows if r.keys[model.fixed] == first), "")
            return str(FieldName.cell(table, column, uid or fixed_uid(model, first)))
        own = [row for row in rows if model.page_of(row.keys) == section]
        name = FieldName.cell(table, column or model.keys[0], own[0].uid) if own else ""
        return str(name)

    def carried_place(self, name: str, section: Section) -> str:
        """The field that shows a carried entry (a name in `Dossier.carried`); "" when none does."""
        carried = FieldName.parse(name)
        if carried == PAPER:
            return "place"
        if carried.item:
            takes = {i.code for i in self.dossier.outline.items if i.takes_narrative}
            return name if carried.item in takes else ""
        if not carried.uid:
            return self.place(name)[1]
        model = TABLES_BY_NAME[carried.table]
        if section in WITHOUT_TABLES:
            return ""
        column = next(key for key in _columns(carried.table) if key != model.fixed)
        return str(FieldName.cell(carried.table, column, carried.uid))

    def page_of(self, name: str) -> Section | None:
        return section_of(self.dossier, name)


def _columns(table: str) -> Iterator[str]:
    """The columns of a table as its page shows them."""
    model = TABLES_BY_NAME[table]
    yield from model.keys
    yield from (column.name for column in model.figure_columns())


@dataclass(frozen=True)
class Rule:
    """One rule; its code is its function's name, and explanations are kept under it."""

    code: str
    severity: Severity
    find: Callable[[Case], Iterator[Problem]]

    @property
    def demands(self) -> str:
        return " ".join((getdoc(self.find) or "").partition("\n\n")[0].split())

    @property
    def source(self) -> str:
        return " ".join((getdoc(self.find) or "").partition("\n\n")[2].split())


def rule(severity: Severity) -> Callable[[Callable[[Case], Iterator[Problem]]], Rule]:
    """Make a function a rule. Its docstring says what it demands, then the source."""

    def make(find: Callable[[Case], Iterator[Problem]]) -> Rule:
        return Rule(find.__name__, severity, find)

    return make


# --- values in messages -------------------------------------------------------------------------------


def cut(text: str) -> str:
    """A text as a message quotes it: with plain spaces, at most LONGEST_QUOTE letters of it."""
    text = text.replace(NBSP, " ").strip()
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + "…"


def say(number: Number) -> str:
    """`4.755`; of a measure only the decimals it has: `40,5`."""
    if isinstance(number, int):
        return format_count(number)
    return format_decimal(number, 2).rstrip("0").rstrip(",")


def say_value(value: Value) -> str:
    """The number, or that the clerk answered "không phát sinh"."""
    return NONE_ARISEN if value.none_arisen or value.number is None else say(value.number)


def sum_of(numbers: dict[str, Number]) -> str:
    """`3.610 + 1.127 + 18 = 4.755`; of a single number just that."""
    added = " + ".join(map(say, numbers.values()))
    return f"{added} = {say(sum(numbers.values()))}" if len(numbers) > 1 else added


def values_of(*values: object) -> str:
    """The values as a short text for `Problem.about`: it changes when one of them does."""
    return " ".join(_plain(value) for value in values)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return "-" if value in (None, "") else str(value)
