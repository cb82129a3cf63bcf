"""The document tree: what an official paper is made of (Nghị định 30/2020/NĐ-CP, Phụ lục I).

Plain frozen data. Every writer spends the same tree, so screen, paper and workbook cannot disagree.
Text is NFC with non-breaking spaces already in place; cells hold values, not formatted numbers.
"""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Run:
    """A stretch of text. `figure` is the catalogue code it was printed from, `missing` a blank left
    for a figure not yet entered."""

    text: str
    figure: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Heading:
    """A numbered heading. Level 1 prints in bold capitals, level 2 in bold, deeper ones upright."""

    level: int
    marker: str
    text: str
    item: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One justified paragraph; `marker` is its bullet (`-`, `+`, `1.`), `item` its outline item.

    `source` tells what it is: said by figures, written by the clerk, a title, or the closing.
    """

    runs: tuple[Run, ...]
    marker: str = ""
    item: str = ""
    source: str = "figures"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Cell:
    """One cell. A number stays a number: `decimals` and `percent` say how it is shown."""

    content: str | int | Decimal | None = None
    decimals: int = 0
    align: str = "left"
    bold: bool = False
    italic: bool = False
    span: int = 1
    rows: int = 1
    figure: str = ""
    note: str = ""
    words: str = ""


@dataclass(frozen=True)
class Table:
    """A ruled table. `widths` are shares of the text width; `head` repeats on every page."""

    widths: tuple[float, ...]
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    item: str = ""


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Head:
    """Quốc hiệu, agency, number and date, type and subject, addressees, legal basis."""

    superior: str
    agency: tuple[str, ...]
    number: str
    place_and_date: str
    kind: str
    subject: str
    addressees: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signature:
    """The signer's block and Nơi nhận."""

    authority: tuple[str, ...]
    name: str
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class Appendix:
    """An appendix: its heading, the line that ties it to the report, its table, its footnotes."""

    label: str
    title: str
    attached_to: str
    table: Table
    footnotes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole paper."""

    head: Head
    body: tuple[Block, ...]
    signature: Signature
    appendices: tuple[Appendix, ...] = ()
    title: str = ""
    identifier: str = ""
    keywords: tuple[str, ...] = field(default=())
