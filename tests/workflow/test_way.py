"""The whole way of a report, by the requests of those who walk it: from the commune's checks to the paper
in force, and back again.

The report is Tống Sơn's of nine months: full, without errors, with nine warnings. The unit has no leader;
tests that need one make one.
"""

import html
import io
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pdfplumber
import pytest
from conftest import HA_TIEN, TONG_SON, report_of
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_period, make_report, make_superior, make_unit, make_user

from reports import audit
from reports.access.policy import today
from reports.catalogue.key_figures import KEY_FIGURES
from reports.checks.gate import NotYet
from reports.enums import Section, State, Verb
from reports.issuing import release
from reports.jobs import queue
from reports.models import (
    Approval,
    Event,
    Explanation,
    OutlineItem,
    Release,
    Remark,
    Report,
    RoleAssignment,
    SectionState,
    SentDossier,
    SignedCopy,
    StandardRemark,
    Unit,
    User,
)
from reports.text.dates import format_date
from reports.verbs import CHECKED, MOVES
from reports.workflow import approvals, extension, reopening
from reports.workflow.moves import Approve
from reports.workflow.report_lock import Overtaken
from reports.workflow.transitions import AT_DESK, perform

# An approved report is printed.
pytestmark = [pytest.mark.pdf, pytest.mark.usefixtures("papers_printed_once")]
JSON = {"accept": "application/json"}


class Desk:
    """A person at a browser, with one report open; every answer is a page, never an error."""

    def __init__(self, username: str, report: Report) -> None:
        self.user = User.objects.get(username=username)
        self.client = Client()
        self.client.force_login(self.user)
        self.pk = report.pk

    def ask(self, name: str, **more: Any) -> HttpResponse:
        return self.client.get(reverse(name, kwargs={"pk": self.pk, **more}))

    def text(self, name: str, **more: Any) -> str:
        response = self.ask(name, **more)
        assert response.status_code == 200, name
        return words(response.content.decode())

    def post(self, name: str, data: dict[str, Any] | None = None, **more: Any) -> HttpResponse:
        self.client.cookies.pop("messages", None)  # what was told before has been read
        if name in ("more_sections", "more_time"):
            data = {"step": now(self.pk).step, **(data or {})}
        return self.client.post(reverse(name, kwargs={"pk": self.pk, **more}), data or {})

    def press(self, verb: str, step: int | None = None, **data: Any) -> HttpResponse:
        """The button of a verb, on a page that shows the report as it stands or stood at `step`."""
        shown = now(self.pk).step if step is None else step
        if verb in (
            "issue",
            "correct_issue",
        ):  # as the page that confirms number, date and signer sends it
            data = {"confirmed": "1", "signer": "Lê Văn An", **data}
        return self.post("act", {"step": shown, **data}, verb=verb)

    def do(self, verb: str, **data: Any) -> None:
        """Press, and it is done."""
        before = now(self.pk).step
        response = self.press(verb, **data)
        assert response.status_code == 302, words(response.content.decode())
        assert now(self.pk).step == before + 1, told(response)

    def save(self, section: str, data: dict[str, str], status: int = 200) -> str:
        address = reverse("section", kwargs={"pk": self.pk, "section": section})
        response = self.client.post(address, data, headers=JSON)
        assert response.status_code == status
        return response.content.decode()

    def explain(self, word: str = "Số liệu đúng như sổ theo dõi.") -> None:
        found = self.ask("checks").context["verdict"].warnings
        keys = [one.finding.key for one in found]
        assert self.post("checks", {"key": keys, "word": [word] * len(keys)}).status_code == 302


