"""The year's report begun from the nine months' one: what comes, what stays behind, what awaits a person.

Commune Tống Sơn holds a full report of nine months of 2026 and an empty one of the year.
"""

import html
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from conftest import HA_TIEN, TONG_SON, report_of
from django.test import Client
from django.urls import reverse

from reports.catalogue.values import Value
from reports.dossier.facts import load
from reports.imports.report_json import ImportRefused, import_report
from reports.models import (
    Mark,
    Presence,
    Report,
    ReportingPeriod,
    RoleAssignment,
    Superior,
    Unit,
    User,
)
from reports.models.rows import IssuedDocument, Staff
from reports.models.sections import Egov, Procedures

Browser = Callable[[User], Client]
JSON = {"accept": "application/json"}
NBSP = "\u00a0"

#: Every figure of the nine months that is still true at the end of the year.
STILL_TRUE = {
    "direction.plan_main_tasks": 7, "direction.plan_contents": 32,
    "procedures.in_force": 398, "procedures.at_desk": 398, "procedures.one_stop": 325,
    "procedures.interlinked": 73, "procedures.interlinked_same_level": 18,
    "procedures.interlinked_across_levels": 55, "procedures.military": 14, "procedures.police": 27,
    "procedures.fields": 41, "procedures.publicly_listed": 398, "procedures.process_approved": 398,
    "procedures.process_digitised": 372, "procedures.payment_integrated": 118,
    "procedures.desk_area": 120, "procedures.desk_rooms": 2, "procedures.desk_counters": 6,
    "procedures.desk_officials": 7, "procedures.desk_officials_university": 7,
    "organisation.payroll_assigned": 46, "organisation.payroll_present": 43,
    "organisation.contract_workers": 4,
    "organisation.reception_schedule": "sáng thứ Ba và sáng thứ Năm hằng tuần",
    "civil_service.headcount": 43, "civil_service.personnel_files_digitised": 43,
    "finance.autonomy": 1,
    "egov.accounts": 43, "egov.mailboxes": 43, "egov.certificates": 18,
    "egov.units_with_certificates": 1, "egov.offered_partial": 146, "egov.offered_full": 207,
    "egov.exchange_connected": 1, "egov.one_stop_connected": 1, "egov.video_conferencing": 2,
    "egov.iso_applied": 1,
    "indicator.g7_7": 14,
}  # fmt: skip
ROWS = {
    "documents": ["ts-doc-01", "ts-doc-02", "ts-doc-03", "ts-doc-04", "ts-doc-05", "ts-doc-06",
                  "ts-doc-07"],
    "dossiers": ["ts-dos-1", "ts-dos-2", "ts-dos-3", "ts-dos-4", "ts-dos-5", "ts-dos-6"],
    "equipment": ["ts-eq-1", "ts-eq-2", "ts-eq-3"],
    "staff": ["staff-civil_servants", "staff-officials"],
    "outgoing": ["ts-out-1", "ts-out-2", "ts-out-3", "ts-out-4"],
}  # fmt: skip
TEXTS = ["desk", "leadership", "working_rules"]
#: Everything the demo's report of the year takes over, by name: 38 figures, 22 rows, 3 texts, the frame.
ALL = {
    *STILL_TRUE,
    *(f"{table}@{uid}" for table, uids in ROWS.items() for uid in uids),
    *(f"text:{item}" for item in TEXTS),
    "paper",
}


@pytest.fixture
def nine(db: None) -> Report:
    return report_of(TONG_SON, "TH-2026-9T")


@pytest.fixture
def year(db: None) -> Report:
    return report_of(TONG_SON)


@pytest.fixture
def desk(db: None, as_user: Browser) -> Client:
    """Tống Sơn's clerk."""
    return as_user(User.objects.get(username="tongson"))


def page_of(report: Report, section: str) -> str:
    return reverse("section", kwargs={"pk": report.pk, "section": section})


def press(client: Client, report: Report, status: int = 302) -> str:
    """The button “Bắt đầu từ báo cáo kỳ trước”; returns what the next page says of it."""
    response = client.post(reverse("carry_over", args=[report.pk]))
    assert response.status_code == status
    if status != 302:
        return ""
    shown = client.get(response["Location"])
    return " ".join(map(str, shown.context["messages"]))


def send(client: Client, report: Report, section: str, data: dict[str, Any]) -> dict[str, Any]:
    """What the page's script sends."""
    response = client.post(page_of(report, section), data, headers=JSON)
    assert response.status_code == 200
    return response.json()


