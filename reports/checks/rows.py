"""Tables of child rows: each row closes, and the rows agree with the section's totals."""

from collections.abc import Iterator
from typing import NamedTuple

from ..catalogue.values import TableRow
from ..enums import Section, Severity
from ..models import TABLES, TABLES_BY_NAME
from ..text.names import fold
from .case import Case, Number, Problem, rule, say, say_value, sum_of, values_of


class RowSum(NamedTuple):
    """In one row, `total` is the sum of `parts`; a difference is reported at `field`."""

    field: str
    total: str
    parts: tuple[str, ...]


def _row_sum(field: str, total: str, parts: str) -> RowSum:
    codes = (f"dossiers.{part}" for part in parts.split())
    return RowSum(f"dossiers.{field}", f"dossiers.{total}", tuple(codes))


DOSSIER_SUMS = (
    _row_sum("online", "received", "online direct carried_over"),
    _row_sum("resolved", "resolved", "early on_time late"),
    _row_sum("pending", "pending", "pending_in_time pending_overdue"),
    _row_sum("received", "received", "resolved pending"),
)


def named(row: TableRow, key: str = "name") -> str:
    return str(row.keys.get(f"{key}_label") or row.keys.get(key) or "chưa ghi tên")


@rule(Severity.ERROR)
def dossier_row_closes(case: Case) -> Iterator[Problem]:
    """In every row of dossiers by field, each total equals its parts.

    Thông tư 01/2020/TT-VPCP, biểu II.06: 3 = 4 + 5 + 6, 7 = 8 + 9 + 10, 11 = 12 + 13, 3 = 7 + 11.
    """
    for row in case.rows("dossiers"):
        for field, total_code, parts in DOSSIER_SUMS:
            total, numbers = case.number(total_code, row), case.numbers(parts, row)
            if total is None or not numbers:
                continue
            added = sum(numbers.values())
            if added > total or (added != total and len(numbers) == len(parts)):
                yield Problem(
                    Section.PROCEDURES, row.place(field),
                    f"Lĩnh vực “{named(row)}”, {case.label(total_code)}: {sum_of(numbers)}, đang ghi "
                    f"{say_value(case.dossier.value(total_code, row))}.",
                    f"Sửa {case.label(total_code)} hoặc các cột: {case.labels(numbers)}.",
                    values_of(total, *numbers.values()),
                    tuple(row.place(code) for code in (total_code, *numbers)),
                    (case.repair(row.place(total_code), added),) if len(numbers) == len(parts) else (),
                )  # fmt: skip


@rule(Severity.ERROR)
def row_part_above_whole(case: Case) -> Iterator[Problem]:
    """In a row, tasks done are no more than planned, people of a kind no more than the headcount.

    By how the columns are counted (models/rows.py).
    """
    for model in TABLES:
        if not model.whole:
            continue
        whole = f"{model.table}.{model.whole}"
        codes = [
            code
            for code, figure in case.dossier.catalogue.items()
            if figure.table == model.table and figure.column and code != whole
        ]
        for row in case.rows(model.table):
            total = case.number(whole, row)
            for code, number in case.numbers(tuple(codes), row).items():
                if total is not None and number > total:
                    yield _larger(case, row, named(row, model.keys[0]), code, whole)


def _larger(case: Case, row: TableRow, name: str, code: str, whole: str) -> Problem:
    number, total = case.dossier.value(code, row), case.dossier.value(whole, row)
    return Problem(
        TABLES_BY_NAME[code.partition(".")[0]].page_of(row.keys), row.place(code),
        f"“{name}”: {case.label(code)} là {say_value(number)}, lớn hơn {case.label(whole)} đang ghi "
        f"{say_value(total)}.",
        "Sửa một trong hai số.",
        values_of(total.number, number.number),
    )  # fmt: skip


