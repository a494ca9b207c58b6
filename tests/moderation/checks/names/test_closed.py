"""Names inside a run of letters: what an error message may show of one."""

from __future__ import annotations

from moderation.checks.names.closed import whole, within
from tests.moderation.checks.names.pupils import roster


def test_what_was_found_shows_no_name() -> None:
    ours = roster(("Thistle", "Canary"))
    for found in (whole("thistlecanary", ours), within("bravothistlecanary", ours)):
        assert found is not None
        assert found.given == "thistle"
        assert "thistle" not in repr(found)
        assert "canary" not in repr(found)
