"""Fills pages down to their foot: room left by keeping lines together goes between the paragraphs.

A heading, a title or a lead-in goes over the page with what it announces, so a page may end lines too
early. Nghị định 30/2020/NĐ-CP asks for at least 6 pt between paragraphs; a page that would end early
gets a little more, the same between all of its paragraphs, as long as it does not look loose.
"""

from collections.abc import MutableSequence, Sequence
from itertools import pairwise
from typing import Any

#: The most that is added to one distance, and what is too little to matter; in CSS pixels (0.75 pt).
MOST, LEAST = 7.5, 1.0
#: Parts of the head keep their own distances.
HEAD = {"head", "kind", "subject", "to"}


def fill(pages: MutableSequence[Any]) -> None:
    """Spread the blocks of every page of the report's text but the last one down to its foot.

    `pages` are WeasyPrint's; an appendix and the sheets of a form are tables and stay as they are.
    """
    texts = [_text(page) for page in pages]
    for at, (text, following) in enumerate(pairwise(texts)):
        goes_on = text is not None and following is not None
        if goes_on and text.element is following.element:
            box = pages[at]._page_box
            _spread(box, text.children)
            pages[at] = type(pages[at])(box)  # its bookmarks follow the headings


def _text(page: Any) -> Any:
    """The part of the report's text on this page, None on a page without."""
    boxes = [page._page_box]
    while boxes:
        box = boxes.pop()
        if box.element_tag == "article":
            return box if box.element.get("class") == "paper" else None
        boxes += getattr(box, "children", ())
    return None


def _spread(page: Any, blocks: Sequence[Any]) -> None:
    foot = page.content_box_y() + page.height
    last = blocks[-1]
    left = foot - (last.border_box_y() + last.border_height())
    widened = [bool(at) and not _of_head(block) for at, block in enumerate(blocks)]
    if left < LEAST or not any(widened):
        return
    more = min(MOST, left / sum(widened))
    for at, block in enumerate(blocks):
        block.translate(dy=more * sum(widened[: at + 1]))


def _of_head(block: Any) -> bool:
    return bool(HEAD & set((block.element.get("class") or "").split()))
