"""The queue: rows of work (`models.Leased`), claimed by workers one at a time, at least once.

No broker and no second service: the row stands in the portal's own database, so it is there exactly
when the transaction that asked for it is, and a backup has it. A worker claims a row for a lease and
prolongs it while it lives and gets on; one that is killed lets it run out, and another begins anew.
All moments are the database's clock, so that workers need not agree on the time. `decisions/0017` says
why this and no library.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now

from ..models.work import Leased

log = logging.getLogger(__name__)

#: How often work is begun before it is given up, when its line says nothing else.
MOST_ATTEMPTS = 5
#: For how many leases a worker answers for work that says nothing: one long query, one slow letter.
SILENCE = 5


class LostLease(Exception):
    """Another worker has the row, or it was deleted: what this one made is dropped."""


class Failed(Exception):
    """The work cannot be done, and trying again would not help; the message is for its reader."""


class Later(Exception):
    """The work could not be done now; `wait` is how long until it is tried again."""

    def __init__(self, problem: str, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(problem)


def lease() -> timedelta:
    """How long a claim holds without a sign of life."""
    return timedelta(seconds=settings.QUEUE_LEASE_SECONDS)


def _in(wait: timedelta) -> ExpressionWrapper:
    return ExpressionWrapper(Now() + wait, output_field=DateTimeField())


@dataclass
class Claim:
    """One row of work claimed by one worker. `stop` is set when the worker is to end.

    `sign` is when the work itself last called `prolong`, by this process's monotonic clock.
    """

    item: Any
    attempt: int
    stop: Event | None = None
    sign: float = field(default_factory=time.monotonic)

    def _own(self) -> "QuerySet[Any]":
        rows = type(self.item)._default_manager
        return rows.filter(pk=self.item.pk, attempt=self.attempt, finished_at=None)

    def prolong(self, **columns: Any) -> None:
        """Prolong the lease and write columns of the row, such as how much is done. LostLease.

        A worker that is to end gives the row back here (`Later`), so that another need not wait for the
        lease to run out.
        """
        if self.stop is not None and self.stop.is_set():
            raise Later("", timedelta())
        if not self._own().update(lease_until=_in(lease()), **columns):
            raise LostLease
        self.sign = time.monotonic()

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Prolong the lease from another thread while the work is done.

        So a single step may take longer than a lease, and a killed worker's row is still free after one. Work
        that calls `prolong` no more is given up after `SILENCE` leases.
        """
        done = Event()
        heart = Thread(target=self._beat, args=(done,), name="heart", daemon=True)
        heart.start()
        try:
            yield
        finally:
            done.set()
            heart.join()

    def _beat(self, done: Event) -> None:
        seconds = lease().total_seconds()
        try:
            while not done.wait(seconds / 3):
                if time.monotonic() - self.sign > SILENCE * seconds:
                    log.error("%s says nothing any more; another may take it over", self.item)
                    return
                try:
                    self._own().update(lease_until=_in(lease()))
                except (DatabaseError, InterfaceError) as error:
                    log.warning("no beat for %s: %s", self.item, error)
        finally:
            connection.close()

    def finish(self, problem: str = "", **columns: Any) -> None:
        """Write the end of the work and columns of its result, in one UPDATE that names the attempt. LostLease."""
        if not self._own().update(finished_at=Now(), lease_until=None, problem=problem, **columns):
            raise LostLease

    def put_off(self, problem: str, wait: timedelta) -> None:
        """Try again after `wait`; at once when there is none."""
        # The engines round the clock differently: "now" written is not always past when read again.
        when = _in(wait) if wait else None
        self._own().update(lease_until=None, not_before=when, problem=problem)


@dataclass(frozen=True)
class Line:
    """One kind of work: the model of its rows, the function that does one, which are ready, how often it is tried."""

    model: type[Leased]
    do: Callable[[Claim], None]
    ready: Q = field(default_factory=Q)
    order: tuple[str, ...] = ("pk",)
    most_attempts: int | None = MOST_ATTEMPTS
    #: The problem shown for work of which every attempt failed.
    gave_up: str = "Máy chủ đã thử nhiều lần mà không làm được việc này."

    def waiting(self) -> "QuerySet[Any]":
        """The rows that no worker has claimed and whose time has come."""
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        due = Q(not_before=None) | Q(not_before__lte=Now())
        rows = self.model._default_manager.filter(self.ready, free, due, finished_at=None)
        return rows.order_by(*self.order)

    def claim(self, stop: Event | None = None) -> Claim | None:
        """The next row for this worker; None when there is nothing to do."""
        while (row := self.waiting().first()) is not None:
            if self.most_attempts is not None and row.attempt >= self.most_attempts:
                columns = {"problem": row.problem or self.gave_up, "finished_at": Now()}
                self._same(row).update(lease_until=None, **columns)
            elif self._same(row).update(attempt=F("attempt") + 1, lease_until=_in(lease())):
                row.attempt += 1
                return Claim(row, row.attempt, stop)
        return None

    def _same(self, row: Leased) -> "QuerySet[Any]":
        """The row, if nobody claimed it since it was read."""
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        return self.model._default_manager.filter(
            free, pk=row.pk, attempt=row.attempt, finished_at=None
        )


def step(line: Line, stop: Event | None = None) -> bool:
    """Do one row of the line; False when there was none. An error is logged and written to the row, not raised."""
    claim = line.claim(stop)
    if claim is None:
        return False
    name = f"{type(claim.item).__name__} {claim.item.pk}"
    try:
        with claim.alive():
            line.do(claim)
    except LostLease:
        log.warning("%s: another worker took it over", name)
    except Later as later:
        if str(later):
            log.warning("%s waits: %s", name, later)
        claim.put_off(str(later), later.wait)
    except Failed as failed:
        _close(claim, str(failed))
    except Exception:  # one row's trouble must not stop the queue
        log.exception("%s failed at attempt %s", name, claim.attempt)
        if line.most_attempts is not None and claim.attempt >= line.most_attempts:
            _close(claim, line.gave_up)
        else:
            claim.put_off("", backoff(claim.attempt))
    return True


def _close(claim: Claim, problem: str) -> None:
    try:
        claim.finish(problem)
    except LostLease:
        log.warning("work %s was lost while it failed", claim.item.pk)


def backoff(attempt: int, most: timedelta = timedelta(hours=1)) -> timedelta:
    """5, 10, 20, 40 seconds …: how long to wait after so many attempts."""
    return min(timedelta(seconds=5 * 2 ** min(attempt - 1, 20)), most)
