"""Exports of a period: asking for one, how far it has come, fetching the file, deleting it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import exports
from ..access import visible_periods
from ..enums import Verb
from ..models import Export, ReportingPeriod, User
from ..web.downloads import as_it_is
from ..web.file_names import period_slug
from ..web.page import render_page
from ..web.request import Request

if TYPE_CHECKING:
    from ..exports import CountedExport

CONTENT_TYPES = {
    Export.Kind.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Export.Kind.ZIP: "application/zip",
    Export.Kind.PDF: "application/pdf",
}
#: What the file is called by whoever fetched it, before the period, and its ending.
NAMES = {
    Export.Kind.WORKBOOK: ("Bang-so-lieu-CCHC", "xlsx"),
    Export.Kind.ZIP: ("Van-ban-CCHC", "zip"),
    Export.Kind.PDF: ("Van-ban-CCHC", "pdf"),
}
GONE = "Tệp này đã hết hạn lưu hoặc không còn trên máy chủ. Mời tạo lại."


@dataclass(frozen=True)
class ExportLine:
    """One export on its page: how far it has come, as a sentence and in percent (None: not known)."""

    export: "CountedExport"
    stage: str
    percent: int | None
    running: bool


def export_line(export: "CountedExport") -> ExportLine:
    if export.finished_at is not None:
        return ExportLine(
            export, "Đã xong" if export.file else "Không tạo được", 100, running=False
        )
    if export.parts_done < export.parts_asked:
        stage = f"Đang tạo văn bản: {export.parts_done}/{export.parts_asked} báo cáo"
        return ExportLine(export, stage, 80 * export.parts_done // export.parts_asked, running=True)
    if not export.attempt and not export.parts_asked:
        return ExportLine(export, "Đang chờ đến lượt", None, running=True)
    if not export.total:
        return ExportLine(export, "Đang tạo tệp", None, running=True)
    begun = 80 if export.parts_asked else 0
    stage = f"Đang ghép vào tệp: {export.done}/{export.total} báo cáo"
    share = begun + (100 - begun) * export.done // export.total
    return ExportLine(export, stage, min(share, 99), running=True)


@dataclass(frozen=True)
class ExportsPage:
    """The exports that the person asked for of a period, and the kinds and scopes to ask for; a file is kept for
    `days` days."""

    period: ReportingPeriod
    lines: list[ExportLine]
    running: bool
    kinds: type[Export.Kind]
    scopes: type[Export.Scope]
    days: int


@dataclass(frozen=True)
class GonePage:
    """Why a file is no longer there."""

    period: ReportingPeriod
    reason: str


class ExportForm(forms.Form):
    """What kind of file, and of which reports."""

    kind = forms.ChoiceField(choices=Export.Kind.choices)
    scope = forms.ChoiceField(choices=Export.Scope.choices)


def _period(user: User, code: str) -> ReportingPeriod:
    periods = visible_periods(user, Verb.EXPORT).select_related("kind", "superior")
    return get_object_or_404(periods, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
def exports_page(request: Request, code: str) -> HttpResponse:
    """The exports that the person asked for of this period, and the form to ask for another; POST asks."""
    user = request.user
    period = _period(user, code)
    if request.method == "POST":
        form = ExportForm(request.POST)
        if form.is_valid():
            try:
                exports.ask(user, period, form.cleaned_data["kind"], form.cleaned_data["scope"])
            except exports.TooMany as too_many:
                messages.warning(request, str(too_many))
        else:
            messages.warning(request, "Mời chọn loại tệp và phạm vi báo cáo cần xuất.")
        return redirect("exports", code=code)
    lines = [export_line(export) for export in exports.exports_of(user).filter(period=period)]
    page = ExportsPage(
        period=period,
        lines=lines,
        running=any(line.running for line in lines),
        kinds=Export.Kind,
        scopes=Export.Scope,
        days=settings.EXPORT_DAYS,
    )
    return render_page(request, "reports/exports.html", page)


@require_safe
def progress_page(request: Request, code: str) -> HttpResponse:
    """How far the person's exports of the period have come, for the page's script."""
    user = request.user
    period = _period(user, code)
    lines = [export_line(export) for export in exports.exports_of(user).filter(period=period)]
    data = [
        {
            "id": line.export.pk,
            "words": line.stage,
            "percent": line.percent,
            "running": line.running,
        }
        for line in lines
    ]
    return JsonResponse({"exports": data})


def _own(request: Request, pk: int) -> Export:
    """The person's own export of a period that they may still export, else 404."""
    return get_object_or_404(exports.exports_of(request.user).select_related("period__kind"), pk=pk)


@require_safe
def export_file(request: Request, pk: int) -> HttpResponseBase:
    """The file. The rights are checked again: whoever lost the role since gets no file."""
    export = _own(request, pk)
    if not export.finished_at or (not export.file and export.problem):
        raise Http404("Không có tệp này.")
    if export.expires_at is None or export.expires_at < timezone.now():
        return expired(request, export)
    try:
        content = (settings.EXPORT_DIR / export.file).open("rb")
    except FileNotFoundError:
        return expired(request, export)
    as_it_is(request)
    kind = Export.Kind(export.kind)
    name, ending = NAMES[kind]
    response = FileResponse(
        content,
        as_attachment=True,
        filename=f"{name}_{period_slug(export.period)}.{ending}",
        content_type=CONTENT_TYPES[kind],
    )
    response["Cache-Control"] = "private, no-store"
    return response


def expired(request: Request, export: Export) -> HttpResponse:
    """410: the file's days are over, or it is missing on the server."""
    return render_page(request, "reports/export_gone.html", GonePage(export.period, GONE), 410)


@require_POST
def delete_export(request: Request, pk: int) -> HttpResponse:
    """Delete a file before its time, or stop what is being made."""
    export = _own(request, pk)
    exports.drop(export)
    messages.success(request, "Đã xóa tệp." if export.finished_at else "Đã hủy yêu cầu xuất.")
    return redirect("exports", code=export.period.code)
