"""Who gets what at which address: a truth table made from the resolver, and the defences around it.

Every address is asked by every person of the cast with every method, for the own report and for one
of another province. An address that stands in no row of the table fails the build.
"""

import ast
import inspect
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import report_of
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from cchc_portal.urls import urlpatterns
from reports.access import policy as access
from reports.access.policy import today
from reports.enums import Section, Verb
from reports.exports import orders
from reports.guides.pages import PAGES
from reports.models import Evidence, Notice, Paper, Report, RoleAssignment, StoredPaper, User
from reports.models.sections import Evaluation
from reports.web.request import Request

OWN, OTHER = "HT-2023-6T", "LT-2022-Q1"
UNIT_OF = {OWN: "15325", OTHER: "20146"}
#: The one that may do something last: it may log out.
METHODS = ("GET", "PUT", "DELETE", "POST")


class Standing(NamedTuple):
    """How a person stands to the own report (HT) and to the other one (LT)."""

    own: str
    other: str


#: Each person of the cast.
CAST = {
    "anonymous": Standing(own="signed out", other="signed out"),
    "disabled": Standing(own="signed out", other="signed out"),
    "clerk": Standing(own="clerk", other="stranger"),
    "stranger": Standing(own="stranger", other="clerk"),
    "leader": Standing(own="looker", other="stranger"),
    "records": Standing(own="looker", other="stranger"),
    "reviewer": Standing(own="asker", other="stranger"),
    "reviewer_elsewhere": Standing(own="stranger", other="asker"),
    "province": Standing(own="above", other="stranger"),
    "admin": Standing(own="above", other="stranger"),
    "outsider": Standing(own="stranger", other="stranger"),
    "ended": Standing(own="stranger", other="stranger"),
}


class Statuses(NamedTuple):
    """What an address answers by how the person stands; an asker is the reviewer or above."""

    clerk: int
    looker: int
    asker: int
    stranger: int = 404
    signed_out: int = 302


def everybody(status: int) -> Statuses:
    return logged_in(status, signed_out=status)


def logged_in(status: int, signed_out: int = 302) -> Statuses:
    return Statuses(status, status, status, status, signed_out)


def clerk_alone(status: int) -> Statuses:
    """Colleagues and superiors see the report and hear why not; others find nothing."""
    return Statuses(clerk=status, looker=403, asker=403)


def asker_alone(status: int) -> Statuses:
    """A page of the asking office: nobody else finds it."""
    return Statuses(clerk=404, looker=404, asker=status)


#: What whoever only stands by is told at the addresses where something is done.
STANDS_BY = {"GET": 403, "POST": 403, "PUT": 405, "DELETE": 405}
OPEN = logged_in(200)
NO_SUCH = logged_in(405)
NOT_THERE = logged_in(404)
SEEN = Statuses(clerk=200, looker=200, asker=200)
NOT_NOW = Statuses(clerk=403, looker=403, asker=403)


class Row(NamedTuple):
    """What an address answers to each method; one that is not named, it does not know."""

    get: Statuses = NO_SUCH
    post: Statuses = NO_SUCH
    put: Statuses = NO_SUCH
    delete: Statuses = NO_SUCH

    def answer(self, method: str, place: str) -> int:
        """The status for whoever stands at that place; whoever only stands by is told so."""
        if place == "stands by":
            return STANDS_BY[method]
        statuses: Statuses = getattr(self, method.lower())
        return int(getattr(statuses, place.replace(" ", "_")))


