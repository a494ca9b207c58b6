"""Addresses in a text: which site each leads to, and whether it hides or imitates (STEP-LINK-1).

Nothing is ever opened. Offsets are those of the text as given.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import IPv4Address
from itertools import chain
from typing import TYPE_CHECKING
from unicodedata import category, normalize
from urllib.parse import unquote, urlsplit

from linkify_it import LinkifyIt

from moderation.checks.domains import belongs_to, imitates, top_names
from moderation.checks.names.words import EVERYDAY
from moderation.checks.sighting import Sighting, fields
from moderation.policies.model import Check


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.context import Context
    from moderation.checks.model import Draft
    from moderation.policies.model import Pack


_BROKEN_DOT = r"(?:\[\.\]|\(\.\)|\[dot\]|\(dot\))"
_BROKEN = re.compile(rf"{_BROKEN_DOT}|hxxp|www\.", re.IGNORECASE)
_DEFANGED = re.compile(
    rf"\bhxxps?(?:://|\[://\]|\[:\]//)[^\s<>\"]*\w"
    rf"|(?:\bhttps?://)?\b[\w-]+(?:\.[\w-]+)*{_BROKEN_DOT}[\w-]+(?:[^\s<>\"]*\w)?"
    r"|\bwww(?:\.[\w-]{1,63}){2,8}(?:/[^\s<>\"()]*\w)?",
    re.IGNORECASE,
)
_TAIL = r"[^\s<>\"|\\\[\]()]*[^\s<>\"|\\\[\]().,;:!?']"
_WRITTEN_OUT = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}:(?://?/?|\\{1,2})|(?<!\S)\\\\)"
    rf"(?:\[[0-9a-f:.]{{2,50}}\](?:{_TAIL})?|{_TAIL})"
    rf"|(?<![\w.])(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?::\d{{2,5}})?/(?:{_TAIL})?"
    rf"|\b(?:https?:|data:(?=[\w+-]+/)|(?:java|vb)script:(?=\S{{0,99}}\()){_TAIL}",
    re.IGNORECASE,
)
"""What a browser opens and no list of endings knows: other schemes, numbers, slashes amiss."""
_SHOWN = re.compile(
    r"\[(?P<markdown>[^\[\]\n]{1,200})\]\((?P<to>[^()\s]{1,1000})\)"
    r"|<(?P<slack_to>[^<>|\s]{1,1000})\|(?P<slack>[^<>|\n]{1,200})>"
    r"|<a\s[^<>]{0,99}?href=[\"']?(?P<html_to>[^\s\"'<>]{1,1000})[^<>]{0,99}>"
    r"(?P<html>[^<>]{1,200})</a"
    r"|\[url=(?P<forum_to>[^\]\s]{1,1000})\](?P<forum>[^\[\]\n]{1,200})\[/url",
    re.IGNORECASE,
)
"""Markup that shows one thing and leads to another."""
_OPENS_NO_SITE = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
"""What runs or unpacks something instead."""
_CHUNK = re.compile(r"[^\s|]{1,1000}")
"""What is looked through at once: an address has no white space or bar, and ends somewhere."""
_SPOKEN = re.compile(
    r"(?<![\w@-])(?!(?:a|every|our|that|the|this) dot com(?! dot))[\w-]{1,63}"
    r"(?: dot [\w-]{1,63}){0,4} dot "
    r"(?:co|com|eu|gl|gg|info|io|ly|net|org|tv|uk)(?![\w-])(?:/[^\s<>\"]*\w)?",
    re.IGNORECASE,
)
_INVENTED = "example"
"""Kept for invented addresses (RFC 2606), so no list has it; our own words use it."""
_ANY_DOT = re.compile(r"\.|dot|:[/\\]|(?:script|data|https?):", re.IGNORECASE)
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")
"""Other scripts' full stops, which browsers take for a dot (RFC 3490, section 3.1)."""


@dataclass(frozen=True, slots=True)
class Link:
    """One address; ``host`` in lower case, ``disguised`` when a name stands before an ``@``."""

    start: int
    end: int
    host: str
    disguised: bool = False


@cache
def _linkify() -> LinkifyIt:
    linkify = LinkifyIt(options={"fuzzy_email": False})
    linkify.tlds(sorted(top_names() | {_INVENTED}))
    return linkify


def links(text: str) -> tuple[Link, ...]:
    """Every address of a site, in order, none inside another: written out, bare, or defanged."""
    text = text.translate(_DOTS)
    if not _ANY_DOT.search(text):
        return ()
    chunks = [(chunk.start(), chunk[0]) for chunk in _CHUNK.finditer(text)]
    defanged = [
        (at + match.start(), at + match.end(), match[0])
        for at, chunk in chunks
        if _BROKEN.search(chunk)
        for match in _DEFANGED.finditer(chunk)
    ]
    linked = [
        (at + match.index, at + match.last_index, match.text)
        for at, chunk in chunks
        # A sentence's last word has nothing behind its dot, and no site is without one.
        if "." in chunk.rstrip(".")
        for match in _linkify().match(chunk) or ()
        if match.schema != "mailto:" and not _run_together(match.schema, match.text)
    ]
    spoken = [
        (match.start(), match.end(), match[0])
        for match in _WRITTEN_OUT.finditer(text)
        if not any(start <= match.start() < end for start, end, _ in linked)
    ]
    spoken += [(match.start(), match.end(), match[0]) for match in _SPOKEN.finditer(text)]
    found: list[Link] = []
    places = sorted(chain(defanged, linked, spoken), key=lambda place: (place[0], -place[1]))
    for start, end, address in places:
        link = _read(start, end, address)
        if link is not None and not (found and start < found[-1].end):
            found.append(link)
    disguised = _led_elsewhere(text, found)
    return tuple(
        replace(link, disguised=True) if link.start in disguised else link for link in found
    )


