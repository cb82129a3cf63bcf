"""Outlines (đề cương) and indicator sets (biểu số liệu): data in versions, never code.

A version that a report was opened with is not edited; a change is a new version. Both are loaded from
`fixtures/` by `load_catalogue`, keyed by code and version.
"""

from django.db import models

from ..enums import Section, ValueKind


class Outline(models.Model):
    """One version of a prescribed outline, with the sentences that are made from figures.

    `numbering` names the marker style of each level, outermost first: roman, arabic, decimal (1.1),
    letter, dash, plus, none. `subject`, `opening`, `closing` are sentences in the grammar of
    `reports.catalogue.grammar`; `basis` holds the legal basis, one a line;
    `evidence` the codes of figures whose superior asks for proof (`reports.evidence.holding`), one a line.
    """

    code = models.CharField("mã", max_length=60)
    version = models.PositiveIntegerField("phiên bản", default=1)
    name = models.CharField("tên", max_length=200)
    subject = models.TextField("trích yếu")
    basis = models.TextField("căn cứ", blank=True)
    opening = models.TextField("đoạn mở đầu", blank=True)
    closing = models.TextField("đoạn kết", blank=True)
    addressees = models.TextField("kính gửi", blank=True)
    recipients = models.TextField("nơi nhận", blank=True)
    numbering = models.CharField("kiểu đánh số", max_length=120, default="roman arabic dash plus")
    evidence = models.TextField(
        "số liệu cần tài liệu kiểm chứng", blank=True, help_text="Mỗi dòng một mã số liệu"
    )
    prints_superior = models.BooleanField("in tên cơ quan cấp trên", default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "đề cương"
        verbose_name_plural = "đề cương"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_outline_version")
        ]

    def __str__(self) -> str:
        return f"{self.name} (phiên bản {self.version})"


class OutlineItem(models.Model):
    """One heading or point of an outline.

    `body` holds its lines: sentences of the grammar, or a directive such as `@list documents`
    (`docs/outlines.md`). `prompt` is what the clerk is told; the paper does not print it.
    """

    outline = models.ForeignKey(Outline, models.CASCADE, related_name="items")
    code = models.SlugField("mã", max_length=60)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    order = models.PositiveIntegerField("thứ tự")
    marker = models.CharField("kiểu đánh số riêng", max_length=12, blank=True)
    title = models.TextField("đề mục", blank=True)
    prompt = models.TextField("gợi ý cho người lập", blank=True)
    section = models.CharField("thuộc phần", max_length=16, choices=Section.choices)
    body = models.TextField("câu soạn sẵn", blank=True)
    takes_narrative = models.BooleanField("nhận thuyết minh", default=True)

    class Meta:
        verbose_name = "mục đề cương"
        verbose_name_plural = "mục đề cương"
        ordering = ["outline", "order"]
        constraints = [
            models.UniqueConstraint(fields=["outline", "code"], name="one_item_code"),
            models.UniqueConstraint(fields=["outline", "order"], name="one_item_order"),
        ]

    def __str__(self) -> str:
        return self.title or self.code


class IndicatorSet(models.Model):
    """One version of the statistical appendix: its title, footnotes and indicators."""

    code = models.CharField("mã", max_length=60)
    version = models.PositiveIntegerField("phiên bản", default=1)
    name = models.CharField("tên", max_length=200)
    title = models.TextField("tên phụ lục")
    footnotes = models.TextField("chú thích cuối bảng", blank=True, help_text="Mỗi dòng: số|câu")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "biểu số liệu"
        verbose_name_plural = "biểu số liệu"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_indicator_set_version")
        ]

    def __str__(self) -> str:
        return f"{self.name} (phiên bản {self.version})"


class Indicator(models.Model):
    """One row of the appendix.

    `code` is stable and ours, since the printed STT repeats. With `figure` the row shows a figure of
    the catalogue that is asked elsewhere (`show`: its value, whether it occurs at all as 1 or 0, or a
    listing of rows); without, its value is typed in the appendix and lives under the figure code
    `indicator.<code>`.
    """

    class Kind(models.TextChoices):
        SECTION = "section", "nhóm"
        GROUP = "group", "phân nhóm"
        VALUE = "value", "chỉ tiêu"
        LABEL = "label", "trong đó"

    class Show(models.TextChoices):
        VALUE = "value", "giá trị"
        OCCURS = "occurs", "có = 1, không = 0"

    indicator_set = models.ForeignKey(IndicatorSet, models.CASCADE, related_name="indicators")
    code = models.SlugField("mã", max_length=60)
    order = models.PositiveIntegerField("thứ tự")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    kind = models.CharField("loại dòng", max_length=8, choices=Kind.choices)
    stt = models.CharField("STT", max_length=16, blank=True)
    name = models.TextField("chỉ tiêu thống kê")
    unit = models.CharField("đơn vị tính", max_length=120, blank=True)
    value_kind = models.CharField("kiểu giá trị", max_length=8, choices=ValueKind.choices)
    legend = models.TextField("chú giải mã", blank=True, help_text="Mỗi dòng: Chưa có = 0")
    applies = models.BooleanField("cấp xã phải báo cáo", default=True)
    figure = models.CharField("lấy từ số liệu", max_length=80, blank=True)
    show = models.CharField("cách hiện", max_length=8, choices=Show.choices, default=Show.VALUE)
    footnote = models.CharField("dấu chú thích", max_length=4, blank=True)
    counting = models.TextField("cách tính", blank=True)
    carries = models.BooleanField("lấy sang kỳ sau", default=False)
    evidence = models.BooleanField("cần tài liệu kiểm chứng", default=False)

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["indicator_set", "order"]
        constraints = [
            models.UniqueConstraint(fields=["indicator_set", "code"], name="one_indicator_code"),
            models.UniqueConstraint(fields=["indicator_set", "order"], name="one_indicator_order"),
        ]

    def __str__(self) -> str:
        return f"{self.stt} {self.name}".strip()

    @property
    def figure_code(self) -> str:
        """The catalogue code whose value this row prints."""
        return self.figure or f"indicator.{self.code}"
