"""Text of old fonts in the pages of entry: told with what it would be, stored as the clerk decides."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from conftest import TONG_SON, report_of
from django.test import Client
from django.urls import reverse

from reports.dossier.facts import load
from reports.entry.page_texts import page_texts
from reports.enums import Section
from reports.models import Report, User
from reports.models.rows import Equipment

Browser = Callable[[User], Client]
JSON = {"accept": "application/json"}

#: As pasted from .VnTime and from VNI-Times, and what it says.
TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam, ng\xadêi d©n ®\xadîc h\xadíng dÉn"
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam"
SAID = {TCVN3: "Cộng hòa xã hội chủ nghĩa Việt Nam, người dân được hướng dẫn",
        VNI: "Cộng hòa xã hội chủ nghĩa Việt Nam"}  # fmt: skip
LABEL = {TCVN3: "TCVN3 (ABC)", VNI: "VNI"}
RECEIVED = "procedures.received"
#: Places of every kind: a text of one's own, a figure of words, a cell, the frame.
PLACES = [
    ("procedures", "text:dossiers"), ("evaluation", "evaluation.limits"),
    ("procedures", "equipment.name@{row}"), ("paper", "signer_name"),
]  # fmt: skip


@pytest.fixture
def mine(clerk: User, as_user: Browser) -> Client:
    return as_user(clerk)


def page_of(report: Report, section: str) -> str:
    return reverse("section", kwargs={"pk": report.pk, "section": section})


def send(client: Client, report: Report, section: str, data: dict[str, Any]) -> dict[str, Any]:
    response = client.post(page_of(report, section), data, headers=JSON)
    assert response.status_code == 200
    return response.json()


def named(report: Report, name: str) -> str:
    return name.format(row=Equipment.objects.filter(report=report).earliest("order").uid)


def held(report: Report, section: str, name: str) -> str:
    return page_texts(load(report), Section(section))[name]


def words(markup: str) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\u00a0", " ")
    return " ".join(text.split())


@pytest.mark.parametrize("text", [TCVN3, VNI], ids=["TCVN3", "VNI"])
@pytest.mark.parametrize(("section", "name"), PLACES)
def test_old_text_is_not_stored_and_told_with_its_conversion(
    mine: Client, ha_tien: Report, section: str, name: str, text: str
) -> None:
    name = named(ha_tien, name)
    before, revision = held(ha_tien, section, name), load(ha_tien).revision
    answer = send(mine, ha_tien, section, {name: text})
    assert answer["old"] == {name: {"encoding": LABEL[text], "text": SAID[text]}}
    assert (answer["errors"], answer["conflicts"]) == ({}, {})
    assert held(ha_tien, section, name) == before
    assert answer["revision"] == revision


@pytest.mark.parametrize("text", [TCVN3, VNI], ids=["TCVN3", "VNI"])
@pytest.mark.parametrize(("section", "name"), PLACES)
def test_converted_it_is_stored_in_unicode(
    mine: Client, ha_tien: Report, section: str, name: str, text: str
) -> None:
    name = named(ha_tien, name)
    answer = send(mine, ha_tien, section, {name: text, "convert": name})
    assert answer["old"] == {}
    assert held(ha_tien, section, name) == SAID[text]


@pytest.mark.parametrize(("section", "name"), PLACES)
def test_kept_as_it_is_it_is_stored_as_typed(
    mine: Client, ha_tien: Report, section: str, name: str
) -> None:
    name = named(ha_tien, name)
    answer = send(mine, ha_tien, section, {name: VNI, "as_is": name})
    assert answer["old"] == {}
    assert held(ha_tien, section, name) == VNI
    # And when the same field is sent again with the same words, it is asked again.
    assert list(send(mine, ha_tien, section, {name: VNI})["old"]) == [name]


def test_the_rest_of_the_same_save_is_kept(mine: Client, ha_tien: Report) -> None:
    sent = {"text:dossiers": TCVN3, "text:simplification": "Bình thường.", RECEIVED: "2395",
            "procedures.resolved": "nhiều"}  # fmt: skip
    answer = send(mine, ha_tien, "procedures", sent)
    assert list(answer["old"]) == ["text:dossiers"]
    assert list(answer["errors"]) == ["procedures.resolved"]
    now = load(ha_tien)
    assert now.value(RECEIVED).content == 2395
    assert now.narratives["simplification"].text == "Bình thường."
    assert held(ha_tien, "procedures", "text:dossiers") == ""


def test_each_field_is_decided_on_its_own(mine: Client, ha_tien: Report) -> None:
    sent = {"evaluation.strengths": TCVN3, "evaluation.limits": VNI, "evaluation.causes": VNI}
    answer = send(mine, ha_tien, "evaluation", {
        **sent, "convert": ["evaluation.strengths", "evaluation.limits"], "as_is": "evaluation.causes",
    })  # fmt: skip
    assert answer["old"] == {}
    assert held(ha_tien, "evaluation", "evaluation.strengths") == SAID[TCVN3]
    assert held(ha_tien, "evaluation", "evaluation.limits") == SAID[VNI]
    assert held(ha_tien, "evaluation", "evaluation.causes") == VNI


def test_the_letter_that_is_a_soft_hyphen_in_tcvn3_survives(mine: Client, ha_tien: Report) -> None:
    """U+00AD is the ư of TCVN3, which browsers hide and cleaning drops."""
    raw = "®\xad¬ng nhiªn ng\xadêi d©n ®\xadîc h\xadíng dÉn t¹i ñy ban nh©n d©n ph\xadêng"
    said = "đương nhiên người dân được hướng dẫn tại ủy ban nhân dân phường"
    name = "text:dossiers"
    assert send(mine, ha_tien, "procedures", {name: raw})["old"][name]["text"] == said
    send(mine, ha_tien, "procedures", {name: raw, "convert": name})
    assert held(ha_tien, "procedures", name) == said


@pytest.mark.parametrize(
    "text",
    ["Cộng hòa xã hội chủ nghĩa Việt Nam", "Céng hoà", "5 × 3 ÷ 2", "café crème",
     "hướng\xad dẫn người\xad dân", "UBND xã đã ban hành KH số 05"],
)  # fmt: skip
def test_unicode_is_stored_and_never_asked_about(mine: Client, ha_tien: Report, text: str) -> None:
    answer = send(mine, ha_tien, "procedures", {"text:dossiers": text})
    assert answer["old"] == {}
    assert held(ha_tien, "procedures", "text:dossiers") == text.replace("\xad", "")


def test_convert_does_not_touch_what_is_unicode(mine: Client, ha_tien: Report) -> None:
    text = "Người dân được hướng dẫn"
    send(mine, ha_tien, "procedures", {"text:dossiers": text, "convert": "text:dossiers"})
    assert held(ha_tien, "procedures", "text:dossiers") == text


def test_old_text_in_names_nobody_asked_for_is_ignored(mine: Client, ha_tien: Report) -> None:
    for section in ("procedures", "paper"):
        response = mine.post(page_of(ha_tien, section), {"la": TCVN3, "place": "Hà Trung"})
        assert response.status_code == 302


# --- without scripts ----------------------------------------------------------------------------------


def typed_in(page: str, name: str) -> str:
    """What stands in a field of the page."""
    tag = re.search(rf'<(input|textarea) [^>]*(?<!-)name="{re.escape(name)}"[^>]*>', page)
    assert tag
    if tag[1] == "textarea":
        text = page[tag.end() : page.index("</textarea>", tag.end())].removeprefix("\n")
    else:
        value = re.search(r'value="([^"]*)"', tag[0])
        text = value[1] if value else ""
    return html.unescape(text)


@pytest.mark.parametrize("text", [TCVN3, VNI], ids=["TCVN3", "VNI"])
@pytest.mark.parametrize(("section", "name"), PLACES)
def test_the_page_without_scripts_offers_two_buttons_and_keeps_the_text(
    mine: Client, ha_tien: Report, section: str, name: str, text: str
) -> None:
    name = named(ha_tien, name)
    address = page_of(ha_tien, section)
    page = mine.post(address, {name: text})
    assert page.status_code == 422
    shown = page.content.decode()
    assert (
        f"Nội dung gõ bằng bảng mã {LABEL[text]}, chưa lưu. Chuyển sang Unicode thành: “{SAID[text]}”"
        in words(shown)
    )
    for button, label in (("convert", "Chuyển sang Unicode"), ("as_is", "Giữ nguyên")):
        assert re.search(
            rf'<button type="submit"[^>]*form="nhap-lieu"\s+name="{button}"\s+value="{re.escape(name)}">\s*{label}\s*<',
            shown,
        )
    assert 'id="nhap-lieu"' in shown
    # What stands in the field is what was typed, every letter of it: the button converts that.
    field = typed_in(shown, name)
    assert field == text
    assert mine.post(address, {name: field, "convert": name}).status_code == 302
    assert held(ha_tien, section, name) == SAID[text]


def test_without_scripts_it_may_be_kept_as_it_is(mine: Client, ha_tien: Report) -> None:
    sent = {"text:dossiers": VNI, RECEIVED: "2395"}
    assert mine.post(page_of(ha_tien, "procedures"), sent).status_code == 422
    assert load(ha_tien).value(RECEIVED).content == 2395
    mine.post(page_of(ha_tien, "procedures"), {"text:dossiers": VNI, "as_is": "text:dossiers"})
    assert held(ha_tien, "procedures", "text:dossiers") == VNI


def test_a_note_of_the_appendix_is_asked_about_too(as_user: Browser, dien_bien: Report) -> None:
    client = as_user(User.objects.get(username="dienbien"))
    address = page_of(dien_bien, "appendix")
    page = client.post(address, {"note:r3_3_3": TCVN3})
    assert page.status_code == 422
    assert typed_in(page.content.decode(), "note:r3_3_3") == TCVN3
    sent = {"note:r3_3_3": TCVN3, "convert": "note:r3_3_3"}
    assert client.post(address, sent).status_code == 302
    assert held(dien_bien, "appendix", "note:r3_3_3") == SAID[TCVN3]


def test_what_was_taken_over_stays_unconfirmed_while_its_new_text_waits(
    as_user: Browser, db: None
) -> None:
    year = report_of(TONG_SON)
    client = as_user(User.objects.get(username="tongson"))
    client.post(reverse("carry_over", args=[year.pk]))
    waiting = send(client, year, "direction", {"text:leadership": TCVN3})
    assert "text:leadership" in waiting["carried"]
    decided = send(
        client, year, "direction", {"text:leadership": TCVN3, "convert": "text:leadership"}
    )
    assert "text:leadership" not in decided["carried"]