@rule(Severity.WARNING)
def row_unusual(case: Case) -> Iterator[Problem]:
    """Spending stays within its estimate; a post does not lack and exceed people at once.

    Luật Ngân sách nhà nước: chi theo dự toán được giao; what was carried over from the year before
    is explained.
    """
    for row in case.rows("disbursements"):
        amount = case.number("disbursements.amount", row)
        estimate = case.number("disbursements.estimate", row)
        if amount is not None and estimate is not None and amount > estimate:
            yield _larger(case, row, named(row), "disbursements.amount", "disbursements.estimate")
    for row in case.rows("positions"):
        missing = case.number("positions.missing", row)
        surplus = case.number("positions.surplus", row)
        if missing and surplus:
            yield Problem(
                Section.CIVIL_SERVICE, row.place("positions.missing"),
                f"Chức danh “{named(row)}” vừa thiếu {say(missing)} vừa dôi dư {say(surplus)} người.",
                "Giữ một trong hai số, hoặc giải trình.",
                values_of(missing, surplus),
            )  # fmt: skip


#: Groups of columns that count the same people once each.
DEGREES = tuple(
    f"staff.{column}"
    for column in (
        "postgraduate",
        "university",
        "college",
        "intermediate",
        "elementary",
        "untrained",
    )
)
THEORY = ("staff.theory_advanced", "staff.theory_intermediate", "staff.theory_elementary")


@rule(Severity.WARNING)
def qualifications_above_headcount(case: Case) -> Iterator[Problem]:
    """People by their highest degree, or by their degree in political theory, are no more than all.

    The staff table counts each person once in either group (models/rows.py).
    """
    for row in case.rows("staff"):
        total = case.number("staff.headcount", row)
        for codes in (DEGREES, THEORY):
            numbers = case.numbers(codes, row)
            if total is None or len(numbers) < 2 or any(n > total for n in numbers.values()):
                continue  # one column alone is row_part_above_whole's
            if sum(numbers.values()) > total:
                yield Problem(
                    Section.CIVIL_SERVICE, row.place(next(iter(numbers))),
                    f"“{named(row, 'category')}” theo trình độ: {sum_of(numbers)}, lớn hơn tổng số "
                    f"đang ghi {say(total)}.",
                    "Mỗi người tính một lần, theo trình độ cao nhất; sửa lại hoặc giải trình.",
                    values_of(total, *numbers.values()),
                )  # fmt: skip


@rule(Severity.ERROR)
def headcount_of_staff(case: Case) -> Iterator[Problem]:
    """The headcount is that of officials and of civil servants in the staff table.

    How civil_service.headcount is counted (models/sections/staffing.py).
    """
    total = case.number("civil_service.headcount")
    rows = {str(row.keys["category"]): row for row in case.rows("staff")}
    numbers: dict[str, Number] = {}
    for category in ("officials", "civil_servants"):
        number = case.number("staff.headcount", rows[category]) if category in rows else None
        if number is not None:
            numbers[category] = number
    if total is None or not numbers:
        return
    added = sum(numbers.values())
    if added > total or (added != total and len(numbers) == 2):
        yield Problem(
            *case.place("civil_service.headcount"),
            f"Cán bộ, công chức theo bảng trình độ: {sum_of(numbers)}, "
            f"{case.label('civil_service.headcount')} đang ghi {say(total)}.",
            "Sửa tổng số, hoặc sửa cột Tổng số của bảng.",
            values_of(total, *numbers.values()),
        )


class Column(NamedTuple):
    """A column of a table and the figures of the section that its rows add up to."""

    code: str
    totals: tuple[str, ...]


def _column(code: str, totals: str, section: str = "procedures") -> Column:
    return Column(code, tuple(f"{section}.{total}" for total in totals.split()))


COLUMNS = (
    _column("dossiers.received", "received"),
    _column(
        "dossiers.online", "received_level3 received_level4 received_partial received_full"
    ),
    _column("dossiers.direct", "received_direct received_by_post"),
    _column("dossiers.carried_over", "carried_over"),
    _column("dossiers.resolved", "resolved"),
    _column("dossiers.early", "resolved_early"),
    _column("dossiers.on_time", "resolved_on_time"),
    _column("dossiers.late", "resolved_late"),
    _column("dossiers.pending", "pending"),
    _column("dossiers.pending_in_time", "pending_in_time"),
    _column("dossiers.pending_overdue", "pending_overdue"),
    _column("outgoing.quantity", "outgoing", "egov"),
)  # fmt: skip


