"""A post that is longer than a card: nobody says yes to what they weren't shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.teams.reading import ALL_OF_IT, CHANGED, NEXT_PAGE, PAGE_BEFORE, TO_THE_CARD
from adapters.teams.render import TO_SAY_YES
from moderation.posts.model import State
from tests.adapters.slack.test_inert import strings
from tests.bot.chat.teams_office import FACEBOOK_ROOM, action, titles
from tests.fakes import teams_requests as ask
from tests.fakes.trust import FACEBOOK, OKAFOR, REED


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from tests.bot.chat.teams_office import Heard, TeamsOffice

END = "And that is the end of our long year."
LONG = f"{'What a year it was for all of us. ' * 1_700}\n{END}"
"""Almost as long as Facebook takes."""


async def on(teams: TeamsOffice, person: PersonId, page: Heard, label: str) -> Heard:
    """What a button of a page leads to, for whoever reads."""
    url, card = teams.teams.service_url, teams.message(FACEBOOK_ROOM)
    pressed = action(page.card, label)
    return await teams.send(
        ask.pressed(teams.someone(person), url, pressed, FACEBOOK_ROOM, card.id)
    )


async def read_on(teams: TeamsOffice, person: PersonId) -> list[Heard]:
    """Every page, from the card to the last."""
    pages = [await teams.press(person, teams.message(FACEBOOK_ROOM), TO_SAY_YES)]
    while NEXT_PAGE in titles(pages[-1].card):
        pages.append(await on(teams, person, pages[-1], NEXT_PAGE))
    return pages


async def test_the_yes_stands_below_all_the_words(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, LONG, FACEBOOK)
    card = teams.message(FACEBOOK_ROOM)
    assert "Approve" not in titles(card.card)
    assert END not in set(strings(card.card))
    *before, last = await read_on(teams, OKAFOR)
    assert len(before) > 1
    assert all("Approve" not in titles(page.card) for page in before)
    said = list(strings(last.card["body"]))
    assert said.index(END) < said.index(ALL_OF_IT)
    assert "".join(map(_quoted, (*before, last))) == LONG.replace("\n", "")
    assert (await teams.post(post)).state is State.IN_REVIEW
    assert (await on(teams, OKAFOR, last, "Approve")).status == 200
    assert (await teams.post(post)).state is State.RELEASED


async def test_its_author_reads_it_and_is_offered_no_yes(teams: TeamsOffice) -> None:
    await teams.propose(REED, LONG, FACEBOOK)
    *_, last = await read_on(teams, REED)
    assert END in set(strings(last.card))
    assert "Approve" not in titles(last.card)


async def test_a_page_leads_back_and_to_the_card(teams: TeamsOffice) -> None:
    await teams.propose(REED, LONG, FACEBOOK)
    first, second, *_ = await read_on(teams, OKAFOR)
    assert (await on(teams, OKAFOR, second, PAGE_BEFORE)).card == first.card
    card = (await on(teams, OKAFOR, second, TO_THE_CARD)).card
    assert {TO_SAY_YES, "Reject"} <= set(titles(card))


async def test_who_reads_on_in_other_words_begins_again(teams: TeamsOffice) -> None:
    """Else the beginning of one version and the end of another would be all they read."""
    post = await teams.propose(REED, LONG, FACEBOOK)
    first, *_ = await read_on(teams, OKAFOR)
    await teams.revise(REED, post, "The year was another. " * 2_500)
    again = await on(teams, OKAFOR, first, NEXT_PAGE)
    said = set(strings(again.card))
    assert CHANGED in said
    assert any(line.startswith("Page 1 of ") for line in said)
    assert "Approve" not in titles(again.card)


def _quoted(page: Heard) -> str:
    return "".join(
        run["text"]
        for part in page.card["body"]
        if part["type"] == "Container"
        for block in part["items"]
        for run in block["inlines"]
    )
