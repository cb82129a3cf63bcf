"""Random reports: any content that the report of a dossier can hold, as JSON tells it."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from reports.catalogue.figures import Figure
from reports.dossier.facts import Dossier
from reports.enums import DocumentKind, DocumentPurpose, Section, StaffCategory, ValueKind
from reports.text.typography import clean_line, clean_lines

#: Any letters at all; what a keyboard in a commune types.
ANY = st.characters()
TYPED = st.sampled_from(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấệốợửỹABĐƠƯỦ  \n0123456789.,;:-/()%&<>“”"
)
COUNT = st.integers(0, 10**15 - 1)
MEASURE = st.integers(0, 10**15 - 1).map(lambda n: float(Decimal(n).scaleb(-2)))
DAY = st.dates(date(1945, 1, 1), date(2100, 12, 31)).map(date.isoformat)
CONTENT = {
    ValueKind.COUNT: COUNT,
    ValueKind.AMOUNT: COUNT,
    ValueKind.DECIMAL: MEASURE,
    ValueKind.PERCENT: MEASURE,
    ValueKind.DATE: DAY,
}


Letters = st.SearchStrategy[str]


@cache  # a strategy costs more to build than to draw from
def plain(letters: Letters) -> st.SearchStrategy[str]:
    """One line of text, as it is stored; it may be empty."""
    return st.text(letters, max_size=30).map(clean_line)


@cache
def prose(letters: Letters) -> st.SearchStrategy[str]:
    return st.text(letters, max_size=60).map(clean_lines)


@cache
def raw_value(figure: Figure, letters: Letters = ANY) -> st.SearchStrategy[Any]:
    """Any value of the figure as JSON tells it."""
    words = prose(letters).filter(bool)
    none = st.sampled_from([None, "none_arisen"])
    if figure.whole:  # its number is computed; only what the source printed is kept
        return none | words.map(lambda text: {"value": None, "stated": text})
    if figure.kind == ValueKind.CODE:
        return none | st.sampled_from([number for number, _ in figure.choices])
    if figure.kind == ValueKind.TEXT:
        return none | words.map(lambda text: {"value": text} if text == "none_arisen" else text)
    content = CONTENT[figure.kind]
    stated = st.fixed_dictionaries({"value": st.none() | content, "stated": words})
    return none | content | stated


def rows(
    figures: list[Figure], letters: Letters, **keys: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    columns = {f.code.partition(".")[2]: raw_value(f, letters) for f in figures}
    told = st.fixed_dictionaries({**columns, **keys})
    return told.map(
        lambda row: {k: v for k, v in row.items() if v is not None or not k.endswith("_share")}
    )


@cache
def shapes(
    catalogue: tuple[Figure, ...], letters: Letters
) -> tuple[st.SearchStrategy[Any], dict[str, st.SearchStrategy[Any]]]:
    """Which figures are given, and the rows of each table."""
    plain_text, prose_text = plain(letters), prose(letters)
    name = plain_text.filter(bool)
    of_table: dict[str, list[Figure]] = {}
    asked = []
    for figure in catalogue:
        if figure.table:
            of_table.setdefault(figure.table, []).append(figure)
        elif figure.typed:
            asked.append(figure)
    few = {"min_size": 0, "max_size": 3}
    named = {"name": name}
    kind, part = st.sampled_from(DocumentKind.values), st.sampled_from(Section.values)
    tables = {
        "dossiers": st.lists(rows(of_table["dossiers"], letters, **named), **few, unique_by=lambda r: r["name"]),
        "positions": st.lists(rows(of_table["positions"], letters, **named), **few, unique_by=lambda r: r["name"]),
        "equipment": st.lists(rows(of_table["equipment"], letters, **named, measure=name.map(lambda t: t[:20].strip())), **few),
        "disbursements": st.lists(rows(of_table["disbursements"], letters, **named, year=st.none() | st.integers(1945, 2100)), **few),
        "outgoing": st.lists(rows(of_table["outgoing"], letters, kind=kind), **few, unique_by=lambda r: r["kind"]),
        "staff": st.lists(rows(of_table["staff"], letters, category=st.sampled_from(StaffCategory.values)) , **few, unique_by=lambda r: r["category"]),
        "documents": st.lists(rows([], letters, part=part, kind=kind, item=st.just("x"), number=plain_text, symbol=plain_text, subject=prose_text,
                                        issuer=plain_text, date=st.none() | DAY, date_text=plain_text, cited_as=prose_text,
                                        purpose=st.sampled_from(DocumentPurpose.values)), **few),
    }  # fmt: skip
    figures = st.lists(st.sampled_from(asked), max_size=25, unique_by=lambda f: f.code)
    return figures, tables


@st.composite
def contents(draw: st.DrawFn, dossier: Dossier, letters: Letters = ANY) -> dict[str, Any]:
    """Random figures, rows, narratives, notes and frame for the report of the dossier."""
    plain_text, prose_text = plain(letters), prose(letters)
    words = prose_text.filter(bool)
    given, shaped = shapes(tuple(dossier.catalogue.values()), letters)
    figures = draw(given)
    tables = {table: draw(rows) for table, rows in shaped.items()}
    for table in tables.values():
        for position, row in enumerate(table):
            row["uid"] = f"u{position}"
    for row in tables["staff"]:
        row["headcount"] = draw(COUNT)  # a row of a fixed table is stored once it holds a number
    narrative = st.fixed_dictionaries(
        {"text": words, "placement": st.sampled_from(["after", "before", "instead"]),
         "made_from": prose_text}
    )  # fmt: skip
    codes = [row.code for row in dossier.indicators.rows] if dossier.indicators else []
    return {
        "figures": {figure.code: draw(raw_value(figure, letters)) for figure in figures},
        "tables": tables,
        "narratives": draw(st.dictionaries(st.sampled_from(["a", "b", "c"]), narrative)),
        "notes": draw(st.dictionaries(st.sampled_from(codes), words, max_size=3)),
        "paper": {
            "place": draw(plain_text),
            "signer_name": draw(plain_text),
            "recipients": draw(prose_text),
        },
    }
