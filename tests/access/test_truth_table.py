"""Who may do what in which state: the rules against a table written by hand, through `access` for every
person, report and circumstance, and through every address for those who use them daily.

The table below is written from the words of the officials, not from `reports.verbs`. A verb, a state or
an address that it does not know fails.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

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

ALWAYS = "draft presented signed sent reviewing returned approved issued excluded"
SEES = "clerk leader records reviewer admin province"
#: verb → states → who; `a?b`: a if b holds of the report.
TABLE: dict[str, dict[str, str]] = {
    "view": {ALWAYS: SEES},
    "export": {ALWAYS: SEES},
    "edit": {"draft returned": "clerk reviewer?on_behalf"},
    "present": {"draft returned": "clerk?leader"},
    "take_back": {"presented signed": "clerk"},
    "send_back": {"presented signed": "leader"},
    "sign_off": {"presented": "leader"},
    "send": {
        "draft returned": "clerk?no_leader reviewer?on_behalf",
        "signed": "clerk leader records",
    },
    "withdraw": {"sent": "clerk leader"},
    "begin_review": {"sent": "reviewer"},
    "put_back": {"reviewing": "reviewer"},
    "comment": {"sent reviewing returned": "clerk leader reviewer"},
    "return": {"sent reviewing": "reviewer"},
    "ask_reopen": {"returned": "clerk"},
    "open_section": {"returned": "reviewer"},
    "close_section": {"returned": "reviewer"},
    "approve": {"sent reviewing": "reviewer"},
    "issue": {"approved": "records clerk?no_records"},
    "correct_issue": {"issued": "records clerk?no_records"},
    "attach_signed": {"issued": "records clerk?no_records"},
    "reopen": {"approved issued": "reviewer"},
    "exclude": {"draft presented signed returned": "reviewer admin"},
    "include": {"excluded": "reviewer admin"},
    "take_over": {"draft returned": "reviewer"},
    "hand_back": {"draft returned": "reviewer?on_behalf"},
    "ask_extension": {"draft presented signed returned": "clerk leader records"},
    "remind": {"draft presented signed": "reviewer admin"},
    "extend": {"draft presented signed returned": "reviewer admin"},
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
    told = next((who for states, who in TABLE[verb].items() if state in states.split()), "")
    return {
        person
        for person, _, given in (entry.partition("?") for entry in told.split())
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
    told = {states for row in TABLE.values() for states in row}
    assert set(" ".join(told).split()) <= set(ALWAYS.split())
    who = {entry for row in TABLE.values() for cell in row.values() for entry in cell.split()}
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
#: What a verb is called by, and what its address answers to whoever may: GET, POST without more.
ACTS: dict[str, tuple[int, int]] = {
    "present": (200, 302), "take_back": (200, 302), "sign_off": (200, 302), "send": (200, 302),
    "withdraw": (200, 302), "begin_review": (200, 302), "put_back": (200, 302),
    "approve": (200, 302), "include": (200, 302), "hand_back": (200, 302),
    # Without the reason or the number they need, these ask again.
    "return": (200, 422), "send_back": (200, 422), "correct_issue": (200, 422), "reopen": (200, 422), "exclude": (200, 422), "take_over": (200, 422),
    "issue": (200, 422),
}  # fmt: skip
#: Address → method → (status of whoever may, verb of the table); all else is 405 for everybody, of whatever state.
#: `-` in place of a verb: whoever sees the report; None: nobody may, with that status for all.
ADDRESSES: dict[str, dict[str, tuple[int, str | None]]] = {
    "report": {"GET": (200, "view")},
    "section": {"GET": (200, "view"), "POST": (302, "edit")},
    "company": {"POST": (200, "edit")},
    "carry_over": {"POST": (302, "edit")},
    "checks": {"GET": (200, "view"), "POST": (302, "edit")},
    "sign_off": {"GET": (200, "view")},
    "more_sections": {"POST": (422, "ask_reopen")},
    "review": {"GET": (200, "view")},
    "remark": {"POST": (302, "comment")},
    "timeline": {"GET": (200, "view")},
    "released": {"GET": (200, "export")},
    "attach_signed": {"GET": (200, "attach_signed"), "POST": (422, "attach_signed")},
    "signed_copy": {"GET": (200, "export")},
    "preview": {"GET": (200, "view")},
    "download": {"GET": (200, "export")},
    "evidence": {"GET": (200, "view"), "POST": (422, "edit")},
    "evidence_file": {"GET": (200, "view")},
    "remove_evidence": {"GET": (200, "edit"), "POST": (302, "edit")},
    "evidence_bundle": {"GET": (200, "view")},
    "blank": {"GET": (200, "view")},
    "bring_in": {"GET": (200, "edit"), "POST": (422, "edit")},
    "more_time": {"GET": (200, "ask_extension extend"), "POST": (422, "ask_extension extend")},
}
#: Addresses that answer the same whatever the state of any report: `tests/access/test_access.py` has them.
WITHOUT_STATE = {
    "inbox", "confirm", "period", "matrix", "approve_many", "open_period", "login", "logout", "password_change",
    "password_change_done", "healthz", "remind", "notices", "notice", "read_all", "mailing",
    "exports", "exports_progress", "export_file", "delete_export", "approvals_progress",
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
        for method, (code, verb) in ADDRESSES[name].items():
            wanted = code
            if verb is not None:
                may = set().union(*(allowed(each, state.value, WORLD) for each in verb.split()))
                wanted = expected(person, may, code)
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
    for (person, client), (verb, (asking, doing)) in product(
        browsers(people).items(), ACTS.items()
    ):
        address = reverse("act", kwargs={"pk": ha_tien.pk, "verb": verb})
        may = allowed(verb, state.value, WORLD)
        for method, code in (("GET", asking), ("POST", doing)):
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
