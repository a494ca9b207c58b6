"""A dialog in which a post is written, with a school's accounts and classes."""

from __future__ import annotations

from dataclasses import replace

from adapters.door import FormChoice, Target
from adapters.slack import compose_views as draw
from adapters.slack.compose_views import Memo, Sheet
from moderation.kernel import AccountId, BlobId, PostId, PupilKey
from moderation.posts.model import Attachment
from tests.fakes.slack_dialog import Dialog


FACEBOOK = Target(
    account=AccountId("oak-facebook"),
    label="Facebook · Oakfield Primary",
    page="Oakfield Primary",
    platform="facebook",
    limit=63_206,
)
X = replace(FACEBOOK, account=AccountId("oak-x"), label="X · @oakfield", platform="x", limit=280)
CLASS = FormChoice(key="4B", label="4B, Year 4, 12 pupils")
ROBINS = FormChoice(key="Robins", label="Robins, Reception, one pupil")
MEMO = Memo(post=PostId("01JD0000000000000000000000"))
KEY = PupilKey("p1")


def picture(number: int, alt: str = "") -> Attachment:
    return Attachment(blob=BlobId(f"sha256:{number:064x}"), alt=alt, file_name=f"{number}.jpg")


def sheet(**fields: object) -> Sheet:
    made = Sheet(memo=MEMO, targets=(FACEBOOK, X), accounts=(FACEBOOK.account,), text="The fair.")
    return replace(made, **fields)  # type: ignore[arg-type]


def dialog(**fields: object) -> Dialog:
    return Dialog(draw.view(sheet(**fields)))
