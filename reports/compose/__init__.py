"""The composer: a dossier becomes a document. Pure: no queries, no request, no clock."""

from .report import compose, compose_items, compose_unnumbered, given, item_sentences

__all__ = [
    "appendix",
    "compose",
    "compose_items",
    "compose_unnumbered",
    "frame",
    "given",
    "item_sentences",
    "prose",
    "report",
    "sentences",
    "tidy",
]
