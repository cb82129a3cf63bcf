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

#: Differences named, words quoted of each, and words of a paper beyond which only close neighbours are aligned.
MOST_DIFFERENCES = 6
LONGEST_QUOTE = 12
MOST_ALIGNED = 6_000
#: A block of so many words may stand elsewhere on its page: programs write heads and signatures in any order.
SHORTEST_MOVED, LONGEST_MOVED = 2, 60
#: A page with fewer words has no text.
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
    """How the two papers differ, in lines for people.

    `differences` are of text that can be relied on, `doubts` of text that a machine recognised; `added` reads
    as a mark of signing. `pictures` are the numbers, from 1, of pages without reliable text; `recognised`
    when some of these have words.
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
    marks = Marks(line for page in issued for line in page.lines)
    ours = list(words_of(issued))
    issued_text = _joined(ours)
    theirs: list[Word] = []
    added: list[list[Word]] = []
    for line in _lines(list(words_of(brought))):
        text = " ".join(word.text for word in line)
        after = bool(added) and _follows(added[-1], line)
        if _joined(line) not in issued_text and marks.is_mark(text, after):
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
    if _joined(theirs) == issued_text:
        return verdict
    differences, doubts = [], []
    for old, new, beside in _hunks(ours, theirs, len(brought) - 1):
        text = " ".join(word.text for word in new)
        if not old and marks.is_mark(text):
            verdict.added.append(text)
        elif not unsure & ({word.page for word in new} or beside):
            differences.append((old, new))
        elif new or verdict.recognised:  # what a scan does not say was not to be read
            doubts.append((old, new))
    certain_words = [word for word in theirs if word.page not in unsure]
    verdict.differences = (
        _difference_lines(differences, certain_words, ours, whole=not unsure) if differences else []
    )
    verdict.doubts = _difference_lines(doubts, theirs, ours, whole=True) if doubts else []
    return verdict


# --- words --------------------------------------------------------------------------------------------


def words_of(pages: Sequence[Page]) -> Iterator[Word]:
    """The words of a paper, without the numbers in the margins of its pages."""
    for page, content in enumerate(pages):
        lines = [_plain(line) for line in content.lines]
        numbered = [n for n, line in enumerate(lines) if line and line == content.number]
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
    """Where the papers differ: the issued paper's words, the other's in their place, and the other's pages on
    which these stand or would stand; `last` is its last page."""
    a, b = [word.text for word in ours], [word.text for word in theirs]
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    a, b = a[start : len(a) - end], b[start : len(b) - end]
    rough = max(len(a), len(b)) > MOST_ALIGNED
    hunks: list[Hunk] = []
    for kind, i, j, m, n in SequenceMatcher(None, a, b, autojunk=rough).get_opcodes():
        if kind == "equal" or "".join(a[i:j]) == "".join(b[m:n]):
            continue
        old, new = ours[start + i : start + j], theirs[start + m : start + n]
        left = theirs[start + m - 1].page if start + m else 0
        right = theirs[start + n].page if start + n < len(theirs) else last
        hunks.append((old, new, set(range(left, right + 1))))
    yield from _without_moved(hunks)


def _without_moved(hunks: list[Hunk]) -> list[Hunk]:
    """The hunks without blocks that merely stand elsewhere on their page."""
    removed = {_joined(old): n for n, (old, new, _) in enumerate(hunks) if old and not new}
    moved: set[int] = set()
    for n, (old, new, _) in enumerate(hunks):
        at = removed.get(_joined(new)) if new and not old else None
        if at is None or at in moved or not SHORTEST_MOVED <= len(new) <= LONGEST_MOVED:
            continue
        if abs(hunks[at][0][0].page - new[0].page) <= 1:
            moved |= {n, at}
    return [hunk for n, hunk in enumerate(hunks) if n not in moved]


def _difference_lines(
    hunks: Sequence[tuple[list[Word], list[Word]]],
    theirs: list[Word],
    ours: list[Word],
    whole: bool,
) -> list[str]:
    """The differences in lines for people, first those of the papers' `identity`; about `MOST_DIFFERENCES`."""
    lines = []
    if whole:
        mine, other = identity(ours), identity(theirs)
        for name, issued_value in mine.items():
            brought_value = other.get(name, "")
            if fold(brought_value).replace(" ", "") != fold(issued_value).replace(" ", ""):
                lines.append(f"{name}: {_against(brought_value, issued_value)}")
    quotes = [_hunk_words(old, new) for old, new in hunks]
    room = MOST_DIFFERENCES - len(lines)
    lines += quotes[: max(room, 2)]
    left = len(quotes) - max(room, 2)
    return [*lines, f"và {left} chỗ khác nữa"] if left > 0 else lines


def _hunk_words(old: Sequence[Word], new: Sequence[Word]) -> str:
    page = (new or old)[0].page + 1
    where = f"Trang {page}" if new else f"Trang {page} của văn bản phát hành"
    return f"{where}: {_against(_short(new), _short(old))}"


def _against(brought: str, issued: str) -> str:
    theirs = f"tệp ghi “{brought}”" if brought else "tệp không có"
    ours = f"văn bản phát hành ghi “{issued}”" if issued else "văn bản phát hành không có"
    return f"{theirs}; {ours}"


def _short(words: Sequence[Word]) -> str:
    text = " ".join(word.text for word in words[:LONGEST_QUOTE])
    return text[:160] + (" …" if len(words) > LONGEST_QUOTE or len(text) > 160 else "")


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
    head_facts = {}
    for name, pattern in (("Đơn vị", UNIT), ("Số", NUMBER), ("Ngày", DAY), ("Nội dung", SUBJECT)):
        match = pattern.search(head)
        if match:
            head_facts[name] = " ".join(match[1].split())
    return head_facts
