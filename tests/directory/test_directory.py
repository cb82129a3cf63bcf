"""Units, people and periods from a data file: `load_data FILE`."""

import re
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import CommandError, call_command

from reports.directory import loading
from reports.models import (
    FormerName,
    Notice,
    Outline,
    ReportingPeriod,
    RoleAssignment,
    Superior,
    Unit,
    User,
)
from reports.periods.opening import open_period
from reports.text.dates import format_date

pytestmark = pytest.mark.django_db

FILE = """
[[units]]
code = "99001"
valid_from = 2025-07-01
kind = "xã"
name = "Thử Nghiệm"
former = [{ kind = "xã", name = "Thí Điểm", valid_to = 2026-01-31 }]

[[superiors]]
unit = "99001"
superior = "38"
valid_from = 2025-07-01

[[users]]
username = "thunghiem"
full_name = "Công chức Văn phòng xã Thử Nghiệm"

[[roles]]
user = "thunghiem"
unit = "99001"
role = "clerk"

[[periods]]
code = "TH-2027-Q1"
kind = "Q1"
year = 2027
superior = "38"
data_from = 2026-12-15
data_to = 2027-03-14
deadline = 2027-03-20
outline = "general"
indicator_set = "general_2025"
units = ["99001"]
"""


def load(path: Path, text: str) -> str:
    file = path / "du_lieu.toml"
    file.write_text(text, encoding="utf-8")
    said = StringIO()
    call_command("load_data", str(file), stdout=said)
    return said.getvalue()


@pytest.mark.every_engine
def test_a_file_adds_unit_superior_person_role_and_period_and_may_be_loaded_again(
    tmp_path: Path,
) -> None:
    said = "Đã nạp: 1 đơn vị, 1 quan hệ cấp trên, 1 người dùng, 1 vai trò, 1 kỳ báo cáo.\n"
    assert load(tmp_path, FILE) == load(tmp_path, FILE) == said
    unit = Unit.objects.get(code="99001")
    assert unit.named_on(date(2026, 1, 31)) == ("xã", "Thí Điểm")
    assert Superior.objects.get(unit=unit).superior.name == "Thanh Hóa"
    assert RoleAssignment.objects.get(unit=unit).role == "clerk"
    user = User.objects.get(username="thunghiem")
    assert not user.has_usable_password()
    period = ReportingPeriod.objects.get(code="TH-2027-Q1")
    assert (period.phrase, period.opened_at) == ("quý I năm 2027", None)
    assert open_period(period) == 1


