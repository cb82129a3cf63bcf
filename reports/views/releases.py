"""Approved and issued reports: stored files, signed copies, and the page that confirms a file or a code."""

from dataclasses import dataclass
from hashlib import sha256

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ..access import report_for, visible_reports
from ..dossier import load
from ..enums import Verb
from ..issuing.papers import CONTENT_TYPES
from ..issuing.release import LETTERS, content_of, in_force
from ..issuing.signed_copies import (
    LONGEST_REASON,
    Replaced,
    attach,
    copy_in,
    current_copy,
    with_copies,
)
from ..jobs.turns import one_at_a_time
from ..models import Release, ReleasedFile, Report, SignedCopy
from ..uploads.file_check import FileRefused
from ..web.downloads import as_it_is
from ..web.fields import KeyField
from ..web.file_names import as_download, name_relations, paper_name
from ..web.page import RELATED, ReportHead, render_page, report_head
from ..web.request import Request
from ..web.signed_form import compared_field, tell_refusal


@require_safe
def released(request: Request, pk: int, release: int, file_format: str) -> HttpResponse:
    """One stored file of a release: the very bytes that were approved or issued."""
    user = request.user
    report = report_for(
        user, pk, Verb.EXPORT, queryset=Report.objects.select_related(*name_relations)
    )
    stored = report.releases.filter(pk=release).first()
    if stored is None:
        raise Http404("Không có bản lưu này.")
    content = content_of(stored, file_format)
    if content is None:
        raise Http404("Bản lưu không có tệp này.")
    response = HttpResponse(content, content_type=CONTENT_TYPES[file_format])
    as_download(response, paper_name(report, file_format, f"ban-luu-{stored.code}"))
    return response


# --- signed copies ------------------------------------------------------------------------------------


class SignedForm(forms.Form):
    """The signed file, and why it takes the place of the one before."""

    signed = forms.FileField(
        label="Tệp PDF đã ký", max_length=200,
        widget=forms.FileInput(attrs={"class": "input", "accept": ".pdf"}),
        error_messages={
            "required": "Cần chọn tệp PDF đã ký.",
            "invalid": "Cần chọn tệp PDF đã ký.",
            "empty": "Tệp không có nội dung; mời chọn lại tệp PDF đã ký.",
        },
    )  # fmt: skip
    compared = compared_field()
    reason = forms.CharField(
        label="Lý do thay bản đang có", max_length=LONGEST_REASON, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
        error_messages={"required": "Cần ghi lý do thay bản đã ký đang có."},
    )  # fmt: skip


class SeenForm(forms.Form):
    """The key of the signed copy that the page showed as the one that counts; None without one."""

    replaces = KeyField()


@dataclass(frozen=True)
class AttachPage:
    """The form for a signed copy, and the copy that counts now."""

    head: ReportHead
    form: SignedForm
    current: SignedCopy | None


@require_http_methods(["GET", "HEAD", "POST"])
def attach_signed(request: Request, pk: int) -> HttpResponse:
    """The văn thư brings the signed copy of an issued report, or one in place of a wrong one."""
    user = request.user
    reports = Report.objects.select_related(*RELATED)
    report = report_for(user, pk, Verb.ATTACH_SIGNED, queryset=reports)
    current = current_copy(report)
    form = SignedForm()
    form.fields["reason"].required = current is not None
    if request.method == "POST":
        form = SignedForm(request.POST, request.FILES)
        seen = SeenForm(request.POST)
        replaces = seen.cleaned_data["replaces"] if seen.is_valid() else None
        form.fields["reason"].required = current is not None and current.pk == replaces
        if form.is_valid():
            data = form.cleaned_data
            try:
                with one_at_a_time(user.pk):
                    attach(report, data["signed"], user, data["reason"], replaces, data["compared"])
            except FileRefused as refused:
                tell_refusal(form, refused)
            except Replaced as replaced:
                messages.warning(request, replaced.message)
                return redirect("report", pk=report.pk)
            else:
                messages.success(request, "Đã nạp bản đã ký.")
                return redirect("report", pk=report.pk)
    if current is None:
        del form.fields["reason"]
    page = AttachPage(report_head(request.user, report, load(report)), form, current)
    status = 422 if form.errors else 200
    return render_page(request, "reports/attach_signed.html", page, status)


@require_safe
def signed_copy(request: Request, pk: int, copy: int) -> HttpResponse:
    """One signed copy, byte for byte, always as a download: it came from outside."""
    user = request.user
    report = report_for(
        user, pk, Verb.EXPORT, queryset=Report.objects.select_related(*name_relations)
    )
    signed = copy_in(report, copy)
    as_it_is(request)
    response = HttpResponse(bytes(signed.content), content_type=CONTENT_TYPES["pdf"])
    mark = "ban-ky" if signed.replaced_at is None else f"ban-ky-da-thay-{signed.pk}"
    as_download(response, paper_name(report, "pdf", mark))
    return response


# --- whether a file or a code is one of ours ----------------------------------------------------------


@dataclass(frozen=True)
class ConfirmPage:
    """What is known of a file or code: the release it belongs to, the release in force now (`current`), the signed
    copy it is (`copy`) and the signed copy that counts (`signed`). `checked`: a file or code was posted."""

    checked: bool = False
    code: str = ""
    release: Release | None = None
    current: Release | None = None
    superseded: bool = False
    copy: SignedCopy | None = None
    signed: SignedCopy | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request) -> HttpResponse:
    """Whether a file, or the paper with a code, is an approved report, and whether it is the one in force."""
    page = answer(request) if request.method == "POST" else ConfirmPage()
    return render_page(request, "reports/confirm.html", page)


def answer(request: Request) -> ConfirmPage:
    """The release that the posted file or code belongs to, among the reports that the reader may see."""
    user, code = request.user, request.POST.get("code", "")
    upload = request.FILES.get("file")
    releases = Release.objects.filter(report__in=visible_reports(user)).defer(*Release.HEAVY)
    copy = None
    if upload is not None:
        digest = sha256()
        for chunk in upload.chunks():
            digest.update(chunk)
        checksum = digest.hexdigest()
        copies = SignedCopy.objects.filter(sha256=checksum, release__in=releases).defer("content")
        # The same file may have been replaced and brought again: the copy that counts is taken.
        copy = copies.order_by("-at", "-pk").first()
        same = ReleasedFile.objects.filter(sha256=checksum).values("release")
        named = Q(pk__in=same) | Q(dossier_sha256=checksum) | Q(pk=copy and copy.release_id)
    else:
        named = Q(code=typed_code(code))
    # The same bytes may have been released twice: the later release is taken.
    release = (
        releases.filter(named).prefetch_related(with_copies()).order_by("-version", "-at").first()
    )
    if release is None:
        return ConfirmPage(checked=True, code=code[:20])
    current = in_force(release.report)
    superseded = current is None or current.pk != release.pk
    signed = list(release.signed_copies.all())
    return ConfirmPage(
        checked=True,
        code=code[:20],
        release=release,
        current=current,
        superseded=superseded,
        copy=next((own for own in signed if copy and own.pk == copy.pk), None),
        signed=next((own for own in signed if own.replaced_at is None), None),
    )


def typed_code(text: str) -> str:
    """`k7qm 2xhd` as it is stored: `K7QM-2XHD`."""
    letters = "".join(letter for letter in text.upper() if letter in LETTERS)
    return f"{letters[:4]}-{letters[4:]}"
