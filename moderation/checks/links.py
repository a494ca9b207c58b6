"""Addresses in a text: which site each leads to, and whether it hides or imitates (STEP-LINK-1).

Nothing is ever opened. Offsets are those of the text as given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

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
_CHUNK = re.compile(r"\S{1,1000}")
"""What is looked through at once: an address has no white space, and ends somewhere."""
_SPOKEN = re.compile(
    r"(?<![\w@-])[\w-]{1,63}(?: dot [\w-]{1,63}){0,4} dot (?:com|eu|info|net|org|uk)(?![\w-])",
    re.IGNORECASE,
)
_INVENTED = "example"
"""Kept for invented addresses (RFC 2606), so no list has it; our own words use it."""
_ANY_DOT = re.compile(r"\.|dot|://", re.IGNORECASE)
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
    spoken = [(match.start(), match.end(), match[0]) for match in _SPOKEN.finditer(text)]
    found: list[Link] = []
    places = sorted(chain(defanged, linked, spoken), key=lambda place: (place[0], -place[1]))
    for start, end, address in places:
        link = _read(start, end, address)
        if link is not None and not (found and start < found[-1].end):
            found.append(link)
    return tuple(found)


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
    address = re.sub(rf"{_BROKEN_DOT}| dot ", ".", address, flags=re.IGNORECASE)
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
    if "." not in host:
        return None
    return Link(start, end, host, disguised=parts.username is not None)


def other_sites(draft: Draft, pack: Pack, context: Context) -> Iterator[Sighting]:
    """Every link that leads away from the school's own sites."""
    known: dict[str, str] = {}
    for field, text in fields(draft):
        for link in links(text):
            if link.host not in known:
                known[link.host] = _category(link.host, pack, context)
            category = "lookalike" if link.disguised else known[link.host]
            if category:
                yield Sighting(
                    check=Check.LINKS,
                    category=category,
                    field=field,
                    start=link.start,
                    end=link.end,
                )


def _category(host: str, pack: Pack, context: Context) -> str:
    """What a host is to the school; empty for its own."""
    if belongs_to(host, context.allowed_hosts):
        return ""
    if belongs_to(host, pack.listed("shorteners")):
        return "shortener"
    imitated = (*pack.listed("imitated"), *context.allowed_hosts)
    return "lookalike" if imitates(host, imitated) else "link"