TABLE: dict[str, Row] = {
    "inbox": Row(get=OPEN),
    "report": Row(get=SEEN),
    "section": Row(get=SEEN, post=clerk_alone(302)),
    # A page that reports itself, and the start from the report before: who may type, by POST alone.
    "company": Row(post=clerk_alone(200)),
    "carry_over": Row(post=clerk_alone(302)),
    # The verb here is "exclude": the superior's; a page that does not say its step does nothing.
    "act": Row(
        get=Statuses(clerk=403, looker=403, asker=200),
        post=Statuses(clerk=403, looker=403, asker=302),
    ),
    "checks": Row(get=SEEN, post=clerk_alone(302)),
    "sign_off": Row(get=SEEN),
    # Nothing is asked for or said of a draft; `tests/access/test_truth_table.py` has every state.
    "more_sections": Row(post=NOT_NOW),
    "review": Row(get=SEEN),
    "remark": Row(post=NOT_NOW),
    "timeline": Row(get=SEEN),
    "released": Row(get=NOT_THERE),
    # A draft has no signed copy yet, whoever asks.
    "attach_signed": Row(get=NOT_NOW, post=NOT_NOW),
    "signed_copy": Row(get=NOT_THERE),
    # A page that does not say its step does nothing.
    "more_time": Row(get=SEEN, post=Statuses(clerk=302, looker=302, asker=302)),
    "matrix": Row(get=asker_alone(200)),
    # Nothing ticked: a word, and back to the board.
    "approve_many": Row(post=asker_alone(302)),
    "approvals_progress": Row(get=asker_alone(200)),
    "exports": Row(get=asker_alone(200), post=asker_alone(302)),
    "exports_progress": Row(get=asker_alone(200)),
    # Nobody asked for an export here; `tests/exports/test_exports.py` has those of oneself and of others.
    "export_file": Row(get=NOT_THERE),
    "delete_export": Row(post=NOT_THERE),
    "confirm": Row(get=OPEN, post=OPEN),
    "preview": Row(get=SEEN),
    "download": Row(get=SEEN),
    "evidence": Row(get=SEEN, post=clerk_alone(422)),
    "evidence_file": Row(get=SEEN),
    "evidence_bundle": Row(get=SEEN),
    # A clerk is asked once before the file goes, and sent back when it has gone.
    "remove_evidence": Row(get=clerk_alone(200), post=clerk_alone(302)),
    "blank": Row(get=SEEN),
    # A post without a file comes back with its message.
    "bring_in": Row(get=clerk_alone(200), post=clerk_alone(422)),
    "period": Row(get=asker_alone(200)),
    # Only the admin of the asking office itself opens: nobody of this cast is that for HT or LT.
    "open_period": Row(post=asker_alone(403)),
    # The asking office itself; whoever stands above it only looks on.
    "remind": Row(post=asker_alone(302)),
    # What it finds is each reader's own (`tests/search/test_search.py`).
    "search": Row(get=OPEN),
    # One's own: a notice of somebody else is not there (`tests/notifications/test_notices.py`).
    "notices": Row(get=OPEN),
    "notice": Row(post=NOT_THERE),
    "read_all": Row(post=everybody(302)),
    "mailing": Row(get=OPEN, post=everybody(302)),
    "guides": Row(get=OPEN),
    "guide": Row(get=OPEN),
    "guide_chapter": Row(get=OPEN),
    # The one chapter for somebody who cannot log in.
    "login_help": Row(
        get=everybody(200), post=everybody(405), put=everybody(405), delete=everybody(405)
    ),
    "introduced": Row(post=everybody(302)),
    # Who is logged in already is sent on to the first page, whatever the method.
    "login": Row(
        get=logged_in(302, signed_out=200),
        post=logged_in(302, signed_out=200),
        put=logged_in(302, signed_out=200),
        delete=logged_in(302, signed_out=405),
    ),
    "logout": Row(post=everybody(302)),
    # An empty form comes back with its messages; Django reads PUT as POST here.
    "password_change": Row(get=OPEN, post=OPEN, put=OPEN),
    "password_change_done": Row(get=OPEN),
    "healthz": Row(
        get=everybody(200), post=everybody(405), put=everybody(405), delete=everybody(405)
    ),
}


OF_EVIDENCE = ("evidence_file", "remove_evidence")


@pytest.mark.parametrize(
    "name", [name for name, row in TABLE.items() if row.post.clerk != 405 and name != "login"]
)
def test_a_post_of_somebody_logged_out_leads_after_login_to_a_page(
    clerk: User, reviewer: User, name: str
) -> None:
    told = urlsplit(Client().post(address(name), {"x": "1"})["Location"])
    assert told.path == reverse("login")
    back = parse_qs(told.query).get("next", ["/"])[0]
    answers = {browser(user).get(back).status_code for user in (clerk, reviewer)}
    assert 405 not in answers, back
    assert 200 in answers or name == "attach_signed", back  # which a draft refuses, in words


