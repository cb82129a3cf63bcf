"""What a reader may do with a report now: the buttons of its pages, asked from the table of verbs."""

from dataclasses import dataclass

from ..access import may
from ..enums import Verb
from ..issuing.numbering import too_late
from ..models import Report, User
from ..verbs import BUTTONS, VERBS


@dataclass(frozen=True)
class Action:
    """One thing the reader may do with the report now."""

    verb: Verb

    @property
    def label(self) -> str:
        return self.verb.label

    @property
    def page(self) -> str:
        """The name of its own page, which shows what must be read first; "" for none."""
        page = VERBS[self.verb].page
        return "" if page == "act" else page

    @property
    def asks(self) -> bool:
        """Whether a page explains it before it is done; the others are done at once."""
        return bool(self.effect)

    @property
    def effect(self) -> str:
        """What it will do, said before it is done; "" for what is done at once."""
        return VERBS[self.verb].effect

    @property
    def on_sheet(self) -> bool:
        """Whether the leader's sheet has its button."""
        return VERBS[self.verb].on_sheet

    @property
    def forward(self) -> bool:
        """Whether it brings the report on: such buttons stand first and filled."""
        return VERBS[self.verb].forward


def actions(user: User, report: Report) -> list[Action]:
    """What the reader may do: first the verbs that bring the report on, in the order of the table."""
    possible = [
        Action(verb) for verb in BUTTONS
        if may(user, verb, report) and not too_late(verb, report)
        and not (verb == Verb.TAKE_OVER and report.on_behalf)
    ]  # fmt: skip
    return sorted(possible, key=lambda action: not action.forward)
