"""Hypertext: text with remains of HTML in, the text that a reader of the page would see out.

Only what HTML knows is taken for HTML: "kwota < 5000 zł", "<jan@x.pl>", "a<b" and "<art. 5>" stay.
"""

import html
import re

_BLOCKS = (
    "address|article|aside|blockquote|body|br|caption|center|dd|details|dir|div|dl|dt|fieldset|figcaption|figure|footer"
    "|form|h[1-6]|head|header|hr|html|legend|li|main|menu|nav|ol|option|p|pre|section|select|summary|table|tbody|tfoot"
    "|thead|title|tr|ul"
)
_CELLS = "td|th"
_INLINE = (
    "a|abbr|acronym|b|bdi|bdo|big|button|canvas|cite|code|col|colgroup|data|del|dfn|em|embed|font|frame|i|iframe|img"
    "|input|ins|kbd|label|link|map|mark|meta|nobr|noscript|object|param|q|s|samp|small|source|span|strike"
    "|strong|sub|sup|svg|textarea|time|tt|u|var|video|wbr|o:p"
)
# an attribute has a value or is one of the few that need none, so that "a <b i c> d" stays
_ATTRIBUTE = (
    r"(?:[a-z][\w:.-]{0,40}\s{0,9}=\s{0,9}(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>]++)"
    r"|async|checked|compact|defer|disabled|hidden|nowrap|noshade|open|readonly|required|selected)"
)
_TAG = re.compile(
    rf"</?(?:(?P<block>{_BLOCKS})|(?P<cell>{_CELLS})|{_INLINE})(?:\s++{_ATTRIBUTE})*+\s*+/?>", re.IGNORECASE
)
_CUT_TAG = re.compile(r"<(?:a|div|font|h[1-6]|img|li|p|span|table|td|tr)\s+[a-z-]{2,20}=[\"'][^<>]*+\Z", re.IGNORECASE)
_DECLARATION = re.compile(r"<!(?:doctype\b|\[)[^<>]*+>|<\?xml\b[^<>]*+>", re.IGNORECASE)
_HIDDEN = tuple(  # the whole, and what it ends with
    (re.compile(rf"{begin}.*?{end}", re.IGNORECASE | re.DOTALL), re.compile(end, re.IGNORECASE))
    for begin, end in (
        ("<!--", "-->"),
        (r"<script\b[^<>]*+>", r"</script\s*+>?"),
        (r"<style\b[^<>]*+>", r"</style\s*+>?"),
    )
)
_RAISED = re.compile(r"<sup\b[^<>]*+>\s*([0-9]{1,3})([a-z]{0,2})\s*</sup\s*>", re.IGNORECASE)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});|&nbsp\b", re.IGNORECASE)
_DEEPEST = 8  # an entity within an entity within ...: a page that was escaped more often is beyond help


def without_html(text: str) -> str:
    """The text without tags, comments and scripts, with entities as letters; blocks and breaks begin a new line.

    The number in <sup> becomes a superscript: art. 22<sup>1</sup> is art. 22¹, and never art. 221.
    """
    for _ in range(_DEEPEST):
        if "<" not in text and "&" not in text:
            break
        plain = _ENTITY.sub(_letter, _without_tags(text)) if "<" in text else _ENTITY.sub(_letter, text)
        if plain == text:
            break
        text = plain
    return text


def _without_tags(text: str) -> str:
    for whole, end in _HIDDEN:
        if ends := [match.end() for match in end.finditer(text)]:
            last = ends[-1]  # behind it every search would run to the end of the text in vain
            text = whole.sub("", text[:last]) + text[last:]
    text = _RAISED.sub(lambda match: match[1].translate(_SUPERSCRIPTS) + match[2], _DECLARATION.sub("", text))
    return _CUT_TAG.sub("", _TAG.sub(_gap, text))


def _gap(tag: re.Match[str]) -> str:
    """What stands in place of a tag."""
    if tag["block"]:
        return "\n"
    return " " if tag["cell"] else ""


def _letter(entity: re.Match[str]) -> str:
    """The letter that an entity stands for; unknown names and impossible numbers stay."""
    letter = html.unescape(entity[0] if entity[0].endswith(";") else f"{entity[0]};")
    return entity[0] if letter == "\ufffd" else letter
