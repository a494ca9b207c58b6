"""The office's files and how ``schoolgate check`` is asked about them."""

from __future__ import annotations

import json
from typing import Any

import typer
from typer.testing import CliRunner, Result

from bot.check_command import check


APP = typer.Typer()
APP.command("check")(check)

PUPILS = """\
pupil_id,school,legal_forename,preferred_forename,legal_surname,preferred_surname,year_group,form
A1,oakfield,Amelia,,Khan,,4,4B
A2,oakfield,Kofi,,Mensah,,2,2M
B1,millbrook,Tobias,,Lindqvist,,5,5A
"""
CONSENTS = """\
pupil_id,school,purpose,scope,status,given_on,expires_on,informed_by
A1,oakfield,photo,all,granted,2020-09-01,,parent_or_carer
A2,oakfield,photo,all,granted,2020-09-01,,parent_or_carer
A2,oakfield,photo,facebook,refused,2020-09-01,,parent_or_carer
"""
STAFF = """\
person_id,name,email,school,roles,slack_user_id,teams_aad_object_id
khan,Mrs Khan,,oakfield,staff,,
"""
CONFIG = """\
trust:
  id: fernhill
  name: Fernhill Trust
schools:
  - id: oakfield
    name: Oakfield School
    policy: step
    domains: [oakfield.example]
    contacts: ["01632 960123"]
"""


def run(*arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(APP, list(arguments), input=given)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


FILES = ("--roster", "pupils.csv", "--consents", "consents.csv", "--staff", "people.csv")
