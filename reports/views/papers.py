"""The finished paper: preview and downloads."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_safe

from ..access import report_for
from ..compose import compose
from ..documents import html
from ..documents.pdf import NativeLibrariesMissing
from ..documents.tree import Document, Heading
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

#: So deep goes the list of parts beside the whole paper.
LISTED_LEVELS = 2


@dataclass(frozen=True)
class Part:
    """A part of the paper that one can jump to: its `place` is an id of the page."""

    level: int
    text: str
    place: str


@dataclass(frozen=True)
class PreviewPage:
    """The whole paper, as HTML, and the parts that one can jump to."""

    head: ReportHead
    paper: str
    parts: list[Part]


@require_safe
def preview_page(request: Request, pk: int) -> HttpResponse:
    """The whole paper on screen, from the same tree and stylesheet as the PDF; of an approved or issued report
    the stored one."""
    report = report_for(
        request.user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED)
    )
    dossier = load(report)
    approved = paper_in_force(report) if report.state in (State.APPROVED, State.ISSUED) else None
    document = approved or compose(dossier)
    paper = html.fragment(document, screen=True)
    page = PreviewPage(report_head(request.user, report, dossier), paper, parts(document))
    return render_page(request, "reports/preview.html", page)


def parts(document: Document) -> list[Part]:
    """The parts of the paper down to the second level, then its appendices."""
    headings = [
        Part(block.level, f"{block.marker} {block.text}".strip(), html.place_of(block))
        for block in document.body
        if isinstance(block, Heading) and block.item and block.level <= LISTED_LEVELS
    ]
    appendices = [
        Part(1, appendix.label.capitalize(), html.place_of(number))
        for number, appendix in enumerate(document.appendices)
    ]
    return headings + appendices


@require_safe
def download(request: Request, pk: int, file_format: str) -> HttpResponse:
    """The report as a file. Unchanged since the last time, it is read from storage, or not sent at all (304)."""
    reports = Report.objects.select_related(*paper_relations)
    report = report_for(request.user, pk, Verb.EXPORT, queryset=reports)
    release = in_force(report) if report.state in (State.APPROVED, State.ISSUED) else None
    try:
        return paper_file(request, report, release, file_format)
    except PressBusy as error:
        raise Busy(PRESS_BUSY) from error
    except NoAppendix:
        reason = "Kỳ báo cáo này không có phụ lục số liệu nên không có tệp Excel."
        return problem(request, report, reason, 404)
    except NativeLibrariesMissing:
        reason = (
            "Máy chủ chưa có thư viện làm PDF. Quản trị cài bằng lệnh: apt-get install "
            "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. Trong khi chờ, có thể in từ trang xem trước."
        )
        return problem(request, report, reason, 503)
    except (PaperTooCostly, PaperFailed):
        reason = "Chưa tạo được văn bản này. Mời thử lại; nếu vẫn không được, mời báo quản trị."
        return problem(request, report, reason, 503)


def entity_tag(request: Request, report: Report, release: Release | None, file_format: str) -> str:
    """Changes whenever the file would: the code of the release, or the key of the paper as it stands."""
    return f"{release.code if release else paper_key(report)}-{file_format}"


@cache_control(private=True, no_cache=True)
@etag(entity_tag)
def paper_file(
    request: Request, report: Report, release: Release | None, file_format: str
) -> HttpResponse:
    """The bytes of a paper, as `issuing.papers.paper` makes them; 304 for a browser that has them.

    A browser may keep its own copy, and asks each time whether it is still current. Errors of the press are raised,
    so that the page which tells of them carries no tag.
    """
    content = (release and content_of(release, file_format)) or stored_paper(report, file_format)
    if content is None:
        with one_at_a_time(request.user.pk):
            content = paper(report, file_format)
    response = HttpResponse(content, content_type=CONTENT_TYPES[file_format])
    as_download(response, paper_name(report, file_format))
    return response
