"""The checks: each rule where it speaks and where it is silent, what the samples give, any report.

Most cases are the demo report of Tống Sơn with something changed. `tests/golden/findings.txt` lists
what the samples and that report give; after a wanted change of the rules write it anew with
`WRITE_GOLDEN=1`.
"""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import DIEN_BIEN, HA_TIEN, LOC_THUY, TONG_SON, report_of
from django.core.management import call_command
from findings import Changes, by, cell, changed, told, tong_son, with_body
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_reports import contents

from reports.catalogue.questionnaire import named_figures
from reports.checks import RULES, check
from reports.checks.case import Case
from reports.dossier.facts import Dossier, NarrativeFacts, load
from reports.dossier.json import to_json
from reports.entry import composed_text
from reports.entry.page_texts import page_texts
from reports.entry.progress import progress, sections_of
from reports.enums import Placement, Progress, Section, Severity
from reports.evidence.holding import figures_needing_evidence
from reports.management.commands.document_rules import rules_text
from reports.models import Report

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "findings.txt"


def fig(code: str) -> tuple[str, str]:
    return ("figures", code)


def document(**keys: Any) -> dict[str, Any]:
    return {
        "uid": "d1", "part": "direction", "item": "leadership", "kind": "ke_hoach", "number": "31",
        "symbol": "KH-UBND", "date": "2026-05-04", "date_text": "", "subject": "Việc khác",
        "issuer": "Ủy ban nhân dân xã Tống Sơn", "purpose": "plan", "cited_as": "", **keys,
    }  # fmt: skip


DOC = ("tables", "documents", "+")
P, D = "procedures.", "direction."


class Speaks(NamedTuple):
    """What a rule says, at which field, of the report of Tống Sơn with these changes."""

    rule: str
    changes: Changes
    field: str
    message: str


class Silent(NamedTuple):
    """Changes after which the rule has nothing to say: what is near and right."""

    rule: str
    changes: Changes


