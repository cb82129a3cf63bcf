"""What every answer of the portal carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def private_cache(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Pages of a person are kept by no cache, so "back" after logging out shows nothing.

    Downloads of papers may be revalidated by their own browser (they carry an ETag).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware
