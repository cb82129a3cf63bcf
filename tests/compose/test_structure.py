"""The composed paper as its checks read it: the frame, the appendix, the clerk's lists, what is dropped."""

from dataclasses import replace
from typing import Any

import pytest
from findings import by, cell, changed, tong_son, with_body

from reports.catalogue.values import Value
from reports.compose import compose
from reports.compose.wording import within_sentence
from reports.demo.loading import FIXTURES, load_outline
from reports.directory.loading import DataError, read


def test_dots_for_a_missing_cell_of_a_row_stop_the_report(db: None) -> None:
    body = "@each plan_tasks: - {field}: đề ra {planned} nhiệm vụ, hoàn thành {done} nhiệm vụ."
    dossier = changed(with_body(body), {cell("plan_tasks", 0, "done"): None})
    row = dossier.tables["plan_tasks"][0]
    (found,) = by("missing_value_printed", dossier)
    assert (found.name, found.is_error) == (f"plan_tasks.done@{row.uid}", True)
    assert found.message.startswith("Câu “") and "còn chỗ trống: chưa có “" in found.message
    assert by("missing_value_printed", with_body(body)) == []


def test_dots_for_a_missing_value_in_the_frame_stop_the_report(db: None) -> None:
    dossier = tong_son()
    basis = "Căn cứ {procedures.received} hồ sơ, {procedures.published_on_site} văn bản"
    outline = replace(dossier.outline, basis=basis)
    (found,) = by("missing_value_printed", replace(dossier, outline=outline))
    assert "hồ sơ, …… văn bản" in found.message and found.is_error


FRAME_TEXTS = [
    ("dots_typed", "addressees", "Ủy ban nhân dân ........"),
    ("dots_typed", "signer_title", "Chủ tịch ……"),
    ("grammar_printed", "recipients", "Phòng {Số hồ sơ}"),
    ("grammar_printed", "place", "[Tống Sơn}"),
    ("dots_typed", "note:g1_1_1", "Kế hoạch số ........"),
    ("grammar_printed", "note:g1_1_1", "Theo {kế hoạch}"),
]


@pytest.mark.parametrize(("rule", "field", "text"), FRAME_TEXTS)
def test_dots_and_braces_are_found_around_the_text_too(
    db: None, rule: str, field: str, text: str
) -> None:
    dossier = tong_son()
    if field.startswith("note:"):
        notes = {**dossier.notes, field.removeprefix("note:"): text}
        dossier = replace(dossier, notes=notes)
    else:
        dossier = replace(dossier, paper=replace(dossier.paper, **{field: text}))
    assert [(f.name, f.is_error) for f in by(rule, dossier)] == [(field, True)]


@pytest.mark.parametrize("part", ["subject", "opening", "closing", "basis", "recipients"])
def test_dots_in_the_outlines_own_frame_are_found(db: None, part: str) -> None:
    dossier = tong_son()
    paper = replace(dossier.paper, recipients="")
    outline = replace(dossier.outline, **{part: "Theo Công văn số ........ của cấp trên"})
    (found,) = by("dots_typed", replace(dossier, paper=paper, outline=outline))
    assert (found.section, found.is_error) == ("paper", True)
    assert "quản trị" in found.fix


LISTS = [
    ("Đội ngũ được kiện toàn.\n- Tập huấn 02 lớp.\n- Thi nâng ngạch.", True),
    ("Đội ngũ được kiện toàn, cụ thể:\n- Tập huấn 02 lớp.\n- Thi nâng ngạch.", False),
    ("- Tập huấn 02 lớp.\n- Thi nâng ngạch.\nĐội ngũ ổn định.", False),
    ("Đội ngũ được kiện toàn.\n1. Tập huấn.\n2. Thi nâng ngạch.", False),
]


@pytest.mark.parametrize(("text", "told"), LISTS)
def test_a_clerks_list_has_a_line_that_leads_to_it(db: None, text: str, told: bool) -> None:
    said = {("narratives", "systems"): {"text": text, "placement": "instead", "made_from": ""}}
    found = by("list_without_lead_in", changed(with_body(""), said))
    assert [(f.name, f.is_error) for f in found] == [("text:systems", False)] * told


BODY = "Xong.[ Có {egov.it_contents} nội dung, {procedures.published_on_site} hồ sơ.]"


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (Value(none_arisen=True), "không phát sinh")]
)
def test_a_nought_and_none_arisen_are_not_dropped_in_silence(
    db: None, value: Any, said: str
) -> None:
    dossier = with_body(BODY)
    given = value if isinstance(value, Value) else Value(value)
    held = replace(dossier, figures={**dossier.figures, "egov.it_contents": given})
    (found,) = by("figure_not_printed", held)
    assert found.name == "egov.it_contents" and f"({said})" in found.message


def test_a_cell_that_its_sentence_drops_is_told(db: None) -> None:
    loop = "Tiến độ: <plan_tasks:{field} {planned} nhiệm vụ, xong {done}>."
    whole = tong_son()
    items = tuple(
        replace(item, body=loop if item.code == "systems" else "" if "plan_tasks" in item.body else item.body)
        for item in whole.outline.items
    )  # fmt: skip
    dossier = replace(whole, outline=replace(whole.outline, items=items))
    assert [f.name for f in by("figure_not_printed", dossier) if "@" in f.name] == []
    held = changed(dossier, {cell("plan_tasks", 0, "done"): None})
    row = held.tables["plan_tasks"][0]
    (found,) = [f for f in by("figure_not_printed", held) if "@" in f.name]
    assert found.name == f"plan_tasks.planned@{row.uid}" and "không in ở đâu" in found.message


def test_a_line_of_the_frame_without_any_of_its_figures_is_left_out(db: None) -> None:
    dossier = tong_son()
    basis = (
        "Căn cứ {procedures.published_on_site} văn bản\nCăn cứ Luật Tổ chức chính quyền địa phương"
    )
    held = replace(dossier, outline=replace(dossier.outline, basis=basis))
    assert compose(held).head.basis == ("Căn cứ Luật Tổ chức chính quyền địa phương.",)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Kiện toàn Ban Chỉ đạo", "kiện toàn Ban Chỉ đạo"),
        ("Ban hành Quy chế làm việc", "ban hành Quy chế làm việc"),
        ("Tổ chức hội nghị", "tổ chức hội nghị"),
        ("Tổ công nghệ số", "Tổ công nghệ số"),
        ("Quy tắc ứng xử", "Quy tắc ứng xử"),
        ("Ủy ban nhân dân xã", "Ủy ban nhân dân xã"),
        ("Hà Trung tổ chức", "Hà Trung tổ chức"),
        ("UBND xã tổ chức", "UBND xã tổ chức"),
        ("việc ban hành", "việc ban hành"),
        ("", ""),
    ],
)
def test_what_was_typed_as_a_title_stands_in_small_letters_within_a_sentence(
    typed: str, said: str
) -> None:
    assert within_sentence(typed) == said


def general() -> dict[str, Any]:
    return read(FIXTURES / "outlines" / "general.toml")


def test_the_wording_of_an_opened_outline_may_be_mended(db: None) -> None:
    data = general()
    data["items"][0]["title"] = "Công tác chỉ đạo"
    data["closing"] = "Ủy ban nhân dân {unit} trân trọng báo cáo"
    assert (
        load_outline(data, "general.toml").items.get(code="direction").title == "Công tác chỉ đạo"
    )


@pytest.mark.parametrize("what", ["item", "figure", "required", "evidence", "narrative"])
def test_what_an_opened_outline_asks_does_not_change_under_its_reports(db: None, what: str) -> None:
    data = general()
    item = next(item for item in data["items"] if item["code"] == "systems")
    if what == "item":
        data["items"].append(
            {"code": "more", "level": 1, "title": "Mục mới", "section": "direction"}
        )
    elif what == "figure":
        item["body"] += (
            "\n[Có {egov.accounts} tài khoản.]\n[{egov.iso_applied|did} xong {procedures.received_level3} hồ sơ.]"
        )
    elif what == "required":
        item["body"] += "\nCó {egov.it_contents} nội dung."
    elif what == "evidence":
        data["evidence"] = []
    else:
        item["narrative"] = False
    with pytest.raises(DataError, match="ghi thành phiên bản 2"):
        load_outline(data, "general.toml")
    data["version"] = 2
    assert load_outline(data, "general.toml").version == 2