def a_file(report: Report) -> int:
    """A file of the report's evidence; whoever removed it finds another."""
    known = Evidence.objects.filter(report=report).first()
    if known is None:
        known = Evidence(report=report, section="direction", filename="Biên bản.pdf", kind="pdf",
                         size=4, sha256="x", added_by=User.objects.get(username="hatien"))  # fmt: skip
        known.file.save("", ContentFile(b"%PDF"))
    return known.pk


def address(name: str, period: str = OWN, section: str = "evaluation") -> str:
    """The address of that name, for the report of one period."""
    report = report_of(UNIT_OF[period])
    of_report = {"pk": report.pk}
    of_evidence = {**of_report, "evidence": a_file(report)} if name in OF_EVIDENCE else {}
    arguments: dict[str, dict[str, Any]] = {
        "report": of_report,
        "preview": of_report,
        "section": {**of_report, "section": section},
        "company": {**of_report, "section": section},
        "carry_over": of_report,
        "act": {**of_report, "verb": "exclude"},
        "more_sections": {**of_report, "section": section},
        "released": {**of_report, "release": 1, "file_format": "pdf"},
        "attach_signed": of_report,
        "signed_copy": {**of_report, "copy": 1},
        **dict.fromkeys(("checks", "sign_off", "review", "remark", "timeline"), of_report),
        "download": {**of_report, "file_format": "json"},
        "evidence": of_report,
        "evidence_bundle": of_report,
        "evidence_file": of_evidence,
        "remove_evidence": of_evidence,
        "blank": {**of_report, "file_format": "xlsx"},
        "bring_in": of_report,
        "period": {"code": period},
        "open_period": {"code": period},
        "matrix": {"code": period},
        "approve_many": {"code": period},
        "approvals_progress": {"code": period},
        "remind": {"code": period},
        "notice": {"pk": 999_999_999},
        "exports": {"code": period},
        "exports_progress": {"code": period},
        "export_file": {"pk": 1},
        "delete_export": {"pk": 1},
        "more_time": of_report,
        "guide": {"guide": "van-thu"},
        "guide_chapter": {"guide": "van-thu", "chapter": "phat-hanh"},
    }
    return reverse(name, kwargs=arguments.get(name))


@pytest.fixture
def cast(
    clerk: User, stranger: User, leader: User, records: User, reviewer: User, admin: User,
    outsider: User,
) -> dict[str, User | None]:  # fmt: skip
    """Everybody by name; two of them are made here: a disabled clerk, one whose role has ended."""
    own_unit = report_of(UNIT_OF[OWN]).unit
    disabled = User.objects.create_user("bi_khoa", password="x", is_active=False)
    RoleAssignment.objects.create(user=disabled, unit=own_unit, role="clerk")
    ended = User.objects.create_user("da_thoi", password="x")
    yesterday = today() - timedelta(days=1)
    RoleAssignment.objects.create(user=ended, unit=own_unit, role="clerk", valid_to=yesterday)
    return {
        "anonymous": None,
        "disabled": disabled,
        "clerk": clerk,
        "stranger": stranger,
        "leader": leader,
        "records": records,
        "reviewer": reviewer,
        "reviewer_elsewhere": User.objects.get(username="phuloc_noivu"),
        "province": User.objects.get(username="thanhhoa_noivu"),
        "admin": admin,
        "outsider": outsider,
        "ended": ended,
    }


def browser(user: User | None, **more: Any) -> Client:
    client = Client(**more)
    if user is not None:
        client.force_login(user)
    return client


def as_in_table(standing: str, name: str, method: str) -> str:
    """Whoever stands above the asking office sees what it sees, and does nothing there."""
    if standing == "above":
        by = name in ("act", "more_time") or (name, method) == ("remind", "POST")
        return "stands by" if by else "asker"
    return standing


