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
class Shown:
    """One export on its page: how far it has come, in words and of a hundred (None: not known)."""

    export: "CountedExport"
    words: str
    percent: int | None
    running: bool


def shown(export: "CountedExport") -> Shown:
    if export.finished_at is not None:
        return Shown(export, "Đã xong" if export.file else "Không tạo được", 100, running=False)
    if export.parts_done < export.parts_asked:
        words = f"Đang tạo văn bản: {export.parts_done}/{export.parts_asked} báo cáo"
        return Shown(export, words, 80 * export.parts_done // export.parts_asked, running=True)
    if not export.attempt and not export.parts_asked:
        return Shown(export, "Đang chờ đến lượt", None, running=True)
    if not export.total:
        return Shown(export, "Đang tạo tệp", None, running=True)
    begun = 80 if export.parts_asked else 0
    words = f"Đang ghép vào tệp: {export.done}/{export.total} báo cáo"
    share = begun + (100 - begun) * export.done // export.total
    return Shown(export, words, min(share, 99), running=True)


@dataclass(frozen=True)
class ExportsPage:
    """What the person asked for of a period, and what else there is to ask for; `days` a file is kept."""

    period: ReportingPeriod
    asked: list[Shown]
    running: bool
    kinds: type[Export.Kind]
    scopes: type[Export.Scope]
    days: int


@dataclass(frozen=True)
class GonePage:
    """Why a file is no longer there."""

    period: ReportingPeriod
    words: str


class ExportForm(forms.Form):
    """What kind of file, and of which reports."""

    kind = forms.ChoiceField(choices=Export.Kind.choices)
    scope = forms.ChoiceField(choices=Export.Scope.choices)


def _period(user: User, code: str) -> ReportingPeriod:
    periods = visible_periods(user, Verb.EXPORT).select_related("kind", "superior")
    return get_object_or_404(periods, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
def exports_page(request: Request, code: str) -> HttpResponse:
    """What the person asked for of this period, and three more to ask for; POST asks."""
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
    asked = [shown(one) for one in exports.exports_of(user).filter(period=period)]
    page = ExportsPage(
        period=period,
        asked=asked,
        running=any(one.running for one in asked),
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
    asked = [shown(one) for one in exports.exports_of(user).filter(period=period)]
    told = [
        {"id": one.export.pk, "words": one.words, "percent": one.percent, "running": one.running}
        for one in asked
    ]
    return JsonResponse({"exports": told})


def _own(request: Request, pk: int) -> Export:
    """The person's own export of a period that they may still export, else 404."""
    return get_object_or_404(exports.exports_of(request.user).select_related("period__kind"), pk=pk)


@require_safe
def export_file(request: Request, pk: int) -> HttpResponseBase:
    """The file. The rule table is asked again, so that a role that is gone gives nothing any more."""
    export = _own(request, pk)
    if not export.finished_at or (not export.file and export.problem):
        raise Http404("Không có tệp này.")
    if export.expires_at is None or export.expires_at < timezone.now():
        return gone(request, export)
    try:
        content = (settings.EXPORT_DIR / export.file).open("rb")
    except FileNotFoundError:
        return gone(request, export)
    as_it_is(request)
    kind = Export.Kind(export.kind)
    what, ending = NAMES[kind]
    response = FileResponse(
        content,
        as_attachment=True,
        filename=f"{what}_{period_slug(export.period)}.{ending}",
        content_type=CONTENT_TYPES[kind],
    )
    response["Cache-Control"] = "private, no-store"
    return response


def gone(request: Request, export: Export) -> HttpResponse:
    return render_page(request, "reports/export_gone.html", GonePage(export.period, GONE), 410)


@require_POST
def delete_export(request: Request, pk: int) -> HttpResponse:
    """Delete a file before its time, or stop what is being made."""
    export = _own(request, pk)
    exports.drop(export)
    messages.success(request, "Đã xóa tệp." if export.finished_at else "Đã hủy yêu cầu xuất.")
    return redirect("exports", code=export.period.code)
