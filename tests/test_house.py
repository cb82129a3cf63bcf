"""The order of the house: which room may import which, what may be marked safe, what labels and outlines say."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from conftest import report_of
from django.conf import settings

from cchc_portal.urls import urlpatterns
from reports.catalogue.figures import SUMS, typed_figures
from reports.compose.prose import to_codes, to_labels
from reports.demo.loading import FIXTURES, check_outline, read
from reports.dossier.facts import load
from reports.entry.progress import named_figures
from reports.enums import Verb
from reports.management.commands.document_verbs import ARCHITECTURE, table_of_reverses
from reports.models import Indicator, ReportingPeriod
from reports.models.sections.base import LEVELS_END, PARTIAL_BEGINS
from reports.text.names import name_key
from reports.verbs import MOVES, NUMBERED, RETURNING, VERBS, Condition
from reports.workflow.moves import WITH_MORE, Plain

ROOT: Path = settings.BASE_DIR
REPORTS = ROOT / "reports"

#: The layers, lowest first. A room imports rooms of lower layers, and within itself.
LAYERS = (
    ("glyphs", "lookalikes", "busy"),
    ("enums", "vietnamese", "values", "encodings", "limited"),
    (
        "document",
        "deadlines",
        "middleware",
        "turns",
        "file_reader",
        "same_paper",
        "workbook_reader",
    ),
    ("models", "file_check", "signature_reader", "verbs"),
    ("page_owner", "signatures"),
    ("figures", "access", "audit", "queue", "json_rows", "paper_sources", "file_names"),
    ("dossier", "notices", "signed_copies", "workbook_cells"),
    ("dossier_json", "compose", "mail", "report_lock"),
    ("editing", "progress", "reading"),
    (
        "entry",
        "opening",
        "papers",
        "context",
        "board",
        "directory",
        "carrying",
        "presence",
        "evidence",
    ),
    ("markup", "choices", "report_schema", "evidence_bundle", "workbook_in", "checks", "reminders"),
    ("page_texts", "gate", "period_table"),
    (
        "layout",
        "importing",
        "blank_form",
        "form_page",
        "compare",
        "timeline",
        "remarks",
        "release",
        "reopening",
        "extension",
        "period_totals",
    ),
    ("forms", "blank_workbook", "issuing", "moves", "period_papers", "period_workbook"),
    ("workflow",),
    ("conflicts", "demo", "demo_days", "demo_papers", "exports", "approvals"),
    ("demo_now",),
    ("loading", "system_checks", "proposals", "worker"),
    ("views", "templatetags", "apps"),
    ("management",),
)
RANK = {room: rank for rank, layer in enumerate(LAYERS) for room in layer}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(REPORTS.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text("utf-8"))


def imported(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every room of ours that a module imports, with the line; inside functions too."""
    inside = ("reports", *path.relative_to(REPORTS).with_suffix("").parts)[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = inside[: len(inside) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            names = [f"{base}.{alias.name}" if base == "reports" else base for alias in node.names]
        else:
            continue
        for name in names:
            if name.startswith("reports."):
                yield node.lineno, name.split(".")[1]


def upward(path: Path, tree: ast.Module) -> Iterator[str]:
    """The lines of a module that import what stands above it, or beside it in another room."""
    room = path.relative_to(REPORTS).with_suffix("").parts[0]
    for line, other in imported(path, tree):
        if other != room and RANK[other] >= RANK[room]:
            yield f"{path.relative_to(ROOT)}:{line}: {room} imports {other}"


def test_every_room_stands_in_a_layer() -> None:
    rooms = {path.relative_to(REPORTS).with_suffix("").parts[0] for path, _ in sources()}
    assert rooms - {"__init__"} == set(RANK)


def test_imports_run_one_way() -> None:
    rooms = [
        (path, tree) for path, tree in sources() if path.parent != REPORTS or path.stem in RANK
    ]
    assert [line for path, tree in rooms for line in upward(path, tree)] == []


@pytest.mark.parametrize(
    ("room", "source"),
    [("enums.py", "from .models import Unit"), ("models/units.py", "from ..figures import SUMS"),
     ("dossier.py", "def f():\n    from .compose import compose"),
     ("compose/prose.py", "import reports.entry"), ("access.py", "from . import editing"),
     ("figures.py", "from reports.access.policy import may")],
)  # fmt: skip
def test_the_check_of_imports_names_the_line(room: str, source: str) -> None:
    (found,) = upward(REPORTS / room, ast.parse(source))
    line = 2 if "\n" in source else 1
    assert found.startswith(f"reports/{room}:{line}: ")


def test_the_writers_know_neither_django_nor_a_report() -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for path, tree in sources()
        if path.parent.name == "document"
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django"))
        or (isinstance(node, ast.Import) and node.names[0].name.startswith("django"))
    ]
    assert found == []
    rooms = {
        other
        for path, tree in sources()
        if path.parent.name == "document"
        for _, other in imported(path, tree)
    }
    assert rooms == {"document", "vietnamese"}


def test_every_verb_has_its_reverse_or_says_why_not() -> None:
    text = ARCHITECTURE.read_text("utf-8")
    assert table_of_reverses() in text, "chạy ./run manage document_verbs"
    assert list(VERBS) == list(Verb)
    lines = re.findall(r"^\| `(\w+)` \| (`\w+`|–) \| (.+) \|$", text, re.MULTILINE)
    assert [verb for verb, _, _ in lines] == [verb.value for verb in Verb]
    assert {back.strip("`") for _, back, _ in lines} - {"–"} <= set(Verb.values)
    assert all(len(why) > 10 for _, back, why in lines if back == "–")


def test_the_table_of_verbs_names_pages_and_facts_that_exist() -> None:
    assert {facts.page for facts in VERBS.values()} <= {pattern.name for pattern in urlpatterns}
    names = dict.fromkeys(
        ("who", "unit", "unit_first", "office", "office_first", "period", "due", "n", "left"), ""
    )
    for facts in VERBS.values():
        for rule in facts.notices:
            assert rule.words.format(**names)
            assert rule.own or rule.superior


def test_each_move_brings_what_its_verb_asks_for() -> None:
    kinds = {kind.verb: {field.name for field in fields(kind)} for kind in WITH_MORE}
    having = {
        name: tuple(verb for verb in MOVES if name in kinds.get(verb, ()))
        for name in ("sections", "paper", "despite")
    }
    settled = [v for v in MOVES if Condition.REMARKS_SETTLED in VERBS[v].conditions]
    assert having == {"sections": RETURNING, "paper": NUMBERED, "despite": tuple(settled)}
    for verb in Verb:
        if verb in kinds or verb not in MOVES:
            with pytest.raises(ValueError, match=verb.value):
                Plain(verb)
        else:
            assert Plain(verb).verb == verb


# --- what reaches a browser unescaped -----------------------------------------------------------------

#: Markup that the HTML writer made of escaped text.
SAFE = {
    ("reports/paper.html", "preview|safe"),
    ("reports/section.html", "preview|safe"),
    ("reports/preview.html", "paper|safe"),
    ("reports/review.html", "paper|safe"),
}


def test_templates_trust_nothing_but_the_writer() -> None:
    found = set()
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        name = str(path.relative_to(ROOT / "templates"))
        found |= {(name, use) for use in re.findall(r"[\w.]+\|(?:safe|safeseq)\b", text)}
        assert "autoescape" not in text, name
    assert found == SAFE


def constant(node: ast.expr) -> bool:
    """Whether an expression can only be text written in the source."""
    if isinstance(node, ast.IfExp):
        return constant(node.body) and constant(node.orelse)
    return isinstance(node, ast.Constant)


def test_the_source_marks_only_its_own_words_as_safe() -> None:
    trusted = {"SafeString", "SafeText", "mark_safe"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in trusted
        and not all(map(constant, node.args))
    ]
    found += [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("format_html", "format_html_join")
        and not isinstance(node.args[0], (ast.Constant, ast.Name))
    ]
    assert found == []


def test_no_page_style_or_script_names_another_host() -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*")]
    named = []
    for path in files:
        if path.suffix not in (".html", ".css", ".js", ".svg"):
            continue
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        hosts = re.findall(r"(?:https?|wss?|ftp)://|[\"'(=]//\w|@import|importScripts", text)
        named += [(path.name, host) for host in hosts]
    assert len(files) > 25
    assert named == []


def test_no_template_writes_script_or_style_into_the_page() -> None:
    inline = r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:"
    for path in (ROOT / "templates").rglob("*.html"):
        assert re.findall(inline, path.read_text("utf-8")) == [], path.name


# --- the catalogue ------------------------------------------------------------------------------------


def test_every_figure_has_a_label_of_its_own() -> None:
    labels = Counter(name_key(f.label) for f in typed_figures().values() if not f.table)
    assert [label for label, times in labels.items() if times > 1] == []


@pytest.mark.parametrize("unit", ["15325", "20146", "14767", "15316"])
def test_every_figure_that_a_clerk_may_name_is_found_by_its_label(db: None, unit: str) -> None:
    dossier = load(report_of(unit))
    rows = dossier.indicators.rows if dossier.indicators else ()
    unsaid = {r.figure for r in rows if r.kind == Indicator.Kind.LABEL or not r.applies}
    codes = [
        code
        for code, figure in dossier.catalogue.items()
        if not figure.table and code not in unsaid
    ]
    assert len(codes) > 150
    lost = [c for c in codes if to_codes(to_labels(f"{{{c}}}", dossier), dossier) != f"{{{c}}}"]
    assert lost == []


def test_figures_name_figures_that_exist() -> None:
    catalogue = typed_figures()
    named = {
        code for figure in catalogue.values() for code in (*figure.parts, figure.whole) if code
    }
    named |= set(SUMS) | {part for parts in SUMS.values() for part in parts}
    assert named - set(catalogue) == set()
    assert not [f.code for f in catalogue.values() if f.valid_from and f.valid_to]


def test_levels_and_partial_services_never_overlap_and_leave_no_day_out() -> None:
    assert (PARTIAL_BEGINS - LEVELS_END).days == 1
    ended = {f.code for f in typed_figures().values() if f.valid_to}
    begun = {f.code for f in typed_figures().values() if f.valid_from}
    assert {typed_figures()[code].valid_to for code in ended} == {LEVELS_END}
    assert {typed_figures()[code].valid_from for code in begun} == {PARTIAL_BEGINS}
    assert ended & begun == set()


# --- the outlines -------------------------------------------------------------------------------------

OUTLINES = sorted((FIXTURES / "outlines").glob("*.toml"))


@pytest.mark.parametrize("path", OUTLINES, ids=[path.stem for path in OUTLINES])
def test_a_shipped_outline_speaks_the_grammar(path: Path) -> None:
    data = read(path)
    assert data["code"] == path.stem
    check_outline(data, path.name, typed_figures())
    codes = [item["code"] for item in data["items"]]
    assert len(codes) == len(set(codes))


#: What sample 000, and with it its outline, says of 2023 in words that had ended in August 2022.
LATE = {"egov.level3_resolved_rate", "egov.level4_resolved_rate"}
PRINTED_LATE = {"HT-2023-6T": LATE, "HT-2023-9T": LATE}


def test_an_outline_names_only_figures_of_its_time(db: None) -> None:
    for period in ReportingPeriod.objects.prefetch_related("reports"):
        dossier = load(period.reports.first())
        named = named_figures(dossier.outline, dossier.indicators)
        assert len(named) > 25
        last = dossier.period.data_to
        ended = {code for code in named if not dossier.catalogue[code].valid_on(last)}
        assert ended == PRINTED_LATE.get(period.code, set())
    assert ReportingPeriod.objects.count() == 6
