"""The queue: one row in one worker's hands, work that dies is done again, and given up in the end."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from django.utils import timezone
from factories import make_period, make_superior, make_user

from reports.jobs.queue import Claim, Failed, Later, Line, LostLease, backoff, step
from reports.models import Export

RACES = Path(__file__).resolve().parents[1] / "exports_race.py"


@pytest.fixture
def row(db: None) -> Export:
    superior = make_superior()
    period, reviewer = make_period(superior), make_user(superior, "reviewer")
    return Export.objects.create(
        period=period, kind="zip", scope="sent", by=reviewer, asked_at=timezone.now()
    )


def line(do: Callable[[Claim], None] = lambda claim: claim.finish(), most: int | None = 3) -> Line:
    return Line(Export, do, most_attempts=most)


def run_out(row: Export) -> None:
    """As if the lease's time had passed, or the wait was over."""
    gone = timezone.now() - timedelta(seconds=1)
    Export.objects.filter(pk=row.pk, finished_at=None).update(lease_until=gone, not_before=gone)


def test_a_row_in_a_workers_hands_is_not_given_to_another(row: Export) -> None:
    first = line().claim()
    assert first is not None and first.item == row
    assert line().claim() is None
    first.prolong(done=3)
    row.refresh_from_db()
    assert (row.attempt, row.done) == (1, 3)


def test_of_two_who_saw_the_row_free_one_claims_it(row: Export) -> None:
    queue = line()
    seen = queue.waiting().first()
    assert queue.claim() is not None
    assert queue._same(seen).update(attempt=9) == 0


def test_a_worker_whose_lease_was_lost_changes_nothing(row: Export) -> None:
    late = line().claim()
    run_out(row)
    second = line().claim()
    assert late is not None and second is not None
    assert (late.attempt, second.attempt) == (1, 2)
    for change in (lambda: late.prolong(done=7), lambda: late.finish(file="mine")):
        with pytest.raises(LostLease):
            change()
    late.put_off("x", timedelta(hours=1))
    second.finish(file="theirs")
    row.refresh_from_db()
    assert (row.file, row.done, row.problem, row.not_before is None) == ("theirs", 0, "", False)
    with pytest.raises(LostLease):
        second.finish(file="again")


def test_work_whose_worker_dies_every_time_is_given_up_with_words(row: Export) -> None:
    queue = line(most=3)
    for _ in range(3):
        assert queue.claim() is not None
        run_out(row)
    assert queue.claim() is None
    row.refresh_from_db()
    assert (row.attempt, row.problem) == (3, queue.gave_up)
    assert row.finished_at is not None


def test_a_failure_is_tried_again_ever_later_and_in_the_end_given_up_at_once(row: Export) -> None:
    def fail(claim: Claim) -> None:
        raise RuntimeError

    queue = line(fail, most=3)
    for attempt in (1, 2):
        assert step(queue)
        row.refresh_from_db()
        wait = (row.not_before - timezone.now()).total_seconds()
        assert 0 < backoff(attempt).total_seconds() - wait < 2
        assert not step(queue)  # not yet
        run_out(row)
    assert step(queue)
    row.refresh_from_db()
    assert (row.problem, row.finished_at is not None) == (queue.gave_up, True)
    assert [backoff(n).total_seconds() for n in (1, 2, 3, 4, 30)] == [5, 10, 20, 40, 3600]


def test_what_cannot_be_done_is_told_and_what_cannot_be_done_now_waits(row: Export) -> None:
    def later(claim: Claim) -> None:
        raise Later("Chưa được.", timedelta(hours=2))

    def never(claim: Claim) -> None:
        raise Failed("Không được.")

    assert step(line(later))
    row.refresh_from_db()
    assert row.problem == "Chưa được." and row.finished_at is None
    assert row.not_before > timezone.now() + timedelta(hours=1)
    run_out(row)
    assert step(line(never))
    row.refresh_from_db()
    assert row.problem == "Không được." and row.finished_at is not None


def test_a_worker_that_is_to_end_lays_its_row_down_for_the_next(row: Export) -> None:
    stop = Event()
    assert step(line(lambda claim: claim.prolong(done=1)), stop)
    run_out(row)
    stop.set()
    assert step(line(lambda claim: claim.prolong(done=2)), stop)
    row.refresh_from_db()
    assert (row.done, row.problem, row.lease_until, row.finished_at) == (1, "", None, None)
    taken = line().claim()
    assert taken is not None and taken.attempt == 3


@pytest.mark.pdf
def test_silent_work_keeps_its_row_and_killed_workers_leave_one_whole_file() -> None:
    told = (["--silent", "--exports", "0"], ["--exports", "4", "--kills", "2"])
    # Silence is waiting, so that both go on at once, each on a database of its own.
    races = [
        subprocess.Popen(
            [sys.executable, str(RACES), *arguments], env={**os.environ, "DEMO": "1"}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for arguments in told
    ]  # fmt: skip
    for race in races:
        said, failed = race.communicate(timeout=1500)
        assert (race.returncode, failed) == (0, ""), said + failed
        assert said.endswith("Every export ended as it must.\n")
