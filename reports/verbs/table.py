"""The table of verbs: one line a verb, in the order of the report's way.

Whoever needs to know something of a verb asks this table; nobody keeps a list of verbs of their own. The
rules alone stand twice: `tests/access/test_truth_table.py` has them by hand, from the words of the officials.
"""

from collections.abc import Mapping

from ..enums import AT_SUPERIOR, AT_UNIT, Given, Place, Role, State, Verb
from .facts import Condition, NoticeRule, Rule, Snapshot, Transition, VerbFacts

ANY_STATE = frozenset(State)
EVERYBODY = (
    Rule(ANY_STATE, AT_UNIT, Place.OWN),
    Rule(ANY_STATE, AT_SUPERIOR, Place.SUPERIOR),
)
TO_DESK = Transition(to_desk=True)
UNSENT = "draft presented signed returned"
REPORT = "báo cáo {period} của {unit}"
NO_REASON = "Cần ghi lý do."
SIGNATURE_VOID = "Chữ ký duyệt trước đó không còn giá trị; báo cáo phải trình và ký duyệt lại."


def at_unit(states: str, roles: str, given: Given | None = None) -> Rule:
    """A rule for the people of the unit, states and roles parted by spaces."""
    return Rule(*_sets(states, roles), Place.OWN, given)


def above(states: str, roles: str = "reviewer", given: Given | None = None) -> Rule:
    """A rule for the people of the superior that asked for the report."""
    return Rule(*_sets(states, roles), Place.SUPERIOR, given)


def notice(own: str, superior: str, text: str, states: str = "", quiet: bool = False) -> NoticeRule:
    """Who is told at the unit and at its superior, roles and states parted by spaces; no states: all."""
    when, at_own = _sets(states, own)
    return NoticeRule(
        when or ANY_STATE, at_own, frozenset(map(Role, superior.split())), text, quiet
    )


def _sets(states: str, roles: str) -> tuple[frozenset[State], frozenset[Role]]:
    return frozenset(map(State, states.split())), frozenset(map(Role, roles.split()))


def by_records(state: str) -> tuple[Rule, Rule]:
    """The văn thư's, or the clerk's where the unit has none."""
    return at_unit(state, "records"), at_unit(state, "clerk", Given.NO_RECORDS)