#: Each rule speaks here at least once.
SPEAKS: list[Speaks] = [
    Speaks(rule="figure_required", changes={fig(P + "resolved_early"): None}, field=P + "resolved_early",
     message="Chưa có số liệu “Hồ sơ giải quyết trước hạn”."),
    Speaks(rule="figure_required", changes={fig("plan.tasks"): None}, field="plan.tasks",
     message="Chưa có nội dung “Phương hướng, nhiệm vụ thời gian tới”."),
    Speaks(rule="figure_required", changes={("tables", "plan_tasks"): []}, field="plan_tasks.planned@plan_tasks-institutional",
     message="Chưa có “Tổng số nhiệm vụ đề ra trong kế hoạch năm”."),
    Speaks(rule="figure_required", changes={fig(P + "satisfaction_forms"): 0, fig(P + "satisfaction_satisfied"): 0},
     field=P + "satisfaction_rate",
     message="Chưa tính được “Tỷ lệ hài lòng của tổ chức, cá nhân”: “Số phiếu đánh giá mức độ hài lòng” bằng 0."),
    Speaks(rule="words_in_cell", changes={fig(D + "news_items"): {"value": None, "stated": "27 tin"}}, field=D + "news_items",
     message="“Số tin, bài tuyên truyền về cải cách hành chính” đang ghi chữ “27 tin”; cần số đếm."),
    Speaks(rule="words_in_cell", changes={cell("equipment", 0, "quantity"): {"value": None, "stated": "chín"}},
     field="equipment.quantity@ts-eq-1", message="“Số lượng” đang ghi chữ “chín”; cần số đếm."),
    Speaks(rule="carried_unconfirmed", changes={("carried",): ["staff@staff-officials", "civil_service.headcount"]},
     field="civil_service.headcount", message="Còn 2 nội dung lấy từ kỳ trước chưa xác nhận."),
    Speaks(rule="carried_unconfirmed", changes={("carried",): ["staff@staff-officials"]},
     field="staff.headcount@staff-officials", message="Còn 1 nội dung lấy từ kỳ trước chưa xác nhận."),
    Speaks(rule="carried_unconfirmed", changes={("carried",): ["text:desk"]}, field="text:desk",
     message="Còn 1 nội dung lấy từ kỳ trước chưa xác nhận."),
    Speaks(rule="frame_missing", changes={("paper", "place"): ""}, field="place", message="Thể thức văn bản chưa có địa danh."),
    Speaks(rule="frame_missing", changes={("paper", "signer_title"): " "}, field="signer_title",
     message="Thể thức văn bản chưa có chức vụ của người ký."),
    Speaks(rule="text_names_missing_figure",
     changes={fig("evaluation.limits"): "Còn {procedures.published_on_site} hồ sơ."}, field="evaluation.limits",
     message=("Lời văn “Tồn tại, hạn chế” nhắc số liệu chưa nhập: “Hồ sơ đã công khai kết quả trên trang "
     "thông tin điện tử của đơn vị”.")),
    Speaks(rule="total_of_parts", changes={fig(P + "resolved"): 4756}, field=P + "resolved",
     message="“Tổng số hồ sơ đã giải quyết”: 3.610 + 1.127 + 18 = 4.755, đang ghi 4.756."),
    Speaks(rule="total_of_parts", changes={fig(P + "received"): 4000, fig(P + "carried_over"): None}, field=P + "received",
     message=("“Tổng số hồ sơ đã tiếp nhận”: riêng 512 + 36 + 1.264 + 2.968 = 4.780, đã lớn hơn tổng số đang "
     "ghi 4.000.")),
    Speaks(rule="total_of_parts", changes={fig(D + "tasks_assigned"): "none_arisen"}, field=D + "tasks_assigned",
     message="“Số nhiệm vụ cấp trên giao”: 12 + 1 + 1 = 14, đang ghi không phát sinh."),
    Speaks(rule="received_is_resolved_and_pending", changes={fig(P + "pending"): 70}, field=P + "received",
     message="Đã giải quyết + đang giải quyết: 4.755 + 70 = 4.825, số tiếp nhận đang ghi 4.826."),
    Speaks(rule="received_is_resolved_and_pending", changes={fig(P + "resolved"): 4827, fig(P + "pending"): None,
                                          fig(P + "pending_overdue"): None}, field=P + "received",
     message="“Tổng số hồ sơ đã giải quyết”: 4.827, lớn hơn số tiếp nhận đang ghi 4.826."),
    Speaks(rule="part_above_whole", changes={fig(D + "survey_forms_returned"): 301}, field=D + "survey_forms_returned",
     message="“Số phiếu khảo sát thu về”: 301, lớn hơn “Số phiếu khảo sát phát ra” đang ghi 300."),
    Speaks(rule="part_above_whole", changes={fig("egov.outgoing_both"): 159}, field="egov.outgoing_electronic",
     message=("“Văn bản đi gửi hoàn toàn điện tử”, “Văn bản đi gửi điện tử song song với bản giấy”: "
     "2.946 + 159 = 3.105, lớn hơn “Tổng số văn bản đi” đang ghi 3.104.")),
    Speaks(rule="result_without_cause", changes={fig("institutional.conferences"): "none_arisen"},
     field="institutional.participants",
     message=("“Số người dự hội nghị phổ biến, giáo dục pháp luật” là 1.180, nhưng “Số hội nghị phổ biến, giáo "
     "dục pháp luật” đang ghi không phát sinh.")),
    Speaks(rule="dossier_row_closes", changes={cell("dossiers", 0, "on_time"): 183}, field="dossiers.resolved@ts-dos-1",
     message="Lĩnh vực “Hộ tịch”, “Đã giải quyết”: 1.120 + 183 + 0 = 1.303, đang ghi 1.302."),
    Speaks(rule="dossier_row_closes", changes={cell("dossiers", 0, "pending"): 9,
                            cell("dossiers", 0, "pending_in_time"): 9}, field="dossiers.received@ts-dos-1",
     message="Lĩnh vực “Hộ tịch”, “Tiếp nhận”: 1.302 + 9 = 1.311, đang ghi 1.310."),
    Speaks(rule="rows_above_total", changes={cell("dossiers", 5, "late"): 1}, field=P + "resolved_late",
     message=("Bảng “Hồ sơ thủ tục hành chính theo lĩnh vực”, cột “Quá hạn” cộng được 19; “Hồ sơ đã giải quyết "
     "quá hạn” đang ghi 18.")),
    Speaks(rule="rows_above_total", changes={cell("outgoing", 0, "quantity"): 1300}, field="egov.outgoing",
     message=("Bảng “Văn bản đi theo loại”, cột “Số văn bản” cộng được 3.106; “Tổng số văn bản đi” đang ghi "
     "3.104.")),
    Speaks(rule="row_part_above_whole", changes={cell("plan_tasks", 0, "done"): 5},
     field="plan_tasks.done@plan_tasks-institutional",
     message="“Cải cách thể chế”: “Số nhiệm vụ đã hoàn thành” là 5, lớn hơn “Số nhiệm vụ đề ra” đang ghi 4."),
    Speaks(rule="row_part_above_whole", changes={cell("staff", 1, "informatics"): 5}, field="staff.informatics@staff-officials",
     message="“Cán bộ”: “Tin học” là 5, lớn hơn “Tổng số” đang ghi 4."),
    Speaks(rule="headcount_of_staff", changes={fig("civil_service.headcount"): 44}, field="civil_service.headcount",
     message="Cán bộ, công chức theo bảng trình độ: 4 + 39 = 43, “Tổng số cán bộ, công chức” đang ghi 44."),
    Speaks(rule="received_by_mechanism", changes={fig(P + "received_one_stop"): 4100}, field=P + "received_one_stop",
     message=("Hồ sơ theo cơ chế một cửa, một cửa liên thông: 4.100 + 721 = 4.821, tổng số tiếp nhận đang ghi "
     "4.826.")),
    Speaks(rule="part_unusually_above_whole", changes={fig("organisation.payroll_present"): 47},
     field="organisation.payroll_present",
     message=("“Tổng số biên chế có mặt tại thời điểm báo cáo”: 47, lớn hơn “Tổng số biên chế được giao trong "
     "năm” đang ghi 46.")),
    Speaks(rule="part_unusually_above_whole", changes={fig(P + "feedback_received"): "none_arisen"},
     field=P + "feedback_handled",
     message=("“Số phản ánh, kiến nghị đã xử lý”: 5, lớn hơn “Số phản ánh, kiến nghị về thủ tục hành chính đã "
     "nhận” đang ghi không phát sinh.")),
    Speaks(rule="result_unusually_without_cause", changes={fig("civil_service.disciplined"): 1},
     field="civil_service.disciplined",
     message=("“Số cán bộ, công chức bị kỷ luật” là 1, nhưng “Số vụ vi phạm kỷ luật, kỷ cương hành chính” đang "
     "ghi không phát sinh.")),
    Speaks(rule="late_without_apology", changes={fig(P + "apologies"): "none_arisen"}, field=P + "apologies",
     message="Hồ sơ quá hạn: 18 + 3 = 21; số trường hợp đã công khai xin lỗi đang ghi không phát sinh."),
    Speaks(rule="rows_below_total", changes={cell("dossiers", 1, "early"): 1870}, field=P + "resolved_early",
     message=("Bảng “Hồ sơ thủ tục hành chính theo lĩnh vực”, cột “Trước hạn” cộng được 3.609; “Hồ sơ giải "
     "quyết trước hạn” đang ghi 3.610.")),
    Speaks(rule="row_unusual", changes={cell("disbursements", 0, "amount"): 10_650_000_001},
     field="disbursements.amount@ts-dis-1",
     message=("“Vốn đầu tư công”: “Số đã giải ngân” là 10.650.000.001, lớn hơn “Dự toán giao” đang ghi "
     "10.650.000.000.")),
    Speaks(rule="row_unusual", changes={("tables", "positions", "+"): {"uid": "p1", "name": "Địa chính", "missing": 1,
                                                     "surplus": 2}}, field="positions.missing@p1",
     message="Chức danh “Địa chính” vừa thiếu 1 vừa dôi dư 2 người."),
    Speaks(rule="qualifications_above_headcount", changes={cell("staff", 0, "university"): 34},
     field="staff.postgraduate@staff-civil_servants",
     message="“Công chức” theo trình độ: 6 + 34 = 40, lớn hơn tổng số đang ghi 39."),
    Speaks(rule="field_told_twice", changes={fig(P + "land_on_time"): 318}, field=P + "land_on_time",
     message=("“Hồ sơ lĩnh vực đất đai giải quyết đúng hẹn” là 318; bảng theo lĩnh vực ghi trước hạn và đúng "
     "hạn 102 + 321 = 423.")),
    Speaks(rule="rate_not_ratio", changes={fig(P + "late_rate"): {"value": None, "stated": "0,3"}}, field=P + "late_rate",
     message="“Tỷ lệ hồ sơ đã giải quyết quá hạn” ghi 0,3%; tính từ số liệu là 0,4%."),
    Speaks(rule="rate_not_ratio", changes={cell("staff", 0, "university_share"): {"value": None, "stated": "84%"}},
     field="staff.university@staff-civil_servants",
     message="“Công chức”: “Tỷ lệ Chuyên môn: đại học” ghi 84%; tính từ số liệu là 84,6%."),
    Speaks(rule="rate_unreadable", changes={fig("indicator.g6_1"): 169.67}, field="indicator.g6_1",
     message="“Tỷ lệ giải ngân vốn đầu tư công” ghi “169,67%”; cần tỷ lệ phần trăm từ 0 đến 100."),
    Speaks(rule="rate_unreadable", changes={fig("organisation.payroll_cut_rate"): {"value": None, "stated": "gần 9%"}},
     field="organisation.payroll_cut_rate",
     message="“Tỷ lệ biên chế đã tinh giản so với năm 2015” ghi “gần 9%”; cần tỷ lệ phần trăm từ 0 đến 100."),
    Speaks(rule="document_date_implausible", changes={DOC: document(date="2026-09-15")}, field="documents.date@d1",
     message="Kế hoạch số 31/KH-UBND ngày 15/9/2026 ghi ngày sau ngày cuối kỳ báo cáo (14/9/2026)."),
    Speaks(rule="document_date_implausible", changes={DOC: document(date="1945-09-01")}, field="documents.date@d1",
     message="Kế hoạch số 31/KH-UBND ngày 01/9/1945 ghi ngày trước ngày 02/9/1945."),
    Speaks(rule="document_incomplete", changes={DOC: document(date=None)}, field="documents.date@d1",
     message="Kế hoạch số 31/KH-UBND chưa có ngày ban hành."),
    Speaks(rule="document_incomplete", changes={DOC: document(date=None, number="", symbol="")}, field="documents.number@d1",
     message="Kế hoạch Việc khác chưa có số và ngày ban hành."),
    Speaks(rule="document_incomplete", changes={DOC: document(date=None, date_text="45/2026")}, field="documents.date@d1",
     message="Kế hoạch số 31/KH-UBND có ngày ghi “45/2026” không đọc được."),
    Speaks(rule="document_year", changes={DOC: document(kind="nghi_dinh", number="45/2002", symbol="NĐ-CP",
                                     date="2020-04-08")}, field="documents.number@d1",
     message="Nghị định số 45/2002/NĐ-CP ngày 08/4/2020: số ghi năm 2002, ngày ghi năm 2020."),
    Speaks(rule="document_two_dates", changes={DOC: document(number="02")}, field="documents.date@d1",
     message="Kế hoạch số 02/KH-UBND được ghi với 2 ngày khác nhau: 08/01/2026; 04/5/2026."),
    Speaks(rule="document_two_numbers", changes={DOC: document(subject="Tuyên truyền cải cách hành chính năm 2026",
                                            date="2026-01-26")}, field="documents.number@d1",
     message="Kế hoạch ngày 26/01/2026 về cùng một nội dung được ghi với 2 số: 06, 31."),
    Speaks(rule="figure_out_of_time", changes={fig(P + "received_level3"): 5}, field=P + "received_level3",
     message=("“Hồ sơ tiếp nhận trực tuyến mức độ 3” (đang ghi 5) chỉ dùng đến ngày 14/8/2022; kỳ báo cáo kết "
     "thúc ngày 14/9/2026.")),
    Speaks(rule="appendix_row_not_asked", changes={fig("indicator.g3"): 5}, field="indicator.g3",
     message="Dòng 3 “Cải cách thủ tục hành chính” là dòng tiêu đề nhưng đang ghi “5”."),
    Speaks(rule="text_stale", changes={("narratives", "desk"): {"text": "Lời cũ.", "placement": "instead",
                                             "made_from": "Câu cũ."}}, field="text:desk",
     message="Số liệu của mục “Tổ chức và hoạt động của Bộ phận Một cửa” đã thay đổi sau khi lời văn được sửa."),
]  # fmt: skip

