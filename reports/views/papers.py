"""The finished paper: preview and downloads."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_safe

from ..access import report_for
from ..compose import compose
from ..documents import html
from ..documents.pdf import NativeLibrariesMissing
from ..dossier import load
from ..enums import State, Verb
from ..issuing.papers import (
    CONTENT_TYPES,
    NoAppendix,
    paper,
    paper_key,
    paper_relations,
    stored_paper,
)
from ..issuing.press import PaperFailed, PaperTooCostly, PressBusy
from ..issuing.release import content_of, in_force, paper_in_force
from ..jobs.busy import Busy
from ..jobs.turns import one_at_a_time
from ..models import Release, Report
from ..web.downloads import PRESS_BUSY, problem
from ..web.file_names import as_download, paper_name
from ..web.page import RELATED, ReportHead, render_page, report_head
from ..web.request import Request


@dataclass(frozen=True)
class PreviewPage:
    """The whole paper, as HTML."""

    head: ReportHead
    paper: str


@require_safe
def preview_page(request: Request, pk: int) -> HttpResponse:
    """The whole paper on screen, from the same tree and stylesheet as the PDF; of an approved or issued report
    the one that was kept."""
    report = report_for(
        request.user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED)
    )
    dossier = load(report)
    kept = paper_in_force(report) if report.state in (State.APPROVED, State.ISSUED) else None
    document = kept or compose(dossier)
    paper = html.fragment(document, screen=True)
    page = PreviewPage(report_head(report, dossier), paper)
    return render_page(request, "reports/preview.html", page)


@require_safe
def download(request: Request, pk: int, file_format: str) -> HttpResponse:
    """The report as a file. An unchanged one costs one look at its stored bytes, or none (304)."""
    reports = Report.objects.select_related(*paper_relations)
    report = report_for(request.user, pk, Verb.EXPORT, queryset=reports)
    kept = in_force(report) if report.state in (State.APPROVED, State.ISSUED) else None
    try:
        return paper_file(request, report, kept, file_format)
    except PressBusy as error:
        raise Busy(PRESS_BUSY) from error
    except NoAppendix:
        words = "Kỳ báo cáo này không có phụ lục số liệu nên không có tệp Excel."
        return problem(request, report, words, 404)
    except NativeLibrariesMissing:
        words = (
            "Máy chủ chưa có thư viện làm PDF. Quản trị cài bằng lệnh: apt-get install "
            "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. Trong khi chờ, có thể in từ trang xem trước."
        )
        return problem(request, report, words, 503)
    except (PaperTooCostly, PaperFailed):
        words = "Chưa tạo được văn bản này. Mời thử lại; nếu vẫn không được, mời báo quản trị."
        return problem(request, report, words, 503)


def entity_tag(request: Request, report: Report, kept: Release | None, file_format: str) -> str:
    return f"{kept.code if kept else paper_key(report)}-{file_format}"


@cache_control(private=True, no_cache=True)
@etag(entity_tag)
def paper_file(
    request: Request, report: Report, kept: Release | None, file_format: str
) -> HttpResponse:
    """The bytes of a paper, as `papers.paper` makes them; nothing of it (304) for a browser that holds them.

    A browser may keep its own copy, and asks each time whether it is still the one. What stands in the way is
    raised: the page that tells of it bears no tag.
    """
    content = (kept and content_of(kept, file_format)) or stored_paper(report, file_format)
    if content is None:
        with one_at_a_time(request.user.pk):
            content = paper(report, file_format)
    response = HttpResponse(content, content_type=CONTENT_TYPES[file_format])
    as_download(response, paper_name(report, file_format))
    return response
