"""The clerk's prose: plain text in the manner officials write it, with live figures.

Paragraphs are lines; a line may begin with `- `, `+ `, `* `, `1. `, `a) `. `{code}` names a live
figure and prints its value, so prose and table cannot part; braces around anything else are text.
"""

import re
from collections.abc import Iterator

from ..documents.tree import Paragraph, Run
from ..dossier import Dossier
from ..text.names import name_key
from ..text.typography import tie
from .sentences import LIVE, live_runs

MARKER = re.compile(r"^([-+*]|\d{1,2}[.)]|[a-zđ]\))\s+(?=\S)")


def paragraphs(text: str, dossier: Dossier, item: str = "") -> Iterator[Paragraph]:
    """The text as paragraphs of the document; empty lines only part them."""
    for line in text.splitlines():
        if not line.strip():
            continue
        marker, rest = split_marker(line.strip())
        yield Paragraph(tied(live_runs(rest, dossier)), marker, item, "clerk")


def split_marker(line: str) -> tuple[str, str]:
    """`- Kế hoạch …` → (`-`, `Kế hoạch …`); no marker → (``, line)."""
    match = MARKER.match(line)
    return (match[1], line[match.end() :]) if match else ("", line)


def tied(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs with non-breaking spaces; neighbours without a figure become one run."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and not (last.figure or run.figure):
            joined[-1] = Run(last.text + run.text)
        else:
            joined.append(run)
    return tuple(Run(tie(run.text), run.figure, run.missing) for run in joined)


#: A live figure as the clerk sees it: by its label; `|05` asks for the leading zero.
LABELLED = re.compile(r"\{([^{}\n]{2,200}?)(\|05)?\}")


#: How a clerk reads the facts of the report that a text may name (`sentences.FACTS`).
FACT_LABELS = {
    "unit": "Đơn vị báo cáo", "unit_name": "Tên đơn vị báo cáo", "unit_kind": "Loại đơn vị báo cáo",
    "superior": "Cơ quan cấp trên", "superior_kind": "Loại đơn vị cấp trên",
    "office": "Cơ quan thẩm định", "period": "Kỳ báo cáo", "next_period": "Kỳ báo cáo sau",
    "year": "Năm báo cáo", "from": "Ngày đầu kỳ", "to": "Ngày cuối kỳ",
    "from_words": "Ngày đầu kỳ viết bằng chữ", "to_words": "Ngày cuối kỳ viết bằng chữ",
}  # fmt: skip


def to_labels(text: str, dossier: Dossier) -> str:
    """`{procedures.overdue|pad}` → `{Tổng số hồ sơ quá hạn|05}`, `{year}` → `{Năm báo cáo}`."""

    def label(match: re.Match[str]) -> str:
        if match[1] in FACT_LABELS and not match[2]:
            return f"{{{FACT_LABELS[match[1]]}}}"
        figure = dossier.catalogue.get(match[1])
        if figure is None or figure.table:
            return match[0]
        return f"{{{figure.label}{'|05' if match[2] else ''}}}"

    return LIVE.sub(label, text)


def to_codes(text: str, dossier: Dossier) -> str:
    """The reverse of `to_labels`; braces around anything but a label are text."""
    if "{" not in text:
        return text
    codes = {name_key(label): code for code, label in FACT_LABELS.items()}
    codes |= {name_key(f.label): code for code, f in dossier.catalogue.items() if not f.table}

    def code(match: re.Match[str]) -> str:
        figure_code = codes.get(name_key(match[1]))
        return f"{{{figure_code}{'|pad' if match[2] else ''}}}" if figure_code else match[0]

    return LABELLED.sub(code, text)


def as_read(text: str, dossier: Dossier) -> str:
    """The text of the screen with each `{Tổng số hồ sơ quá hạn|05}` replaced by its value."""
    if "{" not in text:
        return text
    return "".join(run.text for run in live_runs(to_codes(text, dossier), dossier))