#: What the composed paper must not hold, told at the field of the text.
SPEAKS += [
    Speaks(rule="dots_typed", changes={fig("evaluation.limits"): "Còn …… hồ sơ."}, field="evaluation.limits",
     message="Lời văn còn chỗ trống “Còn …… hồ sơ.”."),
    Speaks(rule="grammar_printed", changes={fig("evaluation.limits"): "Còn {x} hồ sơ."}, field="evaluation.limits",
     message="Văn bản in ra ký hiệu “{x}” trong câu “Còn {x} hồ sơ.”."),
    Speaks(rule="lead_in_without_list", changes={fig("evaluation.limits"): "Cụ thể:"}, field="evaluation.limits",
     message="Câu “Cụ thể:” kết thúc bằng dấu hai chấm mà không có nội dung tiếp theo."),
    Speaks(rule="zeros_mixed", changes={fig("evaluation.limits"): "Còn 5 hồ sơ."}, field="evaluation.limits",
     message=("Lời văn ghi “5 hồ sơ”, các câu khác của báo cáo ghi số nhỏ hơn 10 có số 0 đứng trước "
      "(“05 hồ sơ”).")),
]  # fmt: skip

#: Each rule is silent here at least once.
SILENT: list[Silent] = [
    Silent(rule="dots_typed", changes={fig("evaluation.limits"): "Còn chậm v.v…"}),
    Silent(rule="grammar_printed", changes={fig("evaluation.limits"): "Còn [một] hồ sơ."}),
    Silent(rule="lead_in_without_list", changes={fig("evaluation.limits"): "Cụ thể:\n- Hồ sơ đất đai."}),
    Silent(rule="zeros_mixed", changes={fig("evaluation.limits"): "Mức độ 3 hồ sơ; 6 tháng; 12 hồ sơ."}),
    Silent(rule="figure_required", changes={fig(P + "received_by_post"): "none_arisen", fig(P + "desk_area"): None}),
    Silent(rule="words_in_cell", changes={fig(P + "late_rate"): {"value": None, "stated": "0,4"}}),
    Silent(rule="carried_unconfirmed", changes={("carried",): ["documents@gone"]}),
    Silent(rule="frame_missing", changes={("paper", "signer_name"): ""}),
    Silent(rule="text_names_missing_figure", changes={fig("evaluation.limits"): "Còn {procedures.overdue} hồ sơ {x}."}),
    Silent(rule="total_of_parts", changes={fig(P + "received_by_post"): None, fig(P + "resolved_early"): None}),
    Silent(rule="received_is_resolved_and_pending", changes={fig(P + "pending"): None}),
    Silent(rule="part_above_whole", changes={fig("egov.incoming_handled"): 5316, fig("egov.articles"): None}),
    Silent(rule="result_without_cause", changes={fig("institutional.conferences"): None}),
    Silent(rule="dossier_row_closes", changes={cell("dossiers", 0, "on_time"): None}),
    Silent(rule="rows_above_total", changes={("tables", "dossiers"): []}),
    Silent(rule="row_part_above_whole", changes={cell("plan_tasks", 0, "planned"): None}),
    Silent(rule="headcount_of_staff", changes={("tables", "staff", "+"): {"uid": "s", "category": "part_time",
                                                       "headcount": 9}}),
    Silent(rule="received_by_mechanism", changes={fig(P + "received_one_stop"): None}),
    Silent(rule="part_unusually_above_whole", changes={fig("organisation.payroll_present"): 46}),
    Silent(rule="result_unusually_without_cause", changes={fig(D + "inspections_planned"): 0}),
    Silent(rule="late_without_apology", changes={fig(P + "apologies"): 21}),
    Silent(rule="rows_below_total", changes={("tables", "outgoing"): [], cell("dossiers", 1, "early"): None}),
    Silent(rule="row_unusual", changes={cell("disbursements", 0, "estimate"): None}),
    Silent(rule="qualifications_above_headcount", changes={cell("staff", 0, "university"): 40}),
    Silent(rule="field_told_twice", changes={fig(P + "land_on_time"): 321}),
    Silent(rule="rate_not_ratio", changes={fig(P + "late_rate"): {"value": None, "stated": "0,38"}}),
    Silent(rule="rate_unreadable", changes={fig("indicator.g6_1"): 100}),
    Silent(rule="document_date_implausible", changes={DOC: document(date="2026-09-14")}),
    Silent(rule="document_incomplete", changes={DOC: document(kind="luat", number="", symbol="", date=None)}),
    Silent(rule="document_incomplete", changes={DOC: document(number="02", date=None)}),
    Silent(rule="document_year", changes={DOC: document(number="45/2026")}),
    Silent(rule="document_two_dates", changes={DOC: document(number="02", date="2025-03-04")}),
    Silent(rule="document_two_numbers", changes={DOC: document(subject="")}),
    Silent(rule="figure_out_of_time", changes={fig(P + "received_level3"): None}),
    Silent(rule="appendix_row_not_asked", changes={fig("indicator.g7_7"): 0}),
    Silent(rule="text_stale", changes={("narratives", "desk"): {"text": "Lời cũ.", "placement": "after",
                                             "made_from": "Câu cũ."}}),
]  # fmt: skip

