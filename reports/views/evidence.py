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
class FormResult:
    """What came of one form: a message for each thing that was added, a problem for each that was not."""

    about: str = ""
    explanation: str = ""
    added: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class EvidencePage:
    """The evidence of a report, section by section; `totals` counts it, `result` is what came of a posted form,
    `chosen` the name of the subject that a new file is about, `back` the section whose page the form stood on."""

    head: ReportHead
    groups: list[SectionEvidence]
    totals: dict[str, int]
    may_edit: bool
    result: FormResult
    chosen: str
    back: str


@dataclass(frozen=True)
class RemovalPage:
    """The question before a piece of evidence is removed; `back` as in EvidencePage, `return_to` its address."""

    head: ReportHead
    piece: Evidence
    back: str
    return_to: str


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_page(request: Request, pk: int) -> HttpResponse:
    """The evidence of a report, section by section; POST adds files or an explanation."""
    user = request.user
    verb = Verb.EDIT if request.method == "POST" else Verb.VIEW
    report = report_for(user, pk, verb, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    if request.method != "POST":
        return show(request, report, dossier, FormResult(about=request.GET.get("ve", "")))
    with one_at_a_time(user.pk) if request.FILES else nullcontext():
        result = attach_files(request, report, dossier)
    for message in result.added:
        messages.success(request, message)
    if result.problems:
        return show(request, report, dossier, result)
    return redirect(back(report, request.POST.get("back", "")))


def attach_files(request: Request, report: Report, dossier: Dossier) -> FormResult:
    """Add the files and the explanation of a form; a file that is refused does not stop the others."""
    user = request.user
    result = FormResult(request.POST.get("about", ""), request.POST.get("explanation", ""))
    subject = subjects(dossier).get(result.about)
    files = request.FILES.getlist("files")
    explanation = clean_lines(result.explanation)
    if subject is None:
        result.problems.append("Mời chọn tài liệu kiểm chứng cho nội dung nào.")
        return result
    if not files and not explanation:
        result.problems.append("Mời chọn ít nhất một tệp, hoặc ghi lời giải trình.")
    for upload in files:
        try:
            evidence, new = attach(report, subject, upload, user, then=gate.count_again)
        except FileRefused as refused:
            result.problems.append(str(refused))
        else:
            message = (
                "Đã thêm tệp" if new else "Nội dung này đã có từ trước, không thêm lần nữa: tệp"
            )
            result.added.append(f"{message} “{evidence.filename}”.")
    if explanation:
        explain(report, subject, explanation, user, then=gate.count_again)
        result.added.append("Đã lưu lời giải trình.")
        result.explanation = ""
    return result


def show(request: Request, report: Report, dossier: Dossier, result: FormResult) -> HttpResponse:
    groups = list(evidence_by_section(dossier, evidence_of(report)))
    missing = [subject for group in groups for subject in group.missing]
    page = EvidencePage(
        head=report_head(request.user, report, dossier),
        groups=groups,
        totals=totals(groups),
        may_edit=may(request.user, Verb.EDIT, report),
        result=result,
        chosen=result.about or (missing[0].name if missing else ""),
        back=request.POST.get("back", ""),
    )
    return render_page(request, "reports/evidence.html", page, 422 if result.problems else 200)


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
    piece = evidence_in(report, evidence)
    if not piece.file:
        raise Http404("Nội dung này là lời giải trình, không có tệp.")
    try:
        content = piece.file.open("rb")
    except FileNotFoundError:
        reason = (
            f"Tệp “{piece.filename}” không còn trên máy chủ. Mời báo quản trị, hoặc gửi lại tệp."
        )
        return problem(request, report, reason, 503)
    as_it_is(request)
    return FileResponse(
        content,
        as_attachment=True,
        filename=piece.filename,
        content_type=CONTENT_TYPES[EvidenceKind(piece.kind)],
    )


@require_safe
def evidence_bundle(request: Request, pk: int) -> HttpResponseBase:
    """Every file of a report in one ZIP with a list of contents."""
    user = request.user
    report = report_for(user, pk, Verb.EXPORT, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    as_it_is(request)
    groups = list(evidence_by_section(dossier, evidence_of(report)))
    response = StreamingHttpResponse(
        in_turn(user.pk, bundle(dossier, groups)), content_type="application/zip"
    )
    as_download(response, file_name(EVIDENCE, report, "zip"))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def remove_page(request: Request, pk: int, evidence: int) -> HttpResponse:
    """Ask before a piece of evidence is removed, which cannot be undone; POST removes it."""
    user = request.user
    report = report_for(user, pk, Verb.EDIT, queryset=Report.objects.select_related(*RELATED))
    piece = evidence_in(report, evidence)
    if request.method == "POST":
        removed = remove(report, piece.pk, user, then=gate.count_again)
        message = (
            f"Đã xóa tệp “{removed.filename}”." if removed.filename else "Đã xóa lời giải trình."
        )
        messages.success(request, message)
        return redirect(back(report, request.POST.get("back", "")))
    section = request.GET.get("phan", "")
    head = report_head(request.user, report, load(report))
    page = RemovalPage(head, piece, section, back(report, section))
    return render_page(request, "reports/remove_evidence.html", page)
