"""Ready to post: what the person who puts it on the network needs, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from moderation.kernel import SubjectRef
from moderation.posts.model import READY, State
from moderation.posts.present import buttons
from moderation.posts.present.needed import taken
from moderation.posts.present.parts import pictures, posted_words, removal_words
from moderation.posts.present.pausing import pause_lines
from moderation.posts.present.speech import at, page_of, people, title
from moderation.posts.present.states import state_of
from moderation.views import Facts, Links, Media, Note, Quote, Tone, can_be_opened
from moderation.words import both, card as worded, platform_name


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView
    from moderation.views import Card, Part


def ready(post: Post, view: PostView) -> Card:
    """What a poster needs and nothing else: the words to copy, the pictures, where, from when."""
    state, tone = _ready_state(post, view)
    row, more = buttons.posting(post, view)
    return worded(
        SubjectRef(READY, post.id),
        version=view.version,
        title=title(view, post.content),
        state=state,
        tone=tone,
        parts=tuple(_ready_parts(post, view)),
        buttons=row,
        more=more,
    )


def _ready_state(post: Post, view: PostView) -> tuple[str, Tone]:
    if post.state in {State.RELEASED, State.PUBLISHED}:
        return state_of(post, view)
    if post.removal_asked is not None:
        return "Stop: please don't post this", Tone.STOPPED
    # A private message says stop, and is heard; an old card that changes isn't.
    return "No longer to be posted", Tone.WAITING


def _ready_parts(post: Post, view: PostView) -> Iterator[Part]:
    """Once it is called back, the words are no longer there to be copied."""
    if post.removal_asked is not None:
        yield Note(lines=("Please take it down wherever it is already posted.",), tone=Tone.STOPPED)
        yield from removal_words(post, view)
    elif post.state not in {State.RELEASED, State.PUBLISHED}:
        yield Note(lines=("It was called back. Please don't post it.",))
    if post.state not in {State.RELEASED, State.PUBLISHED}:
        return
    paused = tuple(pause_lines(post, view))
    if paused:
        yield Note(lines=paused, tone=Tone.STOPPED)
    if post.state is State.RELEASED and post.removal_asked is None and not paused:
        if view.in_hand is not None:
            yield Note(lines=(taken(view),), tone=Tone.WAITING)
        yield Quote(text=post.content.text, copyable=True)
        if post.content.attachments:
            yield Media(pictures(post, view))
    if post.removal_asked is None and not paused:
        yield from _pages(post, view)
    yield Facts(tuple(_ready_facts(post, view)))


def _pages(post: Post, view: PostView) -> Iterator[Links]:
    """Where it is to be put, and where it stands: one click away from the copied words."""
    done = {posting.account: posting.url for posting in post.postings}
    several = Counter(known.platform for known in view.accounts.values())
    pages = []
    for account in post.content.accounts:
        known = view.accounts.get(account)
        if known is None:
            continue
        alone = several[known.platform] == 1
        where = platform_name(known.platform) if alone else page_of(view, account)
        if account in done:
            pages.append((f"See it on {where}", done[account]))
        else:
            pages.append((f"Open {where}", known.url))
    pages = [(label, address) for label, address in pages if can_be_opened(address)]
    if pages:
        yield Links(tuple(pages))


def _ready_facts(post: Post, view: PostView) -> Iterator[tuple[str, str]]:
    done = {posting.account: posting for posting in post.postings}
    for account in post.content.accounts:
        posting = done.get(account)
        known = "Not posted yet"
        if posting is not None:
            known = posted_words(posting.said, "" if can_be_opened(posting.url) else posting.url)
        yield page_of(view, account), known
    due = post.content.not_before
    if due is not None and post.state is State.RELEASED:
        yield "Not before", at(view, due)
    yield "Written by", both(people(view, sorted(post.authors)))
    yes = tuple(dict.fromkeys(approval.person for approval in post.approvals))
    if yes:
        yield "Approved by", both(people(view, yes))
