"""What a check is told besides the draft: the roster, permissions, and what is the school's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from moderation.checks.model import Consent
from moderation.checks.names.people import People, people_called
from moderation.checks.names.roster import Roster
from moderation.kernel import AccountId, PersonId, PupilKey


NETWORKS: Mapping[str, str] = MappingProxyType(
    {
        "bluesky": "Bluesky",
        "facebook": "Facebook",
        "instagram": "Instagram",
        "linkedin": "LinkedIn",
        "mastodon": "Mastodon",
        "threads": "Threads",
        "tiktok": "TikTok",
        "website": "our website",
        "x": "X",
        "youtube": "YouTube",
    }
)
"""Networks by the name that registers and permissions use, and as people write them."""

SOMEWHERE = "our pages"


@dataclass(frozen=True, slots=True)
class TakenDown:
    """A picture of a post that was stopped or taken down, and who was said to be in it."""

    likeness: str
    pupils: frozenset[PupilKey]
    staff: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Context:
    """Everything a judgement needs from outside the draft. Its ``repr`` shows no name.

    ``roster`` holds the school's own pupils: ``None`` means that names aren't checked (one note),
    an empty one is suspicious (a flag). ``other_rosters`` holds the pupils of the trust's other
    schools. ``staff`` are names of grown-ups as people write them, e.g. "Mrs Okafor", "Sam Reed";
    ``unnamed`` are those among them who would rather not be named; ``unshown`` are the initials of
    those who would rather not be shown; ``grown_ups`` are others whose names two people keep.
    ``consents`` maps each pupil to every record; ``None`` means there are no permissions at all to
    look at. ``platforms`` tells an account's network, e.g. "facebook". ``labels`` says how a pupil
    is called in a reason where the roster can't. ``allowed_hosts`` are the school's own domains;
    ``office`` its own telephone numbers, e-mail and postal addresses, and postcodes, which nobody
    needs to keep private. ``public_names`` are added to the pack's. ``taken_down`` are pictures
    that may have come again; ``consents`` then holds the records of who is in them, too. ``today``
    is the school's day.
    """

    today: date
    roster: Roster | None = None
    other_rosters: Roster | None = None
    staff: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    unshown: Mapping[PersonId, str] = field(default_factory=dict)
    grown_ups: tuple[str, ...] = ()
    consents: Mapping[PupilKey, tuple[Consent, ...]] | None = None
    platforms: Mapping[AccountId, str] = field(default_factory=dict)
    labels: Mapping[PupilKey, str] = field(default_factory=dict)
    allowed_hosts: tuple[str, ...] = ()
    office: tuple[str, ...] = ()
    public_names: tuple[str, ...] = ()
    taken_down: tuple[TakenDown, ...] = ()

    def __repr__(self) -> str:
        return f"Context(today={self.today}, roster={self.roster!r})"

    def label(self, pupil: PupilKey) -> str:
        """Initials and year, e.g. ``A.K., Year 4``; empty where nobody knows."""
        known = self.labels.get(pupil, "")
        return known or (self.roster.label(pupil) if self.roster is not None else "")

    def platform(self, account: AccountId) -> str | None:
        """The account's network in lower case, or ``None`` when it isn't known."""
        return self.platforms.get(account, "").strip().casefold() or None

    def network(self, account: AccountId | None) -> str:
        """Where an account is, as people write it, e.g. "Facebook"."""
        platform = self.platform(account) if account is not None else None
        return NETWORKS.get(platform, platform) if platform else SOMEWHERE

    def people(self) -> People:
        """The staff, and grown-ups like them, as the name check needs them."""
        return people_called((*self.staff, *self.grown_ups))
