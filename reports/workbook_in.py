"""A form brought back as a workbook: bytes → texts by the names of `reports.forms`. Pure, and careful.

The file comes from anywhere, so its package is judged before openpyxl sees it: sizes, names, counts of
elements, no DTD, no macros. What openpyxl then reads is a lean copy that holds cells and little else,
read-only, 5,000 rows by 100 columns a sheet. Formulas are never computed.

What ties a cell to its field travels with the cell: a hidden column holds the key of each row, a hidden
row above each table how a name is made of the key (`staff.headcount@{}`). So rows and columns may be
sorted, inserted and deleted; a map of addresses would then name the wrong cells.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from openpyxl import load_workbook
from openpyxl.styles.numbers import is_date_format

from .editing import TABLE_MODELS
from .vietnamese import format_count, format_date

#: The first cell of a hidden row that says how names are made below it, then the section.
MARKER = "§"
#: The first cell of a head row, which is neither a row of a table nor one that a clerk inserted.
HEAD_ROW = "–"
#: The very-hidden sheets: whose form it is and what was filled in; the lists of choices.
IDENTITY, LISTS = "Nhận dạng", "Danh mục"
FORMAT, VERSION = "phieu-cchc", 1
LARGEST, LARGEST_UNPACKED = 5 * 1024 * 1024, 50 * 1024 * 1024
MOST_PARTS, MOST_SHEETS, MOST_RATIO = 200, 60, 100
MOST_ROWS, MOST_COLUMNS = 5000, 100
#: Elements that openpyxl makes objects of, by part: what a clerk's file holds many times over.
MOST_ELEMENTS = {"xl/worksheets/": 400_000, "xl/sharedStrings": 150_000, "xl/styles": 20_000}
MOST_OTHER_ELEMENTS = 5_000
NAME = re.compile(r"[\w.:@-]{1,150}", re.ASCII)
AGAIN = "Mời tải phiếu Excel từ hệ thống và điền vào tệp đó."


def place(title: str, cell: Any) -> str:
    """Where a cell stands, as one says it on the telephone."""
    return f"trang “{title[:31]}”, ô {cell.coordinate}"


class WorkbookRefused(ValueError):
    """The file cannot be read at all; the message says why and what to do, in Vietnamese."""


@dataclass(frozen=True)
class CellProblem:
    """A cell that cannot be read: where, what was found, what is expected."""

    cell: str
    found: str
    expected: str


@dataclass
class Returned:
    """What a workbook says. `texts` as typed, `given` as the form was filled in when it was made,
    `cells` and `sections` where each name stood."""

    unit: str
    period: str
    revision: int
    texts: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)


def read_workbook(content: bytes) -> Returned:
    """Read a form brought back. WorkbookRefused when it is none, or not safe to read."""
    parts = unpacked(content)
    formulas = any(re.search(rb"<(?:\w+:)?f[\s>/]", part) for part in parts.values())
    lean = packed(parts)
    try:
        book = load_workbook(BytesIO(lean), read_only=True, data_only=True)
        typed = load_workbook(BytesIO(lean), read_only=True) if formulas else None
        return _Reader(book, typed).read()
    except WorkbookRefused:
        raise
    except Exception as error:
        raise WorkbookRefused(f"Tệp bị hỏng nên không đọc được. {AGAIN}") from error


# --- the package ------------------------------------------------------------------------------------


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts that are read, judged: WorkbookRefused says what is wrong with the file."""
    if len(content) > LARGEST:
        raise WorkbookRefused(f"Tệp lớn hơn {LARGEST // 1024 // 1024} MB nên không nhận. {AGAIN}")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise WorkbookRefused(_old_or_locked(content))
    if not content.startswith(b"PK"):
        raise WorkbookRefused(f"Đây không phải tệp Excel (.xlsx). {AGAIN}")
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            _judge_entries(package.infolist())
            return dict(_parts(package))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        words = (
            "Tệp bị hỏng hoặc bị cắt ngang khi gửi. Mời lưu lại trong Excel rồi tải lên lần nữa."
        )
        raise WorkbookRefused(words) from error


