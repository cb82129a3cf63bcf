"""Makes the lines of an item one text: each lead-in before its list, bullets unlike those around them.

An outline's lines are rendered one by one, and any of them may be left out; here the remaining ones are
fitted to each other. Nothing that holds a figure is dropped.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..documents.tree import Block, Paragraph, Run, Table

#: How a lead-in ends when it announces a list; without the list the words go with the colon.
ANNOUNCES = re.compile(
    r"[,;]?\s*(?:(?:trong đó\s*(?:có|gồm)?|bao\s*gồm|gồm|cụ thể|theo|tại|căn cứ)?\s*"
    r"(?:như\s*sau|sau\s*đây)?)\s*:\s*$"
)
#: What leads a list of documents, or of lines, that nothing announces.
DOCUMENTS_LEAD = ("Văn bản liên quan:", "Các văn bản liên quan:")
LINES_LEAD = "Cụ thể như sau:"
#: The mark below a mark.
DEEPER = {"-": "+", "+": "*"}


def is_lead(block: Block) -> bool:
    """Whether the block announces a list: its text ends with a colon."""
    return isinstance(block, Paragraph) and block.text.rstrip().endswith(":")


def is_listed(block: Block) -> bool:
    return isinstance(block, Table) or (isinstance(block, Paragraph) and bool(block.marker))


def announced(lead: Paragraph, following: Block | None) -> bool:
    """Whether what follows is what the lead-in announces."""
    if following is None:
        return False
    if isinstance(following, Paragraph) and following.source == "clerk":
        return True  # words of the clerk, or of a figure that is a text, may have no marker
    return is_listed(following) and getattr(following, "marker", "") != (lead.marker or None)


def tidied(blocks: Iterable[Block], avoid: frozenset[str], children: bool) -> list[Block]:
    """The blocks of one item; `avoid` are the marks of its own title and of the titles below it."""
    left = _lead_ins(list(blocks), children)
    return _parted(_led(left), avoid)


def _lead_ins(blocks: list[Block], children: bool) -> list[Block]:
    """Every lead-in stands right before its list; one whose list is empty ends as a sentence."""
    ordered: list[Block] = []
    waiting: Paragraph | None = None
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if waiting and is_listed(block):
            ordered.append(waiting)
            waiting = None
        if isinstance(block, Paragraph) and block.source == "figures" and is_lead(block):
            if announced(block, following) or (following is None and children):
                ordered.append(block)
            elif not block.marker and _list_follows(blocks[at + 1 :]):
                waiting = block  # a clause would land between it and its list
            else:
                ordered += _without_list(block)
            continue
        ordered.append(block)
    return ordered


def _list_follows(blocks: Sequence[Block]) -> bool:
    for block in blocks:
        if is_listed(block):
            return True
        if is_lead(block) or (isinstance(block, Paragraph) and block.source == "clerk"):
            return False
    return False


def _without_list(lead: Paragraph) -> list[Block]:
    """A lead-in with a figure becomes a sentence; one that only announces a list is dropped."""
    if not any(run.figure for run in lead.runs):
        return []
    *runs, last = lead.runs
    text = ANNOUNCES.sub("", last.text)
    return [replace(lead, runs=(*runs, replace(last, text=text), Run(".")))]


def _led(blocks: Sequence[Block]) -> list[Block]:
    """Bullets after a full stop, or after a table, get a line that leads to them."""
    with_leads: list[Block] = []
    for at, block in enumerate(blocks):
        above = with_leads[-1] if with_leads else None
        begins = isinstance(block, Paragraph) and block.marker and block.source != "clerk"
        below = isinstance(above, Paragraph) and above.marker  # it goes on a list
        if begins and _alone(blocks, at) and above is not None and not below:
            assert isinstance(block, Paragraph)
            with_leads.append(replace(block, marker="") if not is_lead(above) else block)
            continue
        if begins and above is not None and not is_lead(above):
            assert isinstance(block, Paragraph)
            cited = block.source == "documents"
            if isinstance(above, Table) or (
                isinstance(above, Paragraph) and not above.marker and (cited or _by_clerk(above))
            ):
                lead = DOCUMENTS_LEAD[_more_documents(blocks, at)] if cited else LINES_LEAD
                with_leads.append(Paragraph((Run(lead),), "", block.item))
            elif isinstance(above, Paragraph) and not above.marker:
                runs = (*above.runs, Run(f" {LINES_LEAD}"))
                with_leads[-1] = replace(above, runs=runs)
        with_leads.append(block)
    return with_leads


def _alone(blocks: Sequence[Block], at: int) -> bool:
    """Whether the line of figures is the only one of its list: a single line is no list."""
    block = blocks[at]
    following = blocks[at + 1] if at + 1 < len(blocks) else None
    return (
        isinstance(block, Paragraph)
        and block.source == "figures"
        and not (
            isinstance(following, Paragraph)
            and (following.marker, following.source) == (block.marker, "figures")
        )
    )


def _by_clerk(paragraph: Paragraph) -> bool:
    return paragraph.source == "clerk"


def _more_documents(blocks: Sequence[Block], at: int) -> bool:
    """Whether the document at this place is followed by another."""
    following = blocks[at + 1] if at + 1 < len(blocks) else None
    return isinstance(following, Paragraph) and following.source == "documents"


def _parted(blocks: Sequence[Block], avoid: frozenset[str]) -> list[Block]:
    """Marks inside an item differ from the mark of its title and of the titles below it."""
    used = {block.marker for block in blocks if isinstance(block, Paragraph)}
    clash = used & avoid & DEEPER.keys()
    if not clash:
        return list(blocks)
    return [
        replace(block, marker=DEEPER.get(block.marker, block.marker))
        if isinstance(block, Paragraph)
        else block
        for block in blocks
    ]