def words(markup: str) -> str:
    """The text of markup as a reader sees it."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\u00a0", " ")
    return " ".join(text.split())


def shape(response: HttpResponse) -> str:
    """The page without the classes of its fieldsets."""
    return re.sub(r'(<fieldset) class="[^"]*"', r"\1", response.content.decode())


def told(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


#: The period of the report whose way is told; others of the demo world have ways of their own.
PERIOD = {"report__period__code": "TH-2026-9T"}


def told_remarks() -> Any:
    return Remark.objects.filter(**PERIOD)


def report_words() -> Any:
    return Explanation.objects.filter(**PERIOD)


def kept() -> Any:
    return Release.objects.filter(**PERIOD)


def now(pk: int) -> Report:
    return Report.objects.get(pk=pk)


def last(report: Report) -> Event:
    event = Event.objects.filter(report=report).exclude(verb=Verb.EDIT).order_by("-seq").first()
    assert event is not None
    return event


def stand(report: Report, state: str, **columns: Any) -> None:
    Report.objects.filter(pk=report.pk).update(state=state, **columns)


@pytest.fixture
def tong_son(db: None) -> Report:
    return report_of(TONG_SON, "TH-2026-9T")


@pytest.fixture
def clerk(tong_son: Report) -> Desk:
    return Desk("tongson", tong_son)


@pytest.fixture
def reviewer(tong_son: Report) -> Desk:
    return Desk("thanhhoa_noivu", tong_son)


@pytest.fixture
def leader(tong_son: Report) -> Desk:
    return colleague(tong_son, "leader", tong_son.unit, "Chủ tịch Lê Văn An")


@pytest.fixture
def records(tong_son: Report) -> Desk:
    return colleague(tong_son, "records", tong_son.unit, "Văn thư Mai")


@pytest.fixture
def second(tong_son: Report) -> Desk:
    """Another reviewer of the same office."""
    return colleague(tong_son, "reviewer", tong_son.period.superior, "Chuyên viên Hoa")


def colleague(report: Report, role: str, unit: Unit, name: str) -> Desk:
    user = User.objects.create_user(f"{role}_moi", full_name=name)
    RoleAssignment.objects.create(user=user, unit=unit, role=role)
    return Desk(user.username, report)


# --- the checks ---------------------------------------------------------------------------------------


def test_the_checks_page_leads_from_each_finding_to_its_field(clerk: Desk) -> None:
    clerk.save("procedures", {"procedures.received": "1"})
    response = clerk.ask("checks")
    verdict = response.context["verdict"]
    errors, warnings = len(verdict.errors), len(verdict.warnings)
    assert errors > 0 and warnings >= 9
    counted = f"Còn {errors} lỗi phải sửa và {warnings} cảnh báo chưa giải trình."
    assert counted in words(response.content.decode())
    page = html.unescape(response.content.decode())
    for found in verdict.results:
        finding = found.finding
        where = reverse("section", args=[clerk.pk, finding.section.value])
        link = f'<a href="{where}#id_{finding.name}">{finding.message}</a>'
        assert link in page, finding
        assert f'id="id_{finding.name}"' in clerk.client.get(where).content.decode(), finding


def test_an_error_stops_a_report_and_so_does_a_warning_without_a_word(
    clerk: Desk, tong_son: Report
) -> None:
    clerk.save("procedures", {"procedures.received": "1"})
    verdict = clerk.ask("checks").context["verdict"]
    response = clerk.press("send")
    assert response["Location"] == reverse("checks", args=[clerk.pk])
    assert told(response) == (
        f"Còn {len(verdict.errors)} lỗi phải sửa trước khi gửi. "
        f"Còn {len(verdict.unexplained)} cảnh báo chưa có lời giải trình."
    )
    assert now(clerk.pk).state == State.DRAFT
    assert not tong_son.events.exclude(verb=Verb.EDIT).exists()


def test_a_word_counts_for_the_values_it_was_written_about(clerk: Desk) -> None:
    assert "Gửi báo cáo" not in clerk.text("checks"), "the button comes when the report is ready"
    clerk.explain()
    shown = clerk.text("checks")
    assert "Báo cáo đủ điều kiện gửi" in shown and "Gửi báo cáo" in shown
    clerk.save("procedures", {"procedures.apologies": "17"})
    assert "Số liệu đã đổi từ khi giải trình; mời xem lại lời giải trình." in clerk.text("checks")
    assert "Còn 1 cảnh báo chưa có lời giải trình." in told(clerk.press("send"))
    clerk.save("procedures", {"procedures.apologies": "18"})
    assert clerk.ask("checks").context["verdict"].ready, "the old word fits the old value"


def test_an_emptied_word_is_taken_back_and_a_word_about_nothing_is_not_kept(clerk: Desk) -> None:
    clerk.explain()
    assert report_words().count() == 9
    clerk.explain("   ")
    assert report_words().count() == 0
    clerk.post("checks", {"key": ["ma_la", "x\0y"], "word": ["a", "b"]})
    assert report_words().count() == 0


def test_a_colleagues_word_given_meanwhile_stays(clerk: Desk) -> None:
    first, second, *_ = [one.finding.key for one in clerk.ask("checks").context["verdict"].warnings]
    shown = {f"base:{first}": "", f"base:{second}": ""}
    clerk.post("checks", {"key": [first], "word": ["Của đồng nghiệp."]})
    clerk.post("checks", {"key": [first, second], "word": ["", "Của tôi."], **shown})
    words_of = dict(report_words().values_list("key", "text"))
    assert words_of == {first: "Của đồng nghiệp.", second: "Của tôi."}
    page = clerk.ask("checks").content.decode()
    assert f'name="base:{first}" value="Của đồng nghiệp."' in page
    clerk.post("checks", {"key": [first], "word": [""], f"base:{first}": "Của đồng nghiệp."})
    assert report_words().get().key == second, "what was emptied by hand is gone"


def test_a_word_about_other_values_is_confirmed_by_saving_it_as_it_is(clerk: Desk) -> None:
    clerk.explain()
    clerk.save("procedures", {"procedures.apologies": "17"})
    (outdated,) = [one for one in clerk.ask("checks").context["verdict"].warnings if one.outdated]
    key, word = outdated.finding.key, outdated.explanation.text
    assert f'name="base:{key}"' not in clerk.ask("checks").content.decode()
    clerk.post("checks", {"key": [key], "word": [word]})
    assert clerk.ask("checks").context["verdict"].ready


def test_what_nobody_entered_is_one_line_a_section_and_the_first_error_one_press_away(
    db: None,
) -> None:
    unit = make_unit()
    report = make_report(unit, make_period(make_superior(unit)))
    response = Desk(make_user(unit, "clerk").username, report).ask("checks")
    _, _, page = html.unescape(response.content.decode()).partition("<main")
    folded = re.findall(r"<details.+?</details>", page, re.DOTALL)
    errors = response.context["verdict"].errors
    assert len(errors) > 50 and sum(fold.count("<li>") for fold in folded) > len(errors) * 0.7
    assert re.match(r"Chưa nhập \d+ số liệu bắt buộc; \d+ mục chưa có nội dung ", words(folded[0]))
    shown = re.sub(r"<details.+?</details>", "", page, flags=re.DOTALL)
    assert shown.count('class="finding') < 20
    first = errors[0].finding
    where = reverse("section", args=[report.pk, first.section.value])
    assert f'href="{where}#id_{first.name}">' in shown and "Sửa lỗi đầu tiên" in words(shown)


# --- from desk to desk --------------------------------------------------------------------------------


@pytest.mark.every_engine
def test_the_way_through_the_leader_and_back_at_every_step(
    clerk: Desk, leader: Desk, reviewer: Desk, tong_son: Report
) -> None:
    clerk.explain()
    assert clerk.press("send").status_code == 403, "where there is a leader, the leader signs first"
    clerk.do("present")
    assert clerk.save("procedures", {"procedures.received": "1"}, status=403)
    clerk.do("take_back")
    assert now(clerk.pk).state == State.DRAFT
    clerk.do("present")
    sheet = leader.text("sign_off")
    assert "Phiếu ký duyệt" in sheet and "Số liệu đúng như sổ theo dõi." in sheet
    assert clerk.press("sign_off").status_code == 403
    leader.do("sign_off")
    assert leader.press("take_back").status_code == 403, "the leader returns it, with a reason"
    leader.do("send_back", note="Số hồ sơ chưa khớp.")
    assert "trả lại để sửa" in clerk.text("report") and "Số hồ sơ chưa khớp." in clerk.text(
        "report"
    )
    clerk.do("present")
    leader.do("sign_off")
    clerk.do("send")
    assert now(clerk.pk).sent_at is not None
    clerk.do("withdraw")
    clerk.do("present")
    leader.do("sign_off")
    leader.do("send")
    reviewer.do("begin_review")
    refused = clerk.press("withdraw")
    assert refused.status_code == 403
    assert "Báo cáo đang ở trạng thái “Đang thẩm định” nên không rút lại được." in words(
        refused.content.decode()
    )
    reviewer.do("put_back")
    assert now(clerk.pk).state == State.SENT
    told_verbs = list(tong_son.events.values_list("verb", flat=True))
    assert told_verbs == [
        "present", "take_back", "present", "sign_off", "send_back", "present", "sign_off", "send",
        "withdraw", "present", "sign_off", "send", "begin_review", "put_back",
    ]  # fmt: skip
    assert list(audit.verify(clerk.pk)) == []


def test_the_leader_sees_the_figures_and_every_warning_with_its_word(
    clerk: Desk, leader: Desk
) -> None:
    clerk.explain("Đã đối chiếu <b>sổ</b>.")
    clerk.do("present")
    response = leader.ask("sign_off")
    page = response.content.decode()
    assert page.count("Đã đối chiếu &lt;b&gt;sổ&lt;/b&gt;.") == 9
    assert [line.name for line in response.context["figures"]] == [
        code for code in KEY_FIGURES if code != "egov.level4_rate"
    ], "all that are counted in 2026, in the order of the list"
    assert len(response.context["every"]) > 100
    for line in response.context["every"]:
        assert f">{html.escape(line.label)}</th>" in page
    assert [action.verb for action in response.context["actions"]] == ["sign_off", "send_back"]


def test_the_sheet_tells_who_presented_it_and_why_it_was_sent_back_before(
    clerk: Desk, leader: Desk, reviewer: Desk
) -> None:
    clerk.explain()
    clerk.do("present")
    leader.do("send_back", note="Số hồ sơ chưa khớp.")
    clerk.do("present")
    leader.do("sign_off")
    leader.do("send")
    reviewer.do("return", note="Nguyên nhân chưa rõ.")
    assert "Nguyên nhân chưa rõ." in leader.text("sign_off")
    clerk.do("present")
    sheet = leader.text("sign_off")
    at = timezone.localtime(last(now(clerk.pk)).at)
    assert f"{clerk.user} trình lúc {at:%H:%M}" in sheet
    assert sheet.index("Nguyên nhân chưa rõ.") < sheet.index("Số hồ sơ chưa khớp."), "newest first"


def test_the_leader_signs_on_the_sheet_itself_with_a_note(clerk: Desk, leader: Desk) -> None:
    clerk.explain()
    clerk.do("present")
    page = leader.ask("sign_off").content.decode()
    form = page[
        page.index('<details class="sure">') : page.index("</details>", page.index('"sure"'))
    ]
    assert f'action="{reverse("act", args=[clerk.pk, "sign_off"])}"' in form
    assert f'name="step" value="{now(clerk.pk).step}"' in form and 'name="note"' in form
    leader.do("sign_off", note="Đã đọc.")
    assert last(now(clerk.pk)).note == "Đã đọc."
    assert "Xác nhận ký duyệt" not in leader.text("sign_off")


@pytest.fixture
def sent(clerk: Desk, tong_son: Report) -> Report:
    """The report, sent."""
    clerk.explain()
    clerk.do("send")
    return tong_son


FIGURE = "procedures.apologies"


def test_a_remark_on_a_figure_is_answered_settled_and_opened_again(
    sent: Report, clerk: Desk, reviewer: Desk
) -> None:
    reviewer.post("remark", {"about": f"procedures/{FIGURE}", "text": "Đề nghị kiểm tra lại.",
                             "passage": "18 trường hợp"})  # fmt: skip
    remark = told_remarks().get()
    assert (remark.section, remark.name, remark.passage) == ("procedures", FIGURE, "18 trường hợp")
    where = reverse("section", args=[clerk.pk, "procedures"])
    for page in (clerk.ask("report"), reviewer.ask("review")):
        assert f'href="{where}#id_{FIGURE}"' in page.content.decode()
    assert "Ý kiến cần giải quyết (1)" in clerk.text("report")
    clerk.post("remark", {"answers": remark.pk, "text": "Đã đối chiếu, số đúng.", "back": "report"})
    assert "Đã đối chiếu, số đúng." in reviewer.text("review")
    reviewer.post("remark", {"settle": remark.pk})
    assert "Ý kiến cần giải quyết" not in clerk.text("report")
    assert "đã giải quyết" in reviewer.text("review")
    reviewer.post("remark", {"reopen": remark.pk})
    assert "Ý kiến cần giải quyết (1)" in clerk.text("report")
    comments = list(sent.events.filter(verb=Verb.COMMENT).values_list("note", flat=True))
    assert comments == [
        "Đề nghị kiểm tra lại.", "Đã đối chiếu, số đúng.",
        "Đã giải quyết ý kiến: Đề nghị kiểm tra lại.", "Mở lại ý kiến: Đề nghị kiểm tra lại.",
    ]  # fmt: skip


@pytest.mark.every_engine
def test_a_remark_pressed_twice_is_said_once(sent: Report, clerk: Desk, reviewer: Desk) -> None:
    for _ in range(2):
        reviewer.post("remark", {"about": "procedures/", "text": "Đề nghị bổ sung."})
    remark = told_remarks().get()
    for _ in range(2):
        clerk.post("remark", {"answers": remark.pk, "text": "Đã bổ sung."})
    for _ in range(2):
        reviewer.post("remark", {"settle": remark.pk})
    assert told_remarks().count() == 2
    assert sent.events.filter(verb=Verb.COMMENT).count() == 3
    reviewer.post("remark", {"about": "procedures/", "text": "Đề nghị bổ sung."})
    assert told_remarks().count() == 3, "once settled, the same may be asked again"


def test_an_approval_with_open_remarks_asks_for_a_tick_that_names_their_number(
    sent: Report, reviewer: Desk
) -> None:
    for text in ("Đề nghị bổ sung.", "Kiểm tra lại số liệu."):
        reviewer.post("remark", {"about": "procedures/", "text": text})
    assert "Còn 2 ý kiến chưa giải quyết." in reviewer.text("review")
    assert "Phê duyệt dù còn 2 ý kiến chưa giải quyết" in reviewer.text("act", verb="approve")
    refused = "Còn 2 ý kiến chưa giải quyết. Mời giải quyết, hoặc đánh dấu “Phê duyệt dù còn 2 ý kiến chưa giải quyết”"
    assert refused in words(reviewer.press("approve").content.decode())
    new = "Còn 2 ý kiến chưa giải quyết. Có ý kiến mới từ lúc mở trang"
    assert new in words(reviewer.press("approve", despite="1").content.decode())
    with pytest.raises(NotYet, match="Còn 2 ý kiến"):
        perform(now(sent.pk), Approve(), reviewer.user)
    assert (now(reviewer.pk).state, kept().count()) == (State.SENT, 0)
    reviewer.do("approve", despite="2")
    assert last(sent).note == "Phê duyệt dù còn 2 ý kiến chưa giải quyết."
    assert "dù còn 2 ý kiến" in reviewer.text("timeline")


@pytest.mark.every_engine
def test_of_several_approved_at_once_those_with_open_remarks_are_left_out_and_named(
    sent: Report, reviewer: Desk
) -> None:
    reviewer.post("remark", {"text": "Đề nghị bổ sung."})
    (remark,) = told_remarks()
    ticked = {"report": f"{sent.pk}:{now(sent.pk).step}"}
    where = reverse("approve_many", args=[sent.period.code])
    foreign = report_of(HA_TIEN)
    ticked["report"] = [ticked["report"], f"{foreign.pk}:0", "999999:0", "x:1"]
    board = reverse("period", args=[sent.period.code])

    def press() -> str:
        response = reviewer.client.post(where, ticked)
        assert now(sent.pk).state == State.SENT, "nothing is printed inside the request"
        page = words(reviewer.client.get(board).content.decode())
        assert "Đã phê duyệt 0/1 báo cáo, còn 1 đang chờ" in page
        while queue.step(approvals.LINE):
            pass
        return told(response) + words(reviewer.client.get(board).content.decode())

    page = press()
    assert "Đang phê duyệt 1 báo cáo" in page and "3 báo cáo đã chọn không có trong kỳ này" in page
    assert f"Chưa phê duyệt được: {sent.unit}: Còn 1 ý kiến chưa giải quyết." in page
    assert now(sent.pk).state == State.SENT
    reviewer.post("remark", {"settle": remark.pk})
    assert "Đã phê duyệt 1/1 báo cáo." in press()
    assert (now(sent.pk).state, last(sent).by_name) == (State.APPROVED, str(reviewer.user))
    again = Approval.objects.order_by("-pk").first()
    Approval.objects.filter(pk=again.pk).update(
        finished_at=None
    )  # its worker died before it said so
    assert queue.step(approvals.LINE)
    assert Approval.objects.get(pk=again.pk).problem == ""


@pytest.mark.parametrize("answers", ["0", "999999", "x", "-1", "9" * 30])
def test_a_remark_that_is_not_there_is_not_found(
    sent: Report, reviewer: Desk, answers: str
) -> None:
    for name in ("answers", "settle", "reopen"):
        assert reviewer.post("remark", {name: answers, "text": "x"}).status_code == 404
    assert not told_remarks().exists()


def test_what_a_remark_is_about_may_be_anything_and_breaks_nothing(
    sent: Report, reviewer: Desk
) -> None:
    for about in ("procedures/\0", "procedures/<script>", "x/y", "/", "procedures/" + "a" * 500):
        assert (
            reviewer.post("remark", {"about": about, "text": f"Về {about[:20]}"}).status_code == 302
        )
    assert "<script>" not in reviewer.ask("review").content.decode().replace("<script type", "")
    assert told_remarks().count() == 5


def test_a_standing_remark_of_the_office_is_offered(sent: Report, reviewer: Desk) -> None:
    StandardRemark.objects.create(office=sent.period.superior, text="Đề nghị bổ sung phụ lục.")
    assert "Đề nghị bổ sung phụ lục." in reviewer.text("review")


# --- returned, section by section ---------------------------------------------------------------------


@pytest.fixture
def returned(sent: Report, reviewer: Desk) -> Report:
    """Returned, with two sections open."""
    reviewer.do("begin_review")
    reviewer.do("return", note="Rà soát lại số xin lỗi.", sections=["procedures", "finance"])
    return sent


def test_a_return_needs_a_reason(sent: Report, reviewer: Desk) -> None:
    response = reviewer.press("return", note="  ", sections=["finance"])
    assert response.status_code == 422
    assert response.context["form"].errors == {"note": ["Cần ghi lý do."]}
    assert now(reviewer.pk).state == State.SENT


def test_only_the_named_sections_are_open_and_the_pages_say_so(
    returned: Report, clerk: Desk
) -> None:
    page = clerk.text("report")
    assert "yêu cầu chỉnh lý" in page and "Rà soát lại số xin lỗi." in page
    assert page.count("Không mở để sửa") == len(clerk.ask("report").context["lines"]) - 2
    for section in Section:
        response = clerk.ask("section", section=section.value)
        if response.status_code == 404:
            continue
        shut = section not in (Section.PROCEDURES, Section.FINANCE)
        assert response.context["may_edit"] != shut, section
        assert ("<fieldset disabled" in shape(response)) == shut, section
        assert (f"không mở phần “{section.label}”" in words(response.content.decode())) == shut
        if shut:
            answer = clerk.save(section.value, {"evaluation.limits": "x"}, status=403)
            assert f"không mở phần “{section.label}”" in html.unescape(answer)
            assert clerk.post("company", section=section.value).status_code == 403
    clerk.save("procedures", {FIGURE: "20"})


def test_one_section_more_is_asked_for_and_opened(
    returned: Report, clerk: Desk, reviewer: Desk
) -> None:
    refused = clerk.post("more_sections", {"reason": " "}, section="plan")
    assert refused.status_code == 422
    assert refused.context["form"].errors["reason"] == ["Cần ghi lý do đề nghị mở thêm."]
    for _ in range(2):
        clerk.post("more_sections", {"reason": "Kế hoạch đổi theo."}, section="plan")
    assert "Đã đề nghị mở: Kế hoạch đổi theo." in reviewer.text("report")
    assert clerk.post("more_sections", {"open": "1"}, section="plan").status_code == 403
    assert reviewer.post("more_sections", {"reason": "x"}, section="plan").status_code == 403
    for _ in range(2):
        reviewer.post("more_sections", {"open": "1"}, section="plan")
    clerk.save("plan", {"plan.tasks": "Làm tiếp."})
    assert clerk.post("more_sections", {"reason": "Mở rồi."}, section="plan").status_code == 302
    asked = returned.events.filter(verb__in=[Verb.ASK_REOPEN, Verb.OPEN_SECTION])
    assert list(asked.values_list("verb", "section", "note")) == [
        ("ask_reopen", "plan", "Kế hoạch đổi theo."), ("open_section", "plan", ""),
    ]  # fmt: skip
    assert clerk.client.post(f"/bao-cao/{clerk.pk}/mo-phan/khong_co/").status_code == 404


@pytest.mark.every_engine
def test_a_section_opened_by_mistake_is_closed_again_while_nothing_was_written_there(
    returned: Report, clerk: Desk, reviewer: Desk
) -> None:
    for section in ("plan", "evaluation", "direction"):
        reviewer.post("more_sections", {"open": "1"}, section=section)
    assert reviewer.text("report").count("Khóa lại phần này") == 3
    assert "Khóa lại phần này" not in clerk.text("report")
    clerk.save("plan", {"plan.tasks": "Làm tiếp."})
    clerk.post("evidence", {"explanation": "Bản giấy lưu tại Văn phòng.", "about": "evaluation"})
    assert returned.events.filter(verb=Verb.EDIT, section="evaluation").exists()
    assert reviewer.ask("report").context["closable"] == {Section.DIRECTION}
    for section in ("plan", "evaluation", "finance"):
        refused = told(reviewer.post("more_sections", {"close": "1"}, section=section))
        assert "không khóa lại được" in refused and Section(section).label in refused
    for _ in range(2):
        response = reviewer.post("more_sections", {"close": "1"}, section="direction")
        assert told(response) == "Đã khóa lại phần “Chỉ đạo, điều hành”."
    clerk.save("direction", {"direction.radio_broadcasts": "1"}, status=403)
    assert returned.events.filter(verb=Verb.CLOSE_SECTION).count() == 1
    assert clerk.post("more_sections", {"close": "1"}, section="plan").status_code == 403
    assert list(audit.verify(clerk.pk)) == []


def test_the_reviewer_sees_exactly_what_changed_since(
    returned: Report, clerk: Desk, reviewer: Desk
) -> None:
    assert reviewer.ask("review").context["changes"] == []
    narrative = clerk.ask("section", section="finance").context["entry"].narratives[0]
    name = f"text:{narrative.item.code}"
    before = narrative.text
    clerk.save("procedures", {FIGURE: "20"})
    clerk.save("finance", {name: f"{before} Đã công khai dự toán."})
    clerk.explain()
    clerk.do("send")
    changes = reviewer.ask("review").context["changes"]
    assert [(c.name, c.before, c.after) for c in changes] == [
        (FIGURE, "18", "20"), (name, before, f"{before} Đã công khai dự toán.".strip()),
    ]  # fmt: skip
    page = reviewer.ask("review").content.decode()
    assert "Thay đổi so với lần gửi trước (2)" in page
    assert "<del>18</del> <ins>20</ins>" in page
    assert SentDossier.objects.filter(report=returned).count() == 2
    reviewer.do("approve")
    assert len(reviewer.ask("review").context["changes"]) == 2
    clerk.do("issue", number="7", issued_on=format_date(today()))
    assert [one.name for one in reviewer.ask("review").context["changes"]] == [
        FIGURE, name, "signer_name",
    ]  # fmt: skip


def test_a_return_that_names_no_section_opens_all(
    sent: Report, clerk: Desk, reviewer: Desk
) -> None:
    reviewer.do("return", note="Rà soát lại.")
    assert not SectionState.objects.filter(report=sent, open=False).exists()
    assert "Không mở để sửa" not in clerk.text("report")


def test_too_long_a_reason_keeps_the_sections_that_were_ticked(
    sent: Report, reviewer: Desk
) -> None:
    response = reviewer.press("return", note="dài " * 12_500, sections=["finance"])
    assert response.status_code == 422
    page = response.content.decode()
    assert 'value="finance" checked' in page and page.count(" checked") == 1
    assert page.count("dài ") >= 12_500, "what was written is not lost"
    assert now(reviewer.pk).state == State.SENT


# --- approved, issued, opened again -------------------------------------------------------------------


def paper_text(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return " ".join(page.extract_text() for page in pdf.pages)


@pytest.fixture
def approved(sent: Report, reviewer: Desk) -> Report:
    reviewer.do("approve")
    return sent


FORMATS = ("pdf", "docx", "html", "xlsx", "json")


def downloads(desk: Desk, release: Release) -> dict[tuple[str, str], bytes]:
    """Every file of the release, by its own address and as the report's download."""
    found = {}
    for name in FORMATS:
        kept = desk.ask("released", release=release.pk, file_format=name)
        found["released", name] = kept.content
        found["download", name] = desk.ask("download", file_format=name).content
    return found


