"""The form of a post: opened in the card's place, looked at, put right or stored.

Only whoever pressed sees it. Words that the checks stop never leave the form; what is wrong stands
at its field, and what was typed stays in it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from adapters import writing
from adapters.composing import Desk, over, pupils_of, remember
from adapters.door import Declined
from adapters.intents import BadPayload, EditPost
from adapters.sentences import NOT_YOURS
from adapters.teams import compose_memo, compose_reading as read, compose_views as draw, replies
from adapters.teams.compose_memo import Memo
from adapters.teams.compose_views import Sheet
from adapters.teams.replies import Reply
from moderation.kernel import AccountId, BlobId, PostId
from moderation.views import Media


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adapters.door import Draft, FormChoice, PupilChoice
    from adapters.intents import Query
    from adapters.teams.compose_reading import Filled
    from adapters.teams.hearing import Call, Hear
    from adapters.teams.payload import Sent
    from moderation.posts.model import Attachment

NEWEST: Final = "This is the newest version. It has changed since the card you pressed."
WHO_ISNT: Final = "Please say who of the class isn't in it, then press Propose again."
SOMEBODY: Final = "A pupil whom you named"
LONGEST_QUERY: Final = 100
LEAST_LETTERS: Final = 3
MOST_FOUND: Final = 15


def register(hear: Hear) -> None:
    """Hear what is named here."""
    desk = _Correcting()
    hear.query(EditPost, desk.opened)
    hear.form(compose_memo.VERB, desk.sent)
    hear.invoke(replies.SEARCH, desk.searched)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Correcting:
    """``labels`` are those of pupils whom somebody found for a post: Teams sends keys back."""

    desk: Desk = field(default_factory=Desk)
    labels: OrderedDict[PostId, dict[str, str]] = field(default_factory=OrderedDict, repr=False)

    async def opened(self, call: Call, _sent: Sent, asks: Query) -> Reply:
        """The newest version in the form."""
        if not isinstance(asks, EditPost):
            return replies.nothing()
        draft = await call.door.draft(asks.post, by=call.by)
        if draft is None:
            return call.told(NOT_YOURS)
        content = draft.content
        pictured = bool(content.attachments)
        declared = await call.door.declared(asks.post, by=call.by) if pictured else ()
        sheet = Sheet(
            post=asks.post,
            seen=draft.seen,
            request=call.parts.ids.new(),
            memo=Memo(place=call.origin.conversation),
            targets=await call.door.targets(by=call.by),
            accounts=content.accounts,
            text=content.text,
            pictures=content.attachments,
            shown=await _shown(call, draft),
            classes=await _classes(call, draft.content.accounts, pictured=pictured),
            who=content.pictured.who,
            named=tuple((it.pupil, it.label) for it in declared),
            not_before=content.not_before,
            notes=(NEWEST,) if draft.seen != asks.seen else (),
        )
        return _form(call, sheet)

    async def sent(self, call: Call, sent: Sent) -> Reply:
        """Store it, or show it again with what is wrong."""
        form = read.filled(sent, call.parts.zone)
        if isinstance(form, BadPayload):
            return call.told(form.sentence)
        stands = await call.door.draft(form.post, by=call.by)
        if stands is None and form.seen:
            return call.told(NOT_YOURS)
        pictures = self.desk.pictures(form.post, stands)
        wrong = read.missing(form, pictures)
        notes: tuple[str, ...] = ()
        if not wrong and pictures and form.to_ask:
            notes = (WHO_ISNT,)
        if wrong or notes:
            return await self._again(call, form, stands, pictures, wrong, notes)
        return await self._asked(call, form, stands, pictures)

    async def _asked(
        self, call: Call, form: Filled, stands: Draft | None, pictures: tuple[Attachment, ...]
    ) -> Reply:
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
            wrong = {draw.WHO: " ".join(pupils.sentences)}
            return await self._again(call, form, stands, pictures, wrong)
        asks = over(read.written(form, pictures, pupils), stands)
        judged = await call.door.preview(asks.content, by=call.by)
        wrong = read.stopped(form, judged, asks.content)
        if wrong and not self.desk.insists(form.post, asks.content.digest()):
            return await self._again(call, form, stands, pictures, wrong)
        answer = await call.door.do(asks.asks, by=call.by, key=asks.key(call.by.id))
        if isinstance(answer, Declined):
            return await self._again(call, form, stands, pictures, {}, answer.sentences)
        if answer.card is None:
            return call.told(*answer.sentences)
        await call.replace(answer.card)
        return await call.card(answer.card, *answer.sentences)

    async def _again(
        self,
        call: Call,
        form: Filled,
        stands: Draft | None,
        pictures: tuple[Attachment, ...],
        wrong: Mapping[str, str],
        notes: tuple[str, ...] = (),
    ) -> Reply:
        """The form as it was filled in, with everything that depends on what was chosen."""
        classes = await _classes(call, form.accounts, pictured=bool(pictures))
        key = writing.form_of(form.form, classes) if form.form else ""
        of: tuple[PupilChoice, ...] | Declined = ()
        if key:
            of = await call.door.pupils(form.accounts, by=call.by, form=key)
        sheet = Sheet(
            post=form.post,
            seen=form.seen,
            request=form.request,
            memo=form.memo,
            targets=await call.door.targets(by=call.by),
            accounts=form.accounts,
            text=form.text,
            pictures=tuple(_typed(form, pictures)),
            shown=await _shown(call, stands) if stands is not None else {},
            classes=classes,
            who=form.who,
            form=key,
            pupils=() if isinstance(of, Declined) else of,
            but=form.but,
            named=await self._named(call, form, classes),
            not_before=form.not_before,
            notes=notes,
            wrong=wrong,
        )
        return _form(call, sheet)

    async def _named(
        self, call: Call, form: Filled, classes: Sequence[FormChoice]
    ) -> tuple[tuple[str, str], ...]:
        if not form.also:
            return ()
        known = dict(self.labels.get(form.post, {}))
        if form.seen:
            declared = await call.door.declared(form.post, by=call.by)
            known |= {it.pupil: it.label for it in declared}
        known |= {writing.form_value(it.key): f"All of {it.label}" for it in classes}
        return tuple((it, known.get(it, SOMEBODY)) for it in form.also)

    # -- children by name ------------------------------------------------------------------------

    async def searched(self, call: Call) -> Reply:
        """Pupils by the first letters of a name, and classes by theirs."""
        value = call.activity.value
        dataset, typed = value.get("dataset"), value.get("queryText")
        post = draw.searched_post(dataset) if isinstance(dataset, str) else None
        if post is None or not isinstance(typed, str) or not typed.strip():
            return call.told()
        typed = typed.strip()[:LONGEST_QUERY]
        draft = await call.door.draft(post, by=call.by)
        accounts = draft.content.accounts if draft is not None else ()
        if not accounts:
            return call.told()
        classes = await call.door.classes(accounts, by=call.by)
        whole = [it for it in classes if it.label.casefold().startswith(typed.casefold())]
        found: tuple[PupilChoice, ...] | Declined = ()
        if len(typed) >= LEAST_LETTERS:
            found = await call.door.pupils(accounts, by=call.by, words=typed)
        pupils = () if isinstance(found, Declined) else found
        seen = self.labels.get(post, {}) | {str(it.pupil): it.label for it in pupils}
        remember(self.labels, post, seen)
        return Reply(draw.search_results(pupils, whole[:MOST_FOUND]))


def _form(call: Call, sheet: Sheet) -> Reply:
    """For whoever pressed alone: it may name children."""
    drawn = draw.compose(sheet, call.parts.zone, dialog=False)
    return replace(replies.card(drawn.card), alone=True)


def _typed(form: Filled, pictures: Sequence[Attachment]) -> Sequence[Attachment]:
    """All the pictures, with what was typed about each, those that are to go as well."""
    return [
        replace(it, alt=form.alts.get(writing.mark(it.blob), "" if form.alt else it.alt))
        for it in pictures
    ]


async def _classes(
    call: Call, accounts: Sequence[AccountId], *, pictured: bool
) -> tuple[FormChoice, ...]:
    return await call.door.classes(accounts, by=call.by) if pictured and accounts else ()


async def _shown(call: Call, draft: Draft) -> Mapping[BlobId, str]:
    """The addresses of a post's pictures, by what they are called in its content."""
    if not draft.content.attachments:
        return {}
    card = await call.door.card(draft.post, by=call.by)
    if card is None:
        return {}
    clean = [it.blob for part in card.parts if isinstance(part, Media) for it in part.pictures]
    addresses = await call.parts.answers.drawing.pictures(card)
    pairs = zip(draft.content.attachments, clean, strict=False)
    found = {it.blob: addresses.get(blob, "") for it, blob in pairs if blob is not None}
    return {blob: address for blob, address in found.items() if address}
