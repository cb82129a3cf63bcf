"""Work in the background: rows that a worker does later (`reports.jobs.queue`)."""

from django.db import models


class Leased(models.Model):
    """Work that one worker at a time holds, for as long as its lease runs.

    `attempt` counts the claims and fences them: what a worker writes counts only while the row still
    bears the attempt it claimed, so that one thought dead that wakes up again changes nothing.
    Done when `finished_at` is set: well, or given up with a `problem`.
    """

    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        abstract = True
