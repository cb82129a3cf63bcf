"""The composer: a dossier becomes a document. Pure: no queries, no request, no clock."""

from .report import compose, compose_items, compose_unnumbered, issue_details, item_sentences

__all__ = [
    "appendix",
    "compose",
    "compose_items",
    "compose_unnumbered",
    "frame",
    "issue_details",
    "item_sentences",
    "prose",
    "report",
    "sentences",
    "tidy",
]
