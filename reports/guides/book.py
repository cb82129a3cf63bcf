"""The guides as the portal shows them: their chapters, read once a process, and a search through them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from ..enums import Role
from ..text.names import fold
from . import markdown

FOLDER: Path = settings.BASE_DIR / "docs"
#: The guide of each role; the guides stand in this order.
GUIDE_OF = {
    Role.CLERK: "nguoi-lap",
    Role.LEADER: "lanh-dao",
    Role.RECORDS: "van-thu",
    Role.REVIEWER: "tham-dinh",
    Role.ADMIN: "quan-tri",
}
#: The chapter that somebody may read who cannot log in yet.
LOGIN = ("nguoi-lap", "dang-nhap-va-mo-bao-cao")
_SENTENCE_END = re.compile(r"(?<=\.) ")


@dataclass(frozen=True)
class Chapter:
    """A chapter: title as in its heading, safe HTML without it, headings that may be led to, its text by passages."""

    guide: str
    slug: str
    title: str
    html: str
    anchors: frozenset[str]
    passages: tuple[str, ...]

    @property
    def address(self) -> str:
        return markdown.address(self.guide, self.slug)


@dataclass(frozen=True)
class Guide:
    """A guide; `opening` is the safe HTML of what stands before its first chapter."""

    slug: str
    title: str
    opening: str
    chapters: tuple[Chapter, ...]

    @property
    def address(self) -> str:
        return markdown.address(self.slug)

    def chapter(self, slug: str) -> Chapter | None:
        return next((chapter for chapter in self.chapters if chapter.slug == slug), None)

    def beside(self, chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
        """The chapters before and after one."""
        at = self.chapters.index(chapter)
        before = self.chapters[at - 1] if at else None
        after = self.chapters[at + 1] if at + 1 < len(self.chapters) else None
        return before, after


@dataclass(frozen=True)
class Found:
    """A chapter that has the words looked for, and the sentence that has most of them."""

    guide: Guide
    chapter: Chapter
    sentence: str


def read(folder: Path, names: Iterable[str]) -> dict[str, Guide]:
    """The guides `huong-dan-NAME.md` of a folder, by their names in this order."""
    texts = {name: (folder / f"huong-dan-{name}.md").read_text("utf-8") for name in names}
    sources = {name: markdown.parse(name, text) for name, text in texts.items()}
    guides = {}
    for name, source in sources.items():
        opening, *chapters = (
            Chapter(
                guide=name,
                slug=part.slug,
                title=part.title,
                anchors=frozenset(markdown.anchors(part)),
                passages=tuple(markdown.passages(part)),
                html=markdown.html(part, source, sources, folder),
            )
            for part in source.parts
        )
        guides[name] = Guide(name, source.title, opening.html, tuple(chapters))
    return guides


@cache
def guides() -> dict[str, Guide]:
    """The portal's guides by name, read at the first request for one."""
    return read(FOLDER, GUIDE_OF.values())


def own_guide(roles: Iterable[Role | str]) -> Guide | None:
    """The guide of somebody with these roles: of several the first; None for somebody without."""
    held = set(roles)
    return next((guides()[name] for role, name in GUIDE_OF.items() if role in held), None)


def search(query: str, first: Guide | None = None) -> list[Found]:
    """The chapters that have every word, or one that begins so, however it is accented: those named so before the
    others, and among them those of the guide `first`; nothing for a query without a letter or digit."""
    words = [f" {word}" for word in _in_words(query).split()]
    if not words:
        return []
    found = []
    for guide in guides().values():
        for chapter in guide.chapters:
            title = _in_words(chapter.title)
            if all(word in title + _folded(chapter) for word in words):
                named = all(word in title for word in words)
                place = (not named, guide != first)
                found.append((place, Found(guide, chapter, _sentence(chapter, words))))
    return [hit for _, hit in sorted(found, key=lambda pair: pair[0])]


@cache
def _folded(chapter: Chapter) -> str:
    return "".join(map(_in_words, chapter.passages))


def _in_words(text: str) -> str:
    """A text folded, each of its words after a blank."""
    return "".join(f" {word}" for word in re.findall(r"\w+", fold(text)))


def _sentence(chapter: Chapter, words: list[str]) -> str:
    """The first of the sentences that have most of the words."""
    sentences = [part for text in chapter.passages for part in _SENTENCE_END.split(text)]
    folded = [_in_words(sentence) for sentence in sentences]
    hits = [sum(word in sentence for word in words) for sentence in folded]
    return sentences[hits.index(max(hits))] if sentences else ""
