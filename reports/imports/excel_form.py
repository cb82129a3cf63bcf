"""A form brought back as a workbook: bytes → texts by the names of fields (`FieldName`).

`workbook_reader` judges the package and reads the cells, in a child process that `limited` keeps. Here each
cell is assigned to its field; a value that belongs to no field is listed with its place.

What ties a cell to its field travels with the cell: a hidden column holds the key of each row, a hidden
row above each table how a name is made of the key (`staff.headcount@{}`). So rows and columns may be
sorted, inserted and deleted; a map of addresses would then name the wrong cells. The hidden row also holds
unit, period and form of its sheet, and the label beside a key must be the key's own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.conf import settings

from ..catalogue.field_names import KEY, FieldName, column_of, keyed, of_rows
from ..catalogue.figures import Figure
from ..text.names import name_key
from ..uploads import limited
from ..uploads.workbook_reader import AGAIN, WorkbookRefused
from .excel_cells import Cell, CellProblem, Unreadable, page_place, place, text_of

#: The first cell of a hidden row that says how names are made below it: section, unit, period, form, page.
MARKER, BETWEEN = "§", "|"
#: The first cell of a head row, which is neither a row of a table nor one that a clerk inserted.
HEAD_ROW = "–"
#: The very-hidden sheets: whose form it is and what was filled in; the lists of choices.
IDENTITY, LISTS = "Nhận dạng", "Danh mục"
#: Forms of version 1 have no identity in each sheet; their titles are compared instead.
FORMAT, VERSION, READ_VERSIONS = "phieu-cchc", 2, (1, 2)
NAME = re.compile(r"[\w.:@-]{1,150}", re.ASCII)
LIMITS = limited.Limits(
    settings.WORKBOOK_CPU_SECONDS, settings.WORKBOOK_MEMORY_BYTES, settings.WORKBOOK_WAIT_SECONDS
)
OWN_FORM = "mời chép số liệu vào phiếu mới tải từ báo cáo này"
Row = tuple[int, dict[int, Cell]]


@dataclass
class ExpectedPage:
    """A worksheet as the form of this report has it. `labels` are the texts beside each key,
    `heads` the head of each pattern's column, `choice_labels` the label a column shows for each code."""

    title: str
    section: str
    rows: bool = False
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    choice_labels: dict[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass
class Expected:
    """The form as this report would give it out: pages by title, and the catalogue of figures. `facts`
    is the unit and period as the title of every sheet prints them."""

    facts: str = ""
    pages: dict[str, ExpectedPage] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass
class Returned:
    """The content of a workbook. `texts` as typed, `given` as the form was filled in when it was made,
    `cells` and `sections` where each name stood."""

    unit: str
    period: str
    revision: int
    texts: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)


def read_workbook(content: bytes, expected: Expected | None = None) -> Returned:
    """Read a form brought back. WorkbookRefused when it is none, or not safe to read; Busy."""
    answers = limited.ask("reports.uploads.workbook_reader:read", content, LIMITS)
    for line in answers.lines:
        if "refused" in line:
            raise WorkbookRefused(line["refused"])
    if not answers.whole:
        raise WorkbookRefused(f"Tệp không đọc được trong giới hạn của máy chủ. {AGAIN}")
    sheets = {line["title"]: list(_rows(line["rows"])) for line in answers.lines}
    return _Reader(sheets, expected or Expected()).read()


def _rows(rows: Iterable[tuple[int, list[list[Any]]]]) -> Iterator[Row]:
    for number, cells in rows:
        yield number, {cell[0]: Cell(*cell) for cell in cells}


@dataclass
class _Block:
    """A block of rows below a hidden row; `lost` are columns whose pattern was deleted."""

    section: str
    keys: int
    patterns: dict[int, str]
    page: ExpectedPage | None
    heads: dict[int, str] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)

    @property
    def of_rows(self) -> bool:
        return all(map(of_rows, self.patterns.values()))