def test_loading_a_shorter_file_takes_no_unit_out_of_a_period(tmp_path: Path) -> None:
    load(tmp_path, FILE.replace('units = ["99001"]', 'units = ["99001", "15271"]'))
    load(tmp_path, FILE)
    owing = ReportingPeriod.objects.get(code="TH-2027-Q1").units.values_list("code", flat=True)
    assert set(owing) == {"99001", "15271"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "99001"', 'code = "../99001"', "units thứ 1: mã “../99001” chỉ được gồm chữ cái"),
        ('code = "TH-2027-Q1"', 'code = "TH/2027"', "periods thứ 1: mã “TH/2027” chỉ được gồm"),
        ('superior = "38"\nvalid_from', 'superior = "77"\nvalid_from',
         "superiors thứ 1: không có đơn vị “77”"),
        ('role = "clerk"', 'role = "king"', "roles thứ 1: giá trị không hợp lệ"),
        ('kind = "Q1"', 'kind = "Q9"', "periods thứ 1: không có loại kỳ “Q9”"),
        ('outline = "general"', 'outline = "x"', "periods thứ 1: không có đề cương “x” phiên bản 1"),
        ('user = "thunghiem"', 'user = "ai"', "roles thứ 1: không có người dùng “ai”"),
        ("year = 2027\n", "", "periods thứ 1: thiếu year"),
        ("year = 2027", "year = 2027\nmau = 1", "periods thứ 1: không có mục mau"),
        ("data_to = 2027-03-14", "data_to = 2026-01-01", "periods thứ 1: giá trị không hợp lệ"),
        ("[[units]]", "[[unit]]", "không có bảng “unit”"),
        ("[[units]]", "[[units]", "du_lieu.toml: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place_and_nothing_is_written(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    before = (Unit.objects.count(), User.objects.count(), ReportingPeriod.objects.count())
    assert old in FILE
    with pytest.raises(CommandError) as found:
        load(tmp_path, FILE.replace(old, new, 1))
    assert said in str(found.value)
    assert str(found.value).endswith("Chưa nạp gì.")
    now = (Unit.objects.count(), User.objects.count(), ReportingPeriod.objects.count())
    assert now == before


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không đọc được"):
        call_command("load_data", str(tmp_path / "none.toml"))


# --- a period that is open ----------------------------------------------------------------------------


def opened(tmp_path: Path) -> ReportingPeriod:
    load(tmp_path, FILE)
    period = ReportingPeriod.objects.get(code="TH-2027-Q1")
    open_period(period)
    return period


def test_a_file_cannot_change_what_reports_of_an_opened_period_are_made_by(tmp_path: Path) -> None:
    period = opened(tmp_path)
    for old, new, said in (
        ('outline = "general"', 'outline = "commune"', "không đổi được đề cương: kỳ đang dùng “"),
        ("data_to = 2027-03-14", "data_to = 2027-03-15",
         "ngày cuối kỳ số liệu: kỳ đang dùng “14/3/2027”, tệp ghi “15/3/2027”"),
        ("year = 2027", "year = 2026", "năm: kỳ đang dùng “2027”, tệp ghi “2026”"),
    ):  # fmt: skip
        other = Outline.objects.exclude(pk=period.outline_id).first()
        file = FILE.replace(old, new.replace("commune", other.code if other else ""), 1)
        if other and "outline" in old:
            file = file.replace("\ndata_to", f"\noutline_version = {other.version}\ndata_to", 1)
        with pytest.raises(CommandError) as found:
            load(tmp_path, file)
        assert "periods thứ 1: kỳ TH-2027-Q1 đã mở nên" in str(found.value)
        assert said in str(found.value)
    assert ReportingPeriod.objects.get(pk=period.pk).outline_id == period.outline_id


@pytest.mark.every_engine
def test_a_deadline_that_a_file_moves_is_recorded_and_told_to_everybody_once(
    tmp_path: Path,
) -> None:
    period = opened(tmp_path)
    report = period.reports.get()
    day = re.search(r"deadline = (\S+)", FILE)
    assert day
    later = period.deadline + timedelta(days=7)
    moved = FILE.replace(day[0], f"deadline = {later}")
    load(tmp_path, moved)
    load(tmp_path, moved)
    (event,) = report.events.all()
    words = f"đổi từ {format_date(period.deadline)} thành {format_date(later)}"
    assert words in event.note
    told = Notice.objects.filter(title__startswith="Đổi hạn gửi")
    assert {notice.user.username for notice in told.filter(report=report)} == {"thunghiem"}
    reviewers = RoleAssignment.objects.filter(unit=period.superior, role="reviewer").count()
    assert told.filter(period=period).count() == reviewers
    assert all(words in notice.text for notice in told)


@pytest.mark.every_engine
def test_a_unit_that_is_not_under_the_office_cannot_owe_it_a_report(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as found:
        load(tmp_path, FILE.replace('units = ["99001"]', 'units = ["99001", "14767"]'))
    assert "không thuộc tỉnh Thanh Hóa vào ngày 14/3/2027: " in str(found.value)
    assert "(14767)" in str(found.value) and "99001" not in str(found.value)


def test_an_old_file_does_not_name_a_unit_back(tmp_path: Path) -> None:
    load(tmp_path, FILE)
    unit = Unit.objects.get(code="99001")
    FormerName.objects.create(unit=unit, kind=unit.kind, name=unit.name, valid_to=date(2027, 1, 1))
    Unit.objects.filter(pk=unit.pk).update(name="Tên Mới")
    with pytest.raises(CommandError, match=r"nay là “xã Tên Mới”, tệp còn ghi tên cũ"):
        load(tmp_path, FILE)
    assert Unit.objects.get(pk=unit.pk).name == "Tên Mới"


def test_messages_about_a_file_are_in_vietnamese(tmp_path: Path) -> None:
    for old, new, said in (
        ('role = "clerk"', 'role = "clrek"', "không có vai trò “clrek”; cần clerk ("),
        ("data_to = 2027-03-14", "data_to = 2026-01-01", "data_to phải từ data_from trở đi"),
        ("year = 2027", 'year = "2027"', "year cần một số nguyên, tệp ghi “2027”"),
        ("[[units]]", "[[units]", "dòng "),
    ):
        with pytest.raises(CommandError) as found:
            load(tmp_path, FILE.replace(old, new, 1))
        assert said in str(found.value)
        assert not re.search(r"constraint|valid |Expected|expected", str(found.value))


def test_opening_a_period_names_the_units_that_nobody_can_enter_for(tmp_path: Path) -> None:
    load(tmp_path, FILE.replace('role = "clerk"', 'role = "leader"'))
    said = StringIO()
    call_command("open_period", "TH-2027-Q1", stdout=said)
    assert "1 đơn vị chưa có tài khoản nhập báo cáo: xã Thử Nghiệm." in said.getvalue()
    load(tmp_path, FILE)
    said = StringIO()
    call_command("open_period", "TH-2027-Q1", stdout=said)
    assert "tài khoản" not in said.getvalue()


def test_a_password_of_the_demo_is_quick_to_make_and_hashed_in_full_at_the_first_login(
    settings: Any, outsider: User
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    outsider.set_unusable_password()
    outsider.save()
    loading.give_passwords({outsider.username: "mot-mat-khau"})
    outsider.refresh_from_db()
    quick = outsider.password
    assert not outsider.check_password("sai")
    assert outsider.check_password("mot-mat-khau")
    outsider.refresh_from_db()
    rounds = [int(encoded.split("$")[1]) for encoded in (quick, outsider.password)]
    assert rounds == [loading.FEW_ROUNDS, PBKDF2PasswordHasher.iterations]
