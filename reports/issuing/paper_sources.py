"""One hash of everything in this software that shapes a paper: code, stylesheet, fonts, libraries down to Pango.

The code is every module that the makers of papers import, directly or not, found by reading their imports.
Comments and docstrings are left out of the hash.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from django.conf import settings

from ..documents import html
from ..documents.natives import native_versions

#: The room that makes papers; whatever it imports, and what that imports, shapes them.
MAKER = "reports.issuing.papers"
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def shape() -> str:
    """The hash of all of it. Reads the files each time: `papers.writing` remembers it."""
    files, outside = sources(MAKER)
    parts = [code_text(files[path]) for path in sorted(files)]
    parts += [sha256(path.read_bytes()).hexdigest() for path in design_files()]
    parts += [*versions(outside), *native_versions()]
    return sha256("\n".join(parts).encode()).hexdigest()


def code_text(tree: ast.Module) -> str:
    """The source as a text for the hash, without docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return ast.dump(tree)


def design_files() -> list[Path]:
    """The files beside code that a paper is drawn with: stylesheets, fonts, configuration of fonts."""
    fonts = sorted(settings.FONT_DIR.rglob("*.ttf"))
    files = [*html.STYLESHEETS, *fonts, settings.FONTCONFIG_FILE]
    return [path for path in files if path.is_file()]


def sources(maker: str) -> tuple[dict[Path, ast.Module], set[str]]:
    """Our files that a module imports, itself among them, parsed; and the packages of others they import."""
    files: dict[Path, ast.Module] = {}
    outside: set[str] = set()
    waiting = [maker]
    while waiting:
        path = _file(waiting.pop())
        if path is None or path in files:
            continue
        tree = files[path] = ast.parse(path.read_text(encoding="utf-8"))
        for name in imported(path, tree):
            if name.split(".")[0] == "reports":
                waiting += _with_parents(name)
            else:
                outside.add(name.split(".")[0])
    return files, outside


def _with_parents(name: str) -> Iterator[str]:
    """`reports.compose.prose`, and `reports.compose`, whose `__init__` runs first."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])


def _file(module: str) -> Path | None:
    """The file of a module of ours; None for a name that is something inside one."""
    base = Path(settings.BASE_DIR, *module.split("."))
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


def imported(path: Path, tree: ast.Module) -> Iterator[str]:
    """The full name of all that a file imports, at its head or inside its functions.

    `from .models import Unit` names `reports.models.Unit` too: what is no module is passed over later.
    """
    inside = path.relative_to(settings.BASE_DIR).with_suffix("").parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = inside[: len(inside) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def versions(packages: Iterable[str]) -> list[str]:
    """`weasyprint 66.0`: the distributions that provide these packages, and those they need in turn."""
    providers = _providers()
    waiting = [name for package in packages for name in providers.get(package, ())]
    installed: dict[str, str] = {}
    while waiting:
        name = waiting.pop()
        if name in installed:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # needed only elsewhere, on another system
            continue
        installed[name] = distribution.version
        needs = [need for need in distribution.requires or () if "extra ==" not in need]
        waiting += [_plain(re.split(r"[^\w.-]", need, maxsplit=1)[0]) for need in needs]
    return [f"{name} {version}" for name, version in sorted(installed.items())]


@cache
def _providers() -> dict[str, list[str]]:
    """The names of the installed distributions that provide each package."""
    distributions = metadata.packages_distributions()
    return {package: [_plain(name) for name in names] for package, names in distributions.items()}


def _plain(name: str) -> str:
    """One spelling of a distribution's name: `Python_Docx` is `python-docx`."""
    return re.sub(r"[-_.]+", "-", name).lower()