#: Rules with tests of their own below.
BESIDE = {
    "standing_figure_jumped", "cumulative_figure_fell", "carried_over_not_pending",
    "evidence_missing", "appendix_breakdown", "missing_value_printed", "heading_without_text",
    "bare_answer", "values_run_together", "figure_not_printed", "letter_not_in_font",
    "list_without_lead_in",
}  # fmt: skip


@pytest.mark.parametrize(Speaks._fields, SPEAKS)
def test_a_rule_says_what_it_found(
    db: None, rule: str, changes: Changes, field: str, message: str
) -> None:
    dossier = changed(tong_son(), changes)
    finding = {finding.name: finding for finding in by(rule, dossier)}[field]
    assert finding.message == message
    assert finding.fix.endswith(".") and "!" not in finding.fix
    assert field in page_texts(dossier, finding.section)


@pytest.mark.parametrize(Silent._fields, SILENT)
def test_a_rule_is_silent_where_nothing_is_wrong(db: None, rule: str, changes: Changes) -> None:
    assert by(rule, changed(tong_son(), changes)) == []


def test_every_rule_is_tested() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert {case.rule for case in SPEAKS} | BESIDE == set(codes)
    assert {case.rule for case in SILENT} | BESIDE == set(codes)


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("heading_without_text", ""),
        ("bare_answer", "Áp dụng ISO: {egov.iso_applied}."),
        ("values_run_together", "Có {egov.accounts}{egov.mailboxes} tài khoản."),
        ("figure_not_printed", "Xong.[ Có {egov.it_contents} nội dung, {procedures.published_on_site} hồ sơ.]"),
        ("dots_typed", "Trong kỳ đã ban hành …… văn bản."),
        ("dots_typed", "[Có {egov.it_contents} nội dung, còn ____________ việc.]"),
        ("grammar_printed", "Đã ban hành \\{số\\} văn bản."),
    ],
)  # fmt: skip
def test_any_outline_is_read_as_its_reader_will(db: None, rule: str, body: str) -> None:
    sound = "- [{egov.iso_applied|did} áp dụng ISO.]\n- [Có {egov.it_contents|pad} nội dung.]"
    held = replace(with_body(body), narratives={})
    found = [finding for finding in check(held) if finding.rule == rule]
    assert found, rule
    assert [f for f in check(with_body(sound)) if f.rule == rule] == []


