"""The page of the search, and its first results for the box in which somebody types."""

from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from ..access import report_for
from ..enums import Verb
from ..models import Report
from ..search import Found, Group, Kind, search
from ..web.fields import KeyField
from ..web.page import RELATED, render_page
from ..web.request import Request

#: Results of a kind that is looked at alone, on one page; of each kind in the list below the box.
PAGE, FIRST = 50, 4
#: What a page without results offers to try: what is found so, and a query.
FIGURE_EXAMPLES = [
    ("Số liệu, không cần gõ dấu", "hai long"),
    ("Vài từ của tên, thứ tự nào cũng được", "hồ sơ trước hạn"),
]
UNIT_EXAMPLES = [("Đơn vị, một phần tên là đủ", "ha tien"), ("Mã đơn vị", "15325")]
EXAMPLES = [
    ("Kỳ báo cáo, viết cách nào cũng được", "quý 1 2026"), ("Kỳ báo cáo, viết tắt", "6T/2023"),
    ("Báo cáo của một đơn vị trong một kỳ", "tong son 9 tháng 2026"),
    ("Văn bản đã phát hành", "Số 123/BC-UBND"),
]  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A query to try, with what it finds."""

    finds: str
    query: str
    address: str


@dataclass(frozen=True)
class Shown:
    """The results of one kind on the page; `rest` of them are not shown, `all_of_them` leads to them."""

    group: Group
    rest: int
    all_of_them: str


@dataclass(frozen=True)
class SearchPage:
    """What a search gave.

    `report` is the one whose figures were to be searched; `figures_of` the one in which they were. With a `kind` that
    is looked at alone come the addresses of the pages `before` and `after`, and of `everything`.
    """

    query: str
    shown: list[Shown]
    total: int
    report: Report | None
    figures_of: Report | None
    kind: Kind | None
    before: str
    after: str
    everything: str
    examples: list[Example]


class SearchForm(forms.Form):
    """What an address of the search may say beside the query."""

    report = KeyField()
    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)


@require_safe
def search_page(request: Request) -> HttpResponse:
    """Units, periods, reports and figures that answer to `q`; with `dang=goi-y` the first of them as options of a
    list. `bao-cao` names the report whose figures are searched, `loai` one kind, `trang` its page."""
    user, asked = request.user, request.GET
    form = SearchForm(
        {"report": asked.get("bao-cao"), "kind": asked.get("loai"), "page": asked.get("trang")}
    )
    form.is_valid()  # what is none of ours is as if it were not there
    key, kind = form.cleaned_data.get("report"), form.cleaned_data.get("kind")
    number: int = form.cleaned_data.get("page") or 1
    related = Report.objects.select_related(*RELATED)
    report = report_for(user, key, Verb.VIEW, queryset=related) if key is not None else None
    typed = asked.get("q", "")
    if asked.get("dang") == "goi-y":
        found = search(user, typed, report, stretch=slice(FIRST))
        return render_page(request, "components/search_options.html", _page(found, report))
    if not kind:
        found = search(user, typed, report)
        return render_page(request, "reports/search.html", _page(found, report))
    begin = (number - 1) * PAGE
    alone = Kind(kind)
    found = search(user, typed, report, (alone,), slice(begin, begin + PAGE))
    if found.total and begin >= found.total:  # results have become fewer meanwhile
        return redirect(_address(found.query.text, report, alone))
    return render_page(request, "reports/search.html", _page(found, report, alone, number))


def _page(
    found: Found, report: Report | None, kind: Kind | None = None, number: int = 1
) -> SearchPage:
    query = found.query.text
    shown = [
        Shown(group, group.total - len(group.results), _address(query, report, group.kind))
        for group in found.groups
    ]
    more = kind is not None and found.total > number * PAGE
    figures = any(group.kind == Kind.FIGURES for group in found.groups)
    return SearchPage(
        query=query,
        shown=shown,
        total=found.total,
        report=report,
        figures_of=found.report if figures else None,
        kind=kind,
        before=_address(query, report, kind, number - 1) if number > 1 else "",
        after=_address(query, report, kind, number + 1) if more else "",
        everything=_address(query, report),
        examples=[] if found.total else _examples(found, report),
    )


def _examples(found: Found, report: Report | None) -> list[Example]:
    first = UNIT_EXAMPLES if found.report is None else FIGURE_EXAMPLES
    return [Example(finds, query, _address(query, report)) for finds, query in [*first, *EXAMPLES]]


def _address(query: str, report: Report | None, kind: Kind | None = None, number: int = 1) -> str:
    """The address of a search."""
    says = {"q": query}
    if report is not None:
        says["bao-cao"] = str(report.pk)
    if kind is not None:
        says["loai"] = kind.value
    if number > 1:
        says["trang"] = str(number)
    return f"{reverse('search')}?{urlencode(says)}"