def _led_elsewhere(text: str, found: list[Link]) -> set[int]:
    """Where those links begin that markup hides behind the name of another site."""
    starts = [link.start for link in found]
    elsewhere: set[int] = set()
    for (start, end), shown in _shown(text):
        inside = found[bisect_left(starts, start) : bisect_left(starts, end)]
        led = [link for link in inside if link.end <= end]
        if led and not _tells(shown, led):
            elsewhere.update(link.start for link in led)
    return elsewhere


def _shown(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Where markup leads to, and the words that it shows instead."""
    if not any(mark in text for mark in ("](", "|", "href", "[url=")):
        return
    for match in _SHOWN.finditer(text):
        to = next(group for group in ("to", "slack_to", "html_to", "forum_to") if match[group])
        shown = match["markdown"] or match["slack"] or match["html"] or match["forum"]
        yield match.span(to), shown


def _tells(shown: str, led: list[Link]) -> bool:
    """Whether the words that are shown name no site, or the one that they lead to."""
    hosts = {link.host.removeprefix("www.") for link in links(shown)}
    return not hosts or {link.host.removeprefix("www.") for link in led} <= hosts


def _run_together(schema: str, address: str) -> bool:
    """Whether a bare name is two sentences without a space: ``three.Please``, ``fun.it was``."""
    host = address.split("/", 1)[0]
    if schema:
        return False
    if host.rpartition(".")[2][:1].isupper() and not host.isupper():
        return True
    *labels, last = host.casefold().split(".")
    everyday = all(label in EVERYDAY or label.isdigit() for label in labels)
    return host == address and everyday and last in EVERYDAY and last != _INVENTED


def _read(start: int, end: int, address: str) -> Link | None:
    address = "".join(char for char in normalize("NFKC", address) if category(char) != "Cf")
    address = re.sub(rf"{_BROKEN_DOT}| dot ", ".", address, flags=re.IGNORECASE).replace("\\", "/")
    address = re.sub(r"^(https?):/*", r"\1://", address, flags=re.IGNORECASE)
    if _OPENS_NO_SITE.match(address):
        return Link(start, end, address.partition(":")[0].casefold(), disguised=True)
    address = address.replace("[:]", ":").replace("[://]", "://")
    try:
        parts = urlsplit(address if "://" in address else f"//{address.removeprefix('//')}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if host.startswith("xn--") or ".xn--" in host:
        try:
            host = host.encode("ascii").decode("idna")
        except UnicodeError:
            return Link(start, end, host, disguised=True)
    if parts.scheme and (host.isdigit() or host.startswith("0x")):
        host = _as_number(host)
    if "." not in host and ":" not in host:
        return None
    return Link(start, end, unquote(host), disguised=parts.username is not None)


def _as_number(host: str) -> str:
    """A host written as one number, as browsers read it: 3232235521 is 192.168.0.1."""
    try:
        return str(IPv4Address(int(host, 16 if host.startswith("0x") else 10)))
    except ValueError:
        return host


def other_sites(draft: Draft, pack: Pack, context: Context) -> Iterator[Sighting]:
    """Every link that leads away from the school's own sites."""
    known: dict[str, str] = {}
    for field, text in fields(draft):
        for link in links(text):
            if link.host not in known:
                known[link.host] = _category(link.host, pack, context)
            kind = "lookalike" if link.disguised else known[link.host]
            if kind:
                yield Sighting(
                    check=Check.LINKS,
                    category=kind,
                    field=field,
                    start=link.start,
                    end=link.end,
                    besides=_leads_to(link, text),
                )


def _leads_to(link: Link, text: str) -> str:
    """Where it leads, if the address itself doesn't say so to a reader."""
    written = text[link.start : link.end].casefold()
    if "." not in link.host and ":" not in link.host:
        return ""
    if link.host.isascii():
        return "" if link.host in written and not link.disguised else f"It leads to {link.host}."
    return f"It leads to {link.host}, which a browser knows as {_punycode(link.host)}."


def _punycode(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return "a name that it refuses"


def _category(host: str, pack: Pack, context: Context) -> str:
    """What a host is to the school; empty for its own."""
    if belongs_to(host, context.allowed_hosts):
        return ""
    if belongs_to(host, pack.listed("shorteners")):
        return "shortener"
    imitated = (*pack.listed("imitated"), *context.allowed_hosts)
    return "lookalike" if imitates(host, imitated) else "link"
