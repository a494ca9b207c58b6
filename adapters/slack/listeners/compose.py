"""Writing a post and correcting one: the dialog opens, is filled in, looked at and sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from adapters import writing
from adapters.composing import colleagues_of, remember
from adapters.door import Declined
from adapters.sentences import NOT_YOURS
from adapters.slack import compose_reading as read, compose_views as draw, inbound, names
from adapters.slack.compose_blocks import (
    MOST_OPTIONS,
    class_options,
    colleague_options,
    pupil_options,
)
from adapters.slack.compose_message import message_files, message_moves, message_words
from adapters.slack.compose_reading import BadForm, Filled
from adapters.slack.compose_views import Memo, Sheet
from adapters.slack.composing import bring, send, sheet_of, shown
from adapters.slack.parts import Call, Listener, Reply, at_once, in_reply
from adapters.taking_in import left_behind
from moderation.kernel import AccountId, PostId


if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.context.ack.async_ack import AsyncAck

    from adapters.slack.parts import Parts
    from adapters.slack.text import Block


LANDING: Final = 1.0
"""Seconds that an answer gets to be shown in Slack."""
NEWEST: Final = "This is the newest version. It has changed since the card you pressed."


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear everything about the dialog of a post."""
    app.command(parts.commands.propose)(at_once(parts, _typed))
    app.global_shortcut(names.PROPOSE_POST)(at_once(parts, write_anew))
    app.message_shortcut(names.PROPOSE_MESSAGE)(at_once(parts, _from_message))
    app.block_action(draw.LOOK)(at_once(parts, _looked))
    app.options(draw.BUT_WHOM)(in_reply(parts, _but_whom))
    app.options(draw.WHOM)(in_reply(parts, _whom))
    app.options(draw.WHICH_COLLEAGUE)(in_reply(parts, _which_colleague))
    app.view_submission(draw.COMPOSE)(_sent(parts))
    app.view_closed(draw.COMPOSE)(at_once(parts, _closed))


# -- opening --------------------------------------------------------------------------------------


async def _typed(call: Call) -> None:
    await _open(call, inbound.typed(call.body).words)


async def write_anew(call: Call) -> None:
    """The dialog with nothing in it."""
    await _open(call, "")


async def _from_message(call: Call) -> None:
    """The words and the pictures of a message, whose writer is an author too."""
    message = inbound.part(call.body, "message")
    files, others = message_files(message)
    writer = inbound.message(call.body).writer
    notes = left_behind(others, taken=len(files))
    await _open(
        call,
        message_words(message),
        writer="" if writer == call.by.id else writer,
        files=files,
        moving=message_moves(message),
        notes=notes,
    )


async def _open(
    call: Call,
    words: str,
    *,
    writer: str = "",
    files: tuple[str, ...] = (),
    moving: bool = False,
    notes: tuple[str, ...] = (),
) -> None:
    request = call.parts.begin(call.origin)
    memo = Memo(
        post=PostId(request),
        request=request,
        place=call.origin.channel,
        writer=writer,
        files=files,
        moving=moving,
    )

    async def made() -> Block:
        targets = await call.door.targets(by=call.by)
        if not targets and (stranger := await call.unknown()):
            return draw.said(draw.WRITE, *stranger, words=words)
        accounts = call.parts.desk.likely(call.by, targets, call.origin.channel)
        return draw.view(
            Sheet(memo=memo, targets=targets, accounts=accounts, text=words, notes=notes)
        )

    await call.fill(draw.skeleton(), made())


async def revise(call: Call, post: PostId, seen: int) -> None:
    """Open the dialog with the newest version's words, for whoever may change it."""
    request = call.parts.begin(call.origin)

    async def made() -> Block:
        draft = await call.door.draft(post, by=call.by)
        if draft is None:
            return draw.said(draw.CORRECT, NOT_YOURS)
        content = draft.content
        declared = await call.door.declared(post, by=call.by) if content.pictured.pupils else ()
        return draw.view(
            Sheet(
                memo=Memo(post=post, seen=draft.seen, request=request, place=call.origin.channel),
                targets=await call.door.targets(by=call.by),
                accounts=content.accounts,
                text=content.text,
                pictures=content.attachments,
                videos=draft.videos,
                classes=await call.door.classes(content.accounts, by=call.by),
                who=content.pictured.who,
                named=tuple((it.pupil, it.label) for it in declared),
                staff=await colleagues_of(
                    call.door, content.accounts, content.pictured.staff, by=call.by
                ),
                shown=await shown(call, draft) if content.attachments else {},
                not_before=content.not_before,
                notes=(NEWEST,) if draft.seen != seen else (),
            )
        )

    await call.fill(draw.skeleton(seen), made())


