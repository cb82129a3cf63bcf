"""The report's way: checking and sending, signing off, and every other change of state."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import gate, remarks, workflow
from ..access import may, previous_report, report_for, require, today
from ..compare import comparison, key_figures
from ..dossier import load
from ..enums import Section, Verb
from ..file_check import FileRefused
from ..gate import NotYet
from ..models import Report, User
from ..progress import sections_of
from ..release import IssuedPaper
from ..vietnamese import format_date
from .actions import ASKED, PAGES, actions, wording
from .entry import RELATED, heading
from .releases import compared_field, tell_refusal


class ReasonForm(forms.Form):
    """Why something is done."""

    note = forms.CharField(
        label="Lý do", max_length=workflow.LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
    )  # fmt: skip


class IssueForm(forms.Form):
    """Number and date of the signed paper: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II."""

    number = forms.IntegerField(
        label="Số", min_value=1, max_value=99_999,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        error_messages={"invalid": "Cần số của văn bản, như 125.", "required": "Cần ghi số."},
    )  # fmt: skip
    issued_on = forms.DateField(
        label="Ngày ban hành",
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "05/8/2024"}),
        error_messages={"invalid": "Cần một ngày, như 05/8/2024.", "required": "Cần ghi ngày."},
    )

    signed = forms.FileField(
        label="Tệp PDF đã ký", required=False, max_length=200,
        help_text="Không bắt buộc; có thể nạp sau khi phát hành.",
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".pdf"}),
        error_messages={"empty": "Tệp không có nội dung; mời chọn lại tệp PDF đã ký."},
    )  # fmt: skip
    compared = compared_field()

    def clean_issued_on(self) -> Any:
        day = self.cleaned_data["issued_on"]
        if day and day > today():
            raise forms.ValidationError("Ngày ban hành không thể sau hôm nay.")
        return day


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one verb: GET asks for what it needs, POST does it."""
    user: User = request.user  # type: ignore[assignment]
    wanted = _verb(verb)
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    asked = IssueForm if wanted == Verb.ISSUE else ReasonForm
    if request.method != "POST":
        require(user, wanted, report)
        return ask(request, report, wanted, asked())
    form = asked(request.POST, request.FILES)
    if not form.is_valid():
        if _number(request, "step") not in (None, report.step):
            messages.warning(request, workflow.last_words(report))
            return redirect("report", pk=report.pk)
        require(user, wanted, report)
        return ask(request, report, wanted, form, status=422)
    paper = None
    if wanted == Verb.ISSUE:
        paper = IssuedPaper(form.cleaned_data["number"], form.cleaned_data["issued_on"])
    sections = [Section(name) for name in request.POST.getlist("sections") if name in Section]
    note, signed = form.cleaned_data.get("note", ""), form.cleaned_data.get("signed")
    try:
        workflow.perform(
            report, wanted, user, note, _number(request, "step"), sections, paper, signed=signed,
            despite=_number(request, "despite") or 0,
            compared=form.cleaned_data.get("compared", False),
        )  # fmt: skip
    except FileRefused as refused:
        tell_refusal(form, refused)
        return ask(request, report, wanted, form, status=422)
    except workflow.Overtaken as overtaken:
        messages.warning(request, overtaken.words)
    except NotYet as refused:
        for problem in refused.problems:
            form.add_error(None, problem)
        page = PAGES.get(wanted, "")
        if page:
            for problem in refused.problems:
                messages.error(request, problem)
            return redirect(page, pk=report.pk)
        return ask(request, report, wanted, form, status=422)
    else:
        messages.success(request, f"Đã {wanted.label.lower()}.")
    return redirect("report", pk=report.pk)


