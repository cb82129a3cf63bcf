"""What people type, paste and forge: told in words, cleaned or ignored, and never a broken page."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import DIEN_BIEN, HA_TIEN, LOC_THUY, of_examples, report_of
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from page_markup import MARKED, Markup

from reports.dossier.facts import load
from reports.dossier.json import to_json
from reports.models import Report, User
from reports.models.rows import FieldDossiers
from reports.models.sections import Evaluation

JSON = {"accept": "application/json"}
FORM = "application/x-www-form-urlencoded"
Browser = Callable[[User], Client]
UNIT_OF = {"hatien": HA_TIEN, "locthuy": LOC_THUY, "dienbien": DIEN_BIEN}


@pytest.fixture
def typing(clerk: User, as_user: Browser) -> Client:
    """Hà Tiến's clerk, at a portal that answers a defect with 500 as it would outside a test."""
    client = as_user(clerk)
    client.raise_request_exception = False
    return client


def page_of(report: Report, section: str) -> str:
    return reverse("section", kwargs={"pk": report.pk, "section": section})


def post(
    client: Client, report: Report, section: str, data: dict[str, str], **more: Any
) -> HttpResponse:
    """A form as browsers send it. A failure in the database leaves the test's transaction whole."""
    with transaction.atomic():
        response = client.post(page_of(report, section), urlencode(data), content_type=FORM, **more)
        transaction.set_rollback(response.status_code == 500)
    return response


def send(client: Client, report: Report, section: str, data: dict[str, str]) -> dict[str, Any]:
    response = post(client, report, section, data, headers=JSON)
    assert response.status_code == 200
    return response.json()


# --- what cannot be read ------------------------------------------------------------------------------

LONG = "ư" * 100_000
DIGITS = "1" * 5000
REFUSED = [
    ("procedures", "procedures.received", "-5", "“-5” là số âm, ô này không nhận số âm"),
    ("procedures", "procedures.received", "2,395", "viết 2.395 nếu là số 2395"),
    ("procedures", "procedures.received", "360 phiếu", "“360 phiếu” có chữ; ô này tính bằng hồ sơ"),
    ("procedures", "procedures.received", "1" * 20, "có 20 chữ số; ô này nhận tối đa 15 chữ số"),
    ("procedures", "procedures.received", DIGITS, "có 5000 chữ số; ô này nhận tối đa 15"),
    ("procedures", "procedures.desk_area", "40.5", "viết 40,5 nếu là số thập phân"),
    ("procedures", "procedures.desk_area", "40,555", "ô này nhận tối đa 2 chữ số thập phân"),
    ("finance", "disbursements.amount@b1", "12.345.678.900.123.456", "có 17 chữ số"),
    ("finance", "disbursements.as_of@b1", "31/02/2024", "tháng 2 năm 2024 có 29 ngày"),
    ("finance", "disbursements.as_of@b1", "8/31/2024", "theo lối Mỹ, tháng trước ngày"),
    ("finance", "disbursements.as_of@b1", "05/8/31", "năm hai chữ số; viết 05/8/2031 nếu đúng"),
    ("finance", "disbursements.as_of@b1", "kps", "ô này cần ngày, không nhận “không phát sinh”"),
    ("finance", "disbursements.year@b1", "1800", "cần một năm từ 1945 đến 2100"),
    ("finance", "disbursements.year@b1", "năm nay", "“năm nay” có chữ, chỉ ghi số"),
    ("finance", "finance.autonomy", "7", "“7” không có trong chú giải: "),
    ("finance", "finance.autonomy", "kps", "ô này cần mã số theo chú giải"),
    ("finance", "finance.autonomy", DIGITS, "không có trong chú giải: "),
    ("egov", "egov.level4_resolved_rate", "1000000", "cần một tỷ lệ phần trăm như 97,37"),
    ("egov", "egov.level4_resolved_rate", "97.37", "viết 97,37 nếu là số thập phân"),
    ("egov", "outgoing.kind@b1", "zzz", "“zzz” không có trong danh sách"),
    ("direction", "documents.date@b1", "30/02/2023", "tháng 2 năm 2023 có 28 ngày"),
    ("direction", "documents.kind@b1", "Kế hoạch", "“Kế hoạch” không có trong danh sách"),
    ("direction", "documents.number@b1", "9" * 41, "Có 41 ký tự; tối đa 40"),
    ("direction", "documents.subject@b1", LONG, "Có 100.000 ký tự; tối đa 2.000"),
    ("direction", "text:propaganda", LONG, "có 100.000 ký tự; tối đa 20.000"),
    ("direction", "placement:propaganda", "zzz", "zzz"),
    ("procedures", "dossiers.name@b1", LONG, "Có 100.000 ký tự; tối đa 160"),
    ("evaluation", "evaluation.limits", LONG, "Văn bản có 100.000 ký tự; tối đa 20.000"),
    ("paper", "place", LONG, "120"),
    ("paper", "addressees", LONG, "tối đa"),
    ("paper", "recipients", LONG, "tối đa"),
    ("paper", "authority", "zzz", "zzz"),
    ("paper", "symbol", "bc/ubnd", "cần chữ in hoa nối bằng gạch ngang"),
]  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize(("section", "name", "typed", "said"), REFUSED)
def test_what_cannot_be_read_is_refused_in_words_and_stores_nothing(
    typing: Client, ha_tien: Report, section: str, name: str, typed: str, said: str
) -> None:
    before = to_json(load(ha_tien))
    answer = send(typing, ha_tien, section, {name: typed})
    assert list(answer["errors"]) == [name]
    assert said in answer["errors"][name]
    assert not re.search(
        r"\b(value|ensure|select|valid|allowed|the)\b", answer["errors"][name].lower()
    )
    assert to_json(load(ha_tien)) == before