def test_every_address_of_the_portal_stands_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(TABLE)
    assert {method.lower() for method in METHODS} == set(Row._fields)


def test_a_view_behind_the_login_takes_a_request_with_our_user() -> None:
    ours = [
        pattern for pattern in urlpatterns if pattern.callback.__module__.startswith("reports.")
    ]
    takes = {
        pattern.name: inspect.signature(pattern.callback, eval_str=True).parameters["request"]
        for pattern in ours
    }
    open_to_all = {p.name for p in ours if not getattr(p.callback, "login_required", True)}
    assert open_to_all == {"healthz", "login_help"}
    assert {name for name, taken in takes.items() if taken.annotation is HttpRequest} == open_to_all
    others = [taken.annotation for name, taken in takes.items() if name not in open_to_all]
    assert set(others) == {Request}


@pytest.mark.parametrize("name", TABLE)
def test_a_page_leads_to_the_chapter_of_the_guide_that_is_about_it(
    clerk: User, reviewer: User, name: str
) -> None:
    for user in (clerk, reviewer):
        client = browser(user)
        answer = client.get(address(name))
        if answer.streaming:  # a file that is still being sent keeps its reader's turn
            list(answer)
        elif answer.headers.get("Content-Type", "").startswith("text/html") and answer.context:
            assert name in PAGES or answer.status_code >= 400 or name == "login_help", name
            told = answer.context["guide_address"]()
            assert client.get(told).status_code == 200, told


@pytest.mark.parametrize("path", ["phan/nope/", "phan/PLAN/", "mo-phan/nope/", "viec/nope/"])
def test_an_address_that_names_no_section_or_verb_is_none_of_ours(
    clerk: User, ha_tien: Report, path: str
) -> None:
    client = browser(clerk)
    for method in METHODS:
        assert client.generic(method, f"/bao-cao/{ha_tien.pk}/{path}").status_code == 404
    named = reverse("section", args=[ha_tien.pk, Section.PLAN])
    assert named == reverse("section", args=[ha_tien.pk, "plan"])
    with pytest.raises(NoReverseMatch):
        reverse("section", args=[ha_tien.pk, "nope"])


@pytest.mark.usefixtures("blank_forms_are_not_made")
@pytest.mark.parametrize("name", sorted(TABLE))
def test_everybody_gets_at_every_address_what_the_table_says(
    cast: dict[str, User | None], name: str
) -> None:
    for unit in UNIT_OF.values():
        Evaluation.objects.filter(report=report_of(unit)).update(limits=f"chim-yến-{unit}")
    wrong, leaks = [], []
    places = {period: address(name, period) for period in (OWN, OTHER)}
    for person, standings in CAST.items():
        client = browser(cast[person])
        for method, (period, standing) in product(
            METHODS, zip((OWN, OTHER), standings, strict=True)
        ):
            if period == OTHER and places[OTHER] == places[OWN]:
                continue
            if name in OF_EVIDENCE:  # the one before may have removed the file
                places[period] = address(name, period)
            response = client.generic(method, places[period])
            place = as_in_table(standing, name, method)
            expected = TABLE[name].answer(method, place)
            if response.status_code != expected:
                wrong.append((person, method, period, response.status_code, f"expected {expected}"))
            canary = f"chim-yến-{UNIT_OF[period]}"
            if canary.encode() in response.getvalue() and standing in ("stranger", "signed out"):
                leaks.append((person, method, period))
    assert (wrong, leaks) == ([], [])


def test_the_canary_sings_for_those_who_may_look(cast: dict[str, User | None]) -> None:
    Evaluation.objects.filter(report=report_of(UNIT_OF[OWN])).update(limits="chim-yến-15325")
    for name in ("section", "preview", "download"):
        for person in ("clerk", "leader", "records", "reviewer", "province", "admin"):
            body = browser(cast[person]).get(address(name)).content.decode()
            assert "chim-yến-15325" in body, (name, person)


