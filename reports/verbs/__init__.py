"""What is known of each verb, in one table: who may do it, where it leads, who hears of it, what undoes it."""

from .facts import Condition, NoticeRule, Rule, Snapshot, Transition, VerbFacts
from .table import BUTTONS, CHECKED, MOVES, NUMBERED, RELEASING, RETURNING, VERBS

__all__ = [
    "BUTTONS",
    "CHECKED",
    "MOVES",
    "NUMBERED",
    "RELEASING",
    "RETURNING",
    "VERBS",
    "Condition",
    "NoticeRule",
    "Rule",
    "Snapshot",
    "Transition",
    "VerbFacts",
]
