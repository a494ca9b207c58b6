"""The dialog of a post, sent: looked at, put right or stored, and its pictures taken in.

The order is what makes it safe to close a phone at any moment. Words that the checks stop never
leave the dialog. Pictures are fetched while the dialog shows the words; then everything is stored
as a draft, and the dialog asks what is still missing; whoever closed it meanwhile is sent that.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog
from slack_sdk.errors import SlackClientError

from adapters import writing
from adapters.composing import pupils_of, remember, store
from adapters.door import Again, Declined, Done
from adapters.hearing import a_number
from adapters.sentences import NOT_YOURS, OUR_FAULT
from adapters.slack import compose_reading as read, compose_views as draw, home
from adapters.slack.compose_reading import BadForm, Filled
from adapters.slack.compose_views import Memo, Sheet
from adapters.slack.inbound import Origin
from adapters.slack.parts import CLOSE, Reply
from adapters.taking_in import taken_in
from moderation.kernel import BlobId, Identity, Platform, PupilKey, SubjectRef
from moderation.posts.model import POST
from moderation.views import Media, Quote, Tone, Weight
from moderation.words import capital, card as worded, counted


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adapters.door import Draft
    from adapters.slack.parts import Call
    from adapters.written import Written
    from moderation.views import Card

log = structlog.get_logger(__name__)

SHOWING: Final = 1.5
"""Seconds that the dialog waits for its pictures: less than until it says that it is slow."""
CONTINUE: Final = "Continue"
KEPT: Final = "What you wrote and sent is kept as a draft. Please go on when you like."
NOT_KEPT: Final = "This isn't saved. Your words stand here, so that nothing is lost."
MISSING: Final = "Please say what they show and who is in them."
UNSAID: Final = "Please write what is said in it, and who is in it."
BOTH_UNSAID: Final = "Please say what they show, what is said in the video, and who is in them."
NOT_SAVED: Final = "Not saved yet"


# -- sending --------------------------------------------------------------------------------------


async def send(call: Call) -> Reply:
    """Answer a dialog that was sent; what is wrong comes back on its field."""
    try:
        form = read.filled(call.body.get("view"))
    except BadForm as bad:
        return _errors({draw.ACCOUNTS: str(bad)})
    stands = await call.door.draft(form.memo.post, by=call.by)
    if stands is None and form.memo.seen:
        return _errors(read.said(form, (NOT_YOURS,)))
    pictures = call.parts.desk.pictures(form.memo.post, stands)
    videos = call.parts.desk.videos(form.memo.post, stands)
    wrong = read.missing(form, pictures, videos)
    if wrong:
        return _errors(wrong)
    pupils = await _pupils(call, form)
    if isinstance(pupils, Declined):
        return _errors(read.said(form, pupils.sentences, draw.WHO))
    asks = read.written(form, pictures, pupils, _writers(form), videos)
    judged = await call.door.preview(asks.content, by=call.by)
    wrong = read.stopped(form, judged, asks.content, videos)
    if wrong and not call.parts.desk.insists(form.memo.post, asks.content.digest()):
        return _errors(wrong)
    if form.to_fetch:
        call.parts.patience.begin(_take_in(call, form, stands, pupils))
        looking = draw.looking(form.memo, len(form.to_fetch), form.text, moving=form.moving)
        return {"response_action": "update", "view": looking}
    return await _asked(call, form, asks)


async def _asked(call: Call, form: Filled, asks: Written) -> Reply:
    answer = await store(call.door, asks, by=call.by, sent=call.parts.desk.sent)
    match answer:
        case Declined():
            return _errors(read.said(form, answer.sentences))
        case Done():
            remember(call.parts.desk.last, call.by.id, form.accounts)
            call.parts.desk.forget(form.memo.post)
            call.parts.patience.begin(_told(call, form, answer))
        case Again():
            # Whoever was first is telling them.
            pass
    return dict(CLOSE)


async def _told(call: Call, form: Filled, answer: Done) -> None:
    """Who has been asked, and the card, to this person alone, where they began."""
    memo, parts = form.memo, call.parts
    there = parts.begun.get(memo.request) or Origin(channel=memo.place)
    try:
        if there.home:
            await home.publish(call, said=answer.sentences)
            return
        shown = [answer.card] if answer.card is not None else []
        await parts.answers.show(there, call.by, shown, answer.sentences)
    except Exception:
        # It is stored, and the cards are the relay's.
        log.exception("slack.failed", request=a_number())


def _errors(wrong: dict[str, str]) -> Reply:
    return {"response_action": "errors", "errors": wrong}


def _writers(form: Filled) -> frozenset[Identity]:
    writer = form.memo.writer
    return frozenset({Identity(Platform.SLACK, writer)} if writer else ())


async def _pupils(call: Call, form: Filled) -> frozenset[PupilKey] | Declined:
    return await pupils_of(
        call.door,
        form.accounts,
        form.who,
        form=form.form,
        but=form.but,
        also=form.also,
        by=call.by,
    )


# -- pictures -------------------------------------------------------------------------------------


async def _take_in(
    call: Call, form: Filled, stands: Draft | None, pupils: frozenset[PupilKey]
) -> None:
    """Fetch the pictures and look at them; then the dialog asks for what is missing."""
    told = call.parts.desk.told.get(call.origin.view)
    try:
        notes, kept = await _stored(call, form, stands, pupils)
    except Exception:
        number = a_number()
        log.exception("slack.failed", request=number)
        notes, kept = (OUR_FAULT.format(number),), None
    stands = kept or stands
    memo = replace(form.memo, kept=kept is not None, seen=kept.seen if kept else form.memo.seen)
    if call.parts.desk.pictures(form.memo.post, stands):
        memo = replace(memo, files=())
    try:
        if kept is not None:
            await shown(call, kept)
        form = replace(form, memo=memo)
        sheet = await sheet_of(call, form, stands, notes)
        if told is not None:
            await told.wait()  # else the answer would be drawn over this
        if not await _drawn(call, sheet):
            await bring(call, memo, form.text, notes)
    except Exception:
        # The words must not be lost with it.
        log.exception("slack.failed", request=a_number())
        await bring(call, memo, form.text, notes)


async def _stored(
    call: Call, form: Filled, stands: Draft | None, pupils: frozenset[PupilKey]
) -> tuple[tuple[str, ...], Draft | None]:
    """What there is to say of each picture, and the draft with them where it could be stored."""
    every = call.parts.desk.pictures(form.memo.post, stands)
    before = tuple(it for it in every if writing.mark(it.blob) not in form.out)
    known = call.parts.desk.videos(form.memo.post, stands)
    taken = await taken_in(
        call.door,
        call.parts.incoming.fetch,
        form.to_fetch,
        by=call.by,
        before=before,
        videos=known,
    )
    new, said = taken.pictures, taken.notes
    if not new:
        return said, None
    remember(call.parts.desk.taken, form.memo.post, (*before, *new))
    remember(call.parts.desk.moving, form.memo.post, known | taken.videos)
    notes = (_in(len(new), len(taken.videos)), *said)
    asks = read.written(form, (*before, *new), pupils, _writers(form), known | taken.videos)
    judged = await call.door.preview(asks.content, by=call.by)
    if not judged.stops:
        # A policy without the rule that a picture is described: it would go out to be decided on
        # before anybody could say who is in it.
        return notes, None
    answer = await store(call.door, asks, by=call.by, sent=call.parts.desk.sent)
    if isinstance(answer, Declined):
        return (*notes, *answer.sentences), None
    call.parts.desk.forget(form.memo.post)
    return notes, await call.door.draft(form.memo.post, by=call.by)


def _in(new: int, videos: int) -> str:
    """How many are in, and what is still to be said of them."""
    head = capital(counted(new, "file" if new > videos > 0 else "video" if videos else "picture"))
    ask = UNSAID if videos == new else BOTH_UNSAID if videos else MISSING
    return f"{head} {'is' if new == 1 else 'are'} in. {ask}"


# -- the dialog once more -------------------------------------------------------------------------


async def sheet_of(
    call: Call, form: Filled, stands: Draft | None, notes: tuple[str, ...] = ()
) -> Sheet:
    """The dialog as it is filled in, with everything that depends on what was chosen."""
    desk, post = call.parts.desk, form.memo.post
    pictures = desk.pictures(post, stands)
    remember(call.parts.desk.chosen, form.memo.post, form.accounts)
    classes = await call.door.classes(form.accounts, by=call.by) if pictures else ()
    return Sheet(
        memo=form.memo,
        targets=await call.door.targets(by=call.by),
        accounts=form.accounts,
        boxes=form.boxes,
        pictures=pictures,
        videos=desk.videos(post, stands),
        classes=classes,
        who=form.who,
        form=writing.form_of(form.form, classes) if form.form else "",
        named=tuple(form.also.items()),
        staff=tuple(form.staff.items()),
        not_before=form.not_before,
        shown=call.parts.desk.shown.get(form.memo.post, {}),
        notes=notes,
    )


async def _drawn(call: Call, sheet: Sheet) -> bool:
    """Whether the dialog was still open. A picture that Slack can't show must not cost the rest."""
    try:
        return await call.update(call.origin.view, draw.view(sheet))
    except SlackClientError:
        if not sheet.shown:
            raise
        log.warning("slack.dialog_without_pictures")
        call.parts.desk.shown.pop(sheet.memo.post, None)
        return await call.update(call.origin.view, draw.view(replace(sheet, shown={})))


