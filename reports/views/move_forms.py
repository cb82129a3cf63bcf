"""The forms that moves ask for, and the moves they make."""

from typing import Any

from django import forms
from django.http import QueryDict

from ..access import today
from ..enums import Section, Verb
from ..issuing import numbering
from ..issuing.release import IssuedPaper
from ..models import Report
from ..text.dates import format_date
from ..text.typography import clean_line
from ..verbs import NUMBERED, VERBS
from ..web.presses import ReasonForm, posted_number
from ..web.signed_form import compared_field
from ..workflow.moves import Approve, CorrectIssue, Issue, Move, Plain, Reopen, Return


class NumberForm(forms.Form):
    """Number and date of the signed paper: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II."""

    number = forms.IntegerField(
        label="Số", min_value=1, max_value=99_999,
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "numeric"}),
        error_messages={"invalid": "Cần số của văn bản, như 125.", "required": "Cần ghi số."},
    )  # fmt: skip
    issued_on = forms.DateField(
        label="Ngày ban hành",
        widget=forms.TextInput(attrs={"class": "input", "placeholder": "05/8/2024"}),
        error_messages={"invalid": "Cần một ngày, như 05/8/2024.", "required": "Cần ghi ngày."},
    )

    signer = forms.CharField(
        label="Họ tên người ký", max_length=120, required=False,
        help_text="Chỉ họ và tên, không ghi học hàm, học vị.",
        widget=forms.TextInput(attrs={"class": "input"}),
    )  # fmt: skip

    def clean_signer(self) -> str:
        return clean_line(self.cleaned_data["signer"])

    def clean_issued_on(self) -> Any:
        day = self.cleaned_data["issued_on"]
        if day and day > today():
            raise forms.ValidationError("Ngày ban hành không thể sau hôm nay.")
        return day

    @property
    def paper(self) -> IssuedPaper:
        data = self.cleaned_data
        return IssuedPaper(data["number"], data["issued_on"], data.get("signer", ""))


class IssueForm(NumberForm):
    """Number and date, with the signed file where it is at hand."""

    signed = forms.FileField(
        label="Tệp PDF đã ký", required=False, max_length=200,
        help_text="Không bắt buộc; có thể nạp sau khi phát hành.",
        widget=forms.FileInput(attrs={"class": "input", "accept": ".pdf"}),
        error_messages={"empty": "Tệp không có nội dung; mời chọn lại tệp PDF đã ký."},
    )  # fmt: skip
    compared = compared_field()


class CorrectForm(NumberForm):
    """Another number or date for an issued paper, and why."""

    note = ReasonForm.base_fields["note"]


def form_of(verb: Verb, report: Report, data: Any = None, files: Any = None) -> forms.Form:
    """The form of a verb. An issue asks for the signer only where the paper names nobody."""
    form = number_form(verb, report, data, files) if verb in NUMBERED else ReasonForm(data)
    if VERBS[verb].needs_reason:
        form.fields["note"].required = True
        form.fields["note"].error_messages["required"] = VERBS[verb].reason_missing
    return form


def number_form(verb: Verb, report: Report, data: Any, files: Any) -> NumberForm:
    """The form for number and date, filled in with those the paper has."""
    paper = report.paper
    initial = {
        "number": paper.number,
        "issued_on": paper.issued_on and format_date(paper.issued_on),
    }
    form = (CorrectForm if verb == Verb.CORRECT_ISSUE else IssueForm)(data, files, initial=initial)
    if numbering.signer_of(report):
        del form.fields["signer"]
    else:
        form.fields["signer"].required = True
        form.fields["signer"].error_messages["required"] = numbering.UNSIGNED
    return form


def move_of(verb: Verb, form: forms.Form, posted: QueryDict) -> Move:
    """The move that a valid form asks for, with what its page `posted` beside the form."""
    data = form.cleaned_data
    note = data.get("note", "")
    if isinstance(form, CorrectForm):
        return CorrectIssue(form.paper, note)
    if isinstance(form, IssueForm):
        return Issue(form.paper, note, data.get("signed"), data.get("compared", False))
    if verb == Verb.APPROVE:
        return Approve(note, posted_number(posted, "despite") or 0)
    if verb in (Verb.RETURN, Verb.REOPEN):
        kind = Return if verb == Verb.RETURN else Reopen
        return kind(note, tuple(Section(n) for n in posted.getlist("sections") if n in Section))
    return Plain(verb, note)
