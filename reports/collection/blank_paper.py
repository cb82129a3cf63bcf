"""The report as a blank form, for collecting its figures on paper.

One sheet, or two, a section, each on pages of its own with a line for whoever supplies the figures: the
officials of a commune are each handed theirs. Computed figures are left out, and nothing is filled in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..catalogue.figures import Figure
from ..compose.frame import COMMITTEE, head
from ..documents.tree import Block, Cell, Document, Heading, Paragraph, Ruling, Run, Sheet, Table
from ..dossier import Dossier
from ..entry import (
    FigureEntry,
    Grid,
    Group,
    IndicatorEntry,
    NarrativeEntry,
    entry_text,
    indicator_entries,
    section_entry,
)
from ..entry.page_texts import page_texts
from ..entry.progress import sections_of
from ..enums import Authority, Section, ValueKind
from ..models import Paper
from ..text.dates import format_date, format_date_words
from ..text.typography import NBSP, tie

TITLE = "PHIẾU THU THẬP SỐ LIỆU"
ANSWERED_BY = ("Người cung cấp số liệu:", "Ngày:")
MARK = "(*)"
#: Rows to write in where the commune decides how many there are, and lines for a text.
EMPTY_ROWS, LINES = 5, 5
#: From so many columns on a table needs a sheet on its side, and small type.
LYING_COLUMNS, DENSE_COLUMNS = 6, 10
#: Shares of the columns of documents, after the ordinal: subject and issuer take most.
DOCUMENT_WIDTHS = (0.11, 0.07, 0.11, 0.10, 0.15, 0.23, 0.09, 0.09)


@dataclass(frozen=True)
class Form:
    """The report of a form, and the one before it when there is one."""

    dossier: Dossier
    previous: Dossier | None

    def before(self, figure: Figure) -> str:
        """The figure of the period before, as its field showed it."""
        if self.previous is None or figure.code not in self.previous.catalogue:
            return ""
        return entry_text(figure, self.previous.value(figure.code))


def blank_form(dossier: Dossier, previous: Dossier | None = None) -> Document:
    """The form of the whole report; with `previous` a column of the figures of the period before."""
    form = Form(dossier, previous)
    numbered = list(enumerate(sections_of(dossier), start=1))
    sheets = [
        sheet for number, section in numbered for sheet in section_sheets(form, number, section)
    ]
    phrase = dossier.period.phrase
    return Document(
        head=replace(
            head(dossier),
            number="",
            place_and_date=f"{dossier.unit.name}, {format_date_words(None, dossier.period.deadline.year)}",
            kind=TITLE,
            subject=tie(f"Phục vụ báo cáo cải cách hành chính {phrase}"),
            addressees=(),
            basis=(),
        ),
        body=tuple(cover(dossier, numbered)),
        signature=None,
        sheets=tuple(sheets),
        title=f"Phiếu thu thập số liệu {phrase} – {COMMITTEE} {dossier.unit}",
        identifier=f"{dossier.unit.code} {dossier.period.code} blank",
    )


def cover(dossier: Dossier, numbered: list[tuple[int, Section]]) -> Iterator[Block]:
    """The window and the deadline, how to fill in, and who was handed which sheet."""
    period = dossier.period
    for line in (
        (
            f"Số liệu tính từ ngày {format_date(period.data_from)} đến ngày {format_date(period.data_to)}."
            f" Hạn gửi báo cáo: ngày {format_date(period.deadline)}."
        ),
        (
            f"Chỉ tiêu có dấu {MARK} là bắt buộc. Không có việc phát sinh thì ghi “kps”; có việc nhưng số"
            " lượng bằng không thì ghi 0; chưa có số liệu thì để trống. Tỷ lệ phần trăm được tính từ số"
            " liệu nên không phải ghi."
        ),
        "Mỗi phiếu giao cho một người cung cấp số liệu; người lập báo cáo nhập từ phiếu đã ký.",
    ):
        yield Paragraph((Run(tie(line)),))
    heads = ("Phiếu số", "Nội dung", "Người cung cấp số liệu", "Ngày giao", "Ngày nhận")
    yield Table(
        (0.1, 0.36, 0.28, 0.13, 0.13),
        (head_row(heads),),
        tuple(
            (Cell(number, align="center"), Cell(section.label), Cell(), Cell(), Cell())
            for number, section in numbered
        ),
        tall=True,
    )


def section_sheets(form: Form, number: int, section: Section) -> Iterator[Sheet]:
    """The sheets of one section: upright what fits, then its wide tables on their side."""
    upright: list[Block]
    wide: list[tuple[Block, ...]] = []
    if section == Section.APPENDIX:
        upright = [appendix_table(form)]
    elif section == Section.PAPER:
        upright = [paper_table(form.dossier)]
    else:
        upright, wide = section_blocks(form, section)
    period = form.dossier.period
    unit = str(form.dossier.unit)
    unit = unit[:1].upper() + unit[1:]
    facts = tie(
        f"{unit} – {period.phrase}\nSố liệu từ {format_date(period.data_from)}"
        f" đến {format_date(period.data_to)}, hạn gửi {format_date(period.deadline)}"
    )
    title = f"PHIẾU SỐ {number}: {section.label.upper()}"
    foot = f"{unit}, {period.phrase} – Phiếu số {number}: {section.label}"
    if upright:
        yield Sheet(title, facts, tuple(upright), ANSWERED_BY, foot)
    for position, block in enumerate(wide):
        more = " (tiếp theo)" if upright or position else ""
        yield Sheet(title + more, facts, block, ANSWERED_BY, foot, lying=True)


def section_blocks(form: Form, section: Section) -> tuple[list[Block], list[tuple[Block, ...]]]:
    """The blocks of a section: figures, then its tables, then texts; and apart the wide tables."""
    entry = section_entry(form.dossier, section)
    upright = list(figure_blocks(form, entry.groups, entry.others))
    wide: list[tuple[Block, ...]] = []
    for grid in entry.grids:
        blocks = (Heading(2, "", grid.title), grid_table(grid))
        if len(grid.columns) >= LYING_COLUMNS:
            wide.append(blocks)
        else:
            upright += blocks
    texts = [a for a in entry.figures() if a.figure.kind == ValueKind.TEXT]
    for field in texts:
        upright += text_blocks(labelled(field), field.counting, max(LINES, field.figure.lines + 2))
    for narrative in entry.narratives:
        upright += narrative_blocks(narrative)
    return upright, wide


def figure_blocks(
    form: Form, groups: tuple[Group, ...], others: tuple[Group, ...]
) -> Iterator[Block]:
    """The table of figures: those the outline names, then those that may be given too."""
    rows: list[tuple[Cell, ...]] = []
    columns = len(figure_heads(form))
    number = 0
    for listed, apart in ((groups, ""), (others, "Số liệu khác (không bắt buộc)")):
        for group in listed:
            entries = [a for a in group.figures if countable(a)]
            if not entries:
                continue
            if apart:
                rows.append((Cell(apart, bold=True, align="center", span=columns),))
                apart = ""
            rows.append((Cell(group.title, bold=True, span=columns),))
            for entry in entries:
                number += 1
                rows.append(figure_row(form, number, entry))
    if rows:
        yield Table(figure_widths(form), (head_row(figure_heads(form)),), tuple(rows), tall=True)


def countable(entry: FigureEntry) -> bool:
    """Whether a figure is a row of the table: no computed percentage, and no text, which takes lines."""
    return not entry.figure.whole and entry.figure.kind != ValueKind.TEXT


def figure_heads(form: Form, last: str = "Ghi chú, nguồn") -> tuple[str, ...]:
    before = ("Kỳ trước",) if form.previous else ()
    return ("STT", "Chỉ tiêu", "Đơn vị", *before, "Số liệu", last)


def figure_widths(form: Form) -> tuple[float, ...]:
    if form.previous:
        return (0.085, 0.345, 0.12, 0.12, 0.17, 0.16)
    return (0.085, 0.385, 0.12, 0.21, 0.20)


def figure_row(form: Form, number: int, entry: FigureEntry) -> tuple[Cell, ...]:
    return cells(form, str(number), labelled(entry), entry.figure, measure(entry.figure))


def cells(form: Form, stt: str, label: str, figure: Figure, unit: str) -> tuple[Cell, ...]:
    before = (Cell(form.before(figure), align="center"),) if form.previous else ()
    return (
        Cell(stt, align="center"),
        Cell(label),
        Cell(unit, align="center"),
        *before,
        Cell(),
        Cell(),
    )


def labelled(entry: FigureEntry) -> str:
    """The label, marked when it is required, with the codes that answer it."""
    figure = entry.figure
    label = f"{figure.label}{NBSP}{MARK}" if entry.required else figure.label
    return "\n".join(filter(None, (label, legend(figure))))


def legend(figure: Figure) -> str:
    """The codes of a figure that is answered by one: `Không = 0; Có = 1`."""
    return "; ".join(f"{label}{NBSP}={NBSP}{code}" for code, label in figure.choices)


def measure(figure: Figure) -> str:
    return "ngày/tháng/năm" if figure.kind == ValueKind.DATE else figure.unit


def grid_table(grid: Grid) -> Table:
    """A table of rows: those given, or some empty ones."""
    heads = ("STT", *(column.heading for column in grid.columns))
    blank = tuple(Cell() for _ in grid.columns)
    if grid.fixed:
        bodies = [(Cell(str(row.keys[f"{grid.given}_label"])), *blank[1:]) for row in grid.rows]
    else:
        bodies = [blank] * EMPTY_ROWS
    return Table(
        grid_widths(grid),
        (head_row(heads),),
        tuple((Cell(n, align="center"), *body) for n, body in enumerate(bodies, start=1)),
        tall=True,
        points=10 if len(grid.columns) >= DENSE_COLUMNS else 0,
    )


def grid_widths(grid: Grid) -> tuple[float, ...]:
    """Shares of the width: names broad, numbers alike."""
    if grid.table == "documents":
        return (1 - sum(DOCUMENT_WIDTHS), *DOCUMENT_WIDTHS)
    count = len(grid.columns)
    first, name = (0.04, 0.15) if count >= DENSE_COLUMNS else (0.07, 0.33)
    return (first, name, *((1 - first - name) / (count - 1) for _ in range(count - 1)))


def text_blocks(title: str, prompt: str, lines: int) -> Iterator[Block]:
    yield Heading(2, "", title)
    if prompt:
        yield Paragraph((Run(tie(prompt)),), source="note")
    yield Ruling(lines)


def narrative_blocks(narrative: NarrativeEntry) -> Iterator[Block]:
    title = narrative.heading.removeprefix("- ")
    return text_blocks(f"Thuyết minh: {title}", narrative.item.prompt, LINES)


def appendix_table(form: Form) -> Table:
    """The rows typed in the appendix, each under the names of the rows it belongs to."""
    entries = {entry.row.code: entry for entry in indicator_entries(form.dossier)}
    rows: list[tuple[Cell, ...]] = []
    printed: set[str] = set()
    columns = len(figure_heads(form))
    for entry in entries.values():
        if not entry.field or entry.figure is None or not entry.takes_note:
            continue
        for above in ancestors(entry, entries):
            if above.row.code not in printed:
                printed.add(above.row.code)
                title = f"{above.row.stt} {above.row.name}".strip()
                rows.append((Cell(title, bold=True, span=columns),))
        printed.add(entry.row.code)
        label = f"{entry.row.name}{NBSP}{MARK}" if entry.required else entry.row.name
        unit = "\n".join(entry.row.legend).replace(" = ", f"{NBSP}={NBSP}") or entry.row.unit
        rows.append(cells(form, entry.row.stt, label, entry.figure, unit))
    heads = head_row(figure_heads(form, "Ghi chú"))
    return Table(figure_widths(form), (heads,), tuple(rows), tall=True)


def ancestors(entry: IndicatorEntry, entries: dict[str, IndicatorEntry]) -> list[IndicatorEntry]:
    """The rows above, from the top."""
    rows: list[IndicatorEntry] = []
    above = entries.get(entry.row.parent)
    while above is not None:
        rows.insert(0, above)
        above = entries.get(above.row.parent)
    return rows


def paper_table(dossier: Dossier) -> Table:
    """The facts of the frame: the present text of each, and room for another."""
    rows = []
    for position, (name, text) in enumerate(page_texts(dossier, Section.PAPER).items(), start=1):
        present = Authority(text).label if name == "authority" else text
        rows.append(
            (Cell(position, align="center"), Cell(Paper.label(name)), Cell(present), Cell())
        )
    heads = head_row(("STT", "Nội dung", "Đang ghi", "Sửa thành"))
    return Table((0.07, 0.23, 0.35, 0.35), (heads,), tuple(rows), tall=True)


def head_row(texts: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(Cell(text, align="center", bold=True) for text in texts)
