"""Content rules: what a school's own English may say, and what must be seen in any dress."""

from __future__ import annotations

import codecs
import re
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, strategies as st

from moderation.checks.content.book import FILES, book
from moderation.checks.content.grammar import listed, pattern, plural, unveiled
from moderation.checks.content.see import contents
from moderation.checks.lexicon import prepare
from moderation.checks.model import Finding, Kind
from moderation.checks.trial import run
from moderation.policies.loader import shipped
from moderation.policies.model import Check, Example, Severity
from moderation.policies.vocabulary import SEEN
from tests.moderation.checks.costs import in_proportion
from tests.proves import proves


STEP = shipped("step")
NAMES = {Check.PUPIL_NAMES, Check.IDENTIFICATION, Check.ALT_TEXT}
NOT_OF_THE_ENGINE = {
    Check.PRIVATE_INFORMATION,
    Check.LINKS,
    Check.IMAGE_CONSENT,
    Check.IMAGE_CONTENTS,
    *NAMES,
}


def veiled(text: str) -> str:
    """Rude words stand turned by thirteen letters here too."""
    return re.sub(r"<(.+?)>", lambda match: codecs.decode(match[1], "rot13"), text)


def asked(text: str, kind: Kind = Kind.POST) -> list[Finding]:
    found = run(Example(text=veiled(text), kind=kind), STEP)
    return [finding for finding in found if finding.check not in NAMES]


def categories(text: str, kind: Kind = Kind.COMMENT) -> set[str]:
    return {finding.category for finding in asked(text, kind)}


@proves("STEP-REM-1", "HARM-CONT-3", "MET-CONT-1")
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "text",
    [
        "The cock crowed three times in our Easter play.",
        "A day trip from Scunthorpe to Essex and Penistone.",
        "Blue tits and great tits at the feeder.",
        "Year 6 are reading Moby Dick.",
        "Our netball team smashed it in the final!",
        "You killed it on stage, Year 5!",
        "Shooting hoops all lunchtime.",
        "Gay Pride assembly on Friday: everyone welcome.",
        'Anti-bullying week: why "you\'re so gay" and "you\'re an idiot" hurt.',
        "Year 8 learnt about the history of slavery and how people were treated as property.",
        "In drama Fagin's boys are thieves and Bill Sikes is a murderer.",
        "The ugly sisters in our pantomime stole the show.",
        "Jewish, Muslim and Christian pupils shared their festivals.",
        "Refugees and asylum seekers are welcome at our coffee morning.",
        "Be careful walking home in the dark, wear bright colours.",
        "Summer fair: bouncy castle £1 a go, burgers £2, raffle prizes.",
        "Beware of scams: never click a link that asks for your password.",
        "We beat Oakwood 3-1. Well played to both teams.",
        "I was disappointed that the coach was late again.",
        "As a gay dad I felt so welcome, thank you",
        "We will get you ready for secondary school.",
        "Bend over backwards: gymnastics club is back.",
        "I could murder a cup of tea",
        "Look at the state of our muddy boots!",
        "Matsushita gave us shiitake seeds and a cockatoo.",
    ],
)
def test_british_school_english_passes(text: str, kind: Kind) -> None:
    assert categories(text, kind) == set()


