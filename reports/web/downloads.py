"""What pages that give or take files have in common."""

from dataclasses import dataclass

from django.http import HttpResponse

from ..models import Report
from .page import render_page
from .request import Request

PRESS_BUSY = "Máy chủ đang tạo các văn bản khác."


@dataclass(frozen=True)
class ProblemPage:
    """The reason why a report's file cannot be had."""

    report: Report
    reason: str


def problem(request: Request, report: Report, reason: str, status: int) -> HttpResponse:
    """The page shown in place of a file, with this HTTP status."""
    return render_page(request, "reports/problem.html", ProblemPage(report, reason), status)


def as_it_is(request: Request) -> None:
    """Have the answer sent without gzip: these files are compressed already, and their length stays known."""
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
