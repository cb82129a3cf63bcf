"""What one page of entry asks: which figures, rows and texts, which of them are required.

Pure functions of a dossier. The outline decides: a figure that a sentence names outside `[ … ]`, or
that an appendix row of this level prints, is required; other figures of the section that are valid in
the period may be given too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .compose.prose import to_labels
from .compose.report import item_sentences, markers
from .compose.sentences import NONE_ARISEN, show
from .document.tree import Paragraph
from .dossier import (
    Dossier,
    IndicatorFacts,
    ItemFacts,
)
from .enums import Placement, Section, ValueKind
from .figures import SUMS, Figure
from .models import TABLES, Indicator, Row
from .models.fields import FigureField
from .progress import named_figures
from .values import MISSING, TableRow, Value
from .vietnamese import clean_text, format_count, format_date, format_decimal


@dataclass(frozen=True)
class Asked:
    """One figure on the page: what is known, and how it reads in its field."""

    name: str
    figure: Figure
    value: Value
    required: bool
    text: str
    computed: str = ""
    sum: int | None = None
    parts: tuple[str, ...] = ()
    counting: str = ""

    @property
    def flagged(self) -> bool:
        """Whether the cell holds words its kind refuses, for a person to resolve."""
        return bool(self.value.stated) and self.figure.kind != ValueKind.PERCENT

    @property
    def classes(self) -> str:
        """How its field is set: text below its label, a mark where words are to be resolved."""
        stacked = " stacked" if self.figure.kind == ValueKind.TEXT else ""
        return stacked + (" flagged" if self.flagged else "")

    @property
    def typed(self) -> bool:
        """A computed percentage is typed only where the source printed another."""
        return not self.computed or bool(self.value.stated)

    @property
    def unit(self) -> str:
        return "" if self.computed else self.figure.unit

    @property
    def stated_words(self) -> str:
        """What to say of a value kept as its source printed it."""
        if self.flagged:
            return (
                f"Ghi theo văn bản gốc: “{self.value.stated[:160]}”. "
                f"Cần thay bằng {self.figure.kind.label}."
            )
        if self.value.stated and self.computed:
            return f"Văn bản gốc ghi {self.value.stated}; tính từ số liệu là {self.computed}."
        return ""


@dataclass(frozen=True)
class Group:
    title: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class GridColumn:
    """A column of child rows: a key (`field` of the model) or a figure."""

    name: str
    label: str
    field: Any
    figure: Figure | None = None


@dataclass(frozen=True)
class Grid:
    """A table of child rows as it is entered.

    `given` is the column whose choices are the rows of a fixed table, "" where a clerk adds rows.
    """

    table: str
    title: str
    given: str
    columns: tuple[GridColumn, ...]
    rows: tuple[TableRow, ...]

    @property
    def fixed(self) -> bool:
        return bool(self.given)


@dataclass(frozen=True)
class NarrativeEntry:
    """The clerk's own text of one outline item. `stale` when figures changed after a take-over."""

    item: ItemFacts
    heading: str
    text: str
    placement: Placement
    composed: str
    stale: bool


@dataclass(frozen=True)
class SectionEntry:
    """One page of entry."""

    section: Section
    asked: tuple[Group, ...]
    others: tuple[Group, ...]
    grids: tuple[Grid, ...]
    narratives: tuple[NarrativeEntry, ...]
    items: tuple[tuple[str, str], ...]

    def figures(self) -> Iterator[Asked]:
        for group in (*self.asked, *self.others):
            yield from group.asked


def section_entry(dossier: Dossier, section: Section) -> SectionEntry:
    """The page of one section, in the order of the paper."""
    named = named_figures(dossier.outline, dossier.indicators)
    last = dossier.period.data_to
    asked: dict[str, list[Asked]] = {}
    others: dict[str, list[Asked]] = {}
    for figure in dossier.catalogue.values():
        if figure.section != section or figure.table or not figure.typed or figure.indicator:
            continue
        entry = ask(dossier, figure, named.get(figure.code, False))
        if not (figure.valid_on(last) or entry.value.answered):
            continue  # a term that no longer holds is not asked, even by an outline that names it
        if figure.code in named or (entry.value.answered and not figure.whole):
            asked.setdefault(figure.group or section.label, []).append(entry)
        elif figure.valid_on(last) or entry.value.answered:
            others.setdefault(figure.group or section.label, []).append(entry)
    return SectionEntry(
        section,
        tuple(Group(title, tuple(entries)) for title, entries in asked.items()),
        tuple(Group(title, tuple(entries)) for title, entries in others.items()),
        tuple(grids(dossier, section)),
        tuple(narratives(dossier, section)),
        tuple(items_of(dossier, section)),
    )


