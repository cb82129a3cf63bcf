"""What pages that give or take files have in common."""

from dataclasses import dataclass

from django.http import HttpResponse

from ..models import Report
from .page import render_page
from .request import Request

PRESS_BUSY = "Máy chủ đang tạo các văn bản khác."


@dataclass(frozen=True)
class ProblemPage:
    """Why a report's file is not there."""

    report: Report
    words: str


def problem(request: Request, report: Report, words: str, status: int) -> HttpResponse:
    """The page shown in place of a file."""
    return render_page(request, "reports/problem.html", ProblemPage(report, words), status)


def as_it_is(request: Request) -> None:
    """Ask for an answer without gzip: these files are compressed, and keep their length so."""
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
