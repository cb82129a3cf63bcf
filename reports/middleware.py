"""What every request meets and every answer of the portal carries."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

Answer = Callable[[HttpRequest], HttpResponse]
#: The addresses that take files.
TAKES_FILES = {"evidence", "bring_in", "confirm"}


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
                return redirect_to_login(request.path)
            if length > settings.UPLOAD_MAX_BYTES or not takes_files(request):
                return too_large(request)
        return get_response(request)

    return middleware


def announced(request: HttpRequest) -> int:
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
    context = {
        "takes_files": takes_files(request),
        "back": request.path,
        "most": settings.UPLOAD_MAX_BYTES,
    }
    return render(request, "413.html", context, status=413)
