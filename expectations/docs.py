"""Docs: what Great Expectations writes as Data Docs, made into pages that run nothing and load nothing.

Its own pages take some fifteen scripts and styles from the network and could carry script from rows. Here only their
headings, tables and texts are kept, under a policy that forbids a browser everything but the page's own style.
"""

from html import escape
from html.parser import HTMLParser
from pathlib import Path

from expectations.gate import suite_of, validated
from paragraf.publish import publish_file
from paragraf.validate import Evidence, ValidateSettings, length
from paragraf.workspace import home

_KEPT = {
    "h4",
    "h5",
    "h6",
    "p",
    "span",
    "strong",
    "b",
    "i",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "ul",
    "ol",
    "li",
}
_EMPTY = {"br"}
_LEFT_OUT = {"script", "style", "nav", "head", "form", "label", "button", "footer"}
_FIRST_SECTION = '<div id="section-1"'  # before it stand a menu and filters that need scripts
_OFFERS = {"Show more info..."}  # a still page shows it all at once
_SIGNS = {"fa-check-circle": "✓", "fa-times": "✗", "fa-exclamation-triangle": "!"}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 68rem; margin: 1rem auto; padding: 0 1rem; overflow-wrap: anywhere; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; }}
table {{ border-collapse: collapse; width: 100%; margin: .6rem 0 1.4rem; }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8886; }}
h5 {{ font-size: 1.15rem; margin: 1.6rem 0 .3rem; }} h6 {{ font-size: 1rem; margin: .8rem 0 .2rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def publish_data_docs(evidence: Evidence, settings: ValidateSettings) -> Path:
    """Write a page for every suite that had rows to judge, and one that leads to them; gives the latter's path."""
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    folder = home() / "reports" / "data-docs"
    lines = []
    for suite, frame in evidence.frames.items():
        if length(frame) == 0:
            continue
        result = validated(suite, suite_of(suite), frame, settings.parameters())
        for item in result.results:
            if hasattr(item.result.get("observed_value"), "item"):  # its own renderer cannot write numpy's numbers
                item.result["observed_value"] = item.result["observed_value"].item()
        written = DefaultJinjaPageView().render(ValidationResultsPageRenderer().render(result))
        body = still(written[written.index(_FIRST_SECTION) :])
        publish_file(folder / f"{suite}.html", _PAGE.format(title=f"Data Docs: {suite}", body=body).encode())
        held = f"{sum(item.success for item in result.results)} of {len(result.results)}"
        sign = "✓" if result.success else "✗"
        lines.append(f'<li><a href="{suite}.html">{suite}</a>: {sign} {held}</li>')
    index = folder / "index.html"
    publish_file(index, _PAGE.format(title="Data Docs", body=f"<ul>{''.join(lines)}</ul>").encode())
    return index


def still(html: str) -> str:
    """The headings, tables and texts of a page, without attributes, scripts, links and pictures."""
    keeper = _Keeper()
    keeper.feed(html)
    keeper.close()
    return "".join(keeper.kept)


class _Keeper(HTMLParser):
    """Copies elements that only show something; a sign stands for each icon."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []
        self._left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._left_out += tag in _LEFT_OUT
        if self._left_out:
            return
        if tag in _KEPT | _EMPTY:
            self.kept.append(f"<{tag}>")
        if tag == "i":
            icons = (dict(attrs).get("class") or "").split()
            self.kept += [_SIGNS[icon] for icon in icons if icon in _SIGNS]

    def handle_endtag(self, tag: str) -> None:
        if tag in _LEFT_OUT:
            self._left_out = max(0, self._left_out - 1)
        elif tag in _KEPT and not self._left_out:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._left_out and data.strip() not in _OFFERS:
            self.kept.append(escape(data) if data.strip() else "\n")
