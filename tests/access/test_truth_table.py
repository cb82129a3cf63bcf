"""Who may do what in which state: the rules against a table written by hand, through `access` for every
person, report and circumstance, and through every address for those who use them daily.

The table below is written from the words of the officials, not from `reports.verbs`. A verb, a state or
an address that it does not know fails.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import pytest
from conftest import HA_TIEN, LOC_THUY, report_of
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cchc_portal.urls import urlpatterns
from reports.access import policy
from reports.enums import Section, State, Verb
from reports.models import (
    Evidence,
    Release,
    ReleasedFile,
    Report,
    RoleAssignment,
    SectionState,
    SignedCopy,
    Unit,
    User,
)
from reports.verbs import MOVES


class Rule(NamedTuple):
    """In these states these people may; `a?b`: a, if b holds of the report."""

    states: str
    who: str


class Act(NamedTuple):
    """What the address of a verb answers to whoever may."""

    get: int
    post: int


class Answer(NamedTuple):
    """What an address answers to whoever may do one of the verbs of the table."""

    status: int
    verbs: str


ALWAYS = "draft presented signed sent reviewing returned approved issued excluded"
SEES = "clerk leader records reviewer admin province"
#: What of each verb is allowed; a state that no rule names: nobody may.
TABLE: dict[str, list[Rule]] = {
    "view": [Rule(states=ALWAYS, who=SEES)],
    "export": [Rule(states=ALWAYS, who=SEES)],
    "edit": [Rule(states="draft returned", who="clerk reviewer?on_behalf")],
    "present": [Rule(states="draft returned", who="clerk?leader")],
    "take_back": [Rule(states="presented signed", who="clerk")],
    "send_back": [Rule(states="presented signed", who="leader")],
    "sign_off": [Rule(states="presented", who="leader")],
    "send": [
        Rule(states="draft returned", who="clerk?no_leader reviewer?on_behalf"),
        Rule(states="signed", who="clerk leader records"),
    ],
    "withdraw": [Rule(states="sent", who="clerk leader")],
    "begin_review": [Rule(states="sent", who="reviewer")],
    "put_back": [Rule(states="reviewing", who="reviewer")],
    "comment": [Rule(states="sent reviewing returned", who="clerk leader reviewer")],
    "return": [Rule(states="sent reviewing", who="reviewer")],
    "ask_reopen": [Rule(states="returned", who="clerk")],
    "open_section": [Rule(states="returned", who="reviewer")],
    "close_section": [Rule(states="returned", who="reviewer")],
    "approve": [Rule(states="sent reviewing", who="reviewer")],
    "issue": [Rule(states="approved", who="records clerk?no_records")],
    "correct_issue": [Rule(states="issued", who="records clerk?no_records")],
    "attach_signed": [Rule(states="issued", who="records clerk?no_records")],
    "reopen": [Rule(states="approved issued", who="reviewer")],
    "exclude": [Rule(states="draft presented signed returned", who="reviewer admin")],
    "include": [Rule(states="excluded", who="reviewer admin")],
    "take_over": [Rule(states="draft returned", who="reviewer")],
    "hand_back": [Rule(states="draft returned", who="reviewer?on_behalf")],
    "ask_extension": [Rule(states="draft presented signed returned", who="clerk leader records")],
    "remind": [Rule(states="draft presented signed", who="reviewer admin")],
    "extend": [Rule(states="draft presented signed returned", who="reviewer admin")],
}
PEOPLE = ("clerk", "leader", "records", "reviewer", "admin", "province", "stranger", "elsewhere")
FACTS = {"leader", "no_leader", "records", "no_records", "on_behalf"}
WORLDS = [
    {("leader" if leader else "no_leader"), ("records" if records else "no_records"),
     *(("on_behalf",) if on_behalf else ())}
    for leader, records, on_behalf in product((True, False), repeat=3)
]  # fmt: skip


def allowed(verb: str, state: str, world: set[str]) -> set[str]:
    """Who may, by the table."""
    people = next((rule.who for rule in TABLE[verb] if state in rule.states.split()), "")
    return {
        person
        for person, _, given in (entry.partition("?") for entry in people.split())
        if not given or given in world
    }


@pytest.fixture
def people(
    clerk: User, leader: User, records: User, reviewer: User, stranger: User
) -> dict[str, User]:
    """Everybody as they stand to Hà Tiến's report; its superior gets an admin of its own."""
    district_admin = User.objects.create_user("quantri_hatrung")
    district = Unit.objects.get(code="392")
    RoleAssignment.objects.create(user=district_admin, unit=district, role="admin")
    return {
        "clerk": clerk, "leader": leader, "records": records, "reviewer": reviewer,
        "admin": district_admin, "province": User.objects.get(username="thanhhoa_noivu"),
        "stranger": stranger, "elsewhere": User.objects.get(username="phuloc_noivu"),
    }  # fmt: skip


