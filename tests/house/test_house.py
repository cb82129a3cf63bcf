"""The order of the house: rooms and verbs as they are described, what may be marked safe, what labels and
outlines say. Which room may import which is held by import-linter (`pyproject.toml`, `./run lint`)."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from inspect import ismodule
from pathlib import Path
from pkgutil import iter_modules

import pytest
import rooms
from conftest import report_of
from django.conf import settings

from cchc_portal.urls import urlpatterns
from reports.catalogue.figures import SUMS, typed_figures
from reports.catalogue.questionnaire import named_figures
from reports.compose.prose import to_codes, to_labels
from reports.demo.loading import FIXTURES, check_outline, read
from reports.dossier.facts import load
from reports.enums import Verb
from reports.management.commands.document_verbs import ARCHITECTURE, table_of_reverses
from reports.models import Indicator, ReportingPeriod
from reports.models.sections.base import LEVELS_END, PARTIAL_BEGINS
from reports.text.names import name_key
from reports.verbs import MOVES, NUMBERED, RETURNING, VERBS, Condition
from reports.workflow.moves import WITH_MORE, Plain

ROOT: Path = settings.BASE_DIR
REPORTS = ROOT / "reports"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
#: What each room keeps to itself.
PROTECTED = {
    contract["name"].removeprefix("inside "): contract["protected_modules"]
    for contract in CONTRACTS["contracts"]
    if contract["type"] == "protected"
}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(REPORTS.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text("utf-8"))


#: Rooms from which nothing is imported by its name.
OPEN = {"management", "migrations", "templatetags", "views"}


@pytest.mark.parametrize(
    "room", sorted({path.parent.name for path in REPORTS.glob("*/__init__.py")} - OPEN)
)
def test_a_room_says_what_it_is_for_and_what_is_not_public_is_protected(room: str) -> None:
    module = import_module(f"reports.{room}")
    assert (module.__doc__ or "").split("\n\n")[0].endswith("."), "one sentence of purpose"
    modules = {info.name for info in iter_modules(module.__path__)}
    protected = {name.split(".")[2] for name in PROTECTED.get(room, ()) if name.count(".") == 2}
    names = {name for name in module.__all__ if not ismodule(getattr(module, name, module))}
    public = modules & set(module.__all__) - names
    assert not public & protected
    # The models stand in one list; what defines columns and rows is asked for by its own name.
    beside = {"fields", "rows", "units", "users", "work"} if room == "models" else set()
    assert public | protected == modules - beside


def test_the_page_of_the_house_shows_the_rooms_as_they_are() -> None:
    assert rooms.page() == rooms.ARCHITECTURE.read_text("utf-8"), "run: ./run rooms --write"
    assert rooms.picture() == rooms.PICTURE.read_text("utf-8"), "run: ./run rooms --write"


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
            assert rule.text.format(**names)
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

#: Markup that the HTML writer made of escaped text, the reader of the guides of their Markdown; and the help of a field, which forms write in the source.
SAFE = {
    ("components/guide_chapter.html", "chapter.html|safe"),
    ("reports/guide.html", "guide.opening|safe"),
    ("portal/field.html", "field.help_text|safe"),
    ("components/paper_beside.html", "preview|safe"),
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
        hosts = re.findall(
            r"(?:https?|wss?|ftp)://|[\"'(=]//\w|@import(?! \"\./parts/)|importScripts", text
        )
        named += [(path.name, host) for host in hosts]
    assert len(files) > 25
    assert named == []


def test_no_template_writes_script_or_style_into_the_page() -> None:
    inline = r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:"
    templates = list((ROOT / "templates").rglob("*.html"))
    assert len(templates) > 25
    for path in templates:
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
