"""Eight people press at the same moment, round after round: `.venv/bin/python tests/races.py`.

    decide    of one sent report: 3 approve, 3 return, 2 withdraw; in every other round their pages tell
              which step they show. One wins, the others are told what happened (Overtaken) or why not
              (Refused); one event, and a kept paper only when it was approved.
    typing    3 people save 50 times each into three sections: no gap and no fork in the record.

Every racer is a thread with a connection of its own, on a database of its own: a file, or on PostgreSQL
with DATABASE_URL. The papers are printed once and kept again by every approval, since printing is no
part of the race. `--rounds 1000` is the full run; it ends with 1 when a round did not end as it must.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from worlds import copied

ROOT = Path(__file__).resolve().parent.parent
#: Approving reads the whole report first; the others wait up to so many seconds, or it never won.
HEAD_START = 0.25
SAVES = 50


def prepare(home: str, url: str) -> None:
    """Django on a copy of the demo's archive."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("FONTCONFIG_FILE", str(ROOT / ".setup" / "fonts.conf"))
    os.environ |= {"DEMO": "1", "VAR_DIR": home, "DATABASE_URL": url,
                   "DJANGO_SETTINGS_MODULE": "cchc_portal.settings"}  # fmt: skip

    import django
    from django.conf import settings

    django.setup()
    settings.STATIC_ROOT.mkdir()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def somebody(unit: Any, role: str, number: int) -> Any:
    from reports.models import RoleAssignment, User

    user = User.objects.create_user(f"{role}{number}", full_name=f"{role} {number}")
    RoleAssignment.objects.create(user=user, unit=unit, role=role)
    return user


def at_once(work: list[Callable[[], Any]]) -> list[Any]:
    """Each in a thread and a connection of its own, begun at the same moment; what each returned."""
    from django.db import connection

    gate = threading.Barrier(len(work))

    def one(what: Callable[[], Any]) -> Any:
        try:
            return what() if gate.wait(20) >= 0 else None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


# --- who decides --------------------------------------------------------------------------------------


def decide(rounds: int) -> Iterator[str]:
    """What went wrong, round by round; prints who won and what the others were told."""
    from django.db.models import F

    from reports import audit
    from reports.compose import compose
    from reports.dossier import facts
    from reports.enums import Verb
    from reports.issuing import release
    from reports.models import Report

    report = Report.objects.select_related("unit", "period__superior").get(
        unit__code="15325", period__code="HT-2023-6T"
    )
    printed = release.print_all(compose(facts.load(report)))
    release.print_all = lambda _: printed
    wanted = [Verb.APPROVE] * 3 + [Verb.RETURN] * 3 + [Verb.WITHDRAW] * 2
    racers = [
        (verb, somebody(*((report.unit, "clerk") if verb == Verb.WITHDRAW
                          else (report.period.superior, "reviewer")), number))
        for number, verb in enumerate(wanted)
    ]  # fmt: skip
    told: Counter[str] = Counter()
    begun = time.perf_counter()
    for number in range(rounds):
        again = {"state": "sent", "returned": False, "version": F("version") + 1}
        Report.objects.filter(pk=report.pk).update(**again)
        before = report.events.count()
        ends = at_once([racer(report.pk, *each, tells_step=number % 2 == 0) for each in racers])
        told.update(ends)
        won = [
            (v, who) for end, (v, who) in zip(ends, racers, strict=True) if end.startswith("won")
        ]
        yield from judge(report, number, ends, won, report.events.count() - before)
    yield from (f"record: {words}" for words in audit.verify(report.pk))
    taken = time.perf_counter() - begun
    print(f"decide: {rounds} rounds of 8 in {taken:.0f} s, {dict(sorted(told.items()))}")


