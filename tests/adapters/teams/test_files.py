"""Pictures that somebody sends us in Teams: from where they are fetched, and with what."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from aiohttp import ClientSession, web
from hypothesis import given, strategies as st

from adapters.taking_in import MOST_PICTURES, VIDEO_TOO_LARGE, BrokeOff, Fetched, Moving
from adapters.teams import files
from adapters.teams.client import CannotAsk
from adapters.teams.files import DOWNLOAD, File, Files, is_share, pictures_of


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

PNG = b"\x89PNG\r\n\x1a\n a picture"
NAME = "IMG_1.png"
TOKEN = "our-own-token"  # noqa: S105 -- of a test


@dataclass(slots=True)
class OurTokens:
    asked: int = 0

    async def bearer(self) -> str:
        self.asked += 1
        return TOKEN

    def spoil(self) -> None: ...


class NoTokenToday(OurTokens):
    async def bearer(self) -> str:
        raise CannotAsk("invalid_client")


@dataclass(slots=True)
class Shelf:
    """A server on this machine that answers with ``answer``, and what it was asked with."""

    address: str = ""
    answer: web.Response = field(default_factory=lambda: _png(PNG))
    asked: list[str | None] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.headers.get("Authorization"))
        return self.answer


def _png(content: bytes) -> web.Response:
    return web.Response(body=content, content_type="image/png")


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    async with _shelf() as found:
        yield found


@asynccontextmanager
async def _shelf() -> AsyncIterator[Shelf]:
    found = Shelf()
    application = web.Application()
    application.router.add_get("/{tail:.*}", found.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [where] = runner.addresses
    found.address = f"http://127.0.0.1:{where[1]}"
    yield found
    await runner.cleanup()


@asynccontextmanager
async def _files(
    shelf: Shelf, tokens: OurTokens | None = None, service: str = ""
) -> AsyncIterator[Files]:
    ours = service or shelf.address
    async with ClientSession() as session:
        yield Files(
            session,
            tokens or OurTokens(),
            is_service=lambda address: address == f"{ours}/",
            shared=lambda address: address.startswith(f"{shelf.address}/"),
        )


def shared(shelf: Shelf) -> File:
    return File(address=f"{shelf.address}/download.aspx?tempauth=x", name=NAME, shared=True)


def amid(shelf: Shelf) -> File:
    return File(address=f"{shelf.address}/v3/attachments/1/views/original", name=NAME, shared=False)


def film(shelf: Shelf) -> File:
    return replace(shared(shelf), name="a.mp4", moves=True)


# -- where it is fetched -------------------------------------------------------------------------


async def test_a_file_of_onedrive_is_fetched_without_our_token(shelf: Shelf) -> None:
    tokens = OurTokens()
    async with _files(shelf, tokens) as desk:
        assert await desk.fetch(shared(shelf)) == Fetched(PNG, NAME)
    assert shelf.asked == [None]
    assert tokens.asked == 0


async def test_a_picture_amid_the_words_is_fetched_with_it(shelf: Shelf) -> None:
    async with _files(shelf) as desk:
        assert await desk.fetch(amid(shelf)) == Fetched(PNG, NAME)
    assert shelf.asked == [f"Bearer {TOKEN}"]


async def test_the_token_goes_to_no_other_host(shelf: Shelf) -> None:
    async with _files(shelf, service="https://smba.trafficmanager.net") as desk:
        assert await desk.fetch(amid(shelf)) is files.ELSEWHERE
    assert shelf.asked == []


@pytest.mark.parametrize("kind", [shared, amid])
async def test_no_redirect_is_followed(shelf: Shelf, kind: Callable[[Shelf], File]) -> None:
    async with _shelf() as elsewhere:
        moved = {"Location": f"{elsewhere.address}/a.png"}
        shelf.answer = web.Response(status=302, headers=moved)
        async with _files(shelf) as desk:
            assert await desk.fetch(kind(shelf)) is files.CANNOT_ASK
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("status", "why"),
    [(404, files.GONE), (410, files.GONE), (403, files.CANNOT_ASK), (500, files.CANNOT_ASK)],
)
async def test_what_teams_doesn_t_hand_out_is_said(shelf: Shelf, status: int, why: object) -> None:
    shelf.answer = web.Response(status=status)
    async with _files(shelf) as desk:
        assert await desk.fetch(shared(shelf)) is why


async def test_a_sign_in_page_is_no_picture(shelf: Shelf) -> None:
    shelf.answer = web.Response(text="<p>Please sign in</p>", content_type="text/html")
    async with _files(shelf) as desk:
        assert await desk.fetch(shared(shelf)) is files.CANNOT_ASK


async def test_no_token_no_picture(shelf: Shelf) -> None:
    async with _files(shelf, NoTokenToday()) as desk:
        assert await desk.fetch(amid(shelf)) is files.CANNOT_ASK
    assert shelf.asked == []


async def test_a_larger_one_than_we_take_is_stopped(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.teams.files.MOST_BYTES", 1000)
    async with _files(shelf) as desk:
        shelf.answer = _png(b"x" * 1000)
        assert isinstance(await desk.fetch(shared(shelf)), Fetched)
        shelf.answer = _png(b"x" * 1001)
        assert await desk.fetch(shared(shelf)) is files.TOO_LARGE
        unsaid = _png(b"x" * 5000)
        unsaid.enable_chunked_encoding()
        shelf.answer = unsaid
        assert await desk.fetch(shared(shelf)) is files.TOO_LARGE


async def test_a_server_that_is_not_there_is_no_fault() -> None:
    gone = Shelf(address="http://127.0.0.1:9")
    async with _files(gone) as desk:
        assert await desk.fetch(shared(gone)) is files.CANNOT_ASK


async def test_no_log_and_no_repr_tells_a_file_s_name_or_address(shelf: Shelf) -> None:
    shelf.answer = web.Response(status=500)
    named = File(address=f"{shelf.address}/Amelia.png?tempauth=x", name="Amelia.png", shared=True)
    with structlog.testing.capture_logs() as logged:
        async with _files(shelf) as desk:
            await desk.fetch(named)
            await desk.fetch(File(address="https://evil.example/Amelia", name="", shared=False))
    assert len(logged) == 2
    assert "Amelia" not in repr((named, logged))
    assert "tempauth" not in repr((named, logged))


# -- a video, in pieces ----------------------------------------------------------------------------


async def test_a_video_is_asked_for_when_its_first_piece_is_wanted(shelf: Shelf) -> None:
    content = bytes(range(256)) * 1024
    shelf.answer = web.Response(body=content, content_type="application/octet-stream")
    async with _files(shelf) as desk:
        got = await desk.fetch(film(shelf))
        assert isinstance(got, Moving)
        assert (got.name, shelf.asked) == ("a.mp4", [])
        pieces = [it async for it in got.pieces]
        assert b"".join(pieces) == content
        assert max(map(len, pieces)) <= files.CHUNK
        assert shelf.asked == [None]
        nobody = await desk.fetch(film(shelf))
        assert isinstance(nobody, Moving)
        await nobody.pieces.aclose()
    assert shelf.asked == [None]


async def why_not(desk: Files, file: File) -> str:
    """The sentence with which a video ends before its first piece."""
    got = await desk.fetch(file)
    assert isinstance(got, Moving)
    with pytest.raises(BrokeOff) as broken:
        await anext(got.pieces)
    return str(broken.value)


async def test_a_video_that_isn_t_handed_out_ends_with_a_sentence(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _files(shelf) as desk:
        for status, why in ((302, files.CANNOT_ASK), (404, files.GONE), (500, files.CANNOT_ASK)):
            shelf.answer = web.Response(status=status, headers={"Location": "/elsewhere"})
            assert await why_not(desk, film(shelf)) == why.sentence
        shelf.answer = web.Response(text="Please sign in", content_type="text/html")
        assert await why_not(desk, film(shelf)) == files.CANNOT_ASK.sentence
        monkeypatch.setattr(files, "LARGEST_VIDEO", 1000)
        shelf.answer = web.Response(body=bytes(1001))
        assert await why_not(desk, film(shelf)) == VIDEO_TOO_LARGE
        asked = len(shelf.asked)
        far = File(address="https://evil.example/a.mp4", name="a.mp4", shared=True, moves=True)
        assert await why_not(desk, far) == files.ELSEWHERE.sentence
    assert len(shelf.asked) == asked
    async with _files(shelf, NoTokenToday()) as desk:
        amid_the_words = replace(amid(shelf), moves=True)
        assert await why_not(desk, amid_the_words) == files.CANNOT_ASK.sentence
    async with _files(gone := Shelf(address="http://127.0.0.1:9")) as desk:
        assert await why_not(desk, film(gone)) == files.CANNOT_ASK.sentence
    assert len(shelf.asked) == asked


HOST = "oakfield-my.sharepoint.com"


@given(
    host=st.sampled_from([HOST, "a.sharepoint.us", "b-my.sharepoint-mil.us"]),
    path=st.from_regex(r"/[a-zA-Z0-9._/-]{0,30}", fullmatch=True),
)
def test_onedrive_is_believed_over_https_alone(host: str, path: str) -> None:
    assert is_share(f"https://{host}{path}")
    for address in (
        f"http://{host}{path}",
        f"https://{host}:8443{path}",
        f"https://{host}.evil.example{path}",
        f"https://evil.example/{host}{path}",
        f"https://evil.example#{host}{path}",
        f"https://{host}@evil.example{path}",
        f"https://evil.example@{host}{path}",
        f"https://evil{host.partition('.')[2]}{path}",
        f"https://{host.partition('.')[2]}{path}",
        f"//{host}{path}",
        f"{host}{path}",
        f"https://{host}\uff0eevil.example{path}",
        "https://[::1",
    ):
        assert not is_share(address)


# -- what came with a message ----------------------------------------------------------------------


def sent(ending: str = "png", name: object = NAME) -> dict[str, Any]:
    address = f"https://{HOST}/download.aspx?UniqueId=1&tempauth=x"
    return {
        "contentType": DOWNLOAD,
        "contentUrl": f"https://{HOST}/personal/reed/{name}",
        "name": name,
        "content": {"downloadUrl": address, "uniqueId": "1", "fileType": ending},
    }


INLINE = {
    "contentType": "image/*",
    "contentUrl": "https://smba.trafficmanager.net/uk/v3/attachments/0-1/views/original",
}
ONCE_MORE = {"contentType": "text/html", "content": "<p>words</p>"}


def test_files_and_pictures_amid_the_words_are_found_in_order() -> None:
    found, others = pictures_of([INLINE, sent(), ONCE_MORE])
    assert [(it.shared, it.name) for it in found] == [(False, ""), (True, NAME)]
    assert others == 0


def test_other_files_stay_behind() -> None:
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": {}}
    found, others = pictures_of([sent("xlsx"), sent("HEIC"), card, {"contentType": "audio/mp3"}])
    assert len(found) == 1
    assert others == 2


def test_a_video_is_known_by_its_ending_or_its_kind() -> None:
    inline = INLINE | {"contentType": "video/mp4"}
    found, others = pictures_of([sent("MP4"), sent("mov"), inline, sent("avi"), sent()])
    assert [it.moves for it in found] == [True, True, True, False]
    assert others == 1


def test_more_pictures_than_a_post_holds_stay_behind() -> None:
    found, others = pictures_of([INLINE] * (MOST_PICTURES + 3))
    assert (len(found), others) == (MOST_PICTURES, 3)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["downloadUrl", "fileType", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
KINDS = st.sampled_from([DOWNLOAD, "image/*", "image/png", "text/html", ""]) | JSON


@given(
    st.lists(
        st.fixed_dictionaries(
            {}, optional={"contentType": KINDS, "content": JSON, "contentUrl": JSON, "name": JSON}
        ),
        max_size=5,
    )
)
def test_whatever_is_attached_is_counted_and_never_raises(attached: list[dict[str, Any]]) -> None:
    found, others = pictures_of(attached)
    assert len(found) + others <= len(attached)
