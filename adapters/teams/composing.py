"""The form of a post in Teams: filled in, sent, looked at, put right, stored.

The same form stands in a dialog or in a card that only its person sees. Words that the checks stop
never leave it, and whatever is wrong comes back in it, with the words kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from adapters import writing
from adapters.composing import colleagues_of, pupils_of, remember, store
from adapters.door import Again, Declined, Done, Draft
from adapters.payloads import BadPayload
from adapters.sentences import MAY_NOT_PROPOSE, NOT_YOURS
from adapters.teams import compose_reading as read, compose_views as draw, dialogs, replies
from adapters.teams.compose_memo import Memo
from adapters.teams.compose_reading import Filled
from adapters.teams.compose_views import Sheet
from adapters.teams.hearing import Call
from moderation.kernel import BlobId, Identity, Platform, PostId
from moderation.views import Media


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adapters.door import Answer
    from adapters.teams.envelope import Message
    from adapters.teams.payload import Sent
    from adapters.teams.replies import Reply
    from moderation.posts.model import Attachment

NEWEST = "This is the newest version. It has changed since the card you pressed."


@dataclass(frozen=True, slots=True)
class Place:
    """Where the form stands: in a ``dialog``, or in a card for one person's eyes."""

    call: Call = field(repr=False)
    dialog: bool

    def form(self, sheet: Sheet) -> Reply:
        """The form as it is now."""
        title = draw.CORRECT if sheet.seen else draw.WRITE
        drawn = draw.compose(sheet, self.call.parts.zone, dialog=self.dialog)
        if sheet.text and not drawn.card.get("actions"):
            # It can't be drawn again: what was typed stays where it is.
            return self.call.kept(drawn.summary)
        return self._shown(title, drawn)

    def told(self, title: str, *sentences: str) -> Reply:
        """Sentences in the form's place."""
        return replace(self._shown(title, dialogs.told(title, *sentences)), said=sentences)

    def _shown(self, title: str, message: Message) -> Reply:
        if self.dialog:
            return replies.Reply(dialogs.task(title, message), (), alone=True)
        return replace(replies.card(message.card), alone=True)


# -- opening --------------------------------------------------------------------------------------


async def begin(
    place: Place, words: str = "", *, writer: str = "", notes: Sequence[str] = ()
) -> Reply:
    """The form of a new post. ``writer`` wrote the proposed message."""
    call = place.call
    request = call.parts.ids.new()
    targets = await call.door.targets(by=call.by)
    if not targets:
        said = await call.unknown() or (MAY_NOT_PROPOSE,)
        return place.told(draw.WRITE, *said)
    here = call.origin.conversation
    memo = Memo(place=here, writer="" if writer == call.by.id else writer)
    sheet = Sheet(
        post=PostId(request),
        request=request,
        memo=memo,
        targets=targets,
        accounts=call.parts.desk.likely(call.by, targets, here),
        text=words,
        notes=tuple(notes),
    )
    return place.form(sheet)


async def revise(place: Place, post: PostId, seen: int) -> Reply:
    """The form with the newest version's words, for whoever may change it."""
    call = place.call
    draft = await call.door.draft(post, by=call.by)
    if draft is None:
        return place.told(draw.CORRECT, NOT_YOURS)
    content = draft.content
    declared = await call.door.declared(post, by=call.by) if content.pictured.pupils else ()
    pictured = bool(content.attachments)
    sheet = Sheet(
        post=post,
        seen=draft.seen,
        request=call.parts.ids.new(),
        memo=Memo(place=call.origin.conversation),
        targets=await call.door.targets(by=call.by),
        accounts=content.accounts,
        text=content.text,
        pictures=content.attachments,
        videos=draft.videos,
        shown=await _shown(call, draft) if pictured else {},
        classes=await call.door.classes(content.accounts, by=call.by) if pictured else (),
        who=content.pictured.who,
        named=tuple((it.pupil, it.label) for it in declared),
        staff=await colleagues_of(call.door, content.accounts, content.pictured.staff, by=call.by),
        not_before=content.not_before,
        notes=(NEWEST,) if draft.seen != seen else (),
    )
    return place.form(sheet)


async def _shown(call: Call, draft: Draft) -> Mapping[BlobId, str]:
    """Where the pictures of a post can be seen, by those that were handed in."""
    card = await call.door.card(draft.post, by=call.by)
    if card is None:
        return {}
    media = (part for part in card.parts if isinstance(part, Media))
    clean = [it.blob for part in media for it in part.pictures]
    found = await call.parts.answers.drawing.pictures(card)
    pairs = zip(draft.content.attachments, clean, strict=False)
    return {it.blob: found[blob] for it, blob in pairs if blob is not None and blob in found}


# -- sent -----------------------------------------------------------------------------------------


