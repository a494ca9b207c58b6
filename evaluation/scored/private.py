"""How the scored half writes private information."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.private import (
    insurance_number,
    landline,
    mobile,
    nhs_number,
    postcode,
    pupil_number,
)


if TYPE_CHECKING:
    from random import Random

    from evaluation.private import Form

_MONTHS = ("January", "March", "June", "August", "October", "December")


def _who(random: Random) -> str:
    return random.choice(("marchant.home", "ghosh_r", "bainesy1981", "c-dunne", "our.house"))


def _address(random: Random) -> str:
    street = random.choice(("Albert Terrace", "The Crescent", "Nightingale Close", "Quarry Mews"))
    return f"{random.choice(('Flat 3, ', ''))}{random.randrange(2, 160)} {street}"


def _spelt(number: str) -> str:
    return number.replace("0", "O")


FORMS: tuple[Form, ...] = (
    ("mobile", "mobile-country", lambda r: f"+44 {(n := mobile(r))[1:5]} {n[5:]}"),
    ("mobile", "mobile-0-bracket", lambda r: f"+44 (0){(n := mobile(r))[1:5]} {n[5:8]} {n[8:]}"),
    ("mobile", "mobile-dashes", lambda r: f"{(n := mobile(r))[:4]}-{n[4:7]}-{n[7:]}"),
    ("mobile", "mobile-o-for-0", lambda r: _spelt(mobile(r))),
    ("mobile", "mobile-dots", lambda r: f"{(n := mobile(r))[:5]}.{n[5:8]}.{n[8:]}"),
    ("landline", "landline-bracket", lambda r: f"({(n := landline(r))[:5]}) {n[5:]}"),
    ("landline", "landline-country", lambda r: f"0044 {landline(r)[1:]}"),
    ("landline", "london", lambda r: f"020 7946 0{r.randrange(1000):03}"),
    ("mailbox", "mailbox-capitals", lambda r: f"{_who(r).upper()}@YAHOO.CO.UK"),
    ("mailbox", "mailbox-at-spelt", lambda r: f"{_who(r)} at outlook dot com"),
    (
        "mailbox",
        "mailbox-other-host",
        lambda r: f"{_who(r)}@{r.choice(('icloud.com', 'btinternet.com'))}",
    ),
    ("mail", "mail-tagged", lambda r: f"orders+{r.randrange(99)}@palazzo-pizza.example"),
    ("mail", "mail-mailto", lambda _: "mailto:desk@nailart.example"),
    ("postcode", "postcode-run", lambda r: "".join(postcode(r))),
    ("postcode", "postcode-small", lambda r: " ".join(postcode(r)).lower()),
    ("address", "number-and-terrace", _address),
    ("nhs", "nhs-run", lambda r: f"NHS number {nhs_number(r)}"),
    ("nhs", "nhs-dashes", lambda r: f"NHS no {(n := nhs_number(r))[:3]}-{n[3:6]}-{n[6:]}"),
    (
        "insurance",
        "insurance-pairs",
        lambda r: f"{(n := insurance_number(r))[:2]} {n[2:4]} {n[4:6]} {n[6:8]} {n[8]}",
    ),
    ("upn", "upn-small", lambda r: f"UPN {pupil_number(r).lower()}"),
    ("upn", "upn-named", lambda r: f"UPN: {pupil_number(r)}"),
    ("birth", "birth-words", lambda r: f"born on {r.randrange(1, 29)} {r.choice(_MONTHS)} 2014"),
    ("birth", "birth-short", lambda r: f"DOB {r.randrange(10, 29)}.0{r.randrange(1, 9)}.13"),
    ("password", "password-is", lambda r: f"the password is Conker{r.randrange(100)}"),
    (
        "password",
        "user-and-pass",
        lambda r: f"username staff{r.randrange(9)} / pass Acorn{r.randrange(99)}",
    ),
    ("password", "pin", lambda r: f"PIN {r.randrange(1000, 9999)} for the door"),
    ("link", "link-bare", lambda r: f"nailart{r.randrange(99)}.co.uk"),
    ("link", "link-www", lambda r: f"www.palazzo-pizza{r.randrange(99)}.com/menu"),
    ("link", "link-defanged", lambda r: f"hxxps://prizes{r.randrange(99)}[.]com"),
    ("short_link", "short-bare", lambda r: f"tinyurl.com/{r.randrange(10**6):x}"),
    ("short_link", "short-other", lambda r: f"t.co/{r.randrange(10**6):x}"),
    ("bad_link", "like-government", lambda r: f"https://gov-uk-refund{r.randrange(9)}.com/claim"),
    ("bad_link", "foreign-letters", lambda _: "https://o\u0430kfield.example/news"),
    ("bad_link", "punycode", lambda _: "https://xn--okfield-5fg.example/"),
    ("bad_link", "name-before-at", lambda _: "https://oakfield.example@203.0.113.9/pay"),
)
