"""Cards of arbitrary words, for what must hold whatever people write."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from moderation import views
from moderation.kernel import BlobId, SubjectRef
from moderation.views import Tone, Weight


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.views import Button, Card, Form

BLOBS: Final = tuple(BlobId(f"sha256:{number:064x}") for number in range(4))
FILES: Final[Mapping[BlobId, str]] = {blob: f"F{number}" for number, blob in enumerate(BLOBS[:3])}
"""The last picture is one that Slack hasn't got yet."""

words: Final = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(categories=["Cf", "Zl", "Zp", "Cc", "Co", "Lo", "So"]), max_size=60),
    st.sampled_from(["<!channel>", "*b*", "a" * 4_000, "\u200b" * 500, "\U0001f389" * 1_000]),
)
_names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=128)
_tones = st.sampled_from(Tone)
_verbs = st.sampled_from(["post.approve", "post.withdraw", "post.allow", "post.open", "list.page"])

intents: Final = st.builds(
    views.Intent, verb=_verbs, id=_names, rev=st.integers(0, 1_000_000), arg=st.just("") | _names
)
_marks = st.builds(views.Mark, st.integers(-3, 50), st.integers(-3, 50), _tones)
_lines = st.builds(
    views.FindingLine, words=words, reason=words, policy=words, clause=words, tone=_tones
)
_pictures = st.builds(
    views.Picture,
    blob=st.none() | st.sampled_from(BLOBS),
    alt=words,
    note=words,
    moves=st.booleans(),
)
_addresses = st.from_regex(r"https://[a-z.]{1,20}/[!-~]{0,90}", fullmatch=True)
parts: Final[st.SearchStrategy[views.Part]] = st.one_of(
    st.builds(
        views.Quote,
        text=words,
        marks=st.lists(_marks, max_size=4).map(tuple),
        label=words,
        copyable=st.booleans(),
    ),
    st.builds(views.Facts, st.lists(st.tuples(words, words), max_size=6).map(tuple)),
    st.builds(views.Findings, title=words, lines=st.lists(_lines, max_size=4).map(tuple)),
    st.builds(views.Links, st.lists(st.tuples(words, _addresses), max_size=6).map(tuple)),
    st.builds(views.Media, st.lists(_pictures, max_size=4).map(tuple)),
    st.builds(
        views.Note,
        lines=st.lists(words, max_size=5).map(tuple),
        tone=st.none() | _tones,
        fold=st.just("") | words,
    ),
)
_options = st.lists(st.tuples(_names, words), max_size=130, unique_by=lambda option: option[0]).map(
    tuple
)


@st.composite
def _choices(draw: st.DrawFn) -> views.Choice:
    options = draw(_options)
    values = [value for value, _ in options]
    chosen = draw(st.lists(st.sampled_from(values), max_size=3, unique=True)) if values else []
    return views.Choice(
        name="",
        label=draw(words),
        options=options,
        chosen=tuple(chosen),
        many=draw(st.booleans()),
        required=draw(st.booleans()),
        hint=draw(words),
    )


_fields: Final[st.SearchStrategy[views.Field]] = st.one_of(
    st.builds(
        views.Text,
        name=st.just(""),
        label=words,
        hint=words,
        value=words.map(lambda value: value.replace("\0", "")),  # no network shows it: refused
        limit=st.integers(1, 10_000),
        lines=st.integers(1, 9),
        required=st.booleans(),
    ),
    _choices(),
    st.builds(views.Confirm, name=st.just(""), statement=words),
    st.builds(
        views.When,
        name=st.just(""),
        label=words,
        value=st.none() | st.just(datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),
        hint=words,
    ),
)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Fields of every kind, each with a name of its own."""
    drawn = draw(st.lists(_fields, max_size=6))
    fields = tuple(
        _named(field, f"confirm:{number}" if isinstance(field, views.Confirm) else f"f{number}")
        for number, field in enumerate(drawn)
    )
    return views.Form(title=draw(words), fields=fields, submit=draw(words), note=draw(words))


def _named(field: views.Field, name: str) -> views.Field:
    given = {key: getattr(field, key) for key in field.__slots__ if key != "name"}
    return type(field)(name=name, **given)


_a_form = views.Form(title="Why", fields=(views.Text(name="reason", label="Why"),), submit="Send")
buttons: Final[st.SearchStrategy[Button]] = st.builds(
    views.Button,
    label=words,
    intent=intents,
    weight=st.sampled_from(Weight),
    form=st.none() | st.just(_a_form),
    describes=words,
)


@st.composite
def cards(draw: st.DrawFn) -> Card:
    """Any card that a room could make, with words that no room would."""
    return views.Card(
        subject=SubjectRef(draw(st.sampled_from(["post", "ready", "import"])), draw(_names)),
        version=draw(st.integers(0, 1_000_000)),
        title=draw(words),
        state=draw(words),
        tone=draw(_tones),
        fallback=draw(words),
        parts=tuple(draw(st.lists(parts, max_size=8))),
        buttons=tuple(draw(st.lists(buttons, max_size=4))),
        more=tuple(draw(st.lists(buttons, max_size=8))),
    )
