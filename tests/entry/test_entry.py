"""The clerk's pages: what they ask, what an autosave answers, what stays and what the paper then says."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from reports.catalogue.values import Value
from reports.dossier.facts import load
from reports.dossier.json import to_json
from reports.enums import Progress, Section
from reports.models import IndicatorNote, Narrative, Report, RoleAssignment, SectionState, User
from reports.models.sections import Direction, Procedures

NBSP = "\u00a0"
JSON = {"accept": "application/json"}
Browser = Callable[[User], Client]


@pytest.fixture
def typing(clerk: User, as_user: Browser) -> Client:
    """Hà Tiến's clerk, who today is clerk of Hà Tân too, whose report is empty."""
    ha_tan = User.objects.get(username="hatan").roles.get().unit
    RoleAssignment.objects.create(user=clerk, unit=ha_tan, role="clerk")
    return as_user(clerk)


def page_of(report: Report, section: str) -> str:
    return reverse("section", kwargs={"pk": report.pk, "section": section})


def autosave(client: Client, report: Report, section: str, **data: str) -> dict[str, Any]:
    """What the page's script does; `a__b` stands for `a.b`, since names hold dots."""
    sent = {name.replace("__", "."): value for name, value in data.items()}
    response = client.post(page_of(report, section), sent, headers=JSON)
    assert response.status_code == 200
    return response.json()


def send(client: Client, report: Report, section: str, data: dict[str, str]) -> dict[str, Any]:
    return autosave(client, report, section, **data)


