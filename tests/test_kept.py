"""Stored papers that are never stale, kept ones that stay readable.

`tests/kept/` holds an approved report as each version of the portal kept it, and how it reads when it is
issued. Files of older versions are never written anew; after a wanted change of wording on paper,
`WRITE_GOLDEN=1` writes the texts, and makes the example of a new version.
"""

import ast
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from conftest import TONG_SON, report_of
from django.conf import settings
from django.utils import timezone

from reports import paper_sources, papers, release
from reports.compose import compose
from reports.document import html
from reports.document.pdf import make_pdf
from reports.dossier import load
from reports.dossier_json import (
    FRAME_VERSION,
    SCHEMA_VERSION,
    FormatError,
    frame_from_json,
    frame_to_json,
    to_json,
)
from reports.enums import State, Verb
from reports.models import FormerName, PeriodKind, Release, Report, User
from reports.release import IssuedPaper

KEPT = Path(__file__).resolve().parent / "kept"
EXAMPLES = sorted(KEPT.glob("*.json"))
WRITE = bool(os.environ.get("WRITE_GOLDEN"))


def lines(markup: str) -> str:
    """What a reader sees, a block a line."""
    text = re.sub(r"<style>.*?</style>", "", markup, flags=re.DOTALL)
    text = re.sub(r"</(?:p|td|th|tr|h\d|div)>|<br>", "\n", text)
    text = unescape(re.sub(r"<[^>]+>", "", text)).replace("\u00a0", " ")
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines()))) + "\n"


# --- what was kept at an approval ---------------------------------------------------------------------


@pytest.fixture
def report(db: None) -> Report:
    report = report_of(TONG_SON, "TH-2026-9T")
    Report.objects.filter(pk=report.pk).update(state=State.APPROVED)
    return Report.objects.get(pk=report.pk)


def kept_as(report: Report, told: dict[str, Any]) -> Release:
    """The report as approved when this was kept of it."""
    return Release.objects.create(
        report=report, version=report.version, kind="approved", code="TEST-TEST",
        at=timezone.now(), by=User.objects.get(username="quantri"), dossier_sha256="",
        dossier=json.dumps(told["dossier"]), frame=json.dumps(told["frame"]),
    )  # fmt: skip


def test_every_version_since_the_first_has_its_example(report: Report) -> None:
    newest = KEPT / f"frame-{FRAME_VERSION}-format-{SCHEMA_VERSION}.json"
    if WRITE and not newest.exists():
        dossier = load(report)
        told = {"dossier": to_json(dossier), "frame": frame_to_json(dossier)}
        newest.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    held = [json.loads(path.read_text("utf-8")) for path in KEPT.glob("*.json")]
    frames = {told["frame"].get("schema_version", 1) for told in held}
    formats = {told["dossier"].get("schema_version", 1) for told in held}
    assert frames == set(range(1, FRAME_VERSION + 1))
    assert formats == set(range(1, SCHEMA_VERSION + 1))


