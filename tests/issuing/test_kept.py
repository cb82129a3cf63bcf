"""Stored papers that are never stale, kept ones that stay readable.

`tests/kept/` holds an approved report as each version of the portal kept it, and how it reads when it is
issued; since documents are kept with it, what is issued is that document and nothing is composed. Files of older versions are never written anew; after a wanted change of wording on paper,
`WRITE_GOLDEN=1` writes the texts, and makes the example of a new version.
"""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pdfplumber
import pytest
from conftest import TONG_SON, report_of
from django.conf import settings
from django.utils import timezone

from reports.collection.blank_paper import blank_form
from reports.compose import appendix, compose, compose_unnumbered
from reports.documents import html
from reports.documents.issue import DATE, NUMBER
from reports.documents.pdf import make_pdf
from reports.documents.tree_json import TREE_VERSION, UnknownTree, pack, unpack
from reports.documents.tree_json import from_json as tree_from_json
from reports.documents.tree_json import to_json as tree_to_json
from reports.dossier.facts import load
from reports.dossier.json import (
    FRAME_VERSION,
    SCHEMA_VERSION,
    FormatError,
    frame_from_json,
    frame_to_json,
    to_json,
)
from reports.enums import State, Verb
from reports.issuing import paper_sources, papers, release
from reports.issuing.release import IssuedPaper
from reports.models import FormerName, IssuedDocument, PeriodKind, Release, Report, User

KEPT = Path(__file__).resolve().parents[1] / "kept"
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
        document=pack(tree_from_json(told["document"])) if "document" in told else b"",
    )  # fmt: skip


def test_every_version_since_the_first_has_its_example(report: Report) -> None:
    name = f"frame-{FRAME_VERSION}-format-{SCHEMA_VERSION}-tree-{TREE_VERSION}.json"
    newest = KEPT / name
    if WRITE and not newest.exists():
        dossier = load(report)
        document = tree_to_json(compose_unnumbered(dossier))
        told = {"dossier": to_json(dossier), "frame": frame_to_json(dossier), "document": document}
        newest.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    held = [json.loads(path.read_text("utf-8")) for path in KEPT.glob("*.json")]
    frames = {told["frame"].get("schema_version", 1) for told in held}
    formats = {told["dossier"].get("schema_version", 1) for told in held}
    trees = {told["document"]["schema_version"] for told in held if "document" in told}
    assert frames == set(range(1, FRAME_VERSION + 1))
    assert trees == set(range(1, TREE_VERSION + 1))
    assert formats == set(range(1, SCHEMA_VERSION + 1))


