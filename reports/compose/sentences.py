"""Sentences of the grammar (`reports.catalogue.grammar`) as they read with the figures of a dossier."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from ..catalogue.figures import Figure
from ..catalogue.grammar import Clause, Loop, Parts, Ref, loops, parse
from ..catalogue.outlines import OutlineFacts
from ..catalogue.values import TableRow, Value
from ..documents.tree import Run
from ..dossier import Dossier
from ..enums import ValueKind
from ..text.dates import format_date, format_date_words
from ..text.numbers import format_count, format_decimal, format_percent, percent
from .wording import weekdays, within_sentence

#: What a figure not yet entered leaves on paper: room to write it in by hand.
BLANK = "……"
NONE_ARISEN = "không phát sinh"

#: A live figure in the clerk's own words.
LIVE = re.compile(r"\{([a-z0-9_.]+)(?:\|(pad))?\}")

#: Facts of the report that sentences may name.
FACTS: Mapping[str, Callable[[Dossier], str]] = {
    "unit": lambda d: str(d.unit),
    "unit_name": lambda d: d.unit.name,
    "unit_kind": lambda d: d.unit.kind,
    "superior": lambda d: str(d.superior),
    "superior_kind": lambda d: d.superior.kind,
    "office": lambda d: d.office,
    "period": lambda d: d.period.phrase,
    "next_period": lambda d: d.period.next_phrase,
    "year": lambda d: str(d.period.year),
    "from": lambda d: format_date(d.period.data_from),
    "to": lambda d: format_date(d.period.data_to),
    "from_words": lambda d: format_date_words(d.period.data_from),
    "to_words": lambda d: format_date_words(d.period.data_to),
}


def unknown_names(
    source: str, dossier_catalogue: Mapping[str, Figure], tables: Mapping[str, set[str]]
) -> list[str]:
    """A message in Vietnamese, with its position, for every table and figure the sentence names in vain."""
    sentence = parse(source)
    problems = [
        f"Vị trí {loop.position}: không có bảng “{loop.table}”"
        for loop in loops(sentence.parts + sentence.none_arisen)
        if loop.table not in tables
    ]
    for ref, table, _ in sentence.refs():
        for name in filter(None, (ref.name, ref.whole)):
            if table:
                exists = name in tables.get(table, ()) or (
                    "." in name and name in dossier_catalogue
                )
            else:
                exists = name in dossier_catalogue or name in FACTS
            if not exists:
                problems.append(f"Vị trí {ref.position}: không có số liệu “{name}”")
    return problems


# --- rendering a sentence ------------------------------------------------------------------------


def render(
    source: str, dossier: Dossier, row: TableRow | None = None, table: str = ""
) -> tuple[Run, ...] | None:
    """The sentence as runs of text; None when it names figures and none of them has a value."""
    sentence = parse(source)
    first = next((ref for ref, _, optional in sentence.refs() if "." in ref.name or row), None)
    if sentence.none_arisen and first and _lookup(first.name, dossier, row, table)[1].none_arisen:
        return tuple(_render(sentence.none_arisen, dossier, row, table).runs)
    rendered = _render(sentence.parts, dossier, row, table)
    return None if rendered.named and not rendered.answered else tuple(rendered.runs)


@dataclass
class _Rendered:
    """The runs of a part of a sentence, and how many figures it names, has values of, and lacks."""

    runs: list[Run]
    named: int = 0
    answered: int = 0
    missing: int = 0
    #: Whether what is rendered begins a sentence.
    opens: bool = True


def _render(
    parts: Parts, dossier: Dossier, row: TableRow | None, table: str, opens: bool = True
) -> _Rendered:
    rendered = _Rendered([], opens=opens)
    for part in parts:
        if isinstance(part, str):
            rendered.runs.append(Run(part))
        elif isinstance(part, Ref):
            _render_ref(part, dossier, row, table, rendered)
        elif isinstance(part, Clause):
            inner = _render(part.parts, dossier, row, table, _opens(rendered))
            rendered.named += inner.named
            rendered.answered += inner.answered
            if not inner.missing:
                rendered.runs += inner.runs
        else:
            _render_loop(part, dossier, rendered)
    return rendered


def _opens(rendered: _Rendered) -> bool:
    before = "".join(run.text for run in rendered.runs).rstrip()
    return before[-1] in ".!?" if before else rendered.opens


def _render_ref(
    ref: Ref, dossier: Dossier, row: TableRow | None, table: str, rendered: _Rendered
) -> None:
    if not row and ref.name in FACTS:
        rendered.runs.append(Run(FACTS[ref.name](dossier)))
        return
    if row and ref.name in row.keys:
        label = row.keys.get(f"{ref.name}_label")
        content = label if label is not None else row.keys[ref.name]
        text = str(content or "")
        if label is not None:
            text = within(text, rendered)
        elif ref.name == "name" and text[1:].islower() and not _opens(rendered):
            text = within_sentence(text)  # a field, a kind of money; posts keep their capitals
        rendered.runs.append(Run(text))
        rendered.missing += content in (None, "")
        return
    figure, value = _lookup(ref.name, dossier, row, table)
    if ref.whole:
        value = _share(value, _lookup(ref.whole, dossier, row, table)[1])
        figure = replace(figure, kind=ValueKind.PERCENT, decimals=1)
    name = row.place(figure.code) if row and figure.table == table else figure.code
    rendered.named += 1
    if value.answered:
        rendered.answered += 1
        text = _value_text(figure, value, ref.format, dossier, rendered)
        runs = live_runs(text, dossier) if figure.kind == ValueKind.TEXT else (Run(text),)
        rendered.runs += [replace(run, figure=run.figure or name) for run in runs]
    else:
        rendered.missing += 1
        rendered.runs.append(Run(BLANK, name, missing=True))


def _value_text(
    figure: Figure, value: Value, style: str, dossier: Dossier, rendered: _Rendered
) -> str:
    """A value inside a sentence: by the paper's habit of zeros, a label in small letters."""
    if figure.kind == ValueKind.CODE and isinstance(value.content, int):
        if style == "did":
            return within("Đã" if value.content else "Chưa", rendered)
        return within(show(figure, value), rendered)
    return show(figure, value, "pad" if not style and pads(dossier.outline) else style)