@pytest.mark.parametrize("section", ["direction", "procedures", "egov", "plan", "paper"])
def test_no_section_is_written_by_anybody_but_the_clerk(
    cast: dict[str, User | None], section: str
) -> None:
    before = snapshot()
    for person, (standing, _) in CAST.items():
        if standing in ("clerk", "signed out"):
            continue
        client = browser(cast[person])
        data = {"direction.radio_broadcasts": "99", "place": "Nơi khác", "text:assignment": "x"}
        response = client.post(address("section", section=section), data)
        assert response.status_code == (404 if standing == "stranger" else 403), person
    assert snapshot() == before


def test_a_colleague_is_told_in_vietnamese_why_not(leader: User, reviewer: User) -> None:
    words = "Chỉ Công chức lập báo cáo tại đơn vị báo cáo được nhập liệu báo cáo này."
    for person in (leader, reviewer):
        response = browser(person).post(address("section"), {})
        assert response.status_code == 403
        assert words in response.content.decode()
    opened = browser(reviewer).post(address("open_period"))
    assert "Chỉ Quản trị tại cơ quan yêu cầu báo cáo được mở kỳ." in opened.content.decode()


def test_the_admin_of_the_asking_office_opens_its_period(admin: User) -> None:
    response = browser(admin).post(reverse("open_period", kwargs={"code": "TH-2026-NAM"}))
    assert response.status_code == 302
    assert response["Location"] == "/ky/TH-2026-NAM/"


def is_shown(user: User, pk: int) -> bool:
    """Whether the door that every page goes through lets the person look at the report."""
    try:
        return access.report_for(user, pk, Verb.VIEW).pk == pk
    except Http404:
        return False


@pytest.mark.every_engine
def test_list_and_door_agree_for_everybody(cast: dict[str, User | None]) -> None:
    for person, user in cast.items():
        if user is None:
            continue
        listed = set(access.visible_reports(user).values_list("pk", flat=True))
        reports = list(Report.objects.values_list("pk", flat=True))
        assert listed == {pk for pk in reports if is_shown(user, pk)}, person
        for pages in (sorted(listed)[:1], sorted(set(reports) - listed)[:1]):
            answers = [browser(user).get(reverse("report", args=[pk])).status_code for pk in pages]
            opened = 200 if listed.intersection(pages) else 404
            assert answers == [opened if user.is_active else 302] * len(pages), person
        assert len(listed) == {
            "clerk": 2, "stranger": 1, "leader": 2, "records": 2, "reviewer": 18,
            "reviewer_elsewhere": 1, "province": 25, "admin": 25,
        }.get(person, 0)  # fmt: skip


def test_a_role_that_has_ended_lists_nothing_to_do_in_the_inbox(reviewer: User) -> None:
    yesterday = today() - timedelta(days=1)
    unit = report_of(UNIT_OF[OWN]).unit
    RoleAssignment.objects.create(user=reviewer, unit=unit, role="clerk", valid_to=yesterday)
    assert list(browser(reviewer).get("/").context["rows"]) == []


# --- requests that were not meant ------------------------------------------------------------------


def posted_addresses() -> Iterator[str]:
    for name, row in TABLE.items():
        if row.post.clerk != 405:
            yield name


@pytest.mark.parametrize("name", list(posted_addresses()))
def test_a_post_without_the_token_is_refused(cast: dict[str, User | None], name: str) -> None:
    person = cast["anonymous"] if name == "login" else cast["clerk"]
    if name in ("act", "attach_signed"):
        person = cast["reviewer" if name == "act" else "records"]
    state = "issued" if name == "attach_signed" else "returned"
    Report.objects.filter(pk=report_of(UNIT_OF[OWN]).pk).update(state=state)
    client = browser(person, enforce_csrf_checks=True)
    response = client.post(address(name))
    assert response.status_code == 403
    assert "tải lại trang" in response.content.decode()
    client.cookies["csrftoken"] = "a" * 32
    response = client.post(address(name), {"csrfmiddlewaretoken": "a" * 32})
    assert response.status_code in (200, 302, 404, 405, 422)


