"""What a period asks, as its outline and its appendix say it: read once, kept in memory.

The rows of `models.outlines` as frozen facts, and the catalogue of figures they belong to.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from ..enums import Section, ValueKind
from ..models import Indicator, IndicatorSet, Outline
from .figures import Catalogue, catalogue_with


@dataclass(frozen=True)
class ItemFacts:
    """One outline item; `parent` is the code of the item above, "" at the top."""

    code: str
    parent: str
    marker: str
    title: str
    prompt: str
    section: Section
    body: str
    takes_narrative: bool

    @property
    def cites_documents(self) -> bool:
        """Whether the documents put under this item are printed."""
        return any(line.strip().startswith("@documents") for line in self.body.splitlines())


@dataclass(frozen=True)
class OutlineFacts:
    code: str
    version: int
    name: str
    subject: str
    basis: str
    opening: str
    closing: str
    addressees: str
    recipients: str
    numbering: tuple[str, ...]
    prints_superior: bool
    items: tuple[ItemFacts, ...]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndicatorFacts:
    """One appendix row; `figure` is the catalogue code whose value it prints."""

    code: str
    parent: str
    kind: str
    stt: str
    name: str
    unit: str
    applies: bool
    figure: str
    show: str
    typed: bool
    footnote: str
    legend: tuple[str, ...]
    value_kind: ValueKind = ValueKind.COUNT
    evidence: bool = False

    @property
    def reported(self) -> bool:
        """Whether a report of this level answers the row: it is no heading and applies."""
        return self.kind == Indicator.Kind.VALUE and self.applies


@dataclass(frozen=True)
class IndicatorSetFacts:
    code: str
    version: int
    title: str
    footnotes: tuple[tuple[str, str], ...]
    rows: tuple[IndicatorFacts, ...]


def outline_facts(outline: Outline) -> OutlineFacts:
    """The outline with its items; one query the first time a process sees this state of it."""
    return _outline_facts(outline.pk, outline.changed_at)


@lru_cache(maxsize=64)
def _outline_facts(pk: int, _changed_at: datetime) -> OutlineFacts:
    outline = Outline.objects.prefetch_related("items").get(pk=pk)
    items = list(outline.items.all())
    codes = {item.pk: item.code for item in items}
    return OutlineFacts(
        outline.code, outline.version, outline.name, outline.subject, outline.basis,
        outline.opening, outline.closing, outline.addressees, outline.recipients,
        tuple(outline.numbering.split()), outline.prints_superior,
        tuple(
            ItemFacts(
                item.code, codes.get(item.parent_id or 0, ""), item.marker, item.title, item.prompt,
                Section(item.section), item.body, item.takes_narrative,
            )
            for item in items
        ),
        tuple(outline.evidence.split()),
    )  # fmt: skip


def indicator_facts(
    indicator_set: IndicatorSet | None,
) -> tuple[IndicatorSetFacts | None, Catalogue]:
    """The appendix's rows and the catalogue they belong to; cached like `outline_facts`."""
    if indicator_set is None:
        return None, catalogue_with(())
    return _indicator_facts(indicator_set.pk, indicator_set.changed_at)


@lru_cache(maxsize=64)
def _indicator_facts(pk: int, _changed_at: datetime) -> tuple[IndicatorSetFacts, Catalogue]:
    indicator_set = IndicatorSet.objects.prefetch_related("indicators").get(pk=pk)
    indicators: list[Indicator] = list(indicator_set.indicators.all())
    codes = {i.pk: i.code for i in indicators}
    rows = tuple(
        IndicatorFacts(
            i.code, codes.get(i.parent_id or 0, ""), i.kind, i.stt, i.name, i.unit, i.applies,
            i.figure_code, i.show, not i.figure, i.footnote, tuple(i.legend.splitlines()),
            ValueKind(i.value_kind), i.evidence,
        )
        for i in indicators
    )  # fmt: skip
    footnotes = tuple(
        (mark.strip(), text.strip())
        for mark, _, text in (line.partition("|") for line in indicator_set.footnotes.splitlines())
    )
    facts = IndicatorSetFacts(
        indicator_set.code, indicator_set.version, indicator_set.title, footnotes, rows
    )
    return facts, catalogue_with(indicators)
