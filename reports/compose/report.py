"""From dossier to document, in the outline's order and numbering."""

from collections.abc import Iterator
from functools import lru_cache

from ..catalogue.outlines import ItemFacts, OutlineFacts
from ..documents.issue import IssueDetails, numbered
from ..documents.tree import Block, Document, Heading, Paragraph, Run
from ..dossier import Dossier
from ..enums import Placement, Section
from ..text.numbers import bullet_letter, roman
from ..text.typography import tie
from . import blocks
from .appendix import appendix
from .frame import COMMITTEE, head, lines, sentence_text, signature
from .prose import paragraphs, split_marker, tied
from .sentences import render
from .tidy import tidied

#: Marker styles whose titles print as headings: their typographic level.
HEADING_LEVEL = {"roman": 1, "arabic": 2, "decimal": 2}
PLAIN_MARKERS = {"dash": "-", "plus": "+", "star": "*", "none": ""}


def compose(dossier: Dossier) -> Document:
    """The whole paper."""
    return numbered(compose_unnumbered(dossier), issue_details(dossier))


def issue_details(dossier: Dossier) -> IssueDetails:
    """Number, date and signer that the report bears so far."""
    paper = dossier.paper
    year = dossier.period.deadline.year
    return IssueDetails(paper.number, paper.issued_on, paper.signer_name, year)


def compose_unnumbered(dossier: Dossier) -> Document:
    """The whole paper with marks where its number and date go."""
    body: list[Block] = [
        Paragraph((Run(tie(line)),)) for line in lines(dossier.outline.opening, dossier)
    ]
    body += compose_items(dossier)
    attached = appendix(dossier)
    appendices = (attached,) if attached else ()
    if appendices and not any(
        "Phụ lục" in block.text for block in body if isinstance(block, Paragraph)
    ):
        # The text must name its appendix (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục III.1).
        body.append(Paragraph((Run("Số liệu chi tiết tại Phụ lục kèm theo."),)))
    body += _closing(dossier)
    subject = sentence_text(dossier.outline.subject, dossier)
    return Document(
        head=head(dossier),
        body=tuple(body),
        signature=signature(dossier),
        appendices=appendices,
        title=f"Báo cáo {subject[:1].lower()}{subject[1:]} – {COMMITTEE} {dossier.unit}",
        identifier=f"{dossier.unit.code} {dossier.period.code} {dossier.revision}",
    )


def _closing(dossier: Dossier) -> list[Block]:
    """The closing lines; the last ends with `./.`"""
    closing = lines(dossier.outline.closing, dossier)
    if closing:
        closing[-1] = closing[-1].rstrip("./ ") + "./."
    return [Paragraph((Run(tie(line)),), source="closing") for line in closing]


def compose_items(dossier: Dossier, section: Section | None = None) -> list[Block]:
    """The text of the outline's items, or of one section's items with the headings above them."""
    codes = None if section is None else _with_parents(dossier.outline, section)
    body: list[Block] = []
    for item, style, marker in markers(dossier.outline):
        if codes is not None and item.code not in codes:
            continue
        content = tidy_blocks(dossier, item) if section in (None, item.section) else []
        body += _title(item, style, marker, bool(content) or _marks(dossier.outline)[item.code][1])
        body += content
    return body


def _with_parents(outline: OutlineFacts, section: Section) -> set[str]:
    parents = {item.code: item.parent for item in outline.items}
    codes = set()
    for item in outline.items:
        code = item.code if item.section == section else ""
        while code and code not in codes:
            codes.add(code)
            code = parents[code]
    return codes


def _title(item: ItemFacts, style: str, marker: str, followed: bool) -> list[Block]:
    if not item.title:
        return []
    title = tie(item.title.rstrip(" .:"))
    if style in HEADING_LEVEL:
        level = HEADING_LEVEL[style]
        return [Heading(level, marker, title.upper() if level == 1 else title, item.code)]
    # Only a title that something follows announces it, and must stay with the next line.
    source = "title" if followed else "bare"
    return [Paragraph((Run(title + ":" * followed),), marker, item.code, source)]


