"""Values that the paper leaves blank, and entered values that it prints nowhere."""

import re
from collections.abc import Iterator

from ..catalogue.field_names import column_of
from ..catalogue.grammar import Ref, parse
from ..catalogue.questionnaire import named_figures
from ..catalogue.values import Value
from ..documents.tree import Paragraph, Table
from ..enums import Placement, Section, Severity
from ..models import TABLES_BY_NAME
from .case import WITHOUT_TABLES, Case, Problem, cut, rule, say_value, values_of


@rule(Severity.ERROR)
def missing_value_printed(case: Case) -> Iterator[Problem]:
    """No sentence of the paper prints dots for a value that was not entered.

    Nghị định 30/2020/NĐ-CP: a paper that is sent is complete; only its number and day come later.
    """
    required = case.dossier.questionnaire.named
    lines = [
        (block.item, block.runs)
        for block in case.body
        # A missing figure in the clerk's words is told by text_names_missing_figure.
        if isinstance(block, Paragraph) and block.item and block.source != "clerk"
    ]
    for item, runs in (*lines, *(("", runs) for runs in case.frame)):
        for run in runs:
            code = column_of(run.figure)
            # What is required and missing is told by figure_required.
            if run.missing and (code != run.figure or not required.get(code)):
                text = cut("".join(run.text for run in runs))
                yield Problem(
                    *case.printed_place(run.figure, item),
                    f"Câu “{text}” còn chỗ trống: chưa có {case.label(code)}.",
                    "Nhập số liệu; nếu trong kỳ không có, ghi “Không phát sinh”.",
                )


@rule(Severity.WARNING)
def figure_not_printed(case: Case) -> Iterator[Problem]:
    """A figure that the outline asks for and the clerk gave stands somewhere in the paper.

    Báo cáo in đủ số liệu đã hỏi: what is typed is not dropped in silence.
    """
    dossier, printed = case.dossier, _printed(case)
    accounted = printed | _parts(case, printed) | _replaced(case) | _none_arisen(case)
    for code in named_figures(dossier.outline, None):
        figure, value = dossier.catalogue[code], dossier.value(code)
        # A total of rows is told by its rows.
        if code not in accounted and figure.section and not figure.rows_of and _given(value):
            yield Problem(
                *case.place(code),
                f"Đã có số liệu {case.label(code)} ({say_value(value)}) nhưng văn bản không in ở đâu.",
                "Nhập các số liệu cùng câu để câu được in, hoặc nhắc số liệu này trong lời văn.",
                values_of(say_value(value)),
            )
    yield from _cells_not_printed(case, printed, accounted)


def _cells_not_printed(case: Case, printed: set[str], accounted: set[str]) -> Iterator[Problem]:
    """The same for the columns that sentences about rows name; one problem for each column."""
    for code in _named_columns(case):
        if code in accounted:
            continue
        table = TABLES_BY_NAME[case.dossier.catalogue[code].table]
        for row in case.rows(table.table):
            value = row.value(code)
            section = table.section or Section(str(row.keys["part"]))
            if _given(value) and row.place(code) not in printed:
                yield Problem(
                    section, "" if section in WITHOUT_TABLES else row.place(code),
                    f"Bảng “{table.title}” đã có số liệu {case.label(code)} ({say_value(value)}) nhưng văn bản "
                    "không in ở đâu.",
                    "Nhập đủ các ô cùng hàng để câu được in, hoặc nhắc số liệu này trong lời văn.",
                    values_of(say_value(value)),
                )  # fmt: skip
                break


def _given(value: Value) -> bool:
    return value.none_arisen or value.number is not None


def _printed(case: Case) -> set[str]:
    """Every figure on paper, in rows by `code@uid`."""
    indicators = case.dossier.indicators
    cells = {
        cell.figure
        for block in case.body
        if isinstance(block, Table)
        for row in block.body
        for cell in row
    }
    frame = {run.figure for line in case.frame for run in line}
    appendix = {row.figure for row in (indicators.rows if indicators else ())}
    return {run.figure for run in case.runs} | cells | frame | appendix


def _parts(case: Case, printed: set[str]) -> set[str]:
    """The figures that printed rates are computed from."""
    codes = set()
    for code in printed:
        figure = case.dossier.catalogue.get(code)
        if figure:
            codes |= {*figure.parts, figure.whole}
    return codes


def _replaced(case: Case) -> set[str]:
    """Figures of items whose sentences the clerk replaced by a text."""
    codes = set()
    for item in case.dossier.outline.items:
        narrative = case.dossier.narratives.get(item.code)
        if narrative and narrative.placement == Placement.INSTEAD and item.takes_narrative:
            codes |= set(re.findall(r"[a-z_]+\.[a-z0-9_]+", item.body))
            for table, ref in _row_refs(item.body):
                codes.add(f"{table}.{ref.name}")
    return codes


def _none_arisen(case: Case) -> set[str]:
    """Figures of sentences that the paper prints as "không phát sinh"."""
    codes = set()
    for item in case.dossier.outline.items:
        for line in item.body.splitlines():
            sentence = parse(line.strip()) if "||" in line and not line.startswith("@") else None
            if sentence is None or not sentence.none_arisen:
                continue
            named = [ref.name for ref, table, _ in sentence.refs() if not table and "." in ref.name]
            if named and case.dossier.value(named[0]).none_arisen:
                codes |= {code for code in named if not case.dossier.value(code).number}
    return codes


def _row_refs(body: str) -> Iterator[tuple[str, Ref]]:
    """Every column that a body names in sentences about rows, with its table."""
    for line in map(str.strip, body.splitlines()):
        if line.startswith("@each "):
            table, _, source = line[6:].partition(":")
            yield from ((table.strip(), ref) for ref, _, _ in parse(source).refs())
        elif line and not line.startswith("@"):
            yield from ((table, ref) for ref, table, _ in parse(line).refs() if table)


def _named_columns(case: Case) -> dict[str, None]:
    """The typed columns that sentences about rows name, in the order of the paper."""
    columns: dict[str, None] = {}
    for item in case.dossier.outline.items:
        for table, ref in _row_refs(item.body):
            code = ref.name if "." in ref.name else f"{table}.{ref.name}"
            figure = case.dossier.catalogue.get(code)
            if figure and figure.column and figure.table == table:
                columns[code] = None
    return columns
