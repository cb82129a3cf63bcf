"""What can be known of a verb: the columns of the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from ..enums import Given, Place, Role, State, Verb


@dataclass(frozen=True)
class Rule:
    """Open in `states` to whoever holds one of `roles` at `place`, `given` that it holds of the report."""

    states: frozenset[State]
    roles: frozenset[Role]
    place: Place
    given: Given | None = None


@dataclass(frozen=True)
class Transition:
    """Where a verb leads, and what it sets beside the state.

    `to` None: the state stays, or `to_desk`, it goes back to where the commune works: returned when the
    present version came back once, else draft.
    """

    to: State | None = None
    to_desk: bool = False
    #: Whether the superior types in place of the commune from then on; None: as before.
    on_behalf: bool | None = None
    #: The commune gets it back, to write in the sections that are named, or in all.
    opens_sections: bool = False
    #: A new version of the report begins; its paper has no number yet.
    new_version: bool = False


class Condition(Enum):
    """What must hold beside state and role before a verb is done.

    Judged where it can be: `gate`, `issuing`, `workflow`, `reopening`, `extension`.
    """

    CHECKS_PASSED = "no error stands and each warning has its word, as it leaves the commune's desk"
    NUMBER_FREE = "number, date and signer are those of a paper that may go out"
    NO_SIGNED_COPY = "no signed copy is attached to what was issued"
    REMARKS_SETTLED = "no remark is open but those that are approved in spite of"
    NOTHING_WRITTEN = "the section was opened by itself and nothing was written there since"
    LATER_DAY = "the day lies after the one the report is due, and is not past"


class Snapshot(Enum):
    """What a verb stores for ever of the report as it stood then."""

    DOSSIER = "what was sent, to compare with when it is sent again"
    APPROVED = "the approved document and its bytes, without a number"
    ISSUED = "the same with number, date and signer"


@dataclass(frozen=True)
class NoticeRule:
    """Done to a report in `states`, the verb is made known to these roles at its unit and its superior.

    `text` is a format string: {who} did it, {unit}, {office}, {period}, {due}. `quiet`: in the portal,
    without mail.
    """

    states: frozenset[State]
    own: frozenset[Role]
    superior: frozenset[Role]
    text: str
    quiet: bool = False

    def roles_at(self, place: Place) -> frozenset[Role]:
        return self.own if place == Place.OWN else self.superior


@dataclass(frozen=True)
class VerbFacts:
    """One line of the table."""

    verb: Verb
    rules: tuple[Rule, ...]
    #: The verb that undoes it, and why none does or where that stands.
    reverse: Verb | None
    reverse_note: str
    #: Whoever stands above the asking office may do it too; the rest is that office's own.
    open_above: bool = False
    #: Where it leads; None: the report stays at its step.
    transition: Transition | None = None
    conditions: frozenset[Condition] = frozenset()
    keeps: Snapshot | None = None
    #: The refusal of a missing reason; "" where none is needed.
    reason_missing: str = ""
    #: Who is told; of several the first that names the state it was done in.
    notices: tuple[NoticeRule, ...] = ()
    #: What its note is called where others read it.
    note_label: str = "Lý do"
    #: The page where it begins, by the name of its address; "act" shows its words and little else.
    page: str = "act"
    #: Whether it stands among the buttons of a report; others have places of their own.
    button: bool = True
    #: Whether its button stands on the leader's sheet too.
    on_sheet: bool = False
    #: Whether it brings the report on; its button stands first.
    forward: bool = False
    #: What it will do, said before it is done, and what is added in some state; "": done at once.
    effect: str = ""
    effect_added: Mapping[State, str] = field(default_factory=dict)
    #: Said when it is done, with {section}; "": `Đã` and its label.
    done_words: str = ""

    @property
    def done(self) -> str:
        return self.done_words or f"Đã {self.verb.label.lower()}."

    @property
    def needs_reason(self) -> bool:
        return bool(self.reason_missing)

    def effect_in(self, state: State | str) -> str:
        """What it will do to a report in this state, said before it is done."""
        return " ".join(filter(None, (self.effect, self.effect_added.get(State(state), ""))))

    def notice_in(self, state: State | str) -> NoticeRule | None:
        """Who is told when it is done to a report in this state; None: nobody."""
        return next((rule for rule in self.notices if state in rule.states), None)

    def notice_at(self, place: Place) -> NoticeRule:
        """The rule that tells the people at one desk; there is one."""
        return next(rule for rule in self.notices if rule.roles_at(place))