async def send(place: Place, sent: Sent) -> Reply:
    """Answer a form that was sent; what is wrong comes back in it."""
    call = place.call
    form = read.filled(sent, call.parts.zone)
    if isinstance(form, BadPayload):
        return call.kept(form.sentence)
    stands = await call.door.draft(form.post, by=call.by)
    if stands is None and form.seen:
        return call.kept(NOT_YOURS)
    again = _Again(place, form, stands)
    if form.to_ask:
        return await again.asked()
    if wrong := read.missing(form, again.pictures, again.videos):
        return await again.wrong(wrong)
    pupils = await pupils_of(
        call.door,
        form.accounts,
        form.who,
        form=form.form,
        but=form.but,
        also=form.also,
        by=call.by,
    )
    if isinstance(pupils, Declined):
        return await again.wrong({draw.WHO: " ".join(pupils.sentences)})
    writer = form.memo.writer
    writers = frozenset({Identity(Platform.TEAMS, writer)} if writer else ())
    asks = read.written(form, again.pictures, pupils, writers, again.videos)
    judged = await call.door.preview(asks.content, by=call.by)
    wrong = read.stopped(form, judged, asks.content, again.videos)
    if wrong and not call.parts.desk.insists(form.post, asks.content.digest()):
        return await again.wrong(wrong)
    answer = await store(call.door, asks, by=call.by, sent=call.parts.desk.sent)
    if isinstance(answer, Declined):
        return await again.wrong({}, notes=answer.sentences)
    return await _done(place, form, answer)


async def _done(place: Place, form: Filled, answer: Answer) -> Reply:
    call = place.call
    if isinstance(answer, Done):
        remember(call.parts.desk.last, call.by.id, form.accounts)
    if answer.card is None or place.dialog:
        if isinstance(answer, Done | Again) and answer.stopped and answer.card is not None:
            # What is kept as a draft must be found again when the dialog is closed.
            return call.told(*answer.sentences, *await call.beside(answer.card))
        return call.told(*answer.sentences)
    return await call.card(answer.card, *answer.sentences)


@dataclass(frozen=True, slots=True)
class _Again:
    """The form once more, as it was filled in."""

    place: Place
    form: Filled
    stands: Draft | None

    @property
    def pictures(self) -> tuple[Attachment, ...]:
        return self.stands.content.attachments if self.stands is not None else ()

    @property
    def videos(self) -> frozenset[BlobId]:
        return self.stands.videos if self.stands is not None else frozenset()

    async def asked(self) -> Reply:
        """With the children of the class that was chosen."""
        return await self.wrong({})

    async def wrong(self, wrong: Mapping[str, str], notes: Sequence[str] = ()) -> Reply:
        """With what is the matter above its field, and every word kept."""
        return self.place.form(await self._sheet(wrong, notes))

    async def _sheet(self, wrong: Mapping[str, str], notes: Sequence[str]) -> Sheet:
        form, call = self.form, self.place.call
        classes: Any = ()
        if self.pictures:
            classes = await call.door.classes(form.accounts, by=call.by)
        key = writing.form_of(form.form, classes) if form.form else ""
        of = await call.door.pupils(form.accounts, by=call.by, form=key) if key else ()
        return Sheet(
            post=form.post,
            seen=form.seen,
            request=form.request,
            memo=form.memo,
            targets=await call.door.targets(by=call.by),
            accounts=form.accounts,
            text=form.text,
            pictures=tuple(
                replace(it, alt=form.alts.get(writing.mark(it.blob)) or self._shared(it) or it.alt)
                for it in self.pictures
            ),
            videos=self.videos,
            shown=await _shown(call, self.stands) if self.stands and self.pictures else {},
            classes=classes,
            who=form.who,
            form=key,
            pupils=() if isinstance(of, Declined) else of,
            but=form.but,
            named=await self._named(),
            staff=await colleagues_of(call.door, form.accounts, form.staff, by=call.by),
            not_before=form.not_before,
            notes=tuple(notes),
            wrong=wrong,
        )

    def _shared(self, picture: Attachment) -> str:
        """The one description for all pictures; a video's words are its own."""
        return "" if picture.blob in self.videos else self.form.alt

    async def _named(self) -> tuple[tuple[str, str], ...]:
        """Whoever was named, with a label: Teams sends back keys alone."""
        form, call = self.form, self.place.call
        if not form.also:
            return ()
        classes = await call.door.classes(form.accounts, by=call.by)
        labels = {writing.form_value(it.key): f"All of {it.label}" for it in classes}
        for one in classes:
            if set(form.also) <= labels.keys():
                break
            found = await call.door.pupils(form.accounts, by=call.by, form=one.key)
            if not isinstance(found, Declined):
                labels |= {str(it.pupil): it.label for it in found}
        return tuple((it, labels[it]) for it in form.also if it in labels)
