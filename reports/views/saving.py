"""Saving a section's page: the changes that were posted, and the page's answer about what was written and what not."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from ..catalogue.field_names import FieldKind, FieldName
from ..catalogue.values import Value
from ..checks import Finding
from ..checks.at_fields import column_totals, findings_at_fields
from ..documents import letters
from ..dossier import Dossier
from ..editing.forms import PaperForm, SectionForm, TypedField
from ..editing.save_page import PageChanges, SavedPage
from ..entry import (
    IndicatorEntry,
    SectionEntry,
    entry_text,
    figure_entry,
    indicator_entries,
    section_entry,
)
from ..entry.layout import page_groups
from ..entry.page_texts import page_texts
from ..entry.progress import carried_in, progress, required_noun
from ..enums import Section
from ..models import Report
from ..text.dates import format_date
from ..text.lookalikes import replaced_words
from ..text.numbers import format_count
from ..web.page_owner import OWN_FIELDS
from .preview import live_figures, preview

NOT_IN_FONT = "Phông chữ của văn bản không có ký hiệu {}; để nguyên thì khi in thành ô trống."
TWO_DIGIT_YEAR = re.compile(r"(?<!\d)\d{1,2}$")
#: What a section's page posts beside its fields.
CONTROLS = {*OWN_FIELDS, "confirm", "convert", "as_is", "none_arisen", "leave"}
#: The button that confirms all that was taken over.
ALL = "*"


@dataclass(frozen=True)
class Unread:
    """A text that was typed into a field and not written, and the problem; `old` when it is in an old encoding."""

    typed: str
    problem: str
    old: bool = False


def changes_of(posted: QueryDict) -> PageChanges:
    """What a section's page posts, as changes; names that no field has are left out."""
    names = {name: FieldName.read(name) for name in posted if name not in CONTROLS}
    bases = [n for n in names.values() if n and n.kind == FieldKind.BASE]
    seen = posted.get("seen", "")
    confirm = frozenset(posted.getlist("confirm"))
    return PageChanges(
        texts={n: str(posted[n]) for n, f in names.items() if f and f.kind != FieldKind.BASE},
        bases={str(name.of): str(posted[str(name)]) for name in bases},
        # our pages send a number of at most nine digits
        seen=int(seen) if seen.isdecimal() and len(seen) <= 9 else None,
        confirm=confirm - {ALL},
        confirm_all=ALL in confirm,
        convert=frozenset(posted.getlist("convert")),
        as_is=frozenset(posted.getlist("as_is")),
        none_arisen=posted.get("none_arisen"),
    )


def unread(saved: SavedPage, posted: QueryDict) -> dict[str, Unread]:
    """What was not written and stays in its field, by the field's name."""
    rest = {name: Unread(no.typed, no.problem) for name, no in saved.refused.items()}
    for name, old in saved.old.items():
        problem = f"Nội dung gõ bằng bảng mã {old.encoding.label}, chưa lưu. Chuyển sang Unicode thành: “{old.text}”"
        rest[name] = Unread(posted.get(name, ""), problem, old=True)
    for conflict in saved.conflicts:
        problem = "Dòng này vừa được người khác xóa."
        if not conflict.row_removed:
            problem = (
                f"Người khác vừa ghi “{conflict.theirs or 'để trống'}”. "
                "Muốn thay bằng nội dung trong ô thì lưu lần nữa."
            )
        rest[conflict.name] = Unread(posted.get(conflict.name, ""), problem)
    return rest


def keep_typed(form: SectionForm, failed: dict[str, Unread]) -> None:
    """Put what was not written back into its field, with its message."""
    for name, refused in failed.items():
        field = form.fields.get(name)
        form.initial[name] = refused.typed
        if isinstance(field, TypedField):
            field.problem = refused.problem


def frame_form(report: Report, dossier: Dossier, failed: dict[str, Unread]) -> PaperForm:
    """The form of the frame; what was not written stands in its field, with its message."""
    if not failed:
        return PaperForm(instance=report.paper)
    typed = {name: refused.typed for name, refused in failed.items()}
    form = PaperForm(page_texts(dossier, Section.PAPER) | typed, instance=report.paper)
    for name, refused in failed.items():
        if name in form.fields and name not in form.errors:
            form.add_error(name, refused.problem)
    form.data = {**form.data, **typed}  # as it was typed: cleaning drops a letter of TCVN3
    return form


def appendix_entries(
    dossier: Dossier, previous: Dossier | None, failed: dict[str, Unread]
) -> Iterator[IndicatorEntry]:
    """The rows of the appendix; what was not written stands in its field."""
    for entry in indicator_entries(dossier, previous):
        refused = failed.get(entry.field.name) if entry.field else None
        if entry.field and refused:
            entry = replace(entry, field=replace(entry.field, text=refused.typed))
        note = failed.get(entry.note_name)
        yield replace(entry, note=note.typed) if note else entry