def on_screen(desk: Desk) -> str:
    """The paper that the preview shows, without the page around it."""
    return words(desk.ask("preview").context["paper"])


@pytest.mark.every_engine
def test_approval_keeps_the_bytes_whatever_becomes_of_units_and_outlines(
    approved: Report, clerk: Desk, reviewer: Desk
) -> None:
    release = Release.objects.get(report=approved)
    before = downloads(clerk, release)
    for name in FORMATS[:-1]:
        stored = bytes(release.files.get(format=name).content)
        assert before["released", name] == before["download", name] == stored
    assert before["released", "json"] == before["download", "json"] == release.dossier.encode()
    OutlineItem.objects.filter(outline=approved.outline).update(title="Tên khác", body="Câu khác.")
    approved.outline.save()
    Unit.objects.filter(pk=approved.unit_id).update(name="Tên Mới")
    approved.unit.refresh_from_db()
    approved.unit.save()
    assert downloads(clerk, release) == downloads(reviewer, release) == before
    assert "Tên Mới" in clerk.text("report"), "the report page says what is so today"
    assert "Tên Mới" not in on_screen(clerk), "the paper is the one that was approved"
    assert f"mã {release.code}" in clerk.text("report")


def test_the_numbered_paper_says_number_and_date(approved: Report, clerk: Desk) -> None:
    day = today()
    clerk.do("issue", number="125", issued_on=format_date(day))
    issued = Release.objects.get(report=approved, kind="issued")
    text = paper_text(clerk.ask("released", release=issued.pk, file_format="pdf").content)
    assert "Số: 125/BC-UBND" in text
    assert (
        f"ngày {day.day:02d} tháng {day.month if day.month > 2 else f'{day.month:02d}'} năm {day.year}"
        in text
    )
    assert paper_text(clerk.ask("download", file_format="pdf").content) == text
    approved.paper.refresh_from_db()
    assert (approved.paper.number, approved.paper.issued_on) == (125, day)
    assert now(clerk.pk).state == State.ISSUED


