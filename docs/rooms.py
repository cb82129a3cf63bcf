"""The rooms of the house as its imports show them: a picture, a table, and figures.

    ./run rooms            figures, as lines of text
    ./run rooms --write    docs/pictures/rooms.svg and the table in docs/architecture.md anew

A room is what stands directly below `reports`. What a room is for, and which of its modules others may
import, is read from its `__init__`; on which floor it stands from the contract "floors" in pyproject.toml,
which `lint-imports` holds.
"""

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "reports"
PICTURE = ROOT / "docs" / "pictures" / "rooms.svg"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
#: Between these lines of the page stands the table of rooms.
BEGIN, END = "<!-- rooms -->", "<!-- /rooms -->"
#: Folders that Django needs and that nothing imports by their name.
OUTSIDE = {"migrations"}

# The picture, in pixels.
LETTERS = 'font-family="Liberation Sans, Arial, sans-serif" font-size="14"'
WIDTH, BOX, HEIGHT, FLOOR, MARGIN = 1120, 150, 34, 82, 24


@dataclass(frozen=True)
class Room:
    """A room: what it is for, in a sentence, and the names that others may take from it."""

    name: str
    purpose: str
    public: tuple[str, ...]
    modules: int


@cache
def imports() -> grimp.ImportGraph:
    """The imports between all modules of the app."""
    sys.path.insert(0, str(ROOT))
    return grimp.build_graph("reports", cache_dir=None)


def room_of(module: str) -> str:
    """`reports.entry.figures` stands in `entry`; "" for the app itself."""
    return module.partition(".")[2].partition(".")[0]


def rooms() -> dict[str, Room]:
    """All rooms by name, alphabetically."""
    sizes = Counter(map(room_of, imports().modules))
    names = sorted(name for name in sizes if name and name not in OUTSIDE)
    return {name: Room(name, *_face(name), sizes[name]) for name in names}


def _face(name: str) -> tuple[str, tuple[str, ...]]:
    """The sentence and the public names of a room."""
    path = PACKAGE / name / "__init__.py"
    tree = ast.parse(
        (path if path.is_file() else path.parent.with_suffix(".py")).read_text("utf-8")
    )
    lists = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    ]
    sentence = (ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " ")
    return sentence, tuple(lists[0] if lists else ())


def arrows() -> set[tuple[str, str]]:
    """Every pair of rooms of which the first imports the second."""
    graph = imports()
    pairs = {
        (room_of(module), room_of(other))
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
    }
    return {(a, b) for a, b in pairs if a != b and a and b and not {a, b} & OUTSIDE}


