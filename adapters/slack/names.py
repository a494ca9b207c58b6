"""What Slack knows us by: the callbacks in the manifest, which the listeners hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


PROPOSE_POST: Final = "propose_post"
"""The global shortcut."""
PROPOSE_MESSAGE: Final = "propose_message"
"""The shortcut on a message."""
REPORT_CONCERN: Final = "report_concern"
REPORT_MESSAGE: Final = "report_message"
HOME_WRITE: Final = "home:write"
HOME_REPORT: Final = "home:report"
"""The buttons with which the Home tab begins."""

EVENTS_PATH: Final = "/slack/events"
"""Where Slack sends everything, below the server's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """The slash commands as this workspace calls them: names there aren't kept apart by app."""

    propose: str = "/propose"
    channels: str = "/channels"
    report: str = "/report"
    schoolgate: str = "/schoolgate"