async def shown(call: Call, draft: Draft) -> Mapping[BlobId, str]:
    """Slack's files of a post's pictures, those that come soon: nobody waits for the others."""
    card = await call.door.card(draft.post, by=call.by)
    parts = card.parts if card is not None else ()
    clean = [it.blob for part in parts if isinstance(part, Media) for it in part.pictures]
    if card is None or not clean:
        return {}
    try:
        async with asyncio.timeout(SHOWING):
            files = await call.parts.answers.pictures(card)
    except TimeoutError:
        return {}
    pairs = zip(draft.content.attachments, clean, strict=False)
    found = {it.blob: files[blob] for it, blob in pairs if blob is not None and blob in files}
    remember(call.parts.desk.shown, draft.post, found)
    return found


async def bring(call: Call, memo: Memo, words: str, notes: Sequence[str] = ()) -> None:
    """The dialog is closed: the draft comes by private message, or at least its words."""
    card = await call.door.card(memo.post, by=call.by) if memo.kept else None
    said = (KEPT, *notes) if card is not None else (NOT_KEPT, *notes)
    shown = _to_go_on(card) if card is not None else _words(memo, words)
    await call.parts.answers.show(Origin(), call.by, [shown], said)


def _to_go_on(card: Card) -> Card:
    """The likely button says what it does here."""
    return replace(
        card,
        buttons=tuple(
            replace(it, label=CONTINUE, weight=Weight.PRIMARY)
            if it.intent.verb == "post.revise"
            else it
            for it in card.buttons
        ),
    )


def _words(memo: Memo, words: str) -> Card:
    return worded(
        SubjectRef(POST, memo.post),
        version=0,
        title=draw.WRITE,
        state=NOT_SAVED,
        tone=Tone.CARE,
        parts=(Quote(text=words, copyable=True),),
    )
