"""The spaces that are searched whole, by SIZE: each combination of what it names.

None bounds how often a post is edited, answered or sent back: a space ends where nothing new can
happen. ``quick`` looks at each dimension beside the versions, clicks and vetoes that all of them
have; ``full`` at all dimensions together, under every kind of need.
"""

from __future__ import annotations

import os

from tests.builders import ANN, BOB, CY, HEAD
from tests.model.world import Access, Bounds, Checks, Text


SIZE = os.environ.get("SIZE", "quick")

QUICK = (
    Bounds(
        name="rights lost and answers late",
        access=(Access.ALL, Access.BOB_REVOKED, Access.BOB_LEFT),
        proposers=(ANN, BOB),
        clock=True,
    ),
    Bounds(
        name="two second people, a block that the head may allow, a consent withdrawn",
        seconds=2,
        texts=(Text.PICTURED, Text.BLOCKED),
        checks=(Checks.USUAL, Checks.CONSENT_GONE, Checks.LOOKING),
    ),
    Bounds(
        name="the head as well, who may be the author or away",
        head=True,
        access=(Access.ALL, Access.HEAD_AWAY, Access.BOB_AWAY),
        proposers=(ANN, HEAD),
        editors=(ANN, HEAD),
        texts=(Text.PLAIN, Text.OTHER),
    ),
    Bounds(
        name="the head on top, a time to go out, a new flag",
        head=True,
        head_counts=False,
        checks=(Checks.USUAL, Checks.NEW_FLAG),
        texts=(Text.PLAIN, Text.TIMED),
        vetoers=(HEAD,),
        clock=True,
    ),
    Bounds(
        name="a finding that asks for the head as well, who may be away",
        head_counts=False,
        access=(Access.ALL, Access.HEAD_AWAY),
        checks=(Checks.USUAL, Checks.FOR_HEAD),
        people=(ANN, BOB, HEAD),
        editors=(ANN,),
        texts=(Text.PLAIN, Text.OTHER),
        vetoers=(BOB,),
    ),
    Bounds(
        name="all posts paused and started again, a time to go out",
        texts=(Text.TIMED,),
        holds=(False, True),
        editors=(ANN,),
        vetoers=(BOB,),
        clock=True,
    ),
)

HEADS = ((False, True), (True, True), (True, False))
NEEDS = tuple((seconds, head, counts) for seconds in (1, 2) for head, counts in HEADS)

SCHOOL_OF_TWO = tuple(
    Bounds(
        name=f"a school of two: seconds {seconds}, head {head}, counting {counts}",
        seconds=seconds,
        head=head,
        head_counts=counts,
        people=(ANN, HEAD),
        proposers=(ANN, HEAD),
        editors=(ANN, HEAD),
        vetoers=(ANN, HEAD),
        texts=tuple(Text) if SIZE == "full" else (Text.FLAGGED, Text.BLOCKED),
        checks=tuple(Checks) if SIZE == "full" else (Checks.USUAL, Checks.NEW_FLAG),
        clock=True,
    )
    for seconds, head, counts in NEEDS
)

CI = tuple(
    Bounds(
        name=f"everybody edits and vetoes: seconds {seconds}, head {head}, counting {counts}",
        seconds=seconds,
        head=head,
        head_counts=counts,
        access=tuple(Access),
        proposers=(ANN, BOB, HEAD),
        editors=(ANN, BOB, HEAD),
        vetoers=(ANN, BOB, CY, HEAD),
        texts=(Text.PLAIN, Text.OTHER),
    )
    for seconds, head, counts in NEEDS
)

FULL = tuple(
    Bounds(
        name=f"all at once: seconds {seconds}, head {head}, counting {counts}",
        seconds=seconds,
        head=head,
        head_counts=counts,
        access=tuple(Access),
        checks=tuple(Checks),
        texts=(Text.FLAGGED, Text.PICTURED, Text.TIMED),
        clock=True,
    )
    for seconds, head, counts in NEEDS
)

PAUSED = tuple(
    Bounds(
        name=f"paused, consents and rights: seconds {seconds}, head {head}, counting {counts}",
        seconds=seconds,
        head=head,
        head_counts=counts,
        access=(Access.ALL, Access.BOB_REVOKED),
        checks=(Checks.USUAL, Checks.CONSENT_GONE),
        texts=(Text.PICTURED, Text.TIMED),
        holds=(False, True),
        vetoers=(BOB,),
        clock=True,
    )
    for seconds, head, counts in NEEDS
)

CLICKS = (
    Bounds(name="two second people, late answers, a link", seconds=2, clock=True),
    Bounds(
        name="a block that the head may allow", texts=(Text.PLAIN, Text.BLOCKED), vetoers=(BOB,)
    ),
)
"""Small spaces for a release that doesn't judge again."""

BIGGER = {"quick": (), "ci": CI[::14] + PAUSED[:1], "full": CI + FULL + PAUSED}[SIZE]
SPACES = SCHOOL_OF_TWO + QUICK + BIGGER
