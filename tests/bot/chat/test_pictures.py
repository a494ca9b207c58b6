"""A picture in Slack: shown before anybody says yes, and gone when its post is final."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pytest

from adapters.door import Declined, Uploaded
from adapters.images.inspector import SubprocessInspector
from adapters.sentences import MAY_NOT_PROPOSE, NOT_HERE
from adapters.slack.answers import TOO_LATE
from bot.chat.doors import door_of
from bot.chat.picture_rounds import REDRAW_EVERY
from moderation.checks.model import Pictured, Who
from moderation.kernel import BlobId, Identity, Platform, PostId, SubjectRef
from moderation.posts.commands import Propose, Withdraw
from moderation.posts.model import POST, Attachment, Content
from tests.adapters.images.pictures import png
from tests.bot.chat.office import FACEBOOK_PLACE, X_PLACE, labels, user_of
from tests.fakes.slack_api import Refuses
from tests.fakes.trust import AMELIA, FACEBOOK, HART, MARSH, OKAFOR, REED, X


if TYPE_CHECKING:
    from moderation.kernel import AccountId
    from tests.bot.chat.office import Office

BY = Identity(Platform.SLACK, user_of(REED))


NOBODY: Final = Pictured(Who.NOBODY)


async def _proposed(
    office: Office, pictured: Pictured = NOBODY, account: AccountId = FACEBOOK
) -> PostId:
    office.application.pictures.inspector = SubprocessInspector()
    door = door_of(office.application)
    kept = await door.upload(png(), file_name="banner.png", by=BY)
    assert isinstance(kept, Uploaded)
    post = PostId(office.application.ids.new())
    content = Content(
        text="Our banner is up.",
        accounts=(account,),
        attachments=(Attachment(blob=kept.blob, alt="A blue banner.", file_name="banner.png"),),
        pictured=pictured,
    )
    await door.do(Propose(post=post, content=content), by=BY, key=f"seed:{post}")
    await office.settle()
    return post


async def test_a_picture_is_shown_and_deleted_when_the_post_is_over(office: Office) -> None:
    post = await _proposed(office)
    card = office.message(FACEBOOK_PLACE)
    [image] = [it for it in card.blocks if it["type"] == "image"]
    assert image["alt_text"] == "A blue banner."
    file = office.slack.workspace.files[image["slack_file"]["id"]]
    assert "Approve" in labels(card)
    await office.workspace.rounds.tidy()
    assert not file.deleted

    await door_of(office.application).do(Withdraw(post=post), by=BY, key=f"end:{post}")
    await office.settle()
    await office.workspace.rounds.tidy()
    held = office.slack.workspace.files.values()
    assert all(it.deleted for it in held)


async def test_nobody_says_yes_to_a_picture_that_is_not_shown(office: Office) -> None:
    office.slack.fail("files.getUploadURLExternal", Refuses("fatal_error"))
    await _proposed(office)
    assert "Approve" not in labels(office.message(FACEBOOK_PLACE))
    for _ in range(3):
        office.house.clock.pass_by(REDRAW_EVERY * 4)
        await office.workspace.rounds.redraw()
        await office.settle()
    assert "Approve" in labels(office.message(FACEBOOK_PLACE))


async def test_who_is_in_it_is_read_in_a_dialog_and_stays_nowhere(office: Office) -> None:
    name = "Amelia Khan"
    post = await _proposed(office, Pictured(Who.THESE, frozenset({AMELIA})), X)
    card = office.message(X_PLACE)
    assert name not in str(card.body)
    await office.press(OKAFOR, card, "Who is in the picture")
    dialog = office.dialog()
    assert dialog.user == user_of(OKAFOR)
    assert name in str(dialog.body["blocks"])
    workspace = office.slack.workspace
    standing = [it.body for texts in workspace.messages.values() for it in texts]
    passing = [it.body for it in (*office.slack.responses, *workspace.ephemeral)]
    assert name not in f"{standing}{passing}{office.house.log.getvalue()}"
    async with office.application.units.read() as unit:
        lines = await unit.audit.history(SubjectRef(POST, post))
    seen = [line.person for line in lines if line.tag == "post:pupils_seen"]
    assert seen == [OKAFOR]
    # Somebody of another school, and a click that Slack brought too late.
    await office.press(MARSH, card, "Who is in the picture")
    assert NOT_HERE in str(office.dialog().body["blocks"])
    office.slack.fail("views.open", Refuses("expired_trigger_id"))
    await office.press(OKAFOR, card, "Who is in the picture")
    assert office.slack.responses[-1].text == TOO_LATE


@pytest.mark.parametrize("user", [user_of(HART), "U0NOBODY"])
async def test_a_picture_of_whoever_may_propose_nothing_is_not_kept(
    office: Office, user: str
) -> None:
    blob = BlobId(f"sha256:{hashlib.sha256(png()).hexdigest()}")
    office.application.pictures.inspector = SubprocessInspector()
    door = door_of(office.application)
    by = Identity(Platform.SLACK, user)
    refused = await door.upload(png(), file_name="banner.png", by=by)
    assert refused == Declined(sentences=(MAY_NOT_PROPOSE,))
    assert await office.application.blobs.get(blob) is None
    assert isinstance(await door.upload(png(), file_name="banner.png", by=BY), Uploaded)
    assert await office.application.blobs.get(blob) is not None
