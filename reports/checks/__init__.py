"""The checks that a report passes before it is presented or sent.

Pure functions of dossiers. An error stops the report; a warning needs an explanation, which is stored
under the finding's `key` and holds while its `about` stays the same. `docs/rules.md` lists the rules.
"""

from collections.abc import Collection

from ..dossier import Dossier
from ..enums import Section
from . import (
    asked,
    bounds,
    change,
    documents,
    printed,
    rates,
    required,
    rows,
    structure,
    sums,
    texts,
)
from .case import Case, Finding, Number, Rule

__all__ = [
    "RULES",
    "UNANSWERED",
    "Finding",
    "Number",
    "Rule",
    "at_fields",
    "change",
    "check",
    "gate",
]

RULES: tuple[Rule, ...] = (
    required.figure_required,
    required.words_in_cell,
    required.carried_unconfirmed,
    required.frame_missing,
    texts.text_names_missing_figure,
    sums.total_of_parts,
    sums.received_is_resolved_and_pending,
    bounds.part_above_whole,
    bounds.result_without_cause,
    rows.dossier_row_closes,
    rows.rows_above_total,
    rows.row_part_above_whole,
    rows.headcount_of_staff,
    sums.received_by_mechanism,
    sums.appendix_breakdown,
    bounds.part_unusually_above_whole,
    bounds.result_unusually_without_cause,
    bounds.late_without_apology,
    rows.rows_below_total,
    rows.row_unusual,
    rows.qualifications_above_headcount,
    rows.field_told_twice,
    rates.rate_not_ratio,
    rates.rate_unreadable,
    documents.document_date_implausible,
    documents.document_incomplete,
    documents.document_year,
    documents.document_two_dates,
    documents.document_two_numbers,
    asked.figure_out_of_time,
    asked.appendix_row_not_asked,
    change.standing_figure_jumped,
    change.cumulative_figure_fell,
    change.carried_over_not_pending,
    texts.text_stale,
    printed.missing_value_printed,
    structure.dots_typed,
    structure.grammar_printed,
    structure.lead_in_without_list,
    structure.list_without_lead_in,
    structure.values_run_together,
    structure.heading_without_text,
    structure.bare_answer,
    printed.figure_not_printed,
    structure.letter_not_in_font,
    structure.zeros_mixed,
    required.evidence_missing,
)

#: The codes of the rules that find what is not answered yet; what the other errors find was answered wrongly.
UNANSWERED = frozenset(
    rule.code
    for rule in (
        required.figure_required,
        required.carried_unconfirmed,
        required.frame_missing,
        printed.missing_value_printed,
        structure.heading_without_text,
    )
)

_ORDER = {section: position for position, section in enumerate(Section)}


def check(
    dossier: Dossier,
    previous: Dossier | None = None,
    with_evidence: Collection[str] = (),
) -> list[Finding]:
    """The findings of all rules, in the order of the paper, errors of a page first; each key once.

    `previous` is the unit's previous report, `with_evidence` the names of the subjects that have evidence
    (`evidence.Subject.name`).
    """
    case = Case(dossier, previous, frozenset(with_evidence))
    findings: dict[str, Finding] = {}
    for rule in RULES:
        for problem in rule.find(case):
            line = " ".join(problem.message.split())  # names and subjects may have line ends
            finding = Finding(rule.code, rule.severity, *problem._replace(message=line))
            findings.setdefault(finding.key, finding)
    return sorted(findings.values(), key=lambda f: (_ORDER[f.section], not f.is_error))