def test_what_is_issued_is_what_was_approved_whatever_was_renamed_since(
    approved: Report, clerk: Desk
) -> None:
    first = Release.objects.get(report=approved, kind="approved")
    before = bytes(first.files.get(format="html").content).decode()
    OutlineItem.objects.filter(outline=approved.outline).update(title="Tên khác", body="Câu khác.")
    approved.outline.save()
    indicators = approved.indicator_set.indicators
    indicators.update(name="Chỉ tiêu khác", legend="", value_kind="text")
    approved.indicator_set.save()
    Unit.objects.filter(pk=approved.unit_id).update(name="Tên Mới")
    assert "Tên Mới" in clerk.text("report") and "Tên Mới" not in on_screen(clerk)
    day = today()
    clerk.do("issue", number="125", issued_on=format_date(day))
    issued = Release.objects.get(report=approved, kind="issued")
    after = words(bytes(issued.files.get(format="html").content).decode())
    after_approval = "Lê Văn An "  # who signed was told when it was issued
    given = re.compile(rf"ố:? (125)?/BC-UBND|ngày (\S+ )?tháng (\S+ )?năm {day.year}")
    assert given.sub("…", after.replace(after_approval, "")) == given.sub("…", words(before))
    assert "Số: 125/BC-UBND" in after and f"năm {day.year}" in after
    assert "Số: 125/BC-UBND" in on_screen(clerk)
    assert (first.frame, issued.frame != "") == (issued.frame, True)
    told_of = {name: json.loads(one.dossier) for name, one in (("was", first), ("is", issued))}
    frames = {name: one.pop("paper") for name, one in told_of.items()}
    given_then = {"number": 125, "issued_on": day.isoformat(), "signer_name": "Lê Văn An"}
    assert frames["is"] == {**frames["was"], **given_then}
    assert told_of["is"] == {**told_of["was"], "state": "approved"}


