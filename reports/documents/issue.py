"""Number, date and signer's name of a paper: the only text that an issue adds to what was approved.

The composer leaves room for them; they are filled in last, so that a paper stored at its approval is
numbered without composing it again.
"""

from dataclasses import dataclass, replace
from datetime import date

from ..text.dates import format_date_words
from ..text.numbers import format_document_number
from ..text.typography import tie
from .tree import Document

#: Where number and date go in a tree that is not numbered yet. The font of papers has no such brackets, so
#: nobody's own words bear them.
NUMBER, DATE = "⟦số⟧", "⟦ngày⟧"


@dataclass(frozen=True)
class IssueDetails:
    """Number, day and signer of a paper. None leaves room to write by hand; `year` is printed in a blank date."""

    number: int | None
    issued_on: date | None
    signer: str
    year: int | None = None


def numbered(document: Document, details: IssueDetails) -> Document:
    """The paper with number, date and signer in the places left for them."""

    def filled(text: str) -> str:
        return text.replace(NUMBER, number).replace(DATE, day)

    number = format_document_number(details.number)
    day = format_date_words(details.issued_on, details.year)
    head = replace(
        document.head,
        number=filled(document.head.number),
        place_and_date=filled(document.head.place_and_date),
    )
    appendices = tuple(
        replace(appendix, attached_to=tie(filled(appendix.attached_to)))
        for appendix in document.appendices
    )
    signature = document.signature and replace(document.signature, name=details.signer)
    return replace(document, head=head, appendices=appendices, signature=signature)
