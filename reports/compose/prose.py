"""The clerk's prose: plain text in the manner officials write it, with live figures.

Paragraphs are lines; a line may begin with `- `, `+ `, `* `, `1. `, `a) `. `{code}` names a live
figure and prints its value, so prose and table cannot part; braces around anything else are text.
"""

import re
from collections.abc import Iterator

from ..document.tree import Paragraph, Run
from ..dossier import Dossier
from ..vietnamese import tie
from .sentences import BLANK, FACTS, show

LIVE = re.compile(r"\{([a-z0-9_.]+)(?:\|(pad))?\}")
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
    found = MARKER.match(line)
    return (found[1], line[found.end() :]) if found else ("", line)


def live_runs(text: str, dossier: Dossier) -> tuple[Run, ...]:
    runs, at = [], 0
    for found in LIVE.finditer(text):
        code, how = found[1], found[2] or ""
        if code in FACTS:
            run = Run(FACTS[code](dossier))
        elif code in dossier.catalogue and not dossier.catalogue[code].table:
            value = dossier.value(code)
            figure = dossier.catalogue[code]
            run = (
                Run(show(figure, value, how), code)
                if value.answered
                else Run(BLANK, code, missing=True)
            )
        else:
            continue
        runs += [Run(text[at : found.start()]), run]
        at = found.end()
    return tuple(run for run in [*runs, Run(text[at:])] if run.text)


def tied(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs with non-breaking spaces, joining neighbours that tell no figure apart."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and not (last.figure or run.figure):
            joined[-1] = Run(last.text + run.text)
        else:
            joined.append(run)
    return tuple(Run(tie(run.text), run.figure, run.missing) for run in joined)