def test_nothing_is_printed_for_what_is_refused(
    sent: Report, clerk: Desk, reviewer: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []
    make = release.print_all
    monkeypatch.setattr(
        release, "print_all", lambda document: (printed.append(document.title), make(document))[1]
    )
    reviewer.post("remark", {"about": "procedures/", "text": "Đề nghị bổ sung."})
    assert "Còn 1 ý kiến" in words(reviewer.press("approve").content.decode())
    assert clerk.press("approve", despite="1").status_code == 403
    reviewer.press("approve", step=now(sent.pk).step - 1, despite="1")
    assert printed == []
    reviewer.do("approve", despite="1")
    assert len(printed) == 1
    early, late = today() - timedelta(days=1), today()
    refused = clerk.press("issue", number="9", issued_on=format_date(early))
    assert "trước ngày" in words(refused.content.decode())
    refused = clerk.press("issue", number="9", issued_on=format_date(late), signer="")
    assert "chưa có họ tên người ký" in words(refused.content.decode())
    assert len(printed) == 1
    clerk.do("issue", number="9", issued_on=format_date(late))
    assert len(printed) == 2


@pytest.mark.parametrize(
    ("number", "day", "words_told"),
    [("", "05/8/2026", "Cần ghi số."), ("mười", "05/8/2026", "Cần số của văn bản, như 125."),
     ("0", "05/8/2026", "1"), ("100000", "05/8/2026", "99999"), ("-5", "05/8/2026", "1"),
     ("12", "", "Cần ghi ngày."), ("12", "31/02/2026", "Cần một ngày, như 05/8/2024."),
     ("12", "hôm nay", "Cần một ngày"), ("12", "05/8/2999", "Ngày ban hành không thể sau hôm nay.")],
)  # fmt: skip
def test_a_wrong_number_or_date_is_told_beside_its_field(
    sent: Report, clerk: Desk, number: str, day: str, words_told: str
) -> None:
    stand(sent, State.APPROVED)
    response = clerk.press("issue", number=number, issued_on=day)
    assert response.status_code == 422
    assert words_told in words(response.content.decode())
    assert (now(clerk.pk).state, kept().count()) == (State.APPROVED, 0)


def test_whoever_goes_back_to_mend_a_number_finds_what_was_typed(
    sent: Report, clerk: Desk, reviewer: Desk
) -> None:
    reviewer.do("approve")
    typed = {"number": "125", "issued_on": format_date(today()), "signer": "Lê Văn An & con"}
    review = clerk.post("act", {"step": now(clerk.pk).step, **typed}, verb="issue")
    where = re.search(r'href="([^"]+)">\s*Sửa lại', review.content.decode())
    assert where is not None
    page = clerk.client.get(html.unescape(where[1])).content.decode()
    for text in typed.values():
        assert f'value="{html.escape(text)}"' in page
    assert now(clerk.pk).state == State.APPROVED


def test_where_there_is_a_van_thu_she_alone_gives_the_number(
    sent: Report, clerk: Desk, records: Desk
) -> None:
    stand(sent, State.APPROVED)
    day = format_date(today())
    assert clerk.press("issue", number="", issued_on=day).status_code == 403
    assert clerk.press("issue", number="8", issued_on=day).status_code == 403
    records.do("issue", number="8", issued_on=day)


def confirm(desk: Desk, **data: Any) -> str:
    return words(desk.client.post(reverse("confirm"), data).content.decode())


@pytest.mark.every_engine
def test_a_reopened_report_is_a_new_version_and_the_old_one_stays_readable(
    approved: Report, clerk: Desk, reviewer: Desk
) -> None:
    clerk.do("issue", number="125", issued_on=format_date(today()))
    old = Release.objects.get(report=approved, kind="issued")
    address = {"release": old.pk, "file_format": "pdf"}
    before = clerk.ask("released", **address).content
    assert "Đây là bản đang có hiệu lực." in confirm(clerk, code=old.code)
    reviewer.do("reopen", note="Số liệu tài chính sai.", sections=["finance"])
    report = now(clerk.pk)
    assert (report.version, report.state) == (2, State.RETURNED)
    approved.paper.refresh_from_db()
    assert approved.paper.number is None, "the new paper gets a number of its own"
    page = clerk.text("report")
    assert "mở lại báo cáo" in page and "Các bản trước (2)" in page
    assert clerk.ask("released", **address).content == before
    assert "Báo cáo đã được mở lại để lập lần mới; chưa có bản mới thay bản này." in confirm(
        clerk, code=old.code
    )
    clerk.save("finance", {"finance.capital_planned": "1"})
    clerk.explain()
    clerk.do("send")
    reviewer.do("approve")
    new = Release.objects.get(report=approved, version=2)
    assert f"Bản này đã được thay bằng bản {new.code}" in confirm(clerk, code=old.code)
    assert "Đây là bản đang có hiệu lực." in confirm(reviewer, code=new.code)
    assert clerk.ask("released", **address).content == before
    assert list(audit.verify(clerk.pk)) == []


@pytest.mark.every_engine
def test_a_file_is_confirmed_by_its_bytes_and_a_tampered_one_is_not(
    approved: Report, clerk: Desk, reviewer: Desk
) -> None:
    release = Release.objects.get(report=approved)
    for name in FORMATS:
        content = clerk.ask("released", release=release.pk, file_format=name).content
        found = confirm(reviewer, file=SimpleUploadedFile(f"a.{name}", content))
        assert f"mã {release.code}" in found and "đang có hiệu lực" in found, name
        tampered = bytearray(content)
        tampered[len(tampered) // 2] ^= 1
        found = confirm(reviewer, file=SimpleUploadedFile(f"a.{name}", bytes(tampered)))
        assert "Không tìm thấy" in found and release.code not in found, name


def test_the_same_bytes_approved_twice_are_those_in_force(
    approved: Report, clerk: Desk, reviewer: Desk
) -> None:
    reviewer.do("reopen", note="Nhầm.")
    clerk.do("send")
    reviewer.do("approve")
    first, second = Release.objects.filter(report=approved)
    contents = [bytes(one.files.get(format="html").content) for one in (first, second)]
    assert contents[0] == contents[1]
    found = confirm(clerk, file=SimpleUploadedFile("a.html", contents[0]))
    assert f"mã {second.code}" in found and "đang có hiệu lực" in found


def test_a_code_is_read_as_people_type_it_and_only_by_those_who_see_the_report(
    approved: Report, clerk: Desk
) -> None:
    code = Release.objects.get(report=approved).code
    for typed in (code, code.lower(), code.replace("-", ""), f" {code[:2]} {code[2:]} "):
        assert f"mã {code}" in confirm(clerk, code=typed), typed
    for typed in ("", "XXXX-XXXX", "\0", "' OR 1=1", "K" * 5000, "<script>"):
        assert "Không tìm thấy" in confirm(clerk, code=typed), typed
    assert "Không tìm thấy" in confirm(Desk("locthuy", approved), code=code)


# --- aside from the way -------------------------------------------------------------------------------


@pytest.mark.every_engine
def test_a_unit_is_excluded_with_a_reason_and_included_again(
    tong_son: Report, clerk: Desk, reviewer: Desk
) -> None:
    response = reviewer.press("exclude", note="")
    assert (response.status_code, "Cần ghi lý do." in words(response.content.decode())) == (
        422,
        True,
    )
    reviewer.do("exclude", note="Đơn vị sáp nhập.")
    assert "Không phải báo cáo" in clerk.text("report")
    clerk.save("finance", {"finance.capital_planned": "1"}, status=403)
    reviewer.do("include")
    assert now(clerk.pk).state == State.DRAFT
    clerk.save("finance", {"finance.capital_planned": "1"})


def test_a_returned_report_that_was_excluded_comes_back_returned(
    returned: Report, clerk: Desk, reviewer: Desk
) -> None:
    reviewer.do("exclude", note="Nhầm.")
    reviewer.do("include")
    assert now(clerk.pk).state == State.RETURNED
    clerk.save("plan", {"plan.tasks": "x"}, status=403)


def test_a_reviewer_types_only_while_entering_for_the_unit(
    tong_son: Report, clerk: Desk, reviewer: Desk
) -> None:
    change = {"procedures.apologies": "19"}
    reviewer.save("procedures", change, status=403)
    assert reviewer.press("take_over", note="").status_code == 422
    reviewer.do("take_over", note="Đơn vị mất mạng.")
    assert "Cơ quan cấp trên đang nhập thay đơn vị." in clerk.text("report")
    reviewer.save("procedures", change)
    reviewer.do("hand_back")
    reviewer.save("procedures", change, status=403)
    told_of = [(e.verb, e.by_id == reviewer.user.pk) for e in tong_son.events.all()]
    assert told_of == [("take_over", True), ("edit", True), ("hand_back", True)]


def test_what_was_entered_for_a_unit_may_be_sent_for_it(
    tong_son: Report, reviewer: Desk, clerk: Desk
) -> None:
    assert reviewer.press("send").status_code == 403
    reviewer.do("take_over", note="Đơn vị mất mạng.")
    reviewer.explain("Theo số liệu đơn vị báo qua điện thoại.")
    reviewer.do("send")
    report = now(clerk.pk)
    assert (report.state, report.on_behalf) == (State.SENT, False)
    clerk.do("withdraw")


@pytest.mark.every_engine
def test_a_wrong_number_is_corrected_with_a_reason_until_a_signed_copy_is_there(
    approved: Report, clerk: Desk, reviewer: Desk
) -> None:
    day = format_date(today())
    refused = clerk.press("issue", number="7", issued_on=format_date(today() - timedelta(days=1)))
    assert refused.status_code == 422
    (said,) = refused.context["form"].errors["issued_on"]
    assert f"trước ngày {day} là ngày báo cáo được phê duyệt" in said
    unsigned = clerk.press("issue", number="7", issued_on=day, signer="")
    assert "chưa có họ tên người ký" in unsigned.context["form"].errors["signer"][0]
    asked = clerk.press("issue", number="7", issued_on=day)
    assert (asked.status_code, now(clerk.pk).state) == (302, State.ISSUED)
    old = Release.objects.get(report=approved, kind="issued")
    before = clerk.ask("released", release=old.pk, file_format="pdf").content
    assert clerk.press("correct_issue", number="17", issued_on=day).status_code == 422, "a reason"
    clerk.do("correct_issue", number="17", issued_on=day, note="Vào sổ nhầm số.")
    new = Release.objects.get(report=approved, kind="issued")
    assert new.code != old.code and now(clerk.pk).state == State.ISSUED
    text = paper_text(clerk.ask("released", release=new.pk, file_format="pdf").content)
    assert "Số: 17/BC-UBND" in text and "Lê Văn An" in text
    assert clerk.ask("released", release=old.pk, file_format="pdf").content == before
    assert f"đã được thay bằng bản {new.code}" in confirm(clerk, code=old.code)
    event = last(approved)
    assert (event.verb, event.note) == ("correct_issue", "Vào sổ nhầm số.")
    assert (json.loads(event.before)["number"], json.loads(event.after)["number"]) == ("7", "17")
    assert f"Số 17/BC-UBND, ngày {day}" in clerk.text("report")
    assert "Số 17/BC-UBND ngày" in words(
        reviewer.client.get(reverse("period", args=["TH-2026-9T"])).content.decode()
    )
    SignedCopy.objects.create(release=new, content=b"%PDF", sha256="x", size=4, pages=1,
                              filename="Ký.pdf", by=clerk.user, at=new.at)  # fmt: skip
    late = clerk.press("correct_issue", number="18", issued_on=day, note="Lại nhầm.")
    assert late.status_code == 422 and "Đã nạp bản đã ký" in words(late.content.decode())


def test_number_date_signer_and_place_are_shown_before_a_report_is_issued(
    approved: Report, clerk: Desk
) -> None:
    day = format_date(today())
    data = {"step": now(clerk.pk).step, "number": "8", "issued_on": day, "signer": "Lê Văn An"}
    shown = clerk.post("act", data, verb="issue")
    assert (shown.status_code, now(clerk.pk).state) == (200, State.APPROVED)
    text = words(shown.content.decode())
    for told_words in (
        "Số 08/BC-UBND",
        f"Ngày ban hành {day}",
        "Người ký",
        "Lê Văn An",
        "Địa danh",
    ):
        assert told_words in text
    clerk.do("issue", number="8", issued_on=day)
    other = report_of(TONG_SON)
    stand(other, State.APPROVED)
    twice = Desk("tongson", other).press("issue", number="8", issued_on=day)
    assert "Số 08 năm" in twice.context["form"].errors["number"][0]


def test_after_a_refusal_everything_chosen_is_still_chosen(sent: Report, reviewer: Desk) -> None:
    response = reviewer.press("return", sections=["finance", "plan"])
    assert response.status_code == 422
    assert response.context["form"].errors == {"note": ["Cần ghi lý do."]}
    page = response.content.decode()
    assert 'value="finance" checked' in page and 'value="plan" checked' in page
    assert page.count(" checked") == 2 and now(reviewer.pk).state == State.SENT


# --- stale, twice, too late ---------------------------------------------------------------------------


class Press(NamedTuple):
    """The state that a verb starts from, who presses its button, and what else the page sends."""

    state: str
    by: str
    data: Mapping[str, str] = MappingProxyType({})


#: One press of each verb.
PRESSES: dict[str, Press] = {
    "present": Press(state="draft", by="clerk"),
    "take_back": Press(state="presented", by="clerk"),
    "send_back": Press(state="signed", by="leader", data={"note": "Sai số."}),
    "sign_off": Press(state="presented", by="leader"),
    "send": Press(state="signed", by="clerk"),
    "withdraw": Press(state="sent", by="clerk"),
    "begin_review": Press(state="sent", by="reviewer"),
    "put_back": Press(state="reviewing", by="reviewer"),
    "return": Press(state="sent", by="reviewer", data={"note": "Rà soát lại."}),
    "approve": Press(state="reviewing", by="reviewer"),
    "issue": Press(state="approved", by="clerk", data={"number": "3", "issued_on": "05/8/2026"}),
    "correct_issue": Press(
        state="issued",
        by="clerk",
        data={"number": "4", "issued_on": "05/8/2026", "note": "Nhầm."},
    ),
    "reopen": Press(state="issued", by="reviewer", data={"note": "Sai số."}),
    "exclude": Press(state="draft", by="reviewer", data={"note": "Sáp nhập."}),
    "include": Press(state="excluded", by="reviewer"),
    "take_over": Press(state="draft", by="reviewer", data={"note": "Mất mạng."}),
    "hand_back": Press(state="draft", by="reviewer"),
}


def test_the_presses_are_all_there_are() -> None:
    assert set(PRESSES) == {verb.value for verb in MOVES}


@pytest.mark.every_engine
@pytest.mark.parametrize("verb", PRESSES)
def test_a_double_click_does_it_once_and_says_who_did_it(
    tong_son: Report, clerk: Desk, leader: Desk, reviewer: Desk, verb: str
) -> None:
    clerk.explain()
    press = PRESSES[verb]
    stand(tong_son, press.state, on_behalf=verb == "hand_back")
    desk = {"clerk": clerk, "leader": leader, "reviewer": reviewer}[press.by]
    step = now(desk.pk).step
    first = desk.press(verb, step, **press.data)
    assert (first.status_code, told(first)) == (302, f"Đã {Verb(verb).label.lower()}.")
    releases = kept().count()
    again = desk.press(verb, step, **press.data)
    assert (again.status_code, again["Location"]) == (302, reverse("report", args=[desk.pk]))
    assert f"{desk.user} đã thực hiện “{Verb(verb).label}” lúc " in told(again)
    assert f"đang ở trạng thái “{now(desk.pk).get_state_display()}”" in told(again)
    assert list(tong_son.events.values_list("verb", flat=True)) == [verb]
    assert (now(desk.pk).step, kept().count()) == (step + 1, releases)


@pytest.mark.parametrize("verb", ["approve", "return", "begin_review", "withdraw"])
def test_a_stale_page_tells_who_did_what_meanwhile(
    sent: Report, clerk: Desk, reviewer: Desk, second: Desk, verb: str
) -> None:
    step = now(clerk.pk).step
    second.do("return", note="Rà soát lại.")
    desk = clerk if verb == "withdraw" else reviewer
    events = sent.events.count()
    for note in ("Vì thế.", "dài " * 12_500, ""):
        response = desk.press(verb, step, note=note)
        assert response.status_code == 302
        assert "Chuyên viên Hoa đã thực hiện “Yêu cầu chỉnh lý” lúc " in told(response)
        assert "Yêu cầu chỉnh lý" in words(desk.client.get(response["Location"]).content.decode())
    assert (now(clerk.pk).state, sent.events.count()) == (State.RETURNED, events)


def test_an_old_approval_does_not_approve_what_was_sent_anew(
    sent: Report, clerk: Desk, reviewer: Desk, second: Desk
) -> None:
    step = now(clerk.pk).step
    second.do("return", note="Rà soát lại.")
    clerk.save("procedures", {FIGURE: "20"})
    clerk.explain()
    clerk.do("send")
    events = sent.events.count()
    for _ in range(2):
        response = reviewer.press("approve", step)
        assert (response.status_code, now(clerk.pk).state) == (302, State.SENT)
        assert f"{clerk.user} đã thực hiện “Gửi báo cáo”" in told(response)
    assert sent.events.count() == events
    assert not kept().exists()
    assert last(sent).verb == Verb.SEND


@pytest.mark.parametrize("step", ["", "x", "-1", "9" * 40, "1.5", "\0"])
def test_a_page_that_cannot_tell_its_step_does_nothing_and_says_so(
    sent: Report, reviewer: Desk, clerk: Desk, step: str
) -> None:
    refused = reviewer.post("act", {"step": step}, verb="begin_review")
    assert (refused.status_code, now(sent.pk).state) == (302, State.SENT)
    assert "không cho biết báo cáo đang ở bước nào" in told(refused)
    assert clerk.post("act", {"step": step}, verb="begin_review").status_code == 403


@pytest.mark.parametrize(
    ("name", "by", "data"),
    [("more_sections", "reviewer", {"open": "1"}), ("more_sections", "reviewer", {"close": "1"}),
     ("more_sections", "clerk", {"reason": "Kế hoạch đổi theo."}),
     ("more_time", "reviewer", {"day": "31/12/2030", "note": "x"}),
     ("more_time", "clerk", {"day": "31/12/2030", "note": "x"})],
)  # fmt: skip
def test_sections_and_time_are_asked_and_given_from_the_present_page_alone(
    returned: Report, clerk: Desk, reviewer: Desk, name: str, by: str, data: dict[str, str]
) -> None:
    desk, section = (clerk if by == "clerk" else reviewer), Section.PLAN
    where = {"section": section.value} if name == "more_sections" else {}
    if "close" in data:
        reviewer.post("more_sections", {"open": "1"}, section=section)
    before = returned.events.count()
    for step in ("", "x", "-1", "9" * 40):
        refused = desk.post(name, {**data, "step": step}, **where)
        assert refused.status_code == 302
        assert "không cho biết báo cáo đang ở bước nào" in told(refused)
    stale = desk.post(name, {**data, "step": str(now(returned.pk).step - 1)}, **where)
    assert (stale.status_code, returned.events.count()) == (302, before)
    assert f"{reviewer.user} đã thực hiện “Yêu cầu chỉnh lý”" in told(stale)
    page = "report" if where else "more_time"
    assert f'name="step" value="{now(returned.pk).step}"' in desk.ask(page).content.decode()
    assert desk.post(name, data, **where).status_code == 302
    assert returned.events.count() == before + 1


@pytest.mark.every_engine
def test_a_report_that_moves_between_page_and_lock_is_told_not_changed(
    returned: Report, clerk: Desk, reviewer: Desk
) -> None:
    shown, day = now(returned.pk), today() + timedelta(days=900)
    clerk.do("send")
    events = returned.events.count()
    for press in (
        lambda: reopening.ask_reopen(shown, Section.PLAN, clerk.user, "Lý do", step=shown.step),
        lambda: reopening.open_section(shown, Section.PLAN, reviewer.user, shown.step),
        lambda: reopening.close_section(shown, Section.PLAN, reviewer.user, shown.step),
        lambda: extension.ask_extension(shown, day, clerk.user, "Lý do", step=shown.step),
        lambda: extension.extend(shown, day, reviewer.user, "", shown.step),
    ):
        with pytest.raises(Overtaken, match="Gửi báo cáo"):
            press()
    assert returned.events.count() == events


def test_a_role_that_ended_before_the_press_does_nothing(
    sent: Report, clerk: Desk, reviewer: Desk
) -> None:
    step = now(clerk.pk).step
    assert reviewer.ask("review").status_code == 200
    reviewer.user.roles.update(valid_to=today() - timedelta(days=1))
    assert reviewer.press("approve", step).status_code == 404
    assert reviewer.post("remark", {"text": "Lời cuối."}).status_code == 404
    clerk.user.roles.update(role="records")
    assert clerk.press("withdraw", step).status_code == 403
    assert (now(clerk.pk).state, last(sent).verb) == (State.SENT, Verb.SEND)


def test_a_login_that_ended_before_the_press_does_nothing(sent: Report, reviewer: Desk) -> None:
    step = now(reviewer.pk).step
    reviewer.client.logout()
    response = reviewer.press("approve", step)
    address = reverse("act", kwargs={"pk": reviewer.pk, "verb": "approve"})
    assert (response.status_code, response["Location"]) == (302, f"/dang-nhap/?next={address}")
    assert (now(reviewer.pk).state, last(sent).verb) == (State.SENT, Verb.SEND)
    reviewer.client.force_login(reviewer.user)
    assert reviewer.client.get(address).status_code == 200, "and there the way goes on"


def test_a_login_that_ended_while_a_remark_was_written_leads_back_to_its_page(
    sent: Report, reviewer: Desk
) -> None:
    page = reverse("review", args=[sent.pk])
    post = {"path": reverse("remark", args=[sent.pk]), "data": {"text": "Ý kiến"}}
    for referer, back in (
        ("", page),
        (f"http://testserver{page}?x=1", f"{page}?x=1"),
        (f"http://testserver/bao-cao/{sent.pk}/", f"/bao-cao/{sent.pk}/"),
        ("http://ke-xau.example/dang-nhap/", page),
        ("http://testserver/khong-co/", "/"),
        (f"http://testserver{post['path']}", page),
        ("http://[", page),
        ("javascript:alert(1)", page),
    ):
        response = Client().post(**post, headers={"referer": referer} if referer else {})
        (told_back,) = parse_qs(urlsplit(response["Location"]).query)["next"]
        assert told_back == back, referer
    assert not told_remarks().exists()


# --- long words and markup ----------------------------------------------------------------------------

MARKUP = '<script>alert(1)</script>\n<img src=x onerror=alert(2)> & "ngoặc"'


def test_fifty_thousand_characters_are_counted_and_not_kept(sent: Report, reviewer: Desk) -> None:
    response = reviewer.post("remark", {"text": "x" * 50_000})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Ý kiến có 50.000 ký tự; tối đa 5.000." in page and "x" * 50_000 in page, (
        "nothing is lost"
    )
    response = reviewer.post("remark", {"text": " \n "})
    assert "Cần ghi nội dung ý kiến." in response.content.decode()
    assert not told_remarks().exists()


def test_markup_is_shown_as_it_was_written_on_every_page(
    sent: Report, clerk: Desk, reviewer: Desk
) -> None:
    reviewer.post("remark", {"about": f"procedures/{FIGURE}", "text": MARKUP, "passage": MARKUP})
    remark = told_remarks().get()
    clerk.post("remark", {"answers": remark.pk, "text": MARKUP})
    reviewer.do("return", note=MARKUP, sections=["finance"])
    clerk.post("more_sections", {"reason": MARKUP}, section="plan")
    for desk in (clerk, reviewer):
        for name in ("report", "review", "timeline"):
            page = desk.ask(name).content.decode()
            assert "<script>alert" not in page and "<img src=x" not in page, name
            assert "&lt;script&gt;alert(1)" in page, name


def test_every_button_a_page_shows_does_what_it_says(
    tong_son: Report, clerk: Desk, leader: Desk, reviewer: Desk
) -> None:
    """In every state: each action offered is open at its address, and none that is open is missing but what the checks
    stand before."""
    for state in State:
        stand(tong_son, state)
        for desk in (clerk, leader, reviewer):
            page = desk.ask("report").context
            offered = {action.verb.value for action in (*page["acts"], *page["rare"])}
            offered |= {page["next"].verb.value} if page["next"].verb else set()
            open_to = {verb for verb in PRESSES if desk.ask("act", verb=verb).status_code == 200}
            if desk.ask("attach_signed").status_code == 200:
                open_to.add("attach_signed")
            unready = state in AT_DESK and not desk.ask("checks").context["verdict"].ready
            assert offered == open_to - set(CHECKED if unready else ()), (state, desk.user)