def racer(pk: int, verb: Any, who: Any, tells_step: bool) -> Callable[[], str]:
    from reports.access.policy import Refused
    from reports.enums import Verb
    from reports.models import Report
    from reports.workflow.moves import Approve, Plain, Return
    from reports.workflow.report_lock import Overtaken
    from reports.workflow.transitions import perform

    report = Report.objects.select_related("period").get(pk=pk)
    more = {Verb.APPROVE: Approve("Vì thế."), Verb.RETURN: Return("Vì thế.")}
    move = more.get(verb) or Plain(verb, "Vì thế.")
    wait = 0 if verb == "approve" else random.uniform(0, HEAD_START)
    fresh = type(who).objects.get(pk=who.pk)

    def press() -> str:
        time.sleep(wait)
        try:
            perform(report, move, fresh, report.step if tells_step else None)
        except (Overtaken, Refused) as loss:
            return type(loss).__name__
        except Exception as error:  # noqa: BLE001 – whatever it is, the round tells of it
            return repr(error)
        return f"won: {verb.value}"

    return press


def judge(report: Any, number: int, ends: list[str], won: list[Any], events: int) -> Iterator[str]:
    """Whether a round ended as it must."""
    others = set(ends) - {"Overtaken", "Refused"} - {f"won: {verb.value}" for verb, _ in won}
    if others:
        yield f"round {number}: {others}"
    if len(won) != 1 or events != 1:
        yield f"round {number}: {len(won)} winners, {events} events"
        return
    ((verb, who),) = won
    event = report.events.last()
    if (event.verb, event.by_id) != (verb.value, who.pk):
        yield f"round {number}: {who} won, the record tells {event} of {event.by_name}"
    report.refresh_from_db()
    leads = {"approve": "approved", "return": "returned", "withdraw": "draft"}
    if report.state != leads[verb.value]:
        yield f"round {number}: {verb.value} led to {report.state}"
    kept = report.releases.filter(version=report.version).count()
    if kept != (verb.value == "approve"):
        yield f"round {number}: {verb.value} kept {kept} papers"


# --- who types ----------------------------------------------------------------------------------------


def typing() -> Iterator[str]:
    """Three people save into the same report, two of them into one section."""
    from django.test import Client
    from django.urls import reverse

    from reports import audit
    from reports.models import Report

    report = Report.objects.select_related("unit").get(
        unit__code="15325", period__code="HT-2023-6T"
    )
    Report.objects.filter(pk=report.pk).update(state="draft")
    people = [somebody(report.unit, "clerk", number) for number in range(100, 103)]
    places = [("procedures", "procedures.received"), ("direction", "direction.radio_broadcasts"),
              ("procedures", "procedures.resolved")]  # fmt: skip

    def typist(person: Any, section: str, name: str) -> Callable[[], Counter[int]]:
        client = Client()
        client.force_login(person)
        address = reverse("section", kwargs={"pk": report.pk, "section": section})

        def work() -> Counter[int]:
            return Counter(
                client.post(address, {name: str(n)}, headers={"accept": "application/json"}).status_code
                for n in range(1000, 1000 + SAVES)
            )  # fmt: skip

        return work

    begun = time.perf_counter()
    answers = sum(
        at_once([typist(p, *at) for p, at in zip(people, places, strict=True)]), Counter()
    )
    audit.seal(report)
    yield from (f"record: {words}" for words in audit.verify(report.pk))
    if answers != {200: 3 * SAVES}:
        yield f"answers: {dict(answers)}"
    typed = report.events.filter(by__in=people)
    taken = time.perf_counter() - begun
    print(
        f"typing: {sum(answers.values())} saves of 3 people in {taken:.0f} s, {typed.count()} events"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="races") as home,
        copied(Path(home), f"cchc_races_{os.getpid()}") as url,
    ):
        prepare(home, url)
        from django.db import connections

        print(connections["default"].vendor)
        wrong = [*decide(options.rounds), *typing()]
        connections.close_all()
    print("\n".join(wrong) or "Every round ended as it must.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