class _Reader:
    """One reading of one workbook."""

    def __init__(self, sheets: Mapping[str, list[Row]], expected: Expected) -> None:
        self.sheets, self.expected = sheets, expected
        self.seen: dict[str, str] = {}
        self.locked: dict[str, dict[str, dict[str, str]]] = {}
        self.locked_texts: dict[str, set[str]] = {}
        self.given_rows: dict[tuple[str, frozenset[str]], dict[str, dict[str, str]]] = {}
        self.returned, self.version, self.key = self._identity()

    def read(self) -> Returned:
        pages = self.expected.pages
        # A copy may stand before its original: sheets under their own names come first.
        for title in sorted(self.sheets, key=lambda title: title not in pages):
            if title not in (IDENTITY, LISTS):
                self._sheet(title, self.sheets[title])
        for title in pages:
            if title not in self.seen:
                self._problem(page_place(title), "không có trong tệp",
                              "đủ các trang của phiếu; trang này không có số liệu nào được nhận")  # fmt: skip
        return self.returned

    def _identity(self) -> tuple[Returned, int, str]:
        """Whose form it is. A sheet copied into another workbook has lost that."""
        if IDENTITY not in self.sheets:
            raise WorkbookRefused(f"Tệp không phải phiếu tải từ hệ thống. {AGAIN}")
        rows = [
            [str(row[n].value) if n in row else "" for n in range(1, max(6, *row) + 1)]
            for _, row in self.sheets[IDENTITY]
        ]
        head = rows[0] if rows else [""] * 5
        name, _, version = head[0].partition(" ")
        if name != FORMAT or version not in map(str, READ_VERSIONS):
            newer = "mới hơn" if name == FORMAT else "khác"
            raise WorkbookRefused(f"Tệp thuộc phiên bản phiếu {newer} nên không đọc được. {AGAIN}")
        revision = int(head[3]) if head[3].isdecimal() and len(head[3]) < 9 else 0
        returned = Returned(head[1], head[2], revision)
        returned.given = {row[0]: row[1] for row in rows[1:] if row[0] and row[1]}
        for _, _, at, *pairs in rows[1:]:
            page, _, key = at.rpartition(BETWEEN)
            texts = dict(zip(pairs[::2], map(name_key, pairs[1::2]), strict=False))
            self.locked.setdefault(page, {}).setdefault(key, {}).update(texts)
            self.locked_texts.setdefault(page, set()).update(texts.values())
        return returned, int(version), head[4]

    # --- a sheet ------------------------------------------------------------------------------------

    def _sheet(self, title: str, rows: list[Row]) -> None:
        where = page_place(title)
        marks = [mark for _, row in rows if (mark := _mark(row))]
        if not marks:
            self.seen.setdefault(title, title)
            if count := sum(len(row) for _, row in rows):
                self._problem(where, f"{count} ô có nội dung, không có cột ẩn của phiếu",
                              f"trang của phiếu còn cột ẩn; {OWN_FORM}")  # fmt: skip
            return
        if reason := self._foreign(rows, marks):
            self.seen.setdefault(title, title)
            self._problem(where, reason, f"trang của chính phiếu này; {OWN_FORM}")
            return
        page = self._page(title, rows, marks[0][1])
        page_title = page.title if page else title
        if page_title in self.seen:
            self._problem(where, f"bản chép của trang “{self.seen[page_title]}”",
                          "mỗi trang một lần; số liệu ghi ở bản chép thì chép về trang đó")  # fmt: skip
            return
        self.seen[page_title] = title
        self._blocks(title, rows, page)

    def _foreign(self, rows: list[Row], marks: list[tuple[int, list[str]]]) -> str:
        """The reason why a sheet is of another form; "" when it is of this one."""
        if self.version == 1:
            title = next((text for _, row in _above(rows) for text in _texts(row.values())
                          if " – " in text), "")  # fmt: skip
            facts = title.partition(" – ")[2]
            if facts and self.expected.facts and name_key(facts) != name_key(self.expected.facts):
                return f"trang của phiếu khác: {facts[:100]}"
            return ""
        for _, (_, unit, period, form, *_) in marks:
            if unit != self.returned.unit:
                return "trang của phiếu đơn vị khác"
            if period != self.returned.period:
                return "trang của phiếu kỳ báo cáo khác"
            if form != self.key:
                return "trang của một phiếu tải lần khác"
        return ""

    def _page(self, title: str, rows: list[Row], mark: list[str]) -> ExpectedPage | None:
        """The page of the form that a sheet is, by its own name for it, or by its keys and patterns."""
        pages = self.expected.pages
        if mark[4] in pages:
            return pages[mark[4]]
        if title in pages:
            return pages[title]
        first = next((row for _, row in rows if _mark(row)), {})
        patterns = {str(cell.value) for cell in first.values()}
        keys = {text for _, row in rows for text in _texts(row.values())}
        for page in pages.values():
            if page.section == mark[0] and patterns & set(page.heads) and (
                page.rows or keys & set(page.labels)
            ):  # fmt: skip
                return page
        return None

    def _blocks(self, title: str, rows: list[Row], page: ExpectedPage | None) -> None:
        block: _Block | None = None
        above = _above(rows)
        for _, row in above:
            for cell in row.values():
                if " – " not in cell.excerpt and not str(cell.value).startswith("Ghi vào các ô"):
                    self._stray(title, cell)
        for number, row in rows[len(above) :]:
            if mark := _mark(row):
                patterns = {n: str(c.value) for n, c in row.items() if n != mark[0]}
                block = _Block(mark[1][0], mark[0], patterns, page)
            elif block is not None:
                self._row(title, number, row, block)

    def _row(self, title: str, number: int, row: dict[int, Cell], block: _Block) -> None:
        key = str(row[block.keys].value) if block.keys in row else ""
        if key == HEAD_ROW:
            block.heads = {n: str(cell.value) for n, cell in row.items()}
            heads = block.page.heads if block.page else {}
            patterns = {_without_unit(head): p for p, head in heads.items()}
            patterns |= {head: p for p, head in heads.items()}
            block.lost = {n for n, cell in row.items() if n not in block.patterns
                          and patterns.get(str(cell.value), "") not in {"", *block.patterns.values()}}  # fmt: skip
            return
        for column, cell in row.items():
            if column in block.lost and key:
                self._problem(place(title, cell), cell.excerpt,
                              f"cột còn mã ẩn của phiếu; {OWN_FORM}")  # fmt: skip
            elif block.heads and column not in {block.keys, *block.patterns, *block.heads}:
                self._stray(title, cell)
        filled = [(pattern, row[n]) for n, pattern in block.patterns.items() if n in row]
        if not filled:
            self._over_locked(title, key, row, block)
            return
        if not key and not block.of_rows:
            for _, cell in filled:
                self._problem(place(title, cell), cell.excerpt,
                              f"dòng còn mã ẩn của phiếu; {OWN_FORM}")  # fmt: skip
            return
        if block.page and (own_label := _missing(block.page.labels.get(key, ()), row, block)):
            for _, cell in filled:
                self._problem(place(title, cell), f"{cell.excerpt}, ở dòng “{_beside(row, block)}”",
                              f"dòng “{own_label}”; tên dòng và mã ẩn không khớp, có thể do sắp xếp hoặc dán đè")  # fmt: skip
            return
        self._over_locked(title, key, row, block)
        self._placed(title, number, key, filled, block)

    def _over_locked(self, title: str, key: str, row: dict[int, Cell], block: _Block) -> None:
        """List what was written over a locked cell, or beside it, and goes to no field.

        In a row whose label is its key's own each cell is compared with its text in the form; in a row that
        was moved, with the texts of all locked cells of the page. Older forms lack these texts and pass.
        """
        page = block.page.title if block.page else title
        locked, page_texts = self.locked.get(page, {}), self.locked_texts.get(page, set())
        moved = not key or bool(block.page and _missing(block.page.labels.get(key, ()), row, block))
        for column, head in block.heads.items() if locked else ():
            if column not in row or column in {block.keys, *block.patterns, *block.lost}:
                continue
            text = name_key(str(row[column].value))
            if text not in (page_texts if moved else {locked.get(key, {}).get(head, "")}):
                self._problem(place(title, row[column]), row[column].excerpt,
                              "ghi trong ô màu vàng nhạt; ô này khóa, không nhận số liệu")  # fmt: skip

    def _placed(
        self, title: str, number: int, key: str, filled: list[tuple[str, Cell]], block: _Block
    ) -> None:
        """Take the cells of a row whose key is known, or which is a new row of a table."""
        names = [keyed(pattern, key) for pattern, _ in filled]
        taken = [name for name in names if name in self.returned.cells]
        if key and taken and not block.of_rows:
            self._problem(place(title, filled[0][1]), f"{filled[0][1].excerpt}, dòng chép lại",
                          f"chỉ tiêu này đã có ở {self.returned.cells[taken[0]]}")  # fmt: skip
            return
        if block.of_rows and (not key or taken):
            key = self._new_key(title, number)  # a row the clerk inserted, or copied with its key
        if block.of_rows and self._of_another(key, filled, block):
            self._problem(place(title, filled[0][1]), f"{filled[0][1].excerpt}, dòng chép lại hoặc đổi chỗ",
                          "mỗi dòng đã có một lần, cùng mã ẩn của nó; khi sắp xếp cần chọn cả cột ẩn")  # fmt: skip
            return
        for pattern, cell in filled:
            self._cell(title, keyed(pattern, key), block.section, cell)

    def _of_another(self, key: str, filled: list[tuple[str, Cell]], block: _Block) -> bool:
        """Whether a row of a table repeats, to the letter, what the form was given in another of its rows."""
        texts = {}
        for pattern, cell in filled:
            try:
                texts[pattern] = name_key(text_of(cell, self._figure(pattern)))
            except Unreadable:
                return False
        given = self._given_rows(block)
        return given.get(key) != texts and texts in [row for k, row in given.items() if k != key]

    def _given_rows(self, block: _Block) -> dict[str, dict[str, str]]:
        """The rows of a table as the form was given them, codes as the labels that cells show; read once."""
        patterns = frozenset(block.patterns.values())
        key = block.page.title if block.page else "", patterns
        if key not in self.given_rows:
            labels = block.page.choice_labels if block.page else {}
            self.given_rows[key] = self._rows_given(patterns, labels)
        return self.given_rows[key]

    def _rows_given(
        self, patterns: frozenset[str], labels: Mapping[str, Mapping[str, str]]
    ) -> dict[str, dict[str, str]]:
        rows: dict[str, dict[str, str]] = {}
        for name, text in self.returned.given.items():
            cell = FieldName.read(name)
            if cell and cell.uid and (pattern := str(FieldName.figure(cell.code, KEY))) in patterns:
                label = labels.get(pattern, {}).get(text, text)
                rows.setdefault(cell.uid, {})[pattern] = name_key(label)
        return rows

    def _new_key(self, title: str, number: int) -> str:
        """The same for the same row of the same file, so that accepting it twice makes no twin."""
        return str(uuid5(NAMESPACE_OID, f"{self.key} {title} {number}"))

    def _figure(self, name: str) -> Figure | None:
        return self.expected.figures.get(column_of(name))

    def _cell(self, title: str, name: str, section: str, cell: Cell) -> None:
        where = place(title, cell)
        if not NAME.fullmatch(name):
            self._problem(where, f"{cell.excerpt} ({name[:40]})", "không phải một ô của phiếu")
            return
        try:
            text = text_of(cell, self._figure(name))
        except Unreadable as unreadable:
            self._problem(where, unreadable.content, unreadable.expected)
            return
        self.returned.texts[name] = text
        self.returned.cells[name] = where
        self.returned.sections[name] = section

    def _stray(self, title: str, cell: Cell) -> None:
        self._problem(
            place(title, cell), cell.excerpt, "ghi trong các ô của phiếu; ô này nằm ngoài phiếu"
        )

    def _problem(self, where: str, content: str, expected: str) -> None:
        self.returned.problems.append(CellProblem(where, content, expected))