# --- beside the report before -------------------------------------------------------------------------


def half_year(dossier: Dossier, changes: Changes) -> Dossier:
    """A report of the same unit for the first six months, told by changes to this one."""
    period = replace(dossier.period, data_to=date(2026, 6, 14), phrase="6 tháng đầu năm 2026")
    return replace(changed(dossier, changes), period=period)


@pytest.mark.parametrize(
    ("rule", "before", "name", "message"),
    [("standing_figure_jumped", {fig("organisation.payroll_assigned"): 24},
      "organisation.payroll_assigned",
      "“Tổng số biên chế được giao trong năm” là 46; kỳ trước (6 tháng đầu năm 2026) là 24."),
     ("cumulative_figure_fell", {fig(P + "received"): 5000}, P + "received",
      ("“Tổng số hồ sơ đã tiếp nhận” từ ngày 15/12/2025 là 4.826, ít hơn 5.000 đã báo cáo 6 tháng đầu "
      "năm 2026.")),
     ("carried_over_not_pending", {fig(P + "carried_over"): 47}, P + "carried_over",
      ("“Hồ sơ từ kỳ trước chuyển sang” là 46; hồ sơ chuyển sang đã báo cáo (6 tháng đầu năm 2026) là "
      "47."))],
)  # fmt: skip
def test_a_figure_is_held_beside_the_report_before(
    db: None, rule: str, before: Changes, name: str, message: str
) -> None:
    dossier = tong_son()
    (found,) = by(rule, dossier, half_year(dossier, before))
    assert (found.name, found.message) == (name, message)
    assert by(rule, dossier, half_year(dossier, {})) == []
    assert by(rule, dossier) == []


