"""The demo's story: a district in the middle of a period, told through the real doors."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from conftest import HA_TIEN, report_of
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reports.audit import verify
from reports.checks.gate import verdict
from reports.demo import loading
from reports.demo.loading import FIXTURES, read
from reports.demo.story import tell
from reports.directory.loading import DataError
from reports.documents.pdf import NativeLibrariesMissing
from reports.dossier.facts import load
from reports.enums import State
from reports.issuing import release
from reports.models import Event, Letter, Notice, Release, Report, StandardRemark, User
from reports.notifications import mail
from reports.review.remarks import threads

pytestmark = pytest.mark.django_db

NOW = "HT-2023-9T"
#: Unit → where its report of the period stands. Only printed ones need the native libraries.
STATES = {
    "Hà Tiến": State.DRAFT, "Hà Bình": State.PRESENTED, "Hà Tân": State.SENT,
    "Hà Ngọc": State.REVIEWING, "Yến Sơn": State.RETURNED, "Hà Đông": State.EXCLUDED,
    "Hà Sơn": State.ISSUED, "Hà Long": State.SIGNED, "Hà Vinh": State.DRAFT, "Hà Bắc": State.APPROVED,
    "Hà Giang": State.RETURNED,
}  # fmt: skip
HA_NGOC, YEN_SON, HA_SON, HA_BINH, HA_TAN = "15304", "15307", "15313", "15328", "15322"
HA_LONG, HA_VINH, HA_BAC, HA_GIANG = "15274", "15277", "15280", "15292"


@pytest.fixture
def way() -> dict[str, Any]:
    return read(FIXTURES / "demo" / "way.toml")


@pytest.fixture
def pages() -> dict[str, Any]:
    return read(FIXTURES / "demo" / "pages.toml")


@pytest.mark.every_engine
@pytest.mark.pdf
def test_the_district_is_in_the_middle_of_its_period() -> None:
    reports = Report.objects.filter(period__code=NOW).select_related("unit")
    assert {report.unit.name: report.state for report in reports} == STATES
    assert set(STATES.values()) == set(State)
    assert set(Report.objects.exclude(period__code=NOW).values_list("state", flat=True)) == {
        State.DRAFT
    }


@pytest.mark.every_engine
def test_the_mail_of_the_story_has_gone_with_its_own_days_and_no_worker_finds_any() -> None:
    assert Letter.objects.exists()
    late = [one for one in Letter.objects.all() if one.finished_at != one.made_at]
    assert late == []
    assert not mail.gathered(timezone.now() + timedelta(days=9)).exists()
    assert Notice.objects.filter(post="digest", letter__made_at__hour=7, read_at=None).exists()


@pytest.mark.every_engine
def test_every_chain_is_whole_and_nobody_is_still_typing() -> None:
    for report in Report.objects.all():
        assert list(verify(report.pk)) == []
        assert not report.open_edits.exists()
        moments = list(report.events.order_by("seq").values_list("at", flat=True))
        assert moments == sorted(moments)
    assert not Event.objects.filter(at__year__gt=2023).exists()


def test_what_was_sent_has_no_error_and_a_word_for_every_warning(reviewer: User) -> None:
    sent = Report.objects.filter(period__code=NOW, sent_at__isnull=False).select_related("period")
    communes = {HA_NGOC, YEN_SON, HA_SON, HA_TAN, HA_BAC, HA_GIANG}
    assert {report.unit.code for report in sent} == communes
    for report in [*sent, report_of(HA_BINH, NOW), report_of(HA_LONG, NOW)]:
        assert verdict(report, reviewer).ready, report
    late = {r.unit.code for r in sent if r.sent_at and r.sent_at.date() > r.period.deadline}
    assert late == {HA_TAN}


def test_the_report_under_review_came_twice_and_has_two_open_remarks(
    as_user: Callable[[User], Client], reviewer: User
) -> None:
    report = report_of(HA_NGOC, NOW)
    said = threads(report)
    assert [(thread.open, len(thread.answers)) for thread in said] == [
        (True, 0), (True, 0), (False, 1),
    ]  # fmt: skip
    page = as_user(reviewer).get(reverse("review", args=[report.pk]))
    assert [change.name for change in page.context["changes"]] == [
        "procedures.digitised", "procedures.apologies", "evaluation.limits",
    ]  # fmt: skip
    limits = page.context["changes"][
        2
    ].after  # where the clerk put a live figure, its number is read
    assert limits.startswith("- Còn 05 hồ sơ quá hạn, đều thuộc lĩnh vực đất đai;")
    assert page.context["previous"].period.code == "HT-2023-6T"
    assert len(page.context["standard"]) == 5


def test_the_returned_report_opens_two_sections_and_a_third_is_asked_for() -> None:
    states = report_of(YEN_SON, NOW).section_states
    opened = states.filter(open=True).values_list("section", flat=True)
    assert set(opened) == {"procedures", "civil_service"}
    assert list(states.exclude(asked="").values_list("section", flat=True)) == ["evaluation"]


@pytest.mark.pdf
def test_the_issued_paper_is_found_by_its_code(
    as_user: Callable[[User], Client], reviewer: User
) -> None:
    report = report_of(HA_SON, NOW)
    assert (report.paper.number, str(report.paper.issued_on)) == (87, "2023-09-15")
    kept = list(report.releases.order_by("at"))
    assert [one.kind for one in kept] == [Release.Kind.APPROVED, Release.Kind.ISSUED]
    asked = as_user(reviewer).post(reverse("confirm"), {"code": kept[1].code})
    assert "Đây là bản đang có hiệu lực." in asked.content.decode()


@pytest.mark.pdf
def test_the_reopened_report_keeps_its_papers_and_opens_one_section() -> None:
    report = report_of(HA_GIANG, NOW)
    assert (report.version, report.paper.number) == (2, None)
    assert set(report.releases.values_list("version", "kind")) == {(1, "approved"), (1, "issued")}
    assert list(report.section_states.filter(open=True).values_list("section", flat=True)) == [
        "egov"
    ]


def test_one_commune_asks_for_more_time() -> None:
    asked = Report.objects.exclude(extension_asked=None).values_list(
        "unit__code", "extension_asked"
    )
    assert [(code, str(day)) for code, day in asked] == [(HA_VINH, "2023-09-20")]


def test_ha_tien_may_start_from_its_report_before(
    as_user: Callable[[User], Client], clerk: User
) -> None:
    page = as_user(clerk).get(reverse("report", args=[report_of(HA_TIEN, NOW).pk]))
    assert page.context["start"].period == "6 tháng đầu năm 2023"
    assert "Bắt đầu từ báo cáo kỳ trước" in page.content.decode()


def test_two_offices_have_remarks_of_their_own() -> None:
    offices = StandardRemark.objects.values_list("office__code", flat=True)
    assert {code: list(offices).count(code) for code in ("392", "38")} == {"392": 5, "38": 4}


# --- the telling ------------------------------------------------------------------------------------------


def forget(unit: str) -> Report:
    """The unit's report as it was before the story."""
    report = report_of(unit, NOW)
    Report.objects.filter(pk=report.pk).update(revision=0, step=0, state=State.DRAFT, sent_at=None)
    report.explanations.all().delete()
    report.releases.all().delete()
    report.sent_dossiers.all().delete()
    return report