def markup_at_fields(findings: Iterable[Finding], section: Section) -> dict[str, SafeString]:
    """What the checks say at the fields of a page, as markup by the field's name."""
    return {
        name: render_to_string("components/field_finding.html", {"findings": at})
        for name, at in findings_at_fields(findings, section).items()
    }


def saved_answer(saved: SavedPage, section: Section, findings: Iterable[Finding]) -> dict[str, Any]:
    """The answer to the page's script after a save, as JSON; `shown` and `noted` are texts by name."""
    dossier = saved.dossier
    shown: dict[str, str] = {}
    for name, content in saved.read.items():
        if isinstance(content, Value):
            field = FieldName.parse(name)
            figure = dossier.catalogue[field.code]
            shown[name] = (
                entry_text(figure, content)
                if field.uid
                else figure_entry(dossier, figure, False).text
            )
        elif isinstance(content, date):
            shown[name] = format_date(content)
    notes = noted(saved, shown)
    if notes:  # the page goes on with the text as it is stored now
        texts = page_texts(dossier, section)
        shown |= {name: texts[name] for name in notes if name in texts}
    return fresh(dossier, section, findings) | {
        "saved_at": timezone.localtime().strftime("%H:%M"),
        "errors": {name: no.problem for name, no in saved.refused.items()},
        "conflicts": {c.name: {"theirs": c.theirs, "gone": c.row_removed} for c in saved.conflicts},
        "old": {
            name: {"encoding": old.encoding.label, "text": old.text}
            for name, old in saved.old.items()
        },
        "by": last_saved(saved.report, section) if saved.conflicts else "",
        "shown": shown,
        "noted": notes,
    }


def noted(saved: SavedPage, shown: Mapping[str, str]) -> dict[str, str]:
    """A note for each field that was saved otherwise than typed, or that paper cannot print, by name."""
    notes = {}
    for name, content in saved.read.items():
        sent = saved.sent[name].strip()
        value = content.content if isinstance(content, Value) else content
        sentences = [replaced_words(sent)]
        if not sentences[0] and isinstance(value, date) and TWO_DIGIT_YEAR.search(sent):
            sentences = [f"Đã hiểu “{sent}” là ngày {shown[name]}."]
        strange = letters.unprintable(value, settings.FONT_DIR) if isinstance(value, str) else ""
        if strange:
            sentences.append(NOT_IN_FONT.format(letters.listed(strange)))
        if any(sentences):
            notes[name] = " ".join(filter(None, sentences))
    return notes


def fresh(dossier: Dossier, section: Section, findings: Iterable[Finding]) -> dict[str, Any]:
    """What a page shows beside its fields, as JSON: findings, sums, composed texts, preview, progress of the section
    and of its groups."""
    state, answered, required = progress(dossier, section)
    at_fields = markup_at_fields(findings, section)
    more: dict[str, Any] = {}
    if section not in (Section.APPENDIX, Section.PAPER):
        entry = section_entry(dossier, section)
        more = {
            "doubts": {
                name: doubt for name, doubt in doubts(entry).items() if name not in at_fields
            },
            "column_totals": {code: str(total) for code, total in column_totals(dossier).items()},
            "groups": {
                group.slug: {
                    "state": group.progress.value,
                    "label": group.progress.label,
                    "count": group.count,
                }
                for group in page_groups(entry)
            },
            "computed": {a.name: a.computed for a in entry.figures() if a.figure.whole},
            "sums": {a.name: format_count(a.sum) for a in entry.figures() if a.sum is not None},
            "composed": {n.item.code: n.composed for n in entry.narratives},
            "live_figures": live_figures(dossier),
        }
    return more | {
        "findings": at_fields,
        "revision": dossier.revision,
        "preview": preview(dossier, section),
        "carried": sorted(carried_in(dossier, section)),
        "progress": {"state": state.value, "label": state.label,
                     "answered": answered, "required": required,
                     "asked": required_noun(dossier, section)},
    }  # fmt: skip


def doubts(entry: SectionEntry) -> dict[str, str]:
    """What looks wrong in a field though it was read well, by the field's name."""
    return {figure.name: figure.doubt for figure in entry.figures() if figure.doubt} | {
        name: doubt for grid in entry.grids for name, doubt in grid.doubts.items()
    }


def last_saved(report: Report, section: Section) -> str:
    """`Nguyễn Thị A lúc 14:05`; "" when nobody saved the section yet."""
    state = report.section_states.select_related("saved_by").filter(section=section).first()
    if state is None or state.saved_at is None:
        return ""
    return f"{state.saved_by} lúc {timezone.localtime(state.saved_at):%H:%M}"