@pytest.mark.once
def test_two_rows_of_one_name_are_told_apart(typing: Client, ha_tien: Report) -> None:
    said = "Lĩnh vực này đã có ở dòng khác."
    both = {"dossiers.name@b1": "Hộ tịch", "dossiers.name@b2": " Ho\u0323\u0302 tịch\u200b"}
    assert send(typing, ha_tien, "procedures", both)["errors"] == {"dossiers.name@b2": said}
    later = {"dossiers.name@b3": "Hộ tịch", "dossiers.received@b3": "5"}
    assert send(typing, ha_tien, "procedures", later)["errors"] == {"dossiers.name@b3": said}
    stored = FieldDossiers.objects.filter(report=ha_tien).values_list("uid", "name", "received")
    assert list(stored) == [("b1", "Hộ tịch", None), ("b3", "", 5)]
    instead = {"delete:dossiers@b1": "1", "dossiers.name@b3": "Hộ tịch"}
    assert send(typing, ha_tien, "procedures", instead)["errors"] == {}


UNKNOWN = [
    "foo", "procedures", "procedures.", ".received", "procedures.nothing", "nothing.x@u1", "plan.tasks",
    "dossiers.nothing@u1", "dossiers.received", "dossiers.received@", "dossiers.id@u1",
    "dossiers.report@u1", "dossiers.order@u1", "dossiers.uid@u1", "staff.postgraduate_share@ht-staff-1",
    "text:nope", "text:", "placement:nope", "note:r1_1", "delete:nothing@u1", "delete:dossiers@",
    "delete:", "delete:dossiers", "@", "@@", "dossiers.name@a b", "dossiers.name@ü",
    f"dossiers.name@{'a' * 37}", "dossiers.name@a@b", "dossiers.name@<b>", "dossiers.name@a\n",
    "dossiers.name@a\x00", "delete:dossiers@a\x00b", "delete:equipment@\u202e", "documents.part@ht-doc-01",
    "documents.cited_as@ht-doc-01", "none_arisen", "stay", "direction.radio_broadcasts", "x" * 10_000,
]  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("name", UNKNOWN)
def test_names_that_no_page_has_are_ignored(typing: Client, ha_tien: Report, name: str) -> None:
    before = to_json(load(ha_tien))
    assert send(typing, ha_tien, "procedures", {name: "1"})["errors"] == {}
    assert to_json(load(ha_tien)) == before


