"""Approved and issued reports: their stored files, and the page that confirms a file or a code."""

from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from ..access import report_for, visible_reports
from ..enums import Verb
from ..models import Release, ReleasedFile, User
from ..papers import CONTENT_TYPES
from ..release import in_force


@require_safe
def released(request: HttpRequest, pk: int, release: int, file_format: str) -> HttpResponse:
    """One stored file of a release: the very bytes that were approved or issued."""
    user: User = request.user  # type: ignore[assignment]
    report = report_for(user, pk, Verb.EXPORT)
    kept = report.releases.filter(pk=release).first()
    if kept is None:
        raise Http404("Không có bản lưu này.")
    if file_format == "json":
        content = kept.dossier.encode()
    else:
        file = kept.files.filter(format=file_format).first()
        if file is None:
            raise Http404("Bản lưu không có tệp này.")
        content = bytes(file.content)
    response = HttpResponse(content, content_type=CONTENT_TYPES[file_format])
    name = f"{report.unit.code}_{report.period.code}_{kept.code}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Whether a file, or the paper that bears a code, is an approved report, and the one in force."""
    user: User = request.user  # type: ignore[assignment]
    context: dict[str, Any] = {}
    if request.method == "POST":
        context = {"asked": True, **answer(user, request)}
    return render(request, "reports/confirm.html", context)


def answer(user: User, request: HttpRequest) -> dict[str, Any]:
    code = request.POST.get("code", "").strip().upper().replace(" ", "")
    upload = request.FILES.get("file")
    releases = Release.objects.filter(report__in=visible_reports(user))
    found: Release | None = None
    if upload is not None:
        digest = sha256(b"".join(upload.chunks())).hexdigest()
        file = ReleasedFile.objects.filter(sha256=digest, release__in=releases).first()
        found = file.release if file else None
    elif code:
        found = releases.filter(code=code).first()
    if found is None:
        return {"release": None}
    current = in_force(found.report)
    return {"release": found, "current": current, "superseded": current and current.pk != found.pk}
