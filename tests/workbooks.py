"""Excel forms opened and changed, for tests and benchmarks."""

import io
import pickle
import zipfile
from functools import cache

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"


def opened(content: bytes) -> openpyxl.Workbook:
    """The workbook, to change at will; the same bytes are parsed once, which takes a fifth of a second."""
    book: openpyxl.Workbook = pickle.loads(_parsed(content))
    return book


@cache
def _parsed(content: bytes) -> bytes:
    return pickle.dumps(openpyxl.load_workbook(io.BytesIO(content)))


def repacked(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The file with something else in one of its parts."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            held = source.read(name)
            if name == part:
                assert old in held, part
                held = held.replace(old, new, 1)
            target.writestr(name, held)
    return buffer.getvalue()