@rule(Severity.ERROR)
def rows_above_total(case: Case) -> Iterator[Problem]:
    """The rows of a table add up to no more than the section's total.

    Thông tư 01/2020/TT-VPCP, biểu II.06, dòng tổng cộng; figures.SUMS for outgoing documents.
    """
    for code, added, total, totals, _ in _compared(case):
        if added > total:
            fix = "Sửa các dòng của bảng, hoặc sửa tổng số."
            problem = _not_total(case, code, added, total, totals, fix)
            if len(totals) == 1:
                problem = problem._replace(repairs=(case.repair(totals[0], added),))
            yield problem


@rule(Severity.WARNING)
def rows_below_total(case: Case) -> Iterator[Problem]:
    """The rows of a table whose every row is answered add up to no less than the section's total.

    As rows_above_total; a warning, since the table may leave out small fields or kinds.
    """
    for code, added, total, totals, complete in _compared(case):
        if complete and added < total:
            fix = "Bổ sung dòng còn thiếu, hoặc giải trình nếu bảng chỉ nêu một phần."
            yield _not_total(case, code, added, total, totals, fix)


def _compared(case: Case) -> Iterator[tuple[str, Number, Number, tuple[str, ...], bool]]:
    """Columns with their sum, the section's total, its figures, and whether every row is answered."""
    for code, totals in COLUMNS:
        rows = case.rows(code.partition(".")[0])
        row_numbers = [n for row in rows if (n := case.number(code, row)) is not None]
        valid = tuple(t for t in totals if case.valid(t) or case.number(t) is not None)
        section_numbers = case.numbers(valid)
        if row_numbers and valid and len(section_numbers) == len(valid):
            yield (
                code,
                sum(row_numbers),
                sum(section_numbers.values()),
                valid,
                len(row_numbers) == len(rows),
            )


def totals_of_columns(case: Case) -> dict[str, Number]:
    """What the section says a column of a table adds up to, by the column's code."""
    return {code: total for code, _, total, _, _ in _compared(case)}


def sums_of_columns(case: Case) -> dict[str, Number]:
    """What a table makes of a figure that is the total of one of its columns, by the figure's code; tables with an
    unanswered row are left out."""
    return {
        totals[0]: added
        for _, added, _, totals, complete in _compared(case)
        if complete and len(totals) == 1
    }


def _not_total(
    case: Case, code: str, added: Number, total: Number, totals: tuple[str, ...], fix: str
) -> Problem:
    title = TABLES_BY_NAME[code.partition(".")[0]].title
    return Problem(
        *case.place(totals[0]),
        f"Bảng “{title}”, cột {case.label(code)} cộng được {say(added)}; {case.labels(totals)} đang "
        f"ghi {say(total)}.",
        fix,
        values_of(added, total),
        totals,
    )


#: Fields of dossiers that have a figure of their own.
FIELD_FIGURES = {
    "procedures.land_on_time": "dat dai",
    "procedures.construction_on_time": "xay dung",
}


@rule(Severity.WARNING)
def field_told_twice(case: Case) -> Iterator[Problem]:
    """Dossiers in time of land and of construction agree with their rows by field.

    One fact, one value; a warning, since either "đúng hạn" or "trước hạn và đúng hạn" may be meant.
    """
    for code, field in FIELD_FIGURES.items():
        total = case.number(code)
        for row in case.rows("dossiers"):
            if fold(str(row.keys["name"] or "")) != field:
                continue
            numbers = case.numbers(("dossiers.early", "dossiers.on_time"), row)
            if total is None or len(numbers) < 2:
                continue
            if total not in (numbers["dossiers.on_time"], sum(numbers.values())):
                yield Problem(
                    *case.place(code),
                    f"{case.label(code)} là {say(total)}; bảng theo lĩnh vực ghi trước hạn và đúng "
                    f"hạn {sum_of(numbers)}.",
                    "Ghi thống nhất hai nơi, hoặc giải trình.",
                    values_of(total, *numbers.values()),
                )  # fmt: skip