def only(way: dict[str, Any], unit: str) -> dict[str, Any]:
    stories = [s for s in way["reports"] if (s["unit"], s["period"]) == (unit, NOW)]
    return {"reports": stories}


@pytest.mark.every_engine
def test_a_report_somebody_touched_is_left_alone(
    way: dict[str, Any], pages: dict[str, Any]
) -> None:
    report = forget(HA_BINH)
    Report.objects.filter(pk=report.pk).update(revision=1)
    before = report.events.count()
    tell(way, pages, print)
    report.refresh_from_db()
    assert (report.state, report.events.count()) == (State.DRAFT, before)


def test_without_the_native_libraries_the_story_stops_before_the_paper(
    way: dict[str, Any], pages: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoPress:
        def make(self, page: str) -> bytes:
            raise NativeLibrariesMissing("libpango")

    monkeypatch.setattr(release, "press", NoPress)
    report, said = forget(HA_SON), []
    tell(only(way, HA_SON), pages, said.append)
    report.refresh_from_db()
    assert report.state == State.REVIEWING
    words = "Máy chủ chưa tạo được bản PDF nên chưa ghi nhận; mời báo quản trị."
    assert said == [f"Bỏ qua từ xã Hà Sơn, 9 tháng đầu năm 2023, bước 7 (approve): {words}"]


@pytest.mark.parametrize(
    ("step", "said"),
    [({"do": "send", "by": "hatien_lanhdao"}, r"bước 1 \(send\): Chỉ Công chức"),
     ({"do": "fill", "by": "khong_co"}, r"bước 1 \(fill\): không có “khong_co”"),
     ({"do": "edit", "by": "hatien", "section": "egov", "fields": {"egov.x": "1"}},
      "egov.x.*trang không có ô này"),
     ({"do": "edit", "by": "hatien", "section": "egov", "fields": {"egov.outgoing": "nhiều"}},
      "egov.outgoing"),
     ({"do": "present", "by": "hatien"}, r"bước 1 \(present\): Còn \d+ lỗi phải sửa")],
)  # fmt: skip
def test_a_step_the_portal_refuses_is_named(
    way: dict[str, Any], pages: dict[str, Any], step: dict[str, Any], said: str
) -> None:
    steps = [{"at": way["reports"][0]["steps"][0]["at"], **step}]
    with pytest.raises(DataError, match=said):
        tell({"reports": [{"unit": HA_TIEN, "period": NOW, "steps": steps}]}, pages, print)


@pytest.mark.every_engine
def test_loading_the_demo_once_more_tells_nothing_twice() -> None:
    before = [Event.objects.count(), Release.objects.count(), load(report_of(HA_NGOC, NOW))]
    loading.load_demo()
    assert [Event.objects.count(), Release.objects.count(), load(report_of(HA_NGOC, NOW))] == before
