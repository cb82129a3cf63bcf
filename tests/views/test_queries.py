"""What each page costs: exact numbers of queries, the same for a short report and a long one.

A number here is a promise. When one grows, either a loop asks the database, or the page has learnt
something new; then the number is changed by hand.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from conftest import TONG_SON, report_of
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports import audit
from reports.checks import gate
from reports.dossier.facts import load
from reports.dossier.json import to_json
from reports.enums import State, Verb
from reports.models import (
    TABLES,
    Evidence,
    FormerName,
    IndicatorNote,
    IndicatorValue,
    IssuedDocument,
    Mark,
    Narrative,
    Presence,
    Release,
    ReleasedFile,
    Remark,
    Report,
    ReportingPeriod,
    RoleAssignment,
    SectionState,
    SentDossier,
    Unit,
    User,
)
from reports.models.rows import Disbursement, Equipment, FieldDossiers, Position
from reports.periods.opening import open_period

Browser = Callable[[User], Client]
JSON = {"accept": "application/json"}

SECTIONS = ("direction", "institutional", "procedures", "organisation", "civil_service", "finance",
            "egov", "evaluation", "plan")  # fmt: skip


def grow(report: Report, rows: int) -> None:
    """Rows in every table whose length the commune decides, each with a mark, and narratives."""
    for table in TABLES:
        if not table.fixed:
            table.objects.filter(report=report).delete()
    report.marks.all().delete()
    report.narratives.all().delete()
    clerk = User.objects.get(username="hatien")
    for n in range(rows):
        Evidence.objects.create(
            report=report, section="direction", subject=f"documents@direction{n}",
            explanation="Bản giấy lưu tại Văn phòng.", added_by=clerk,
        )  # fmt: skip
        named = {"report": report, "uid": f"u{n}", "order": n}
        FieldDossiers.objects.create(**named, name=f"Lĩnh vực {n}", received=n)
        Equipment.objects.create(**named, name=f"Thiết bị {n}", quantity=n)
        Position.objects.create(**named, name=f"Chức danh {n}", present=n)
        Disbursement.objects.create(**named, name=f"Nội dung {n}", amount=n)
        for section in ("direction", "finance"):
            IssuedDocument.objects.create(
                report=report, uid=f"{section}{n}", part=section, kind="ke_hoach", number=str(n)
            )
        Mark.objects.create(report=report, figure="dossiers.late", row=f"u{n}", kind="none_arisen")
        Narrative.objects.create(report=report, item=f"mục-{n}", text="Lời")


def page_of(report: Report, section: str) -> str:
    return reverse("section", kwargs={"pk": report.pk, "section": section})


def cost(ask: Callable[[], HttpResponse], status: int = 200) -> int:
    """The queries of one request, asked a second time: outlines stay in a process's memory."""
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer = ask()
        assert answer.status_code == status
        if answer.streaming:  # a file that is still being sent keeps its reader's turn
            list(answer)
    return len(queries)


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_page_costs_20_and_the_frame_of_the_paper_19(
    clerk: User, as_user: Browser, ha_tien: Report, section: str, rows: int
) -> None:
    grow(ha_tien, rows)
    client = as_user(clerk)
    assert cost(lambda: client.get(page_of(ha_tien, section))) == 20
    assert cost(lambda: client.get(page_of(ha_tien, "paper"))) == 19


@pytest.mark.parametrize("rows", [1, 30])
def test_the_report_page_costs_26_and_the_preview_17(
    clerk: User, as_user: Browser, ha_tien: Report, rows: int
) -> None:
    grow(ha_tien, rows)
    client = as_user(clerk)
    assert cost(lambda: client.get(reverse("report", args=[ha_tien.pk]))) == 26
    assert cost(lambda: client.get(reverse("preview", args=[ha_tien.pk]))) == 17


@pytest.mark.parametrize("rows", [1, 30])
def test_the_pages_of_a_report_with_an_appendix_cost_two_more(
    as_user: Browser, dien_bien: Report, rows: int
) -> None:
    grow(dien_bien, rows)
    indicators = dien_bien.indicator_set.indicators.filter(kind="value")
    for indicator in indicators[:rows]:
        own = {"report": dien_bien, "indicator": indicator}
        IndicatorNote.objects.update_or_create(**own, defaults={"text": "Ghi chú"})
        IndicatorValue.objects.update_or_create(**own, defaults={"number": 1})
    client = as_user(User.objects.get(username="dienbien"))
    for section in ("appendix", "direction"):
        assert cost(lambda section=section: client.get(page_of(dien_bien, section))) == 22
    assert cost(lambda: client.get(reverse("report", args=[dien_bien.pk]))) == 28
    assert cost(lambda: client.get(reverse("preview", args=[dien_bien.pk]))) == 19


