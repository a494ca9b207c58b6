"""The form of a post between two answers, on any platform: what is remembered, and who is meant."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar

from adapters import writing
from adapters.door import Again, Declined, Done
from adapters.hearing import Tries
from moderation.checks.model import Who
from moderation.kernel import AccountId, BlobId, PersonId, PostId, PupilKey
from moderation.posts.model import Attachment
from moderation.posts.present import AGAIN


if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from adapters.door import Answer, Door, Draft, Target
    from adapters.written import Written
    from moderation.kernel import Identity

K = TypeVar("K")
V = TypeVar("V")

MOST_REMEMBERED: Final = 1_000
MOST_TRIES: Final = 20


class Sent(OrderedDict[tuple[str, PostId], tuple[str, ...]]):
    """Digests of what each person has sent for a post, in that order. A restart may forget them."""


@dataclass(slots=True, kw_only=True, repr=False)
class Desk:
    """Conveniences that a restart may forget: whatever counts is stored with the post.

    ``tries`` are those of every other form, ``sent`` is what was sent for a post. ``taken`` are the
    pictures that were taken in for it, ``moving`` those of them that are videos.
    ``stopped`` is the digest of what was stopped there: sent once more as it is, it's meant.
    ``last`` is where somebody last proposed.
    """

    tries: Tries = field(default_factory=Tries)
    sent: Sent = field(default_factory=Sent)
    taken: OrderedDict[PostId, tuple[Attachment, ...]] = field(default_factory=OrderedDict)
    moving: OrderedDict[PostId, frozenset[BlobId]] = field(default_factory=OrderedDict)
    stopped: OrderedDict[PostId, str] = field(default_factory=OrderedDict)
    last: OrderedDict[str, tuple[AccountId, ...]] = field(default_factory=OrderedDict)

    def insists(self, post: PostId, digest: str) -> bool:
        """Whether exactly this was stopped before; from now on it was."""
        before = self.stopped.get(post)
        remember(self.stopped, post, digest)
        return before == digest

    def pictures(self, post: PostId, stands: Draft | None) -> tuple[Attachment, ...]:
        """Those of the post as it is stored, and those that were only taken in."""
        stored = stands.content.attachments if stands is not None else ()
        known = {it.blob for it in stored}
        return (*stored, *(it for it in self.taken.get(post, ()) if it.blob not in known))

    def videos(self, post: PostId, stands: Draft | None) -> frozenset[BlobId]:
        """Those among :meth:`pictures` that move."""
        stored = stands.videos if stands is not None else frozenset()
        return stored | self.moving.get(post, frozenset())

    def forget(self, post: PostId) -> None:
        """What was taken in for it is stored with it now."""
        self.taken.pop(post, None)
        self.moving.pop(post, None)

    def likely(
        self, by: Identity, targets: Sequence[Target], place: str = ""
    ) -> tuple[AccountId, ...]:
        """The account whose conversation this is, else where they last proposed, else the one."""
        here = tuple(it.account for it in targets if it.place and it.place == place)
        if here:
            return here[:1]
        known = {it.account for it in targets}
        last = tuple(it for it in self.last.get(by.id, ()) if it in known)
        if last:
            return last
        return tuple(known) if len(known) == 1 else ()


def remember(held: OrderedDict[K, V], key: K, value: V) -> None:
    """Keep it, and forget the oldest where there is too much."""
    held[key] = value
    held.move_to_end(key)
    if len(held) > MOST_REMEMBERED:
        held.popitem(last=False)


def over(asks: Written, stands: Draft | None, sent: Collection[str] = ()) -> Written:
    """The first try may have been stored after its person was told to wait.

    Words are written over only where they came of this form: as its first version, or because they
    are among the digests in ``sent``. Anybody else's stay.
    """
    if stands is None or (digest := stands.content.digest()) == asks.content.digest():
        return asks
    if digest not in sent and (asks.seen or stands.seen > 1):
        return asks
    return replace(asks, seen=stands.seen)


async def store(door: Door, asks: Written, *, by: Identity, sent: Sent) -> Answer:
    """Have it stored, over what the same form had sent before with other words.

    Tries may come to their end in any order: only the newest one takes another's place.
    """
    digest, name = asks.content.digest(), (by.id, asks.post)
    before = sent.get(name, ())
    remember(sent, name, (*before, digest)[-MOST_TRIES:])
    answer = await door.do(asks.asks, by=by, key=asks.key(by.id))
    if isinstance(answer, Done):
        return answer
    stands = await door.draft(asks.post, by=by)
    if stands is None or sent.get(name, ())[-1:] != (digest,):
        return answer
    same = stands.content.digest() == digest and asks.seen != stands.seen
    if isinstance(answer, Declined) and same and digest in before:
        return Again(sentences=(AGAIN,), card=answer.card)
    newer = over(asks, stands, before)
    if newer.seen == asks.seen:
        return answer
    return await door.do(newer.asks, by=by, key=newer.key(by.id))


async def pupils_of(
    door: Door,
    accounts: Sequence[AccountId],
    who: Who,
    *,
    form: str,
    but: Collection[PupilKey],
    also: Collection[str],
    by: Identity,
) -> frozenset[PupilKey] | Declined:
    """Everybody of the class but …, and whoever was named beside it.

    ``form`` is the value of the class that was chosen or "", ``also`` are keys of pupils and values
    of classes.
    """
    if who is not Who.THESE:
        return frozenset()
    whole = [it for it in (form, *also) if it.startswith(writing.FORM)]
    found = {PupilKey(it) for it in also if not it.startswith(writing.FORM)}
    classes = await door.classes(accounts, by=by) if whole else ()
    for value in whole:
        key = writing.form_of(value, classes)
        of = await door.pupils(accounts, by=by, form=key) if key else ()
        if isinstance(of, Declined):
            return of
        away = frozenset(but) if value == form else frozenset()
        found |= {it.pupil for it in of} - away
    return frozenset(found) or Declined(sentences=(writing.NO_PUPILS,))


async def colleagues_of(
    door: Door, accounts: Sequence[AccountId], staff: Collection[PersonId], *, by: Identity
) -> tuple[tuple[PersonId, str], ...]:
    """Those who are said to be in it, with labels; none is left out for want of one."""
    found = await door.colleagues(accounts, by=by, known=staff) if staff else ()
    labels = {it.person: it.label for it in found}
    return tuple((it, labels.get(it, writing.A_COLLEAGUE)) for it in sorted(staff))
