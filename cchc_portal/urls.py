"""Every address of the portal. Each stands in the table of the access test (`tests/access/test_access.py`)."""

from django.contrib.auth import views as auth
from django.urls import path

from reports.views import (
    blanks,
    checking,
    entry,
    evidence,
    exports,
    extension,
    guide,
    health,
    inbox,
    moves,
    notices,
    papers,
    periods,
    releases,
    reopening,
    report,
    review,
)

from . import converters

converters.register()

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("bao-cao/<int:pk>/", report.report_page, name="report"),
    path("bao-cao/<int:pk>/phan/<section:section>/", entry.section_page, name="section"),
    path("bao-cao/<int:pk>/phan/<section:section>/cung-lam/", entry.presence_page, name="company"),
    path("bao-cao/<int:pk>/lay-ky-truoc/", report.carry_over_page, name="carry_over"),
    path("bao-cao/<int:pk>/viec/<verb:verb>/", moves.act, name="act"),
    path("bao-cao/<int:pk>/kiem-tra/", checking.checks, name="checks"),
    path("bao-cao/<int:pk>/ky-duyet/", checking.sign_off, name="sign_off"),
    path("bao-cao/<int:pk>/mo-phan/<section:section>/", reopening.more_sections,
         name="more_sections"),
    path("bao-cao/<int:pk>/tham-dinh/", review.review, name="review"),
    path("bao-cao/<int:pk>/y-kien/", review.remark, name="remark"),
    path("bao-cao/<int:pk>/gia-han/", extension.more_time, name="more_time"),
    path("bao-cao/<int:pk>/nhat-ky/", review.timeline_page, name="timeline"),
    path("bao-cao/<int:pk>/ban-luu/<int:release>.<format:file_format>", releases.released,
         name="released"),
    path("bao-cao/<int:pk>/ban-ky/", releases.attach_signed, name="attach_signed"),
    path("bao-cao/<int:pk>/ban-ky/<int:copy>.pdf", releases.signed_copy, name="signed_copy"),
    path("xac-nhan/", releases.confirm, name="confirm"),
    path("bao-cao/<int:pk>/xem-truoc/", papers.preview_page, name="preview"),
    path("bao-cao/<int:pk>/van-ban.<format:file_format>", papers.download, name="download"),
    path("bao-cao/<int:pk>/tai-lieu/", evidence.evidence_page, name="evidence"),
    path("bao-cao/<int:pk>/tai-lieu/<int:evidence>/", evidence.evidence_file, name="evidence_file"),
    path("bao-cao/<int:pk>/tai-lieu/<int:evidence>/xoa/", evidence.remove_page,
         name="remove_evidence"),
    path("bao-cao/<int:pk>/tai-lieu.zip", evidence.evidence_bundle, name="evidence_bundle"),
    path("bao-cao/<int:pk>/phieu.<blank_format:file_format>", blanks.blank, name="blank"),
    path("bao-cao/<int:pk>/nhap-tu-excel/", blanks.bring_in, name="bring_in"),
    path("ky/<slug:code>/", periods.period_page, name="period"),
    path("ky/<slug:code>/nhieu-ky/", periods.matrix_page, name="matrix"),
    path("ky/<slug:code>/phe-duyet/", periods.approve_many, name="approve_many"),
    path("ky/<slug:code>/phe-duyet/tien-do/", periods.approvals_progress,
         name="approvals_progress"),
    path("ky/<slug:code>/nhac/", periods.remind_page, name="remind"),
    path("ky/<slug:code>/xuat/", exports.exports_page, name="exports"),
    path("ky/<slug:code>/xuat/tien-do/", exports.progress_page, name="exports_progress"),
    path("xuat/<int:pk>/tep", exports.export_file, name="export_file"),
    path("xuat/<int:pk>/xoa/", exports.delete_export, name="delete_export"),
    path("ky/<slug:code>/mo/", periods.open_period_page, name="open_period"),
    path("tin-bao/", notices.notices_page, name="notices"),
    path("tin-bao/<int:pk>/", notices.open_notice, name="notice"),
    path("tin-bao/da-doc/", notices.read_all, name="read_all"),
    path("tin-bao/cach-bao/", notices.mailing_page, name="mailing"),
    path("huong-dan/", guide.guides, name="guides"),
    path("huong-dan/dang-nhap/", guide.login_help, name="login_help"),
    path("huong-dan/da-xem/", guide.introduced, name="introduced"),
    path("huong-dan/<slug:guide>/", guide.guide_page, name="guide"),
    path("huong-dan/<slug:guide>/<slug:chapter>/", guide.chapter_page, name="guide_chapter"),
    path("dang-nhap/", auth.LoginView.as_view(template_name="account/login.html",
                                              redirect_authenticated_user=True), name="login"),
    path("dang-xuat/", auth.LogoutView.as_view(), name="logout"),
    path("mat-khau/", auth.PasswordChangeView.as_view(template_name="account/password.html"),
         name="password_change"),
    path("mat-khau/xong/", auth.PasswordChangeDoneView.as_view(
        template_name="account/password_done.html"), name="password_change_done"),
    path("healthz", health.healthz, name="healthz"),
]  # fmt: skip

handler500 = "reports.web.middleware.server_error"