def _mark(row: Mapping[int, Cell]) -> tuple[int, list[str]] | None:
    """The column where the hidden row of a table begins, and its parts: section, unit, period, form, page."""
    for column, cell in row.items():
        if cell.kind == "text" and str(cell.value).startswith(MARKER):
            parts = str(cell.value).removeprefix(MARKER).split(BETWEEN, 4)
            return column, parts + [""] * (5 - len(parts))
    return None


def _without_unit(head: str) -> str:
    """The head of a column as older forms had it, without the unit: `Kinh phí (đồng)` → `Kinh phí`."""
    return head.rpartition(" (")[0] or head


def _above(rows: list[Row]) -> list[Row]:
    """The rows above the first table: the title, the hint, and whatever a clerk wrote there."""
    return rows[: next((n for n, (_, row) in enumerate(rows) if _mark(row)), len(rows))]


def _texts(cells: Iterable[Cell]) -> list[str]:
    return [str(cell.value) for cell in cells if cell.kind == "text"]


def _beside(row: Mapping[int, Cell], block: _Block) -> str:
    """The texts of the row's locked cells, for a message."""
    cells = [c for n, c in row.items() if n != block.keys and n not in block.patterns]
    return " ".join(_texts(cells))[:80] or "không có tên"


def _missing(labels: tuple[str, ...], row: Mapping[int, Cell], block: _Block) -> str:
    """The key's own label when it does not stand beside the key; "" when it does, or none is known."""
    beside = {
        _label(str(c.value)) for n, c in row.items() if n != block.keys and n not in block.patterns
    }
    return "" if all(_label(label) in beside for label in labels) else " ".join(labels)[:80]


def _label(text: str) -> str:
    return name_key(text.removesuffix(" (bắt buộc)"))