def set_world(people: Mapping[str, User], world: set[str], unit: str = HA_TIEN) -> None:
    """Make the facts so: a person without an account there is disabled, a report on behalf or not."""
    for name in ("leader", "records"):
        User.objects.filter(pk=people[name].pk).update(is_active=name in world)
    Report.objects.filter(unit__code=unit).update(on_behalf="on_behalf" in world)
    for user in people.values():
        user.refresh_from_db()
        user.held_today = None


def present(people: Mapping[str, User], world: set[str]) -> Iterator[tuple[str, User]]:
    for name, user in people.items():
        if name not in ("leader", "records") or name in world:
            yield name, user


def test_the_table_knows_every_verb_and_state() -> None:
    assert set(TABLE) == {verb.value for verb in Verb}
    assert set(ALWAYS.split()) == {state.value for state in State}
    rules = [rule for rules in TABLE.values() for rule in rules]
    assert {state for rule in rules for state in rule.states.split()} <= set(ALWAYS.split())
    who = {entry for rule in rules for entry in rule.who.split()}
    assert {entry.partition("?")[0] for entry in who} <= set(PEOPLE)
    assert {entry.partition("?")[2] for entry in who} - {""} <= FACTS


def test_the_rules_say_what_the_table_says(people: dict[str, User]) -> None:
    asked, wrong = 0, []
    for world in WORLDS:
        set_world(people, world)
        own, other = report_of(HA_TIEN), report_of(LOC_THUY)
        for state, verb in product(State, Verb):
            own.state = other.state = state
            expected = allowed(verb.value, state.value, world)
            for name, user in people.items():
                asked += 2
                may = policy.may(user, verb, own)
                disabled = name in ("leader", "records") and name not in world
                if may != (name in expected and not disabled):
                    wrong.append((verb.value, state.value, name, sorted(world), may))
                if name not in ("stranger", "elsewhere") and policy.may(user, verb, other):
                    wrong.append((verb.value, state.value, name, "the other unit"))
    assert wrong == []
    assert asked > 20_000


def test_the_other_unit_is_ruled_by_the_same_table(people: dict[str, User]) -> None:
    """Lộc Thủy has neither leader nor văn thư: its clerk sends and issues alone."""
    report = report_of(LOC_THUY)
    for on_behalf, state, verb in product((True, False), State, Verb):
        report.state, report.on_behalf = state, on_behalf
        world = {"no_leader", "no_records", *(("on_behalf",) if on_behalf else ())}
        expected = allowed(verb.value, state.value, world)
        may = {n for n, user in people.items() if policy.may(user, verb, report)}
        names = {"clerk": "stranger", "reviewer": "elsewhere"}
        assert may == {names[who] for who in expected if who in names}, (verb, state, on_behalf)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: "+".join(sorted(world)))
def test_a_list_holds_what_may_be_done_and_nothing_else(
    people: dict[str, User], world: set[str]
) -> None:
    set_world(people, world)
    for state in State:
        Report.objects.filter(unit__code=HA_TIEN).update(state=state)
        report = report_of(HA_TIEN)
        for (_, user), verb in product(present(people, world), Verb):
            listed = Report.objects.filter(policy.powers(user).condition(verb), pk=report.pk)
            assert listed.exists() == policy.may(user, verb, report), (verb, state, user)


def test_strangers_hear_nothing_and_colleagues_hear_why_not(people: dict[str, User]) -> None:
    Report.objects.filter(unit__code=HA_TIEN).update(state=State.APPROVED)
    report = report_of(HA_TIEN)
    for verb, (name, user) in product(Verb, people.items()):
        if name in allowed(verb.value, "approved", {"leader", "records"}):
            assert policy.report_for(user, report.pk, verb).pk == report.pk
        elif name in ("stranger", "elsewhere"):
            with pytest.raises(Http404):
                policy.report_for(user, report.pk, verb)
        else:
            with pytest.raises(policy.Refused, match=r"^(Chỉ|Báo cáo đang ở) .+\.$"):
                policy.report_for(user, report.pk, verb)


@pytest.mark.parametrize("opened", Section)
def test_a_returned_report_is_typed_into_where_the_return_opened_it(
    people: dict[str, User], opened: Section
) -> None:
    report = report_of(HA_TIEN)
    Report.objects.filter(pk=report.pk).update(state=State.RETURNED, on_behalf=True)
    SectionState.objects.filter(report=report).exclude(section=opened).update(open=False)
    report.refresh_from_db()
    for section, (name, user) in product(Section, people.items()):
        may = policy.may(user, Verb.EDIT, report, section)
        assert may == (section == opened and name in ("clerk", "reviewer")), (section, name)


# --- through every address ----------------------------------------------------------------------------

