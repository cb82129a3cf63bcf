"""The document tree: what an official paper is made of (Nghị định 30/2020/NĐ-CP, Phụ lục I).

Plain frozen data. Every writer renders the same tree, so screen, paper and workbook cannot disagree.
Text is NFC with non-breaking spaces already in place; cells hold values, not formatted numbers.
"""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Run:
    """A stretch of text. `figure` names what it was printed from, by the catalogue code and, in a row, `@<uid>`;
    `missing` is a blank left for a figure not yet entered."""

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

    `source` is its origin: `figures` (composed), `documents` (a citation), `clerk` (typed), `title`, `bare` (a
    title that nothing follows), `closing`; on a form also `note`.
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
    """A ruled table. `widths` are shares of the text width; `head` repeats on every page.

    `tall` rows are high enough to write in by hand; `points` is the size of its type, 0 for the house's.
    """

    widths: tuple[float, ...]
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    item: str = ""
    tall: bool = False
    points: int = 0


@dataclass(frozen=True)
class Ruling:
    """Ruled lines to write on by hand."""

    lines: int


Block = Heading | Paragraph | Table | Ruling


@dataclass(frozen=True)
class Head:
    """Quốc hiệu, agency, number and date, type and subject, addressees, legal basis.

    `number` and `place_and_date`, as `attached_to` of an appendix, have marks where number and date of the
    issue go until they are filled in (`issue.py`).
    """

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
class Sheet:
    """One sheet of a form, on pages of its own, so that it can be handed to somebody.

    `facts` stand below the title, `foot` at the foot of every page of it; `answered_by` labels the
    lines at its end on which whoever filled it in writes name and day. A wide one is `lying`.
    """

    title: str
    facts: str
    blocks: tuple[Block, ...]
    answered_by: tuple[str, str]
    foot: str
    lying: bool = False


@dataclass(frozen=True)
class Document:
    """A whole paper. A form has sheets and nobody's signature."""

    head: Head
    body: tuple[Block, ...]
    signature: Signature | None
    appendices: tuple[Appendix, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    title: str = ""
    identifier: str = ""
    keywords: tuple[str, ...] = field(default=())
