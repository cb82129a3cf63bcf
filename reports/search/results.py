"""What a search gives: results of four kinds, and which of two names answers better to a query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices


class Kind(TextChoices):
    """What is searched for; the code stands in the address."""

    UNITS = "don-vi", "Đơn vị"
    PERIODS = "ky", "Kỳ báo cáo"
    REPORTS = "bao-cao", "Báo cáo"
    FIGURES = "so-lieu", "Số liệu"


@dataclass(frozen=True)
class Result:
    """One line of the list: what it is called, where it belongs and how it stands, the page it leads to."""

    label: str
    where: str
    address: str


@dataclass(frozen=True)
class Group:
    """The results of one kind: those of the stretch that was asked for, and how many there are in all."""

    kind: Kind
    results: list[Result]
    total: int


#: The ranks of a name that holds the words of a query apart: where words of its own begin, or anywhere.
WORDS_BEGIN, HOLDS = 3, 4


def rank(words: Sequence[str], names: Iterable[str]) -> int | None:
    """How well the best of these folded names answers: 0 it is the query, 1 begins with it, 2 holds it from the
    beginning of a word on, 3 has a word beginning with each word of the query, 4 holds them somewhere; None when a
    word is missing from each name."""
    query = " ".join(words)
    ranks = [_rank(words, query, name) for name in names if all(word in name for word in words)]
    return min(ranks, default=None)


def _rank(words: Sequence[str], query: str, name: str) -> int:
    if name == query:
        return 0
    if name.startswith(query):
        return 1
    if f" {query}" in name:
        return 2
    return WORDS_BEGIN if all(f" {word}" in f" {name}" for word in words) else HOLDS
