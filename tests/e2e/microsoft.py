"""Microsoft's own renderer and schemas, where they are installed.

``scripts/need-adaptivecards`` puts them beside the virtual environment; they are never committed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest


if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parents[2]
PLACE: Final = Path(os.environ.get("ADAPTIVECARDS", ROOT / ".venv/adaptivecards/node_modules"))
RENDERER: Final = PLACE / "adaptivecards/dist/adaptivecards.js"
SCHEMAS: Final = PLACE / "@microsoft/app-manifest/build/json-schemas/teams"
MISSING: Final = "Microsoft's packages aren't installed: run scripts/need-adaptivecards"
SECONDS: Final = 60

_JUDGE: Final = """
const AC = require(process.argv[1]);
const cards = JSON.parse(require("fs").readFileSync(0, "utf8"));
const found = {};
for (const [name, payload] of Object.entries(cards)) {
  const card = new AC.AdaptiveCard();
  card.version = new AC.Version(1, 5);
  card.hostConfig = new AC.HostConfig({ actions: { maxActions: 20 } });
  const context = new AC.SerializationContext(AC.Versions.v1_5);
  card.parse(payload, context);
  const said = card.validateProperties().validationEvents.map((event) => event.message);
  for (let at = 0; at < context.eventCount; at++) said.push(context.getEventAt(at).message);
  if (said.length) found[name] = said;
}
console.log(JSON.stringify(found));
"""
_CHECK: Final = """
const [modules, path] = process.argv.slice(1);
const Ajv = require(`${modules}/ajv-draft-04`);
const fs = require("fs");
const schema = JSON.parse(fs.readFileSync(path, "utf8").replace(/^\\uFEFF/, ""));
const ajv = new Ajv({ allErrors: true, strict: false });
require(`${modules}/ajv-formats`)(ajv);
const check = ajv.compile(schema);
check(JSON.parse(fs.readFileSync(0, "utf8")));
console.log(JSON.stringify((check.errors || []).map((it) => `${it.instancePath}: ${it.message}`)));
"""


def problems(cards: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """What Microsoft's renderer says against each card; skips where there is none to ask."""
    node = shutil.which("node")
    if node is None or not RENDERER.exists():
        pytest.skip(MISSING)
    judged = subprocess.run(
        [node, "-e", _JUDGE, str(RENDERER)],
        input=json.dumps(cards),
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    found: dict[str, list[str]] = json.loads(judged.stdout)
    return found


def manifest_problems(manifest: Mapping[str, Any]) -> list[str]:
    """What Microsoft's schema says against a manifest; skips where there is none to ask."""
    node = shutil.which("node")
    schema = SCHEMAS / f"v{manifest['manifestVersion']}" / "MicrosoftTeams.schema.json"
    if node is None or not schema.exists():
        pytest.skip(MISSING)
    judged = subprocess.run(
        [node, "-e", _CHECK, str(PLACE), str(schema)],
        input=json.dumps(manifest),
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    found: list[str] = json.loads(judged.stdout)
    return found
