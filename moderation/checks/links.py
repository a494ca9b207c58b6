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

from moderation.checks.fold import plain
from moderation.checks.sighting import Sighting, fields
from moderation.policies.model import Check


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from moderation.checks.context import Context
    from moderation.checks.model import Draft
    from moderation.policies.model import Pack


_BROKEN_DOT = r"(?:\[\.\]|\(\.\)|\[dot\]|\(dot\))"
_BROKEN = re.compile(rf"{_BROKEN_DOT}|hxxp", re.IGNORECASE)
_DEFANGED = re.compile(
    rf"\bhxxps?(?:://|\[://\]|\[:\]//)[^\s<>\"]*\w"
    rf"|(?:\bhttps?://)?\b[\w-]+(?:\.[\w-]+)*{_BROKEN_DOT}[\w-]+(?:[^\s<>\"]*\w)?",
    re.IGNORECASE,
)
_CHUNK = re.compile(r"\S{1,1000}")
"""What is looked through at once: an address has no white space, and ends somewhere."""
_NEW_NAMES = (
    "academy", "app", "blog", "club", "dev", "education", "events", "fun", "info", "link", "live",
    "london", "me", "news", "online", "org", "page", "school", "scot", "shop", "site", "store",
    "tickets", "tv", "wales", "website", "xyz", "zip",
)  # fmt: skip
_SKELETON = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_LOOK_SAME = str.maketrans("015i|-", "olslll", "-")
_LEAST_SIMILAR = 6
"""Letters of a name, from which one changed letter is imitation rather than chance."""


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
    linkify.tlds(list(_NEW_NAMES), keep_old=True)
    return linkify


def links(text: str) -> tuple[Link, ...]:
    """Every address of a site, in order, none inside another: written out, bare, or defanged."""
    if "." not in text and "dot" not in text and "://" not in text:
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
        if "." in chunk or "://" in chunk
        for match in _linkify().match(chunk) or ()
        if match.schema != "mailto:" and not _run_together(match.schema, match.text)
    ]
    found: list[Link] = []
    for start, end, address in sorted(chain(defanged, linked), key=lambda one: (one[0], -one[1])):
        link = _read(start, end, address)
        if link is not None and not (found and start < found[-1].end):
            found.append(link)
    return tuple(found)


def _run_together(schema: str, address: str) -> bool:
    """Whether a bare name is two sentences without a space: ``at three.Please``, ``ready.Go``."""
    host = address.split("/", 1)[0]
    return not schema and host.rpartition(".")[2][:1].isupper() and not host.isupper()


def _read(start: int, end: int, address: str) -> Link | None:
    address = re.sub(_BROKEN_DOT, ".", address, flags=re.IGNORECASE)
    address = re.sub(r"^hxxp", "http", address, flags=re.IGNORECASE)
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


def belongs_to(host: str, domains: Iterable[str]) -> bool:
    """Whether a host is one of the domains, or below one."""
    return any(
        host == domain or host.endswith(f".{domain}")
        for domain in (known.strip().casefold().removeprefix("www.") for known in domains)
        if domain
    )


def imitates(host: str, domains: Iterable[str]) -> bool:
    """Whether a host that isn't one of the domains passes for one."""
    for domain in (known.strip().casefold().removeprefix("www.") for known in domains):
        if not domain or belongs_to(host, (domain,)):
            continue
        if f".{domain}." in f".{host}" or host.startswith(f"{domain}-"):
            return True
        tail = ".".join(host.split(".")[-domain.count(".") - 1 :])
        if _skeleton(tail) == _skeleton(domain):
            return True
        name, _, rest = tail.partition(".")
        known_name, _, known_rest = domain.partition(".")
        similar = len(known_name) >= _LEAST_SIMILAR and rest == known_rest
        if similar and _one_edit_apart(name, known_name):
            return True
    return False


def _skeleton(host: str) -> str:
    """A host reduced to its looks: paypa1 and paypal are the same."""
    looks = plain(host)
    for pair, single in _SKELETON:
        looks = looks.replace(pair, single)
    return looks.replace("-", "").translate(_LOOK_SAME)


def _one_edit_apart(one: str, other: str) -> bool:
    """Whether one letter was added, left out, changed, or two neighbours swapped."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[:at] + short[at + 1 : at + 2] + short[at] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped == long


def other_sites(draft: Draft, pack: Pack, context: Context) -> Iterator[Sighting]:
    """Every link that leads away from the school's own sites."""
    known = (*pack.listed("imitated"), *context.allowed_hosts)
    for field, text in fields(draft):
        for link in links(text):
            if link.disguised:
                category = "lookalike"
            elif belongs_to(link.host, context.allowed_hosts):
                continue
            elif belongs_to(link.host, pack.listed("shorteners")):
                category = "shortener"
            else:
                category = "lookalike" if imitates(link.host, known) else "link"
            yield Sighting(
                check=Check.LINKS, category=category, field=field, start=link.start, end=link.end
            )
