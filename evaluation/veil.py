"""Words that nobody should meet unprepared stand in the files turned by thirteen letters.

``{{pnoontr}}`` in a sentence is read as "cabbage". This hides nothing: it spares whoever opens the
file, searches the project, or looks over a shoulder in a school.
"""

from __future__ import annotations

import codecs
import re


_VEILED = re.compile(r"\{\{(.+?)\}\}")


def unveiled(text: str) -> str:
    """The text as the checks get it."""
    return _VEILED.sub(lambda match: codecs.decode(match[1], "rot13"), text)
