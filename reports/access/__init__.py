"""Who may do what, where, and why not: the rules of the table of verbs asked of a person, and fetching by them."""

from .policy import (
    Refused,
    administers,
    asks,
    closed_sections,
    holds,
    locked_report,
    may,
    powers,
    previous_report,
    refusal,
    report_for,
    require,
    today,
    visible_periods,
    visible_reports,
    watches,
)

__all__ = [
    "Refused",
    "administers",
    "asks",
    "closed_sections",
    "holds",
    "locked_report",
    "may",
    "powers",
    "previous_report",
    "refusal",
    "report_for",
    "require",
    "today",
    "visible_periods",
    "visible_reports",
    "watches",
]