def test_no_view_is_exempt_from_the_token() -> None:
    root = settings.BASE_DIR
    sources = [*(root / "reports").rglob("*.py"), *(root / "cchc_portal").rglob("*.py")]
    assert len(sources) > 100
    assert [path.name for path in sources if "csrf_exempt" in path.read_text("utf-8")] == []


def snapshot() -> tuple[dict[str, int], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """How many rows there are of each kind, and every report's revision.

    Sessions come with logging in, and a paper that was made once is kept: neither is content.
    """
    counts = {
        model.__name__: model._default_manager.count()
        for model in apps.get_models()
        if model not in (Session, StoredPaper)
    }
    revisions = Report.objects.order_by("pk").values_list("pk", "revision", "state")
    papers = Paper.objects.order_by("pk").values_list("pk", "number", "issued_on", "place")
    return counts, list(revisions), list(papers)


def everything() -> dict[str, int]:
    """All that the database holds, table by table, but for who is logged in and papers made once."""
    kept = {}
    for model in apps.get_models(include_auto_created=True):
        if model in (Session, StoredPaper):
            continue
        columns = [f.attname for f in model._meta.concrete_fields if f.attname != "last_login"]
        rows = model._default_manager.order_by("pk").values_list(*columns)
        # Bytes come from PostgreSQL as views, whose names tell nothing of what they hold.
        kept[model.__name__] = hash(
            tuple(bytes(v) if isinstance(v, memoryview) else repr(v) for row in rows for v in row)
        )
    return kept


@pytest.mark.every_engine
def test_looking_changes_nothing(cast: dict[str, User | None], reviewer: User) -> None:
    report = report_of(UNIT_OF[OWN])
    a_file(report)
    export = orders.ask(reviewer, report.period, "workbook", "sent")
    told = Notice.objects.create(
        user=reviewer, report=report, place="superior", kind="move", title="Gửi", text="x",
        post="digest", at=timezone.now(),
    )  # fmt: skip
    own = [reverse("notice", args=[told.pk])]
    own += [reverse(name, args=[export.pk]) for name in ("export_file", "delete_export")]
    before = everything()
    for person in ("clerk", "leader", "reviewer", "admin", "stranger"):
        client = browser(cast[person])
        for name in TABLE:
            client.get(address(name)).getvalue()
        assert [client.get(page).status_code for page in own] == [405, 404, 405]
        for section in ("direction", "procedures", "civil_service", "paper"):
            client.get(address("section", section=section), {"state": "x", "none_arisen": "x"})
        for file_format in ("html", "json", "xlsx"):
            pk = report_of(UNIT_OF[OWN]).pk
            client.get(reverse("download", kwargs={"pk": pk, "file_format": file_format}))
    after = everything()
    assert [table for table, rows in after.items() if rows != before[table]] == []


def test_nothing_but_content_can_be_posted(clerk: User, ha_tien: Report) -> None:
    before = snapshot()
    smuggled = {
        "state": "approved", "revision": "99", "unit": "1", "unit_id": "1", "period": "1",
        "number": "7", "issued_on": "2023-06-14", "is_staff": "1", "is_superuser": "1",
        "report": "1", "saved_by": "1", "outline": "1", "id": "1", "pk": "1",
    }  # fmt: skip
    client = browser(clerk)
    for section in ("direction", "procedures", "finance", "evaluation", "paper"):
        for accept in ("text/html", "application/json"):
            response = client.post(
                address("section", section=section), smuggled, headers={"accept": accept}
            )
            assert response.status_code in (200, 302)
    assert snapshot() == before
    clerk.refresh_from_db()
    assert (clerk.is_staff, clerk.is_superuser) == (False, False)


SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
    "font-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
    "frame-ancestors 'none'",
}  # fmt: skip


def check_headers(response: HttpResponse, cached: bool = False) -> None:
    assert {name: response.get(name) for name in SAFE} == SAFE
    policy = {part.strip() for part in response["Content-Security-Policy"].split(";")}
    assert policy == POLICY
    kept = response["Cache-Control"]
    assert kept == "private, no-cache" if cached else "no-store" in kept


