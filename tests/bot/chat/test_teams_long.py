"""A post that is longer than a card: nobody says yes to what they weren't shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.teams.render import ALL_OF_IT, TO_SAY_YES
from moderation.posts.model import State
from tests.adapters.slack.test_inert import strings
from tests.bot.chat.teams_office import FACEBOOK_ROOM, action, titles
from tests.fakes import teams_requests as ask
from tests.fakes.trust import FACEBOOK, OKAFOR, REED


if TYPE_CHECKING:
    from tests.bot.chat.teams_office import TeamsOffice

END = "And that is the end of our long year."
LONG = f"{'What a year it was for all of us. ' * 800}\n{END}"


async def test_the_yes_stands_below_all_the_words(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, LONG, FACEBOOK)
    card = teams.message(FACEBOOK_ROOM)
    assert "Approve" not in titles(card.card)
    assert END not in set(strings(card.card))
    whole = await teams.press(OKAFOR, card, TO_SAY_YES)
    said = list(strings(whole.card["body"]))
    assert said.index(END) < said.index(ALL_OF_IT)
    assert (await teams.post(post)).state is State.IN_REVIEW
    url = teams.teams.service_url
    yes = ask.pressed(
        teams.someone(OKAFOR), url, action(whole.card, "Approve"), FACEBOOK_ROOM, card.id
    )
    assert (await teams.send(yes)).status == 200
    assert (await teams.post(post)).state is State.RELEASED


async def test_its_author_reads_it_and_is_offered_no_yes(teams: TeamsOffice) -> None:
    await teams.propose(REED, LONG, FACEBOOK)
    whole = await teams.press(REED, teams.message(FACEBOOK_ROOM), TO_SAY_YES)
    assert END in set(strings(whole.card))
    assert "Approve" not in titles(whole.card)
