"""The report's way: checking and sending, signing off, and every other change of state."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import gate, issuing, release, remarks, workflow
from ..access import Refused, may, previous_report, report_for, require, today
from ..compare import comparison, key_figures
from ..dossier import load
from ..enums import Section, Verb
from ..file_check import FileRefused
from ..gate import NotYet
from ..models import Report, User
from ..progress import sections_of
from ..release import IssuedPaper
from ..vietnamese import clean_line, format_date
from .actions import PAGES, actions, asked, too_late
from .page import RELATED, heading
from .request import Request
from .signed_form import compared_field, tell_refusal

#: What the leader may press on the sheet.
MOVES_OF_SHEET = (Verb.SIGN_OFF, Verb.SEND_BACK, Verb.TAKE_BACK)
NO_STEP = (
    "Việc vừa bấm chưa thực hiện: trang gửi lên không cho biết báo cáo đang ở bước nào. Mời xem báo cáo "
    "rồi bấm lại."
)


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

    signer = forms.CharField(
        label="Họ tên người ký", max_length=120, required=False,
        help_text="Chỉ họ và tên, không ghi học hàm, học vị.",
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )  # fmt: skip
    signed = forms.FileField(
        label="Tệp PDF đã ký", required=False, max_length=200,
        help_text="Không bắt buộc; có thể nạp sau khi phát hành.",
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".pdf"}),
        error_messages={"empty": "Tệp không có nội dung; mời chọn lại tệp PDF đã ký."},
    )  # fmt: skip
    compared = compared_field()

    def clean_signer(self) -> str:
        return clean_line(self.cleaned_data["signer"])

    def clean_issued_on(self) -> Any:
        day = self.cleaned_data["issued_on"]
        if day and day > today():
            raise forms.ValidationError("Ngày ban hành không thể sau hôm nay.")
        return day

    @property
    def paper(self) -> IssuedPaper:
        told = self.cleaned_data
        return IssuedPaper(told["number"], told["issued_on"], told.get("signer", ""))


class CorrectForm(IssueForm):
    """Another number or date for an issued paper, and why."""

    note = ReasonForm.base_fields["note"]
    signed = None  # type: ignore[assignment]
    compared = None  # type: ignore[assignment]
    field_order = ("number", "issued_on", "signer", "note")


def form_of(verb: Verb, report: Report, data: Any = None, files: Any = None) -> forms.Form:
    """The form that a verb asks for; of an issue it asks the signer only where nobody is named."""
    if verb not in issuing.NUMBERED:
        form: forms.Form = ReasonForm(data)
    else:
        paper = report.paper
        initial = {
            "number": paper.number,
            "issued_on": paper.issued_on and format_date(paper.issued_on),
        }
        form = (CorrectForm if verb == Verb.CORRECT_ISSUE else IssueForm)(
            data, files, initial=initial
        )
        if issuing.signer_of(report):
            del form.fields["signer"]
        else:
            form.fields["signer"].required = True
            form.fields["signer"].error_messages["required"] = issuing.UNSIGNED
    if workflow.needs_reason(verb):
        form.fields["note"].required = True
        form.fields["note"].error_messages["required"] = "Cần ghi lý do."
    return form


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Request, pk: int, verb: Verb) -> HttpResponse:
    """Do one verb: GET asks for what it needs, POST does it."""
    user = request.user
    if verb not in (*workflow.TRANSITIONS, *workflow.ON_BEHALF):
        raise Http404("Không có việc này.")
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    if request.method != "POST":
        _require_now(user, verb, report)
        return ask(request, report, verb, form_of(verb, report))
    step = _number(request, "step")
    if step is None:  # a page of ours always says which step it shows
        _require_now(user, verb, report)
        messages.error(request, NO_STEP)
        return redirect("report", pk=report.pk)
    form = form_of(verb, report, request.POST, request.FILES)
    good = form.is_valid()
    paper = form.paper if good and isinstance(form, IssueForm) else None
    if good and (paper is None or "confirmed" in request.POST):
        return _do(request, report, verb, form, step, paper)
    if step != report.step:
        messages.warning(request, workflow.last_words(report))
        return redirect("report", pk=report.pk)
    _require_now(user, verb, report)
    if paper is None:
        return ask(request, report, verb, form, status=422)
    try:
        with transaction.atomic():
            issuing.refuse_wrong(report, verb, paper, today())
    except NotYet as refused:
        return _refused(request, report, verb, form, refused)
    return ask(request, report, verb, form, paper=paper)


def _do(
    request: Request,
    report: Report,
    verb: Verb,
    form: forms.Form,
    step: int,
    paper: IssuedPaper | None,
) -> HttpResponse:
    """Do what a good form asks for, or show it again with what stood against it."""
    user = request.user
    sections = [Section(name) for name in request.POST.getlist("sections") if name in Section]
    note, signed = form.cleaned_data.get("note", ""), form.cleaned_data.get("signed")
    try:
        workflow.perform(
            report, verb, user, note, step, sections, paper, signed=signed,
            despite=_number(request, "despite") or 0,
            compared=form.cleaned_data.get("compared", False),
        )  # fmt: skip
    except FileRefused as refused:
        tell_refusal(form, refused)
        return ask(request, report, verb, form, 422, paper)
    except workflow.Overtaken as overtaken:
        messages.warning(request, overtaken.words)
    except NotYet as refused:
        if verb in workflow.CHECKED:  # what is missing is listed there, with its links
            for problem in refused.problems:
                messages.error(request, problem)
            return redirect(PAGES[verb], pk=report.pk)
        return _refused(request, report, verb, form, refused)
    else:
        messages.success(request, f"Đã {verb.label.lower()}.")
    return redirect("report", pk=report.pk)


def _not_of_now(
    request: Request, report: Report, verb: Verb, step: int | None
) -> HttpResponse | None:
    """The answer to a press on a page that shows another step of the report, or does not say which."""
    if step is not None and step != report.step:
        messages.warning(request, workflow.last_words(report))
        return redirect("report", pk=report.pk)
    require(request.user, verb, report)
    if step is None:
        messages.error(request, NO_STEP)
        return redirect("report", pk=report.pk)
    return None


def _require_now(user: User, verb: Verb, report: Report) -> None:
    """`require`, and Refused for what was shut by what happened since."""
    require(user, verb, report)
    shut = too_late(verb, report)
    if shut:
        raise Refused(shut)


def _refused(
    request: Request, report: Report, verb: Verb, form: forms.Form, refused: NotYet
) -> HttpResponse:
    """The page again, with what was chosen still chosen and the refusal at its field."""
    tell_not_yet(form, refused)
    return ask(request, report, verb, form, status=422)


def tell_not_yet(form: forms.Form, refused: NotYet) -> None:
    field = refused.field if refused.field in form.fields else None
    for problem in refused.problems:
        form.add_error(field, problem)


def ask(
    request: Request,
    report: Report,
    verb: Verb,
    form: forms.Form,
    status: int = 200,
    paper: IssuedPaper | None = None,
) -> HttpResponse:
    """The page on which a verb is done; with `paper` the one that confirms number and date.

    A signed file is asked for on the last page: a browser does not send a chosen file twice.
    """
    if paper is None and isinstance(form, IssueForm):
        for name in ("signed", "compared"):
            form.fields.pop(name, None)
    dossier = load(report)
    context = heading(report, dossier) | {
        "verb": verb,
        "label": verb.label,
        "what": asked(verb, report),
        "paper": paper,
        "framed": release.issued(release.approved(report).told, report, paper)["paper"]
        if paper
        else None,
        "form": form,
        "needs_reason": workflow.needs_reason(verb),
        "sections": sections_of(dossier) if verb in (Verb.RETURN, Verb.REOPEN) else (),
        "chosen": request.POST.getlist("sections"),
        "open_remarks": remarks.open_remarks(report) if verb == Verb.APPROVE else 0,
        "despite": "despite" in request.POST,
    }
    return render(request, "reports/act.html", context, status=status)


def _number(request: Request, name: str) -> int | None:
    """A number the page sent back; None when it is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


