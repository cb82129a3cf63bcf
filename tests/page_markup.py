"""Texts full of markup, and whether any of it reached a page."""

from html.parser import HTMLParser

MARKED = ["<script>alert(1)</script>", "</textarea><script>alert(1)</script>", "</title><svg onload=x()>",
          '"><img src=x onerror=alert(1)>', "'><img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
          "<iframe src=javascript:alert(1)>", "<body onload=alert(1)>", "<math><mi//xlink:href=x>",
          "<a href='javascript:alert(1)'>x</a>", "<style>@import 'http://evil.example'</style>", "<!--",
          "<link rel=stylesheet href=http://evil.example>", "<object data=x>", "<embed src=x>", "-->",
          "<meta http-equiv=refresh content=0>", "<base href=http://evil.example>", "<form action=//evil>",
          "<input autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>", "<video><source onerror=x>",
          "<marquee onstart=x>", "<isindex type=image src=x>", "&lt;script&gt;", "&#60;script&#62;", "&amp;lt;",
          "<scr<script>ipt>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<table colspan=1000><td colspan=1000>",
          "{{ 7*7 }}", "{% load static %}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{procedures.overdue", "{x.y}", "{unit}",
          "{procedures.nothing}", "[clause]", "[unclosed", "closed]", "<equipment:{name}>", "<nothing: {x}>", "a || b",
          "\\{", "\\", "{a/b|%}", "{|}", "{}", "}{", "<", ">", "<>", "&", "&&", "'", '"', "`", "]]>", "<![CDATA[x]]>",
          "<?xml version='1.0'?>", "=1+1", "@SUM(A1)", "@documents", "@text evaluation.limits", "@nothing x"]  # fmt: skip


class Markup(HTMLParser):
    """What a browser would run or fetch in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        own = given.get("src", given.get("href", "/")).startswith(("/", "#", "?"))
        known = {"script": given.get("type") == "module", "img": "/mark." in given.get("src", ""),
                 "link": True, "form": "/evil" not in given.get("action", "")}  # fmt: skip
        harmful = {"iframe", "object", "embed", "svg", "math", "base", "style", "video", "marquee"}
        if tag == "svg" and given == {"class": "icon", "aria-hidden": "true"}:
            return  # the portal's own signs: what they show comes with `use`, whose address is looked at too
        events = [key for key in given if key.startswith("on")]
        if events or not own or not known.get(tag, True) or tag in harmful:
            self.found.append(self.get_starttag_text() or tag)
