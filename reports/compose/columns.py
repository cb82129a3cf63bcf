"""How wide the columns of a table are, and how small its type: so that no word and no number breaks.

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
    known = WIDTHS.get(letter)
    if known is None:
        known = CAPITAL if letter.isupper() else WIDTHS.get(fold(letter), CAPITAL)
    return known


def fitted(head: tuple[Cell, ...], body: tuple[tuple[Cell, ...], ...], item: str) -> Table:
    """A table of the text's width with one row of head, in the largest type that fits it."""
    columns = [_column(body, at) for at in range(len(head))]
    texts = [[cell_text(cell) for cell in column] for column in columns]
    words = [any(isinstance(cell.content, str) for cell in column) for column in columns]
    heads = [cell_text(cell) for cell in head]
    least = [_least(*each) for each in zip(heads, texts, strict=True)]
    wished = [max(_wished(*each)) for each in zip(heads, texts, words, least, strict=True)]
    for size in SIZES:
        needed = [size * ems + PADDING for ems in least]
        for at, wordy in enumerate(words):
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
    """What fits together: the widest columns give way, as their words will break; narrow ones stay."""
    left, most = TEXT_WIDTH, 0.0
    for at, each in enumerate(sorted(needed)):
        most = left / (len(needed) - at)
        if each > most:
            break
        left -= each
    return [min(each, most) for each in needed]


def _column(body: Sequence[Sequence[Cell]], column: int) -> list[Cell]:
    """The cells that stand in this column alone."""
    found = []
    for row in body:
        at = 0
        for cell in row:
            if at == column and cell.span == 1:
                found.append(cell)
            at += cell.span
    return found


def _least(head: str, texts: Sequence[str]) -> float:
    """The longest word that must not break."""
    return max((width(word) for text in (head, *texts) for word in text.split()), default=0)


def _wished(head: str, texts: Sequence[str], wordy: bool, least: float) -> tuple[float, ...]:
    """What reads well: texts in one line, a head in two, no word broken."""
    longest = max((width(text) for text in texts), default=0) if wordy else 0
    return longest, width(head) / 2, least


def _shared(needed: Sequence[float], wishes: Sequence[float]) -> tuple[float, ...]:
    """Shares of the whole width: what is needed, the rest by what is wished for beyond it."""
    total = sum(needed)
    spare = max(TEXT_WIDTH - total, 0)
    beyond = [max(wish - need, 0) for need, wish in zip(needed, wishes, strict=True)]
    longing = sum(beyond)
    if longing and spare <= longing:
        given = [need + spare * more / longing for need, more in zip(needed, beyond, strict=True)]
    else:
        full = [need + more for need, more in zip(needed, beyond, strict=True)]
        given = [each * TEXT_WIDTH / sum(full) for each in full]
    whole = sum(given)
    return tuple(each / whole for each in given)