@pytest.mark.usefixtures("blank_forms_are_not_made")
@pytest.mark.parametrize("person", ["clerk", "reviewer", "stranger", "anonymous"])
def test_every_answer_carries_the_headers_of_safety(
    cast: dict[str, User | None], person: str
) -> None:
    client = browser(cast[person])
    for name in TABLE:
        response = client.get(address(name))
        response.getvalue()
        check_headers(response, cached=name == "download" and response.status_code == 200)
    check_headers(client.get("/khong-co/"))
    check_headers(client.post(address("section")))
    check_headers(browser(cast[person], enforce_csrf_checks=True).post(address("section")))


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)",
     "///evil.example", "http:evil.example", "\thttps://evil.example", "//evil.example/%2f.."],
)  # fmt: skip
def test_login_leads_nowhere_else(clerk: User, target: str) -> None:
    data = {"username": "hatien", "password": "demo-hatien-2023", "next": target}
    response = Client().post(reverse("login"), data)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert browser(clerk).get(reverse("login"), {"next": target})["Location"] == "/"
    page = Client().get(reverse("login"), {"next": target}).content.decode()
    assert "evil.example" not in page and "javascript" not in page


def test_login_leads_on_to_a_page_of_the_portal(ha_tien: Report) -> None:
    wanted = address("report")
    asked = Client().get(wanted)
    assert asked["Location"] == f"/dang-nhap/?next={wanted}"
    data = {"username": "hatien", "password": "demo-hatien-2023", "next": wanted}
    assert Client().post(reverse("login"), data)["Location"] == wanted


# --- the door in the source ------------------------------------------------------------------------

#: Who may ask for reports otherwise: the rules themselves, and rooms that no request reaches unasked.
#: `dossier.load` reads again a report that its caller was given.
KEEPERS = {
    "access/policy.py",
    "checks/gate.py",
    "demo/loading.py",
    "demo/story.py",
    "dossier/facts.py",
    "editing/writing.py",
    "notifications/reminders.py",
    "periods/opening.py",
    "workflow/extension.py",
    "workflow/transitions.py",
}


def reaches_past_the_door(tree: ast.Module) -> Iterator[int]:
    """Lines that use `Report.objects` otherwise than as the queryset of `report_for`."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr == "objects"):
            continue
        owner = node.value
        if getattr(owner, "id", getattr(owner, "attr", "")) != "Report":
            continue
        attribute = above[node]
        call = above.get(attribute)
        use = above.get(call) if call else None
        if isinstance(use, ast.keyword):
            use = above[use] if use.arg == "queryset" else None
        handed_over = isinstance(use, ast.Call) and getattr(use.func, "id", "") == "report_for"
        kept = isinstance(use, ast.Assign) and any(
            isinstance(other, ast.keyword)
            and other.arg == "queryset"
            and getattr(other.value, "id", "") == getattr(use.targets[0], "id", None)
            for other in ast.walk(tree)
        )
        related = isinstance(attribute, ast.Attribute) and attribute.attr == "select_related"
        if not (related and (handed_over or kept)):
            yield node.lineno


def test_reports_are_fetched_through_the_door_only() -> None:
    root: Path = settings.BASE_DIR / "reports"
    found = [
        f"{path.relative_to(root)}:{line}"
        for path in sorted(root.rglob("*.py"))
        if str(path.relative_to(root)) not in KEEPERS and path.parent.name != "commands"
        for line in reaches_past_the_door(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []
    reaching = {
        name
        for name in KEEPERS
        if any(reaches_past_the_door(ast.parse((root / name).read_text("utf-8"))))
    }
    assert reaching == KEEPERS, "who keeps the door no more, leaves the list"


@pytest.mark.parametrize(
    "source",
    ["Report.objects.get(pk=1)", "models.Report.objects.all()", "x = Report.objects",
     "Report.objects.select_related('unit').get(pk=1)", "load(Report.objects.select_related())",
     "report_for(u, 1, queryset=Report.objects.filter(pk=1))"],
)  # fmt: skip
def test_the_check_of_the_door_sees_a_way_around_it(source: str) -> None:
    assert list(reaches_past_the_door(ast.parse(source))) == [1]
