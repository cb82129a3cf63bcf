"""Units, people and periods from a data file: `load_data FILE`."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reports.models import ReportingPeriod, RoleAssignment, Superior, Unit, User
from reports.opening import open_period

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
