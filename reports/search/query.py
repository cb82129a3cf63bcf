"""A query as it is typed, read: words of names, a period as officials write it, the number of a document."""

import re
from dataclasses import dataclass

from ..text.names import fold
from ..text.typography import clean_line

#: The longest query that is read, and the most words of it; what is beyond is not searched for.
LONGEST = 100
MOST_WORDS = 12

#: `Số 123/BC-UBND`, `123/BC-UBND`, `Số 123`. A quarter's `1/2026` is none: a symbol begins with a letter.
_NUMBER = re.compile(
    r"(?:\bs[oố]\s*[:.]?\s*)?\b([0-9]{1,9})\s*/\s*([^\W\d_]\S*)|\bs[oố]\s*[:.]?\s*([0-9]{1,9})\b(?!\s*/)",
    re.IGNORECASE,
)
#: How one begins who writes out what is searched for.
_OPENING = re.compile(r"^bao cao\b|\b(?:ubnd|uy ban nhan dan)\b")

_SEPARATORS = re.compile(r"[/,.;:()‐‑‒–—―−-]")
_QUARTER = re.compile(r"\b(?:quy|q) ?(iv|i{1,3}|0?[1-4])\b")
_MONTHS = re.compile(r"\b(\d{1,2}|ba|sau|chin) ?(?:thang|t)\b(?: dau)?(?: nam\b)?")
_MONTH = re.compile(r"\b(?:thang|t) ?0?(\d{1,2})\b")
_YEAR = re.compile(r"\b(q[1-4]|\d{1,2}t|t\d{2}) (?:nam )?(\d{4})\b")
_YEAR_ALONE = re.compile(r"\bnam (\d{4})\b")
_DIGITS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_SPELT = {"ba": 3, "sau": 6, "chin": 9}


def period_words(folded: str) -> str:
    """A folded text with its periods in one spelling: `quy i nam 2026`, `q1/2026` → `q1 2026`; `6 thang dau nam
    2023` → `6t 2023`; `thang 5/2026` → `t05 2026`; `nam 2025` → `n2025`. Other words stay as they are."""
    text = " ".join(_SEPARATORS.sub(" ", folded).split())
    text = _QUARTER.sub(lambda found: f"q{_DIGITS.get(found[1]) or int(found[1])}", text)
    text = _MONTHS.sub(lambda found: f"{_SPELT.get(found[1]) or int(found[1])}t", text)
    text = _MONTH.sub(lambda found: f"t{int(found[1]):02}", text)
    return _YEAR_ALONE.sub(r"n\1", _YEAR.sub(r"\1 \2", text))


@dataclass(frozen=True)
class Query:
    """What is searched for.

    `text` is as typed, without what nobody sees; `words` are those of a name; `dated` the same with periods in one
    spelling; `number` and `symbol` of a document, where the query names one.
    """

    text: str
    words: tuple[str, ...]
    dated: tuple[str, ...]
    number: int | None = None
    symbol: tuple[str, ...] = ()

    @classmethod
    def read(cls, typed: str) -> "Query":
        """The query of what was typed, whatever it is."""
        text = clean_line(typed[: 10 * LONGEST], LONGEST).strip()
        document = _NUMBER.search(text)
        rest = text[: document.start()] + " " + text[document.end() :] if document else text
        folded = _OPENING.sub(" ", fold(rest))
        return cls(
            text,
            _words(folded),
            _words(period_words(folded)),
            int(document[1] or document[3]) if document else None,
            _words(fold(document[2] or "")) if document else (),
        )

    @property
    def label_words(self) -> tuple[str, ...]:
        """All words, as the label of a figure is searched for."""
        return _words(fold(self.text))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to search for."""
        return not any(char.isalnum() for char in self.text)


def _words(folded: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded.split()))[:MOST_WORDS]
