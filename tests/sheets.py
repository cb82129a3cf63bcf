"""A page of a PDF as it is measured: where its lines, words and rules stand."""

import io
from dataclasses import dataclass
from typing import Any

import pdfplumber

MM = 25.4 / 72


@dataclass(frozen=True)
class Line:
    """Glyphs on one baseline."""

    text: str
    x0: float
    x1: float
    baseline: float
    sizes: frozenset[float]
    faces: frozenset[str]

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def width(self) -> float:
        return self.x1 - self.x0


class Sheet:
    """One PDF, read back."""

    def __init__(self, content: bytes) -> None:
        self.pages = pdfplumber.open(io.BytesIO(content)).pages
        self.report = [page for page in self.pages if page.width < page.height]
        self.appendix = [page for page in self.pages if page.width > page.height]

    def lines(self, page: Any, left: float = 0, right: float = 300) -> list[Line]:
        """The lines of a page, top down; with `left` and `right` only what stands between."""
        rows: dict[float, list[dict[str, Any]]] = {}
        for char in page.chars:
            if left <= char["x0"] * MM < right:
                rows.setdefault(round(page.height - char["matrix"][5], 1), []).append(char)
        found = [_line(baseline, rows[baseline]) for baseline in sorted(rows)]
        return [line for line in found if line.text]

    def body(self, page: Any) -> list[Line]:
        """Without the page number in the top margin."""
        return [line for line in self.lines(page) if line.baseline > 20 / MM]

    def find(self, start: str, page: Any = None, left: float = 0, right: float = 300) -> Line:
        for each in [page] if page else self.pages:
            for line in self.lines(each, left, right):
                if line.text.startswith(start):
                    return line
        raise AssertionError(f"no line starts with {start}")


def _line(baseline: float, chars: list[dict[str, Any]]) -> Line:
    chars.sort(key=lambda char: char["x0"])
    inked = [char for char in chars if char["text"].strip()]
    return Line(
        "".join(char["text"] for char in chars).replace("\u00a0", " ").strip(),
        min((char["x0"] * MM for char in inked), default=0),
        max((char["x1"] * MM for char in inked), default=0),
        baseline,
        frozenset(round(char["size"], 1) for char in inked),
        frozenset(char["fontname"].partition("+")[2] for char in inked),
    )
