"""The form of the frame of the paper, and of the appendix."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from ...catalogue.field_names import FieldName
from ...catalogue.values import Value
from ...dossier import Dossier
from ...entry import figure_entry
from ...enums import Authority
from ...models import Paper
from ...models.fields import column_text
from ..writing import Edits
from .fields import EntryField, NarrativeField


class PaperForm(forms.ModelForm):
    """The frame of the paper. Number and date are not typed here: they come with issuing."""

    #: Fields that hold one entry a line.
    LISTS = ("addressees", "recipients")

    class Meta:
        model = Paper
        fields = (
            "symbol", "place", "addressees", "recipients", "authority", "signer_title", "signer_name",
        )  # fmt: skip
        widgets = {
            "addressees": forms.Textarea(attrs={"rows": 2}),
            "recipients": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {
            "symbol": "Chữ viết tắt loại văn bản và cơ quan, như BC-UBND.",
            "place": "Tên xã, phường ghi trước ngày tháng.",
            "addressees": "Mỗi dòng một nơi; bỏ trống thì theo đề cương.",
            "recipients": "Mỗi dòng một nơi, không cần gạch đầu dòng; bỏ trống thì theo đề cương.",
            "signer_title": "Như Chủ tịch, Phó Chủ tịch.",
            "signer_name": "Chỉ họ và tên, không ghi học hàm, học vị.",
        }

    def __init__(self, data: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        cleaned = data and {
            name: column_text(Paper._meta.get_field(name), data[name])
            for name in self.Meta.fields
            if name in data
        }
        super().__init__(cleaned, **kwargs)
        for name in self.LISTS:
            self.fields[name].max_length = 2000  # type: ignore[attr-defined]
            self.fields[name].validators.append(MaxLengthValidator(2000))
        self.fields["authority"].choices = Authority.choices  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        symbol = cleaned.get("symbol", "")
        if symbol and not re.fullmatch(r"[A-ZĐ]{1,8}(-[A-ZĐ0-9]{1,12})*", symbol):
            self.add_error(
                "symbol",
                f"“{symbol}”: cần chữ in hoa nối bằng gạch ngang, không có dấu cách, như BC-UBND.",
            )
        if not cleaned.get("symbol"):
            cleaned["symbol"] = "BC-UBND"
        if not cleaned.get("authority"):
            cleaned["authority"] = Authority.COLLECTIVE.value
        return cleaned

    def edits(self) -> Edits:
        self.is_valid()
        sent = set(self.data)
        return Edits(paper={k: v for k, v in self.cleaned_data.items() if k in sent})


class AppendixForm(forms.Form):
    """The values and notes typed in the appendix. Its grid has a template of its own."""

    def __init__(self, dossier: Dossier, data: Mapping[str, str]) -> None:
        super().__init__(data=data)
        indicators = dossier.indicators.rows if dossier.indicators else ()
        for row in indicators:
            if row.typed and row.figure in data:
                figure = dossier.catalogue[row.figure]
                self.fields[row.figure] = EntryField(
                    figure, dossier, figure_entry(dossier, figure, False)
                )
            note = str(FieldName.note(row.code))
            if note in data:
                self.fields[note] = NarrativeField(f"Ghi chú dòng {row.stt}".strip(), dossier)

    def edits(self) -> Edits:
        self.is_valid()
        edits = Edits()
        for name, content in self.cleaned_data.items():
            if isinstance(content, Value):
                edits.figures[name, ""] = content
            else:
                edits.notes[FieldName.parse(name).indicator] = content
        return edits
