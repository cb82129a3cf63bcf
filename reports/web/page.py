"""What a page shows: one frozen dataclass a page, whose fields its template reads by their names."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ..access import today, watches
from ..dossier import Dossier
from ..enums import State
from ..models import Report, User
from ..periods.deadlines import sent_words, time_left
from .request import Request

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

#: What the head of a report's pages reads beside the report itself.
RELATED = ("unit", "period__kind", "period__superior", "paper")


@dataclass(frozen=True)
class ReportHead:
    """What the head of every page of a report says; `left` and `urgency` as in `standing`.

    `watches`: the reader follows the period, so that the way back leads through it.
    """

    report: Report
    dossier: Dossier
    watches: bool
    left: str
    urgency: str


def report_head(user: User, report: Report, dossier: Dossier) -> ReportHead:
    """The head of a report's page, for a report that comes with `RELATED`."""
    return ReportHead(report, dossier, watches(user, report), *standing(report))


def standing(report: Report) -> tuple[str, str]:
    """How a report stands towards the day it is due, and how pressing that is."""
    if report.state == State.EXCLUDED:
        return "Không phải báo cáo trong kỳ này", "calm"
    if report.sent_at:
        return sent_words(report.due, timezone.localtime(report.sent_at).date())
    return time_left(report.due, today())


def context(page: "DataclassInstance") -> dict[str, object]:
    """The fields of a page by their names, those of its `head` among them."""
    named = {field.name: getattr(page, field.name) for field in fields(page)}
    head = named.pop("head", None)
    return named if head is None else context(head) | named


def render_page(
    request: Request, template: str, page: "DataclassInstance", status: int = 200
) -> HttpResponse:
    """The page as HTML."""
    return render(request, template, context(page), status=status)