def words(markup: str) -> str:
    """The text of markup as a reader sees it, with plain spaces."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", markup)).replace(NBSP, " ")
    return re.sub(r"\s+([,;.)])", r"\1", " ".join(text.split()))


def get(client: Client, report: Report, section: str) -> str:
    response = client.get(page_of(report, section))
    assert response.status_code == 200
    return response.content.decode()


# --- what the pages ask ----------------------------------------------------------------------------

#: Figures asked, required, given on request; rows by table; texts of one's own.
ASKED = {
    "direction": (15, 1, 8, {"plan_tasks": 7, "documents": 3}, 3),
    "institutional": (10, 2, 2, {"documents": 7}, 4),
    "procedures": (33, 15, 36, {"dossiers": 0, "equipment": 6, "documents": 1}, 8),
    "organisation": (4, 1, 6, {"documents": 2}, 4),
    "civil_service": (2, 1, 4, {"staff": 4, "positions": 5}, 1),
    "finance": (2, 0, 4, {"disbursements": 0, "documents": 2}, 4),
    "egov": (12, 1, 17, {"outgoing": 6, "documents": 1}, 6),
    "evaluation": (3, 3, 0, {}, 0),
    "plan": (1, 1, 0, {}, 0),
}


@pytest.mark.parametrize("section", sorted(ASKED))
def test_a_page_asks_what_the_outline_names(typing: Client, ha_tien: Report, section: str) -> None:
    response = typing.get(page_of(ha_tien, section))
    entry = response.context["entry"]
    asked = [figure for group in entry.groups for figure in group.figures]
    assert (
        len(asked),
        sum(figure.required for figure in asked),
        sum(len(group.figures) for group in entry.others),
        {grid.table: len(grid.rows) for grid in entry.grids},
        len(entry.narratives),
    ) == ASKED[section]
    page = response.content.decode()
    shown = set(re.findall(r'(?:name|data-computed)="([^"@:]+\.[^"@:]+)"', page))
    assert {figure.name for figure in entry.figures()} <= shown
    assert page.count('<i class="required"><span class="visually-hidden">') == ASKED[section][1]


def test_fields_show_figures_the_vietnamese_way(
    typing: Client, ha_tien: Report, dien_bien: Report, as_user: Browser
) -> None:
    page = get(typing, ha_tien, "procedures")
    for name, text in {
        "procedures.received": "207",
        "procedures.desk_area": "40",
        "procedures.pending_overdue": "0",
        "procedures.reviewed": "Không phát sinh",
    }.items():
        assert re.search(rf'name="{name}" value="{text}"', page), name
    clerk = User.objects.get(username="dienbien")
    assert 'value="4.203"' in get(as_user(clerk), dien_bien, "procedures")


@pytest.mark.parametrize("section", ["direction", "procedures", "appendix", "paper"])
def test_every_page_says_window_and_days_left(
    as_user: Browser, dien_bien: Report, section: str
) -> None:
    with time_machine.travel("2021-06-14 23:30 +07:00"):
        client = as_user(User.objects.get(username="dienbien"))
        for address in (page_of(dien_bien, section), reverse("report", args=[dien_bien.pk]),
                        reverse("preview", args=[dien_bien.pk])):  # fmt: skip
            said = words(client.get(address).content.decode())
            assert "Phường Điện Biên · số liệu từ 15/12/2020 đến 14/6/2021" in said
            assert "Còn 3 ngày (hạn 17/6/2021)" in said


@pytest.mark.parametrize(
    ("moment", "said"),
    [("2023-06-12", "Còn 5 ngày"), ("2023-06-17 23:59", "Hôm nay là hạn cuối"),
     ("2023-06-18 00:01", "Chậm 1 ngày"), ("2026-11-20", "Chậm 1.252 ngày")],
)  # fmt: skip
def test_days_left_are_counted_in_vietnam(
    typing: Client, ha_tien: Report, moment: str, said: str
) -> None:
    clock = moment if ":" in moment else f"{moment} 12:00"
    with time_machine.travel(f"{clock} +07:00"):
        typing.force_login(User.objects.get(username="hatien"))
        assert f"{said} (hạn 17/6/2023)" in words(get(typing, ha_tien, "plan"))


# --- autosave --------------------------------------------------------------------------------------


@pytest.mark.every_engine
def test_an_autosave_saves_what_was_sent_and_nothing_else(typing: Client, ha_tien: Report) -> None:
    before = to_json(load(ha_tien))
    answer = autosave(typing, ha_tien, "procedures", procedures__received="2395")
    after = to_json(load(ha_tien))
    assert answer["shown"] == {"procedures.received": "2.395"}
    assert answer["errors"] == {}
    assert answer["revision"] == after["revision"] == before["revision"] + 1
    assert answer["progress"] == {
        "state": "complete", "label": "Đã đủ", "answered": 15, "required": 15,
        "asked": "số liệu",
    }  # fmt: skip
    assert "đã tiếp nhận 2.395 hồ sơ thủ tục hành chính" in words(answer["preview"])
    assert before["figures"]["procedures.received"] == 207
    expected = {**before, "revision": before["revision"] + 1}
    expected["figures"] = {**before["figures"], "procedures.received": 2395}
    assert after == expected


def test_an_autosave_answers_with_the_ratios_it_changes(typing: Client, ha_tien: Report) -> None:
    answer = autosave(typing, ha_tien, "procedures", procedures__resolved="210")
    computed = {name: text for name, text in answer["computed"].items() if text}
    assert computed == {
        "procedures.on_time_rate": "97,14%",  # (134 + 70) / 210
        "procedures.resolved_on_time_rate": "33,3%",
        "procedures.late_rate": "1,4%",
    }


def test_a_save_of_the_same_again_changes_nothing(typing: Client, ha_tien: Report) -> None:
    saved = SectionState.objects.get(report=ha_tien, section="procedures")
    answer = autosave(typing, ha_tien, "procedures", procedures__received="207")
    assert answer["revision"] == ha_tien.revision
    state = SectionState.objects.get(report=ha_tien, section="procedures")
    assert (state.version, state.saved_at) == (saved.version, saved.saved_at)


def test_what_cannot_be_read_is_told_and_the_rest_is_saved(typing: Client, ha_tien: Report) -> None:
    answer = autosave(
        typing, ha_tien, "direction", direction__news_items="2,395", direction__tasks_open="4"
    )
    assert answer["errors"] == {
        "direction.news_items": "“2,395” có dấu phẩy, ô này nhận số nguyên; viết 2.395 nếu là số 2395."
    }
    assert answer["shown"] == {"direction.tasks_open": "4"}
    stored = Direction.objects.get(report=ha_tien)
    assert (stored.news_items, stored.tasks_open) == (None, 4)


@pytest.mark.parametrize("typed", ["kps", "KPS", "không", "Không phát sinh", "KHÔNG PHÁT SINH",
                                   "ko", "khong", " kps "])  # fmt: skip
@pytest.mark.parametrize("name", ["procedures.received", "procedures.desk_area"])
def test_every_way_to_say_that_nothing_arose_is_understood(
    typing: Client, ha_tien: Report, name: str, typed: str
) -> None:
    assert send(typing, ha_tien, "procedures", {name: typed})["shown"] == {name: "Không phát sinh"}
    assert load(ha_tien).value(name) == Value(none_arisen=True)
    assert send(typing, ha_tien, "procedures", {name: "05"})["shown"] == {name: "5"}
    assert load(ha_tien).value(name) == Value(5)
    assert send(typing, ha_tien, "procedures", {name: ""})["shown"] == {name: ""}
    assert load(ha_tien).value(name) == Value()


@pytest.mark.every_engine
def test_fields_of_two_people_saved_one_after_the_other_both_stay(
    typing: Client, ha_tien: Report, as_user: Browser
) -> None:
    colleague = User.objects.create_user("hatien_2", full_name="Công chức Tư pháp xã Hà Tiến")
    RoleAssignment.objects.create(user=colleague, unit=ha_tien.unit, role="clerk")
    get(typing, ha_tien, "procedures")
    autosave(as_user(colleague), ha_tien, "procedures", procedures__received="300")
    autosave(typing, ha_tien, "procedures", procedures__resolved="290")
    row = Procedures.objects.get(report=ha_tien)
    assert (row.received, row.resolved, row.resolved_early) == (300, 290, 134)


def test_the_report_page_says_who_saved_a_section_last_and_when(
    typing: Client, ha_tien: Report
) -> None:
    with time_machine.travel("2026-11-20 14:05 +07:00"):
        typing.force_login(User.objects.get(username="hatien"))
        autosave(typing, ha_tien, "plan", plan__tasks="Việc mới")
        page = typing.get(reverse("report", args=[ha_tien.pk])).content.decode()
    row = page[page.index("Phương hướng, nhiệm vụ") :].partition("</tr>")[0]
    assert 'title="Công chức Văn phòng xã Hà Tiến, lưu lúc 14:05 ngày 20/11/2026"' in row
    assert "Công chức Văn phòng" in words(row)
    assert page.count("lưu lúc 14:05 ngày 20/11/2026") == 1
    assert SectionState.objects.get(report=ha_tien, section="plan").version == 2


# --- how far a section has come --------------------------------------------------------------------

E, B, C, X = Progress.EMPTY, Progress.BEGUN, Progress.COMPLETE, Progress.ERRORS


def states(client: Client, report: Report) -> dict[str, Progress]:
    lines = client.get(reverse("report", args=[report.pk])).context["lines"]
    return {line.section.value: line.progress for line in lines}


def test_the_report_page_shows_how_far_each_section_has_come(
    typing: Client, ha_tien: Report, empty_report: Report, dien_bien: Report, as_user: Browser
) -> None:
    assert states(typing, ha_tien) == dict.fromkeys([*ASKED, "paper"], C)
    empty = dict.fromkeys(ASKED, E)
    assert states(typing, empty_report) == {**empty, "paper": E}
    assert states(as_user(User.objects.get(username="dienbien")), dien_bien) == {
        "direction": X, "institutional": E, "procedures": C, "organisation": C, "egov": B,
        "evaluation": C, "recommendations": C, "appendix": B, "paper": C,
    }  # fmt: skip


@pytest.mark.every_engine
def test_a_section_goes_from_empty_to_begun_to_complete(
    typing: Client, empty_report: Report
) -> None:
    def save(**data: str) -> str:
        return autosave(typing, empty_report, "evaluation", **data)["progress"]["state"]

    assert save(evaluation__strengths="Tốt") == "begun"
    assert save(evaluation__limits="Ít", evaluation__causes="kps") == "complete"
    assert save(evaluation__limits="") == "begun"
    assert save(evaluation__strengths="", evaluation__causes="") == "empty"


# --- who may not type -------------------------------------------------------------------------------


@pytest.mark.parametrize("section", ["direction", "civil_service", "paper"])
def test_whoever_may_not_type_finds_the_fields_closed(
    leader: User, as_user: Browser, ha_tien: Report, section: str
) -> None:
    page = get(as_user(leader), ha_tien, section)
    assert '<fieldset class="plain stacked" disabled>' in page or (
        '<fieldset class="plain" disabled>' in page
    )
    assert 'name="stay"' not in page and "data-add" not in page
    response = as_user(leader).post(page_of(ha_tien, section), {"direction.tasks_open": "1"})
    assert response.status_code == 403


# --- the clerk's own text ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("placement", "order"),
    [("after", ["207 hồ sơ", "xin rút", "Lời thêm"]), ("before", ["Lời thêm", "207 hồ sơ"]),
     ("instead", ["Lời thêm"])],
)  # fmt: skip
def test_own_text_stands_where_the_clerk_puts_it(
    typing: Client, ha_tien: Report, placement: str, order: list[str]
) -> None:
    sent = {"text:dossiers": "Lời thêm.", "placement:dossiers": placement}
    said = words(send(typing, ha_tien, "procedures", sent)["preview"])
    assert [said.index(part) for part in order] == sorted(said.index(part) for part in order)
    assert ("207 hồ sơ" in said) == (placement != "instead")
    stored = Narrative.objects.get(report=ha_tien, item="dossiers")
    assert (stored.text, stored.placement) == ("Lời thêm.", placement)


@pytest.mark.parametrize(
    ("section", "item", "figure"),
    [("procedures", "dossiers", "procedures.received"),
     ("direction", "self_check", "direction.inspections_planned"),
     ("direction", "assignment", "direction.plan_main_tasks")],
)  # fmt: skip
def test_a_text_taken_over_is_flagged_once_its_figures_change_and_not_before(
    typing: Client, ha_tien: Report, section: str, item: str, figure: str
) -> None:
    flag = "Số liệu của mục này đã thay đổi từ khi soạn lại câu"
    send(typing, ha_tien, section, {figure: "3"})
    send(typing, ha_tien, section, {f"text:{item}": "Có 3.", f"placement:{item}": "instead"})
    assert flag not in get(typing, ha_tien, section)
    send(typing, ha_tien, section, {figure: "4"})
    assert flag in get(typing, ha_tien, section)


def test_a_live_figure_is_typed_by_label_stored_by_code_and_printed_as_number(
    typing: Client, ha_tien: Report
) -> None:
    typed = "Còn {Tổng số hồ sơ quá hạn|05} hồ sơ, {Tổng số hồ sơ quá hạn}; {chữ thường}."
    name = "text:simplification"
    said = words(send(typing, ha_tien, "procedures", {name: typed})["preview"])
    assert "Còn 04 hồ sơ, 04; {chữ thường}." in said
    stored = Narrative.objects.get(report=ha_tien, item="simplification").text
    assert stored == "Còn {procedures.overdue|pad} hồ sơ, {procedures.overdue}; {chữ thường}."
    assert typed in html.unescape(get(typing, ha_tien, "procedures"))
    send(typing, ha_tien, "procedures", {"procedures.overdue": ""})
    paper = words(typing.get(reverse("preview", args=[ha_tien.pk])).content.decode())
    assert "Còn …… hồ sơ" in paper


@pytest.mark.parametrize(
    ("section", "name"),
    [("direction", "direction.propaganda_other"), ("organisation", "organisation.reception_schedule"),
     ("evaluation", "evaluation.causes")],
)  # fmt: skip
def test_a_live_figure_in_a_figure_of_words_is_printed_as_number(
    typing: Client, ha_tien: Report, section: str, name: str
) -> None:
    answer = send(typing, ha_tien, section, {name: "có {Tổng số hồ sơ quá hạn} hồ sơ"})
    assert answer["shown"] == {name: "có {Tổng số hồ sơ quá hạn} hồ sơ"}
    assert "có 04 hồ sơ" in words(answer["preview"])


# --- appendix and frame -----------------------------------------------------------------------------


@pytest.fixture
def dien_bien_clerk(db: None, as_user: Browser) -> Client:
    return as_user(User.objects.get(username="dienbien"))


def test_the_appendix_types_what_no_section_asks(
    dien_bien_clerk: Client, dien_bien: Report
) -> None:
    entries = dien_bien_clerk.get(page_of(dien_bien, "appendix")).context["indicators"]
    assert len(entries) == 173
    typed = {entry.field.name: entry.field.text for entry in entries if entry.field}
    filled = {name: text for name, text in typed.items() if text}
    assert filled == {
        "indicator.r3_3": "4.203", "indicator.r3_3_3": "0", "indicator.r3_4": "4.203",
        "indicator.r7_3_2": "100%", "indicator.r7_6_1": "1",
    }  # fmt: skip
    shown = {
        e.row.code: e.home_text for e in entries if e.home == Section.PROCEDURES and e.home_text
    }
    assert "4.203" in shown.values()
    assert not any(entry.field and entry.home_text for entry in entries)


@pytest.mark.every_engine
def test_values_and_notes_of_the_appendix_are_kept_and_printed(
    dien_bien_clerk: Client, dien_bien: Report
) -> None:
    note = "Gồm {Tổng số hồ sơ đã tiếp nhận} hồ sơ"
    sent = {"indicator.r3_3_3": "12", "note:r3_3_3": note, "note:r1_1_1": ""}
    answer = send(dien_bien_clerk, dien_bien, "appendix", sent)
    assert (answer["shown"], answer["errors"]) == ({"indicator.r3_3_3": "12"}, {})
    assert load(dien_bien).value("indicator.r3_3_3") == Value(12)
    assert list(IndicatorNote.objects.values_list("indicator__code")) == [("r3_3_3",)]
    label = html.unescape(get(dien_bien_clerk, dien_bien, "appendix"))
    paper = words(dien_bien_clerk.get(reverse("preview", args=[dien_bien.pk])).content.decode())
    assert (note in label, "Gồm 4.203 hồ sơ" in paper) == (True, True)


def test_the_frame_of_the_paper_is_typed_without_number_and_date(
    typing: Client, ha_tien: Report
) -> None:
    page = get(typing, ha_tien, "paper")
    assert 'name="number"' not in page and 'name="issued_on"' not in page
    sent = {"place": "Hà Trung", "authority": "tm_kt", "signer_title": "Phó Chủ tịch"}
    said = words(send(typing, ha_tien, "paper", sent)["preview"])
    assert "Hà Trung, ngày tháng năm 2023" in said
    assert "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH" in said and "PHÓ CHỦ TỊCH" in said
    answer = send(typing, ha_tien, "paper", {"symbol": "bc ubnd", "signer_name": "Lê Văn A"})
    assert list(answer["errors"]) == ["symbol"]
    assert "cần chữ in hoa nối bằng gạch ngang" in answer["errors"]["symbol"]
    paper = load(ha_tien).paper
    assert (paper.symbol, paper.signer_name, paper.place) == ("BC-UBND", "Lê Văn A", "Hà Trung")


# --- finding ----------------------------------------------------------------------------------------


def test_a_figure_of_any_section_is_found_by_its_name_without_diacritics(
    clerk: User, as_user: Browser, ha_tien: Report
) -> None:
    client, about = as_user(clerk), {"bao-cao": ha_tien.pk}
    page = client.get(reverse("search"), {**about, "q": "ho so qua han"})
    link = f"{page_of(ha_tien, 'procedures')}#id_procedures.overdue"
    assert f'href="{link}"' in page.content.decode()
    nothing = client.get(reverse("search"), {**about, "q": "con tàu vũ trụ"})
    assert "Không có kết quả nào cho “con tàu vũ trụ”" in nothing.content.decode()
