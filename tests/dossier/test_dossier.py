"""The dossier: four values from field to paper, totals and ratios, names of their time, JSON there and back."""

import html
import json
import re
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from conftest import PERIODS, of_examples
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_reports import contents

from reports.catalogue.outlines import indicator_facts, outline_facts
from reports.catalogue.values import Value
from reports.demo.loading import FIXTURES
from reports.dossier.facts import Dossier, load
from reports.dossier.json import FormatError, from_json, to_json
from reports.editing.writing import replace
from reports.models import FormerName, Mark, Report
from reports.models.sections import Direction

SAMPLES = {"15325": "ha_tien_2023h1", "20146": "loc_thuy_2022q1", "14767": "dien_bien_2021h1"}
JSON = {"accept": "application/json"}


def sample(unit: str) -> Report:
    reports = Report.objects.select_related("outline", "indicator_set")
    return reports.get(unit__code=unit, period__code=PERIODS[unit])


def told(data: dict[str, Any], report: Report) -> Dossier:
    """The dossier that JSON data tells of, with the outline and appendix of the report."""
    indicators, catalogue = indicator_facts(report.indicator_set)
    return from_json(data, outline_facts(report.outline), indicators, catalogue)


def words(markup: str) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", "", markup)).replace("\u00a0", " ")
    return " ".join(text.split())


# --- four values --------------------------------------------------------------------------------------


@pytest.mark.every_engine
def test_the_four_values_stay_four_from_field_to_paper(
    as_user: Callable[[Any], Client], empty_report: Report
) -> None:
    typing = as_user(empty_report.unit.roles.get().user)
    names = ("news_items", "propaganda_conferences", "inspections_planned", "radio_broadcasts")
    typed = dict(zip((f"direction.{name}" for name in names), ("7", "0", "kps", ""), strict=True))
    address = reverse("section", kwargs={"pk": empty_report.pk, "section": "direction"})
    answer = typing.post(address, typed, headers=JSON).json()
    assert answer["shown"] == {**typed, "direction.inspections_planned": "Không phát sinh"}
    row = Direction.objects.get(report=empty_report)
    columns = (row.news_items, row.propaganda_conferences, row.inspections_planned)
    assert (*columns, row.radio_broadcasts) == (7, 0, None, None)
    marks = Mark.objects.filter(report=empty_report).values_list("figure", "kind", "text")
    assert list(marks) == [("direction.inspections_planned", "none_arisen", "")]
    dossier = load(empty_report)
    assert [dossier.value(f"direction.{name}") for name in names] == [
        Value(7), Value(0), Value(none_arisen=True), Value(),
    ]  # fmt: skip
    address = reverse("download", kwargs={"pk": empty_report.pk, "file_format": "json"})
    figures = typing.get(address).json()["figures"]
    assert [figures[f"direction.{name}"] for name in names] == [7, 0, "none_arisen", None]
    paper = words(typing.get(address.replace("json", "html")).content.decode())
    assert "tuyên truyền …… lượt trên hệ thống truyền thanh" in paper
    assert "số tin, bài đã đăng: 07; số hội nghị tuyên truyền: 0." in paper
    assert "Trong kỳ không phát sinh cuộc kiểm tra theo kế hoạch." in paper


# --- totals and ratios --------------------------------------------------------------------------------


def shown(value: Value) -> Any:
    return (value.content, value.stated) if value.stated else value.content


TOTALS: dict[str, dict[str, Any]] = {
    "15325": {
        "egov.outgoing_listed": 287,
        "egov.outgoing": 282,
        "direction.plan_tasks_planned": None,
        "direction.plan_tasks_planned_list": None,
        "direction.guiding_documents": 0,
        "procedures.on_time_rate": Decimal("98.55"),
        "procedures.resolved_on_time_rate": Decimal("33.8"),
        "procedures.late_rate": Decimal("1.4"),
        "procedures.pending_in_time_rate": None,
        "egov.level3_resolved_rate": (None, "100"),
        "egov.level4_resolved_rate": (None, "97,37"),
    },
    "20146": {
        "direction.guiding_documents": 12,  # 14 citations, two of them of documents cited before
        "direction.instructions_rate": (Decimal("83.3"), "83"),
        "procedures.resolved_on_time_rate": Decimal("97.0"),
        "procedures.late_rate": Decimal("3.0"),
        "procedures.pending_in_time_rate": (Decimal("76.3"), "76"),
        "procedures.pending_overdue_rate": (Decimal("23.8"), "24"),
        "procedures.on_time_rate": None,
    },
    "14767": {
        "direction.plan_tasks_planned": 18,
        "direction.plan_tasks_done": 6,
        "direction.plan_rate": Decimal("33.3"),
        "direction.plan_tasks_done_list": "1. Cải cách thủ tục hành chính: 3\n"
        "2. Cải cách tài chính công: 1\n"
        "3. Công tác chỉ đạo, điều hành, tuyên truyền về cải cách hành chính: 2",
        "direction.guiding_documents": 4,
        "egov.level3_rate": Decimal("4.57"),
        "egov.level4_rate": Decimal("3.24"),
        "egov.level3_resolved_rate": (Decimal("100.00"), "100"),
        "direction.survey_forms_sent": (360, "360 phiếu"),
    },
}