def _old_or_locked(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "Tệp đang đặt mật khẩu nên không đọc được. Mời bỏ mật khẩu trong Excel rồi lưu lại."
    return (
        "Tệp theo kiểu Excel cũ (.xls). Mời mở bằng Excel, chọn Lưu thành “Excel Workbook (.xlsx)”."
    )


def _judge_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    size = sum(entry.file_size for entry in entries)
    squeezed = sum(entry.compress_size for entry in entries)
    if any("vbaproject" in name.lower() for name in names):
        raise WorkbookRefused(
            "Tệp có macro nên không nhận. Mời lưu thành “Excel Workbook (.xlsx)”."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise WorkbookRefused(
            "Tệp đang đặt mật khẩu nên không đọc được. Mời bỏ mật khẩu rồi lưu lại."
        )
    if any(_odd_name(name) for name in names) or len(set(names)) != len(names):
        raise WorkbookRefused(f"Tệp có cấu trúc không phải của Excel nên không nhận. {AGAIN}")
    if len(names) > MOST_PARTS or size > LARGEST_UNPACKED or size > MOST_RATIO * max(squeezed, 1):
        raise WorkbookRefused(f"Tệp chứa quá nhiều dữ liệu nên không nhận. {AGAIN}")
    if "xl/workbook.xml" not in names:
        raise WorkbookRefused(f"Đây không phải tệp Excel (.xlsx). {AGAIN}")


def _odd_name(name: str) -> bool:
    nested = name.lower().endswith((".zip", ".xlsx", ".xlsm", ".docx", ".jar", ".7z", ".rar"))
    steps = name.split("/")
    return nested or name.startswith("/") or "\\" in name or ":" in name or ".." in steps


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """The XML that says cells, texts, formats and the order of sheets; pictures and comments stay."""
    spent = dict.fromkeys((*MOST_ELEMENTS, ""), 0)
    for entry in package.infolist():
        kind = next((start for start in MOST_ELEMENTS if entry.filename.startswith(start)), "")
        if (not kind and entry.filename not in KEPT) or not entry.filename.endswith(
            (".xml", ".rels")
        ):
            continue
        if "/_rels/" in entry.filename and entry.filename not in KEPT:
            continue  # the links of a sheet lead to drawings, comments and other files
        content = package.read(entry)
        _judge_xml(content)
        if kind == "xl/worksheets/":
            content = only_cells(content)
        spent[kind] += content.count(b"<")
        if spent[kind] > MOST_ELEMENTS.get(kind, MOST_OTHER_ELEMENTS):
            raise WorkbookRefused(f"Tệp chứa quá nhiều dữ liệu nên không nhận. {AGAIN}")
        yield entry.filename, content


KEPT = {
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
}


def _judge_xml(content: bytes) -> None:
    """Office writes UTF-8 and never a DTD: entities that grow or fetch come no further."""
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<") or b"\x00" in content or b"<!DOCTYPE" in content.upper():
        raise WorkbookRefused(f"Tệp có nội dung không an toàn nên không nhận. {AGAIN}")


ROOT_TAG = re.compile(rb"<((?:\w+:)?)worksheet\b[^>]*>")
CELLS_BEGIN = re.compile(rb"<(?:\w+:)?sheetData\s*>")


def only_cells(sheet: bytes) -> bytes:
    """A worksheet without what is not a cell: merged areas, rules and formats cost seconds each.

    Found by searches that never go back: a pattern over the whole would take minutes on a sheet made
    for that.
    """
    root = ROOT_TAG.search(sheet[:8192])
    if root is None:
        raise WorkbookRefused(f"Tệp bị hỏng nên không đọc được. {AGAIN}")
    begin = CELLS_BEGIN.search(sheet)
    closing = b"</" + root[1] + b"sheetData>"
    held = sheet[begin.start() : sheet.rfind(closing)] + closing if begin else b""
    return root[0].rstrip(b"/>") + b">" + held + b"</" + root[1] + b"worksheet>"


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package again, for openpyxl."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


# --- the cells --------------------------------------------------------------------------------------


class _Reader:
    """One reading of one workbook; `typed` is the same with formulas, when it has any."""

    def __init__(self, book: Any, typed: Any) -> None:
        self.book, self.typed = book, typed
        if len(book.sheetnames) > MOST_SHEETS:
            raise WorkbookRefused(f"Tệp có quá nhiều trang tính nên không nhận. {AGAIN}")
        self.returned, self.key = self._identity()

    def read(self) -> Returned:
        for sheet in self.book.worksheets:
            if sheet.title not in (IDENTITY, LISTS):
                self._sheet(sheet)
        return self.returned

    def _identity(self) -> tuple[Returned, str]:
        """Whose form it is. A sheet copied into another workbook has lost that."""
        if IDENTITY not in self.book.sheetnames:
            raise WorkbookRefused(f"Tệp không phải phiếu tải từ hệ thống. {AGAIN}")
        rows = self.book[IDENTITY].iter_rows(max_row=MOST_ROWS, max_col=5, values_only=True)
        told = [str(value) if value is not None else "" for value in next(rows, ())] + [""] * 5
        if told[0] != f"{FORMAT} {VERSION}":
            newer = "mới hơn" if told[0].startswith(FORMAT) else "khác"
            raise WorkbookRefused(f"Tệp thuộc phiên bản phiếu {newer} nên không đọc được. {AGAIN}")
        revision = int(told[3]) if told[3].isdecimal() and len(told[3]) < 9 else 0
        returned = Returned(told[1], told[2], revision)
        for name, text, *_ in rows:
            if isinstance(name, str) and text is not None:
                returned.given[name] = str(text)
        return returned, told[4]

    def _sheet(self, sheet: Any) -> None:
        formulas = self._formulas(sheet.title)
        patterns: dict[int, str] = {}
        section, keys = "", 0
        for number, row in enumerate(
            sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS), 1
        ):
            if number > MOST_ROWS and any(cell.value is not None for cell in row):
                raise WorkbookRefused(
                    f"Trang “{sheet.title[:31]}” có hơn {format_count(MOST_ROWS)} dòng nên không nhận. {AGAIN}"
                )
            marked = next((i for i, cell in enumerate(row) if _marks(cell.value)), None)
            if marked is not None:
                keys, section = marked, str(row[marked].value).removeprefix(MARKER)
                patterns = {i: str(c.value) for i, c in enumerate(row) if c.value and i != marked}
            elif patterns:
                key = row[keys].value if keys < len(row) else None
                self._row(sheet.title, number, row, patterns, section, key, formulas)

    def _formulas(self, title: str) -> set[str]:
        if self.typed is None:
            return set()
        rows = self.typed[title].iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
        return {cell.coordinate for row in rows for cell in row if cell.data_type == "f"}

    def _row(
        self, title: str, number: int, row: Any, patterns: Mapping[int, str], section: str,
        key: Any, formulas: set[str],
    ) -> None:  # fmt: skip
        found = [(pattern, row[i]) for i, pattern in patterns.items() if i < len(row)]
        found = [(pattern, cell) for pattern, cell in found if cell.value is not None
                 or getattr(cell, "coordinate", "") in formulas]  # fmt: skip
        if not found:
            return
        if key == HEAD_ROW:
            return
        rows_of = all("@{}" in pattern for pattern in patterns.values())
        if not key and not rows_of:
            return  # a remark beside the figures
        first = found[0][0].replace("{}", str(key))
        if not key or (
            rows_of and any(p.replace("{}", str(key)) in self.returned.cells for p, _ in found)
        ):
            key = self._new_key(title, number)  # a row the clerk inserted, or copied with its key
        elif first in self.returned.cells:
            where = place(title, found[0][1])
            self._problem(
                where, "dòng chép lại", f"chỉ tiêu này đã có ở {self.returned.cells[first]}"
            )
            return
        for pattern, cell in found:
            self._cell(place(title, cell), pattern.replace("{}", str(key)), section, cell,
                       cell.coordinate in formulas)  # fmt: skip

    def _new_key(self, title: str, number: int) -> str:
        """The same for the same row of the same file, so that accepting it twice makes no twin."""
        return str(uuid5(NAMESPACE_OID, f"{self.key} {title} {number}"))

    def _cell(self, where: str, name: str, section: str, cell: Any, formula: bool) -> None:
        if not NAME.fullmatch(name):
            self._problem(where, name[:40], "không phải một ô của phiếu")
            return
        try:
            text = text_of(cell, plain_digits(name), formula)
        except _Unreadable as unreadable:
            self._problem(where, unreadable.found, unreadable.expected)
            return
        if text:
            self.returned.texts[name] = text
            self.returned.cells[name] = where
            self.returned.sections[name] = section

    def _problem(self, where: str, found: str, expected: str) -> None:
        self.returned.problems.append(CellProblem(where, found, expected))


class _Unreadable(ValueError):
    def __init__(self, found: str, expected: str) -> None:
        self.found, self.expected = found, expected
        super().__init__(found)


def _marks(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(MARKER)


def plain_digits(name: str) -> bool:
    """Whether the field takes digits as they are: number of a document, year. Figures are grouped."""
    table, _, column = name.partition("@")[0].partition(".")
    return table in TABLE_MODELS and column in TABLE_MODELS[table].keys


def text_of(cell: Any, plain: bool, formula: bool = False) -> str:
    """What a clerk would type for what the cell holds: `1.234`, `0,5`, `05/8/2024`."""
    value = cell.value
    if value is None:
        raise _Unreadable(
            "công thức chưa có kết quả", "một giá trị; mời mở tệp bằng Excel, lưu lại rồi tải lên"
        )
    if isinstance(value, bool):
        raise _Unreadable("ĐÚNG hoặc SAI (TRUE, FALSE)", "một số hoặc chữ")
    if cell.data_type == "e":
        raise _Unreadable(f"lỗi của Excel {value}", "một số hoặc chữ")
    if isinstance(value, (datetime, date)):
        return format_date(value)
    if isinstance(value, (int, float)):
        return number_text(value, cell.number_format or "", plain)
    if isinstance(value, str):
        return value.strip()
    raise _Unreadable("giờ hoặc khoảng thời gian", "một số, ngày hoặc chữ")


def number_text(value: float, number_format: str, plain: bool) -> str:
    """A number as it is typed; in a cell shown as percent 0.9737 is `97,37%`."""
    number = Decimal(repr(value))
    if not number.is_finite() or abs(number) >= Decimal(10) ** 18:
        raise _Unreadable("số quá lớn", "một số tối đa 15 chữ số")
    if is_date_format(number_format):  # beyond Excel's calendar: openpyxl leaves the number
        raise _Unreadable(f"ngày không hợp lệ {value}", "một ngày như 05/8/2024")
    percent = "%" in number_format
    number = number * 100 if percent else number
    whole, _, fraction = f"{abs(number):f}".partition(".")
    fraction = fraction.rstrip("0")
    shown = whole if plain else format_count(int(whole))
    sign = "-" if number < 0 else ""
    return f"{sign}{shown}{',' + fraction if fraction else ''}{'%' if percent else ''}"
