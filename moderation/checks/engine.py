"""One question, one answer: what would this policy say about this draft?

Pure: no clock, no files, no network. The checks see, the pack's rules say what it means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.checks import lexicon, links, pictures, private, pupils, staff_pictures
from moderation.checks.content import see
from moderation.checks.model import Finding, Kind
from moderation.checks.sighting import WHOLE_POST, Sighting, fields
from moderation.policies.model import Check, Rule, Severity, Situation


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.context import Context
    from moderation.checks.model import Draft
    from moderation.policies.model import Pack


def judge(draft: Draft, pack: Pack, context: Context) -> tuple[Finding, ...]:
    """Everything the pack has to say about the draft, ordered by field, then by place.

    The same draft, pack and context always give the same findings.
    """
    situation = situation_of(draft)
    rules = tuple(rule for rule in pack.rules if situation in rule.applies_to)
    answering = {(rule.check, rule.category): rule for rule in rules if not rule.lexical}
    found: dict[tuple[object, ...], Finding] = {}
    for sighting in _sightings(draft, pack, context, rules):
        rule = sighting.rule or _answering(answering, sighting) or _unanswered(sighting)
        if rule is not None:
            finding = _finding(sighting, rule)
            found.setdefault((finding.key,), finding)
    order = {field: at for at, (field, _) in enumerate(fields(draft))}
    last = len(order)
    return tuple(
        sorted(
            found.values(),
            key=lambda finding: (
                finding.field == WHOLE_POST,
                order.get(finding.field, last),
                finding.field,
                -1 if finding.start is None else finding.start,
                -1 if finding.end is None else finding.end,
                finding.check,
                finding.rule,
                finding.about,
            ),
        )
    )


def situation_of(draft: Draft) -> Situation:
    """The one situation a draft is in."""
    match draft.kind:
        case Kind.COMMENT:
            return Situation.COMMENT
        case Kind.POST:
            return Situation.PICTURE_POST if draft.images else Situation.TEXT_POST
        case _ as never:
            assert_never(never)


def _sightings(
    draft: Draft, pack: Pack, context: Context, rules: tuple[Rule, ...]
) -> Iterator[Sighting]:
    yield from pupils.pupil_names(draft, pack, context)
    yield from pictures.permission(draft, pack, context)
    yield from pictures.come_again(draft, pack, context)
    yield from staff_pictures.unwilling(draft, context)
    yield from staff_pictures.come_again(draft, context)
    yield from pictures.faces(draft)
    yield from pictures.descriptions(draft)
    yield from pictures.contents(draft)
    yield from pictures.videos(draft)
    yield from links.other_sites(draft, pack, context)
    yield from private.private_information(draft, pack, context)
    lexical = tuple(rule for rule in rules if rule.lexical)
    for field, text in fields(draft):
        prepared = lexicon.prepare(text)
        yield from see.contents(prepared, field, draft.kind)
        for rule in lexical:
            for start, end in lexicon.places(rule, prepared):
                yield Sighting(
                    check=rule.check,
                    category=rule.category,
                    field=field,
                    start=start,
                    end=end,
                    rule=rule,
                )


def _answering(rules: dict[tuple[Check, str], Rule], sighting: Sighting) -> Rule | None:
    """The rule that names the category, else the one that answers for the whole check."""
    own = rules.get((sighting.check, sighting.category))
    if sighting.category in staff_pictures.OF_STAFF:
        return own
    return own or rules.get((sighting.check, ""))


def _unanswered(sighting: Sighting) -> Rule | None:
    """A policy from before there were videos says nothing of them: then none goes out.

    Nor does a colleague's no need a policy that has heard of it.
    """
    return {"video": _NO_VIDEOS, staff_pictures.SHOWN: _NOT_SHOWN}.get(sighting.category)


_NO_VIDEOS = Rule(
    id="video-unanswered",
    clause="HARM-VID-1",
    check=Check.IMAGE_CONTENTS,
    severity=Severity.BLOCK,
    why="Our policy doesn't say what is asked of a video, so this one can't go out.",
)

_NOT_SHOWN = Rule(
    id="colleague-unanswered",
    clause="STEP-STAFF-2",
    check=Check.IMAGE_CONSENT,
    severity=Severity.BLOCK,
    why="We know that one of these colleagues would rather not be shown: {who}.",
)


def _finding(sighting: Sighting, rule: Rule) -> Finding:
    said = rule.why.format(who=sighting.who or "somebody", where=sighting.where or "our pages")
    # Initials end with a full stop of their own.
    said = said.replace("..", ".")
    return Finding(
        check=rule.check,
        rule=rule.id,
        category=sighting.category,
        clause=rule.clause,
        severity=rule.severity,
        field=sighting.field,
        start=sighting.start,
        end=sighting.end,
        reason=" ".join(part for part in (said, sighting.besides) if part),
        confirm=rule.confirm,
        allowable=rule.allowable,
        about=sighting.about,
    )
