"""Links: every address is found, the school's own pass, hidden and imitated hosts are told."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from moderation.checks.links import belongs_to, imitates, links


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
        ("\U0001f600 zoë https://example.org/é", "example.org", "https://example.org/é"),
    ],
)
def test_an_address_is_found_where_it_stands(text: str, host: str, marked: str) -> None:
    (link,) = links(text)
    assert link.host == host
    assert text[link.start : link.end] == marked


@pytest.mark.parametrize(
    "text",
    [
        "Doors open at 3.30.Please be on time.",
        "Thank you.We had fun.It was great.",
        "Write to sam@example.org",
        "Year 4. Year 5.",
        "e.g. this, i.e. that, 2 p.m. sharp",
        "See the dot on the map",
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
    ("host", "imitating"),
    [
        ("paypa1.com", True),
        ("rnicrosoft.com", True),
        ("faceb\u043eok.com", True),
        ("gogle.com", True),
        ("goolge.com", True),
        ("gov.uk.refund.example", True),
        ("paypal.com-login.example", True),
        ("oakfleld.example", True),
        ("oak-field.example", True),
        ("paypal.com", False),
        ("www.gov.uk", False),
        ("goggles-r-us.example", False),
        ("bbc.com", False),
        ("maple.com", False),
    ],
)
def test_a_host_that_passes_for_a_known_one_is_told(host: str, *, imitating: bool) -> None:
    known = ("paypal.com", "microsoft.com", "facebook.com", "google.com", "gov.uk", "apple.com")
    assert imitates(host, (*known, "oakfield.example")) is imitating


@given(st.text(alphabet="abc.:/@[]()#? wwhtps\U0001f600-dot", max_size=80))
def test_any_text_is_answered_with_places_inside_it(text: str) -> None:
    end = 0
    for link in links(text):
        assert end <= link.start < link.end <= len(text)
        assert link.host == link.host.lower()
        end = link.end