@pytest.mark.once
def test_more_rows_than_a_page_can_hold_are_refused_in_words(
    typing: Client, ha_tien: Report
) -> None:
    rows = {f"dossiers.received@r{n}": "1" for n in range(10_001)}
    response = post(typing, ha_tien, "procedures", rows)
    assert response.status_code == 400
    assert 'lang="vi"' in response.content.decode()
    assert not FieldDossiers.objects.filter(report=ha_tien).exists()


# --- text ---------------------------------------------------------------------------------------------

TEXTS = {
    "direction": ["text:propaganda", "direction.propaganda_other", "documents.subject@ht-doc-01"],
    "evaluation": ["evaluation.strengths", "evaluation.limits"],
    "organisation": ["organisation.reception_schedule", "text:working_rules"],
    "procedures": ["text:desk", "equipment.name@ht-eq-1", "dossiers.name@x1"],
    "civil_service": ["positions.name@ht-pos-3", "text:staff"],
    "finance": ["disbursements.name@x1", "documents.issuer@x1", "documents.subject@x1"],
    "paper": ["place", "addressees", "recipients", "signer_title", "signer_name"],
}
CLEANED = [
    ("Ho\u0300a bi\u0300nh", "Hòa bình"),
    ("a\u202eb\u200b\u2066c\ufeff", "abc"),
    ("a\x00b\x07c\x1bd\x7f", "abcd"),
    ("“Ngoặc kép” … – gạch", "“Ngoặc kép” … – gạch"),
    ("a\u00a0\u2003b\u3000 c\t", "a b c"),
    ("a\ufffeb\U000e0041", "ab"),
    ("  đầu và cuối  ", "đầu và cuối"),
]


@pytest.mark.parametrize(("typed", "kept"), CLEANED)
@pytest.mark.parametrize("section", sorted(TEXTS))
def test_text_is_stored_visible_and_composed(
    typing: Client, ha_tien: Report, section: str, typed: str, kept: str
) -> None:
    assert send(typing, ha_tien, section, dict.fromkeys(TEXTS[section], typed))["errors"] == {}
    assert list(strings(to_json(load(ha_tien)))).count(kept) == len(TEXTS[section])


@pytest.mark.once
def test_a_paste_from_word_becomes_plain_paragraphs(typing: Client, ha_tien: Report) -> None:
    pasted = "•\tViệc một\r\n\uf0b7\u00a0Việc hai\r\n\r\n\r\n\r\n–  Việc ba\vdòng mới"
    answer = send(typing, ha_tien, "evaluation", {"evaluation.limits": pasted})
    kept = "- Việc một\n- Việc hai\n\n- Việc ba\ndòng mới"
    assert Evaluation.objects.get(report=ha_tien).limits == kept
    assert answer["shown"]["evaluation.limits"] == kept
    assert "<p" in answer["preview"] and "- Việc hai</p>" in answer["preview"]


def strings(data: Any) -> Iterator[str]:
    """Every text that JSON data holds."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, (dict, list)):
        for part in data.values() if isinstance(data, dict) else data:
            yield from strings(part)


def gathered(texts: list[str], room: int) -> Iterator[list[str]]:
    """The texts in groups that fit into a field together, each at least alone."""
    group: list[str] = []
    for text in texts:
        if group and sum(len(other) + 10 for other in (*group, text)) > room:
            yield group
            group = []
        group.append(text)
    yield group


#: So many characters fit into any field of a row, and into any other field but those of the frame.
IN_A_ROW, IN_A_FIELD, IN_THE_FRAME = 150, 300, 78


def spread(texts: list[str], fields: list[str]) -> dict[str, str]:
    """All the texts in each of the fields; what is too long for a row's goes on in further rows."""
    sent = {}
    for name in fields:
        groups = gathered(texts, IN_A_ROW) if "@" in name else [texts]
        for number, group in enumerate(groups):
            sent[f"{name}-{number}" if number else name] = "; ".join(f"đây {t} đó" for t in group)
    return sent