# --- checking and sending -----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: Request, pk: int) -> HttpResponse:
    """What the checks found, each with a link to its field; POST keeps the words for warnings."""
    user = request.user
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
def sign_off(request: Request, pk: int) -> HttpResponse:
    """One page for the leader: key figures beside last period's, what changed, warnings explained."""
    user = request.user
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    earlier = previous_report(user, report)
    previous = load(earlier) if earlier else None
    context = heading(report, dossier) | {
        "figures": key_figures(dossier, previous),
        "previous": previous,
        "compared": comparison(dossier, previous),
        "verdict": gate.verdict(report, user, dossier, previous),
        "actions": [a for a in actions(user, report) if a.verb in MOVES_OF_SHEET],
    }
    return render(request, "reports/sign_off.html", context)


# --- a returned report --------------------------------------------------------------------------------


class AskForm(forms.Form):
    """Why a section more should be opened."""

    reason = forms.CharField(
        label="Lý do", max_length=workflow.LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )  # fmt: skip


@require_POST
def more_sections(request: Request, pk: int, section: Section) -> HttpResponse:
    """The clerk asks for one section more; the reviewer opens it, or closes it again."""
    user = request.user
    report = report_for(user, pk, Verb.VIEW)
    verb = Verb.OPEN_SECTION if "open" in request.POST else Verb.ASK_REOPEN
    verb = Verb.CLOSE_SECTION if "close" in request.POST else verb
    step = _number(request, "step")
    answer = _not_of_now(request, report, verb, step)
    if answer is not None:
        return answer
    try:
        if verb == Verb.OPEN_SECTION:
            workflow.open_section(report, section, user, step)
            words = f"Đã mở phần “{section.label}” để đơn vị sửa."
        elif verb == Verb.CLOSE_SECTION:
            workflow.close_section(report, section, user, step)
            words = f"Đã khóa lại phần “{section.label}”."
        else:
            workflow.ask_reopen(report, section, user, request.POST.get("reason", ""), step=step)
            words = "Đã gửi đề nghị mở thêm phần."
    except workflow.Overtaken as overtaken:
        messages.warning(request, overtaken.words)
    except NotYet as refused:
        if verb == Verb.ASK_REOPEN:
            form = AskForm(request.POST)
            form.is_valid()
            form.fields["reason"].label = f"Lý do đề nghị mở phần “{section.label}”"
            tell_not_yet(form, refused)
            context = heading(report, load(report)) | {"label": Verb.ASK_REOPEN.label, "form": form}
            return render(request, "reports/act.html", context, status=422)
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
def more_time(request: Request, pk: int) -> HttpResponse:
    """The commune asks for more time; the superior gives it."""
    user = request.user
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    gives = may(user, Verb.EXTEND, report)
    verb = Verb.EXTEND if gives else Verb.ASK_EXTENSION
    step = _number(request, "step")
    if request.method == "POST":
        answer = _not_of_now(request, report, verb, step)
        if answer is not None:
            return answer
    require(user, verb, report)
    initial = {"day": report.extension_asked and format_date(report.extension_asked)}
    form = TimeForm(
        request.POST if request.method == "POST" else None, initial=initial if gives else None
    )
    if request.method == "POST" and form.is_valid():
        day, note = form.cleaned_data["day"], form.cleaned_data["note"]
        try:
            if gives:
                workflow.extend(report, day, user, note, step)
            else:
                workflow.ask_extension(report, day, user, note, step=step)
        except workflow.Overtaken as overtaken:
            messages.warning(request, overtaken.words)
            return redirect("report", pk=report.pk)
        except NotYet as refused:
            tell_not_yet(form, refused)
        else:
            messages.success(request, "Đã gia hạn." if gives else "Đã gửi đề nghị gia hạn.")
            return redirect("report", pk=report.pk)
    wish = report.events.filter(verb=Verb.ASK_EXTENSION).order_by("-seq").first()
    context = heading(report, load(report)) | {
        "verb": verb, "label": verb.label, "form": form, "what": "",
        "wish": wish if report.extension_asked else None,
    }  # fmt: skip
    return render(request, "reports/act.html", context, status=422 if form.errors else 200)