@pytest.mark.pdf
@pytest.mark.parametrize("example", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_what_was_approved_then_is_issued_today_as_it_was(report: Report, example: Path) -> None:
    told = json.loads(example.read_text("utf-8"))
    kept = kept_as(report, told)
    made = release.prepare(report, Verb.ISSUE, IssuedPaper(125, date(2026, 10, 2)))
    assert made is not None
    text = lines(made.files["html"].decode())
    golden = example.with_suffix(".txt")
    if WRITE and (
        "document" not in told or not golden.exists()
    ):  # a kept document reads so for ever
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
    assert "Số: 125/BC-UBND" in text and "ngày 02 tháng 10 năm 2026" in text
    assert made.files["pdf"].startswith(b"%PDF-") and {"docx", "xlsx"} <= set(made.files)
    again = json.loads(made.frame)
    if "document" in told:
        assert (made.frame, made.document) == (kept.frame, kept.document), "kept as it was"
    else:
        assert again["schema_version"] == FRAME_VERSION, "composed anew, kept in today's version"


@pytest.fixture
def another_portal(monkeypatch: pytest.MonkeyPatch, report: Report) -> Callable[[], None]:
    """A later release of the portal: other words in its sentences, its frame, its appendix, its lists."""

    def begin() -> None:
        kinds = IssuedDocument._meta.get_field("kind")
        others = [(code, f"{label} kiểu mới") for code, label in kinds.choices or ()]
        monkeypatch.setattr(kinds, "choices", others)
        monkeypatch.setattr("reports.compose.sentences.format_count", lambda *_, **__: "một số")
        monkeypatch.setattr("reports.compose.frame.COMMITTEE", "Ủy ban hành chính")
        head = tuple(
            tuple(replace(cell, content=f"{cell.content} mới") for cell in row)
            for row in appendix.HEAD
        )
        monkeypatch.setattr("reports.compose.appendix.HEAD", head)
        today = lines(html.page(compose(load(report))))
        for words_of_today in ("kiểu mới", "một số", "ỦY BAN HÀNH CHÍNH", "Số liệu mới"):
            assert words_of_today in today

    return begin


def read(name: str, content: bytes) -> str:
    """What a reader finds in one file of a release."""
    if name == "html":
        return lines(content.decode())
    if name == "pdf":
        with pdfplumber.open(BytesIO(content)) as pdf:
            return " ".join(page.extract_text() for page in pdf.pages)
    if name == "docx":
        return "\n".join(node.text or "" for node in docx.Document(BytesIO(content)).element.iter())
    book = openpyxl.load_workbook(BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    return "\n".join(str(cell) for cell in cells if cell is not None)


def unnumbered(text: str) -> str:
    """The text without what an issue gives: number, day, signer, and how their lines break."""
    text = " ".join(text.replace("\u00a0", " ").replace("Lê Văn An", "").split())
    return re.sub(r"(ố:?) *(125)? */BC|(ngày) *\d* *(tháng) *\d* *(năm)", r"\1/BC \3 \4 \5", text)


@pytest.mark.pdf
def test_a_later_release_issues_the_approved_words_in_every_format(
    report: Report, another_portal: Callable[[], None]
) -> None:
    by = User.objects.get(username="quantri")
    made = release.prepare(report, Verb.APPROVE, None)
    assert made is not None
    release.keep(report, made, by, timezone.now())
    another_portal()
    paper = IssuedPaper(125, date(2026, 10, 2), "Lê Văn An")
    issued = release.prepare(report, Verb.ISSUE, paper)
    assert issued is not None and set(issued.files) == {"html", "pdf", "docx", "xlsx"}
    for name, content in issued.files.items():
        now, then = read(name, content), read(name, made.files[name])
        assert "125/BC-UBND" in now and "kiểu mới" not in now, name
        assert unnumbered(now) == unnumbered(then), name
        assert ("Lê Văn An" in now) == (name != "xlsx")
    told, was = json.loads(issued.dossier), json.loads(made.dossier)
    given = {"number": 125, "issued_on": "2026-10-02", "signer_name": "Lê Văn An"}
    assert told == {**was, "paper": {**was["paper"], **given}}
    assert (issued.frame, issued.document) == (made.frame, made.document)


@pytest.mark.pdf
def test_a_corrected_number_changes_no_word_of_a_paper_approved_long_ago(
    report: Report, another_portal: Callable[[], None]
) -> None:
    kept_as(report, json.loads(EXAMPLES[0].read_text("utf-8")))
    first = release.prepare(report, Verb.ISSUE, IssuedPaper(124, date(2026, 10, 2)))
    assert first is not None
    release.keep(report, first, User.objects.get(username="quantri"), timezone.now())
    another_portal()
    mended = release.prepare(report, Verb.CORRECT_ISSUE, IssuedPaper(125, date(2026, 10, 2)))
    assert mended is not None
    was, now = (lines(made.files["html"].decode()) for made in (first, mended))
    assert now == was.replace("124/BC", "125/BC") != was


def test_a_kept_document_is_the_composed_one_and_small(db: None) -> None:
    for report in Report.objects.order_by("pk"):
        document = compose_unnumbered(load(report))
        packed = pack(document)
        assert unpack(packed) == document
        assert repr(unpack(packed)) == repr(document), "1, 1.0, True and Decimal(1) stay apart"
        assert len(packed) < 24_000
        assert not {NUMBER, DATE} & set(re.findall("⟦.*?⟧", html.page(compose(load(report)))))
    form = blank_form(load(report))
    assert unpack(pack(form)) == form


@pytest.mark.parametrize("version", [TREE_VERSION + 1, 0, "1", None, True, 1.0])
def test_a_document_of_a_version_nobody_knows_is_refused(version: Any) -> None:
    with pytest.raises(UnknownTree, match=f"from 1 to {TREE_VERSION}"):
        tree_from_json({"schema_version": version})


def test_labels_of_today_do_not_reach_what_was_approved_before(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = load(report)
    told = json.loads(json.dumps(frame_to_json(dossier)))
    assert frame_from_json(told) == (dossier.outline, dossier.indicators, dossier.catalogue)
    monkeypatch.setattr("reports.dossier.json.typed_figures", dict)
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
        own = {Path(name) for name in seen if name.startswith(f"{settings.BASE_DIR}/")}
        away = {
            "tests",
            ".venv",
            "var",
        }  # also when the house itself stands in a folder of such a name
        found |= {path for path in own if not away & set(path.relative_to(settings.BASE_DIR).parts)}


@pytest.mark.pdf
def test_all_that_runs_or_is_read_for_a_paper_is_in_its_key(report: Report) -> None:
    report = Report.objects.select_related(*papers.paper_relations).get(pk=report.pk)
    html.stylesheet.cache_clear()
    make: dict[str, Callable[[Report], bytes]] = dict(papers.MAKERS)
    make["pdf"] = lambda report: make_pdf(html.page(compose(load(report))))  # as the press does
    with watched() as ran:
        for maker in make.values():
            assert maker(report)
    assert {
        settings.BASE_DIR / "reports" / name
        for name in ("dossier/facts.py", "catalogue/figures.py")
    } <= ran
    assert len(ran) > 20
    linked = {path.resolve() for path in (*SOURCES, *paper_sources.design_files())}
    assert {path.resolve() for path in ran} - linked == set()
    ours = {path.relative_to(settings.BASE_DIR).as_posix() for path in SOURCES}
    assert not {
        name
        for name in ours
        if re.match("reports/(views|web|editing|workflow|notifications)", name)
    }


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
        ("reports/text/numbers.py", '"""', '"""Another sentence. ', False),
        ("reports/views/papers.py", "def download", "def another", False),
        (
            "reports/checks/gate.py",
            "LONGEST_EXPLANATION = 2000",
            "LONGEST_EXPLANATION = 2001",
            False,
        ),
        ("reports/catalogue/values.py", "def answered", "def answers", True),
        ("reports/documents/pdf.py", "[:32]", "[:31]", True),
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
    native = paper_sources.native_versions()
    assert [line.split(" ")[0] for line in native] == ["pango", "harfbuzz", "fontconfig"]
    with monkeypatch.context() as patch:
        patch.setattr(paper_sources, "native_versions", lambda: [native[0], "harfbuzz 99"])
        shapes.add(paper_sources.shape())
    assert len(shapes) == 6
    (tmp_path / "other.ttf").write_bytes(b"another font")
    monkeypatch.setattr(settings, "FONT_DIR", tmp_path)
    assert paper_sources.shape() not in shapes


NATIVE = """
import django
django.setup()
from reports.issuing import papers
from reports.management import system_checks
papers.writing(), system_checks._state()
print([name for name in ("pango", "harfbuzz") if name in open("/proc/self/maps").read()])
"""


@pytest.mark.pdf
def test_pango_and_harfbuzz_are_those_that_print_and_a_web_worker_never_loads_them() -> None:
    from weasyprint.text.ffi import pango

    told = dict(line.split(" ") for line in paper_sources.native_versions())
    major, minor, micro = map(int, told["pango"].split("."))
    assert pango.pango_version() == major * 10_000 + minor * 100 + micro
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cchc_portal.settings"}
    asked = [sys.executable, "-c", NATIVE]
    done = subprocess.run(
        asked, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


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