@pytest.fixture
def year(db: None) -> Report:
    """An empty report whose unit has a full one of the period before."""
    return report_of(TONG_SON)


@pytest.fixture
def desk(db: None, as_user: Browser) -> Client:
    return as_user(User.objects.get(username="tongson"))


@pytest.mark.parametrize("rows", [1, 30])
def test_pages_with_a_report_before_cost_14_more(desk: Client, year: Report, rows: int) -> None:
    grow(year, rows)
    grow(report_of(TONG_SON, "TH-2026-9T"), rows)
    for section in ("direction", "procedures", "appendix"):
        assert cost(lambda section=section: desk.get(page_of(year, section))) == 36
    assert cost(lambda: desk.get(page_of(year, "paper"))) == 35
    # A report that was begun offers no start.
    assert cost(lambda: desk.get(reverse("report", args=[year.pk]))) == 29


@pytest.mark.parametrize("rows", [1, 30])
def test_the_report_page_that_offers_a_start_costs_45(
    desk: Client, year: Report, rows: int
) -> None:
    grow(report_of(TONG_SON, "TH-2026-9T"), rows)
    ask = partial(desk.get, reverse("report", args=[year.pk]))
    assert cost(ask) == 45
    assert ask().context["start"].rows > rows


@pytest.mark.parametrize("rows", [1, 30])
def test_the_start_costs_178_queries_whatever_it_takes_over(
    desk: Client, year: Report, rows: int
) -> None:
    nine = report_of(TONG_SON, "TH-2026-9T")
    Equipment.objects.filter(report=nine).delete()
    for n in range(rows):
        Equipment.objects.create(
            report=nine, uid=f"e{n}", order=n, name=f"Thiết bị {n}", quantity=n
        )
    ask = partial(desk.post, reverse("carry_over", args=[year.pk]))
    gate._read.cache_clear()  # a process that has not read the report before yet
    with CaptureQueriesContext(connection) as first:
        assert ask().status_code == 302
    assert Equipment.objects.filter(report=year).count() == rows
    assert len(first) == 178
    # Pressed again there is nothing to write.
    with CaptureQueriesContext(connection) as again:
        assert ask().status_code == 302
    assert len(again) == 55


@pytest.mark.parametrize("rows", [1, 30])
def test_a_heartbeat_costs_9_without_news_23_with_and_5_to_leave(
    clerk: User, as_user: Browser, ha_tien: Report, rows: int
) -> None:
    grow(ha_tien, rows)
    for n in range(rows):
        user = User.objects.create_user(f"ban_{n}", full_name=f"Người {n}")
        Presence.objects.create(
            report=ha_tien, section="procedures", user=user, seen_at=timezone.now()
        )
    client = as_user(clerk)
    address = reverse("company", kwargs={"pk": ha_tien.pk, "section": "procedures"})
    beat = partial(client.post, address, {"revision": str(ha_tien.revision)})
    assert cost(beat) == 9
    assert len(beat().json()["others"]) == rows
    assert cost(partial(client.post, address, {"revision": "0"})) == 23
    assert cost(partial(client.post, address, {"leave": "1"})) == 5


@pytest.mark.parametrize("rows", [1, 30])
def test_a_conflict_costs_23(clerk: User, as_user: Browser, ha_tien: Report, rows: int) -> None:
    grow(ha_tien, rows)
    client = as_user(clerk)
    sent = {"procedures.received": "1", "base:procedures.received": "2"}
    assert cost(lambda: client.post(page_of(ha_tien, "procedures"), sent, headers=JSON)) == 23


