"""Approved and issued reports: their stored files, and the page that confirms a file or a code."""

from hashlib import sha256
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from ..access import report_for, visible_reports
from ..enums import Verb
from ..models import Release, ReleasedFile, User
from ..papers import CONTENT_TYPES
from ..release import LETTERS, content_of, in_force


@require_safe
def released(request: HttpRequest, pk: int, release: int, file_format: str) -> HttpResponse:
    """One stored file of a release: the very bytes that were approved or issued."""
    user: User = request.user  # type: ignore[assignment]
    report = report_for(user, pk, Verb.EXPORT)
    kept = report.releases.filter(pk=release).first()
    if kept is None:
        raise Http404("Không có bản lưu này.")
    content = content_of(kept, file_format)
    if content is None:
        raise Http404("Bản lưu không có tệp này.")
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
    upload = request.FILES.get("file")
    releases = Release.objects.filter(report__in=visible_reports(user)).defer("dossier")
    if upload is not None:
        digest = sha256()
        for chunk in upload.chunks():
            digest.update(chunk)
        same = ReleasedFile.objects.filter(sha256=digest.hexdigest()).values("release")
        named = Q(pk__in=same) | Q(dossier_sha256=digest.hexdigest())
    else:
        named = Q(code=typed_code(request.POST.get("code", "")))
    # The same bytes may have been released twice: the later one tells.
    found = releases.filter(named).order_by("-version", "-at").first()
    if found is None:
        return {"release": None}
    current = in_force(found.report)
    superseded = current is None or current.pk != found.pk
    return {"release": found, "current": current, "superseded": superseded}


def typed_code(text: str) -> str:
    """`k7qm 2xhd` as it is stored: `K7QM-2XHD`."""
    letters = "".join(letter for letter in text.upper() if letter in LETTERS)
    return f"{letters[:4]}-{letters[4:]}"