@pytest.mark.parametrize("unit", sorted(SAMPLES))
def test_totals_and_ratios_of_the_samples_are_exact(db: None, unit: str) -> None:
    dossier = load(sample(unit))
    assert {code: shown(dossier.value(code)) for code in TOTALS[unit]} == TOTALS[unit]


def test_shares_of_staff_are_computed_in_their_row(ha_tien: Report) -> None:
    dossier = load(ha_tien)
    officials = dossier.tables["staff"][0]
    shares = ("university", "college", "theory_intermediate", "foreign_language")
    assert [shown(dossier.value(f"staff.{name}_share", officials)) for name in shares] == [
        Decimal("81.8"), (Decimal("18.2"), "18,1"), Decimal("100.0"), (Decimal("27.3"), "27"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [(1, 16, "6.3"), (1, 8, "12.5"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 2000, "0.1"),
     (9995, 10000, "100.0"), (0, 7, "0.0"), (7, 0, None), ("none_arisen", 5, "0.0"),
     (None, 5, None), (5, None, None), (5, "none_arisen", None)],
)  # fmt: skip
def test_a_ratio_is_rounded_half_up_and_needs_both_parts(
    ha_tien: Report, part: Any, whole: Any, rate: str | None
) -> None:
    data = to_json(load(ha_tien))
    data["figures"] |= {"egov.incoming_handled": part, "egov.incoming": whole}
    computed = told(data, sample("15325")).value("egov.incoming_handled_rate").content
    assert computed == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (3, 5), (None, 5)])
def test_a_ratio_told_not_to_have_arisen_is_not_computed(
    ha_tien: Report, part: int | None, whole: int
) -> None:
    data = to_json(load(ha_tien))
    data["figures"] |= {
        "egov.incoming_handled": part, "egov.incoming": whole,
        "egov.incoming_handled_rate": "none_arisen",
    }  # fmt: skip
    said = told(data, sample("15325")).value("egov.incoming_handled_rate")
    assert said == Value(none_arisen=True)


def test_documents_without_a_number_are_told_apart_by_their_subject(ha_tien: Report) -> None:
    data = to_json(load(ha_tien))
    row = {"part": "direction", "kind": "quy_che", "number": "", "symbol": "", "date": None,
           "issuer": "Ủy ban nhân dân xã Hà Tiến", "purpose": "regulation"}  # fmt: skip
    subjects = ("làm việc", "chi tiêu nội bộ", "làm việc")
    documents = [{**row, "uid": f"u{n}", "subject": subject} for n, subject in enumerate(subjects)]
    data["tables"]["documents"] = documents
    assert told(data, sample("15325")).value("direction.guiding_documents") == Value(2)


# --- of its time --------------------------------------------------------------------------------------

LEVELS = ("procedures.received_level3", "procedures.received_level4")
PARTIAL = ("procedures.received_partial", "procedures.received_full")


