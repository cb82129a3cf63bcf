"""The search of the portal: units, periods, reports and figures by a few words, each reader's own only."""

from .everything import Found, search
from .query import LONGEST, Query
from .results import Group, Kind, Result

__all__ = ["LONGEST", "Found", "Group", "Kind", "Query", "Result", "search"]
