"""What was answered: everything about one report, read once into frozen facts, and the same as JSON."""

from .facts import Dossier, PaperFacts, PeriodFacts, load, total

__all__ = ["Dossier", "PaperFacts", "PeriodFacts", "json", "load", "schema", "total"]