@lru_cache(maxsize=64)
def markers(outline: OutlineFacts) -> tuple[tuple[ItemFacts, str, str], ...]:
    """Every item with its marker style and its marker, numbered among its siblings."""
    depth: dict[str, int] = {}
    numbers: dict[str, list[int]] = {}
    counted: dict[tuple[str, str], int] = {}
    marked = []
    for item in outline.items:
        level = depth[item.parent] + 1 if item.parent else 0
        depth[item.code] = level
        style = item.marker or outline.numbering[min(level, len(outline.numbering) - 1)]
        position = counted.get((item.parent, style), 0) + 1
        if item.title:
            counted[item.parent, style] = position
        numbers[item.code] = [*numbers.get(item.parent, []), position]
        marked.append((item, style, marker_text(style, numbers[item.code])))
    return tuple(marked)


def marker_text(style: str, numbers: list[int]) -> str:
    """`II.`, `2.`, `1.3`, `b)`, `-`."""
    if style in PLAIN_MARKERS:
        return PLAIN_MARKERS[style]
    last = numbers[-1]
    if style == "decimal":
        return ".".join(map(str, numbers))
    return {"roman": f"{roman(last)}.", "arabic": f"{last}.", "letter": f"{bullet_letter(last)})"}[
        style
    ]


def tidy_blocks(dossier: Dossier, item: ItemFacts) -> list[Block]:
    """An item's text as it is printed."""
    return tidied(
        item_blocks(dossier, item),
        *_marks(dossier.outline)[item.code],
    )


@lru_cache(maxsize=64)
def _marks(outline: OutlineFacts) -> dict[str, tuple[frozenset[str], bool]]:
    """Of each item the plain marks of its title and of the titles below it; whether any are below."""
    plain = {
        item.code: PLAIN_MARKERS.get(style, "") if item.title else ""
        for item, style, _ in markers(outline)
    }
    below: dict[str, set[str]] = {}
    for item in outline.items:
        below.setdefault(item.parent, set()).add(plain[item.code])
    return {
        code: (frozenset({mark, *below.get(code, ())} - {""}), code in below)
        for code, mark in plain.items()
    }


def item_blocks(dossier: Dossier, item: ItemFacts) -> Iterator[Block]:
    """An item's text: what its figures say, and the clerk's narrative after, before or instead."""
    narrative = dossier.narratives.get(item.code) if item.takes_narrative else None
    written = list(paragraphs(narrative.text, dossier, item.code)) if narrative else []
    placement = narrative.placement if written and narrative else Placement.AFTER
    if placement != Placement.AFTER:
        yield from written
    if placement != Placement.INSTEAD:
        yield from item_sentences(dossier, item)
    if placement == Placement.AFTER:
        yield from written


def item_sentences(dossier: Dossier, item: ItemFacts) -> Iterator[Block]:
    """What the figures of an item say, line by line of its body."""
    for line in item.body.splitlines():
        line = line.strip()
        if line.startswith("@"):
            yield from _directive(line, dossier, item)
        elif line:
            marker, source = split_marker(line)
            runs = render(source, dossier)
            if runs:
                yield Paragraph(tied(runs), marker, item.code)


def _directive(line: str, dossier: Dossier, item: ItemFacts) -> Iterator[Block]:
    verb, _, rest = line[1:].partition(" ")
    if verb == "documents":
        style = {i.code: style for i, style, _ in markers(dossier.outline)}[item.code]
        bullet = {"dash": "+", "plus": "*"}.get(style, "-")
        yield from blocks.documents(dossier, item.code, bullet, tuple(rest.split()))
    elif verb == "text":
        value = dossier.value(rest.strip())
        yield from paragraphs(value.stated or str(value.content or ""), dossier, item.code)
    elif verb == "table":
        table = blocks.rows_table(dossier, rest.strip(), item.code)
        if table:
            yield table
    elif verb == "each":
        table_code, _, source = rest.partition(":")
        marker, source = split_marker(source.strip())
        for row in dossier.tables.get(table_code.strip(), ()):
            runs = render(source, dossier, row, table_code.strip())
            if runs:
                yield Paragraph(tied(runs), marker, item.code)
    else:
        raise ValueError(f"Đề cương: mục {item.code} có lệnh không hiểu được: {line}")
