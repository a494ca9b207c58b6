"""Whose a host is: the name somebody registered, and the public suffix it stands under.

What a suffix is says the Public Suffix List (publicsuffix.org), as the library's own snapshot has
it: nothing is fetched, nothing is written.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from moderation.checks.fold import Reading, plain


if TYPE_CHECKING:
    from collections.abc import Iterable

    from tldextract import TLDExtract


_SKELETON = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_LOOK_SAME = str.maketrans("015i|-", "olslll", "-")
_BAIT = frozenset(
    """
    account accounts alert alerts booking claim claims customs delivery fee fees form forms help id
    info login my notice parcel parcels pay payment payments portal prize
    redelivery refund refunds renew reward rewards secure security service services signin status
    support tax track tracking uk update verify voucher vouchers win www
    """.split()  # noqa: SIM905  as a text
)
"""What stands beside a known name in an address that only passes for its owner's."""
_LEAST_SIMILAR = 6
"""Letters of a name, from which one changed letter is imitation rather than chance."""


@cache
def _suffixes() -> TLDExtract:
    # Not at the top: what it could fetch a newer list with tries a socket when it is imported.
    from tldextract import TLDExtract  # noqa: PLC0415

    # Private suffixes too: on a shared platform the name below it is the one that was registered.
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@cache
def top_names() -> frozenset[str]:
    """Every last label there is, e.g. ``com``, ``uk``, ``school``."""
    return frozenset(suffix.rpartition(".")[2] for suffix in _suffixes().tlds)


@lru_cache(maxsize=4096)
def registered(host: str) -> tuple[str, str]:
    """What was registered, and where: ``news.bbc.co.uk`` is ``("bbc", "co.uk")``.

    The name is empty where the host is itself a public suffix, e.g. ``gov.uk``, and the suffix
    where it is a number. A last label that the list doesn't know counts as a suffix (the list's
    rule "*").
    """
    found = _suffixes()(host)
    if found.suffix or found.ipv4 or found.ipv6:
        return found.domain, found.suffix
    return found.subdomain.rpartition(".")[2], found.domain


def _bare(domains: Iterable[str]) -> list[str]:
    """Domains as settings and packs write them, made ready to compare."""
    known = (domain.strip().casefold().removeprefix("www.") for domain in domains)
    return [domain for domain in known if domain]


def belongs_to(host: str, domains: Iterable[str]) -> bool:
    """Whether a host is one of the domains, or below one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in _bare(domains))


def imitates(host: str, domains: Iterable[str]) -> bool:
    """Whether a host that belongs to none of the domains passes for one."""
    known = _bare(domains)
    return not belongs_to(host, known) and any(_passes_for(host, domain) for domain in known)


def _passes_for(host: str, domain: str) -> bool:
    # paypal.com.refund.example, paypal.com-refund.example
    if any(f".{domain}{mark}" in f".{host}" for mark in ".-"):
        return True
    tail = ".".join(host.split(".")[-domain.count(".") - 1 :])
    if _skeleton(tail) == _skeleton(domain):
        return True
    name, suffix = registered(host)
    known_name, known_suffix = registered(domain)
    # gov-uk.com, govuk.info
    if name.replace("-", "") == domain.replace(".", "") or _baits(host, name, known_name):
        return True
    if len(known_name) < _LEAST_SIMILAR or name == known_name:
        return False
    if suffix == known_suffix and _one_edit_apart(name, known_name):
        return True
    # Under another suffix a name of its own is chance, a disguised one isn't: paypa1.co.uk.
    disguised = name.replace("-", "") != known_name.replace("-", "")
    return disguised and _skeleton(name) == _skeleton(known_name)


def _baits(host: str, name: str, known: str) -> bool:
    """``parcel-evri.com``, ``evri.delivery-fee.com``: a known name and bait, nothing else."""
    if not name or not known or name == known:
        return False
    words = re.findall("[^.-]+", host.removeprefix("www.").partition(name)[0] + name)
    wanted = _skeleton(known)
    return any(
        "".join(map(_skeleton, words[first:last])) == wanted
        and all(word in _BAIT for word in (*words[:first], *words[last:]))
        for first in range(len(words))
        for last in range(first + 1, len(words) + 1)
        if last - first < len(words)
    )


@lru_cache(maxsize=4096)
def _skeleton(host: str) -> str:
    """A host reduced to its looks: paypa1 and paypal are the same."""
    looks = plain(host, Reading.VISUAL)
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
