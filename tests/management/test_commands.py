"""The commands: what each writes, that writing it twice changes nothing, and what each refuses."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import report_of
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from reports.dossier.facts import load
from reports.dossier.json import to_json
from reports.models import (
    IndicatorSet,
    Outline,
    PeriodKind,
    Release,
    ReleasedFile,
    Report,
    ReportingPeriod,
    Superior,
    Unit,
    User,
)

ROOT = Path(__file__).resolve().parents[2]


def run(name: str, *arguments: str) -> str:
    """What a command prints."""
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, with nothing of ours in its environment."""
    dropped = ("DEMO", "DEBUG", "SECRET_KEY", "DATABASE_URL", "SECURE", "VAR_DIR")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env={**kept, **environment}, cwd=ROOT, check=False, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip


def everything() -> dict[str, Any]:
    """Rows of every kind, revisions, and when units and outlines were last changed."""
    counts = {model.__name__: model._default_manager.count() for model in apps.get_models()}
    changed = {
        model.__name__: list(model._default_manager.order_by("pk").values_list("pk", "changed_at"))
        for model in (Unit, Outline, IndicatorSet, ReportingPeriod)
    }
    revisions = list(Report.objects.order_by("pk").values_list("pk", "revision"))
    contents = [to_json(load(report)) for report in Report.objects.order_by("pk")]
    return {**counts, "changed": changed, "revisions": revisions, "contents": contents}


# --- loading ------------------------------------------------------------------------------------------


@pytest.mark.every_engine
def test_the_catalogue_loaded_again_changes_nothing(db: None) -> None:
    before = everything()
    assert run("load_catalogue") == "Đã nạp danh mục: 18 loại kỳ, 2 biểu số liệu, 4 đề cương.\n"
    assert everything() == before
    assert (PeriodKind.objects.count(), Outline.objects.count()) == (18, 4)
    rows = {s.code: s.indicators.count() for s in IndicatorSet.objects.all()}
    assert rows["thanh_hoa_2021"] == 173


@pytest.mark.every_engine
def test_the_demo_loaded_again_changes_nothing(db: None) -> None:
    before = everything()
    printed = run("load_demo", "--archive")
    assert everything() == before
    accounts = [line.split() for line in printed.splitlines()[1:]]
    assert len(accounts) == User.objects.count() == 29
    assert all(User.objects.get(username=a[0]).check_password(a[1]) for a in accounts[:3])
    assert {unit: report_of(unit, "HT-2023-6T").revision for unit in ("15325", "15322")} == {
        "15325": 1, "15322": 0,
    }  # fmt: skip


@pytest.mark.every_engine
def test_the_demo_loaded_again_leaves_what_was_typed_since(
    clerk: User, as_user: Callable[[User], Client], ha_tien: Report
) -> None:
    address = reverse("section", kwargs={"pk": ha_tien.pk, "section": "procedures"})
    as_user(clerk).post(address, {"procedures.received": "999"})
    run("load_demo", "--archive")
    assert load(ha_tien).value("procedures.received").content == 999


def test_the_demo_is_refused_where_passwords_matter(tmp_path: Path) -> None:
    place = {"SECRET_KEY": "k" * 50, "VAR_DIR": str(tmp_path)}
    assert manage("migrate", "--verbosity", "0", **place).returncode == 0
    refused = manage("load_demo", **place)
    assert refused.returncode == 1
    assert "Dữ liệu mẫu chỉ nạp được khi DEMO=1 hoặc DEBUG=1." in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "demo-hatien" not in refused.stdout


# --- starting -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("environment", [{}, {"DEBUG": "0"}, {"DEMO": "no"}, {"SECRET_KEY": ""}])
def test_without_a_secret_key_nothing_starts(environment: dict[str, str]) -> None:
    started = manage("check", **environment)
    assert started.returncode != 0
    assert "SECRET_KEY is not set" in started.stderr


def test_a_deployment_behind_https_has_nothing_to_mend(tmp_path: Path) -> None:
    key = "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    mail = {"EMAIL_URL": "smtp://127.0.0.1:25", "PORTAL_URL": "https://cchc.example"}
    checked = manage("check", "--deploy", SECRET_KEY=key, SECURE="1", VAR_DIR=str(tmp_path), **mail)
    assert checked.returncode == 0
    assert "no issues" in checked.stdout + checked.stderr, checked.stderr


# --- periods and lists --------------------------------------------------------------------------------


@pytest.mark.every_engine
def test_opening_a_period_gives_the_units_without_one_a_report(db: None) -> None:
    nobody = "2 đơn vị chưa có tài khoản nhập báo cáo: xã Hà Trung, phường Hạc Thành.\n"
    assert run("open_period", "TH-2026-NAM") == (
        f"Kỳ TH-2026-NAM: đã mở, thêm 0 báo cáo.\n{nobody}"
    )
    period = ReportingPeriod.objects.get(code="TH-2026-NAM")
    opened = period.opened_at
    unit = Unit.objects.create(code="99999", kind="xã", name="Mới", valid_from=date(2025, 7, 1))
    Superior.objects.create(unit=unit, superior=period.superior, valid_from=date(2025, 7, 1))
    period.units.add(unit)
    told = run("open_period", "TH-2026-NAM")
    assert told.startswith("Kỳ TH-2026-NAM: đã mở, thêm 1 báo cáo.\n3 đơn vị chưa có tài khoản")
    report = Report.objects.get(unit=unit)
    assert (report.outline.code, report.revision, report.state) == ("general", 0, "draft")
    assert report.section_states.count() == 12
    assert ReportingPeriod.objects.get(code="TH-2026-NAM").opened_at == opened


