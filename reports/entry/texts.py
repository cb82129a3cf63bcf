"""The clerk's own texts on a page of entry."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..catalogue.field_names import FieldName
from ..catalogue.outlines import ItemFacts
from ..compose.prose import as_read, to_labels
from ..compose.report import item_sentences, markers
from ..documents.tree import Paragraph
from ..dossier import Dossier
from ..enums import Placement, Section
from ..text.typography import clean_lines


@dataclass(frozen=True)
class NarrativeEntry:
    """The clerk's own text of one outline item.

    `composed` is the sentence that the figures make, `stale` whether figures changed since it was taken
    over. `previous` is the text of the period before, `previous_read` the same with its figures,
    `carried` whether it was taken over unconfirmed.
    """

    item: ItemFacts
    heading: str
    text: str
    placement: Placement
    composed: str
    stale: bool
    previous: str = ""
    previous_read: str = ""
    carried: bool = False

    @property
    def name(self) -> str:
        """The name of the text's field."""
        return str(FieldName.text(self.item.code))

    @property
    def placement_name(self) -> str:
        """The name of the field that says where the text stands."""
        return str(FieldName.placement(self.item.code))

    @property
    def unchanged(self) -> bool:
        """Whether the text reads as it did last time."""
        return bool(self.text) and self.text == self.previous

    @property
    def stale_notice(self) -> str:
        """The notice beside a stale text: the sentence as today's figures make it."""
        return (
            "Số liệu của mục này đã thay đổi từ khi soạn lại câu. Câu soạn từ số liệu mới: "
            f"“{self.composed}”"
        )


def narratives(
    dossier: Dossier, section: Section, previous: Dossier | None = None
) -> Iterator[NarrativeEntry]:
    for item, _style, marker in markers(dossier.outline):
        if item.section != section or not item.takes_narrative:
            continue
        narrative = dossier.narratives.get(item.code)
        before = previous.narratives.get(item.code) if previous else None
        composed = composed_text(dossier, item)
        placement = narrative.placement if narrative else Placement.AFTER
        yield NarrativeEntry(
            item,
            f"{marker} {item.title}".strip(" .:"),
            to_labels(narrative.text, dossier) if narrative else "",
            placement,
            composed,
            stale=bool(
                narrative and placement == Placement.INSTEAD and narrative.made_from
                and narrative.made_from != composed
            ),
            previous=to_labels(before.text, dossier) if before else "",
            previous_read=as_read(before.text, previous) if before and previous else "",
            carried=str(FieldName.text(item.code)) in dossier.carried,
        )  # fmt: skip


def composed_text(dossier: Dossier, item: ItemFacts) -> str:
    """The sentences composed from the figures of an item, as plain text to take over."""
    paragraphs = (block for block in item_sentences(dossier, item) if isinstance(block, Paragraph))
    return clean_lines("\n".join(f"{b.marker} {b.text}".strip() for b in paragraphs))


def items_of(dossier: Dossier, section: Section) -> Iterator[tuple[str, str]]:
    """The items a document may stand under, by code and heading: under another it would not print."""
    documents = dossier.tables.get("documents", ())
    used = {row.keys["item"] for row in documents if row.keys["part"] == section}
    for item, _style, marker in markers(dossier.outline):
        if item.section == section and (item.cites_documents or item.code in used):
            yield item.code, f"{marker} {item.title}".strip(" .:") or item.code
