"""The page's server: one aiohttp application, mounted where the demo wants it.

    app.add_subapp("/sandbox/", build(door, chat, clock=clock, ids=ids, zone=zone, title="…"))

Every address in the page is relative, so that it works under any prefix that ends in a slash.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, assert_never

import structlog
from aiohttp import ClientConnectionResetError, web

from adapters import intents
from adapters.composing import Sent, store
from adapters.door import Again, Answer, Declined, Done
from adapters.hearing import Tries
from adapters.patience import Patience
from adapters.payloads import BadPayload
from adapters.playing import play
from adapters.sandbox import bodies, desk as draw, inbound
from adapters.sandbox.chat import News, SandboxChat, private_id
from adapters.sandbox.desk import Desk, Shelf
from adapters.sandbox.door import SandboxDoor, Seat
from adapters.sandbox.guard import Guard, add_headers, answer_faults
from adapters.sandbox.render import HERE, pages
from adapters.sentences import (
    NOT_HERE,
    NOT_YET,
    NOT_YOURS,
    OUTDATED,
    no_such_command,
)
from adapters.slash import Verb
from adapters.taking_in import may_be_video
from moderation.incidents import commands as incidents
from moderation.keeping import commands as keeping
from moderation.ports import Ids


if TYPE_CHECKING:
    from collections.abc import Coroutine

    from adapters.intents import Command
    from moderation.ports import Clock
    from moderation.views import Card

log = structlog.get_logger(__name__)

LARGEST_PICTURE: Final = 40 * 1024 * 1024
"""Bytes."""
HEARTBEAT: Final = 15.0
"""Seconds between signs of life on a silent stream."""

NOBODY: Final = "Please choose who you are first."
TOO_LARGE: Final = "That picture is over 40 MB. Please choose a smaller one."


def build(
    door: SandboxDoor,
    chat: SandboxChat,
    *,
    clock: Clock,
    ids: Ids,
    zone: tzinfo,
    title: str,
    examples: Mapping[str, str] = MappingProxyType({}),
    guard: Guard | None = None,
) -> web.Application:
    """The page for one start. ``title`` names the trust; ``zone`` is the schools' time zone.

    ``examples`` are words of a post to try, by what is in them.
    """
    guard = guard or Guard()
    site = Site(
        door=door,
        chat=chat,
        desk=Desk(door, chat, clock, ids, zone, Shelf(secrets.token_bytes(32))),
        ids=ids,
        zone=zone,
        title=title,
        examples=examples,
        guard=guard,
        patience=Patience(late=chat.nudge),
    )
    app = web.Application(middlewares=[answer_faults, guard.let_in])
    app.router.add_get("/", site.page, name="page")
    app.router.add_static("/static", HERE / "static", name="static")
    app.router.add_get("/view", site.view)
    app.router.add_get("/stream", site.stream)
    app.router.add_get("/queue", site.queue)
    app.router.add_get("/classes", site.classes)
    app.router.add_get("/pupils", site.pupils)
    app.router.add_get("/colleagues", site.colleagues)
    app.router.add_get("/media/{token}", site.media)
    app.router.add_post("/do", site.do)
    app.router.add_post("/look", site.look)
    app.router.add_post("/propose", site.propose)
    app.router.add_post("/preview", site.preview)
    # By this name it may read more than other routes: it never holds all of it.
    app.router.add_post("/upload", site.upload, name="in_parts")
    app.router.add_post("/command", site.command)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(site.close)
    return app


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The handlers."""

    door: SandboxDoor
    chat: SandboxChat
    desk: Desk
    ids: Ids
    zone: tzinfo
    title: str
    examples: Mapping[str, str]
    guard: Guard
    patience: Patience
    sent: Sent = field(default_factory=Sent)
    tries: Tries = field(default_factory=Tries)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def close(self, _app: web.Application) -> None:
        """Let every stream end, so that stopping doesn't wait for them."""
        self.closing.set()
        self.chat.nudge()
        await self.patience.finish()

    # -- reading -------------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.Response:
        """The page itself, already filled in for the seat in ``?as=``."""
        seats = await self.door.seats()
        if not seats:
            return web.Response(text="Nobody is here yet: there are no people.", status=503)
        wanted = request.query.get("as", "")
        seat = next((seat for seat in seats if seat.person == wanted), seats[0])
        view = await self.desk.view(seat, request.query.get("channel", ""))
        html = pages.get_template("page.html").render(
            title=self.title,
            examples=self.examples,
            seats=seats,
            seat=seat,
            view=view,
            targets=json.dumps(view["targets"]),
        )
        response = web.Response(text=html, content_type="text/html", charset="utf-8")
        self.guard.hand_out(request, response)
        return response

    async def view(self, request: web.Request) -> web.Response:
        """One seat's conversations, drafts and choices."""
        seat = await self._seat(request.query)
        return web.json_response(await self.desk.view(seat, request.query.get("channel", "")))

    async def queue(self, request: web.Request) -> web.Response:
        seat = await self._seat(request.query)
        return web.json_response(
            await self.desk.next_in_queue(seat, request.query.get("after", ""))
        )

    async def classes(self, request: web.Request) -> web.Response:
        """The classes whose pupils may be in a picture for these accounts."""
        seat = await self._seat(request.query)
        found = await self.door.classes(bodies.accounts(request.query), by=seat.identity)
        return web.json_response({"classes": [[item.key, item.label] for item in found]})

    async def pupils(self, request: web.Request) -> web.Response:
        """Pupils of a class (``form``), or those found by three letters (``words``)."""
        seat = await self._seat(request.query)
        found = await self.door.pupils(
            bodies.accounts(request.query),
            by=seat.identity,
            words=request.query.get("words", "")[:100],
            form=request.query.get("form", "")[:100],
        )
        said = list(found.sentences) if isinstance(found, Declined) else []
        return web.json_response({"pupils": draw.pupils(found), "sentences": said})

    async def colleagues(self, request: web.Request) -> web.Response:
        """Those who work there, by the first letters of a name (``words``)."""
        seat = await self._seat(request.query)
        found = await self.door.colleagues(
            bodies.accounts(request.query),
            by=seat.identity,
            words=request.query.get("words", "")[:100],
        )
        return web.json_response({"staff": draw.colleagues(found)})

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A picture or a video, for the person whose page named it."""
        known = self.desk.shelf.find(request.match_info["token"])
        video = await self.door.video(known[0], by=known[1]) if known else None
        if video is not None:
            return await play(request, video)
        content = await self.door.picture(known[0], by=known[1]) if known else None
        kind = bodies.media_type(content) if content is not None else None
        if content is None or kind is None:
            return web.Response(status=404, text="This picture is no longer shown.")
        return web.Response(
            body=content, content_type=kind, headers={"Content-Disposition": "inline"}
        )

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: something changed, look again."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        try:
            async with self.chat.listen() as news:
                await response.write(b"retry: 1000\n\n")
                while not self.closing.is_set():
                    await response.write(await _next_event(news))
        except (ClientConnectionResetError, ConnectionResetError):
            pass  # the page was closed
        return response

    # -- asking --------------------------------------------------------------------------------

    async def do(self, request: web.Request) -> web.Response:
        """A button that was pressed: a command is done, a query is answered."""
        return await self._in_time(self._pressed(await bodies.payload(request)))

    async def _pressed(self, payload: Mapping[str, object]) -> web.Response:
        seat = await self._seat(payload)
        press = inbound.pressed({key: payload[key] for key in payload if key != "as"})
        if isinstance(press, BadPayload):
            return bodies.say(press.sentence, outcome="declined")
        match press.asks:
            case intents.OpenPost(post=post):
                return self._card(await self.door.card(post, by=seat.identity), seat)
            case intents.ShowHistory(post=post):
                return self._card(await self.door.history(post, by=seat.identity), seat)
            case intents.WhoIsIn(post=post):
                return self._card(await self.door.who_is_in(post, by=seat.identity), seat)
            case intents.EditPost(post=post):
                draft = await self.door.draft(post, by=seat.identity)
                if draft is None:
                    return bodies.say(NOT_YOURS, outcome="declined")
                return bodies.say(outcome="edit", draft=await self.desk.draft(draft, seat))
            case intents.NextInQueue(after=after):
                return bodies.say(outcome="queue", after=after)
            case intents.TurnPage(listing=listing, page=page):
                cards = await self.door.turn(listing, page, by=seat.identity)
                return bodies.say(outcome="show", html=self.desk.cards(cards, seat))
            case intents.ReadReport(incident=incident):
                found = await self.door.report_words(incident, by=seat.identity)
                if isinstance(found, Declined):
                    return bodies.say(**bodies.answer(found))
                return self._card(found, seat)
            case (incidents.ReportConcern() | keeping.AskName()) as asked:
                # What was asked for takes the place of the form in the panel.
                answer = await self._ask(asked, seat, press.key(seat.person, self.tries))
                card = None if isinstance(answer, Declined) else answer.card
                html = {} if card is None else {"html": self.desk.cards([card], seat)}
                return bodies.say(**bodies.answer(answer), **html)
            case command:
                answer = await self._ask(command, seat, press.key(seat.person, self.tries))
                return bodies.say(**bodies.answer(answer), **self._first(answer, seat))

    def _first(self, answer: Answer, seat: Seat) -> dict[str, str]:
        """What has to be answered before it can be asked for again."""
        first = answer.first if isinstance(answer, Declined) else ()
        return {"html": self.desk.cards(first, seat)} if first else {}

    async def look(self, request: web.Request) -> web.Response:
        """The seat's own messages are in front of them: nothing there is unread any more."""
        seat = await self._seat(await bodies.payload(request))
        await self.chat.look(private_id(seat.person))
        return bodies.say(outcome="done")

    async def propose(self, request: web.Request) -> web.Response:
        """The form, as a new post or as a correction of one."""
        return await self._in_time(self._written(await bodies.payload(request)))

    async def _written(self, payload: Mapping[str, object]) -> web.Response:
        seat = await self._seat(payload)
        form = inbound.written(payload, self.zone)
        if isinstance(form, BadPayload):
            return bodies.say(form.sentence, outcome="declined")
        answer = await store(self.door, form, by=seat.identity, sent=self.sent)
        self.chat.nudge()
        said = bodies.answer(answer)
        if isinstance(answer, Done | Again) and answer.stopped:
            draft = await self.door.draft(form.post, by=seat.identity)
            judged: dict[str, object] = {}
            if answer.card is None or form.content.pictured.pupils:
                found = await self.door.preview(form.content, by=seat.identity)
                judged = self.desk.judgement(found)
            if answer.card is not None:
                judged |= self.desk.stopped(answer.card)
            seen = draft.seen if draft is not None else form.seen
            return bodies.say(**{**said, **judged, "outcome": "stopped", "seen": seen})
        first = self._first(answer, seat)
        if isinstance(answer, Declined) and not first and not form.seen and answer.card is not None:
            # There is such a post already: its card leads to a correction of it.
            first = {"html": self.desk.cards([answer.card], seat)}
        return bodies.say(**said, **first, post=self.ids.new())

    async def preview(self, request: web.Request) -> web.Response:
        """What the checks would say of the words so far."""
        payload = await bodies.payload(request)
        seat = await self._seat(payload)
        form = inbound.written(payload, self.zone)
        if isinstance(form, BadPayload):
            return bodies.say(outcome="judged", marks=[], findings="")
        judgement = await self.door.preview(form.content, by=seat.identity)
        return bodies.say(outcome="judged", **self.desk.judgement(judgement))

    async def upload(self, request: web.Request) -> web.Response:
        """One picture's or video's bytes, as they are. The name comes in ``?name=``."""
        seat = await self._seat(request.query)
        name = request.query.get("name", "")[:255]
        beginning = await bodies.beginning(request)
        moves = may_be_video(beginning)
        if moves:
            following = bodies.following(beginning, request)
            kept = await self.door.upload_video(following, by=seat.identity)
        else:
            content = await bodies.read(request, LARGEST_PICTURE, beginning)
            if content is None:
                return bodies.say(TOO_LARGE, outcome="declined")
            kept = await self.door.upload(content, file_name=name, by=seat.identity)
        if isinstance(kept, Declined):
            return bodies.say(*kept.sentences, outcome="declined")
        url = self.desk.shelf.url(kept.blob, seat.identity)
        return bodies.say(
            outcome="done", blob=kept.blob, name=name, url=url, note=kept.note, moves=moves
        )

    async def command(self, request: web.Request) -> web.Response:
        """A line typed into the command box."""
        payload = await bodies.payload(request)
        seat = await self._seat(payload)
        line = inbound.typed(payload.get("line"))
        match line:
            case BadPayload(sentence=sentence):
                return bodies.say(sentence, outcome="declined")
            case inbound.ListAccounts() | inbound.ShowPolicies():
                by = seat.identity
                typed = line.words if isinstance(line, inbound.ListAccounts) else None
                cards = await (
                    self.door.policies(by=by) if typed is None else self.door.channels(typed, by=by)
                )
                return bodies.say(outcome="show", html=self.desk.cards(cards, seat))
            case inbound.ShowQueue():
                return bodies.say(outcome="queue")
            case inbound.ShowHelp():
                return self._card(draw.help_card(), seat)
            case inbound.SayWho():
                return self._card(await self.door.who_am_i(by=seat.identity), seat)
            case inbound.Compose(words=words):
                return bodies.say(outcome="compose", words=words)
            case inbound.WriteReport(words=words):
                form = await self.door.report_form(words, by=seat.identity)
                return bodies.say(outcome="show", html=self.desk.cards([form], seat), open=True)
            case inbound.AskPhotos(words=words):
                return await self._photos(words, seat)
            case inbound.PausePosts(words=words) | inbound.StartPosts(words=words):
                pausing = isinstance(line, inbound.PausePosts)
                return await self._hold(Verb.PAUSE if pausing else Verb.START, words, seat)
            case inbound.SayAbsence() | inbound.KeepNames():
                return await self._staff(line, seat)
            case inbound.NoSuchCommand(name=name, meant=meant):
                return bodies.say(no_such_command(name, meant), outcome="declined")
            case unreachable:
                assert_never(unreachable)

    async def _photos(self, words: str, seat: Seat) -> web.Response:
        """In the panel, which nothing keeps; the page takes it away when its time is over."""
        found = await self.door.photos(words, by=seat.identity)
        if isinstance(found, Declined):
            return bodies.say(*found.sentences, outcome="declined")
        lasts = max(0.0, (found.until - self.desk.clock.now()).total_seconds())
        html = self.desk.cards(found.cards, seat)
        return bodies.say(OUTDATED, outcome="show", html=html, lasts=lasts)

    async def _hold(self, verb: Verb, words: str, seat: Seat) -> web.Response:
        answer = await self.door.hold(verb, words, by=seat.identity, key=self.ids.new())
        self.chat.nudge()
        if isinstance(answer, tuple):
            return bodies.say(outcome="show", html=self.desk.cards(answer, seat))
        return bodies.say(**bodies.answer(answer))

    async def _staff(
        self, line: inbound.SayAbsence | inbound.KeepNames, seat: Seat
    ) -> web.Response:
        key, by = self.ids.new(), seat.identity
        answer = (
            await self.door.names(line.words, by=by, key=key)
            if isinstance(line, inbound.KeepNames)
            else await self.door.absence(line.verb, line.words, by=by, key=key)
        )
        self.chat.nudge()
        if isinstance(answer, tuple):
            return bodies.say(outcome="show", html=self.desk.cards(answer, seat))
        return bodies.say(**bodies.answer(answer))

    async def _ask(self, command: Command, seat: Seat, key: str) -> Answer:
        answer = await self.door.do(command, by=seat.identity, key=key)
        self.chat.nudge()
        return answer

    async def _in_time(self, work: Coroutine[Any, Any, web.Response]) -> web.Response:
        answer = await self.patience.wait(work)
        return bodies.say(NOT_YET, outcome="failed") if answer is None else answer

    def _card(self, card: Card | None, seat: Seat) -> web.Response:
        if card is None:
            return bodies.say(NOT_HERE, outcome="declined")
        return bodies.say(outcome="show", html=self.desk.cards([card], seat))

    async def _seat(self, asked: Mapping[str, object]) -> Seat:
        seat = await self.desk.seat(str(asked.get("as", "")))
        if seat is None:
            raise web.HTTPBadRequest(
                text=json.dumps({"outcome": "declined", "sentences": [NOBODY]}),
                content_type="application/json",
            )
        return seat


async def _next_event(news: asyncio.Queue[News]) -> bytes:
    try:
        async with asyncio.timeout(HEARTBEAT):
            item = await news.get()
    except TimeoutError:
        return b": still here\n\n"
    return f"event: changed\ndata: {json.dumps(asdict(item))}\n\n".encode()
