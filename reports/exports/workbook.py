"""The workbook of a period: a clean table for pivot tables, its totals, who is missing, what columns mean.

Written as it is read, row by row, so that three thousand units cost the memory of one. What was typed
is always written as a string: no text of a clerk ever becomes a formula.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from math import ceil
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ..catalogue.figures import Figure
from ..dossier import PeriodFacts
from ..entry.figures import counting
from ..enums import Rollup, State, ValueKind
from ..models import Report, ReportingPeriod
from .table import NONE_ARISEN, NOT_OPENED, Head, Layout, head, layout, without_report
from .totals import Tally

#: Grouped by the reader's own separators: 3 is the number that Excel gave this format.
COUNT, GROUPED = "#,##0", 3
#: How a cell without a format of its own looks. Counts are nine cells of ten, and a format of their own
#: would cost each of them a tenth of its writing.
FACE = {"font_name": "Times New Roman", "font_size": 12, "num_format": GROUPED}
DAY = "dd/mm/yyyy"
#: Day 0 of Excel's calendar.
EPOCH = date(1899, 12, 30)
#: Title and width of the columns before the figures.
LEADING_COLUMNS = (
    ("Mã đơn vị", 10),
    ("Đơn vị", 26),
    ("Trạng thái", 16),
    ("Ngày gửi", 12),
    ("Số ngày chậm", 8),
)
#: Where the day of sending stands.
SENT = 3
#: Excel keeps so many letters in a cell.
LONGEST = 32_767
#: Points of one line of a row; letters that a column holds for each unit of its width.
LINE, LETTERS = 16, 1.1
HEAD_FACE: Mapping[str, Any] = {
    "bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "bottom": 1,
    "bg_color": "#E6EDF6",
}  # fmt: skip


@dataclass
class Formats:
    book: Workbook
    by_key: dict[str, Any] = field(default_factory=dict)

    def of(self, pattern: str = "", **more: Any) -> Any:
        key = f"{pattern}{more}"
        if key not in self.by_key:
            properties = {
                **FACE,
                **({"num_format": pattern} if pattern not in ("", COUNT) else {}),
                **more,
            }
            self.by_key[key] = self.book.add_format(properties)
        return self.by_key[key]


def write_workbook(
    path: Path,
    reports: QuerySet[Report],
    period: ReportingPeriod,
    states: frozenset[State],
    today: date,
) -> tuple[int, int]:
    """Write the file; how many units are in it, and how many are not, the excluded among them.

    `reports` are those the reader may have; the ones in `states` are rows, the others are missing.
    """
    plan = layout(period)
    options = {
        "constant_memory": True, "tmpdir": str(path.parent), "default_format_properties": FACE,
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with Workbook(str(path), options) as book:
        formats = Formats(book)
        data, added, absent, meaning = (
            book.add_worksheet(name) for name in ("Số liệu", "Cộng", "Chưa có báo cáo", "Chú giải")
        )
        headings = titles(plan)
        _head_of_data(data, plan, headings, formats)
        _head(absent, MISSING_HEAD, formats)
        tally, missing = _write_rows(data, absent, plan, reports, states, today)
        _widths(data, plan)
        _finish_data(book, data, len(headings), tally.rows)
        _finish_list(absent, len(MISSING_HEAD), missing)
        _write_totals(added, plan, tally, formats)
        _write_meaning(meaning, plan, headings, formats)
    return tally.rows, missing


def titles(plan: Layout) -> list[str]:
    """One title a column, no two alike: a pivot table knows its columns by them."""
    rows = {row.figure: row.stt for row in plan.appendix}
    titles = [title for title, _ in LEADING_COLUMNS]
    for figure in plan.figures:
        stt = rows.get(figure.code, "") if figure.indicator else ""
        title = f"{stt} {figure.label}".strip() + (f" ({figure.unit})" if figure.unit else "")
        titles.append(title if title not in titles else f"{title} [{figure.code}]")
    return titles


# --- the data ------------------------------------------------------------------------------------------


def _head_of_data(sheet: Worksheet, plan: Layout, headings: list[str], formats: Formats) -> None:
    bold = formats.of(**HEAD_FACE)
    # Of every row, so that none costs memory: a long text shows its beginning, and never lies over the row below.
    sheet.set_default_row(LINE)
    sheet.set_row(0, 6 * LINE)
    for column, title in enumerate(headings):
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 2)
    set_formats(sheet, plan, formats)


def set_formats(sheet: Worksheet, plan: Layout, formats: Formats) -> None:
    """How the columns of days, texts and decimals show what stands in them."""
    sheet.set_column(SENT, SENT, 12, formats.of(DAY))
    for column, figure in enumerate(plan.figures, start=len(LEADING_COLUMNS)):
        if figure.kind == ValueKind.TEXT:
            sheet.set_column(column, column, 30, formats.of(text_wrap=True, valign="top", indent=1))
        elif (own := pattern(figure)) != COUNT:
            sheet.set_column(column, column, 14, formats.of(own))


def _widths(sheet: Worksheet, plan: Layout) -> None:
    """Widths of the columns without a format, told after the rows: looked up for every cell they cost."""
    for column, (_, width) in enumerate(LEADING_COLUMNS):
        if column != SENT:
            sheet.set_column(column, column, width)
    for column, figure in enumerate(plan.figures, start=len(LEADING_COLUMNS)):
        if figure.kind != ValueKind.TEXT and pattern(figure) == COUNT:
            sheet.set_column(column, column, 18 if figure.kind == ValueKind.AMOUNT else 14)


def pattern(figure: Figure) -> str:
    if figure.kind == ValueKind.TEXT:
        return COUNT
    if figure.kind == ValueKind.DATE:
        return DAY
    return COUNT + ("." + "0" * figure.decimals if figure.decimals else "")


def _write_rows(
    data: Worksheet,
    absent: Worksheet,
    plan: Layout,
    reports: QuerySet[Report],
    states: frozenset[State],
    today: date,
) -> tuple[Tally, int]:
    """Write each unit on the sheet it belongs to; returns the sums, and how many have no row of figures."""
    tally, missing, excluded = Tally(plan), 0, []
    write = _figure_writer(data, plan, tally)
    for row in plan.rows(reports):
        unit = head(row, plan.period, today)
        if unit.state in states:
            _write_unit(data, tally.rows + 1, unit)
            write(row)
        elif unit.state == State.EXCLUDED:
            excluded.append(unit)
        else:
            missing += 1
            _write_missing(absent, missing, unit)
    for code, name in without_report(plan.period):
        missing += 1
        absent.write_string(missing, 0, code)
        absent.write_string(missing, 1, name)
        absent.write_string(missing, 2, NOT_OPENED)
    for unit in excluded:
        missing += 1
        _write_missing(absent, missing, unit)
    return tally, missing


def _write_unit(sheet: Worksheet, line: int, unit: Head) -> None:
    sheet.write_string(line, 0, unit.code)
    sheet.write_string(line, 1, unit.unit)
    sheet.write_string(line, 2, unit.state.label)
    if unit.sent:
        sheet.write_number(line, SENT, (unit.sent - EPOCH).days)
    sheet.write_number(line, SENT + 1, unit.late_days)


def _figure_writer(
    sheet: Worksheet, plan: Layout, tally: Tally
) -> Callable[[tuple[Any, ...]], None]:
    """A function that writes one row of figures. Half a million cells pass here, so everything that can
    be computed before the first row is."""
    first = len(LEADING_COLUMNS)
    columns = [first + column for column, _ in plan.numbers]
    numbers = itemgetter(*[slot for _, slot in plan.numbers])
    # Without the look whether each cell is named "A1": a twentieth of the writing.
    write_number = partial(Worksheet.write_number.__wrapped__, sheet)
    write_string = partial(Worksheet.write_string.__wrapped__, sheet)

    def write(row: tuple[Any, ...]) -> None:
        values, texts = plan.read(row)
        tally.add(values, texts)
        line = tally.rows
        for column, value in zip(columns, numbers(values), strict=True):
            if value is not None:
                write_number(line, column, value)
        for column, slot in plan.texts:
            if values[slot]:
                write_string(line, first + column, values[slot][:LONGEST])
        for column, slot in plan.days:
            if values[slot] is not None:
                write_number(line, first + column, (values[slot] - EPOCH).days)
        for ratio in plan.ratios:
            column = ratio.column
            share = ratio.share(values)
            if share is not None and texts.get(column) != NONE_ARISEN:
                texts.pop(column, None)
                write_number(line, first + column, share)
        for column, text in texts.items():
            write_string(line, first + column, text[:LONGEST])

    return write


def _finish_data(book: Workbook, sheet: Worksheet, columns: int, rows: int) -> None:
    sheet.autofilter(0, 0, max(rows, 1), columns - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, 1)
    # The name a pivot table is made from.
    book.define_name("So_lieu", f"='Số liệu'!$A$1:${_letters(columns - 1)}${rows + 1}")


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# --- who is missing -----------------------------------------------------------------------------------

MISSING_HEAD = (
    ("Mã đơn vị", 10), ("Đơn vị", 30), ("Trạng thái", 24), ("Số ngày chậm", 12), ("Lý do", 60),
)  # fmt: skip


def _write_missing(sheet: Worksheet, line: int, unit: Head) -> None:
    _heighten(sheet, line, MISSING_HEAD, {4: unit.reason[:LONGEST]})
    sheet.write_string(line, 0, unit.code)
    sheet.write_string(line, 1, unit.unit)
    sheet.write_string(line, 2, unit.state.label)
    if unit.late_days:
        sheet.write_number(line, 3, unit.late_days)
    if unit.reason:
        sheet.write_string(line, 4, unit.reason[:LONGEST])


def _head(sheet: Worksheet, columns: tuple[tuple[str, int], ...], formats: Formats) -> None:
    bold = formats.of(**HEAD_FACE)
    _heighten(sheet, 0, columns, {i: title for i, (title, _) in enumerate(columns)})
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width, formats.of(text_wrap=True, valign="top"))
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 0)


def _heighten(
    sheet: Worksheet, line: int, columns: tuple[tuple[str, int], ...], texts: Mapping[int, str]
) -> None:
    """Make a row as high as its wrapped words need, told before they are written.

    Excel would find it by itself; LibreOffice lets them lie over the row below.
    """
    most = max(ceil(len(text) / (LETTERS * columns[column][1])) for column, text in texts.items())
    sheet.set_row(line, LINE * max(1, most))


def _finish_list(sheet: Worksheet, columns: int, rows: int) -> None:
    sheet.autofilter(0, 0, max(rows, 1), columns - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


# --- totals --------------------------------------------------------------------------------------------

TOTALS_HEAD = (
    ("Phần", 34), ("Chỉ tiêu", 60), ("Đơn vị tính", 14), ("Cộng", 20), ("Số đơn vị có số liệu", 16),
    ("Số đơn vị chưa có số liệu", 16), ("Cách cộng", 66), ("Mã", 36),
)  # fmt: skip
ROLLUP_TEXTS: Mapping[Rollup, str] = {
    Rollup.SUM: "Cộng các đơn vị; “Không phát sinh” tính là 0",
    Rollup.RATIO: "Tính lại từ tổng các thành phần của những đơn vị có đủ thành phần",
    Rollup.NONE: "Không cộng",
}


def _write_totals(sheet: Worksheet, plan: Layout, tally: Tally, formats: Formats) -> None:
    _head(sheet, TOTALS_HEAD, formats)
    beside = formats.of(
        text_wrap=True, valign="top", indent=1
    )  # of a number that ends where it begins
    for column, figure in enumerate(plan.figures):
        line = column + 1
        section = figure.section.label if figure.section else ""
        rollup_text = ROLLUP_TEXTS[figure.rollup]
        _heighten(sheet, line, TOTALS_HEAD, {0: section, 1: figure.label, 6: rollup_text})
        sheet.write_string(line, 0, section)
        sheet.write_string(line, 1, figure.label)
        sheet.write_string(line, 2, figure.unit)
        content, entered = tally.total(column)
        if content is not None:
            sheet.write_number(line, 3, content, formats.of(pattern(figure), valign="top"))
        sheet.write_number(line, 4, entered)
        sheet.write_number(line, 5, tally.rows - entered)
        sheet.write_string(line, 6, rollup_text, beside)
        sheet.write_string(line, 7, figure.code)
    _finish_list(sheet, len(TOTALS_HEAD), len(plan.figures))


# --- what the columns mean ---------------------------------------------------------------------------

MEANING_HEAD = (
    ("Cột", 8), ("Tên cột", 60), ("Phần", 34), ("Đơn vị tính", 14), ("Cách tính", 80), ("Mã", 36),
)  # fmt: skip
NOTES = """\
Ô trống: đơn vị chưa nhập. Số 0: đơn vị đã nhập số 0. “Không phát sinh”: đơn vị trả lời là không có; khi cộng tính là 0.
Chữ ở cột số: đơn vị ghi theo văn bản gốc, chưa phải là số nên không được cộng.
Vùng tên So_lieu là bảng ở trang Số liệu, dùng ngay được cho PivotTable.
Báo cáo đang được trả lại để sửa hoặc đã rút về tính là chưa có.""".splitlines()


def _write_meaning(sheet: Worksheet, plan: Layout, headings: list[str], formats: Formats) -> None:
    _head(sheet, MEANING_HEAD, formats)
    period = plan.period
    facts = PeriodFacts(
        period.code, period.phrase, period.next_phrase, period.year,
        period.data_from, period.data_to, period.deadline,
    )  # fmt: skip
    for line, figure in enumerate(plan.figures, start=1):
        column = len(LEADING_COLUMNS) + line - 1
        sentences = [counting(plan.catalogue, facts, figure)]
        sentences += [f"{number} = {label}." for number, label in figure.choices]
        cells = {
            0: _letters(column), 1: headings[column],
            2: figure.section.label if figure.section else "", 3: figure.unit,
            4: " ".join(filter(None, sentences)), 5: figure.code,
        }  # fmt: skip
        _heighten(sheet, line, MEANING_HEAD, cells)
        for place, text in cells.items():
            sheet.write_string(line, place, text)
    for line, note in enumerate(NOTES, start=len(plan.figures) + 2):
        sheet.write_string(line, 1, note, formats.of(italic=True))
    _finish_list(sheet, len(MEANING_HEAD), len(plan.figures))
