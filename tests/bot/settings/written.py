"""An operator's file as it may be written, and what is said of one."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from bot.settings import SettingsError, load


SHIPPED = Path(__file__).parents[3] / "app.yaml"
KEY = base64.b64encode(bytes((i * 67 + 13) ** 2 % 251 for i in range(32))).decode()
OTHER = base64.b64encode(bytes((i * 59 + 7) ** 2 % 241 for i in range(32))).decode()
GOOD = """
trust: { id: hazelmere, name: Hazelmere Learning Trust }
schools:
  - { id: oakfield, name: Oakfield Primary School, policy: step }
"""


def problems(path: Path, text: str | bytes, **environ: str) -> tuple[str, ...]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SettingsError) as refused:
        load(path, environ)
    return refused.value.problems