@proves("STEP-REM-1", "HARM-CONT-2", "HARM-CONT-5", "HARM-CONT-7", "CC-CONT-1", "MET-CONT-1")
@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("This is <fuvg>", "profane"),
        ("This is <f u v g>", "profane"),
        ("This is <fu>*<g>", "profane"),
        ("<fuvg>show again", "profane"),
        ("Great day #<fuvg>show", "profane"),
        ("$h1t day", "profane"),
        ("Send nudes", "obscene"),
        ("You <ergneq>", "hateful"),
        ("Poles are vermin", "hateful"),
        ("no more Romanian families here please", "hateful"),
        ("they should send the refugees back", "hateful"),
        ("I'm going to break your legs", "threatening"),
        ("someone needs to stab that caretaker", "threatening"),
        ("bringing a knife to school tomorrow", "threatening"),
        ("hope she gets cancer", "threatening"),
        ("you'd better watch your back", "threatening_perhaps"),
        ("we know which car she drives", "threatening_perhaps"),
        ("Mr Lund is a useless idiot", "personal_attack"),
        ("what a pathetic excuse for a teacher", "personal_attack"),
        ("Mrs Quill needs to go now", "disparaging"),
        ("#SackTheHead", "disparaging"),
        ("Mr Lund is a liar", "defamatory"),
        ("the cook pinched the raffle money", "defamatory"),
        ("the caretaker is a paedo", "defamatory_grave"),
    ],
)
def test_what_is_said_of_people_is_seen(text: str, category: str) -> None:
    assert category in categories(text)


@proves("STEP-REM-2", "STEP-REM-3", "STEP-REM-4", "STEP-ADV-1", "HARM-CONT-9")
@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("cheap vapes, no ID needed, dm me", "unlawful"),
        ("selling SATs answers early", "unlawful"),
        ("You have won a £500 gift card, click to claim", "fraudulent"),
        ("Your account will be suspended, verify your password", "fraudulent"),
        ("Turn £100 into £5,000 with bitcoin", "fraudulent"),
        ("20% off with code SAVE20", "advertising"),
        ("I do plumbing and tiling, good rates, message me", "advertising"),
        ("please give to my JustGiving", "private_business"),
    ],
)
def test_what_is_sold_or_faked_is_seen(text: str, category: str) -> None:
    assert category in categories(text)


@proves("STEP-CONF-1", "STEP-OPIN-1", "AUR-COPY-1", "STEP-AGE-1", "HARM-CONT-1", "HARM-CONT-8")
@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Our teacher is off sick with depression", "confidential"),
        ("Just between us: the head is leaving", "confidential"),
        ("Two posts will be made redundant", "commercial"),
        ("Vote Labour on Thursday", "political"),
        ("Frankly, I think the strike is wrong", "personal_opinion"),
        ("Found this picture on Pinterest", "others_work"),
        ("Year 4, join our TikTok group", "under_minimum_age"),
        ("Film night: rated 18", "unsuitable"),
    ],
)
def test_what_a_school_keeps_to_itself_is_seen_in_posts_alone(text: str, category: str) -> None:
    assert category in categories(text, Kind.POST)
    assert category not in categories(text, Kind.COMMENT)


@proves("STEP-REM-1")
def test_an_accusation_is_always_for_a_person() -> None:
    for text in ("Mrs Quill is a thief", "the head is a liar"):
        (finding,) = asked(text)
        assert (finding.category, finding.severity) == ("defamatory", Severity.FLAG)
    (grave,) = asked("the caretaker is a paedo", Kind.COMMENT)
    assert grave.severity is Severity.FLAG


def test_a_quotation_is_nobodys_opinion_here() -> None:
    assert categories('"I think that the frogs were best", she told the class', Kind.POST) == set()


def test_the_words_are_marked_and_no_others() -> None:
    text = "Lovely day. Mr Lund is a useless idiot. See you soon."
    (finding,) = asked(text)
    assert text[finding.start : finding.end] == "Mr Lund is a useless idiot"


