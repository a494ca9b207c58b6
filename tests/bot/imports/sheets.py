"""The columns of an office's files, and a few people of tests/bot/installation's trust."""

from __future__ import annotations


PEOPLE = (
    "person_id",
    "name",
    "email",
    "school",
    "roles",
    "slack_user_id",
    "teams_aad_object_id",
    "from",
    "until",
)
ACCOUNTS = (
    "account_id",
    "school",
    "platform",
    "name",
    "url",
    "master_administrator",
    "administrators",
    "moderators",
    "posters",
    "opened_on",
    "closed_on",
)
PUPILS = (
    "pupil_id",
    "school",
    "legal_forename",
    "preferred_forename",
    "legal_surname",
    "preferred_surname",
    "year_group",
    "form",
)
CONSENTS = (
    "pupil_id",
    "school",
    "purpose",
    "scope",
    "status",
    "given_on",
    "expires_on",
    "informed_by",
)
STAFF = (
    ("ann", "Ms Ann Reed", "", "oak", "staff", "U0000ANN1", ""),
    ("bob", "Mr Bob Lund", "", "oak", "staff", "U0000BOB1", ""),
    ("head", "Mrs Yemi Ade", "", "oak", "headteacher", "U0000HEAD", ""),
    ("elle", "Mrs Carys Price", "", "elm", "headteacher", "U0000ELLE", ""),
    ("lead", "Dr Maeve Quinn", "", "trust", "trust_lead", "U0000LEAD", ""),
)