def ask(
    request: HttpRequest, report: Report, verb: Verb, form: forms.Form, status: int = 200
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    dossier = load(report)
    context = heading(report, dossier) | {
        "verb": verb,
        "label": wording(user, verb, report),
        "what": ASKED.get(verb, ""),
        "form": form,
        "needs_reason": workflow.needs_reason(verb),
        "sections": sections_of(dossier) if verb in (Verb.RETURN, Verb.REOPEN) else (),
        "chosen": request.POST.getlist("sections"),
        "open_remarks": remarks.open_remarks(report) if verb == Verb.APPROVE else 0,
    }
    return render(request, "reports/act.html", context, status=status)


def _verb(name: str) -> Verb:
    moves = {verb.value: verb for verb in (*workflow.TRANSITIONS, *workflow.ON_BEHALF)}
    if name not in moves:
        raise Http404("Không có việc này.")
    return moves[name]


def _number(request: HttpRequest, name: str) -> int | None:
    """A number the page sent back; None when it is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


# --- checking and sending -----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """What the checks found, each with a link to its field; POST keeps the words for warnings."""
    user: User = request.user  # type: ignore[assignment]
    verb = Verb.EDIT if request.method == "POST" else Verb.VIEW
    report = report_for(user, pk, verb, queryset=Report.objects.select_related(*RELATED))
    if request.method == "POST":
        told = request.POST
        words = dict(zip(told.getlist("key"), told.getlist("word"), strict=False))
        gate.explain(report, words, user)
        messages.success(request, "Đã lưu lời giải trình.")
        return redirect("checks", pk=report.pk)
    dossier = load(report)
    open_to = [action for action in actions(user, report) if action.page == "checks"]
    context = heading(report, dossier) | {
        "verdict": gate.verdict(report, user, dossier),
        "actions": open_to,
        "may_edit": may(user, Verb.EDIT, report),
    }
    return render(request, "reports/checks.html", context)


@require_safe
def sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    """One page for the leader: key figures beside last period's, what changed, warnings explained."""
    user: User = request.user  # type: ignore[assignment]
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    earlier = previous_report(user, report)
    previous = load(earlier) if earlier else None
    context = heading(report, dossier) | {
        "figures": key_figures(dossier, previous),
        "previous": previous,
        "compared": comparison(dossier, previous),
        "verdict": gate.verdict(report, user, dossier, previous),
        "actions": [a for a in actions(user, report) if a.verb in (Verb.SIGN_OFF, Verb.TAKE_BACK)],
    }
    return render(request, "reports/sign_off.html", context)


# --- a returned report --------------------------------------------------------------------------------


@require_POST
def more_sections(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """The clerk asks for one section more; the reviewer opens it, or closes it again."""
    user: User = request.user  # type: ignore[assignment]
    report = report_for(user, pk, Verb.VIEW)
    try:
        wanted = Section(section)
    except ValueError:
        raise Http404("Không có phần này.") from None
    try:
        if "open" in request.POST:
            require(user, Verb.OPEN_SECTION, report)
            workflow.open_section(report, wanted, user)
            words = f"Đã mở phần “{wanted.label}” để đơn vị sửa."
        elif "close" in request.POST:
            require(user, Verb.CLOSE_SECTION, report)
            workflow.close_section(report, wanted, user)
            words = f"Đã khóa lại phần “{wanted.label}”."
        else:
            require(user, Verb.ASK_REOPEN, report)
            workflow.ask_reopen(report, wanted, user, request.POST.get("reason", ""))
            words = "Đã gửi đề nghị mở thêm phần."
    except NotYet as refused:
        messages.error(request, " ".join(refused.problems))
    else:
        messages.success(request, words)
    return redirect("report", pk=report.pk)


class TimeForm(ReasonForm):
    """A later day, and why."""

    day = forms.DateField(
        label="Gia hạn đến ngày",
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "25/6/2023"}),
        error_messages={"invalid": "Cần một ngày, như 25/6/2023.", "required": "Cần ghi ngày."},
    )
    field_order = ("day", "note")


@require_http_methods(["GET", "HEAD", "POST"])
def more_time(request: HttpRequest, pk: int) -> HttpResponse:
    """The commune asks for more time; the superior gives it."""
    user: User = request.user  # type: ignore[assignment]
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    gives = may(user, Verb.EXTEND, report)
    verb = Verb.EXTEND if gives else Verb.ASK_EXTENSION
    require(user, verb, report)
    initial = {"day": report.extension_asked and format_date(report.extension_asked)}
    form = TimeForm(
        request.POST if request.method == "POST" else None, initial=initial if gives else None
    )
    if request.method == "POST" and form.is_valid():
        day, note = form.cleaned_data["day"], form.cleaned_data["note"]
        try:
            if gives:
                workflow.extend(report, day, user, note)
            else:
                workflow.ask_extension(report, day, user, note)
        except NotYet as refused:
            for problem in refused.problems:
                form.add_error(None, problem)
        else:
            messages.success(request, "Đã gia hạn." if gives else "Đã gửi đề nghị gia hạn.")
            return redirect("report", pk=report.pk)
    context = heading(report, load(report)) | {
        "verb": verb, "label": verb.label, "form": form, "what": ""
    }  # fmt: skip
    return render(request, "reports/act.html", context, status=422 if form.errors else 200)