def items_of(dossier: Dossier, section: Section) -> Iterator[tuple[str, str]]:
    """The items a document may stand under, by code and heading: under another it would not print."""
    documents = dossier.tables.get("documents", ())
    used = {row.keys["item"] for row in documents if row.keys["part"] == section}
    for item, _style, marker in markers(dossier.outline):
        if item.section == section and (item.cites_documents or item.code in used):
            yield item.code, f"{marker} {item.title}".strip(" .:") or item.code


def ask(dossier: Dossier, figure: Figure, required: bool) -> Asked:
    value = dossier.value(figure.code)
    computed = ""
    if figure.whole and value.content is not None:
        computed = show(figure, replace(value, stated=""))
    parts = SUMS.get(figure.code, ())
    return Asked(
        figure.code, figure, value, required, field_text(dossier, figure, value), computed,
        sum_of(dossier, parts), parts, counting(dossier, figure),
    )  # fmt: skip


def counting(dossier: Dossier, figure: Figure) -> str:
    """How the figure is counted: its own words, the formula it follows, and from when to when."""
    said = [figure.counting] if figure.counting else []

    def label(code: str) -> str:
        return dossier.catalogue[code].label.lower()

    if figure.whole:
        parts = " + ".join(map(label, figure.parts))
        said.append(f"Bằng {parts}, chia cho {label(figure.whole)}, nhân 100.")
    elif figure.code in SUMS and not figure.counting:
        said.append(f"Bằng tổng của: {'; '.join(map(label, SUMS[figure.code]))}.")
    period = dossier.period
    if figure.kind in (ValueKind.COUNT, ValueKind.AMOUNT) and not figure.whole:
        said.append(
            f"Số có đến hết ngày {format_date(period.data_to)}."
            if figure.carries
            else f"Số phát sinh từ {format_date(period.data_from)} đến {format_date(period.data_to)}."
        )
    return " ".join(said)


def sum_of(dossier: Dossier, parts: tuple[str, ...]) -> int | None:
    """The sum of the parts that are answered; None when none is."""
    numbers = [dossier.value(code).number for code in parts]
    known = [int(number) for number in numbers if number is not None]
    return sum(known) if known else None


def field_text(dossier: Dossier, figure: Figure, value: Value) -> str:
    """`entry_text`, with the live figures of prose named by their labels."""
    text = entry_text(figure, value)
    return to_labels(text, dossier) if figure.kind == ValueKind.TEXT else text


def entry_text(figure: Figure, value: Value) -> str:
    """A value as its field shows it, in the form that reads back to the same value."""
    if value.none_arisen:
        return NONE_ARISEN[0].upper() + NONE_ARISEN[1:]
    if value.stated:
        return value.stated
    content = value.content
    if content is None or figure.whole:
        return ""
    if figure.kind in (ValueKind.COUNT, ValueKind.AMOUNT):
        return format_count(content)  # type: ignore[arg-type]
    if figure.kind in (ValueKind.DECIMAL, ValueKind.PERCENT):
        return format_decimal(content, figure.decimals).rstrip("0").rstrip(",")  # type: ignore[arg-type]
    if figure.kind == ValueKind.DATE:
        return format_date(content)  # type: ignore[arg-type]
    return str(content)


def cell_text(column: GridColumn, row: TableRow | None) -> str:
    """A cell as its field shows it; empty in the pattern of a new row."""
    if row is None:
        return ""
    if column.figure:
        return entry_text(column.figure, row.values.get(column.figure.code, MISSING))
    content = row.keys.get(column.name)
    if hasattr(content, "isoformat"):
        return format_date(content)  # type: ignore[arg-type]
    return "" if content is None else str(content)


def grids(dossier: Dossier, section: Section) -> Iterator[Grid]:
    """The tables of child rows typed on this page; documents where the text cites some."""
    for model in TABLES:
        if model.section == section:
            yield grid(dossier, model, dossier.tables.get(model.table, ()))
    documents = next(model for model in TABLES if model.section is None)
    rows = tuple(
        row for row in dossier.tables.get(documents.table, ()) if row.keys["part"] == section
    )
    items = [item for item in dossier.outline.items if item.section == section]
    if rows or any(item.cites_documents for item in items):
        yield grid(dossier, documents, rows)


