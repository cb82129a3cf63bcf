"""A person's notices: the list, opening a notice, and how they want mail."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import visible_periods, visible_reports
from ..enums import Mailing
from ..models import Notice, User
from ..notifications.mail import CHANGED_TOO_OFTEN, changed_often, leave_address
from ..notifications.notices import readable
from ..web.fields import KeyField
from ..web.page import render_page
from ..web.request import Request

#: Notices of one page.
PAGE = 30
BY_DESK = "Theo vai trò: ở đơn vị báo cáo, mỗi việc một thư; ở cơ quan cấp trên, một thư tổng hợp mỗi ngày"


@dataclass(frozen=True)
class NoticesPage:
    """A page of a person's notices; `newest` is the key of the newest notice shown, 0 without one."""

    page: Page[Notice]
    newest: int


class ReadForm(forms.Form):
    """The newest notice that the page showed."""

    newest = KeyField(required=True)


@require_safe
def notices_page(request: Request) -> HttpResponse:
    """The notices of reports and periods that the reader may still see, unread first."""
    user = request.user
    notices = readable(user).select_related("by")
    notices = notices.order_by(Coalesce("read_at", "done_at").desc(nulls_first=True), "-at", "-pk")
    page = Paginator(notices, PAGE).get_page(request.GET.get("trang"))
    newest = max((notice.pk for notice in page), default=0)
    return render_page(request, "reports/notices.html", NoticesPage(page, newest))


@require_POST
def open_notice(request: Request, pk: int) -> HttpResponse:
    """Mark a notice as read and go to its period or report; whoever may no longer see that stays here."""
    user = request.user
    notice = get_object_or_404(Notice.objects.select_related("period", "report"), user=user, pk=pk)
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
    period, report = notice.period, notice.report
    if period and visible_periods(user).filter(pk=period.pk).exists():
        return redirect("period", code=period.code)
    if report and visible_reports(user).filter(pk=report.pk).exists():
        return redirect("report", pk=report.pk)
    messages.warning(request, "Tài khoản không còn quyền xem báo cáo của tin này.")
    return redirect("notices")


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark everything that the page showed as read; what came since stays unread."""
    form = ReadForm(request.POST)
    if form.is_valid():
        unread = Notice.objects.filter(user=request.user, read_at=None)
        unread.filter(pk__lte=form.cleaned_data["newest"]).update(read_at=timezone.now())
    return redirect("notices")


class MailingForm(forms.ModelForm):
    """How somebody wants mail, and where."""

    mail = forms.ChoiceField(
        label="Cách nhận thư",
        choices=[("", BY_DESK), *Mailing.choices],
        widget=forms.RadioSelect, required=False,
        error_messages={"invalid_choice": "Cách nhận thư không có trong các lựa chọn."},
    )  # fmt: skip
    email = forms.EmailField(
        label="Địa chỉ thư điện tử", max_length=254, required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": "Cần một địa chỉ thư như vanphong@xa.example; địa chỉ vừa nhập không đúng dạng đó.",
            "max_length": "Địa chỉ thư dài quá 254 ký tự.",
        },
    )  # fmt: skip

    class Meta:
        model = User
        fields = ("mail", "email")


@dataclass(frozen=True)
class MailingPage:
    """How somebody wants mail."""

    form: MailingForm


@require_http_methods(["GET", "HEAD", "POST"])
def mailing_page(request: Request) -> HttpResponse:
    """Choose a letter for each notice, a digest or none, and the address; a change is written to the old address."""
    user = request.user
    form = MailingForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            old = User.objects.select_for_update(no_key=True).get(pk=user.pk).email
            if user.email != old and changed_often(user):
                form.add_error("email", CHANGED_TOO_OFTEN)
            else:
                # These columns alone: an account that was blocked meanwhile stays blocked.
                user.save(update_fields=MailingForm.Meta.fields)
                leave_address(user, old)
        if form.is_valid():
            messages.success(request, "Đã lưu cách nhận thư.")
            return redirect("mailing")
    status = 422 if form.errors else 200
    return render_page(request, "account/mailing.html", MailingPage(form), status)
