"""Evidence: the page of a report's files and explanations, their download, and taking one away."""

from contextlib import nullcontext
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ..access import may, report_for
from ..checks import gate
from ..dossier import Dossier, load
from ..enums import EvidenceKind, Section, Verb
from ..evidence import (
    SectionEvidence,
    attach,
    evidence_by_section,
    evidence_in,
    evidence_of,
    explain,
    remove,
    subjects,
    totals,
)
from ..evidence.bundle import bundle
from ..jobs.turns import in_turn, one_at_a_time
from ..models import Evidence, Report
from ..text.typography import clean_lines
from ..uploads.file_check import FileRefused
from ..web.downloads import as_it_is, problem
from ..web.file_names import EVIDENCE, as_download, file_name
from ..web.page import RELATED, ReportHead, render_page, report_head
from ..web.request import Request

CONTENT_TYPES = {
    EvidenceKind.PDF: "application/pdf",
    EvidenceKind.JPG: "image/jpeg",
    EvidenceKind.PNG: "image/png",
    EvidenceKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    EvidenceKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    EvidenceKind.DOC: "application/msword",
    EvidenceKind.XLS: "application/vnd.ms-excel",
}


@dataclass
class Taken:
    """What came of one form: what was kept, and what was not and why."""

    about: str = ""
    explanation: str = ""
    kept: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class EvidencePage:
    """Everything a report holds, section by section; `totals` counts it, `chosen` is the name of the subject that
    a new file is about, `back` the section whose page the form stood on."""

    head: ReportHead
    groups: list[SectionEvidence]
    totals: dict[str, int]
    may_edit: bool
    taken: Taken
    chosen: str
    back: str


@dataclass(frozen=True)
class RemovalPage:
    """What is asked before a piece of evidence goes; `back` as in EvidencePage, `return_to` its address."""

    head: ReportHead
    found: Evidence
    back: str
    return_to: str


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_page(request: Request, pk: int) -> HttpResponse:
    """Everything a report holds, section by section; POST adds files or an explanation."""
    user = request.user
    verb = Verb.EDIT if request.method == "POST" else Verb.VIEW
    report = report_for(user, pk, verb, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    if request.method != "POST":
        return show(request, report, dossier, Taken())
    with one_at_a_time(user.pk) if request.FILES else nullcontext():
        taken = take(request, report, dossier)
    for words in taken.kept:
        messages.success(request, words)
    if taken.problems:
        return show(request, report, dossier, taken)
    return redirect(back(report, request.POST.get("back", "")))


def take(request: Request, report: Report, dossier: Dossier) -> Taken:
    """Keep what can be kept of a form; one bad file does not lose the good ones beside it."""
    user = request.user
    taken = Taken(request.POST.get("about", ""), request.POST.get("explanation", ""))
    subject = subjects(dossier).get(taken.about)
    files = request.FILES.getlist("files")
    words = clean_lines(taken.explanation)
    if subject is None:
        taken.problems.append("Mời chọn tài liệu kiểm chứng cho nội dung nào.")
        return taken
    if not files and not words:
        taken.problems.append("Mời chọn ít nhất một tệp, hoặc ghi lời giải trình.")
    for upload in files:
        try:
            evidence, new = attach(report, subject, upload, user, then=gate.count_again)
        except FileRefused as refused:
            taken.problems.append(str(refused))
        else:
            said = "Đã thêm tệp" if new else "Nội dung này đã có từ trước, không thêm lần nữa: tệp"
            taken.kept.append(f"{said} “{evidence.filename}”.")
    if words:
        explain(report, subject, words, user, then=gate.count_again)
        taken.kept.append("Đã lưu lời giải trình.")
        taken.explanation = ""
    return taken


def show(request: Request, report: Report, dossier: Dossier, taken: Taken) -> HttpResponse:
    kept = list(evidence_by_section(dossier, evidence_of(report)))
    asked = [subject for section in kept for subject in section.missing]
    page = EvidencePage(
        head=report_head(report, dossier),
        groups=kept,
        totals=totals(kept),
        may_edit=may(request.user, Verb.EDIT, report),
        taken=taken,
        chosen=taken.about or (asked[0].name if asked else ""),
        back=request.POST.get("back", ""),
    )
    return render_page(request, "reports/evidence.html", page, 422 if taken.problems else 200)


def back(report: Report, section: str) -> str:
    """Where a form stood: the page of that section, when it is one, else the page of all evidence."""
    if section in Section.values:
        return reverse("section", args=[report.pk, section]) + "#tai-lieu"
    return reverse("evidence", args=[report.pk])


@require_safe
def evidence_file(request: Request, pk: int, evidence: int) -> HttpResponseBase:
    """One file, always as a download: nothing that was sent here is ever shown as a page of ours."""
    user = request.user
    report = report_for(user, pk, Verb.VIEW)
    found = evidence_in(report, evidence)
    if not found.file:
        raise Http404("Nội dung này là lời giải trình, không có tệp.")
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        words = (
            f"Tệp “{found.filename}” không còn trên máy chủ. Mời báo quản trị, hoặc gửi lại tệp."
        )
        return problem(request, report, words, 503)
    as_it_is(request)
    return FileResponse(
        content,
        as_attachment=True,
        filename=found.filename,
        content_type=CONTENT_TYPES[EvidenceKind(found.kind)],
    )


@require_safe
def evidence_bundle(request: Request, pk: int) -> HttpResponseBase:
    """Every file of a report in one ZIP with a list of contents."""
    user = request.user
    report = report_for(user, pk, Verb.EXPORT, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    as_it_is(request)
    kept = list(evidence_by_section(dossier, evidence_of(report)))
    response = StreamingHttpResponse(
        in_turn(user.pk, bundle(dossier, kept)), content_type="application/zip"
    )
    as_download(response, file_name(EVIDENCE, report, "zip"))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def remove_page(request: Request, pk: int, evidence: int) -> HttpResponse:
    """Ask once before a file goes for good: it cannot be brought back."""
    user = request.user
    report = report_for(user, pk, Verb.EDIT, queryset=Report.objects.select_related(*RELATED))
    found = evidence_in(report, evidence)
    if request.method == "POST":
        gone = remove(report, found.pk, user, then=gate.count_again)
        said = f"Đã xóa tệp “{gone.filename}”." if gone.filename else "Đã xóa lời giải trình."
        messages.success(request, said)
        return redirect(back(report, request.POST.get("back", "")))
    section = request.GET.get("phan", "")
    head = report_head(report, load(report))
    page = RemovalPage(head, found, section, back(report, section))
    return render_page(request, "reports/remove_evidence.html", page)
