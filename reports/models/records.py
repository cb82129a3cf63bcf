"""What is recorded beside the figures: marks, narratives, who saved a section, papers made."""

from django.conf import settings
from django.db import models

from ..enums import MarkKind, Placement, Section
from .outlines import Indicator
from .reports import Report


class Mark(models.Model):
    """A remark on one value, row or text that its column cannot hold. Written by `reports.editing.writing` only.

    none_arisen: nothing of the kind occurred; the value is answered, and adds up as 0. stated: the
    value as the source printed it (`text`), kept beside or instead of the number: a percentage whose
    parts are missing or that is not their ratio, a cell imported with words. carried: taken over from
    the unit's report before and not yet confirmed; of a row, `figure` is the code of its table, of a
    text `text:<item>`, of the frame of the paper `paper`.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="marks")
    figure = models.CharField(max_length=80)
    row = models.CharField(max_length=36, blank=True)
    kind = models.CharField(max_length=12, choices=MarkKind.choices)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "figure", "row", "kind"], name="one_mark_of_a_kind"
            ),
            models.CheckConstraint(
                condition=(models.Q(kind=MarkKind.STATED) & ~models.Q(text=""))
                | models.Q(kind__in=[MarkKind.NONE_ARISEN, MarkKind.CARRIED], text=""),
                name="stated_has_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.kind}"


class IndicatorValue(models.Model):
    """The typed value of an appendix row that no other section asks for.

    Numbers of every kind stand in `number` (percentages with two decimals), words in `text`.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="indicator_values")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values")
    number = models.DecimalField(max_digits=17, decimal_places=2, null=True, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator"], name="one_value_an_indicator"),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True) | models.Q(number__gte=0),
                name="indicator_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.text or self.number}"


class IndicatorNote(models.Model):
    """The clerk's words in the column Ghi chú of an appendix row."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="indicator_notes")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="notes")
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator"], name="one_note_an_indicator")
        ]

    def __str__(self) -> str:
        return self.text


class Narrative(models.Model):
    """What the clerk writes under one item of the outline, beside what its figures say.

    `made_from` is the sentence text that a take-over (`placement` "instead") replaced; when the
    figures change and the sentences no longer read so, the item is flagged.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="narratives")
    item = models.SlugField(max_length=60)
    text = models.TextField(blank=True)
    placement = models.CharField(max_length=8, choices=Placement.choices, default=Placement.AFTER)
    made_from = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "item"], name="one_narrative_an_item")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class SectionState(models.Model):
    """Who saved a section last, how often it was saved, and whether a returned report opens it.

    `asked` is the clerk's reason for wanting it opened too.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="section_states")
    section = models.CharField(max_length=16, choices=Section.choices)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    saved_at = models.DateTimeField(null=True)
    open = models.BooleanField(default=True)
    asked = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "section"], name="one_state_a_section")
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.version}"


class Presence(models.Model):
    """Who has a section open for entry: one row a person and section, its time moved on by the page."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="presences")
    section = models.CharField(max_length=16, choices=Section.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "section", "user"], name="one_presence")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.section}"


class StoredPaper(models.Model):
    """The bytes of a paper that was made once and need not be made again.

    `key` names the report's revision and everything else the bytes depend on
    (`reports.issuing.papers.paper_key`).
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="stored_papers")
    format = models.CharField(max_length=8)
    key = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "format"], name="one_paper_a_format")
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.key[:12]}"
