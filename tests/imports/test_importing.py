"""A report from a file: accepted whole or refused whole, with every problem and its path."""

import json
from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from conftest import DIEN_BIEN, HA_TIEN, LOC_THUY, report_of
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from random_reports import contents

from reports.dossier.facts import Dossier, load
from reports.dossier.json import to_json
from reports.dossier.schema import report_schema
from reports.imports.report_json import ImportRefused, import_report
from reports.models import Report

pytestmark = pytest.mark.django_db


def exported(unit: str) -> dict[str, Any]:
    return to_json(load(report_of(unit)))


def refused(data: Any) -> dict[str, str]:
    text = data if isinstance(data, str) else json.dumps(data)
    with pytest.raises(ImportRefused) as found:
        import_report(text)
    return {problem.path: problem.message for problem in found.value.problems}


@pytest.mark.every_engine
@pytest.mark.parametrize("unit", [HA_TIEN, LOC_THUY, DIEN_BIEN])
def test_what_was_exported_comes_back_the_same_and_fits_the_schema(unit: str) -> None:
    report = report_of(unit)
    before = exported(unit)
    schema = report_schema(load(report).catalogue)
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(before)) == []
    assert import_report(json.dumps(before)).revision == report.revision
    assert exported(unit) == before


@pytest.fixture
def sample(dien_bien: Report) -> Dossier:
    return load(dien_bien)


@pytest.mark.once  # what a database keeps, `test_dossier` tries with random reports on every engine
@settings(
    max_examples=80, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip
@given(data=st.data())
def test_eighty_random_reports_come_back_the_same(sample: Dossier, data: st.DataObject) -> None:
    base, told_of_base = sample, to_json(sample)
    items = [item.code for item in base.outline.items]
    content = data.draw(contents(base))
    for row in content["tables"]["documents"]:
        row["item"] = items[0]
    told = content["narratives"].values()
    content["narratives"] = dict(zip(items, told, strict=False))
    paper = {**told_of_base["paper"], **content["paper"]}
    whole = {**told_of_base, **content, "paper": paper}
    with transaction.atomic():
        import_report(json.dumps(whole))
        first = exported(DIEN_BIEN)
        import_report(json.dumps(first))
        again = exported(DIEN_BIEN)
        transaction.set_rollback(True)
    assert again == first


def test_all_problems_are_told_in_one_pass_and_nothing_is_written() -> None:
    before = exported(HA_TIEN)
    wrong = deepcopy(before)
    wrong["figures"]["procedures.received"] = -3
    wrong["figures"]["procedures.resolved"] = "2,395"
    wrong["figures"]["no.such_figure"] = 1
    wrong["tables"]["staff"][0]["category"] = "kings"
    wrong["tables"]["documents"][1]["date"] = "2024-02-31"
    wrong["tables"]["outgoing"].append(dict(wrong["tables"]["outgoing"][0]))
    wrong["paper"]["symbol"] = "X" * 41
    del wrong["paper"]["place"]
    found = refused(wrong)
    assert found["figures.procedures.received"] == "“-3”: không nhận số nhỏ hơn 0"
    assert found["figures.procedures.resolved"] == '“"2,395"”: cần số nguyên'
    assert found["figures.no.such_figure"] == "không có số liệu hoặc mục này"
    assert found["tables.staff[0].category"].startswith('“"kings"”: cần một trong officials')
    assert found["tables.documents[1].date"] == '“"2024-02-31"”: không có ngày này'
    assert found["paper.symbol"] == "có 41 ký tự, tối đa 40"
    assert found["paper.place"] == "thiếu mục này"
    assert len(found) == 7  # twins are looked for once the rest is right
    assert exported(HA_TIEN) == before


def test_what_the_house_knows_is_judged_too() -> None:
    wrong = exported(HA_TIEN)
    wrong["outline"] = {"code": "general", "version": 1}
    wrong["narratives"]["no_such_item"] = {"text": "a", "placement": "after"}
    wrong["notes"] = {"r1": "ghi chú"}
    wrong["paper"]["number"] = 5
    wrong["tables"]["outgoing"].append({**wrong["tables"]["outgoing"][0], "uid": "khac"})
    assert set(refused(wrong)) == {
        "outline", "narratives.no_such_item", "notes.r1", "paper.number",
        f"tables.outgoing[{len(wrong['tables']['outgoing']) - 1}].kind",
    }  # fmt: skip


def test_a_file_cut_short_a_newer_one_and_no_report_at_all_are_told_apart() -> None:
    text = json.dumps(exported(HA_TIEN))
    assert refused(text[:500]) == {"dòng 1, cột 501": "tệp không phải JSON hoặc bị cắt ngang"}
    assert list(refused("[" * 100_000)) == [""]
    assert refused("[1]") == {"": "tệp cần là một báo cáo, bắt đầu bằng dấu {"}
    assert "mới hơn" in refused({**exported(HA_TIEN), "schema_version": 2})["schema_version"]
    assert refused({"schema_version": 1}) == {"unit.code": "thiếu mã"}
    assert list(refused(text.replace('"revision": 1', '"revision": NaN'))) == [""]


def test_only_a_unit_that_owes_the_period_gets_a_draft() -> None:
    data = exported(HA_TIEN)
    assert (
        "không có kỳ" in refused({**data, "period": {**data["period"], "code": "X"}})["period.code"]
    )
    other = {**data, "unit": {**data["unit"], "code": "20146"}}
    assert "không phải báo cáo" in refused(other)["unit.code"]


def test_a_file_of_another_unit_or_period_than_was_expected_is_named() -> None:
    text = json.dumps(exported(HA_TIEN))
    with pytest.raises(ImportRefused) as found:
        import_report(text, LOC_THUY, "HT-2024-6T")
    told = {problem.path: problem.message for problem in found.value.problems}
    assert "tệp của đơn vị “15325” (" in told["unit.code"]
    assert f"cần tệp của đơn vị “{LOC_THUY}”" in told["unit.code"]
    assert "“HT-2023-6T”" in told["period.code"] and "“HT-2024-6T”" in told["period.code"]
    assert import_report(text, HA_TIEN, "HT-2023-6T").unit.code == HA_TIEN


def test_a_draft_is_made_where_the_period_has_none_yet() -> None:
    data = exported(HA_TIEN)
    report_of(HA_TIEN).delete()
    wrong = {**data, "figures": {"x": 1}}
    assert refused(wrong)
    assert not Report.objects.filter(unit__code=HA_TIEN, period__code="HT-2023-6T").exists()
    import_report(json.dumps(data))
    assert exported(HA_TIEN) == {**data, "revision": 1}


@pytest.mark.every_engine
def test_the_commands_say_what_they_did_and_print_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(exported(DIEN_BIEN)), encoding="utf-8")
    said = StringIO()
    call_command("import_report", str(path), stdout=said)
    assert said.getvalue() == "Đã nạp báo cáo của phường Điện Biên, kỳ DB-2021-6T.\n"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="có 1 lỗi, chưa nạp gì"):
        call_command("import_report", str(path))
    with pytest.raises(CommandError, match="Không đọc được"):
        call_command("import_report", str(tmp_path / "none.json"))
    said = StringIO()
    call_command("report_schema", "--indicators", "thanh_hoa_2021", stdout=said)
    assert "indicator.r3_3" in json.loads(said.getvalue())["properties"]["figures"]["properties"]