def needed(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows that no way over other rooms stands for already: what a picture needs to show."""
    below: dict[str, set[str]] = {}
    for a, b in pairs:
        below.setdefault(a, set()).add(b)

    @cache
    def reach(room: str) -> frozenset[str]:
        nearer = below.get(room, set())
        return frozenset(nearer).union(*(reach(other) for other in nearer))

    return {(a, b) for a, b in pairs if not any(b in reach(c) for c in below[a] - {b})}


def longest_chain(pairs: set[tuple[str, str]]) -> list[str]:
    """The longest way down from room to room."""

    @cache
    def way(room: str) -> tuple[str, ...]:
        ways = [way(b) for a, b in pairs if a == room]
        return (room, *max(ways, key=len, default=()))

    return list(max((way(a) for a, _ in sorted(pairs)), key=len))


def floors() -> list[list[str]]:
    """The rooms floor by floor, the highest first, from the contract of import-linter."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (contract,) = (each for each in settings["contracts"] if each["type"] == "layers")
    return [re.split(r"\s*[|:]\s*", layer) for layer in contract["layers"]]


# --- the picture ------------------------------------------------------------------------------------


def picture() -> str:
    """The rooms as boxes on their floors; an arrow runs from a room to each that it needs most nearly."""
    places = dict(_places())
    height = len(floors()) * FLOOR + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {LETTERS}>',
        "<title>The rooms of the house; arrows run from a room to those it imports</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for a, b in sorted(needed(arrows())):
        (ax, ay), (bx, by) = places[a], places[b]
        bend = (by - ay - HEIGHT) / 2
        parts.append(
            f'<path d="M{ax} {ay + HEIGHT} C{ax} {ay + HEIGHT + bend} {bx} {by - bend} {bx} {by}" '
            'fill="none" stroke="#8a9bb0" stroke-width="1.2"/>'
        )
        parts.append(f'<circle cx="{bx}" cy="{by}" r="2.6" fill="#51647b"/>')
    for name, (x, y) in places.items():
        parts.append(
            f'<rect x="{x - BOX / 2:g}" y="{y}" width="{BOX}" height="{HEIGHT}" rx="4" '
            'fill="#f4f7fb" stroke="#2f5d8c"/>'
            f'<text x="{x}" y="{y + 22}" text-anchor="middle" fill="#16324f">{escape(name)}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _places() -> Iterator[tuple[str, tuple[int, int]]]:
    """The middle of each room's upper edge."""
    for row, names in enumerate(floors()):
        step = WIDTH // len(names)
        for column, name in enumerate(names):
            yield name, (step * column + step // 2, MARGIN + row * FLOOR)


def table() -> str:
    """One line a room, the highest floor first, in the words of the rooms themselves."""
    known = rooms()
    lines = ["| room | what it is for |", "|---|---|"]
    lines += [f"| `{n}` | {known[n].purpose} |" for names in floors() for n in names]
    return "\n".join(lines)


def page() -> str:
    """`docs/architecture.md` with the table as the rooms say it now."""
    text = ARCHITECTURE.read_text("utf-8")
    before, rest = text.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END, 1)[1]}"


# --- figures ----------------------------------------------------------------------------------------


def lines_of(folder: str, *endings: str) -> int:
    """Lines of all files below a folder, migrations left out."""
    files = [path for ending in endings for path in (ROOT / folder).rglob(f"*{ending}")]
    return sum(
        len(path.read_text("utf-8").splitlines())
        for path in files
        if "migrations" not in path.parts
    )


def count(pattern: str, folder: str, ending: str) -> int:
    """How often a pattern stands in the files below a folder."""
    return sum(
        len(re.findall(pattern, path.read_text("utf-8"), re.MULTILINE))
        for path in (ROOT / folder).rglob(f"*{ending}")
        if "migrations" not in path.parts
    )


def figures() -> Iterator[tuple[str, object]]:
    """What the house measures, as lines of a name and a figure."""
    pairs, graph = arrows(), imports()
    sizes = Counter(map(room_of, graph.modules))
    packages = [name for name in sizes if (PACKAGE / name / "__init__.py").is_file()]
    yield "packages", len(set(packages) - OUTSIDE - {""})
    yield "modules at the root", len(list(PACKAGE.glob("*.py"))) - 1
    yield "modules", sum(sizes.values()) - sum(sizes[name] for name in OUTSIDE)
    yield "imports between modules", graph.count_imports()
    yield "arrows between rooms", len(pairs)
    chain = longest_chain(pairs)
    yield "longest chain of rooms", f"{len(chain)} ({' → '.join(chain)})"
    yield "lines of Python", lines_of("reports", ".py")
    yield "lines of templates", lines_of("templates", ".html", ".txt")
    yield "lines of scripts", lines_of("static/js", ".js")
    yield "lines of tests", lines_of("tests", ".py", ".js")
    yield "type: ignore", count(r"# type: ignore", "reports", ".py")
    yield "Any", count(r"\bAny\b", "reports", ".py")
    yield "template lines above 120", count(r"^.{121,}$", "templates", ".html")


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PICTURE.write_text(picture(), encoding="utf-8")
        ARCHITECTURE.write_text(page(), encoding="utf-8")
    else:
        for name, figure in figures():
            print(f"{name:28}{figure}")
