"""What somebody may ask of a report's way: each move with all that it needs.

`workflow.perform` does one. A note is the reason, where the table of verbs asks for one, else whatever the
record is to say of it.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile

from ..enums import Section, Verb
from ..issuing.release import IssuedPaper
from ..verbs import MOVES


@dataclass(frozen=True)
class Return:
    """The commune gets the report back, to write in `sections`; in all when none is named."""

    verb: ClassVar = Verb.RETURN
    note: str
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Reopen:
    """A new version of an approved report begins; `sections` as for a return."""

    verb: ClassVar = Verb.REOPEN
    note: str
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Approve:
    """The superior approves. `despite`: how many open remarks are known of and approved in spite of."""

    verb: ClassVar = Verb.APPROVE
    note: str = ""
    despite: int = 0


@dataclass(frozen=True)
class Issue:
    """The approved paper gets its number and date.

    `signed`: the signed file that may come with them; `compared`: whoever brings it compared it himself.
    """

    verb: ClassVar = Verb.ISSUE
    paper: IssuedPaper
    note: str = ""
    signed: "UploadedFile[Any] | None" = None
    compared: bool = False


@dataclass(frozen=True)
class CorrectIssue:
    """Another number, date or signer for an issued paper, and why."""

    verb: ClassVar = Verb.CORRECT_ISSUE
    paper: IssuedPaper
    note: str


#: The moves that need more than a note.
WITH_MORE = (Return, Reopen, Approve, Issue, CorrectIssue)


@dataclass(frozen=True)
class Plain:
    """A move that needs nothing, or a reason alone. ValueError for a verb that needs more or is no move."""

    verb: Verb
    note: str = ""

    def __post_init__(self) -> None:
        if self.verb not in MOVES or self.verb in [kind.verb for kind in WITH_MORE]:
            raise ValueError(f"{self.verb} is no plain move")


Move = Plain | Return | Reopen | Approve | Issue | CorrectIssue