def test_what_may_fall_is_not_held_beside_the_report_before(db: None) -> None:
    dossier = tong_son()
    before = half_year(
        dossier, {fig(P + "pending"): 900, fig(P + "desk_rooms"): 6, fig(P + "fields"): 80}
    )
    told = {f.rule for f in check(dossier, before, figures_needing_evidence(dossier))} & BESIDE
    assert told == set()
    other_year = replace(before.period, data_from=date(2025, 12, 14))
    assert by("cumulative_figure_fell", dossier, replace(before, period=other_year)) == []


def test_dossiers_carried_over_are_those_pending_before(db: None) -> None:
    dossier = tong_son()
    year = replace(dossier.period, data_from=date(2024, 12, 15), data_to=date(2025, 12, 14),
                   phrase="năm 2025")  # fmt: skip
    before = replace(changed(dossier, {fig(P + "pending"): 46}), period=year)
    assert by("carried_over_not_pending", dossier, before) == []
    before = replace(dossier, period=year)
    (found,) = by("carried_over_not_pending", dossier, before)
    assert found.message == (
        "“Hồ sơ từ kỳ trước chuyển sang” là 46; hồ sơ đang giải quyết cuối kỳ trước (năm 2025) là 71."
    )


# --- evidence, appendix, texts ------------------------------------------------------------------------