@pytest.mark.parametrize("rows", [1, 30])
def test_a_blank_form_costs_17_and_33_with_appendix_and_a_report_before(
    desk: Client, clerk: User, as_user: Browser, ha_tien: Report, year: Report, rows: int
) -> None:
    grow(ha_tien, rows)
    client = as_user(clerk)

    def blank(report: Report, file_format: str) -> str:
        return reverse("blank", kwargs={"pk": report.pk, "file_format": file_format})

    for file_format in ("docx", "xlsx"):
        ask = partial(client.get, blank(ha_tien, file_format))
        assert cost(ask) == 17, file_format
    assert cost(lambda: desk.get(blank(year, "xlsx"))) == 33


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_that_takes_a_form_in_and_its_preview_cost_17(
    clerk: User, as_user: Browser, ha_tien: Report, rows: int
) -> None:
    grow(ha_tien, rows)
    client = as_user(clerk)
    address = reverse("bring_in", kwargs={"pk": ha_tien.pk})
    form = client.get(reverse("blank", kwargs={"pk": ha_tien.pk, "file_format": "xlsx"})).getvalue()
    assert cost(lambda: client.get(address)) == 17

    def bring() -> HttpResponse:
        return client.post(address, {"file": ContentFile(form, "phieu.xlsx")})

    assert cost(bring) == 17


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_evidence_costs_18_and_its_bundle_17(
    clerk: User, as_user: Browser, ha_tien: Report, rows: int
) -> None:
    grow(ha_tien, rows)
    client = as_user(clerk)
    assert cost(lambda: client.get(reverse("evidence", args=[ha_tien.pk]))) == 18
    assert cost(lambda: client.get(reverse("evidence_bundle", args=[ha_tien.pk]))) == 17


def test_reading_a_dossier_costs_what_it_says(
    ha_tien: Report, dien_bien: Report, django_assert_num_queries: Any
) -> None:
    for report, queries in ((ha_tien, 12), (dien_bien, 14)):
        load(report.pk)
        with django_assert_num_queries(queries):
            load(report.pk)


@pytest.mark.parametrize("rows", [1, 30])
def test_an_autosave_of_one_figure_costs_the_same_in_a_long_report(
    clerk: User, as_user: Browser, ha_tien: Report, rows: int
) -> None:
    grow(ha_tien, rows)
    client = as_user(clerk)
    numbers = iter(range(100, 200))

    def autosave() -> HttpResponse:
        data = {"procedures.received": str(next(numbers))}
        return client.post(page_of(ha_tien, "procedures"), data, headers=JSON)

    assert cost(autosave) == 42


def test_an_autosave_of_many_figures_costs_what_one_does(
    clerk: User, as_user: Browser, ha_tien: Report
) -> None:
    client = as_user(clerk)
    numbers = iter(range(100, 200))

    def autosave() -> HttpResponse:
        names = ("received", "resolved", "in_force", "at_desk", "newly_published", "abolished")
        data = {f"procedures.{name}": str(next(numbers)) for name in names}
        return client.post(page_of(ha_tien, "procedures"), data, headers=JSON)

    assert cost(autosave) == 42


def test_an_autosave_that_changes_nothing_writes_nothing(
    clerk: User, as_user: Browser, ha_tien: Report
) -> None:
    client = as_user(clerk)
    sent = {"procedures.received": "207"}
    ask = partial(client.post, page_of(ha_tien, "procedures"), sent, headers=JSON)
    ask()
    with CaptureQueriesContext(connection) as queries:
        ask()
    verbs = [query["sql"].split()[0] for query in queries]
    assert {"UPDATE", "INSERT", "DELETE"} & set(verbs) == set()


@pytest.mark.parametrize("file_format", ["html", "json"])
def test_an_unchanged_paper_is_not_made_again(
    clerk: User, as_user: Browser, ha_tien: Report, file_format: str
) -> None:
    client = as_user(clerk)
    address = reverse("download", kwargs={"pk": ha_tien.pk, "file_format": file_format})
    assert cost(lambda: client.get(address)) == 5
    first = client.get(address)
    etag = {"if-none-match": first["ETag"]}
    assert cost(lambda: client.get(address, headers=etag), status=304) == 4
    assert client.get(address, headers={"if-none-match": "*"}).status_code == 304
    client.post(page_of(ha_tien, "procedures"), {"procedures.received": "208"})
    changed = client.get(address, headers=etag)
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_browser_that_takes_gzip_is_spared_an_unchanged_paper_too(
    clerk: User, as_user: Browser, ha_tien: Report
) -> None:
    client = as_user(clerk)
    address = reverse("download", kwargs={"pk": ha_tien.pk, "file_format": "html"})
    first = client.get(address, headers={"accept-encoding": "gzip"})
    again = {"accept-encoding": "gzip", "if-none-match": first["ETag"]}
    answer = client.get(address, headers=again)
    assert (first["Content-Encoding"], answer.status_code) == ("gzip", 304)
    assert "no-store" not in answer["Cache-Control"]


