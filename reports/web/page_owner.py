"""Whose page a form is: a page that one person opened never acts under another's name.

Every form carries who opened it, signed, beside its token (`templatetags/owned_forms.py`); scripts send the same
as a header. Another login in the same browser changes the session and not the pages that stand open.
"""

from collections.abc import Callable
from functools import lru_cache

from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from ..catalogue.field_names import BASES
from ..models import User
from .middleware import page_to_return_to, sent_from

FIELD = "opened_by"
HEADER = "X-Opened-By"
#: What a form carries beside what a person typed.
OWN_FIELDS = {
    "csrfmiddlewaretoken",
    FIELD,
    "step",
    "seen",
    "next",
    "confirmed",
    "newest",
    "back",
    "key",
}
#: Logging out ends the present login, whoever opened the page.
ANYBODY = {"logout", "login"}
_signer = Signer(salt="page-owner")


def mark(user: User) -> str:
    """What a form carries of whoever opens it."""
    return _signed(user.pk)


@lru_cache(maxsize=1024)  # a page has a form for every row of its lists
def _signed(key: int) -> str:
    return _signer.sign(str(key))


def owner(request: HttpRequest) -> User | None:
    """Who opened the page that sends this; None without our signature."""
    signed = request.headers.get(HEADER) or request.POST.get(FIELD, "")
    try:
        return User.objects.filter(pk=int(_signer.unsign(signed))).first()
    except (BadSignature, ValueError):
        return None


class OnePerson:
    """A post of a page that another person opened is refused with 409, and what was typed is shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        if request.method != "POST" or not request.user.is_authenticated or _for_anybody(request):
            return None
        opened = owner(request)
        return refuse(request, opened) if opened and opened.pk != request.user.pk else None


def _for_anybody(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).url_name in ANYBODY
    except Resolver404:
        return True


def refuse(request: HttpRequest, opened: User) -> HttpResponse:
    """409: whose page it is, who is logged in now, and what was typed; nothing was done."""
    reason = (
        f"Trang này do {opened} mở, nay trình duyệt đang đăng nhập bằng tài khoản {request.user}, nên chưa "
        "có gì được lưu."
    )
    if not request.accepts("text/html"):
        return JsonResponse({"whose": reason}, status=409)
    context = {"reason": reason, "opened": opened, **_typed(request)}
    return render(request, "account/other_person.html", context, status=409)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is of an earlier login: nothing was done, and nothing typed is lost.

    What was posted is shown again only to whoever sent it from a page of this portal. A script whose browser
    lost its cookies is sent to log in, as when only the session ended.
    """
    if not request.user.is_authenticated and not request.accepts("text/html"):
        return redirect_to_login(request.get_full_path())
    ours = sent_from(request) is not None
    opened = owner(request) if ours else None
    if ours and request.user.is_authenticated and opened and opened.pk != request.user.pk:
        response = refuse(request, opened)
        response.status_code = 409
        return response
    context = _typed(request) if ours else {}
    same = opened is not None and opened == request.user and not request.FILES
    return render(request, "403_csrf.html", {**context, "same": same}, status=403)


def _typed(request: HttpRequest) -> dict[str, object]:
    """What a person typed or chose, to be read and copied, and the page it belongs to."""
    fields = [
        (name, text)
        for name, texts in request.POST.lists() for text in texts
        if name not in OWN_FIELDS and not name.startswith(BASES)
    ]  # fmt: skip
    steps = {name: request.POST[name] for name in ("step", "seen") if name in request.POST}
    return {
        "typed": "\n".join(dict.fromkeys(text for _, text in fields if len(text.strip()) > 1)),
        "fields": [*fields, *steps.items()],
        "files": [file.name for _, files in request.FILES.lists() for file in files],
        "address": request.get_full_path(),
        "page": page_to_return_to(request),
    }
