"""Checks and reads the cells of an Excel form. Runs only in the child process of `limited`.

The file comes from anywhere, so its package is checked before openpyxl sees it:
sizes, names, counts of elements, lengths of tags, no DTD, no macros. What openpyxl then reads is a lean copy
that holds cells and little else, read-only, 5,000 rows by 100 columns a sheet. Formulas are never computed.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles.numbers import is_date_format

from ..text.numbers import format_count
from .zip_packages import Bounds, BrokenPackage, Flaw, Package

LARGEST = 5 * 1024 * 1024
#: Bounds of the package; so small a file needs none for the list of its parts.
BOUNDS = Bounds(parts=200, unpacked_bytes=50 * 1024 * 1024, ratio=100, small_bytes=20 * 1024 * 1024)
MOST_SHEETS = 60
MOST_ROWS, MOST_COLUMNS = 5000, 100
#: Characters of all cells together: a text that is kept once may stand in every cell.
MOST_CHARACTERS = 10_000_000
#: The most elements that openpyxl makes objects of, by part: many times those of a clerk's file.
MOST_ELEMENTS = {"xl/worksheets/": 400_000, "xl/sharedStrings": 150_000, "xl/styles": 20_000}
MOST_OTHER_ELEMENTS = 5_000
#: Bytes and attributes of one tag: Excel's longest, the root with its namespaces, has a quarter of it.
LONGEST_TAG, MOST_ATTRIBUTES = 8_192, 100
AGAIN = "Mời tải phiếu Excel từ hệ thống và điền vào tệp đó."
TOO_MUCH = f"Tệp chứa quá nhiều dữ liệu nên không nhận. {AGAIN}"


#: A formula without its result: only then the workbook is read a second time, to find where they stand.
NO_RESULT = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^<>]*)?/>)\s*"
    rb"(?:<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)


class WorkbookRefused(ValueError):
    """The file cannot be read at all; the message says why and what to do, in Vietnamese."""


def read(content: bytes) -> Iterator[dict[str, Any]]:
    """Each worksheet: `title` and `rows` of `[number, [cell, …]]`, cells as `cell_of`; or only `refused`."""
    try:
        parts = unpacked(content)
        yield from _worksheets(parts)
    except WorkbookRefused as refused:
        yield {"refused": str(refused)}
    except MemoryError:
        yield {"refused": TOO_MUCH}
    except Exception:  # noqa: BLE001 – openpyxl stops at a broken file in many ways
        yield {"refused": f"Tệp bị hỏng nên không đọc được. {AGAIN}"}


def _worksheets(parts: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    without_results = any(NO_RESULT.search(part) for part in parts.values())
    lean = packed(parts)
    book = load_workbook(BytesIO(lean), read_only=True, data_only=True)
    typed = load_workbook(BytesIO(lean), read_only=True) if without_results else None
    if len(book.sheetnames) > MOST_SHEETS:
        raise WorkbookRefused(f"Tệp có quá nhiều trang tính nên không nhận. {AGAIN}")
    characters = 0
    for sheet in book.worksheets:
        rows = []
        computed = _formulas(typed[sheet.title]) if typed else set()
        for number, row in enumerate(
            sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS), 1
        ):
            cells = [
                cell
                for column, cell_read in enumerate(row, 1)
                if (
                    cell := cell_of(
                        cell_read, column, getattr(cell_read, "coordinate", "") in computed
                    )
                )
            ]
            if cells and number > MOST_ROWS:
                raise WorkbookRefused(
                    f"Trang “{sheet.title[:31]}” có hơn {format_count(MOST_ROWS)} dòng nên không nhận. {AGAIN}"
                )
            characters += sum(len(str(cell[3])) for cell in cells)
            if characters > MOST_CHARACTERS:
                raise WorkbookRefused(TOO_MUCH)
            if cells:
                rows.append([number, cells])
        yield {"title": sheet.title, "rows": rows}


def _formulas(sheet: Any) -> set[str]:
    rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
    return {cell.coordinate for row in rows for cell in row if cell.data_type == "f"}


def cell_of(cell: Any, column: int, computed: bool) -> list[Any] | None:
    """A cell as `[column, coordinate, kind, value, number format]`; None when it is empty."""
    value = cell.value
    if value is None:
        return [column, cell.coordinate, "formula", "", ""] if computed else None
    form = cell.number_format or ""
    kind = "text"
    if isinstance(value, bool):
        kind = "truth"
    elif cell.data_type == "e":
        kind = "error"
    elif isinstance(value, (datetime, date)):
        kind, value = "day", value.isoformat()[:10]
    elif isinstance(value, (int, float)):
        kind = "no day" if is_date_format(form) else "percent" if "%" in form else "number"
    elif isinstance(value, str):
        value = unescaped(value).strip()
        if not value:
            return None
    else:
        kind, value = "time", str(value)
    return [column, cell.coordinate, kind, value, form]


def unescaped(text: str) -> str:
    """Text as Excel shows it: `_x000D_` stands for a character that XML cannot hold."""
    if "_x" not in text:
        return text
    text = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)
    return (
        text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")
    )


# --- the package ------------------------------------------------------------------------------------


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts that are read, checked. WorkbookRefused with what is wrong with the file."""
    if len(content) > LARGEST:
        raise WorkbookRefused(f"Tệp lớn hơn {LARGEST // 1024 // 1024} MB nên không nhận. {AGAIN}")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise WorkbookRefused(_old_or_locked(content))
    if not content.startswith(b"PK"):
        raise WorkbookRefused(_no_package(content[:4096]))
    try:
        package = Package(content, BOUNDS)
        _judge(package)
        return dict(_parts(package))
    except BrokenPackage as error:
        message = (
            "Tệp bị hỏng hoặc bị cắt ngang khi gửi. Mời lưu lại trong Excel rồi tải lên lần nữa."
        )
        raise WorkbookRefused(message) from error


SAVE_AGAIN = "Mời mở bằng Excel, chọn Lưu thành “Excel Workbook (.xlsx)” rồi tải lên."


def _no_package(head: bytes) -> str:
    """The refusal of a file that is no package: what it is and what to do."""
    begins = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower()
    if begins.startswith(b"{\\rtf"):
        kind = "tệp RTF của Word"
    elif begins.startswith(b"<?xml") or b"schemas-microsoft-com:office:spreadsheet" in begins:
        kind = "tệp XML"
    elif begins.startswith(b"<"):
        kind = "trang mạng (HTML) mang tên tệp Excel"
    elif begins and not re.search(rb"[\x01-\x08\x0e-\x1f]", begins) and re.search(
        rb"[,;\t][^\r\n]*[\r\n]", begins
    ) and not begins.startswith(b"%pdf"):  # fmt: skip
        return (
            "Đây không phải tệp Excel (.xlsx) mà là tệp văn bản (.csv): đã mất các mã ẩn của phiếu. "
            f"{AGAIN}"
        )
    else:
        return f"Đây không phải tệp Excel (.xlsx). {AGAIN}"
    return f"Đây không phải tệp Excel (.xlsx) mà là {kind}. {SAVE_AGAIN}"


def _old_or_locked(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "Tệp đang đặt mật khẩu nên không đọc được. Mời bỏ mật khẩu trong Excel rồi lưu lại."
    return (
        "Tệp theo kiểu Excel cũ (.xls). Mời mở bằng Excel, chọn Lưu thành “Excel Workbook (.xlsx)”."
    )


def _judge(package: Package) -> None:
    for flaw, reason in FLAWS:
        if flaw in package.flaws:
            raise WorkbookRefused(reason)
    names = package.names
    if "xl/workbook.bin" in names:
        raise WorkbookRefused(f"Tệp theo kiểu Excel nhị phân (.xlsb). {SAVE_AGAIN}")
    if "content.xml" in names and "mimetype" in names:
        raise WorkbookRefused(
            "Tệp theo kiểu OpenDocument (.ods). Mời mở bằng LibreOffice hoặc Excel, chọn Lưu thành "
            "“Excel (.xlsx)” rồi tải lên."
        )
    if "xl/workbook.xml" not in names:
        raise WorkbookRefused(f"Đây không phải tệp Excel (.xlsx). {AGAIN}")


_FOREIGN = f"Tệp có cấu trúc không phải của Excel nên không nhận. {AGAIN}"
#: Flaws that are refused, with the reason, the first that applies.
FLAWS = (
    (Flaw.MACROS, "Tệp có macro nên không nhận. Mời lưu thành “Excel Workbook (.xlsx)”."),
    (
        Flaw.LOCKED,
        "Tệp đang đặt mật khẩu nên không đọc được. Mời bỏ mật khẩu rồi lưu lại.",
    ),
    (Flaw.PATHS, _FOREIGN),
    (Flaw.SIGNS, _FOREIGN),
    (Flaw.NESTED, _FOREIGN),
    (Flaw.LARGE, TOO_MUCH),
)


def _parts(package: Package) -> Iterator[tuple[str, bytes]]:
    """The XML of cells, texts, formats and the order of sheets, cleaned; pictures and comments are left out."""
    spent = dict.fromkeys((*MOST_ELEMENTS, ""), 0)
    for name in package.names:
        kind = next((start for start in MOST_ELEMENTS if name.startswith(start)), "")
        if (not kind and name not in PARTS_READ) or not name.endswith((".xml", ".rels")):
            continue
        if "/_rels/" in name and name not in PARTS_READ:
            continue  # the links of a sheet lead to drawings, comments and other files
        content = package.read(name)
        _judge_xml(content)
        for strict, usual in STRICT:
            content = content.replace(strict, usual)
        if kind == "xl/worksheets/":
            content = BLANK_CELLS.sub(b"", only_cells(content))
        _judge_tags(content)
        spent[kind] += content.count(b"<")
        if spent[kind] > MOST_ELEMENTS.get(kind, MOST_OTHER_ELEMENTS):
            raise WorkbookRefused(TOO_MUCH)
        yield name, content


#: A cell with a format and no content; Excel leaves 26 columns of them beside a table.
BLANK_CELLS = re.compile(
    rb'<(?:\w+:)?c r="[A-Z0-9]{2,12}"(?: [^<>/]{0,200}+)?(?:/>|></(?:\w+:)?c>)'
)
#: Namespaces of "Strict Open XML", one of Excel's file types, and the usual ones in their place.
STRICT = (
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
PARTS_READ = {
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
}


def _judge_xml(content: bytes) -> None:
    """WorkbookRefused unless XML is UTF-8 without DTD, as Office writes it: no entities that grow or fetch."""
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    declared = ENCODING.match(start)
    odd = declared is not None and declared[1].lower() not in (b"utf-8", b"us-ascii")
    if odd or not start.startswith(b"<") or b"\x00" in content or b"<!DOCTYPE" in content.upper():
        raise WorkbookRefused(f"Tệp có nội dung không an toàn nên không nhận. {AGAIN}")


ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")
LONG_PIECE = re.compile(rb"<[^<]{300,}+")
#: Up to the end of a tag: what is quoted may hold ">", and nothing in a tag may hold "<".
WHOLE_TAG = re.compile(rb"<(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+>?")


def _judge_tags(content: bytes) -> None:
    """WorkbookRefused for a tag too long or with too many attributes, which costs a parser minutes and memory."""
    for piece in LONG_PIECE.finditer(content):
        tag = WHOLE_TAG.match(piece[0])
        length = tag.end() if tag else 0
        if length > LONGEST_TAG or piece[0].count(b"=", 0, length) > MOST_ATTRIBUTES:
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
    cells = sheet[begin.start() : sheet.rfind(closing)] + closing if begin else b""
    return root[0].rstrip(b"/>") + b">" + cells + b"</" + root[1] + b"worksheet>"


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package again, for openpyxl."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()