# --- the report's way ---------------------------------------------------------------------------------


def walked(report: Report, remarks: int, events: int, releases: int = 0) -> None:
    """A report with so many remarks, each answered, so many events of typing, and papers kept."""
    clerk, reviewer = (User.objects.get(username=n) for n in ("hatien", "hatrung_noivu"))
    now = timezone.now()
    for n in range(remarks):
        remark = Remark.objects.create(
            report=report, section="procedures", name="procedures.received", text=f"Ý {n}",
            by=reviewer, at=now, resolved_at=now if n % 2 else None,
            resolved_by=reviewer if n % 2 else None,
        )  # fmt: skip
        Remark.objects.create(report=report, answers=remark, text="Đã xem.", by=clerk, at=now)
    for n in range(events):
        section = SECTIONS[n % len(SECTIONS)]
        audit.record(report, Verb.EDIT, clerk, section=section,
                     before={f"{section}.x": str(n)}, after={f"{section}.x": str(n + 1)})  # fmt: skip
    for version in range(releases):
        kept = Release.objects.create(report=report, version=version + 1, kind="approved", by=clerk,
                                      code=f"AAAA-{version:04}", at=now, dossier="{}")  # fmt: skip
        for name in ("pdf", "docx", "html"):
            ReleasedFile.objects.create(release=kept, format=name, content=b"%PDF", sha256=name)
    told = json.dumps(to_json(load(report)), ensure_ascii=False)
    for step in (1, 2):
        SentDossier.objects.create(report=report, step=step, at=now, dossier=told)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_checks_cost_21_and_the_sheet_of_the_leader_22(
    clerk: User, leader: User, as_user: Browser, ha_tien: Report, rows: int
) -> None:
    grow(ha_tien, rows)
    client = as_user(clerk)
    assert cost(lambda: client.get(reverse("checks", args=[ha_tien.pk]))) == 21
    found = client.get(reverse("checks", args=[ha_tien.pk])).context["verdict"].warnings
    keys = [one.finding.key for one in found]
    client.post(reverse("checks", args=[ha_tien.pk]), {"key": keys, "word": ["Đúng."] * len(keys)})
    assert cost(lambda: client.get(reverse("checks", args=[ha_tien.pk]))) == 21
    Report.objects.filter(pk=ha_tien.pk).update(state=State.PRESENTED)
    client = as_user(leader)
    assert cost(lambda: client.get(reverse("sign_off", args=[ha_tien.pk]))) == 22


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_review_costs_26_however_much_was_said(
    reviewer: User, as_user: Browser, ha_tien: Report, rows: int
) -> None:
    walked(ha_tien, remarks=rows, events=rows)
    Report.objects.filter(pk=ha_tien.pk).update(state=State.REVIEWING)
    client = as_user(reviewer)
    assert cost(lambda: client.get(reverse("review", args=[ha_tien.pk]))) == 26
    page = client.get(reverse("review", args=[ha_tien.pk]))
    assert len(page.context["threads"]) == rows and page.context["resent"]


@pytest.mark.parametrize("events", [1, 300])
def test_a_timeline_costs_20_however_much_happened(
    clerk: User, as_user: Browser, ha_tien: Report, events: int
) -> None:
    walked(ha_tien, remarks=1, events=events)
    client = as_user(clerk)
    assert cost(lambda: client.get(reverse("timeline", args=[ha_tien.pk]))) == 20
    assert len(client.get(reverse("timeline", args=[ha_tien.pk])).context["entries"]) == events


#: Where a role may act only when the unit has, or lacks, another, that is asked. While it is written the checks run.
#: A report with kept papers asks for their signed copies; one more when there are some (`test_signed`).
REPORT_PAGE = dict.fromkeys(State, 24) | {
    State.DRAFT: 28, State.RETURNED: 28, State.APPROVED: 25, State.ISSUED: 25,
}  # fmt: skip


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("state", State)
def test_the_report_page_costs_what_its_state_asks_for(
    clerk: User, as_user: Browser, ha_tien: Report, state: State, rows: int
) -> None:
    walked(ha_tien, remarks=rows, events=rows, releases=rows)
    Report.objects.filter(pk=ha_tien.pk).update(state=state, version=rows)
    client = as_user(clerk)
    assert cost(lambda: client.get(reverse("report", args=[ha_tien.pk]))) == REPORT_PAGE[state]


