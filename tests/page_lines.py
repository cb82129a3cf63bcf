"""A page as lines that are equal when two pages look and read the same (`tests/same_demo.py`).

One mark or text a line, without tokens and signed stamps. Blanks stand only where a browser shows some, by
what our stylesheet says of lines: so a template may be written in more lines than before, and a blank lost
or added between two words is seen.
"""

import functools
import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VOID = frozenset(
    ("area", "br", "col", "hr", "img", "input", "link", "meta", "rect", "source", "wbr")
)
VERBATIM = frozenset(("pre", "textarea", "script", "style"))
#: How a browser lays out what no stylesheet of ours says; all else begins and ends lines.
BROWSER = {
    **dict.fromkeys((
        "a", "abbr", "b", "bdi", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "label", "mark",
        "output", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
    ), "inline"),
    **dict.fromkeys((
        "button", "img", "input", "meter", "progress", "select", "svg", "rect", "textarea",
    ), "inline-block"),
    **dict.fromkeys(("script", "style", "template"), "none"),
}  # fmt: skip
BLANKS = re.compile(r"[ \t\r\n\f]+")
SECRET = ("csrfmiddlewaretoken", "opened_by", "opened-by")
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HASHED = re.compile(r"(/static/[^\"'\s]+?)\.[0-9a-f]{12}(\.\w+)")
#: An element as stylesheets choose it: `p.hint.late`.
Named = str


@functools.cache
def rules(declaration: str) -> list[tuple[list[list[str]], str]]:
    """What our stylesheet declares for every width of window: the parts of a selector, the value."""
    sheet = ROOT / "static/css/site.css"
    parts = re.findall(r'@import "(.+?)"', sheet.read_text("utf-8"))
    text = "".join((sheet.parent / part).read_text("utf-8") for part in parts)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"@[^{;]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|@[^{};]*;", "", text)
    found = []
    for selectors, declared in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        value = re.search(declaration, declared)
        for selector in selectors.split(",") if value else ():
            if not re.search(r"[:\[+~*#]", selector):
                parts = selector.replace(">", " ").split()
                found.append(
                    ([re.findall(r"\.?[\w-]+", part) for part in parts], value[1] or "none")
                )
    return found


@functools.cache
def display(path: tuple[Named, ...]) -> str:
    """How the last element of a path is laid out: inline, inline-block, inline-flex, block, flex, …; none
    also when it stands outside of the line."""
    found = BROWSER.get(path[-1].partition(".")[0], "block")
    for parts, value in rules(r"display:\s*([\w-]+)|position:\s*(?:absolute|fixed)"):
        if _chosen(path, parts):
            found = value
    if len(path) > 1 and display(path[:-1]).endswith(("flex", "grid")) and found != "none":
        return "block" if found in ("inline", "inline-block") else found.removeprefix("inline-")
    return found


@functools.cache
def breaks(path: tuple[Named, ...]) -> bool:
    """Whether a line break in the text of an element is one on the screen."""
    if not path:
        return False
    values = [value for parts, value in rules(r"white-space:\s*([\w-]+)") if _chosen(path, parts)]
    return values[-1].startswith("pre") if values else breaks(path[:-1])


def _chosen(path: tuple[Named, ...], parts: list[list[str]]) -> bool:
    def fits(element: Named, part: list[str]) -> bool:
        tag, *classes = element.split(".")
        return all(name[1:] in classes if name[0] == "." else name == tag for name in part)

    above = list(path[:-1])
    if not fits(path[-1], parts[-1]):
        return False
    for part in reversed(parts[:-1]):
        while above and not fits(above[-1], part):
            above.pop()
        if not above:
            return False
        above.pop()
    return True


