"""How the development half writes private information."""

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


def _mailbox(random: Random) -> str:
    who = random.choice(("jo.tranter", "lundfamily", "thequills", "sam.reed77"))
    return f"{who}@{random.choice(('gmail.com', 'hotmail.co.uk'))}"


def _address(random: Random) -> str:
    street = random.choice(("Orchard Road", "Mill Lane", "Church Street", "Station Road"))
    return f"{random.randrange(2, 160)} {street}"


FORMS: tuple[Form, ...] = (
    ("mobile", "mobile-run", mobile),
    ("mobile", "mobile-5-6", lambda r: f"{(n := mobile(r))[:5]} {n[5:]}"),
    ("landline", "landline-5-6", lambda r: f"{(n := landline(r))[:5]} {n[5:]}"),
    ("mailbox", "mailbox-plain", _mailbox),
    ("mail", "mail-plain", lambda r: f"{r.choice(('info', 'hello'))}@harlequin-shoes.example"),
    ("postcode", "postcode-spaced", lambda r: " ".join(postcode(r))),
    ("address", "number-and-street", _address),
    ("nhs", "nhs-3-3-4", lambda r: f"{(n := nhs_number(r))[:3]} {n[3:6]} {n[6:]}"),
    ("nhs", "nhs-told-dashes", lambda r: f"NHS no {(n := nhs_number(r))[:3]}-{n[3:6]}-{n[6:]}"),
    ("nhs", "nhs-points", lambda r: f"{(n := nhs_number(r))[:3]}.{n[3:6]}.{n[6:]}"),
    ("nhs", "nhs-unparted", nhs_number),
    ("insurance", "insurance-run", insurance_number),
    ("upn", "upn-run", pupil_number),
    (
        "birth",
        "birth-slashes",
        lambda r: f"date of birth {r.randrange(1, 29)}/{r.randrange(1, 13)}/2015",
    ),
    ("password", "password-colon", lambda r: f"password: Oak{r.randrange(100, 999)}!"),
    (
        "password",
        "password-now-told",
        lambda r: f"the new password will be Elm{r.randrange(100, 999)}?",
    ),
    ("password", "password-behind", lambda r: f"Ash{r.randrange(100, 999)}! is the password"),
    ("password", "door-told", lambda r: f"the door code {r.randrange(1000, 9999)}"),
    (
        "password",
        "user-with-pass",
        lambda r: f"user beech{r.randrange(9)} pass fir{r.randrange(100)}x",
    ),
    ("link", "link-whole", lambda r: f"https://www.harlequin{r.randrange(99)}.example/page"),
    ("short_link", "short-whole", lambda r: f"https://bit.ly/{r.randrange(10**6):x}"),
    ("bad_link", "bare-address", lambda r: f"http://203.0.113.{r.randrange(256)}/login"),
    ("bad_link", "like-the-school", lambda _: "https://oakfie1d.example/pay"),
)