@pytest.mark.pdf
@pytest.mark.parametrize("example", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_what_was_approved_then_is_issued_today_as_it_was(report: Report, example: Path) -> None:
    kept_as(report, json.loads(example.read_text("utf-8")))
    made = release.prepare(report, Verb.ISSUE, IssuedPaper(125, date(2026, 10, 2)))
    assert made is not None
    text = lines(made.files["html"].decode())
    golden = example.with_suffix(".txt")
    if WRITE:
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
    assert "Số: 125/BC-UBND" in text and "ngày 02 tháng 10 năm 2026" in text
    assert made.files["pdf"].startswith(b"%PDF-") and {"docx", "xlsx"} <= set(made.files)
    again = json.loads(made.frame)
    assert again["schema_version"] == FRAME_VERSION, "what is issued is kept in today's version"


def test_labels_of_today_do_not_reach_what_was_approved_before(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = load(report)
    told = json.loads(json.dumps(frame_to_json(dossier)))
    assert frame_from_json(told) == (dossier.outline, dossier.indicators, dossier.catalogue)
    monkeypatch.setattr("reports.dossier_json.typed_figures", dict)
    assert frame_from_json(told)[2] == dossier.catalogue


@pytest.mark.parametrize("version", [FRAME_VERSION + 1, 0, -1, "1", None, True, 1.0])
def test_a_version_nobody_knows_is_named(version: Any) -> None:
    with pytest.raises(FormatError, match=f"từ 1 đến {FRAME_VERSION}"):
        frame_from_json({"schema_version": version})


# --- the key of a stored paper ------------------------------------------------------------------------

SOURCES, OUTSIDE = paper_sources.sources(paper_sources.MAKER)


@contextmanager
def watched() -> Iterator[set[Path]]:
    """The files of this project that are run or opened meanwhile."""
    seen: set[str] = set()
    watching = [True]

    def opened(event: str, args: Any) -> None:
        if watching and event == "open" and isinstance(args[0], str):
            seen.add(args[0])

    def called(frame: Any, event: str, _arg: Any) -> None:
        if event == "call":
            seen.add(frame.f_code.co_filename)

    sys.addaudithook(opened)  # one cannot be taken away again: it falls silent
    found: set[Path] = set()
    sys.setprofile(called)
    try:
        yield found
    finally:
        sys.setprofile(None)
        watching.clear()
        own = {Path(name) for name in seen if name.startswith(str(settings.BASE_DIR))}
        found |= {path for path in own if not {"tests", ".venv", "var"} & set(path.parts)}


@pytest.mark.pdf
def test_all_that_runs_or_is_read_for_a_paper_is_in_its_key(report: Report) -> None:
    report = Report.objects.select_related(*papers.paper_relations).get(pk=report.pk)
    html.stylesheet.cache_clear()
    make: dict[str, Callable[[Report], bytes]] = dict(papers.MAKERS)
    make["pdf"] = lambda report: make_pdf(html.page(compose(load(report))))  # as the press does
    with watched() as ran:
        for maker in make.values():
            assert maker(report)
    assert {settings.BASE_DIR / "reports" / name for name in ("dossier.py", "figures.py")} <= ran
    assert len(ran) > 20
    linked = {path.resolve() for path in (*SOURCES, *paper_sources.looks())}
    assert {path.resolve() for path in ran} - linked == set()
    ours = {path.relative_to(settings.BASE_DIR).as_posix() for path in SOURCES}
    assert not {name for name in ours if re.match("reports/(views|forms|workflow|mail)", name)}


def changed_source(monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str) -> str:
    """The hash when a file of ours reads otherwise."""
    target, read = settings.BASE_DIR / name, Path.read_text

    def altered(path: Path, *args: Any, **kwargs: Any) -> str:
        text = read(path, *args, **kwargs)
        if path == target:
            assert old in text
            return text.replace(old, new, 1)
        return text

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", altered)
        return paper_sources.shape()


@pytest.mark.parametrize(
    ("name", "old", "new", "follows"),
    [
        ("reports/models/sections/procedures.py", '"', '"Nhãn mới. ', None),
        ("reports/compose/prose.py", "\n", "\n# a word for readers\n", False),
        ("reports/vietnamese.py", '"""', '"""Another sentence. ', False),
        ("reports/views/papers.py", "def download", "def another", False),
        ("reports/gate.py", "LONGEST_EXPLANATION = 2000", "LONGEST_EXPLANATION = 2001", False),
        ("reports/values.py", "def answered", "def answers", True),
        ("reports/document/pdf.py", "[:32]", "[:31]", True),
    ],
)
def test_the_key_follows_code_and_not_comments(
    monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str, follows: bool | None
) -> None:
    if follows is None:  # a label of a column of a model
        source = (settings.BASE_DIR / name).read_text("utf-8")
        labels = [node.args[0] for node in ast.walk(ast.parse(source))
                  if isinstance(node, ast.Call) and node.args]  # fmt: skip
        label = next(one.value for one in labels if isinstance(one, ast.Constant))
        old, new, follows = f'"{label}"', f'"{label} mới"', True
    before = paper_sources.shape()
    changed = changed_source(monkeypatch, name, old, new) != before
    assert changed == follows


def test_the_key_follows_libraries_and_fonts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shapes = {paper_sources.shape()}
    for name in ("weasyprint", "pydyf", "python-docx", "openpyxl"):
        known = paper_sources.metadata.distribution

        class Newer:
            version = "999"
            requires = known(name).requires

        with monkeypatch.context() as patch:
            patch.setattr(
                paper_sources.metadata, "distribution",
                lambda asked, name=name, newer=Newer, known=known:
                    newer if asked == name else known(asked),
            )  # fmt: skip
            shapes.add(paper_sources.shape())
    assert len(shapes) == 5
    (tmp_path / "other.ttf").write_bytes(b"another font")
    monkeypatch.setattr(settings, "FONT_DIR", tmp_path)
    assert paper_sources.shape() not in shapes


def test_the_key_follows_names_that_stand_in_rows_of_their_own(report: Report) -> None:
    def key() -> str:
        again = Report.objects.select_related(*papers.paper_relations).get(pk=report.pk)
        return papers.paper_key(again)

    keys = [key()]
    kind = report.period.kind
    PeriodKind.objects.filter(pk=kind.pk).update(phrase="chín tháng đầu năm {year}")
    keys.append(key())
    assert load(report).period.phrase == "chín tháng đầu năm 2026"
    FormerName.objects.create(
        unit=report.unit, kind="Xã", name="Tên Cũ", valid_to=report.period.data_to
    )
    keys.append(key())
    assert load(report).unit.name == "Tên Cũ"
    report.outline.save()
    keys.append(key())
    assert len(set(keys)) == len(keys)
