"""A form as inputs of an Adaptive Card: within a card, or in one of its own. Pure.

What comes back is read by :mod:`adapters.teams.payload`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, assert_never

from adapters import cutting
from adapters.teams import envelope, payload, text
from adapters.teams.presses import execute, submit
from moderation.views import Choice, Confirm, Text, Weight, When


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from adapters.intents import Values
    from adapters.teams.envelope import Message
    from adapters.teams.text import Element
    from moderation.views import Field, Form, Intent

LONGEST_TITLE: Final = 200
LENGTHS: Final = (1_000, 400, 100, 60)
"""Units of a text that stands in a form: the first with which the whole form fits is taken."""
LONGEST_OPTION: Final = 150
LONGEST_INPUT: Final = 10_000
MOST_EXPANDED: Final = 10
"""More options than this are a menu instead of boxes to tick."""

I_CONFIRM: Final = "I confirm this"
NOTHING_TO_CHOOSE: Final = "There is nothing to choose from."
TO_WRITE: Final = "Please write something here."
TO_CHOOSE: Final = "Please choose one."
TO_CHOOSE_SOME: Final = "Please choose at least one."
TO_TICK: Final = "Please tick this once you have checked it yourself."
NONE: Final[Mapping[str, str]] = MappingProxyType({})


def card(
    form: Form,
    intent: Intent,
    *,
    request: str,
    values: Values = NONE,
    wrong: Mapping[str, str] = NONE,
    sentences: Sequence[str] = (),
    dialog: bool = False,
) -> Message:
    """The form as a card of its own, with what was typed before in it.

    ``wrong`` says what is the matter with a field, by its name; ``sentences`` stand on top. It is
    for a message, or for a ``dialog``.
    """
    said = " ".join((form.title, *sentences))
    press = submit if dialog else execute
    send = press(form.submit, intent, request=request, style=Weight.PRIMARY)

    def drawn(most: int) -> Message:
        body = [text.heading(form.title, LONGEST_TITLE, size="Medium")]
        for sentence in (*sentences, *_elsewhere(form, wrong)):
            body += text.paragraph(cutting.cut(sentence, most), text.WRONG)
        body += inputs(form, values=values, wrong=wrong, most=most)
        return envelope.message(envelope.card(body, [send], said), said)

    tries = map(drawn, LENGTHS)
    fits = (it for it in tries if envelope.length(it.card) <= envelope.LONGEST)
    return next(fits, None) or drawn(LENGTHS[-1])


def inputs(
    form: Form,
    scope: str = "",
    *,
    values: Values = NONE,
    wrong: Mapping[str, str] = NONE,
    most: int = LENGTHS[0],
) -> list[Element]:
    """The fields of the form, with its note; ``values`` were typed before.

    ``most`` units are drawn of each text that isn't typed.
    """
    drawn: list[Element] = []
    if form.note:
        drawn += text.paragraph(cutting.cut(form.note, most), text.SUBTLE)
    for field in form.fields:
        if said := wrong.get(field.name):
            drawn += text.paragraph(cutting.cut(said, most), text.WRONG)
        drawn += _field(field, scope, values, most)
    return drawn or text.paragraph(cutting.cut(form.title, most))


def _elsewhere(form: Form, wrong: Mapping[str, str]) -> Iterator[str]:
    """What has become a point since the form was drawn has no field in it."""
    named = {field.name for field in form.fields}
    yield from (said for name, said in wrong.items() if name not in named)


def _field(field: Field, scope: str, values: Values, most: int) -> Iterator[Element]:
    match field:
        case Text():
            yield from _hint(" ".join(filter(None, (field.hint, _not_all(field)))), most)
            yield _box(field, scope, values, most)
        case Choice() if not field.options:
            said = f"{field.label}: {NOTHING_TO_CHOOSE}"
            yield from text.paragraph(cutting.cut(said, most))
        case Choice():
            yield from _hint(field.hint, most)
            yield _choice(field, scope, values, most)
        case Confirm():
            yield {
                "type": "Input.Toggle",
                "id": payload.tick_id(field.name, scope),
                "label": text.label(field.statement, most),
                "title": I_CONFIRM,
                "value": payload.NOT_TICKED,
                "valueOn": payload.TICKED,
                "valueOff": payload.NOT_TICKED,
                "wrap": True,
                "isRequired": True,
                "errorMessage": TO_TICK,
            }
        case When():
            yield from _hint(field.hint, most)
            yield from _moment(field, scope, values, most)
        case _ as unreachable:
            assert_never(unreachable)


def _hint(words: str, most: int) -> Iterator[Element]:
    if words.strip():
        yield from text.paragraph(cutting.cut(words, most), text.SMALL)


def _room(field: Text) -> int:
    return max(1, min(field.limit, LONGEST_INPUT))


def _not_all(field: Text) -> str:
    """Said where what stands there already is longer than the box."""
    missing = len(field.value) - len(cutting.head(field.value, _room(field)))
    return f"{missing:,} more characters don't fit in here." if missing else ""


def _box(field: Text, scope: str, values: Values, most: int) -> Element:
    typed = values.get(field.name)
    value = cutting.head(typed if isinstance(typed, str) else field.value, _room(field))
    box: Element = {
        "type": "Input.Text",
        "id": payload.words_id(field.name, scope),
        "label": text.label(field.label, most),
        "isMultiline": field.lines > 1,
        "maxLength": _room(field),
        **_required(TO_WRITE, required=field.required),
    }
    return {**box, "value": value} if value else box


def _choice(field: Choice, scope: str, values: Values, most: int) -> Element:
    options = dict(reversed(field.options))  # of a value that is there twice, the first
    named = {value: options[value] for value in dict.fromkeys(it for it, _ in field.options)}
    typed = values.get(field.name, field.chosen)
    chosen = [it for it in ((typed,) if isinstance(typed, str) else typed) if it in named]
    drawn: Element = {
        "type": "Input.ChoiceSet",
        "id": (payload.many_id if field.many else payload.words_id)(field.name, scope),
        "label": text.label(field.label, most),
        "style": "expanded" if len(named) <= MOST_EXPANDED else "compact",
        "isMultiSelect": field.many,
        "wrap": True,
        "choices": [
            {
                "title": text.title(label, min(most, LONGEST_OPTION)),
                "value": payload.item(value) if field.many else value,
            }
            for value, label in named.items()
        ],
        **_required(TO_CHOOSE_SOME if field.many else TO_CHOOSE, required=field.required),
    }
    if chosen:
        drawn["value"] = payload.items(chosen) if field.many else chosen[0]
    return drawn


def _moment(field: When, scope: str, values: Values, most: int) -> Iterator[Element]:
    """A day and a time, as clocks show it at the school: ``value`` is in its zone."""
    typed = values.get(field.name)
    said = typed if isinstance(typed, str) else ""
    if not said and field.value is not None:
        said = field.value.strftime("%Y-%m-%dT%H:%M")
    day, _, time = said.partition("T")
    parts = (
        ("Input.Date", payload.date_id(field.name, scope), "day", day),
        ("Input.Time", payload.time_id(field.name, scope), "time", time),
    )
    for kind, name, what, value in parts:
        label = text.label(f"{field.label}: {what}", most)
        drawn: Element = {"type": kind, "id": name, "label": label}
        yield {**drawn, "value": value} if value else drawn


def _required(otherwise: str, *, required: bool) -> Element:
    return {"isRequired": True, "errorMessage": otherwise} if required else {}
