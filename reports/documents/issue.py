"""Number, date and signer's name of a paper: the only words that an issue adds to what was approved.

The composer leaves room for them; they are filled in last, so that a paper kept at its approval is
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
class Given:
    """What was given to a paper: None leaves room to write by hand, the year printed where it is known."""

    number: int | None
    issued_on: date | None
    signer: str
    year: int | None = None


def numbered(document: Document, given: Given) -> Document:
    """The paper with number, date and signer in the places left for them."""

    def said(text: str) -> str:
        return text.replace(NUMBER, number).replace(DATE, day)

    number = format_document_number(given.number)
    day = format_date_words(given.issued_on, given.year)
    head = replace(
        document.head,
        number=said(document.head.number),
        place_and_date=said(document.head.place_and_date),
    )
    appendices = tuple(
        replace(appendix, attached_to=tie(said(appendix.attached_to)))
        for appendix in document.appendices
    )
    signature = document.signature and replace(document.signature, name=given.signer)
    return replace(document, head=head, appendices=appendices, signature=signature)
