"""The guides: each in its chapters, a search through all, and that somebody has seen what a first visit shows."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ..access import powers
from ..guides import book
from ..guides.book import Chapter, Found, Guide
from ..models import User
from ..web.page import render_page
from ..web.request import Request


@dataclass(frozen=True)
class GuidePage:
    """A guide, or one chapter of it with those before and after, or what was found for `query` in all guides.

    `title` heads the page; `guide` is None for somebody without a role who named none.
    """

    guides: list[Guide]
    title: str
    guide: Guide | None = None
    chapter: Chapter | None = None
    before: Chapter | None = None
    after: Chapter | None = None
    query: str = ""
    found: tuple[Found, ...] = ()


@dataclass(frozen=True)
class ChapterPart:
    """One chapter without a page around it, for the dialog beside another page."""

    chapter: Chapter


@dataclass(frozen=True)
class LoginHelpPage:
    """How to log in, for somebody who has not yet."""

    chapter: Chapter


@require_safe
def guides(request: Request) -> HttpResponse:
    """The guide of the reader's role and a list of the others; with `?tim=` the chapters of all that have the words.

    No queries of its own, like every page of the guides.
    """
    own = book.own_guide({role.role for role in powers(request.user).roles})
    query = " ".join(request.GET.get("tim", "").split())[:100]
    found = tuple(book.search(query, own))
    title = own.title if own and not query else "Hướng dẫn"
    page = GuidePage(list(book.guides().values()), title, own, query=query, found=found)
    return render_page(request, "reports/guide.html", page)


@require_safe
def guide_page(request: Request, guide: str) -> HttpResponse:
    """A guide from its beginning: whom it is for, and its chapters."""
    shown = known(guide)
    page = GuidePage(list(book.guides().values()), shown.title, shown)
    return render_page(request, "reports/guide.html", page)


@require_safe
def chapter_page(request: Request, guide: str, chapter: str) -> HttpResponse:
    """One chapter; with `?khung=1` without the page around it."""
    of = known(guide)
    shown = of.chapter(chapter)
    if shown is None:
        raise Http404
    if request.GET.get("khung"):
        return render_page(request, "components/guide_chapter.html", ChapterPart(shown))
    before, after = of.beside(shown)
    page = GuidePage(list(book.guides().values()), of.title, of, shown, before, after)
    return render_page(request, "reports/guide.html", page)


def known(slug: str) -> Guide:
    """The guide of that name; Http404 for none."""
    guide = book.guides().get(slug)
    if guide is None:
        raise Http404
    return guide


@login_not_required
@require_safe
def login_help(request: HttpRequest) -> HttpResponse:
    """The chapter on logging in, open to everybody; no other."""
    guide, slug = book.LOGIN
    chapter = known(guide).chapter(slug)
    if chapter is None:
        raise Http404
    return render(request, "account/login_help.html", {"chapter": chapter})


@require_POST
def introduced(request: Request) -> HttpResponse:
    """The reader has seen what a first visit shows: it is not shown again, on any machine."""
    User.objects.filter(pk=request.user.pk, introduced_at=None).update(introduced_at=timezone.now())
    return redirect("inbox")
