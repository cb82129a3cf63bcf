"""The one door for every change of state.

`perform` locks the report's row, asks `access` under the lock, refuses what the checks forbid, and
writes the state, the event and what belongs to them in one transaction. Two people pressing at once
make one transition: the other is told what happened meanwhile (`Overtaken`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from . import audit
from .access import locked_report, report_for
from .enums import Section, State, Verb
from .models import Event, Report, SectionState, User
from .vietnamese import clean_text

LONGEST_NOTE = 4000


class Overtaken(Exception):
    """The report moved on since the page was made; `words` say who did what."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


class NotYet(Exception):
    """Something is missing before this can be done; `problems` say what, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class Transition:
    """Where a verb leads. `to` None: back to where the commune works. `reason`: it must be said why."""

    to: State | None
    reason: bool = False


TRANSITIONS: dict[Verb, Transition] = {
    Verb.PRESENT: Transition(State.PRESENTED),
    Verb.TAKE_BACK: Transition(None),
    Verb.SIGN_OFF: Transition(State.SIGNED),
    Verb.SEND: Transition(State.SENT),
    Verb.WITHDRAW: Transition(None),
    Verb.BEGIN_REVIEW: Transition(State.REVIEWING),
    Verb.PUT_BACK: Transition(State.SENT),
    Verb.RETURN: Transition(State.RETURNED, reason=True),
    Verb.APPROVE: Transition(State.APPROVED),
    Verb.ISSUE: Transition(State.ISSUED),
    Verb.REOPEN: Transition(State.RETURNED, reason=True),
    Verb.EXCLUDE: Transition(State.EXCLUDED, reason=True),
    Verb.INCLUDE: Transition(None),
}
