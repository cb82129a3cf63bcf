"""The statistical appendix: the rows of the indicator set with the report's values."""

from ..catalogue.outlines import IndicatorFacts
from ..catalogue.values import Value
from ..documents.issue import DATE, NUMBER
from ..documents.tree import Appendix, Cell, Table
from ..dossier import Dossier
from ..models import Indicator
from ..text.typography import NBSP
from .blocks import value_cell
from .sentences import live_runs

Kind = Indicator.Kind
#: STT, Chỉ tiêu thống kê, Đơn vị tính, Số liệu, Ghi chú, as shares of a landscape page.
WIDTHS = (0.06, 0.37, 0.14, 0.25, 0.18)


def head_cell(text: str, span: int = 1, rows: int = 1) -> Cell:
    return Cell(text, align="center", bold=True, span=span, rows=rows)


HEAD = (
    (
        head_cell("STT", rows=2),
        head_cell("Chỉ tiêu thống kê", rows=2),
        head_cell("Kết quả thống kê", span=2),
        head_cell("Ghi chú", rows=2),
    ),
    (head_cell("Đơn vị tính"), head_cell("Số liệu")),
)


def appendix(dossier: Dossier) -> Appendix | None:
    """The appendix of a report, or None when its period asks for none."""
    if dossier.indicators is None:
        return None
    rows = tuple(row_cells(dossier, row) for row in dossier.indicators.rows)
    return Appendix(
        label="Phụ lục",
        title=dossier.indicators.title,
        attached_to=attached_to(dossier),
        table=Table(WIDTHS, HEAD, rows),
        footnotes=dossier.indicators.footnotes,
    )


def attached_to(dossier: Dossier) -> str:
    """`(Kèm theo Báo cáo số …/BC-UBND ngày … của Ủy ban nhân dân …)`."""
    numbered = f"Báo cáo số {NUMBER}/{dossier.paper.symbol} {DATE}"
    return f"(Kèm theo {numbered} của Ủy ban nhân dân {dossier.unit})"


def row_cells(dossier: Dossier, row: IndicatorFacts) -> tuple[Cell, ...]:
    strong = row.kind in (Kind.SECTION, Kind.GROUP)
    unit = "\n".join(row.legend).replace(" = ", f"{NBSP}={NBSP}") or row.unit
    return (
        Cell(row.stt, align="center", bold=strong),
        Cell(row.name, bold=strong, italic=row.kind == Kind.LABEL, note=row.footnote),
        Cell(unit, align="center"),
        row_value(dossier, row),
        Cell("".join(run.text for run in live_runs(dossier.notes.get(row.code, ""), dossier))),
    )


def row_value(dossier: Dossier, row: IndicatorFacts) -> Cell:
    """The printed value. A group or a row not to be reported prints one only if it was given."""
    if row.kind == Kind.LABEL:
        return Cell()
    figure = dossier.catalogue[row.figure]
    value = indicator_value(dossier, row)
    return value_cell(value, figure.decimals, row.figure, align="center")


def indicator_value(dossier: Dossier, row: IndicatorFacts) -> Value:
    """What the row shows of its figure: its value, or 1 or 0 for "does it occur"."""
    value = dossier.value(row.figure)
    if row.show == Indicator.Show.OCCURS and value.number is not None:
        return Value(int(value.number > 0), stated=value.stated)
    return value