DAILY = ("clerk", "leader", "records", "reviewer", "stranger")
LOOKERS = "clerk leader records reviewer"
#: What the address of each verb answers to whoever may; the POST says nothing more than the step.
ACTS: dict[str, Act] = {
    "present": Act(get=200, post=302), "take_back": Act(get=200, post=302), "sign_off": Act(get=200, post=302), "send": Act(get=200, post=302),
    "withdraw": Act(get=200, post=302), "begin_review": Act(get=200, post=302), "put_back": Act(get=200, post=302),
    "approve": Act(get=200, post=302), "include": Act(get=200, post=302), "hand_back": Act(get=200, post=302),
    # Without the reason or the number they need, these ask again.
    "return": Act(get=200, post=422), "send_back": Act(get=200, post=422), "correct_issue": Act(get=200, post=422), "reopen": Act(get=200, post=422), "exclude": Act(get=200, post=422), "take_over": Act(get=200, post=422),
    "issue": Act(get=200, post=422),
}  # fmt: skip
#: Address → method → answer; all other methods are 405 for everybody, of whatever state.
ADDRESSES: dict[str, dict[str, Answer]] = {
    "report": {"GET": Answer(status=200, verbs="view")},
    "section": {"GET": Answer(status=200, verbs="view"), "POST": Answer(status=302, verbs="edit")},
    "company": {"POST": Answer(status=200, verbs="edit")},
    "carry_over": {"POST": Answer(status=302, verbs="edit")},
    "checks": {"GET": Answer(status=200, verbs="view"), "POST": Answer(status=302, verbs="edit")},
    "sign_off": {"GET": Answer(status=200, verbs="view")},
    "more_sections": {"POST": Answer(status=422, verbs="ask_reopen")},
    "review": {"GET": Answer(status=200, verbs="view")},
    "remark": {"POST": Answer(status=302, verbs="comment")},
    "timeline": {"GET": Answer(status=200, verbs="view")},
    "released": {"GET": Answer(status=200, verbs="export")},
    "attach_signed": {
        "GET": Answer(status=200, verbs="attach_signed"),
        "POST": Answer(status=422, verbs="attach_signed"),
    },
    "signed_copy": {"GET": Answer(status=200, verbs="export")},
    "preview": {"GET": Answer(status=200, verbs="view")},
    "download": {"GET": Answer(status=200, verbs="export")},
    "evidence": {"GET": Answer(status=200, verbs="view"), "POST": Answer(status=422, verbs="edit")},
    "evidence_file": {"GET": Answer(status=200, verbs="view")},
    "remove_evidence": {
        "GET": Answer(status=200, verbs="edit"),
        "POST": Answer(status=302, verbs="edit"),
    },
    "evidence_bundle": {"GET": Answer(status=200, verbs="view")},
    "blank": {"GET": Answer(status=200, verbs="view")},
    "bring_in": {"GET": Answer(status=200, verbs="edit"), "POST": Answer(status=422, verbs="edit")},
    "more_time": {
        "GET": Answer(status=200, verbs="ask_extension extend"),
        "POST": Answer(status=422, verbs="ask_extension extend"),
    },
}
#: Addresses that answer the same whatever the state of any report: `tests/access/test_access.py` has them.
WITHOUT_STATE = {
    "inbox", "confirm", "period", "matrix", "approve_many", "open_period", "login", "logout", "password_change",
    "password_change_done", "healthz", "remind", "notices", "notice", "read_all", "mailing",
    "exports", "exports_progress", "export_file", "delete_export", "approvals_progress", "search", "guides",
    "guide", "guide_chapter", "login_help", "introduced",
}  # fmt: skip


def test_every_address_and_every_verb_stands_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(ADDRESSES) | WITHOUT_STATE | {"act"}
    assert set(ACTS) == {verb.value for verb in MOVES}


@pytest.fixture
def addresses(ha_tien: Report, clerk: User) -> dict[str, str]:
    """Each address of the report, with a file of evidence and a release that it names."""
    evidence = Evidence(report=ha_tien, section="direction", filename="Biên bản.pdf", kind="pdf",
                        size=4, sha256="x", added_by=clerk)  # fmt: skip
    evidence.file.save("", ContentFile(b"%PDF"))
    release = Release.objects.create(report=ha_tien, version=9, kind="approved", code="ABCD-EFGH",
                                     at=timezone.now(), by=clerk, dossier="{}")  # fmt: skip
    ReleasedFile.objects.create(release=release, format="pdf", content=b"%PDF", sha256="x")
    copy = SignedCopy.objects.create(release=release, content=b"%PDF", sha256="x", size=4, pages=1,
                                     filename="Ký.pdf", by=clerk, at=timezone.now())  # fmt: skip
    more: dict[str, dict[str, Any]] = {
        "section": {"section": "evaluation"}, "company": {"section": "evaluation"},
        "more_sections": {"section": "evaluation"},
        "released": {"release": release.pk, "file_format": "pdf"},
        "signed_copy": {"copy": copy.pk}, "download": {"file_format": "json"}, "blank": {"file_format": "xlsx"},
        "evidence_file": {"evidence": evidence.pk}, "remove_evidence": {"evidence": evidence.pk},
    }  # fmt: skip
    return {
        name: reverse(name, kwargs={"pk": ha_tien.pk, **more.get(name, {})}) for name in ADDRESSES
    }