def grid(dossier: Dossier, model: type[Row], rows: tuple[TableRow, ...]) -> Grid:
    columns = []
    for name in (*model.keys, *(f.name for f in model._meta.fields if isinstance(f, FigureField))):
        field: Any = model._meta.get_field(name)
        label = str(field.verbose_name)
        figure = dossier.catalogue.get(f"{model.table}.{name}")
        columns.append(GridColumn(name, label[:1].upper() + label[1:], field, figure))
    if model.fixed:
        rows = tuple(fixed_rows(model, rows))
    return Grid(model.table, model.title, model.fixed, tuple(columns), rows)


def fixed_rows(model: type[Row], rows: tuple[TableRow, ...]) -> Iterator[TableRow]:
    """One row for each choice, those not stored yet under an identifier that names the choice."""
    present = {row.keys[model.fixed]: row for row in rows}
    field: Any = model._meta.get_field(model.fixed)
    for choice, label in field.choices:
        yield present.get(choice) or TableRow(
            fixed_uid(model, choice), {model.fixed: choice, f"{model.fixed}_label": label}
        )


def fixed_uid(model: type[Row], choice: str) -> str:
    return f"{model.table}-{choice}"


def repeated_documents(dossier: Dossier, section: Section) -> list[str]:
    """What a page says of documents cited more than once, or under one number with two dates."""
    rows = dossier.tables.get("documents", ())
    cited: dict[tuple[Any, ...], list[TableRow]] = {}
    for row in rows:
        if row.keys["number"]:
            names = ("kind_label", "number", "symbol", "issuer")
            cited.setdefault(tuple(row.keys[name] for name in names), []).append(row)
    said = []
    for (kind, number, symbol, _), same in cited.items():
        if len(same) < 2 or not any(row.keys["part"] == section for row in same):
            continue
        days = {row.keys["date"] for row in same if row.keys["date"]}
        name = f"{kind} số {number}" + (f"/{symbol}" if symbol else "")
        dated = "; ".join(sorted(format_date(day) for day in days))  # type: ignore[arg-type]
        if len(days) > 1:
            said.append(f"{name} được ghi với {len(days)} ngày khác nhau: {dated}.")
        else:
            said.append(f"{name} được ghi {len(same)} lần trong báo cáo.")
    return said


def narratives(dossier: Dossier, section: Section) -> Iterator[NarrativeEntry]:
    for item, _style, marker in markers(dossier.outline):
        if item.section != section or not item.takes_narrative:
            continue
        known = dossier.narratives.get(item.code)
        composed = composed_text(dossier, item)
        placement = known.placement if known else Placement.AFTER
        yield NarrativeEntry(
            item,
            f"{marker} {item.title}".strip(" .:"),
            to_labels(known.text, dossier) if known else "",
            placement,
            composed,
            stale=bool(
                known and placement == Placement.INSTEAD and known.made_from
                and known.made_from != composed
            ),
        )  # fmt: skip


def composed_text(dossier: Dossier, item: ItemFacts) -> str:
    """What the figures of an item say, as plain text to take over."""
    said = (block for block in item_sentences(dossier, item) if isinstance(block, Paragraph))
    return clean_text("\n".join(f"{b.marker} {b.text}".strip() for b in said), multiline=True)


@dataclass(frozen=True)
class IndicatorEntry:
    """One appendix row as it is entered: `asked` when it is typed here, else `shown` from `home`."""

    row: IndicatorFacts
    figure: Figure | None
    asked: Asked | None
    shown: str
    home: Section | None
    note: str
    required: bool

    @property
    def takes_note(self) -> bool:
        return self.row.kind == Indicator.Kind.VALUE and self.row.applies


def indicator_entries(dossier: Dossier) -> Iterator[IndicatorEntry]:
    """The rows of the appendix page, in the order of the paper."""
    from .compose.appendix import row_value  # the printed value, as the paper will have it
    from .document.html import cell_text

    named = named_figures(dossier.outline, dossier.indicators)
    for row in dossier.indicators.rows if dossier.indicators else ():
        note = to_labels(dossier.notes.get(row.code, ""), dossier)
        if row.kind == Indicator.Kind.LABEL:
            yield IndicatorEntry(row, None, None, "", None, note, False)
            continue
        figure = dossier.catalogue[row.figure]
        required = named.get(row.figure, False)
        typed = row.typed and (row.applies or dossier.value(row.figure).answered)
        if row.kind in (Indicator.Kind.SECTION, Indicator.Kind.GROUP):
            typed = typed and dossier.value(row.figure).answered
        asked = ask(dossier, figure, required) if typed else None
        shown = "" if row.typed else cell_text(row_value(dossier, row))
        home = None if row.typed else figure.section
        yield IndicatorEntry(row, figure, asked, shown, home, note, required)