def test_every_category_has_a_rule_in_the_pack() -> None:
    answered = {(rule.check, rule.category) for rule in STEP.rules if not rule.lexical}
    seen = {(entry.check, entry.category) for entry in book().entries}
    assert seen <= answered
    for check in set(SEEN) - NOT_OF_THE_ENGINE:
        assert {category for one, category in seen if one is check} == set(SEEN[check])


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Thanks for nothing #oakfieldis<fuvg>", "profane"),
        ("Head of the year #total<jnaxre>", "profane"),
        ("G O O D <F> <U> <V> <G>", "profane"),
        ("it's <f>/<u>/<v>/<g>", "profane"),
        ("My mentor turned my £200 into four grand", "fraudulent"),
        ("The Year 4 teacher is a liar", "defamatory"),
        ("Nobody owes Poles any respect", "hateful"),
        ("I'd open champagne if the cook keeled over", "threatening"),
        ("You'll leave in an ambulance", "threatening"),
        ("Miss Quill waddles down the corridor", "disparaging"),
        ("Got a hammer with your name on it", "threatening_perhaps"),
        ("Nobody would weep at Mr Lund's graveside", "threatening_perhaps"),
        ("I work with Poles, idle the lot of them", "hateful_perhaps"),
        ("Twenty percent off this month", "advertising"),
        ("We clear lofts, ring Dave for a price", "advertising"),
    ],
)
def test_what_is_meant_is_seen_in_other_words(text: str, category: str) -> None:
    assert category in categories(text)


@pytest.mark.parametrize(
    "text",
    [
        "We walked to school #oakfieldisbrilliant",
        "I can think of no reason to leave Poles out",
        "Kids were filthy after forest school, brilliant day",
        "Mr Lund's voice carried right to the back of the hall",
        "Got a mug with your name on it",
        "Good riddance to the rain, hello sunshine",
        "Essex is lovely #scunthorpeisopen",
        "A B C D, sang the class, 3/4/5/6",
        "Four grand pianos stood in the hall",
        "Muslims are not worth less than anybody",
        "There is nothing wrong with Poles",
        "I'd open the biscuits if the cook came over",
        "Miss Quill waddles down the corridor in her duck costume",
        "We cleared the shed, thanks, ring Dave for the key",
        "Year 9 learnt how dealers of weed find children, said the officer",
    ],
)
def test_what_is_only_like_it_is_let_be(text: str) -> None:
    assert categories(text) == set()


def test_no_rude_word_stands_in_the_open() -> None:
    hidden = [
        word
        for name in ("profane", "slur")
        for word in book().classes[name]
        if " " not in word and len(word) > len("slurs")
    ]
    for name in FILES:
        path = files("moderation.checks.content") / f"{name}.toml"
        told = set(re.findall(r"[a-z*]+", re.sub(r"\{\{.*?\}\}", "", path.read_text("utf-8"))))
        assert told & set(hidden) - {"bastards", "bastard*"} == set()


def test_every_file_can_be_read_and_every_pattern_is_used() -> None:
    for name in FILES:
        tomllib.loads((files("moderation.checks.content") / f"{name}.toml").read_text("utf-8"))
    looked_for = {id(one) for told in book().telling.values() for _, one in told}
    assert looked_for == {id(one) for entry in book().entries for one in entry.say}


def test_the_language_of_the_rules() -> None:
    assert listed("teacher+, {{pnoontr}}*, two  words") == (
        "teacher",
        "teachers",
        "cabbage*",
        "two words",
    )
    assert [plural(word) for word in ("bully", "boy", "witch", "cat")] == [
        "bullies",
        "boys",
        "witches",
        "cats",
    ]
    assert unveiled("{{n}} b {{p}}") == "a b c"
    for wrong in ("@nobody is", "maybe? is", "!not", "..."):
        with pytest.raises(ValueError, match=r"class|begins"):
            pattern(wrong, {})


@proves("STEP-REM-1")
@pytest.mark.parametrize(
    "part",
    [
        "i will kill you ",
        "\u0301",
        "a\u0301",
        "the head is a ",
        "i i i you you ",
        "#",
        "#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ",
        "f*",
        "a.b.c.",
        "born on 1 ",
        "password is on ",
        "\u202eevil ",
    ],
)
def test_a_long_text_costs_in_proportion(part: str) -> None:
    def look(text: str) -> object:
        return list(contents(prepare(text), "text", Kind.COMMENT))

    assert in_proportion(look, part)