def test_a_figure_without_evidence_asks_for_it(db: None) -> None:
    dossier = tong_son()
    held = figures_needing_evidence(dossier) - {"direction.dialogues_held"}
    (found,) = (f for f in check(dossier, None, held) if f.rule == "evidence_missing")
    assert (found.name, found.about) == ("direction.dialogues_held", "2")
    assert found.message == (
        "“Số cuộc đối thoại với người dân, doanh nghiệp” (2) chưa có tài liệu kiểm chứng."
    )
    assert by("evidence_missing", dossier) == []


def test_rows_under_trong_do_add_up_to_theirs(dien_bien: Report) -> None:
    dossier = load(dien_bien)
    (found,) = by("appendix_breakdown", dossier)
    assert (found.section, found.name) == (Section.PROCEDURES, "procedures.returned_on_time")
    assert "3.678 + 0 + 192 + 136 = 4.006, tổng đang ghi 4.203." in found.message
    mended = changed(dossier, {fig("procedures.returned_on_time"): 4006})
    assert by("appendix_breakdown", mended) == []


def test_a_text_made_from_the_present_figures_is_not_stale(db: None) -> None:
    dossier = tong_son()
    item = next(item for item in dossier.outline.items if item.code == "desk")
    fresh = NarrativeFacts("Lời.", Placement.INSTEAD, composed_text(dossier, item))
    assert by("text_stale", replace(dossier, narratives={"desk": fresh})) == []


# --- keys ---------------------------------------------------------------------------------------------


def test_an_explanation_holds_for_the_values_it_was_given_for(db: None) -> None:
    first, same, other = (
        by("late_without_apology", changed(tong_son(), {fig(code): number}))[0]
        for code, number in ((P + "apologies", 5), (P + "apologies", 5), (P + "apologies", 6))
    )
    assert first == same
    assert first.key == other.key == "late_without_apology:procedures.apologies"
    assert (first.about, other.about) == ("5 18 3", "6 18 3")


# --- whole reports ------------------------------------------------------------------------------------