def answered(report: Report) -> dict[str, Any]:
    """The figures of a report that say anything, outside its tables."""
    told = load(report).figures
    return {code: value.content for code, value in told.items() if value.answered}


def rows(report: Report) -> dict[str, list[str]]:
    tables = load(report).tables
    return {table: [row.uid for row in held] for table, held in tables.items() if held}


def words(markup: str) -> str:
    """The text of markup as a reader sees it, with plain spaces."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", markup)).replace(NBSP, " ")
    return " ".join(text.split())


def seen(client: Client, address: str) -> str:
    return words(client.get(address).content.decode())


def fields_of(page: str) -> dict[str, str]:
    """The one-line fields and areas of text of a page, as a browser without scripts would post them."""
    boxes = re.sub(r'<input type="checkbox"[^>]*>', "", page)
    inputs = re.findall(r'<input [^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', boxes)
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page)
    areas += re.findall(r'<textarea [^>]*?name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page)
    return {name: html.unescape(text) for name, text in [*inputs, *areas] if "__uid__" not in name}


# --- what comes ---------------------------------------------------------------------------------------


def test_the_empty_report_offers_what_the_one_before_still_holds(
    desk: Client, year: Report
) -> None:
    said = seen(desk, reverse("report", args=[year.pk]))
    assert (
        "Báo cáo 9 tháng đầu năm 2026 của đơn vị còn dùng được: 38 số liệu, 22 dòng bảng và văn bản "
        "còn hiệu lực, 3 đoạn thuyết minh."
    ) in said
    assert "Bắt đầu từ báo cáo kỳ trước" in said


def test_figures_that_stay_true_come_with_their_values_and_no_others(
    desk: Client, year: Report
) -> None:
    said = press(desk, year)
    assert said == (
        "Đã lấy 64 nội dung từ báo cáo 9 tháng đầu năm 2026; mỗi nội dung chờ xác nhận."
    )
    assert answered(year) == STILL_TRUE
    catalogue = load(year).catalogue
    assert all(catalogue[code].carries for code in STILL_TRUE)


@pytest.mark.every_engine
def test_everything_taken_over_is_marked(desk: Client, year: Report) -> None:
    press(desk, year)
    assert load(year).carried == ALL
    assert len(ALL) == 64


def test_rows_come_with_the_figures_that_stay_true(desk: Client, year: Report) -> None:
    press(desk, year)
    assert rows(year) == ROWS
    tables = load(year).tables
    assert [(row.keys["name"], row.keys["measure"], row.value("equipment.quantity").content)
            for row in tables["equipment"]] == [
        ("máy vi tính", "bộ", 9), ("máy quét tài liệu", "chiếc", 4), ("máy lấy số tự động", "chiếc", 1),
    ]  # fmt: skip
    servants, officials = (
        {code.partition(".")[2]: v.content for code, v in row.values.items() if v.answered}
        for row in tables["staff"]
    )
    assert servants == {
        "headcount": 39, "postgraduate": 6, "university": 33, "theory_advanced": 3,
        "theory_intermediate": 31, "theory_elementary": 5, "informatics": 39, "foreign_language": 28,
        "state_management": 36,
    }  # fmt: skip
    assert officials == {
        "headcount": 4, "postgraduate": 2, "university": 2, "theory_advanced": 4, "informatics": 4,
        "state_management": 4,
    }  # fmt: skip


def test_fields_of_dossiers_and_kinds_of_document_come_as_names_without_figures(
    desk: Client, year: Report
) -> None:
    press(desk, year)
    tables = load(year).tables
    assert [row.keys["name"] for row in tables["dossiers"]] == [
        "Hộ tịch", "Chứng thực", "Đất đai", "Bảo trợ xã hội", "Xây dựng", "Lĩnh vực khác",
    ]  # fmt: skip
    assert [row.keys["kind"] for row in tables["outgoing"]] == [
        "cong_van", "bao_cao", "quyet_dinh", "thong_bao",
    ]  # fmt: skip
    for row in (*tables["dossiers"], *tables["outgoing"]):
        assert not any(value.answered for value in row.values.values())


def test_a_category_of_staff_of_which_only_the_period_tells_is_left(
    desk: Client, nine: Report, year: Report
) -> None:
    Staff.objects.create(report=nine, uid="staff-part_time", category="part_time", studying=3)
    press(desk, year)
    assert rows(year)["staff"] == ROWS["staff"]


def test_texts_come_as_they_were_with_their_place(desk: Client, nine: Report, year: Report) -> None:
    send(desk, nine, "direction", {"text:survey": "Còn {Số cuộc đối thoại đã tổ chức} cuộc.",
                                   "placement:leadership": "before"})  # fmt: skip
    press(desk, year)
    before, now = load(nine).narratives, load(year).narratives
    assert sorted(now) == sorted([*TEXTS, "survey"])
    assert now == before
    assert now["leadership"].placement == "before"


def test_the_frame_of_the_paper_comes_without_number_and_date(
    desk: Client, nine: Report, year: Report
) -> None:
    send(desk, nine, "paper", {"signer_name": "Nguyễn Văn A", "recipients": "Như trên\nLưu: VT"})
    nine.paper.refresh_from_db()
    nine.paper.number, nine.paper.issued_on = 88, date(2026, 9, 18)
    nine.paper.save()
    press(desk, year)
    paper = load(year).paper
    assert (paper.number, paper.issued_on) == (None, None)
    assert (paper.place, paper.signer_title, paper.signer_name, paper.recipients) == (
        "Tống Sơn", "Chủ tịch", "Nguyễn Văn A", "Như trên\nLưu: VT",
    )  # fmt: skip


def test_a_frame_somebody_has_begun_stays(desk: Client, year: Report) -> None:
    send(desk, year, "paper", {"signer_name": "Lê Thị B"})
    press(desk, year)
    paper = load(year).paper
    assert (paper.signer_name, paper.place) == ("Lê Thị B", "")
    assert "paper" not in load(year).carried


# --- what stays behind --------------------------------------------------------------------------------


def test_what_was_only_stated_or_holds_no_longer_is_left_and_nothing_arisen_comes(
    desk: Client, nine: Report, year: Report
) -> None:
    Procedures.objects.filter(report=nine).update(desk_area=None)
    Mark.objects.create(report=nine, figure="procedures.desk_area", kind="stated",
                        text="khoảng 120 m²")  # fmt: skip
    Egov.objects.filter(report=nine).update(offered_level3=50, offered_level4=60)
    send(desk, nine, "procedures", {"procedures.police": "kps"})
    catalogue = load(year).catalogue
    assert catalogue["egov.offered_level3"].carries and catalogue["procedures.desk_area"].carries
    press(desk, year)
    now = load(year)
    assert now.value("procedures.desk_area") == Value()
    assert now.value("egov.offered_level3") == Value()
    assert now.value("egov.offered_level4") == Value()
    assert now.value("procedures.police") == Value(none_arisen=True)
    assert {"procedures.desk_area", "egov.offered_level3"} & now.carried == set()
    assert "procedures.police" in now.carried


DOCUMENTS = {
    # Written in the window of the year's report too: a plan of this year.
    "moi": ("ke_hoach", "31", date(2026, 5, 4), "plan"),
    # Plans and letters of an earlier year are done with, and so is what bears no day.
    "cu": ("ke_hoach", "03", date(2025, 1, 10), "plan"),
    "cong-van-cu": ("cong_van", "77", date(2025, 12, 14), "guidance"),
    "khong-ngay": ("ke_hoach", "04", None, "plan"),
    "da-ra-soat": ("quyet_dinh", "05", date(2025, 3, 1), "reviewed"),
    # A regulation, a decision, what the superior wrote: in force until replaced.
    "quy-che": ("quy_che", "12", date(2025, 8, 1), "regulation"),
    "quyet-dinh-khong-ngay": ("quyet_dinh", "13", None, "decision"),
    "ngay-dau": ("cong_van", "78", date(2025, 12, 15), "guidance"),
}


def test_documents_of_the_window_and_those_in_force_come(
    desk: Client, nine: Report, year: Report
) -> None:
    for uid, (kind, number, day, purpose) in DOCUMENTS.items():
        IssuedDocument.objects.create(
            report=nine, uid=uid, order=20, part="direction", item="leadership", kind=kind, number=number,
            symbol="UBND", date=day, issuer="Ủy ban nhân dân xã Tống Sơn", purpose=purpose,
        )  # fmt: skip
    press(desk, year)
    assert set(rows(year)["documents"]) - set(ROWS["documents"]) == {
        "moi", "quy-che", "quyet-dinh-khong-ngay", "ngay-dau",
    }  # fmt: skip


def test_a_regulation_from_before_the_window_is_cited_and_not_counted(
    desk: Client, nine: Report, year: Report
) -> None:
    IssuedDocument.objects.create(
        report=nine, uid="quy-che", order=20, part="direction", item="leadership", kind="quy_che",
        number="12", symbol="QC-UBND", date=date(2025, 8, 1), purpose="regulation",
        issuer="Ủy ban nhân dân xã Tống Sơn", subject="Tiếp nhận và trả kết quả",
    )  # fmt: skip
    press(desk, year)
    assert load(year).value("direction.guiding_documents") == Value(5)
    paper = seen(desk, reverse("preview", args=[year.pk]))
    assert "đã ban hành 05 văn bản chỉ đạo, điều hành" in paper
    assert "12/QC-UBND" in paper and "01/8/2025" in paper.replace("ngày 01 tháng 8 năm", "01/8/")


# --- pressing again, and what is there already --------------------------------------------------------


@pytest.mark.every_engine
def test_pressing_again_takes_nothing_twice_and_overwrites_nothing(
    desk: Client, year: Report
) -> None:
    press(desk, year)
    send(desk, year, "procedures", {"procedures.desk_area": "135", "equipment.quantity@ts-eq-1": "11",
                                    "text:desk": "Trung tâm đã chuyển trụ sở."})  # fmt: skip
    revision = load(year).revision
    assert press(desk, year) == ("Báo cáo 9 tháng đầu năm 2026 không còn nội dung nào để lấy thêm.")
    now = load(year)
    assert now.revision == revision
    assert rows(year) == ROWS
    assert now.value("procedures.desk_area") == Value(135)
    assert now.tables["equipment"][0].value("equipment.quantity") == Value(11)
    assert now.narratives["desk"].text == "Trung tâm đã chuyển trụ sở."
    assert now.carried == ALL - {"procedures.desk_area", "equipment@ts-eq-1", "text:desk"}


def test_what_was_typed_before_the_press_stays_and_is_not_marked(
    desk: Client, year: Report
) -> None:
    send(desk, year, "procedures", {
        "procedures.in_force": "401", "procedures.desk_rooms": "kps", "dossiers.name@moi": "ĐẤT ĐAI",
        "dossiers.received@moi": "650", "text:desk": "Lời của năm.",
    })  # fmt: skip
    send(desk, year, "civil_service", {"staff.headcount@staff-officials": "5"})
    said = press(desk, year)
    assert said.startswith("Đã lấy 59 nội dung")
    now = load(year)
    assert now.value("procedures.in_force") == Value(401)
    assert now.value("procedures.desk_rooms") == Value(none_arisen=True)
    assert now.narratives["desk"].text == "Lời của năm."
    assert [row.keys["name"] for row in now.tables["dossiers"]] == [
        "ĐẤT ĐAI", "Hộ tịch", "Chứng thực", "Bảo trợ xã hội", "Xây dựng", "Lĩnh vực khác",
    ]  # fmt: skip
    officials = next(r for r in now.tables["staff"] if r.keys["category"] == "officials")
    assert officials.value("staff.headcount") == Value(5)
    assert officials.value("staff.university") == Value()
    assert now.carried == ALL - {
        "procedures.in_force", "procedures.desk_rooms", "text:desk", "dossiers@ts-dos-3",
        "staff@staff-officials",
    }  # fmt: skip


def test_a_deleted_row_comes_back_on_a_new_press_and_not_before(desk: Client, year: Report) -> None:
    press(desk, year)
    send(desk, year, "procedures", {"delete:equipment@ts-eq-2": "1"})
    assert rows(year)["equipment"] == ["ts-eq-1", "ts-eq-3"]
    assert "equipment@ts-eq-2" not in load(year).carried
    for section in ("procedures", "direction"):
        desk.get(page_of(year, section))
        send(desk, year, section, {"confirm": "*"})
    assert rows(year)["equipment"] == ["ts-eq-1", "ts-eq-3"]
    assert press(desk, year).startswith("Đã lấy 1 nội dung")
    assert rows(year)["equipment"] == ["ts-eq-1", "ts-eq-3", "ts-eq-2"]
    assert "equipment@ts-eq-2" in load(year).carried


def test_the_offer_goes_once_something_was_taken_or_typed(desk: Client, year: Report) -> None:
    address = reverse("report", args=[year.pk])
    send(desk, year, "plan", {"plan.tasks": "Việc của năm sau"})
    assert "Bắt đầu từ báo cáo kỳ trước" not in seen(desk, address)


# --- confirming ---------------------------------------------------------------------------------------


def carried_in(answer: dict[str, Any]) -> set[str]:
    return set(answer["carried"])


@pytest.mark.every_engine
def test_one_is_confirmed_beside_its_field_and_all_with_one_button(
    desk: Client, year: Report
) -> None:
    press(desk, year)
    organisation = {
        "organisation.payroll_assigned", "organisation.payroll_present",
        "organisation.contract_workers", "organisation.reception_schedule", "documents@ts-doc-07",
        "text:working_rules",
    }  # fmt: skip
    one = send(desk, year, "organisation", {"confirm": "organisation.payroll_assigned"})
    assert carried_in(one) == organisation - {"organisation.payroll_assigned"}
    row = send(desk, year, "organisation", {"confirm": "documents@ts-doc-07"})
    text = send(desk, year, "organisation", {"confirm": "text:working_rules"})
    assert carried_in(row) - carried_in(text) == {"text:working_rules"}
    every = send(desk, year, "organisation", {"confirm": "*"})
    assert carried_in(every) == set()
    assert load(year).carried == ALL - organisation
    assert load(year).value("organisation.payroll_present") == Value(43)


def test_confirming_in_one_section_confirms_nothing_of_another(desk: Client, year: Report) -> None:
    press(desk, year)
    send(desk, year, "finance", {"confirm": ["egov.accounts", "documents@ts-doc-01", "paper"]})
    assert load(year).carried == ALL
    send(desk, year, "finance", {"confirm": "*"})
    assert load(year).carried == ALL - {"finance.autonomy"}


def test_changing_a_value_confirms_it_and_its_whole_row(desk: Client, year: Report) -> None:
    press(desk, year)
    answer = send(desk, year, "civil_service", {
        "civil_service.headcount": "44", "staff.headcount@staff-officials": "5",
    })  # fmt: skip
    assert carried_in(answer) == {
        "civil_service.personnel_files_digitised", "staff@staff-civil_servants",
    }  # fmt: skip
    placed = send(desk, year, "direction", {"placement:leadership": "before"})
    assert "text:leadership" not in carried_in(placed)
    assert carried_in(send(desk, year, "appendix", {"indicator.g7_7": "15"})) == set()
    assert carried_in(send(desk, year, "paper", {"signer_name": "Lê Thị B"})) == set()


def test_what_cannot_be_read_changes_nothing_and_confirms_nothing(
    desk: Client, year: Report
) -> None:
    press(desk, year)
    answer = send(desk, year, "procedures", {
        "procedures.desk_area": "rộng", "equipment.quantity@ts-eq-1": "chín", "procedures.police": "28",
    })  # fmt: skip
    assert sorted(answer["errors"]) == ["equipment.quantity@ts-eq-1", "procedures.desk_area"]
    assert {"procedures.desk_area", "equipment@ts-eq-1"} <= carried_in(answer)
    assert "procedures.police" not in carried_in(answer)
    assert load(year).value("procedures.desk_area") == Value(120)
    frame = send(desk, year, "paper", {"symbol": "bc ubnd"})
    assert (list(frame["errors"]), carried_in(frame)) == (["symbol"], {"paper"})


def test_an_excel_form_confirms_what_it_changes_and_nothing_it_could_not(
    desk: Client, year: Report
) -> None:
    press(desk, year)
    received = {
        "procedures": {
            "procedures.desk_area": ["rộng", "120"],
            "procedures.police": ["28", "27"],
            "equipment.quantity@ts-eq-1": ["11", "9"],
            "equipment.quantity@ts-eq-2": ["5", "3"],  # not what the report holds: somebody wrote
        }
    }
    address = reverse("bring_in", args=[year.pk])
    assert desk.post(address, {"received": json.dumps(received)}).status_code == 200
    assert load(year).carried == ALL - {"procedures.police", "equipment@ts-eq-1"}
    assert load(year).value("procedures.desk_area") == Value(120)


@pytest.mark.parametrize(
    "section", ["procedures", "organisation", "civil_service", "appendix", "paper"]
)
def test_the_whole_page_posted_back_as_it_came_confirms_nothing(
    desk: Client, year: Report, section: str
) -> None:
    press(desk, year)
    before = load(year)
    page = desk.get(page_of(year, section)).content.decode()
    sent = fields_of(page)
    assert sent["seen"] == "1"
    if section == "procedures":
        assert (sent["procedures.desk_area"], sent["equipment.quantity@ts-eq-1"]) == ("120", "9")
    response = desk.post(page_of(year, section), sent)
    assert response.status_code == 302
    assert load(year).carried == before.carried
    assert load(year).revision == before.revision


def test_a_button_of_the_page_confirms_without_scripts_too(desk: Client, year: Report) -> None:
    press(desk, year)
    page = desk.get(page_of(year, "finance")).content.decode()
    assert 'name="confirm" value="finance.autonomy"' in page
    assert 'name="confirm" value="*"' in page
    sent = {**fields_of(page), "finance.autonomy": "1", "confirm": "finance.autonomy"}
    assert desk.post(page_of(year, "finance"), sent).status_code == 302
    assert load(year).carried == ALL - {"finance.autonomy"}
    assert "Chưa xác nhận" not in seen(desk, page_of(year, "finance"))


def test_a_section_is_not_complete_while_anything_of_it_awaits_confirmation(
    desk: Client, year: Report
) -> None:
    press(desk, year)
    send(desk, year, "civil_service", {
        "civil_service.training_courses": "9", "civil_service.training_participants": "100",
        "civil_service.violations": "kps", "civil_service.disciplined": "kps",
    })  # fmt: skip
    waiting = send(desk, year, "civil_service", {"confirm": "civil_service.headcount"})
    assert waiting["progress"]["state"] == "begun"
    assert waiting["progress"]["answered"] == waiting["progress"]["required"]
    done = send(desk, year, "civil_service", {"confirm": "*"})
    assert done["progress"]["state"] == "complete"
    assert send(desk, year, "paper", {})["progress"]["state"] == "begun"
    assert send(desk, year, "paper", {"confirm": "paper"})["progress"]["state"] == "complete"


def test_the_pages_count_what_is_unconfirmed(desk: Client, year: Report) -> None:
    press(desk, year)
    address = reverse("report", args=[year.pk])
    said = seen(desk, address)
    assert "64 nội dung lấy từ kỳ trước chưa xác nhận" in said
    counted = {line.section.value: line.carried for line in desk.get(address).context["lines"]}
    assert counted == {
        "direction": 9, "institutional": 0, "procedures": 28, "organisation": 6, "civil_service": 4,
        "finance": 1, "egov": 14, "evaluation": 0, "plan": 0, "recommendations": 0, "appendix": 1,
        "paper": 1,
    }  # fmt: skip
    assert "28 nội dung chưa xác nhận" in said
    page = desk.get(page_of(year, "procedures")).content.decode()
    assert "28 nội dung lấy từ kỳ trước, chưa xác nhận" in words(page)
    assert page.count("data-carried=") == 28
    send(desk, year, "procedures", {"confirm": "*"})
    assert "36 nội dung lấy từ kỳ trước chưa xác nhận" in seen(desk, address)


def test_the_paper_of_the_unconfirmed_prints_what_was_taken_over(
    desk: Client, year: Report
) -> None:
    press(desk, year)
    paper = seen(desk, reverse("preview", args=[year.pk]))
    assert "Kế hoạch cải cách hành chính năm 2026 đề ra 07 nhiệm vụ chính với 32 nội dung." in paper
    assert "Chưa xác nhận" not in paper


# --- as JSON ------------------------------------------------------------------------------------------


def as_json(client: Client, report: Report) -> dict[str, Any]:
    address = reverse("download", kwargs={"pk": report.pk, "file_format": "json"})
    return json.loads(client.get(address).getvalue())


def test_json_names_what_awaits_confirmation_and_no_more(desk: Client, year: Report) -> None:
    press(desk, year)
    assert as_json(desk, year)["carried"] == sorted(ALL)
    send(desk, year, "procedures", {"confirm": "*"})
    send(desk, year, "egov", {"confirm": "outgoing@ts-out-2"})
    left = as_json(desk, year)["carried"]
    assert len(left) == 64 - 28 - 1
    assert not [
        name for name in left if name.startswith(("procedures.", "equipment@", "text:desk"))
    ]


@pytest.mark.every_engine
def test_out_and_in_again_keeps_the_marks(desk: Client, year: Report) -> None:
    press(desk, year)
    send(desk, year, "finance", {"confirm": "*"})
    told = as_json(desk, year)
    send(desk, year, "direction", {"confirm": "*", "direction.plan_contents": "33"})
    send(desk, year, "procedures", {"delete:equipment@ts-eq-3": "1"})
    import_report(json.dumps(told))
    again = as_json(desk, year)
    assert again["carried"] == sorted(ALL - {"finance.autonomy"})
    assert {**again, "revision": 0} == {**told, "revision": 0}


@pytest.mark.parametrize(
    "name", ["procedures.no_such", "equipment@ts-eq-9", "text:desk_2", "no_table@ts-eq-1", "giay"]
)
def test_a_file_that_marks_what_it_does_not_hold_is_refused_with_the_place(
    desk: Client, year: Report, name: str
) -> None:
    press(desk, year)
    told = as_json(desk, year)
    told["carried"].insert(2, name)
    before = as_json(desk, year)
    with pytest.raises(ImportRefused) as refused:
        import_report(json.dumps(told))
    assert [str(problem) for problem in refused.value.problems] == [
        f"carried[2]: “{name}”: tệp không có nội dung này"
    ]
    assert as_json(desk, year) == before


# --- from which report, and by whom -------------------------------------------------------------------


def another_period(like: str, code: str, **changes: Any) -> ReportingPeriod:
    period = ReportingPeriod.objects.get(code=like)
    period.pk, period.code, period.opened_at = None, code, None
    for name, value in changes.items():
        setattr(period, name, value)
    period.save()
    return period


def test_only_a_filled_report_of_the_unit_itself_is_offered_whoever_asked_for_it(
    desk: Client, nine: Report, year: Report
) -> None:
    address = reverse("report", args=[year.pk])
    assert desk.get(address).context["start"].figures == 38
    # Nobody has written anything into the nine months' report.
    Report.objects.filter(pk=nine.pk).update(revision=0)
    assert desk.get(address).context["start"] is None
    assert press(desk, year) == "Đơn vị chưa có báo cáo kỳ trước trong hệ thống."
    # It is another unit's.
    other = Unit.objects.get(code="15271")
    Report.objects.filter(unit=other, period=nine.period).delete()
    Report.objects.filter(pk=nine.pk).update(revision=1, unit=other)
    assert desk.get(address).context["start"] is None
    assert press(desk, year) == "Đơn vị chưa có báo cáo kỳ trước trong hệ thống."
    # Another superior asked for it: what the unit reported then is its own all the same.
    elsewhere = another_period("TH-2026-9T", "HUE-9T", superior=Unit.objects.get(code="46"))
    Report.objects.filter(pk=nine.pk).update(unit=year.unit, period=elsewhere)
    assert desk.get(address).context["start"].figures == 38
    assert load(year).revision == 0


def test_a_later_report_is_not_the_one_before(desk: Client, nine: Report, year: Report) -> None:
    Report.objects.filter(pk=year.pk).update(revision=1)
    Report.objects.filter(pk=nine.pk).update(revision=0)
    assert press(desk, nine) == "Đơn vị chưa có báo cáo kỳ trước trong hệ thống."


@pytest.mark.parametrize("role", ["leader", "records"])
def test_who_may_look_and_not_type_is_not_offered_it_and_told_why(
    as_user: Browser, outsider: User, year: Report, role: str
) -> None:
    RoleAssignment.objects.create(user=outsider, unit=year.unit, role=role)
    client = as_user(outsider)
    assert "Bắt đầu từ báo cáo kỳ trước" not in seen(client, reverse("report", args=[year.pk]))
    response = client.post(reverse("carry_over", args=[year.pk]))
    assert response.status_code == 403
    assert "Chỉ Công chức lập báo cáo tại đơn vị báo cáo" in words(response.content.decode())
    assert load(year).revision == 0


def test_a_stranger_finds_nothing_there(clerk: User, as_user: Browser, year: Report) -> None:
    press(as_user(clerk), year, 404)
    assert load(year).revision == 0


def test_a_clerk_of_this_unit_takes_nothing_from_a_report_of_another(
    desk: Client, as_user: Browser, year: Report
) -> None:
    """A clerk of two communes starts each from its own."""
    user = User.objects.get(username="tongson")
    ha_tien = report_of(HA_TIEN)
    RoleAssignment.objects.create(user=user, unit=ha_tien.unit, role="clerk")
    press(as_user(user), year)
    assert answered(year) == STILL_TRUE
    assert press(as_user(user), ha_tien) == "Đơn vị chưa có báo cáo kỳ trước trong hệ thống."


# --- the period before, beside its field --------------------------------------------------------------


def beside(page: str, name: str) -> str:
    """What stands beside a field of the page, from its name to the next field."""
    start = page.index(f'name="{name}"')
    following = re.search(r'name="', page[start + 10 :])
    return words(page[start : start + 10 + (following.start() if following else 2000)])


def test_the_figure_of_the_period_before_stands_beside_its_field(
    desk: Client, nine: Report, year: Report
) -> None:
    page = desk.get(page_of(year, "procedures")).content.decode()
    assert "Kỳ trước: 4.826" in beside(page, "procedures.received")
    assert "Kỳ trước: 120" in beside(page, "procedures.desk_area")
    assert "Kỳ trước" not in beside(page, "procedures.published_on_site")
    service = desk.get(page_of(year, "civil_service")).content.decode()
    assert "Kỳ trước: Không phát sinh" in beside(service, "civil_service.violations")
    assert "Kỳ trước: Thực hiện" not in service
    appendix = desk.get(page_of(year, "appendix")).content.decode()
    assert "Kỳ trước: 14" in beside(appendix, "indicator.g7_7")
    assert 'class="previous"' not in desk.get(page_of(nine, "procedures")).content.decode()


def test_cells_of_rows_taken_over_show_their_figure_of_the_period_before(
    desk: Client, year: Report
) -> None:
    press(desk, year)
    send(desk, year, "procedures", {"dossiers.name@tay": "chứng thực khác"})
    page = desk.get(page_of(year, "procedures")).content.decode()
    assert re.search(
        r'name="dossiers.received@ts-dos-2"[^>]*value=""[^>]*><span class="previous"><span class="before">Kỳ trước: </span>2\.064</span>',
        page,
    )
    assert re.search(
        r'name="equipment.quantity@ts-eq-1"[^>]*value="9"[^>]*><span class="previous"><span class="before">Kỳ trước: </span>9</span>',
        page,
    )
    assert 'class="previous"' not in page[page.index('name="dossiers.received@tay"') :][:300]
    staff = desk.get(page_of(year, "civil_service")).content.decode()
    assert re.search(
        r'name="staff.studying@staff-civil_servants"[^>]*value=""[^>]*><span class="previous"><span class="before">Kỳ trước: </span>2</span>',
        staff,
    )


def test_a_row_typed_anew_under_the_same_name_shows_the_figures_of_that_name(
    desk: Client, year: Report
) -> None:
    send(desk, year, "procedures", {"dossiers.name@tay": "  ĐẤT đai"})
    page = desk.get(page_of(year, "procedures")).content.decode()
    assert re.search(
        r'name="dossiers.late@tay"[^>]*><span class="previous"><span class="before">Kỳ trước: </span>18</span>',
        page,
    )


def test_a_text_that_did_not_change_says_so(desk: Client, year: Report) -> None:
    address = page_of(year, "organisation")
    before = words(desk.get(address).content.decode())
    assert "Nội dung kỳ trước Ủy ban nhân dân xã làm việc theo Quy chế đã ban hành" in before
    press(desk, year)
    assert "Không đổi so với kỳ trước." in seen(desk, address)
    send(desk, year, "organisation", {"text:working_rules": "Quy chế mới."})
    changed = seen(desk, address)
    assert "Không đổi so với kỳ trước." not in changed
    assert "Nội dung kỳ trước Ủy ban nhân dân xã làm việc" in changed


def test_a_reviewer_who_may_not_see_the_report_before_does_not_see_its_figures(
    as_user: Browser, nine: Report, year: Report
) -> None:
    """A ministry's office, above the province since October: the reports of September are not its."""
    ministry = Unit.objects.create(code="bo", kind="bộ", name="Nội vụ")
    Superior.objects.create(
        unit=Unit.objects.get(code="38"), superior=ministry, valid_from=date(2026, 10, 1)
    )
    reader = User.objects.create_user("bo_noivu", password="x", full_name="Chuyên viên Bộ Nội vụ")
    RoleAssignment.objects.create(user=reader, unit=ministry, role="reviewer")
    province = as_user(User.objects.get(username="thanhhoa_noivu"))
    assert "Kỳ trước: 4.826" in seen(province, page_of(year, "procedures"))
    client = as_user(reader)
    assert client.get(page_of(nine, "procedures")).status_code == 404
    page = client.get(page_of(year, "procedures"))
    assert page.status_code == 200
    assert 'class="previous"' not in page.content.decode() and "4.826" not in page.content.decode()
    assert "Nội dung kỳ trước" not in seen(client, page_of(year, "organisation"))


# --- presence is not carried ---------------------------------------------------------------------------


def test_taking_over_announces_nobody(desk: Client, year: Report) -> None:
    press(desk, year)
    assert not Presence.objects.filter(report=year).exists()