@pytest.mark.once  # about escaping; odd letters in every field meet every engine below
@pytest.mark.parametrize("section", sorted(TEXTS))
def test_markup_is_stored_and_printed_as_it_was_typed(
    typing: Client, ha_tien: Report, section: str
) -> None:
    assert len(MARKED) >= 60
    room = IN_THE_FRAME if section == "paper" else IN_A_FIELD
    for texts in gathered(MARKED, room):  # a save of several texts costs what a save of one does
        sent = spread(texts, TEXTS[section])
        spent = [name for name in sent if name.startswith("disbursements.name@")]
        amounts = {name.replace(".name@", ".amount@"): "5" for name in spent}  # or none is printed
        answer = send(typing, ha_tien, section, sent | amounts)
        assert answer["errors"] == {}, texts
        assert Markup(answer["preview"]).found == [], texts
        stored = list(strings(to_json(load(ha_tien))))
        for typed, places in Counter(sent.values()).items():
            assert stored.count(typed) == places, typed
        said = html.unescape(answer["preview"]).replace("\u00a0", " ")
        for text in texts:
            assert f"đây {text} đó" in said or text in ("{unit}", "{procedures.overdue}"), text
        if any("><" in typed or "'>" in typed for typed in sent.values()):
            for address in (page_of(ha_tien, section), reverse("preview", args=[ha_tien.pk])):
                page = typing.get(address)
                assert (page.status_code, Markup(page.content.decode()).found) == (200, []), texts


# --- a browser without scripts ------------------------------------------------------------------------


