"""The frame of the paper: head, addressees, basis, signature, recipients.

Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II.
"""

from ..documents.issue import DATE, NUMBER
from ..documents.tree import Head, Signature
from ..dossier import Dossier
from ..enums import Authority
from ..text.names import name_key
from ..text.typography import NBSP, tie
from .sentences import render

COMMITTEE = "Ủy ban nhân dân"
#: Letters of a superior's name that fit one line of the head's left column.
LONGEST_NAME = 20


def head(dossier: Dossier) -> Head:
    paper, outline = dossier.paper, dossier.outline
    # The column holds no whole line of it: the name goes to a line of its own.
    name = str(dossier.superior)
    if len(name) <= LONGEST_NAME:
        name = name.replace(" ", NBSP)
    superior = f"{COMMITTEE} {name}"
    return Head(
        superior=superior.upper() if outline.prints_superior else "",
        agency=(COMMITTEE.upper(), str(dossier.unit).upper()),
        number=f"Số:{NBSP}{NUMBER}/{paper.symbol}",
        place_and_date=f"{paper.place or dossier.unit.name}, {DATE}",
        kind="BÁO CÁO",
        subject=tie(sentence_text(outline.subject, dossier)),
        addressees=tuple(listed(paper.addressees, outline.addressees, dossier)),
        basis=tuple(
            tie(line.rstrip(".;") + ("." if position == last else ";"))
            for basis in [lines(outline.basis, dossier)]
            for last in [len(basis) - 1]
            for position, line in enumerate(basis)
        ),
    )


def sentence_text(source: str, dossier: Dossier) -> str:
    """A sentence of the outline as plain text; "" when its figures are all missing."""
    return "".join(run.text for run in render(source, dossier) or ())


def lines(source: str, dossier: Dossier) -> list[str]:
    """The lines of a source with their figures; one whose figures are all missing is left out."""
    texts = [sentence_text(line, dossier) for line in source.splitlines()]
    return [line for line in texts if line.strip()]


def listed(typed: str, prescribed: str, dossier: Dossier) -> list[str]:
    """The lines the clerk typed; when there are none, those that the outline prescribes."""
    own = [line.strip() for line in typed.splitlines() if line.strip()]
    return own or lines(prescribed, dossier)


def signature(dossier: Dossier) -> Signature:
    paper = dossier.paper
    recipients = [
        line.strip(" -.;") for line in listed(paper.recipients, dossier.outline.recipients, dossier)
    ]
    if (paper.addressees or dossier.outline.addressees) and not (
        recipients and name_key(recipients[0]) == name_key("Như trên")
    ):
        recipients.insert(0, "Như trên")
    if not recipients or not name_key(recipients[-1]).startswith(name_key("Lưu")):
        recipients.append("Lưu: VT")
    ended = [f"- {line}{'.' if line is recipients[-1] else ';'}" for line in recipients]
    return Signature(authority_lines(dossier), paper.signer_name, tuple(tie(r) for r in ended))


def authority_lines(dossier: Dossier) -> tuple[str, ...]:
    """`TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH` and its like."""
    collective, chairman = f"TM. {COMMITTEE.upper()}", "CHỦ TỊCH"
    title = dossier.paper.signer_title.upper()
    return {
        Authority.COLLECTIVE: (collective, title),
        Authority.DEPUTY: (collective, f"KT. {chairman}", title),
        Authority.ACTING: (collective, f"Q. {chairman}"),
        Authority.BY_ORDER: (f"TL. {chairman}", title),
        Authority.BY_DELEGATION: (f"TUQ. {chairman}", title),
    }[dossier.paper.authority]