# -- while it is filled in ------------------------------------------------------------------------


async def _looked(call: Call) -> None:
    """Something was chosen on which other fields depend."""
    form, desk, view = _form(call), call.parts.desk, call.origin.view
    if form is None:
        return
    chosen = inbound.acted_at(call.body)
    if chosen < desk.choice.get(view, ""):
        return  # requests may overtake each other: what came later is drawn, or has been
    remember(desk.choice, view, chosen)
    async with desk.drawing.setdefault(view, asyncio.Lock()):
        if desk.choice.get(view) != chosen:
            return
        stands = await call.door.draft(form.memo.post, by=call.by) if form.memo.seen else None
        sheet = await sheet_of(call, form, stands)
        await call.update(view, draw.view(sheet))


async def _but_whom(call: Call) -> Reply:
    """The children of the chosen class, narrowed by what is typed."""
    form = _form(call)
    block = call.body.get("block_id")
    if form is None or not isinstance(block, str):
        return {"options": []}
    accounts = await _accounts(call, form)
    classes = await call.door.classes(accounts, by=call.by)
    key = writing.form_of(block.partition(":")[2], classes)
    found = await call.door.pupils(accounts, by=call.by, form=key) if key else ()
    if isinstance(found, Declined):
        return {"options": []}
    typed = inbound.words(call.body.get("value"), longest=100).casefold().strip()
    return {"options": pupil_options(it for it in found if typed in it.label.casefold())}


async def _whom(call: Call) -> Reply:
    """Pupils by the first letters of a name, and classes by theirs."""
    form = _form(call)
    typed = inbound.words(call.body.get("value"), longest=100).strip()
    if form is None or not typed:
        return {"options": []}
    accounts = await _accounts(call, form)
    classes = await call.door.classes(accounts, by=call.by)
    whole = [it for it in classes if it.label.casefold().startswith(typed.casefold())]
    found = await call.door.pupils(accounts, by=call.by, words=typed)
    pupils = () if isinstance(found, Declined) else found
    options = [*class_options(whole), *pupil_options(pupils)]
    return {"options": options[:MOST_OPTIONS]}


async def _which_colleague(call: Call) -> Reply:
    """Those who work there, by the first letters of a name."""
    form = _form(call)
    typed = inbound.words(call.body.get("value"), longest=100).strip()
    if form is None or not typed:
        return {"options": []}
    accounts = await _accounts(call, form)
    found = await call.door.colleagues(accounts, by=call.by, words=typed)
    return {"options": colleague_options(found)}


async def _accounts(call: Call, form: Filled) -> tuple[AccountId, ...]:
    """Those that are chosen; while Slack doesn't tell, those of the dialog or of the post."""
    known = form.accounts or call.parts.desk.chosen.get(form.memo.post, ())
    if known or not form.memo.seen:
        return known
    draft = await call.door.draft(form.memo.post, by=call.by)
    return draft.content.accounts if draft is not None else ()


# -- sent and closed -------------------------------------------------------------------------------


def _sent(parts: Parts) -> Listener:
    """A dialog that is sent; what goes on behind it knows when it has been answered."""
    answer = in_reply(parts, send)

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        told = asyncio.Event()
        remember(parts.desk.told, inbound.origin(body).view, told)
        try:
            await answer(ack=ack, body=body)
        finally:
            # Bolt has the answer, and Slack hasn't yet: a quicker drawing would be drawn over.
            asyncio.get_running_loop().call_later(LANDING, told.set)

    return listener


async def _closed(call: Call) -> None:
    """Pictures were taken in: tell the person where the draft is, or give the words back."""
    try:
        memo = read.memo(inbound.part(call.body, "view").get("private_metadata"))
    except BadForm:
        return
    draft = await call.door.draft(memo.post, by=call.by)
    if (draft.seen if draft is not None else 0) != memo.seen:
        return
    # Slack needn't say what stood in a dialog that was closed.
    form = _form(call)
    words = form.text if form is not None else ""
    if memo.kept or words:
        await bring(call, memo, words)


def _form(call: Call) -> Filled | None:
    try:
        return read.filled(call.body.get("view"))
    except BadForm:
        return None