@lru_cache(maxsize=64)
def pads(outline: OutlineFacts) -> bool:
    """Whether the paper writes 05 for 5; one habit holds from its first page to its last."""
    return any("|pad}" in item.body for item in outline.items)


def within(label: str, rendered: _Rendered) -> str:
    """A label from a list, which begins with a capital, as it stands inside a sentence."""
    if _opens(rendered) or not label[:1].isupper() or label[1:2].isupper():
        return label
    return label[0].lower() + label[1:]


def live_runs(text: str, dossier: Dossier) -> tuple[Run, ...]:
    text = weekdays(text)
    runs, at = [], 0
    for match in LIVE.finditer(text):
        code, style = match[1], match[2] or ""
        if code in FACTS:
            run = Run(FACTS[code](dossier))
        elif code in dossier.catalogue and not dossier.catalogue[code].table:
            value = dossier.value(code)
            figure = dossier.catalogue[code]
            run = (
                Run(show(figure, value, style or "pad" * pads(dossier.outline)), code)
                if value.answered
                else Run(BLANK, code, missing=True)
            )
        else:
            continue
        runs += [Run(text[at : match.start()]), run]
        at = match.end()
    return tuple(run for run in [*runs, Run(text[at:])] if run.text)


def _render_loop(loop: Loop, dossier: Dossier, rendered: _Rendered) -> None:
    printed = False
    for row in dossier.tables.get(loop.table, ()):
        inner = _render(loop.parts, dossier, row, loop.table, not printed and _opens(rendered))
        if inner.missing or (inner.named and not inner.answered):
            continue
        if printed:
            rendered.runs.append(Run(", "))
        rendered.runs += inner.runs
        printed = True
    rendered.named += 1
    rendered.answered += printed
    rendered.missing += not printed


def _lookup(name: str, dossier: Dossier, row: TableRow | None, table: str) -> tuple[Figure, Value]:
    code = f"{table}.{name}" if row and "." not in name else name
    inside = row if code.startswith(f"{table}.") else None
    return dossier.catalogue[code], dossier.value(code, inside)


def _share(part: Value, whole: Value) -> Value:
    if part.number is None or whole.number is None:
        return Value()
    return Value(percent(part.number, whole.number, 1))


def show(figure: Figure, value: Value, style: str = "") -> str:
    """One value as prose prints it: `2.395`, `97,37%`, `05/8/2024`, `2 cấp`."""
    if value.none_arisen:
        return NONE_ARISEN
    if value.stated:
        numeric = figure.kind == ValueKind.PERCENT and value.stated[-1].isdigit()
        return value.stated + "%" * numeric
    content = value.content
    if figure.kind == ValueKind.PERCENT and isinstance(content, Decimal):
        return format_percent(content, figure.decimals)
    if figure.kind == ValueKind.DECIMAL and isinstance(content, Decimal):
        return format_decimal(content, figure.decimals).rstrip("0").rstrip(",")
    if figure.kind == ValueKind.CODE and isinstance(content, int):
        return dict(figure.choices).get(content, str(content))
    if figure.kind == ValueKind.DATE and isinstance(content, date):
        return format_date_words(content) if style == "words" else format_date(content)
    if isinstance(content, int):
        return format_count(content, pad=style == "pad")
    return str(content)
