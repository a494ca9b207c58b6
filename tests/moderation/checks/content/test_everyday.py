"""What parents write every day under a school's posts, and what is meant that sounds like it."""

from __future__ import annotations

import pytest

from tests.moderation.checks.content.test_content import categories


@pytest.mark.parametrize(
    "text",
    [
        # hate, but not of anybody
        "I hate Mondays but my son can't wait for football.",
        "Hate Tuesdays, love Wednesdays.",
        # what sounds like a threat
        "Shoot, I missed it. Will there be photos?",
        "Drop dead gorgeous costumes.",
        "Last chance to order leavers' hoodies: £18, order by Friday.",
        "This is your last chance to vote for the mural.",
        "Gutted we missed this.",
        "Sorry we missed it, we were away.",
        # what sounds like a sale
        "Can someone give me a shout when the gates open?",
        "We have two places left in the car if anyone needs a lift to the match.",
        "Get yours in before Friday, I nearly missed it last time!",
        "Order yours today, last day!",
        "Years of experience and it shows. Great teachers.",
        "Ten minutes a day on the app makes all the difference.",
        # what sounds like an insult
        "They are filthy and happy.",
        "Our therapy dog Poppy is back on Thursday after her operation.",
        "This decision is a disgrace and the governors should listen to parents.",
        "It's a shame that Year 4 didn't get a turn.",
        "The girls were robbed! Lost on penalties after extra time.",
        "Lanterns were made for those who have had to leave home.",
        "I'm an idiot, I sent him in uniform.",
        "The kids were high on sugar.",
        # what sounds like the rest
        "Knew you'd smash it.",
        "Adam and Eve, Cain and Abel: Year 8 RE.",
    ],
)
def test_what_parents_write_every_day_is_let_be(text: str) -> None:
    assert not categories(text)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("I hate him but my son likes him.", "personal_attack"),
        ("Drop dead, Mr Khan.", "threatening"),
        ("Last chance, Mr Khan. Or else.", "threatening_perhaps"),
        ("That dog Mr Khan.", "disparaging"),
        ("Pity that van missed him.", "threatening"),
        ("Someone will be killed.", "threatening_perhaps"),
        ("Everyone will be killed.", "threatening"),
        ("I am sick of that idiot.", "disparaging"),
        ("Mr Khan was high on drugs.", "defamatory"),
        ("She is filthy and stupid.", "personal_attack"),
        ("Adam and Eve, not Adam and Steve.", "hateful_perhaps"),
        ("Cancel Mrs Khan.", "disparaging"),
    ],
)
def test_what_is_meant_is_seen_beside_it(text: str, category: str) -> None:
    assert category in categories(text)
