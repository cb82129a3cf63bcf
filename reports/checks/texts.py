"""The clerk's texts compared with the figures they name."""

from collections.abc import Iterator
from hashlib import sha256

from ..catalogue.field_names import FieldName
from ..catalogue.values import MISSING
from ..compose.sentences import FACTS, LIVE
from ..dossier import Dossier
from ..entry import composed_text
from ..enums import Placement, Section, Severity, ValueKind
from .case import Case, Problem, rule, values_of


@rule(Severity.WARNING)
def text_stale(case: Case) -> Iterator[Problem]:
    """A text taken over in place of the composed one is looked at again when its figures change.

    The text was made from figures (models/records.py, Narrative.made_from).
    """
    for item in case.dossier.outline.items:
        narrative = case.dossier.narratives.get(item.code)
        if not item.takes_narrative or narrative is None or not narrative.made_from:
            continue
        composed = composed_text(case.dossier, item)
        if narrative.placement == Placement.INSTEAD and narrative.made_from != composed:
            yield Problem(
                item.section, str(FieldName.text(item.code)),
                f"Số liệu của mục “{item.title}” đã thay đổi sau khi lời văn được sửa.",
                "Đọc lại lời văn và sửa theo số liệu mới, hoặc lấy lại câu soạn sẵn.",
                sha256(composed.encode()).hexdigest()[:16],
            )  # fmt: skip


@rule(Severity.ERROR)
def text_names_missing_figure(case: Case) -> Iterator[Problem]:
    """A text names no figure that is not entered: the paper would print dots in its place.

    How live figures print (compose/sentences.py).
    """
    for section, name, title, text in _texts(case.dossier):
        codes = [code for code, _ in LIVE.findall(text) if code not in FACTS]
        missing = tuple(
            code
            for code in dict.fromkeys(codes)
            if code in case.dossier.catalogue
            and not case.dossier.catalogue[code].table
            and not case.dossier.value(code).answered
        )
        if missing:
            yield Problem(
                section, name,
                f"Lời văn “{title}” nhắc số liệu chưa nhập: {case.labels(missing)}.",
                "Nhập số liệu đó, hoặc bỏ khỏi lời văn.",
                values_of(*missing),
            )  # fmt: skip


def _texts(dossier: Dossier) -> Iterator[tuple[Section, str, str, str]]:
    for item in dossier.outline.items:
        narrative = dossier.narratives.get(item.code)
        if narrative and item.takes_narrative:
            yield item.section, str(FieldName.text(item.code)), item.title, narrative.text
    for code, figure in dossier.catalogue.items():
        if figure.kind == ValueKind.TEXT and figure.section and figure.typed:
            content = dossier.figures.get(code, MISSING).content
            yield figure.section, code, figure.label, str(content or "")
