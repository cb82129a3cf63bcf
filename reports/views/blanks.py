"""Blank forms to collect figures with, and the Excel form brought back."""

import json
from dataclasses import dataclass
from typing import TypeGuard

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ..access import locked_report, previous_report, report_for
from ..checks import gate
from ..collection.blank_paper import blank_form
from ..collection.blank_workbook import blank_workbook, expected_form
from ..documents import html
from ..documents.docx import make_docx
from ..documents.pdf import NativeLibrariesMissing
from ..dossier import Dossier, load
from ..enums import Verb
from ..imports.excel_form import read_workbook
from ..imports.proposals import Accepted, Proposal, Sent, accept, propose
from ..issuing.papers import CONTENT_TYPES, press
from ..issuing.press import PaperFailed, PaperTooCostly, PressBusy
from ..jobs.busy import Busy
from ..jobs.turns import one_at_a_time
from ..models import Report, User
from ..uploads.workbook_reader import LARGEST, WorkbookRefused
from ..web.downloads import PRESS_BUSY, problem
from ..web.file_names import BLANK_FORM, as_download, file_name
from ..web.page import RELATED, ReportHead, render_page, report_head
from ..web.request import Request

FORMATS = ("pdf", "docx", "xlsx")


@dataclass(frozen=True)
class BringInPage:
    """An Excel form on its way in: asked for, refused, shown before it is written, or written.

    `received` and `disputed` are what the preview sends back, as JSON; `message` tells how much was written.
    """

    head: ReportHead
    refusal: str = ""
    proposal: Proposal | None = None
    received: str = ""
    disputed: str = ""
    done: Accepted | None = None
    message: str = ""


@require_safe
def blank(request: Request, pk: int, file_format: str) -> HttpResponse:
    """The blank form as a file. It is not stored: nobody asks twice for the same one."""
    user = request.user
    report = report_for(user, pk, Verb.EXPORT, queryset=Report.objects.select_related(*RELATED))
    earlier = previous_report(user, report)
    dossier, previous = load(report), load(earlier) if earlier else None
    try:
        with one_at_a_time(user.pk):
            content = blank_file(file_format, dossier, previous)
    except PressBusy as error:
        raise Busy(PRESS_BUSY) from error
    except (PaperTooCostly, PaperFailed, NativeLibrariesMissing):
        reason = "Chưa tạo được phiếu PDF. Mời tải bản Word hoặc Excel; nếu cần bản PDF, mời báo quản trị."
        return problem(request, report, reason, 503)
    response = HttpResponse(content, content_type=CONTENT_TYPES[file_format])
    as_download(response, file_name(BLANK_FORM, report, file_format))
    return response


def blank_file(file_format: str, dossier: Dossier, previous: Dossier | None) -> bytes:
    """The bytes of the blank form in one of `FORMATS`."""
    if file_format == "xlsx":
        return blank_workbook(dossier, previous)
    form = blank_form(dossier, previous)
    return make_docx(form) if file_format == "docx" else press().make(html.page(form))


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: Request, pk: int) -> HttpResponse:
    """The Excel form brought back: upload, then what lands where, then acceptance."""
    user = request.user
    report = report_for(user, pk, Verb.EDIT, queryset=Report.objects.select_related(*RELATED))
    if request.method != "POST":
        return show(request, BringInPage(report_head(request.user, report, load(report))))
    if "received" in request.POST:
        return accepted(request, user, report)
    dossier = load(report)
    try:
        with one_at_a_time(user.pk):
            returned = read_workbook(uploaded(request), expected_form(dossier))
        of_this_report(returned.unit, returned.period, dossier)
    except WorkbookRefused as refused:
        page = BringInPage(report_head(request.user, report, dossier), refusal=str(refused))
        return show(request, page, 422)
    proposal = propose(report, dossier, returned)
    received, disputed = (
        json.dumps(values, ensure_ascii=False) for values in (proposal.sent, proposal.disputed)
    )
    page = BringInPage(
        report_head(request.user, report, dossier),
        proposal=proposal,
        received=received,
        disputed=disputed,
    )
    return show(request, page)


def show(request: Request, page: BringInPage, status: int = 200) -> HttpResponse:
    return render_page(request, "reports/bring_in.html", page, status)


def uploaded(request: Request) -> bytes:
    """The bytes of the file; WorkbookRefused without one, or when it is too large to read."""
    file = request.FILES.get("file")
    if file is None:
        raise WorkbookRefused("Chưa chọn tệp. Mời chọn tệp phiếu Excel đã điền rồi tải lên.")
    if (file.size or 0) > LARGEST:
        raise WorkbookRefused(
            "Tệp lớn hơn 5 MB nên không nhận. Mời tải lên đúng phiếu Excel đã ghi; phiếu thường dưới 1 MB."
        )
    content: bytes = file.read()
    return content


def of_this_report(unit: str, period: str, dossier: Dossier) -> None:
    """WorkbookRefused for the form of another unit or period: nothing of it belongs here."""
    if unit != dossier.unit.code:
        raise WorkbookRefused(
            f"Phiếu này của một đơn vị khác, không phải của {dossier.unit}. "
            "Mời chọn đúng phiếu tải từ báo cáo này."
        )
    if period != dossier.period.code:
        raise WorkbookRefused(
            f"Phiếu này của một kỳ báo cáo khác, không phải kỳ {dossier.period.phrase}. "
            "Mời chọn đúng phiếu tải từ báo cáo này."
        )


def accepted(request: Request, user: User, report: Report) -> HttpResponse:
    """Write what was previewed, under one lock: the report cannot change between comparing and writing."""
    sent = read_sent(request.POST["received"])
    disputed = read_sent(request.POST.get("disputed", "{}"))
    if sent is None or disputed is None:
        refusal = "Nội dung gửi lại không đọc được. Mời tải tệp lên lần nữa."
        return show(
            request,
            BringInPage(report_head(request.user, report, load(report)), refusal=refusal),
            422,
        )
    with transaction.atomic():
        report = locked_report(user, report.pk, Verb.EDIT, related=RELATED)
        dossier = load(report)
        chosen = set(request.POST.getlist("take"))
        done = accept(report, dossier, user, with_chosen(sent, disputed, chosen))
        gate.count_again(report)
    message = (
        f"Đã nhận {done.count} số liệu từ tệp Excel." if done.count else "Không có số liệu mới."
    )
    if done.refused:
        return show(
            request,
            BringInPage(
                report_head(request.user, report, load(report)), done=done, message=message
            ),
        )
    messages.success(request, message)
    return redirect("report", pk=report.pk)


def with_chosen(sent: Sent, disputed: Sent, chosen: set[str]) -> Sent:
    """The values that were previewed, and those in dispute that the clerk ticked (`chosen`, names of fields)."""
    merged = {section: dict(names) for section, names in sent.items()}
    for section, names in disputed.items():
        ticked = {name: pair for name, pair in names.items() if name in chosen}
        merged.setdefault(section, {}).update(ticked)
    return merged


def read_sent(text: str) -> Sent | None:
    """The values that the preview sent back as JSON; None when they have another shape."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if _is_sent(data) else None


def _is_sent(data: object) -> TypeGuard[Sent]:
    return isinstance(data, dict) and all(
        isinstance(names, dict) and all(_is_pair(pair) for pair in names.values())
        for names in data.values()
    )


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(t, str) for t in pair)
