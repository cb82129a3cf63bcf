r"""The grammar of sentences made from figures: one for outlines and for live figures in prose.

    {code}           the figure, printed in its own format
    {code|pad}       counts under ten with a leading zero, as prose habit has it: said once in an
                     outline, it holds for its whole paper
    {code|did}       of a yes or no: `Đã` or `Chưa`, at the head of a sentence; `đã` or `chưa` within it
    {a/b|%}          a percentage computed from two figures
    [ … ]            a clause that vanishes when a figure in it is not entered
    <table: … >      the clause once for each row of a table, joined by commas; inside, a name
                     without a dot is a column of that table
    … || …           what to say instead when the first figure is "không phát sinh"
    \{  \[  \<       the character itself

A name without a dot outside a table is a fact of the report: unit, superior, office, period,
next_period, year, from, to (`compose.sentences.FACTS`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

#: Clauses within clauses; no sentence needs more.
DEEPEST = 12


@dataclass(frozen=True)
class Ref:
    """`{name}`, `{part/whole|%}`: `position` counts characters from 1, for messages."""

    name: str
    whole: str = ""
    format: str = ""
    position: int = 1


@dataclass(frozen=True)
class Clause:
    """An optional part, `[ … ]`."""

    parts: "Parts"


@dataclass(frozen=True)
class Loop:
    """A part repeated for each row of a table, `<table: … >`."""

    table: str
    parts: "Parts"
    position: int = 1


Parts = tuple["str | Ref | Clause | Loop", ...]


@dataclass(frozen=True)
class Sentence:
    parts: Parts
    none_arisen: Parts = ()

    def refs(self) -> Iterator[tuple[Ref, str, bool]]:
        """Every reference with the table it stands in and whether it is optional."""
        yield from _refs(self.parts, "", False)
        yield from _refs(self.none_arisen, "", True)


def _refs(parts: Parts, table: str, optional: bool) -> Iterator[tuple[Ref, str, bool]]:
    for part in parts:
        if isinstance(part, Ref):
            yield part, table, optional
        elif isinstance(part, Clause):
            yield from _refs(part.parts, table, True)
        elif isinstance(part, Loop):
            yield from _refs(part.parts, part.table, True)


def loops(parts: Parts) -> Iterator[Loop]:
    """Every `<table: … >`, those inside others too."""
    for part in parts:
        if isinstance(part, Loop):
            yield part
        if isinstance(part, (Clause, Loop)):
            yield from loops(part.parts)


class SentenceError(ValueError):
    """A sentence that breaks the grammar; the message names the position."""


@lru_cache(maxsize=4096)
def parse(source: str) -> Sentence:
    """Parse one sentence. SentenceError names what is wrong and where."""
    main, _, variant = source.partition("||")
    return Sentence(_parts(main, 0), _parts(variant, len(main) + 2))


def _parts(text: str, offset: int) -> Parts:
    return _Parser(text.strip(), offset + len(text) - len(text.lstrip())).parts("")


class _Parser:
    """Recursive descent over one sentence; the grammar is small enough to read at a glance."""

    CLOSING: Mapping[str, str] = {"[": "]", "<": ">"}

    def __init__(self, source: str, offset: int) -> None:
        self.source, self.at, self.offset = source, 0, offset
        self.depth = 0

    def fail(self, reason: str) -> SentenceError:
        return SentenceError(f"Vị trí {self.offset + self.at + 1}: {reason}")

    def parts(self, until: str) -> Parts:
        pieces: list[str | Ref | Clause | Loop] = []
        text = ""
        while self.at < len(self.source):
            char = self.source[self.at]
            if char == "\\":
                text += self.source[self.at + 1 : self.at + 2]
                self.at += 2
                continue
            if char == until:
                break
            if char in "{[<":
                if text:
                    pieces.append(text)
                    text = ""
                pieces.append(self.ref() if char == "{" else self.group(char))
            elif char in "}]>":
                raise self.fail(f"thừa dấu “{char}”")
            else:
                text += char
                self.at += 1
        else:
            if until:
                raise self.fail(f"thiếu dấu “{until}”")
        if text:
            pieces.append(text)
        return tuple(pieces)

    def ref(self) -> Ref:
        position = self.offset + self.at + 1
        end = self.source.find("}", self.at)
        if end < 0:
            raise self.fail("thiếu dấu “}”")
        name, _, how = self.source[self.at + 1 : end].partition("|")
        part, slash, whole = name.partition("/")
        if not part.strip() or (slash and not whole.strip()):
            raise self.fail("thiếu tên số liệu")
        if how.strip() not in ("", "pad", "%", "words", "did"):
            raise self.fail(f"không có cách viết “{how}”")
        self.at = end + 1
        return Ref(part.strip(), whole.strip(), how.strip(), position)

    def group(self, char: str) -> Clause | Loop:
        position = self.offset + self.at + 1
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail("quá nhiều dấu ngoặc lồng nhau")
        self.at += 1
        table = ""
        if char == "<":
            colon = self.source.find(":", self.at)
            if colon < 0:
                raise self.fail("thiếu dấu “:” sau tên bảng")
            table = self.source[self.at : colon].strip()
            self.at = colon + 1
            while self.source[self.at : self.at + 1] == " ":
                self.at += 1
        inner = self.parts(self.CLOSING[char])
        self.depth -= 1
        self.at += 1
        return Loop(table, inner, position) if char == "<" else Clause(inner)
