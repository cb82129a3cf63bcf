"""Whether a PDF from outside says what the issued PDF says. Runs in a child process alone, kept by `limited`."""

import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from .compare import FEW_WORDS, Page, compare

#: Beyond these no report is read: the file is one that cannot be compared.
MOST_PAGES = 300
MOST_LETTERS = 1_000_000
MOST_OBJECTS = 50_000
#: Shares of a page that pictures cover, of words nobody sees, of signs that are no letters.
COVERED, UNSEEN, STRANGE = 0.6, 0.5, 0.1
#: Points of the margins in which numbers of pages stand: 19 mm.
MARGIN = 54
#: Shapes on a page without words, from which its letters were drawn.
DRAWN = 30


class TooMuch(Exception):
    """A paper larger than any report."""


def read(content: bytes, length: str) -> Iterator[dict[str, Any]]:
    """The verdict of `compare`, and whether the PDF brought begins with the bytes of the one issued.

    The one brought are the first `length` bytes, the rest is the other. Nothing when it is too much to read.
    """
    brought, issued = content[: int(length)], content[int(length) :]
    try:
        pages = list(pages_of(brought))
        verdict = compare(pages, list(pages_of(issued)))
    except TooMuch:
        return
    yield asdict(verdict) | {"begins": brought.startswith(issued), "pages": len(pages)}


def pages_of(content: bytes) -> Iterator[Page]:
    """The pages of a PDF as they are seen: what notes and signatures show is part of its page."""
    letters = 0
    with pdfium.PdfDocument(content) as document:
        if len(document) > MOST_PAGES:
            raise TooMuch
        for number in range(len(document)):
            page = document[number]
            raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
            page.close()
            page = document[number]  # a page that was flattened is read again
            text = page.get_textpage()
            letters += text.count_chars()
            if letters > MOST_LETTERS:
                raise TooMuch
            yield page_of(page, text)
            text.close()
            page.close()


def page_of(page: Any, found: Any) -> Page:
    """One page, of which `found` is the text."""
    width, height = page.get_size()
    text = found.get_text_range()
    left, bottom, right, top = page.get_bbox()
    covered, shapes, seen, unseen = 0.0, 0, 0, 0
    for count, one in enumerate(page.get_objects(max_depth=6)):
        if count > MOST_OBJECTS:
            raise TooMuch
        if one.type == raw.FPDF_PAGEOBJ_TEXT:
            mode = raw.FPDFTextObj_GetTextRenderMode(one)
            unseen += mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE
            seen += mode != raw.FPDF_TEXTRENDERMODE_INVISIBLE
        elif one.type == raw.FPDF_PAGEOBJ_IMAGE:
            x, y, u, v = one.get_bounds()
            across, up = min(u, right) - max(x, left), min(v, top) - max(y, bottom)
            covered += max(across, 0) * max(up, 0)
        elif one.type in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING):
            shapes += 1
    words = len(text.split())
    picture = (
        covered >= COVERED * width * height
        or unseen > UNSEEN * (seen + unseen)
        or strange(text)
        or (words < FEW_WORDS and shapes >= DRAWN)
    )
    margins = (
        found.get_text_bounded(bottom=top - MARGIN),
        found.get_text_bounded(top=bottom + MARGIN),
    )
    number = next((told.strip() for told in margins if told.strip().isdecimal()), "")
    blank = not (covered or shapes or words)
    return Page(tuple(text.splitlines()), picture, blank, number)


def strange(text: str) -> bool:
    """Whether what stands for letters is none: a program that kept their shapes and lost their meaning."""
    signs = [char for char in text if not char.isspace() and char != "\ufffe"]
    odd = sum(
        char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co", "Cn") for char in signs
    )
    return odd > STRANGE * len(signs)