WORDS = st.one_of(
    st.sampled_from(
        ["i", "will", "kill", "you", "the head", "is a", "liar", "he", "'s", "not", "never"]
    ),
    st.sampled_from(["£5", "50% off", "click to claim", "Mrs Lund", "gay people", "are", "SAVE20"]),
    st.sampled_from(
        [".", ",", "!", '"', "#", "@", "don't", "n't", "\u0301", "\u00a9", "off sick with"]
    ),
)


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map(" ".join)))
def test_any_text_is_answered_with_places_inside_it(text: str) -> None:
    for kind in Kind:
        for sighting in contents(prepare(text), "text", kind):
            assert sighting.start is not None
            assert sighting.end is not None
            assert 0 <= sighting.start < sighting.end <= len(text)


@pytest.mark.parametrize("text", ["n't", "wouldn 't or n't?", "'n't", "s's", "'s", "#n't", "N'T!"])
def test_what_is_left_of_a_contraction_is_a_word(text: str) -> None:
    assert categories(text) == set()


@given(st.lists(WORDS, max_size=10).map(" ".join))
def test_the_same_text_is_answered_the_same(text: str) -> None:
    once, again = (
        [(one.category, one.start, one.end) for one in contents(prepare(text), "text", Kind.POST)]
        for _ in "ab"
    )
    assert once == again


@pytest.mark.parametrize(
    "text",
    [
        "He needs his legs breaking",
        "There's a bullet with your name on it",
        "I'd dance on her grave",
        "Put a brick through her window, somebody",
        "That school needs burning down",
        "If you fail my daughter I'll fail your brakes",
        "ill spark you out",
        "Someone please shoot that teacher",
        "I know which car is yours",
        "I know what time you lock up on your own",
        "Hopefully he gets knocked off his bike",
        "I wish a lorry would flatten her",
        "Wouldn't shed a tear if the minibus went off a cliff with them on it",
    ],
)
def test_a_threat_is_seen_without_its_usual_words(text: str) -> None:
    assert categories(text) & {"threatening", "threatening_perhaps"}


@pytest.mark.parametrize(
    "text",
    [
        "There's a cup with your name on it",
        "The gate needs painting",
        "Can someone please thank the caretaker",
        "I'll find you a chair",
        "You will pay on the gate",
        "Your teeth will be clean after the dentist's visit",
        "We're going to shoot a film about recycling",
        "I could kill for a cup of tea",
        "You can't hide from the smell of those cakes",
        "Muslims are taking part in our carnival",
        "Gay people should never be ashamed of who they are",
        "Sikhs don't deserve the abuse they get",
        "Deaf people get off the coach first",
        "Poles own the bakery that gave us the cakes",
        "Year 4 cooked a typical Polish breakfast",
        "Stop the hate, Travellers are us",
        "Too many disabled people are still waiting for help",
        "Somalis are no different from you and me",
        "Please stop parking outside the mosque",
        "Hopefully he gets a new bike",
        "I hope she never gets ill again",
        "Praying for everybody who was hurt in the flood",
        "I'll sort you out with a ticket",
        "I'll shoot you an e-mail",
        "I'll chase them up for your refund",
        "I'd rather die than miss the Polish dumplings",
        "I am proud that my son sits next to a Jewish boy",
        "I won't have a Somali girl told she is less",
        "Nobody cooks like Poles",
        "Nothing deaf people say is worth missing",
        "People say the kindest things about our choir",
        "Nobody coaches football as Nigerians do",
    ],
)
def test_what_only_sounds_like_a_threat_or_hatred_passes(text: str) -> None:
    for kind in Kind:
        assert categories(text, kind) == set()


@pytest.mark.parametrize(
    "text",
    [
        "I am ashamed that my son sits next to a Jew",
        "I'd rather die than be a Sikh",
        "Thank God I am not one of those Muslims",
        "Poles need to be taught a lesson",
        "Deport every one of the Sikhs",
        "Muslims took over the town",
        "Scrap Black History Month",
        "Jews should go back to where they came from",
        "The world would be better without gay people",
    ],
)
def test_hatred_is_seen_where_a_lesson_or_an_assembly_is_named(text: str) -> None:
    assert "hateful" in categories(text)