class Form(HTMLParser):
    """The fields of a section's form as a browser without scripts would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.ids: set[str] = set()
        self.inside = self.template = False
        self.area = self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.ids |= {given["id"]} if "id" in given else set()
        self.inside |= tag == "form" and "data-autosave" in given
        self.template |= tag == "template"
        name = given.get("name", "")
        if (
            tag == "option"
            and self.select
            and ("selected" in given or self.select not in self.sent)
        ):
            self.sent[self.select] = given.get("value", "")
        if not self.inside or self.template or not name:
            return
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area, self.sent[name] = name, ""
        elif tag == "input" and given.get("type") != "checkbox":
            self.sent[name] = given.get("value", "").replace("\n", "")

    def handle_endtag(self, tag: str) -> None:
        self.inside &= tag != "form"
        self.template &= tag != "template"
        if tag == "textarea" and self.area:
            text = self.sent[self.area].removeprefix("\n")
            self.sent[self.area], self.area = text.replace("\n", "\r\n"), ""
        self.select = "" if tag == "select" else self.select

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area] += data


@pytest.mark.once
@pytest.mark.parametrize("username", ["hatien", "locthuy", "dienbien"])
def test_a_page_sent_back_as_it_came_changes_nothing(
    db: None, as_user: Browser, username: str
) -> None:
    client = as_user(User.objects.get(username=username))
    report = report_of(UNIT_OF[username])
    before, refused = to_json(load(report)), []
    lines = client.get(reverse("report", args=[report.pk])).context["lines"]
    assert len(lines) > 3
    for line in lines:
        address = page_of(report, line.section.value)
        response = client.post(address, Form(client.get(address).content.decode()).sent)
        if response.status_code != 302:
            refused.append((line.section.value, [e.id for e in response.context["errors"]]))
    assert (refused, to_json(load(report))) == ([], before)


@pytest.mark.once
@pytest.mark.parametrize(("button", "leads"), [("stay", "phan/procedures/"), ("leave", "")])
def test_a_button_saves_and_leads_on(
    typing: Client, ha_tien: Report, button: str, leads: str
) -> None:
    sent = {"procedures.received": "1.208", button: "1"}
    response = typing.post(page_of(ha_tien, "procedures"), sent, follow=True)
    assert response.redirect_chain == [(f"/bao-cao/{ha_tien.pk}/{leads}", 302)]
    assert re.search(r"Đã lưu lúc \d\d:\d\d\.", response.content.decode())
    assert load(ha_tien).value("procedures.received").content == 1208


def code_of(page: str, title: str) -> str:
    """What the button of the group bears that stands first under this title."""
    group = page[page.index(f"{title}</legend>") :]
    found = re.search(r'name="none_arisen"\s+value="([^"]+)"', group)
    assert found
    return found[1]


@pytest.mark.once
def test_one_button_answers_what_is_empty_in_its_group_and_on_the_page_asked(
    typing: Client, ha_tien: Report
) -> None:
    before = to_json(load(ha_tien))["figures"]
    page = typing.get(page_of(ha_tien, "direction")).content.decode()
    sent = Form(page).sent
    typing.post(
        page_of(ha_tien, "direction"), {**sent, "none_arisen": code_of(page, "Tuyên truyền")}
    )
    after = to_json(load(ha_tien))["figures"]
    names = {"news_items", "propaganda_conferences", "propaganda_participants"}
    assert {code: value for code, value in after.items() if before[code] != value} == {
        f"direction.{name}": "none_arisen" for name in names
    }


BAD = [
    ("procedures", "procedures.received", "2,395", "procedures.resolved", "206"),
    ("procedures", "equipment.quantity@ht-eq-1", "hai", "procedures.resolved", "206"),
    ("procedures", "equipment.quantity@new-1", "hai", "equipment.name@new-1", "máy chiếu"),
    ("finance", "documents.date@d1", "31/02/2023", "documents.number@d1", "07"),
    ("direction", "documents.date@ht-doc-01", "31/02/2017", "direction.tasks_open", "206"),
    ("paper", "symbol", "bc ubnd", "place", "206"),
    ("appendix", "indicator.r3_3_3", "2,395", "indicator.r7_6_1", "0"),
]  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize(("section", "bad", "typed", "good", "kept"), BAD)
def test_a_failed_save_shows_what_was_typed_and_why_and_keeps_the_rest(
    db: None, as_user: Browser, section: str, bad: str, typed: str, good: str, kept: str
) -> None:
    username = "dienbien" if section == "appendix" else "hatien"
    client = as_user(User.objects.get(username=username))
    report = report_of(UNIT_OF[username])
    response = client.post(page_of(report, section), {bad: typed, good: kept})
    page = response.content.decode()
    form = Form(page)
    assert response.status_code == 422
    assert "Có 1 ô chưa lưu được; các ô khác đã lưu" in page
    assert f'href="#id_{bad}"' in page
    assert (f"id_{bad}" in form.ids, form.sent.get(bad)) == (True, typed)
    assert form.sent[good] == kept
    message = response.context["errors"][0].message
    assert page.count(html.escape(message)) >= 2  # in the summary and beside the field


# --- anything at all ----------------------------------------------------------------------------------

NASTY = st.sampled_from(
    [*MARKED, DIGITS, "kps", "không", "-0", "١٢٣", "1" * 15, "31/12/2100", "\r\n", "\ud7ff"]
)
TEXT = st.text(max_size=80) | NASTY | st.integers().map(str)


@pytest.fixture
def fields(typing: Client, ha_tien: Report) -> Callable[[str], dict[str, str]]:
    """What a page of Hà Tiến's report would send as it stands; asked for once a section."""
    return cache(lambda section: Form(typing.get(page_of(ha_tien, section)).content.decode()).sent)


@settings(
    max_examples=of_examples(200), deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_no_text_in_no_field_breaks_a_page(
    typing: Client, ha_tien: Report, fields: Callable[[str], dict[str, str]], data: st.DataObject
) -> None:
    section = data.draw(st.sampled_from([*TEXTS, "institutional", "egov", "plan"]))
    known = fields(section)
    deleted = [f"delete:{name.replace('.', '@')}" for name in known if "@" in name]
    name = st.sampled_from([*known, *deleted]) | st.text(max_size=20)
    sent = data.draw(st.dictionaries(name, TEXT, min_size=1, max_size=8))
    with transaction.atomic():
        body = urlencode(sent, errors="replace")
        response = typing.post(page_of(ha_tien, section), body, content_type=FORM, headers=JSON)
        assert response.status_code == 200, sent
        assert set(response.json()["errors"]) <= set(sent)
        assert Markup(response.json()["preview"]).found == []
        transaction.set_rollback(True)