@pytest.mark.parametrize(
    ("last", "asked", "gone"),
    [(date(2022, 8, 14), LEVELS, PARTIAL), (date(2022, 8, 15), PARTIAL, LEVELS)],
)
def test_figures_are_asked_while_they_are_valid(
    empty_report: Report, last: date, asked: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    period = empty_report.period
    period.data_from, period.data_to = date(2022, 1, 1), last
    period.save()
    figures = to_json(load(empty_report))["figures"]
    assert [figures.get(code, "not asked") for code in (*asked, *gone)] == [
        None, None, "not asked", "not asked",
    ]  # fmt: skip


def test_what_was_answered_is_told_though_it_is_no_longer_asked(ha_tien: Report) -> None:
    figures = to_json(load(ha_tien))["figures"]
    assert figures["egov.level4_resolved_rate"] == {"value": None, "stated": "97,37"}


def test_a_report_bears_the_names_of_its_period(
    clerk: Any, as_user: Callable[[Any], Client], ha_tien: Report
) -> None:
    for unit, name in ((ha_tien.unit, "Hà Tiến"), (ha_tien.period.superior, "Hà Trung")):
        FormerName.objects.create(unit=unit, kind="xã", name=f"{name} cũ", valid_to="2023-06-14")
        FormerName.objects.create(unit=unit, kind="xã", name=f"{name} xưa", valid_to="2023-06-13")
    dossier = load(ha_tien)
    assert (str(dossier.unit), str(dossier.superior)) == ("xã Hà Tiến cũ", "xã Hà Trung cũ")
    client = as_user(clerk)
    paper = words(client.get(reverse("preview", args=[ha_tien.pk])).content.decode())
    assert "XÃ HÀ TIẾN CŨ" in paper and "trân trọng báo cáo Ủy ban nhân dân xã Hà Trung cũ" in paper
    assert "xưa" not in paper.lower()
    assert "xã Hà Tiến cũ" in client.get("/").content.decode().replace("Xã", "xã")


# --- JSON ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", sorted(SAMPLES))
def test_a_sample_goes_into_json_and_back(db: None, unit: str) -> None:
    report = sample(unit)
    dossier = load(report)
    data = json.loads(json.dumps(to_json(dossier)))
    again = told(data, report)
    assert to_json(again) == data
    codes = [code for code, figure in dossier.catalogue.items() if not figure.table]
    assert [again.value(code) for code in codes] == [dossier.value(code) for code in codes]
    assert (again.narratives, again.notes, again.paper) == (
        dossier.narratives, dossier.notes, dossier.paper,
    )  # fmt: skip


@pytest.mark.every_engine
@pytest.mark.parametrize("unit", sorted(SAMPLES))
def test_the_database_holds_what_the_sample_file_says(db: None, unit: str) -> None:
    file = json.loads((FIXTURES / "demo" / f"{SAMPLES[unit]}.json").read_text("utf-8"))
    data = to_json(load(sample(unit)))
    asked = {code: data["figures"].get(code) for code in file["figures"]}
    assert asked == file["figures"]
    others = [data["figures"][code] for code in data["figures"] if code not in asked]
    assert set(others) == {None}
    for part in ("unit", "superior", "office", "period", "outline", "paper", "notes"):
        assert data[part] == file[part], part
    assert data["tables"]["documents"] == file["tables"]["documents"]


@pytest.mark.parametrize("version", [2, 0, None, "1"])
def test_another_version_of_the_format_is_refused(ha_tien: Report, version: Any) -> None:
    data = {**to_json(load(ha_tien)), "schema_version": version}
    with pytest.raises(FormatError, match=r"schema_version: .*, cần 1"):
        told(data, sample("15325"))


@pytest.mark.parametrize(
    ("code", "raw", "said"),
    [("procedures.nothing", 1, "figures.procedures.nothing: không có số liệu này"),
     ("procedures.received", -1, "figures.procedures.received: “-1” không phải số đếm"),
     ("procedures.received", 1.5, "“1.5” không phải số đếm"),
     ("procedures.received", True, "“True” không phải số đếm"),
     ("procedures.received", "360 phiếu", "“360 phiếu” không phải số đếm"),
     ("procedures.received", [1], "không phải số đếm"),
     ("procedures.desk_area", "rộng", "“rộng” không phải số thập phân"),
     ("procedures.desk_area", "NaN", "“NaN” không phải số thập phân"),
     ("procedures.desk_area", -1, "“-1” không phải số thập phân")],
)  # fmt: skip
def test_json_that_tells_no_figure_is_refused_by_its_path(
    ha_tien: Report, code: str, raw: Any, said: str
) -> None:
    data = to_json(load(ha_tien))
    data["figures"][code] = raw
    with pytest.raises(FormatError, match=re.escape(said)):
        told(data, sample("15325"))


@pytest.mark.every_engine
def test_replacing_a_report_counts_a_revision_whatever_was_taken_out(ha_tien: Report) -> None:
    for part in ("narratives", "tables", "figures"):
        dossier = load(ha_tien)
        data = to_json(dossier)
        data[part] = {}
        replace(ha_tien, told(data, sample("15325")))
        after = load(ha_tien)
        assert to_json(after) != to_json(dossier), part
        assert after.revision == dossier.revision + 1, part


# --- any dossier --------------------------------------------------------------------------------------


@pytest.mark.every_engine
@settings(
    max_examples=of_examples(50), deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip
@given(data=st.data())
def test_any_dossier_goes_through_the_database_and_json_unchanged(
    dien_bien: Report, data: st.DataObject
) -> None:
    report = sample("14767")
    base = load(report)
    content = data.draw(contents(base))
    whole = {
        **deepcopy(to_json(base)),
        **content,
        "paper": {**to_json(base)["paper"], **content["paper"]},
    }
    dossier = told(whole, report)
    expected = to_json(dossier)
    assert to_json(told(json.loads(json.dumps(expected)), report)) == expected
    with transaction.atomic():
        replace(report, dossier)
        stored = to_json(load(report))
        transaction.set_rollback(True)
    assert {**stored, "revision": 0} == {**expected, "revision": 0}