def browsers(people: Mapping[str, User]) -> dict[str, Client]:
    found = {}
    for name in DAILY:
        found[name] = Client()
        found[name].force_login(people[name])
    return found


def status(client: Client, method: str, address: str, **data: str) -> int:
    """What the address answers; whatever it did is undone."""
    with transaction.atomic():
        ask = client.post if method == "POST" else client.generic
        response = ask(address, data) if method == "POST" else ask(method, address)
        assert response.getvalue() or response.status_code in (302, 405)
        transaction.set_rollback(True)
    return response.status_code


def expected(person: str, may: set[str], code: int) -> int:
    if person == "stranger":
        return 404
    return code if person in may else 403


WORLD = {"leader", "records"}


@pytest.mark.usefixtures("blank_forms_are_not_made")
@pytest.mark.parametrize("state", State)
def test_every_address_answers_by_the_table(
    people: dict[str, User], addresses: dict[str, str], state: State
) -> None:
    Report.objects.filter(unit__code=HA_TIEN).update(state=state)
    wrong, asked = [], 0
    step = str(report_of(HA_TIEN).step)
    for (person, client), (name, address) in product(browsers(people).items(), addresses.items()):
        for method, answer in ADDRESSES[name].items():
            may = set().union(*(allowed(v, state.value, WORLD) for v in answer.verbs.split()))
            wanted = expected(person, may, answer.status)
            got = status(client, method, address, step=step)
            asked += 1
            if got != wanted:
                wrong.append((person, name, method, got, f"expected {wanted}"))
    assert wrong == []
    assert asked == len(DAILY) * sum(map(len, ADDRESSES.values()))


def test_every_other_method_is_refused_before_any_report_is_looked_at(
    people: dict[str, User], addresses: dict[str, str], ha_tien: Report
) -> None:
    """Whatever the state: nothing of it is read."""
    taken = {address: set(ADDRESSES[name]) for name, address in addresses.items()}
    taken |= {reverse("act", args=[ha_tien.pk, verb]): {"GET", "POST"} for verb in ACTS}
    for client, (address, methods) in product(browsers(people).values(), taken.items()):
        for method in {"GET", "POST", "PUT", "DELETE"} - methods:
            with CaptureQueriesContext(connection) as asked:
                assert client.generic(method, address).status_code == 405, (method, address)
            tables = {name for query in asked for name in re.findall(r"reports_\w+", query["sql"])}
            assert tables <= {"reports_user"}, (method, address)


@pytest.mark.parametrize("state", State)
def test_every_verb_at_its_address_answers_by_the_table(
    people: dict[str, User], ha_tien: Report, state: State
) -> None:
    Report.objects.filter(pk=ha_tien.pk).update(state=state)
    wrong = []
    for (person, client), (verb, act) in product(browsers(people).items(), ACTS.items()):
        address = reverse("act", kwargs={"pk": ha_tien.pk, "verb": verb})
        may = allowed(verb, state.value, WORLD)
        for method, code in (("GET", act.get), ("POST", act.post)):
            wanted = expected(person, may, code)
            got = status(client, method, address, step=str(ha_tien.step))
            if got != wanted:
                wrong.append((person, verb, method, got, f"expected {wanted}"))
    assert wrong == []


@pytest.mark.parametrize("state", State)
def test_opening_one_section_more_and_closing_it_is_the_reviewers(
    people: dict[str, User], addresses: dict[str, str], state: State
) -> None:
    Report.objects.filter(unit__code=HA_TIEN).update(state=state)
    step = str(report_of(HA_TIEN).step)
    for verb, button in (("open_section", "open"), ("close_section", "close")):
        may = allowed(verb, state.value, WORLD)
        for person, client in browsers(people).items():
            got = status(client, "POST", addresses["more_sections"], step=step, **{button: "1"})
            assert got == expected(person, may, 302), (verb, person)


@pytest.mark.parametrize("verb", ["view", "edit", "export", "comment", "open_section", "tan_cong"])
def test_what_is_no_move_has_no_address(
    people: dict[str, User], ha_tien: Report, verb: str
) -> None:
    address = f"/bao-cao/{ha_tien.pk}/viec/{verb}/"
    for client in browsers(people).values():
        assert (status(client, "GET", address), status(client, "POST", address)) == (404, 404)