LINES = (
    VerbFacts(
        Verb.VIEW, EVERYBODY, open_above=True,
        reverse=None, reverse_note="it changes nothing",
        page="report", button=False,
    ),
    VerbFacts(
        Verb.EDIT,
        (at_unit("draft returned", "clerk"), above("draft returned", given=Given.ON_BEHALF)),
        reverse=Verb.EDIT, reverse_note="the record keeps what stood before",
        page="section", button=False,
    ),
    VerbFacts(
        Verb.EXPORT, EVERYBODY, open_above=True,
        reverse=None, reverse_note="it changes nothing; a file that left cannot be called back",
        page="download", button=False,
    ),
    # --- in the commune -------------------------------------------------------------------------------
    VerbFacts(
        Verb.PRESENT, (at_unit("draft returned", "clerk", Given.LEADER),),
        transition=Transition(State.PRESENTED),
        conditions=frozenset({Condition.CHECKS_PASSED}),
        notices=(notice("leader", "", "{who} trình lãnh đạo " + REPORT + ", hạn gửi {due}."),),
        page="checks", forward=True,
        reverse=Verb.TAKE_BACK, reverse_note="by the clerk; `send_back` by the leader",
    ),
    VerbFacts(
        Verb.TAKE_BACK, (at_unit("presented signed", "clerk"),),
        transition=TO_DESK,
        notices=(
            notice("clerk leader", "", "{who} lấy lại " + REPORT + " để sửa.", "presented"),
            notice("clerk leader records", "",
                   "{who} lấy lại " + REPORT + " để sửa; báo cáo phải trình và ký duyệt lại.", "signed"),
        ),
        on_sheet=True,
        effect="Báo cáo trở lại bàn của công chức để sửa.",
        effect_added={State.SIGNED: SIGNATURE_VOID},
        reverse=Verb.PRESENT, reverse_note="the leader signs anew",
    ),
    VerbFacts(
        Verb.SEND_BACK, (at_unit("presented signed", "leader"),),
        transition=TO_DESK, reason_missing=NO_REASON,
        notices=(
            notice("clerk leader", "", "{who} trả lại " + REPORT + " để sửa.", "presented"),
            notice("clerk leader records", "",
                   "{who} trả lại " + REPORT + " để sửa; báo cáo phải trình và ký duyệt lại.", "signed"),
        ),
        on_sheet=True,
        effect="Báo cáo trở lại bàn của công chức để sửa theo lý do ghi dưới đây.",
        effect_added={State.SIGNED: SIGNATURE_VOID},
        reverse=Verb.PRESENT, reverse_note="with a reason; the clerk presents it again",
    ),
    VerbFacts(
        Verb.SIGN_OFF, (at_unit("presented", "leader"),),
        transition=Transition(State.SIGNED),
        notices=(notice("clerk records", "",
                        "{who} ký duyệt " + REPORT + ". Báo cáo chờ gửi, hạn {due}."),),
        page="sign_off", on_sheet=True, forward=True,
        effect="Báo cáo được ký duyệt như trên phiếu ký duyệt, rồi chờ gửi cơ quan cấp trên.",
        reverse=Verb.SEND_BACK, reverse_note="until it is sent",
    ),
    VerbFacts(
        Verb.SEND,
        (
            at_unit("signed", "clerk leader records"),
            at_unit("draft returned", "clerk", Given.NO_LEADER),
            above("draft returned", given=Given.ON_BEHALF),
        ),
        transition=Transition(State.SENT, on_behalf=False),
        conditions=frozenset({Condition.CHECKS_PASSED}), keeps=Snapshot.DOSSIER,
        notices=(notice("clerk leader", "reviewer", "{who} gửi " + REPORT + " đến {office}."),),
        page="checks", forward=True,
        reverse=Verb.WITHDRAW, reverse_note="until a reviewer begins; then by `return`",
    ),
    VerbFacts(
        Verb.WITHDRAW, (at_unit("sent", "clerk leader"),),
        transition=TO_DESK,
        notices=(notice("clerk leader", "reviewer", "{who} rút lại " + REPORT + " để sửa."),),
        effect="Báo cáo được rút về đơn vị để sửa, rồi phải trình, gửi lại.",
        reverse=Verb.SEND, reverse_note="through the leader where there is one",
    ),
    # --- in the superior office -----------------------------------------------------------------------
    VerbFacts(
        Verb.BEGIN_REVIEW, (above("sent"),),
        transition=Transition(State.REVIEWING),
        # Who reads a report is told in the portal alone: nothing is to be done.
        notices=(notice("clerk leader", "", "{office_first} bắt đầu thẩm định " + REPORT + ".", quiet=True),),
        forward=True,
        reverse=Verb.PUT_BACK, reverse_note="the commune may withdraw again",
    ),
    VerbFacts(
        Verb.PUT_BACK, (above("reviewing"),),
        transition=Transition(State.SENT),
        notices=(notice("", "reviewer", "{who} thôi thẩm định " + REPORT + "; báo cáo chờ người khác.",
                        quiet=True),),
        reverse=Verb.BEGIN_REVIEW, reverse_note="by any reviewer of the office",
    ),
    VerbFacts(
        Verb.COMMENT,
        (above("sent reviewing returned"), at_unit("sent reviewing returned", "clerk leader")),
        # The other desk is told.
        notices=(
            notice("clerk leader", "", "{office_first} ghi {n} ý kiến về " + REPORT + "."),
            notice("", "reviewer", "{unit_first} ghi {n} ý kiến về báo cáo {period}."),
        ),
        page="remark", button=False,
        reverse=None,
        reverse_note="what was said stays said; a remark is settled and opened again, both recorded",
    ),
    VerbFacts(
        Verb.RETURN, (above("sent reviewing"),),
        transition=Transition(State.RETURNED, opens_sections=True), reason_missing=NO_REASON,
        notices=(notice("clerk leader", "", "{office_first} yêu cầu chỉnh lý " + REPORT + "."),),
        page="review",
        reverse=None,
        reverse_note="the commune may be writing already; unchanged, it is sent again, or sent for it after "
        "`take_over`",
    ),
    VerbFacts(
        Verb.APPROVE, (above("sent reviewing"),),
        transition=Transition(State.APPROVED),
        conditions=frozenset({Condition.REMARKS_SETTLED}), keeps=Snapshot.APPROVED,
        notices=(notice("clerk leader records", "",
                        "{office_first} phê duyệt " + REPORT + ". Văn thư ghi số, ngày và phát hành."),),
        page="review", forward=True,
        effect="Báo cáo được phê duyệt và lưu nguyên văn; sau đó văn thư của đơn vị ghi số, ngày và phát hành.",
        reverse=Verb.REOPEN, reverse_note="the approved bytes stay readable",
    ),
    VerbFacts(
        Verb.ISSUE, by_records("approved"),
        transition=Transition(State.ISSUED),
        conditions=frozenset({Condition.NUMBER_FREE}), keeps=Snapshot.ISSUED,
        notices=(notice("", "reviewer", "{unit_first} đã phát hành báo cáo {period}."),),
        forward=True,
        effect="Số và ngày được in vào văn bản; bản phát hành được lưu nguyên vẹn.",
        reverse=Verb.REOPEN,
        reverse_note="a number once given stays with its paper; the new one gets its own. A slip in number or "
        "date: `correct_issue`",
    ),
    VerbFacts(
        Verb.CORRECT_ISSUE, by_records("issued"),
        transition=Transition(State.ISSUED), reason_missing=NO_REASON,
        conditions=frozenset({Condition.NUMBER_FREE, Condition.NO_SIGNED_COPY}), keeps=Snapshot.ISSUED,
        notices=(notice("clerk leader", "reviewer",
                        "{who} sửa số, ngày ban hành của " + REPORT + "; bản phát hành được lập lại."),),
        effect="Bản phát hành được lập lại với số, ngày mới; bản cũ vẫn đọc được.",
        reverse=Verb.CORRECT_ISSUE,
        reverse_note="with a reason, until a signed copy is attached; the old release stays readable",
    ),
    VerbFacts(
        Verb.REOPEN, (above("approved issued"),),
        transition=Transition(State.RETURNED, opens_sections=True, new_version=True),
        reason_missing=NO_REASON,
        notices=(notice("clerk leader", "", "{office_first} mở lại " + REPORT + " để lập lần mới."),),
        effect="Báo cáo được mở lại thành một lần báo cáo mới; bản cũ vẫn đọc được.",
        reverse=None,
        reverse_note="the commune holds it again; unchanged, it is sent and approved anew, as a new version",
    ),
    VerbFacts(
        Verb.EXCLUDE, (above(UNSENT, "reviewer admin"),),
        transition=Transition(State.EXCLUDED), reason_missing=NO_REASON,
        notices=(notice("clerk leader", "", "{office_first} ghi nhận {unit} không phải báo cáo {period}."),),
        effect="Đơn vị không phải báo cáo trong kỳ này và không bị tính là chậm.",
        reverse=Verb.INCLUDE, reverse_note="back to where it stood, draft or returned",
    ),
    VerbFacts(
        Verb.INCLUDE, (above("excluded", "reviewer admin"),),
        transition=TO_DESK,
        notices=(notice("clerk leader", "",
                        "{office_first} đưa {unit} trở lại danh sách phải báo cáo {period}, hạn gửi {due}."),),
        reverse=Verb.EXCLUDE, reverse_note="with a reason",
    ),
    VerbFacts(
        Verb.TAKE_OVER, (above("draft returned"),),
        transition=Transition(on_behalf=True), reason_missing=NO_REASON,
        notices=(notice("clerk leader", "", "{office_first} nhập thay " + REPORT + "."),),
        effect="Cơ quan cấp trên nhập thay đơn vị, cho đến khi giao lại hoặc gửi.",
        reverse=Verb.HAND_BACK, reverse_note="or by sending",
    ),
    VerbFacts(
        Verb.HAND_BACK, (above("draft returned", given=Given.ON_BEHALF),),
        transition=Transition(on_behalf=False),
        notices=(notice("clerk leader", "",
                        "{office_first} giao lại " + REPORT + " để đơn vị tự nhập, hạn gửi {due}."),),
        reverse=Verb.TAKE_OVER, reverse_note="with a reason",
    ),
    # --- one section more, and more time --------------------------------------------------------------
    VerbFacts(
        Verb.ASK_REOPEN, (at_unit("returned", "clerk"),),
        reason_missing="Cần ghi lý do đề nghị mở thêm.",
        notices=(notice("", "reviewer", "{who} đề nghị mở thêm phần trong " + REPORT + "."),),
        page="more_sections", button=False,
        done_words="Đã gửi đề nghị mở thêm phần.",
        reverse=None,
        reverse_note="it binds nobody: asked again it replaces the old reason, and a later return clears it",
    ),
    VerbFacts(
        Verb.OPEN_SECTION, (above("returned"),),
        notices=(notice("clerk leader", "", "{office_first} mở thêm phần để sửa trong " + REPORT + "."),),
        page="more_sections", button=False,
        done_words="Đã mở phần “{section}” để đơn vị sửa.",
        reverse=Verb.CLOSE_SECTION, reverse_note="while nothing was written there since",
    ),
    VerbFacts(
        Verb.CLOSE_SECTION, (above("returned"),),
        conditions=frozenset({Condition.NOTHING_WRITTEN}),
        notices=(notice("clerk leader", "", "{office_first} khóa lại phần đã mở thêm trong " + REPORT + "."),),
        page="more_sections", button=False,
        done_words="Đã khóa lại phần “{section}”.",
        reverse=Verb.OPEN_SECTION, reverse_note="at any time while the report is returned",
    ),
    VerbFacts(
        Verb.ASK_EXTENSION, (at_unit(UNSENT, "clerk leader records"),),
        conditions=frozenset({Condition.LATER_DAY}), reason_missing="Cần ghi lý do xin gia hạn.",
        notices=(notice("", "reviewer", "{who} xin gia hạn " + REPORT + "."),), note_label="Nội dung",
        page="more_time", button=False,
        done_words="Đã gửi đề nghị gia hạn.",
        reverse=None,
        reverse_note="it binds nobody: asked again it replaces the old day, and `extend` answers it",
    ),
    VerbFacts(
        Verb.EXTEND, (above(UNSENT, "reviewer admin"),),
        conditions=frozenset({Condition.LATER_DAY}),
        notices=(notice("clerk leader", "", "{office_first} gia hạn gửi " + REPORT + " đến {due}."),),
        page="more_time", button=False,
        reverse=None,
        reverse_note="a day that was promised is not taken back; it can only be moved on",
    ),
    # --- beside the way -------------------------------------------------------------------------------
    VerbFacts(
        Verb.ATTACH_SIGNED, by_records("issued"),
        page="attach_signed",
        reverse=Verb.ATTACH_SIGNED,
        reverse_note="the copy attached last is in force; those before stay readable",
    ),
    VerbFacts(
        Verb.REMIND, (above("draft presented signed", "reviewer admin"),),
        notices=(notice("clerk leader", "", "{office_first} nhắc gửi " + REPORT + ". {left}."),),
        page="remind", button=False,
        reverse=None, reverse_note="what people were told cannot be untold; it moves nothing",
    ),
)  # fmt: skip

VERBS: Mapping[Verb, VerbFacts] = {line.verb: line for line in LINES}
#: The verbs that count a step of the report.
MOVES = tuple(line.verb for line in LINES if line.transition)
#: Those that the checks stand before.
CHECKED = tuple(line.verb for line in LINES if Condition.CHECKS_PASSED in line.conditions)
#: Those that give the paper a number.
NUMBERED = tuple(line.verb for line in LINES if Condition.NUMBER_FREE in line.conditions)
#: Those that print a paper and keep it.
RELEASING = tuple(line.verb for line in LINES if line.keeps in (Snapshot.APPROVED, Snapshot.ISSUED))
#: Those by which the commune gets the report back, to write in.
RETURNING = tuple(line.verb for line in LINES if line.transition and line.transition.opens_sections)
#: Those whose buttons stand on a report's pages.
BUTTONS = tuple(line.verb for line in LINES if line.button)