def test_a_period_that_is_not_there_is_not_opened(db: None) -> None:
    with pytest.raises(CommandError, match=r"^Không có kỳ báo cáo mã HT-2099\.$"):
        run("open_period", "HT-2099")


def test_reports_are_listed_as_json_with_these_five_keys(db: None) -> None:
    listed = json.loads(run("list_reports", "--json"))
    assert len(listed) == 26
    keys = ["unit_code", "unit_name", "period_code", "outline_code", "state"]
    assert all(list(row) == keys for row in listed)
    assert listed[0] == {
        "unit_code": "14767", "unit_name": "phường Điện Biên", "period_code": "DB-2021-6T",
        "outline_code": "dien_bien_2021", "state": "draft",
    }  # fmt: skip
    assert [row["unit_name"] for row in listed[2:9]] == [
        "xã Hà Bình", "xã Hà Đông", "xã Hà Ngọc", "xã Hà Sơn", "xã Hà Tân", "xã Hà Tiến",
        "xã Yến Sơn",
    ]  # fmt: skip


def test_reports_of_one_period_are_listed_for_people(db: None) -> None:
    printed = run("list_reports", "--period", "LT-2022-Q1")
    assert printed == "20146  xã Lộc Thủy  LT-2022-Q1  loc_thuy_2022  draft\n"
    assert (
        json.loads(run("list_reports", "--period", "LT-2022-Q1", "--json"))[0]["state"] == "draft"
    )
    assert json.loads(run("list_reports", "--period", "nothing", "--json")) == []


# --- exporting ----------------------------------------------------------------------------------------


def export(unit: str, period: str, file_format: str, path: Path) -> bytes:
    printed = run("export_report", unit, period, "--format", file_format, "--output", str(path))
    content = path.read_bytes()
    assert printed == f"{path}: {len(content):,} byte\n".replace(",", ".")
    return content


def test_a_report_is_exported_as_json(ha_tien: Report, tmp_path: Path) -> None:
    content = export("15325", "HT-2023-6T", "json", tmp_path / "a.json")
    assert json.loads(content) == to_json(load(ha_tien))
    assert "Hà Tiến".encode() in content


@pytest.mark.every_engine
def test_an_approved_report_is_exported_as_it_was_kept(
    ha_tien: Report, clerk: User, tmp_path: Path
) -> None:
    Report.objects.filter(pk=ha_tien.pk).update(state="approved")
    kept = Release.objects.create(report=ha_tien, version=1, kind="approved", code="ABCD-EFGH",
                                  at=timezone.now(), by=clerk, dossier="{}")  # fmt: skip
    ReleasedFile.objects.create(release=kept, format="html", content=b"<p>Ki", sha256="x")
    assert export("15325", "HT-2023-6T", "html", tmp_path / "a.html") == b"<p>Ki"
    assert export("15325", "HT-2023-6T", "json", tmp_path / "a.json") == b"{}"


def test_a_report_is_exported_as_a_page_that_stands_alone(db: None, tmp_path: Path) -> None:
    page = export("15325", "HT-2023-6T", "html", tmp_path / "a.html").decode()
    assert page.startswith("<!doctype html>") and "207 hồ sơ" in page
    assert "data-figure" not in page and "<script" not in page and "http" not in page


def test_an_appendix_is_exported_as_a_workbook(db: None, tmp_path: Path) -> None:
    export("14767", "DB-2021-6T", "xlsx", tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["Phụ lục"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert 4203 in [cell.value for cell in cells]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


@pytest.mark.pdf
def test_a_report_is_exported_as_pdf(db: None, tmp_path: Path) -> None:
    assert export("15325", "HT-2023-6T", "pdf", tmp_path / "a.pdf").startswith(b"%PDF-1.")


@pytest.mark.parametrize(
    ("unit", "period", "said"),
    [("99999", "HT-2023-6T", "Không có báo cáo của đơn vị 99999 trong kỳ HT-2023-6T."),
     ("15325", "HT-2099", "Không có báo cáo của đơn vị 15325 trong kỳ HT-2099."),
     ("15325", "LT-2022-Q1", "Không có báo cáo của đơn vị 15325 trong kỳ LT-2022-Q1.")],
)  # fmt: skip
def test_what_is_not_there_is_not_exported(
    db: None, tmp_path: Path, unit: str, period: str, said: str
) -> None:
    with pytest.raises(CommandError) as refused:
        export(unit, period, "json", tmp_path / "a.json")
    assert str(refused.value) == said
    assert list(tmp_path.iterdir()) == []


def test_a_period_without_an_appendix_has_no_workbook(
    clerk: User, as_user: Callable[[User], Client], ha_tien: Report, tmp_path: Path
) -> None:
    said = "Kỳ này không có phụ lục số liệu nên không có tệp Excel."
    with pytest.raises(CommandError, match=said):
        export("15325", "HT-2023-6T", "xlsx", tmp_path / "a.xlsx")
    address = reverse("download", kwargs={"pk": ha_tien.pk, "file_format": "xlsx"})
    page = as_user(clerk).get(address)
    assert page.status_code == 404
    assert "Kỳ báo cáo này không có phụ lục số liệu" in page.content.decode()


def test_a_format_that_is_not_written_is_refused_with_those_that_are(
    db: None, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=r"--format.*odt.*docx.*html.*json.*pdf.*xlsx"):
        export("15325", "HT-2023-6T", "odt", tmp_path / "a.odt")


def test_a_place_that_cannot_be_written_is_named(db: None, tmp_path: Path) -> None:
    place = tmp_path / "không có" / "a.json"
    with pytest.raises(CommandError, match=f"Không ghi được {place}"):
        export("15325", "HT-2023-6T", "json", place)