def test_a_complete_report_has_no_error(db: None) -> None:
    dossier = tong_son()
    found = check(dossier, None, figures_needing_evidence(dossier))
    assert {finding.severity for finding in found} == {Severity.WARNING}
    assert [progress(dossier, section)[0] for section in sections_of(dossier)] == (
        [Progress.COMPLETE] * len(sections_of(dossier))
    )


def test_an_empty_report_names_every_required_figure(db: None) -> None:
    dossier = load(report_of("15271", "TH-2026-NAM"))
    found = by("figure_required", dossier)
    named = {f.name for f in found}
    required = [
        code
        for code, asked in named_figures(dossier.outline, dossier.indicators).items()
        if asked and dossier.catalogue[code].valid_on(dossier.period.data_to)
    ]
    assert {Case(dossier).place(code)[1] for code in required} == named
    typed = [code for code in required if dossier.catalogue[code].typed]
    assert len(typed) > 50 and set(typed) <= named
    for finding in found:
        assert not finding.name or finding.name in page_texts(dossier, finding.section)
    others = {f.rule for f in check(dossier)} - {"figure_required"}
    assert others == {"frame_missing", "heading_without_text"}


SHOWN = {
    "Hà Tiến, 6 tháng 2023": (HA_TIEN, ""), "Lộc Thủy, quý I 2022": (LOC_THUY, ""),
    "Điện Biên, 6 tháng 2021": (DIEN_BIEN, ""), "Tống Sơn, 9 tháng 2026": (TONG_SON, "TH-2026-9T"),
}  # fmt: skip


def test_the_samples_give_the_findings_of_the_golden_file(db: None) -> None:
    lines = []
    for title, (unit, period) in SHOWN.items():
        lines.append(title)
        lines += [
            f"  {f.severity.value:8} {f.section.value:14} {f.rule} {f.name}"
            for f in check(load(report_of(unit, period)))
        ]
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text("\n".join(lines) + "\n", "utf-8")
    assert lines == GOLDEN.read_text("utf-8").splitlines()


def test_checking_asks_no_query(db: None, django_assert_num_queries: Any) -> None:
    dossier = tong_son()
    with django_assert_num_queries(0):
        check(dossier, dossier)


@settings(
    max_examples=60, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip
@given(data=st.data())
def test_any_report_is_checked_alike_each_time_and_findings_land_in_fields(
    dien_bien: Report, data: st.DataObject
) -> None:
    base = load(data.draw(st.sampled_from([dien_bien, report_of(TONG_SON)])))
    content, before = data.draw(contents(base)), data.draw(contents(base))
    dossier = told(
        {**to_json(base), **content, "paper": {**to_json(base)["paper"], **content["paper"]}}, base
    )
    names = [code for code, figure in dossier.catalogue.items() if not figure.table]
    names += [f"{table}@{row.uid}" for table, rows in dossier.tables.items() for row in rows]
    names += ["paper", *(f"text:{item.code}" for item in dossier.outline.items)]
    dossier = replace(dossier, carried=frozenset(data.draw(st.lists(st.sampled_from(names)))))
    previous = told({**to_json(base), **before, "paper": to_json(base)["paper"]}, base)
    found = check(dossier, previous)
    assert found == check(dossier, previous)
    assert len({finding.key for finding in found}) == len(found)
    pages = {section: page_texts(dossier, section) for section in Section}
    for finding in found:
        assert not finding.name or finding.name in pages[finding.section], finding
        assert finding.message.endswith(".") and finding.fix.endswith(".") and finding.rule
        assert "\n" not in finding.message + finding.fix + finding.key


# --- the rules as a document --------------------------------------------------------------------------


def test_the_list_of_rules_is_up_to_date() -> None:
    written = (GOLDEN.parents[2] / "docs" / "rules.md").read_text("utf-8")
    assert written == rules_text(), "chạy ./run manage document_rules"


def test_every_rule_says_what_it_demands_and_where_it_comes_from() -> None:
    for rule in RULES:
        assert rule.demands.endswith(".") and rule.demands.count(". ") == 0, rule.code
        assert rule.source.endswith(".") and "|" not in rule.demands + rule.source, rule.code


def test_the_command_writes_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr("django.conf.settings.BASE_DIR", tmp_path)
    call_command("document_rules")
    assert (tmp_path / "docs" / "rules.md").read_text("utf-8") == rules_text()
    assert f"{len(RULES)} quy tắc" in capsys.readouterr().out