class Lines(HTMLParser):
    """A page as marks and texts, one a line; blanks where a browser shows some, each run as one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.path: list[Named] = []
        self.blank = True  # a blank here would show nothing: a line begins, or there is one already
        self.bare = False  # an element began here, and nothing is in it yet
        #: The line whose last blank shows nothing when a line of the screen ends here.
        self.trailing: int | None = None
        #: The same two of the lines in the midst of which something stands outside of them.
        self.around: list[tuple[bool, int | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        secret = any(told.get(key) in SECRET for key in ("name", "id"))
        shown = "".join(f" {_attribute(name, value, secret)}" for name, value in attrs)
        self.path.append(".".join((tag, *sorted((told.get("class") or "").split()))))
        kind = "none" if told.get("type") == "hidden" else display(tuple(self.path))
        self._mark(f"<{tag}{shown}>", kind, begins=True)
        if tag in VOID:
            self._end(kind)

    def handle_endtag(self, tag: str) -> None:
        open_now = [element.partition(".")[0] for element in self.path]
        if tag not in open_now or tag in VOID:
            return
        while self.path[-1].partition(".")[0] != tag:
            self._end(display(tuple(self.path)))
        kind = display(tuple(self.path))
        self._mark(f"</{tag}>", kind, begins=False)
        self._end(kind)

    def handle_decl(self, decl: str) -> None:
        self.lines.append(f"<!{decl.lower()}>")

    def handle_comment(self, data: str) -> None:
        self.lines.append(f"<!--{data}-->")

    def handle_data(self, data: str) -> None:
        if self.path and self.path[-1].partition(".")[0] in VERBATIM:
            self.lines += [f"|{line}" for line in data.splitlines()]
            return
        if breaks(tuple(self.path)):
            data = re.sub(r"[ \t\r\f]*\n[ \t\r\f]*", "⏎", data)
        self.bare = self.bare and not data
        data = BLANKS.sub(" ", data)
        data = data.removeprefix(" ") if self.blank else data
        if data:
            self.lines.append(f"“{data}”")
            self.blank = data.endswith(" ")
            self.trailing = len(self.lines) - 1 if self.blank else None

    def _mark(self, mark: str, kind: str, begins: bool) -> None:
        """A mark, and the line that ends or begins with it."""
        if kind == "none" and begins:
            self.around.append((self.blank, self.trailing))
        elif kind != "inline" and not (begins and kind.startswith("inline-")):
            self._end_line()
        if mark == "</td>" and not self.bare and self.lines[-1].startswith("<td"):
            self.lines.append("blank, so that it is not :empty")
        self.bare = begins
        self.lines.append(mark)
        if kind != "inline":
            self.blank, self.trailing = True, None

    def _end(self, kind: str) -> None:
        """Leave an element; one that stands in a line like a word is followed by blanks that show."""
        self.path.pop()
        if kind.startswith("inline-"):
            self.blank = False
        if kind == "none":
            self.blank, self.trailing = self.around.pop()

    def _end_line(self) -> None:
        if self.trailing is not None:
            bare = self.lines[self.trailing][1:-1].rstrip(" ")
            self.lines[self.trailing : self.trailing + 1] = [f"“{bare}”"] if bare else []
            self.trailing = None


def _attribute(name: str, value: str | None, secret: bool) -> str:
    if value is None:
        return name
    if secret and name in ("value", "content"):
        value = "…"
    if name == "class":
        value = " ".join(value.split())
    return f'{name}="{escape(value)}"'


def lines(page: str) -> str:
    """A page as lines; those of two pages are equal when both look and read the same."""
    reader = Lines()
    reader.feed(page)
    reader.close()
    return "\n".join(reader.lines) + "\n"


def holds(page: str, part: str) -> bool:
    """Whether a piece of markup stands in a page, in however many lines its template is written."""
    return lines(part).lstrip("“").rstrip("\n") in lines(page)


def numbered(text: str) -> str:
    """The text with random keys numbered in their order, and names of assets without their hash."""
    known: dict[str, str] = {}
    text = KEY.sub(lambda key: known.setdefault(key[0], f"key-{len(known) + 1}"), text)
    return HASHED.sub(r"\1\2", text)
