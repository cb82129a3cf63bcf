"""Whether the text of a PDF brought from outside is the text of the paper that was issued.

Pure: pages of text in, a `Verdict` out. White space, the division of lines and words, page numbers and the
order in which a program wrote the blocks of a page say nothing; every other word counts. Words that
were added count as a mark only where they read like one: of a signature, a stamp, a copy, a seal.
Run in the child process (`reader`), because texts from outside may be made to cost time.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from ...text.names import fold
from .marks import Marks

#: Differences told, words of one, and words beyond which only what stands close together is aligned.
MOST_TOLD = 6
LONGEST_TOLD = 12
MOST_ALIGNED = 6_000
#: A block this long, in words, may stand elsewhere on its page: programs write heads and signatures in turn.
SHORTEST_MOVED, LONGEST_MOVED = 2, 60
#: Words with none of which a page has a text.
FEW_WORDS = 3


@dataclass(frozen=True)
class Page:
    """A page: its lines, and the number in its margin.

    `picture` when a picture covers it or its words cannot be seen or read.
    """

    lines: tuple[str, ...]
    picture: bool = False
    blank: bool = False
    number: str = ""


@dataclass
class Verdict:
    """What holds of the two papers, in lines for people.

    `differences` of text that can be relied on, `doubts` of text that a machine recognised, `added` what
    reads as a mark; `pictures` are the pages, from 1, of which nothing certain can be said.
    """

    added: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    recognised: bool = False


@dataclass(frozen=True)
class Word:
    text: str
    page: int
    line: int


def compare(brought: Sequence[Page], issued: Sequence[Page]) -> Verdict:
    """The verdict on the paper that was brought."""
    marks = Marks(told for page in issued for told in page.lines)
    ours = list(words_of(issued))
    known = _joined(ours)
    theirs: list[Word] = []
    added: list[list[Word]] = []
    for line in _lines(list(words_of(brought))):
        text = " ".join(word.text for word in line)
        after = bool(added) and _follows(added[-1], line)
        if _joined(line) not in known and marks.is_mark(text, after):
            added.append(line)
        else:
            theirs += line
    verdict = Verdict(added=[" ".join(word.text for word in line) for line in added])
    worded = {page: sum(word.page == page for word in theirs) for page in range(len(brought))}
    # A file without a word anywhere was drawn, whatever it was drawn with.
    drawn = sum(worded.values()) < FEW_WORDS
    unsure = {n for n, page in enumerate(brought) if page.picture or (drawn and not page.blank)}
    unsure = unsure or (set(worded) if drawn else set())
    verdict.pictures = sorted(page + 1 for page in unsure)
    verdict.recognised = any(worded[page] >= FEW_WORDS for page in unsure)
    if _joined(theirs) == known:
        return verdict
    told, doubts = [], []
    for old, new, beside in _hunks(ours, theirs, len(brought) - 1):
        text = " ".join(word.text for word in new)
        if not old and marks.is_mark(text):
            verdict.added.append(text)
        elif not unsure & ({word.page for word in new} or beside):
            told.append((old, new))
        elif new or verdict.recognised:  # what a scan does not say was not to be read
            doubts.append((old, new))
    certain_words = [word for word in theirs if word.page not in unsure]
    verdict.differences = _told(told, certain_words, ours, whole=not unsure) if told else []
    verdict.doubts = _told(doubts, theirs, ours, whole=True) if doubts else []
    return verdict


# --- words --------------------------------------------------------------------------------------------


def words_of(pages: Sequence[Page]) -> Iterator[Word]:
    """The words of a paper, without the numbers in the margins of its pages."""
    for page, told in enumerate(pages):
        lines = [_plain(line) for line in told.lines]
        numbered = [n for n, line in enumerate(lines) if line and line == told.number]
        for n, line in enumerate(lines):
            if numbered and n == numbered[-1]:
                continue  # the last, as programs write margins behind the text
            for word in line.split():
                yield Word(word, page, n)


def _plain(line: str) -> str:
    """A line as it is compared: compatibility forms and signs nobody sees are made one."""
    line = unicodedata.normalize("NFKC", line.replace("\u00ad", "").replace("\ufffe", "-"))
    line = re.sub(r"[\u200b-\u200f\u2060\ufeff]", "", line)
    return re.sub(r"[\u2010\u2011\u2012\u2212]", "-", line).strip()


def _joined(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words)


def _lines(words: Sequence[Word]) -> Iterator[list[Word]]:
    line: list[Word] = []
    for word in words:
        if line and (word.page, word.line) != (line[-1].page, line[-1].line):
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _follows(before: Sequence[Word], line: Sequence[Word]) -> bool:
    """Whether a line stands right below one that was a mark."""
    return before[0].page == line[0].page and line[0].line - before[-1].line == 1


# --- where they differ --------------------------------------------------------------------------------

Hunk = tuple[list[Word], list[Word], set[int]]


def _hunks(ours: list[Word], theirs: list[Word], last: int) -> Iterator[Hunk]:
    """What the issued paper says and the other does not, what stands in its place, and the pages on
    which it would stand; `last` is the other's last page."""
    a, b = [word.text for word in ours], [word.text for word in theirs]
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    a, b = a[start : len(a) - end], b[start : len(b) - end]
    rough = max(len(a), len(b)) > MOST_ALIGNED
    found: list[Hunk] = []
    for kind, i, j, m, n in SequenceMatcher(None, a, b, autojunk=rough).get_opcodes():
        if kind == "equal" or "".join(a[i:j]) == "".join(b[m:n]):
            continue
        old, new = ours[start + i : start + j], theirs[start + m : start + n]
        left = theirs[start + m - 1].page if start + m else 0
        right = theirs[start + n].page if start + n < len(theirs) else last
        found.append((old, new, set(range(left, right + 1))))
    yield from _without_moved(found)


