"""The way of a report: the one door for every change of state, and many approvals at once."""

from .transitions import perform

__all__ = ["approvals", "extension", "moves", "perform", "reopening", "report_lock"]
