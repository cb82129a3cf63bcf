"""Limits of every request, headers of every answer, logging in, and answers when the server is busy."""

import logging
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import defaults

from ..catalogue.field_names import BASES
from ..jobs.busy import Busy
from ..text.lookalikes import replaced_words

log = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]
DATABASE_BUSY = "Máy chủ đang bận nên chưa làm được việc vừa rồi."
#: Addresses that take a post and show nothing, with the page that each belongs to.
BELONGS_TO = {
    "company": "section", "carry_over": "report", "more_sections": "report", "remark": "review",
    "approve_many": "period", "open_period": "period", "remind": "period", "delete_export": "inbox",
    "notice": "notices", "read_all": "notices", "logout": "inbox", "introduced": "inbox",
}  # fmt: skip
#: Fields that are taken as they are: of logging in, and the texts a page was based on.
NOT_FOLDED = ("username", "password", "old_password", "new_password", "csrf", BASES)
ENDED = (
    "Phiên làm việc đã hết nên việc vừa bấm chưa thực hiện; tệp vừa chọn, nếu có, chưa được nhận. Mời đăng "
    "nhập rồi làm lại. Nội dung vừa gõ còn ở trang trước: bấm nút quay lại của trình duyệt để chép."
)
#: The addresses that take files.
TAKES_FILES = {"evidence", "bring_in", "confirm", "act", "attach_signed"}


def private_cache(get_response: Answer) -> Answer:
    """Pages of a person are kept by no cache, so "back" after logging out shows nothing.

    Downloads of papers may be revalidated by their own browser (they carry an ETag).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware


def say_folded_letters(get_response: Answer) -> Answer:
    """After a form was accepted, a message names the look-alike letters that were replaced in it.

    A section page that saves itself shows this beside its fields instead.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        accepted = request.method == "POST" and response.status_code == 302
        if accepted and request.user.is_authenticated:
            texts = [text for name in request.POST for text in request.POST.getlist(name)
                     if not name.startswith(NOT_FOLDED)]  # fmt: skip
            if notice := replaced_words(*texts):
                messages.info(request, notice)
        return response

    return middleware


def body_limit(get_response: Answer) -> Answer:
    """A request that announces too large a body is answered 413 before a byte of it is read.

    The check of the form's token reads the body, and writes files of it to disk, before any view is
    asked: so this stands in front, and lets nobody signed out send files. A body in chunks announces
    no size: WSGI would read it as empty, so it is refused as well; browsers send none.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return too_large(request)
        length = announced(request)
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            if not request.user.is_authenticated:
                messages.warning(request, ENDED)
                return redirect_to_login(page_to_return_to(request))
            if length > settings.UPLOAD_MAX_BYTES or not takes_files(request):
                return too_large(request)
        return get_response(request)

    return middleware


def announced(request: HttpRequest) -> int:
    """The size of the body in bytes, as its header gives it; 0 without one."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def takes_files(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).url_name in TAKES_FILES
    except Resolver404:
        return False


def too_large(request: HttpRequest) -> HttpResponse:
    """413, with the largest size that is accepted."""
    context = {
        "takes_files": takes_files(request),
        "back": request.path,
        "most": settings.UPLOAD_MAX_BYTES,
    }
    return render(request, "413.html", context, status=413)


class AskAgain:
    """A `Busy` is answered 503 with the seconds until the next try, never as a fault of ours.

    A page that was requested reloads by itself. A post is not repeated by the page; the script of a form keeps its
    text and sends it again. A database that is locked for too long, or away, is answered in the same way: the page
    needs no database.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return told_to_wait(request, error)


def told_to_wait(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """503 for a `Busy` or a database that does not answer; None for every other error."""
    if isinstance(error, OperationalError):
        log.error("The database did not answer in time: %s", error)
        error = Busy(DATABASE_BUSY, wait=10)
    return ask_again(request, error) if isinstance(error, Busy) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """500, for errors outside the middleware: the session that is written after the view, the user who is looked up
    before it. A database that is locked or away is answered 503 there too."""
    return told_to_wait(request, sys.exc_info()[1]) or defaults.server_error(request)


def ask_again(request: HttpRequest, busy: Busy) -> HttpResponse:
    """503 with `Retry-After`: JSON for a script, a page that reloads for a person."""
    headers = {"Retry-After": str(busy.wait)}
    if not request.accepts("text/html"):
        return JsonResponse({"problem": busy.message}, status=503, headers=headers)
    asks = request.method in ("GET", "HEAD")
    context = {
        "reason": busy.message,
        "wait": busy.wait,
        "asks": asks,
        "address": request.get_full_path(),
    }
    page = render_to_string("503.html", context)
    return HttpResponse(page, status=503, headers=headers)


class LoginFirst(LoginRequiredMiddleware):
    """Whoever is not logged in is sent to log in, and then back to the page; a post is not repeated."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        back = page_to_return_to(request)
        if request.method not in ("GET", "HEAD") and request.accepts("text/html"):
            messages.warning(request, ENDED)
        return redirect_to_login(
            back, self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        )


def page_to_return_to(request: HttpRequest) -> str:
    """The requested page; for a post the page it was sent from, or else the page that it belongs to."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    path, query = sent_from(request) or (request.path, "")
    try:
        match = resolve(path)
    except Resolver404:
        return reverse("inbox")
    page = BELONGS_TO.get(match.url_name or "")
    if page is None:
        return f"{path}?{query}" if query else path
    of_page = {"report": ("pk",), "review": ("pk",), "inbox": (), "notices": ()}
    named = of_page.get(page, tuple(match.kwargs))
    return reverse(page, kwargs={name: match.kwargs[name] for name in named})


def sent_from(request: HttpRequest) -> tuple[str, str] | None:
    """Path and query of the page of this portal from which the browser says the request came.

    They are kept apart: put together, the path `//host/` would be read as another host.
    """
    address = request.headers.get("Referer", "")
    secure = request.is_secure()
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=secure):
        return None
    parts = urlsplit(address)
    return parts.path, parts.query