def _without_moved(hunks: list[Hunk]) -> list[Hunk]:
    """The hunks without blocks that merely stand elsewhere on their page."""
    gone = {_joined(old): n for n, (old, new, _) in enumerate(hunks) if old and not new}
    moved: set[int] = set()
    for n, (old, new, _) in enumerate(hunks):
        at = gone.get(_joined(new)) if new and not old else None
        if at is None or at in moved or not SHORTEST_MOVED <= len(new) <= LONGEST_MOVED:
            continue
        if abs(hunks[at][0][0].page - new[0].page) <= 1:
            moved |= {n, at}
    return [hunk for n, hunk in enumerate(hunks) if n not in moved]


def _told(
    hunks: Sequence[tuple[list[Word], list[Word]]],
    theirs: list[Word],
    ours: list[Word],
    whole: bool,
) -> list[str]:
    """The differences in words, first those that say whose paper it is; at most `MOST_TOLD`."""
    lines = []
    if whole:
        mine, other = identity(ours), identity(theirs)
        for name, said in mine.items():
            found = other.get(name, "")
            if fold(found).replace(" ", "") != fold(said).replace(" ", ""):
                lines.append(f"{name}: {_against(found, said)}")
    shown = [_hunk_words(old, new) for old, new in hunks]
    room = MOST_TOLD - len(lines)
    lines += shown[: max(room, 2)]
    left = len(shown) - max(room, 2)
    return [*lines, f"và {left} chỗ khác nữa"] if left > 0 else lines


def _hunk_words(old: Sequence[Word], new: Sequence[Word]) -> str:
    page = (new or old)[0].page + 1
    where = f"Trang {page}" if new else f"Trang {page} của văn bản phát hành"
    return f"{where}: {_against(_short(new), _short(old))}"


def _against(found: str, said: str) -> str:
    theirs = f"tệp ghi “{found}”" if found else "tệp không có"
    ours = f"văn bản phát hành ghi “{said}”" if said else "văn bản phát hành không có"
    return f"{theirs}; {ours}"


def _short(words: Sequence[Word]) -> str:
    text = " ".join(word.text for word in words[:LONGEST_TOLD])
    return text[:160] + (" …" if len(words) > LONGEST_TOLD or len(text) > 160 else "")


UNIT = re.compile(
    r"^(?:UBND |ỦY BAN NHÂN DÂN )?((?:XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU) \S.{1,60})$", re.MULTILINE
)
NUMBER = re.compile(r"^Số\s*:?\s*(\S{0,12}\s?/\s?[A-ZĐ]{2,5}-[A-ZĐ]{2,10})", re.MULTILINE)
DAY = re.compile(r"(ngày\s*\d{0,2}\s*tháng\s*\d{0,2}\s*năm\s*\d{4})", re.IGNORECASE)
SUBJECT = re.compile(
    r"^BÁO CÁO\n(.{5,400}?)\n(?:Kính gửi|Căn cứ|I\.|1\.|Thực hiện)", re.MULTILINE | re.DOTALL
)


def identity(words: Sequence[Word]) -> dict[str, str]:
    """Whose paper it is, by its head: unit, number, date, subject with the period."""
    head = "\n".join(
        " ".join(word.text for word in line)
        for line in _lines([w for w in words if w.page == words[0].page])
    )
    found = {}
    for name, pattern in (("Đơn vị", UNIT), ("Số", NUMBER), ("Ngày", DAY), ("Nội dung", SUBJECT)):
        match = pattern.search(head)
        if match:
            found[name] = " ".join(match[1].split())
    return found