def test_the_report_page_leaves_the_bytes_of_kept_papers_where_they_are(
    clerk: User, as_user: Browser, ha_tien: Report
) -> None:
    walked(ha_tien, remarks=0, events=0, releases=3)
    client = as_user(clerk)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("report", args=[ha_tien.pk]))
    kept = [query["sql"] for query in queries if "reports_release" in query["sql"]]
    assert len(kept) == 3
    heavy = ('"content"', *(f'"{name}"' for name in Release.HEAVY))
    assert not any(name in sql for sql in kept for name in heavy)


# --- lists --------------------------------------------------------------------------------------------


def more_units(period: ReportingPeriod, total: int) -> None:
    """The period asks `total` units, each with a former name and its report saved once."""
    clerk = User.objects.get(username="hatien")
    for n in range(total - period.units.count()):
        unit = Unit.objects.create(code=f"x{n}", kind="xã", name=f"Số {n}")
        FormerName.objects.create(unit=unit, kind="xã", name=f"Cũ {n}", valid_to=period.data_to)
        period.units.add(unit)
        RoleAssignment.objects.create(user=clerk, unit=unit, role="clerk")
    open_period(period)
    states = SectionState.objects.filter(report__period=period)
    states.update(saved_by=clerk, saved_at=timezone.now())


@pytest.mark.parametrize(("units", "shown"), [(7, 7), (60, 50)])
def test_a_period_costs_13_for_few_units_and_for_many(
    reviewer: User, as_user: Browser, ha_tien: Report, units: int, shown: int
) -> None:
    more_units(ha_tien.period, units)
    client = as_user(reviewer)
    assert cost(lambda: client.get(reverse("period", args=["HT-2023-6T"]))) == 13
    page = client.get(reverse("period", args=["HT-2023-6T"]))
    assert len(page.context["rows"]) == shown
    found = client.get(reverse("period", args=["HT-2023-6T"]), {"tim": "ha tien"})
    assert [row.unit for row in found.context["rows"]] == ["xã Hà Tiến"]


def test_a_period_of_three_units_costs_the_same(admin: User, as_user: Browser) -> None:
    client = as_user(admin)
    assert cost(lambda: client.get(reverse("period", args=["TH-2026-NAM"]))) == 13


@pytest.mark.parametrize(("units", "shown"), [(7, 2), (60, 55)])
def test_the_inbox_of_a_clerk_costs_8_for_two_reports_and_for_many(
    clerk: User, as_user: Browser, ha_tien: Report, units: int, shown: int
) -> None:
    more_units(ha_tien.period, units)
    client = as_user(clerk)
    assert cost(lambda: client.get("/")) == 8
    assert len(client.get("/").context["rows"]) == shown


@pytest.mark.parametrize("periods", [2, 12])
def test_the_inbox_of_a_reviewer_costs_7_for_two_periods_and_for_many(
    reviewer: User, as_user: Browser, ha_tien: Report, periods: int
) -> None:
    for n in range(periods - 2):
        period = ReportingPeriod.objects.get(code="HT-2023-6T")
        period.pk, period.code, period.opened_at = None, f"HT-{n}", None
        period.save()
    client = as_user(reviewer)
    assert cost(lambda: client.get("/")) == 7
    assert len(client.get("/").context["periods"]) == periods


@pytest.mark.parametrize(
    "address",
    ["/bao-cao/99999999999999999999/", "/bao-cao/0/", "/bao-cao/-1/", "/ky/%00/", "/ky/%F0%9F%92%A9/",
     "/ky/..%2F..%2Fetc/", "/bao-cao/1/phan/../", "/bao-cao/99999999999999999999/van-ban.pdf"],
)  # fmt: skip
def test_addresses_that_lead_nowhere_are_not_found(
    reviewer: User, as_user: Browser, address: str
) -> None:
    client = as_user(reviewer)
    client.raise_request_exception = False
    with transaction.atomic():
        response = client.get(address)
        transaction.set_rollback(response.status_code == 500)
    assert response.status_code == 404


@pytest.mark.parametrize(
    "query", ["%00", "\u202e", "<script>", "%", "_", "'", "a" * 5000, "Hà  TIẾN"]
)
def test_any_search_of_a_period_is_answered(reviewer: User, as_user: Browser, query: str) -> None:
    page = as_user(reviewer).get("/ky/HT-2023-6T/", {"tim": query, "trang": query})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()
    rows = {"Hà  TIẾN": 1, "\u202e": 7}.get(query, 0)
    assert len(page.context["rows"]) == rows
