"""How people, pages and findings of a post are spoken of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from moderation.accounts.present import page, pages
from moderation.kernel import THE_OPERATOR
from moderation.words import THE_OPERATOR_IN_WORDS, count, dated, when


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from moderation.checks.model import Finding
    from moderation.kernel import AccountId, PersonId
    from moderation.posts.model import Content, Post
    from moderation.posts.queries.views import Surroundings


SOMEBODY = "somebody who is no longer here"
LONGEST_WORDS = 60
"""Characters of a post's own words that stand before a reason."""
LONGEST_GLIMPSE = 60
"""Characters of a post's own words that tell which one it is."""
_FIELD = re.compile(r"(alt|image)\[(\d+)\]")


def person(view: Surroundings, who: PersonId | None) -> str:
    """A person as the school writes them; the reader is "you"."""
    if who is None:
        return "Schoolgate"
    if who == THE_OPERATOR:
        return THE_OPERATOR_IN_WORDS
    return "you" if who == view.viewer else view.names.get(who, SOMEBODY)


def people(view: Surroundings, whom: Iterable[PersonId]) -> tuple[str, ...]:
    """Several, in the order given."""
    return tuple(person(view, who) for who in whom)


def with_role(view: Surroundings, who: PersonId) -> str:
    """A person with the part they play today: "Mrs Ade (headteacher)"."""
    rights = view.rights
    if who == view.viewer:
        return "you"
    if who == rights.head():
        role = "trust lead" if rights.school == rights.trust else "headteacher"
    elif who in rights.trust_leads():
        role = "trust lead"
    else:
        return person(view, who)
    return f"{person(view, who)} ({role})"


def who_is_told(view: Surroundings, post: Post) -> PersonId | None:
    """Who hears that nobody can say yes: the head, who stands in, or the trust lead."""
    rights = view.rights
    leads = rights.trust_leads()
    return rights.head_for(post.authors) or rights.head() or (leads[0] if leads else None)


def title(view: Surroundings, content: Content) -> str:
    """Where a post goes: "Facebook · Oakfield Primary"."""
    known = [view.accounts[item] for item in content.accounts if item in view.accounts]
    return pages(known) if known else f"A page of {view.school}"


def page_of(view: Surroundings, account: AccountId | str) -> str:
    """One account by its id: "Facebook · Oakfield Primary"."""
    known = {str(found.id): found for found in view.accounts.values()}.get(str(account))
    return page(known) if known is not None else "that page"


def at(view: Surroundings, instant: datetime) -> str:
    """An instant in the reader's words: "today 15:20", or "Monday 8 June, 15:20" where it lasts."""
    if view.lasting:
        return dated(instant, view.now, view.zone)
    return when(instant, view.now, view.zone)


def field_words(finding: Finding, content: Content) -> str:
    """The words in question, shortened, or the thing that they are about."""
    found = _FIELD.fullmatch(finding.field)
    whole = content.text if finding.field == "text" else ""
    about = ""
    if found is not None:
        number = int(found[2])
        if found[1] == "alt" and number < len(content.attachments):
            whole = content.attachments[number].alt
        about = f"Picture {count(number + 1)}"
    if finding.start is None or finding.end is None:
        return about
    words = " ".join(whole[finding.start : finding.end].split())
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"


def glimpse(text: str) -> str:
    """The first words, on one line."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_GLIMPSE else f"{words[: LONGEST_GLIMPSE - 1]}…"
