"""Compares the text of a PDF from outside with the issued PDF. Runs only in the child process of `limited`."""

import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from .compare import FEW_WORDS, Page, compare

#: A file with more of these is not compared: no report has so many.
MOST_PAGES = 300
MOST_LETTERS = 1_000_000
MOST_OBJECTS = 50_000
#: From these shares on a page counts as a picture: area under pictures, invisible texts, signs that are no letters.
COVERED, UNSEEN, STRANGE = 0.6, 0.5, 0.1
#: Height of the margins in which page numbers stand, in points: 19 mm.
MARGIN = 54
#: From so many shapes on, a page without words has its letters drawn.
DRAWN = 30


class TooMuch(Exception):
    """A paper larger than any report."""


def read(content: bytes, length: str) -> Iterator[dict[str, Any]]:
    """The verdict of `compare`, with `begins` (the PDF brought begins with the bytes of the issued one) and `pages`.

    `content` is the PDF brought, `length` bytes of it, then the issued one. Nothing when one is too large.
    """
    brought, issued = content[: int(length)], content[int(length) :]
    try:
        pages = list(pages_of(brought))
        verdict = compare(pages, list(pages_of(issued)))
    except TooMuch:
        return
    yield asdict(verdict) | {"begins": brought.startswith(issued), "pages": len(pages)}


def pages_of(content: bytes) -> Iterator[Page]:
    """The pages of a PDF as a reader sees them, with the texts of notes and signatures. TooMuch."""
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


def page_of(page: Any, text_page: Any) -> Page:
    """One page, of which `text_page` is the text. TooMuch."""
    width, height = page.get_size()
    text = text_page.get_text_range()
    left, bottom, right, top = page.get_bbox()
    covered, shapes, seen, unseen = 0.0, 0, 0, 0
    for count, item in enumerate(page.get_objects(max_depth=6)):
        if count > MOST_OBJECTS:
            raise TooMuch
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            mode = raw.FPDFTextObj_GetTextRenderMode(item)
            unseen += mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE
            seen += mode != raw.FPDF_TEXTRENDERMODE_INVISIBLE
        elif item.type == raw.FPDF_PAGEOBJ_IMAGE:
            x, y, u, v = item.get_bounds()
            across, up = min(u, right) - max(x, left), min(v, top) - max(y, bottom)
            covered += max(across, 0) * max(up, 0)
        elif item.type in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING):
            shapes += 1
    word_count = len(text.split())
    picture = (
        covered >= COVERED * width * height
        or unseen > UNSEEN * (seen + unseen)
        or strange(text)
        or (word_count < FEW_WORDS and shapes >= DRAWN)
    )
    margins = (
        text_page.get_text_bounded(bottom=top - MARGIN),
        text_page.get_text_bounded(top=bottom + MARGIN),
    )
    number = next((margin.strip() for margin in margins if margin.strip().isdecimal()), "")
    blank = not (covered or shapes or word_count)
    return Page(tuple(text.splitlines()), picture, blank, number)


def strange(text: str) -> bool:
    """Whether more than `STRANGE` of the signs are no letters: the PDF keeps their shapes and not their codes."""
    signs = [char for char in text if not char.isspace() and char != "\ufffe"]
    odd = sum(
        char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co", "Cn") for char in signs
    )
    return odd > STRANGE * len(signs)
