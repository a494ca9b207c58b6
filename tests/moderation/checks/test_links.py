"""Links: every address is found, the school's own pass, hidden and imitated hosts are told."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, strategies as st

from moderation.checks.context import Context
from moderation.checks.domains import belongs_to, imitates, registered
from moderation.checks.links import links, other_sites
from moderation.checks.model import Draft
from moderation.policies.loader import shipped
from moderation.policies.model import Check
from tests.moderation.checks.costs import in_proportion
from tests.proves import proves


STEP = shipped("step")


@pytest.mark.parametrize(
    ("text", "host", "marked"),
    [
        (
            "See https://www.example.org/rivers.",
            "www.example.org",
            "https://www.example.org/rivers",
        ),
        ("See www.example.org today", "www.example.org", "www.example.org"),
        ("Book: bit.ly/3abcDEF now", "bit.ly", "bit.ly/3abcDEF"),
        ("(example.co.uk/a_(b))", "example.co.uk", "example.co.uk/a_(b)"),
        ("hxxps://example[.]org/x", "example.org", "hxxps://example[.]org/x"),
        ("visit example[dot]org", "example.org", "example[dot]org"),
        ("EXAMPLE.ORG", "example.org", "EXAMPLE.ORG"),
        ("https://user:pw@evil.example/x", "evil.example", "https://user:pw@evil.example/x"),
        ("https://192.0.2.7/x", "192.0.2.7", "https://192.0.2.7/x"),
        ("https://xn--bcher-kva.example/", "bücher.example", "https://xn--bcher-kva.example/"),
        ("EXAMPLE[DOT]ORG", "example.org", "EXAMPLE[DOT]ORG"),
        ("oakfield dot sch dot uk, please", "oakfield.sch.uk", "oakfield dot sch dot uk"),
        ("our site: example\u3002org", "example.org", "example\u3002org"),
        ("bees.photography has it", "bees.photography", "bees.photography"),
        ("linktr.ee and more", "linktr.ee", "linktr.ee"),
        ("(www.oakfield.unheardof/x)", "www.oakfield.unheardof", "www.oakfield.unheardof/x"),
        ("choir.example/tickets", "choir.example", "choir.example/tickets"),
        ("\U0001f600 zoë https://example.org/é", "example.org", "https://example.org/é"),
        ("hxxps[:]//example.org/x", "example.org", "hxxps[:]//example.org/x"),
        ("hxxp[://]example.org", "example.org", "hxxp[://]example.org"),
        ("hxxp://example.org./x", "example.org", "hxxp://example.org./x"),
        ("https://bücher.example/", "bücher.example", "https://bücher.example/"),
        ("www.xn--bcher-kva.example", "www.bücher.example", "www.xn--bcher-kva.example"),
        ("choir.example/Tickets.Pdf", "choir.example", "choir.example/Tickets.Pdf"),
        ("CHOIR.XXX", "choir.xxx", "CHOIR.XXX"),
        ("see //example.org/x now", "example.org", "//example.org/x"),
        ("HTTP:/example.org/x", "example.org", "HTTP:/example.org/x"),
        ("www.example.org/a(b)c", "www.example.org", "www.example.org/a(b)c"),
    ],
)
def test_an_address_is_found_where_it_stands(text: str, host: str, marked: str) -> None:
    (link,) = links(text)
    assert link.host == host
    assert text[link.start : link.end] == marked
    assert link.disguised is ("@" in text)


@pytest.mark.parametrize("host", ["xn--0.example", "www.xn--bcher-kv\u00e9.example"])
def test_a_host_that_cannot_be_read_is_taken_for_a_disguise(host: str) -> None:
    (link,) = links(f"See https://{host}/x")
    assert (link.host, link.disguised) == (host, True)
    assert (link.start, link.end) == (4, 14 + len(host))


@proves("STEP-LINK-1")
@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("192.0.2.7/x", "192.0.2.7"),
        ("http://3232235521/", "192.168.0.1"),
        ("http://0xC0A80001/", "192.168.0.1"),
        ("http://[2001:db8::1]/x", "2001:db8::1"),
        ("http:/evil.example", "evil.example"),
        ("https:evil.example", "evil.example"),
        ("http:///evil.example", "evil.example"),
        ("http:\\\\evil.example\\x", "evil.example"),
        ("http://\uff45vil.example", "evil.example"),
        ("http://%65vil.example", "evil.example"),
        ("bit dot ly/abc", "bit.ly"),
        ("b\u200bit.ly/x", "bit.ly"),
    ],
)
def test_an_address_is_found_in_every_form_that_opens(address: str, host: str) -> None:
    (link,) = links(f"See {address} now")
    assert link.host == host


@proves("STEP-LINK-1")
@pytest.mark.parametrize(
    "text",
    [
        "[https://oakfield.example](http://evil.example)",
        "<http://evil.example|oakfield.example>",
        '<a href="http://evil.example">oakfield.example</a>',
        "[url=http://evil.example]oakfield.example[/url]",
        "javascript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
    ],
)
def test_an_address_that_shows_another_is_disguised(text: str) -> None:
    assert any(link.disguised for link in links(text))


def test_what_opens_no_site_is_called_by_what_it_is() -> None:
    assert [link.host for link in links("JavaScript:alert(1)")] == ["javascript"]


@pytest.mark.parametrize(
    "text",
    [
        "[our site](http://oakfield.example)",
        "[oakfield.example](https://www.oakfield.example/news)",
        "[www.oakfield.example](https://oakfield.example/news)",
        "<https://oakfield.example/x|oakfield.example>",
    ],
)
def test_an_address_behind_its_own_words_is_not_disguised(text: str) -> None:
    assert not any(link.disguised for link in links(text))


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (
            "https://xn--mnchen-3ya.de",
            "It leads to münchen.de, which a browser knows as xn--mnchen-3ya.de.",
        ),
        (
            f"https://{'ü' * 64}.example",
            f"It leads to {'ü' * 64}.example, which a browser knows as a name that it refuses.",
        ),
        ("https://oakfield.example@evil.example", "It leads to evil.example."),
        ("http://3232235521/", "It leads to 192.168.0.1."),
        ("https://bbc.co.uk/news", ""),
        ("HTTPS://BBC.CO.UK/news", ""),
        ("https://[::1]/x", ""),
        ("JavaScript:alert(1)", ""),
    ],
)
def test_whoever_reads_is_told_where_it_leads_if_the_address_does_not_say(
    address: str, told: str
) -> None:
    context = Context(today=date(2026, 9, 14), allowed_hosts=("oakfield.example",))
    (sighting,) = other_sites(Draft(text=address), STEP, context)
    assert sighting.besides == told


@pytest.mark.parametrize(
    "text",
    [
        "The ratio is 3:1, 10:30/11:30, and :/ is a face",
        "https: is the secure one. Javascript: learn to code (free)",
        "The dot com boom, | Mon | Tue |, look at [this](page 3)",
        "Doors open at 3.30.Please be on time.",
        "Thank you.We had fun.It was great.",
        "Write to sam@example.org",
        "Year 4. Year 5.",
        "e.g. this, i.e. that, 2 p.m. sharp",
        "See the dot on the map",
        "Polka dot shoes and a dot on UK maps",
        "It was great fun.it was over too soon",
        "We had a cake.sale on friday",
        "Ready.set.go at 10.30.am",
        "We saw a quokka.It was asleep",
        "http://localhost/x",
        "http://",
        "https://[bad",
    ],
)
def test_what_only_looks_like_an_address_is_left_alone(text: str) -> None:
    assert links(text) == ()


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("oakfield.example", True),
        ("www.oakfield.example", True),
        ("news.oakfield.example", True),
        ("notoakfield.example", False),
        ("oakfield.example.evil.example", False),
    ],
)
def test_the_schools_own_hosts_are_its_domain_and_what_is_below(host: str, *, own: bool) -> None:
    assert belongs_to(host, ("www.Oakfield.example",)) is own


@pytest.mark.parametrize(
    ("host", "name", "suffix"),
    [
        ("news.bbc.co.uk", "bbc", "co.uk"),
        ("oak.kent.sch.uk", "oak", "kent.sch.uk"),
        ("oakfield.github.io", "oakfield", "github.io"),
        ("foo.oakfield.example", "oakfield", "example"),
        ("gov.uk", "", "gov.uk"),
        ("192.0.2.7", "192.0.2.7", ""),
    ],
)
def test_what_was_registered_stands_before_the_public_suffix(
    host: str, name: str, suffix: str
) -> None:
    assert registered(host) == (name, suffix)


OFFLINE = """
import sys
told = []
def watch(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event in {"socket.connect", "socket.getaddrinfo", "os.mkdir", "os.rename"}:
        told.append((event, arguments))
sys.addaudithook(watch)
from moderation.checks.domains import registered
from moderation.checks.links import links
assert registered("www.oakfield.co.uk") == ("oakfield", "co.uk")
assert links("oakfield.school")
assert not told, told
"""


def test_the_list_is_read_without_a_network_and_nothing_is_written() -> None:
    subprocess.run([sys.executable, "-B", "-c", OFFLINE], check=True, timeout=60)


LABEL = st.from_regex(r"[a-z]([a-z0-9-]{0,9}[a-z0-9])?", fullmatch=True)


@given(LABEL, st.sampled_from(["oakfield.example", "oak.kent.sch.uk", "oakfield.github.io"]))
def test_a_sub_domain_belongs_and_a_longer_name_does_not(label: str, domain: str) -> None:
    assert belongs_to(f"{label}.{domain}", (domain,))
    assert not imitates(f"{label}.{domain}", (domain,))
    assert not belongs_to(f"{label}-{domain}", (domain,))
    assert not belongs_to(f"{domain}.{label}", (domain,))
    assert imitates(f"{domain}.{label}", (domain,))


@pytest.mark.parametrize(
    ("host", "imitating"),
    [
        ("paypa1.com", True),
        ("rnicrosoft.com", True),
        ("faceb\u043eok.com", True),
        ("\u0440\u0430\u0443\u0440\u0430l.com", True),
        ("go\u043e\u0261le.c\u043em", True),
        ("gogle.com", True),
        ("goolge.com", True),
        ("googlo.com", True),
        ("googles.com", True),
        ("oogle.com", True),
        ("gaaglo.com", False),
        ("gov.uk.refund.example", True),
        ("paypal.com-login.example", True),
        ("oakfleld.example", True),
        ("paypal-secure.com", True),
        ("my-google.com", True),
        ("paypal.refund-claim.net", True),
        ("pay-pal.login.example", True),
        ("gov-uk.com", True),
        ("govuk.info", True),
        ("google.co.uk", False),
        ("account.google.fr", False),
        ("paypal-reviews.com", False),
        ("forms.gle", False),
        ("oak-field.example", True),
        ("login.paypa1.co.uk", True),
        ("oakfie1d.org", True),
        ("x.g0v.uk", True),
        ("www.paypal.com-login.example", True),
        ("services.gov.uk", False),
        ("oak-field.org", False),
        ("oakfields.org", False),
        ("192.0.2.7", False),
        ("paypal.com", False),
        ("www.gov.uk", False),
        ("goggles-r-us.example", False),
        ("bbc.com", False),
        ("maple.com", False),
        ("ample.com", False),
        ("www.oak-field.org", False),
        ("co.uk", False),
    ],
)
def test_a_host_that_passes_for_a_known_one_is_told(host: str, *, imitating: bool) -> None:
    known = ("paypal.com", "microsoft.com", "facebook.com", "google.com", "gov.uk", "apple.com")
    assert imitates(host, (*known, "service.gov.uk", "oakfield.example")) is imitating


def test_every_address_that_leads_elsewhere_is_told_and_marked() -> None:
    text = (
        "See oakfield.example and www.oakfield.example/x, https://wales.example/x, bit.ly/3abc;\n"
        "not paypa1.com, https://oakfield.example@evil.example or bit.ly again."
    )
    draft = Draft(text=text)
    context = Context(today=date(2026, 9, 14), allowed_hosts=("oakfield.example",))

    told = list(other_sites(draft, STEP, context))

    assert [(one.category, text[one.start : one.end]) for one in told] == [
        ("link", "https://wales.example/x"),
        ("shortener", "bit.ly/3abc"),
        ("lookalike", "paypa1.com"),
        ("lookalike", "https://oakfield.example@evil.example"),
        ("shortener", "bit.ly"),
    ]
    assert {(one.check, one.field) for one in told} == {(Check.LINKS, "text")}


def test_bait_beside_a_known_name_may_be_said_twice() -> None:
    assert imitates("parcel-evri.parcel-evri.com", ("evri.com",))


def test_a_hyphen_more_or_less_is_no_imitation_under_another_ending() -> None:
    known = ("oakfield-school.co.uk",)
    assert not imitates("oakfieldschool.org", known)
    assert imitates("oakfieldschool.co.uk", known)
    assert imitates("0akfield-school.org", known)


@given(st.text(alphabet="abc.:/@[]()#? wwhtps\U0001f600-dot", max_size=80))
def test_any_text_is_answered_with_places_inside_it(text: str) -> None:
    end = 0
    for link in links(text):
        assert end <= link.start < link.end <= len(text)
        assert link.host == link.host.lower()
        end = link.end


@given(st.text(max_size=30), LABEL, st.sampled_from(["com", "org.uk", "photography"]))
def test_an_address_is_found_between_any_words(words: str, label: str, suffix: str) -> None:
    address = f"https://{label}.{suffix}/x"
    text = f"{words} {address} \U0001f600"
    assert address in {text[link.start : link.end] for link in links(text)}


@pytest.mark.parametrize(
    "part",
    [
        "a.",
        "a.com ",
        "(a.com",
        "a[.]",
        "a.b-",
        "a dot ",
        "www.",
        "a.com/?((",
        "http://",
        "a@",
        "<a.co|b.co> ",
    ],
)
def test_a_long_text_costs_in_proportion_to_its_length(part: str) -> None:
    def check(text: str) -> None:
        list(other_sites(Draft(text=text), STEP, Context(today=date(2026, 9, 14))))

    assert in_proportion(check, part)
