"""The widths of a table's columns and the size of its type, so that no word and no number breaks.

Measured with the widths of Times New Roman Bold, which every paper is set in, in ems; diacritics take
no room. An estimate is enough: a column is given a little more than its longest word.
"""

from collections.abc import Sequence
from functools import cache

from ..documents.html import cell_text
from ..documents.tree import Cell, Table
from ..text.names import fold

#: Width of the text on an upright page and what a cell's padding and rule take, in points.
TEXT_WIDTH = 467.0
PADDING = 7.0
#: Type sizes, the house's first (Nghị định 30/2020/NĐ-CP leaves tables to good sense).
SIZES = (12, 11, 10, 9)
#: What a column of words should at least have, and what it may take before others get their share.
LEAST_WORDS, MOST_WORDS = 64.0, 190.0

WIDTHS = {
    **dict.fromkeys(" .,|", 0.25), **dict.fromkeys("ijl:;'/", 0.3), **dict.fromkeys("ft()-", 0.335),
    **dict.fromkeys("srcez", 0.444), **dict.fromkeys("agovxy0123456789", 0.5),
    **dict.fromkeys("bdhknpqu", 0.556), "w": 0.722, "m": 0.833, "%": 1.0, "M": 0.944, "W": 1.0,
}  # fmt: skip
CAPITAL = 0.72


def width(text: str) -> float:
    """The width of a text set in one line, in ems."""
    return 1.04 * sum(map(_letter, text.replace("\xa0", " ")))


@cache
def _letter(letter: str) -> float:
    ems = WIDTHS.get(letter)
    if ems is None:
        ems = CAPITAL if letter.isupper() else WIDTHS.get(fold(letter), CAPITAL)
    return ems


def fitted(head: tuple[Cell, ...], body: tuple[tuple[Cell, ...], ...], item: str) -> Table:
    """A table of the text's width with one row of head, in the largest type that fits it."""
    columns = [_column(body, at) for at in range(len(head))]
    texts = [[cell_text(cell) for cell in column] for column in columns]
    wordy_columns = [any(isinstance(cell.content, str) for cell in column) for column in columns]
    heads = [cell_text(cell) for cell in head]
    least = [_least(*each) for each in zip(heads, texts, strict=True)]
    wished = [max(_wished(*each)) for each in zip(heads, texts, wordy_columns, least, strict=True)]
    for size in SIZES:
        needed = [size * ems + PADDING for ems in least]
        for at, wordy in enumerate(wordy_columns):
            if wordy:
                needed[at] = max(needed[at], min(LEAST_WORDS, size * wished[at] + PADDING))
        if sum(needed) <= TEXT_WIDTH:
            break
    else:
        needed = _cut_down(needed)
    wishes = [min(size * ems + PADDING, MOST_WORDS) for ems in wished]
    shares = _shared(needed, wishes)
    return Table(shares, (head,), body, item, points=0 if size == SIZES[0] else size)


def _cut_down(needed: Sequence[float]) -> list[float]:
    """The widths cut to the text's width, in points: only the widest columns lose, and break words."""
    left, most = TEXT_WIDTH, 0.0
    for at, each in enumerate(sorted(needed)):
        most = left / (len(needed) - at)
        if each > most:
            break
        left -= each
    return [min(each, most) for each in needed]


def _column(body: Sequence[Sequence[Cell]], column: int) -> list[Cell]:
    """The cells of this column that span no other."""
    cells = []
    for row in body:
        at = 0
        for cell in row:
            if at == column and cell.span == 1:
                cells.append(cell)
            at += cell.span
    return cells


def _least(head: str, texts: Sequence[str]) -> float:
    """The width of the longest word, which must not break, in ems."""
    return max((width(word) for text in (head, *texts) for word in text.split()), default=0)


def _wished(head: str, texts: Sequence[str], wordy: bool, least: float) -> tuple[float, ...]:
    """Widths in ems at which a column reads well: texts in one line, the head in two, no word broken."""
    longest = max((width(text) for text in texts), default=0) if wordy else 0
    return longest, width(head) / 2, least


def _shared(needed: Sequence[float], wishes: Sequence[float]) -> tuple[float, ...]:
    """Shares of the text's width: each column gets what it needs, then a part of the rest by its wish."""
    total = sum(needed)
    spare = max(TEXT_WIDTH - total, 0)
    beyond = [max(wish - need, 0) for need, wish in zip(needed, wishes, strict=True)]
    total_beyond = sum(beyond)
    if total_beyond and spare <= total_beyond:
        widths = [
            need + spare * more / total_beyond for need, more in zip(needed, beyond, strict=True)
        ]
    else:
        full = [need + more for need, more in zip(needed, beyond, strict=True)]
        widths = [each * TEXT_WIDTH / sum(full) for each in full]
    whole = sum(widths)
    return tuple(each / whole for each in widths)
