"""The Markdown of the guides, parted at its chapters and written as HTML that is safe.

Markup in a guide is shown as it is written, and a link or picture that leads to none of ours is left as its words:
so a guide brings nothing into a page but text. The same files are read on the repository's page, where links between
them work by the names of files and by the anchors that such pages make of headings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from django.templatetags.static import static
from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from ..text.names import fold

#: HTML in the text is escaped; tables are the one thing beyond CommonMark.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_NUMBER = re.compile(r"^\d+\. ")
_PICTURE = re.compile(r"pictures/([\w-]+\.png)")
_GUIDE = re.compile(r"(?:huong-dan-([a-z-]+)\.md)?(?:#(.+))?")


@dataclass
class Part:
    """A chapter as parsed; without slug and title what stands before the first."""

    slug: str = ""
    title: str = ""
    tokens: list[Token] = field(default_factory=list)


@dataclass
class Source:
    """A guide as parsed; `places` leads from the anchors of the repository's page to chapter and anchor of ours."""

    slug: str
    title: str = ""
    parts: list[Part] = field(default_factory=lambda: [Part()])
    places: dict[str, tuple[str, str]] = field(default_factory=dict)


def slug(heading: str) -> str:
    """What stands in an address for a heading: `4. Nhập một phần` → `nhap-mot-phan`."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(_NUMBER.sub("", heading))))


def address(guide: str, chapter: str = "", anchor: str = "") -> str:
    """The address of a guide, of a chapter, or of a heading in it."""
    if not chapter:
        return reverse("guide", args=[guide])
    page = reverse("guide_chapter", args=[guide, chapter])
    return f"{page}#{anchor}" if anchor else page


def parse(name: str, text: str) -> Source:
    """A guide in its chapters: they begin at the headings of the second level."""
    source = Source(name)
    tokens = _MARKDOWN.parse(text)
    while tokens:
        token = tokens.pop(0)
        if token.type != "heading_open":
            source.parts[-1].tokens.append(token)
            continue
        heading = plain(tokens[0])
        if token.tag == "h1":
            source.title = heading
            del tokens[:2]
        elif token.tag == "h2":
            source.parts.append(Part(slug(heading), heading))
            source.places[_anchor_there(heading)] = (slug(heading), "")
            del tokens[:2]
        else:
            token.attrSet("id", slug(heading))
            source.places[_anchor_there(heading)] = (source.parts[-1].slug, slug(heading))
            source.parts[-1].tokens.append(token)
    return source


def _anchor_there(heading: str) -> str:
    """The anchor that the repository's page makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def plain(inline: Token) -> str:
    """The words of a line without its marks."""
    words = [
        child.content if child.type in ("text", "code_inline", "image") else " "
        for child in inline.children or ()
        if child.type not in ("link_open", "link_close") and not child.type.startswith(("em_", "strong_"))
    ]  # fmt: skip
    return " ".join("".join(words).split())


def passages(part: Part) -> Iterator[str]:
    """The plain text of a chapter, a paragraph, an item or a row of a table at a time."""
    row: list[str] | None = None
    for token in part.tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield " · ".join(filter(None, row or ()))
            row = None
        elif token.type == "inline":
            words = plain(token)
            if row is not None:
                row.append(words)
            elif words:
                yield words
        elif token.type == "fence":
            yield token.content


def anchors(part: Part) -> Iterator[str]:
    """The headings in a chapter that an address may lead to."""
    for token in part.tokens:
        if token.type == "heading_open":
            yield str(token.attrGet("id"))


def html(part: Part, source: Source, sources: dict[str, Source], folder: Path) -> str:
    """A chapter as HTML; pictures are looked for below `folder`."""
    tokens = list(_without_contents(part.tokens)) if not part.slug else part.tokens
    for token in tokens:
        if token.type in ("th_open", "td_open"):
            token.attrs.pop("style", None)  # the alignment: no page may hold style
        elif token.type == "table_open":
            token.attrSet("class", "table")
        elif token.type == "inline":
            token.children = list(_ours(token.children or [], source, sources, folder))
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _ours(
    children: list[Token], source: Source, sources: dict[str, Source], folder: Path
) -> Iterator[Token]:
    """A line with its links leading to pages of the portal; those that lead elsewhere are words alone."""
    open_links: list[bool] = []
    for child in children:
        if child.type == "link_open":
            to = _resolved(str(child.attrGet("href")), source, sources)
            open_links.append(to is not None)
            if to is None:
                continue
            child.attrs = {"href": to}
        elif child.type == "link_close":
            if not open_links.pop():
                continue
        elif child.type == "image":
            picture = _picture(str(child.attrGet("src")), folder)
            if picture is None:
                yield Token("text", "", 0, content=child.content)
                continue
            child.attrs = {**picture, "alt": "", "loading": "lazy", "decoding": "async"}
        yield child


def _resolved(href: str, source: Source, sources: dict[str, Source]) -> str | None:
    """Where a link of a guide leads in the portal; None when it leads to no guide."""
    found = _GUIDE.fullmatch(unquote(href))  # the parser writes the letters of an anchor as bytes
    if found is None or not href:
        return None
    guide = sources.get(found[1]) if found[1] else source
    if guide is None:
        return None
    if not found[2]:
        return address(guide.slug)
    place = guide.places.get(found[2])
    return address(guide.slug, *place) if place else None


def _picture(src: str, folder: Path) -> dict[str, str | int | float] | None:
    """Address and measures, in pixels, of a picture; None for one that is none of ours."""
    found = _PICTURE.fullmatch(src)
    if found is None or not (folder / src).is_file():
        return None
    width, height = _measures(folder / src)
    return {"src": static(f"guides/{found[1]}"), "width": str(width), "height": str(height)}


@cache
def _measures(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def _without_contents(tokens: list[Token]) -> Iterator[Token]:
    """What stands before the first chapter, without the list of chapters: the portal shows its own beside."""
    inside: list[Token] = []
    for token in tokens:
        if inside or (token.type == "ordered_list_open" and token.level == 0):
            inside.append(token)
            if token.type == "ordered_list_close" and token.level == 0:
                if not _contents(inside):
                    yield from inside
                inside = []
        else:
            yield token


def _contents(tokens: list[Token]) -> bool:
    """Whether every item of a list is a link to a chapter of the same guide."""
    lines = [token.children or [] for token in tokens if token.type == "inline"]
    return all(
        line and line[0].type == "link_open" and str(line[0].attrGet("href")).startswith("#")
        for line in lines
    )
