"""Row ↔ model: the only module that knows both. Sealed parts are versioned JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar, get_origin, get_type_hints

from cattrs.gen import make_dict_unstructure_fn, override
from cattrs.preconf.json import make_converter
from sqlalchemy.engine import Row

from moderation.accounts.model import Account, MonthOrDay
from moderation.checks.model import NotAPupil, Pictured
from moderation.imports.model import People
from moderation.kernel import CorruptStore, FindingKey, Identity, PersonId, Platform
from moderation.links.model import Link
from moderation.people.model import AccountRole, Appointment, Grant, Person, Role, Span, Standing
from moderation.ports import Inspection
from moderation.posts.model import Approval, Content, Needs, Post, Publication, Revision, State


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


T = TypeVar("T")
BODY_VERSION = 1
"""The form of every sealed body. A later form reads this one too."""


def _is_set(kind: Any) -> bool:  # noqa: ANN401 -- any annotation
    plain_kind = get_origin(kind) or kind
    return isinstance(plain_kind, type) and issubclass(plain_kind, AbstractSet)


_converter = make_converter(forbid_extra_keys=True, detailed_validation=False)
# A set has no order; stored bytes should not depend on the run.
_converter.register_unstructure_hook_func(
    _is_set, lambda value: sorted(_converter.unstructure(item) for item in value)
)
# What is seen in the pixels stands in a table of its own: an older program knows no such field.
_converter.register_unstructure_hook(
    Inspection,
    make_dict_unstructure_fn(
        Inspection, _converter, look=override(omit=True), film=override(omit_if_default=True)
    ),
)
# Nor what an account is called: that is sealed beside the rest of its link.
_converter.register_unstructure_hook(
    Link,
    make_dict_unstructure_fn(Link, _converter, called=override(omit=True)),
)
# Nor does it know that a file of people may speak of some platforms alone, or of who is named.
_converter.register_unstructure_hook(
    People,
    make_dict_unstructure_fn(
        People,
        _converter,
        speaks_of=override(omit_if_default=True),
        answered=override(omit_if_default=True),
        answered_shown=override(omit_if_default=True),
    ),
)
# Nor of colleagues in pictures, where there are none, and who may be there.
_converter.register_unstructure_hook(
    Person,
    make_dict_unstructure_fn(Person, _converter, may_be_shown=override(omit_if_default=True)),
)
_converter.register_unstructure_hook(
    Pictured,
    make_dict_unstructure_fn(Pictured, _converter, staff=override(omit_if_default=True)),
)


def to_json(value: object, kind: Any = None) -> str:  # noqa: ANN401
    """``{"v": 1, "is": …}``, canonical. ``kind`` is a type where the value alone doesn't say it."""
    body = {"v": BODY_VERSION, "is": _converter.unstructure(value, unstructure_as=kind)}
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


def from_json(text: str | bytes, kind: Callable[..., T] | type[T]) -> T:
    """The value back. Raises :class:`~moderation.kernel.CorruptStore`, never quoting it."""

    def read() -> T:
        body = json.loads(text)
        if body["v"] != BODY_VERSION:
            raise ValueError
        found: T = _converter.structure(body["is"], kind)  # type: ignore[arg-type]
        return found

    return _guarded(read, "a stored value can't be read back")


def _guarded(read: Callable[[], T], problem: str) -> T:
    """Raised outside the handler: the fault mustn't carry what it choked on."""
    with suppress(Exception):
        return read()
    raise CorruptStore(problem)


def plain(value: object) -> object:
    """What JSON can say of a value, by its own type alone; sets in order, instants in UTC.

    For what is only ever read by people and digests: the audit. Raises ``TypeError`` for a float
    or anything else that has no one form.
    """
    match value:
        case Enum():
            return plain(value.value)
        case None | bool() | int() | str():
            return value
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case dict():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case tuple() | list():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=repr)
        case _ if is_dataclass(value):
            return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
        case _:
            raise TypeError(type(value).__name__)


def canonical(value: object) -> bytes:
    """Canonical JSON: sorted keys, no white space, ASCII."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":")).encode("ascii")


# -- posts ---------------------------------------------------------------------------------------

IN_ROWS = frozenset(
    {"id", "school", "state", "revision", "opened_at", "entered_at", "approvals", "publications"}
)
_POST_TYPES = get_type_hints(Post)
_IN_BODY = tuple(item.name for item in fields(Post) if item.name not in IN_ROWS)


def post_body(post: Post) -> bytes:
    """Everything of a post that stands in no row of its own."""
    parts = {
        name: _converter.unstructure(getattr(post, name), unstructure_as=_POST_TYPES[name])
        for name in _IN_BODY
    }
    return json.dumps({"v": BODY_VERSION, "is": parts}, sort_keys=True).encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRows:
    """The rows that one post is made of; ``body`` is opened already."""

    post: Row[Any]
    body: bytes
    revision: Revision
    approvals: tuple[Approval, ...]
    publications: tuple[Publication, ...]

    def assemble(self) -> Post:
        """The post. A field that an older row doesn't have keeps its default."""

        def read() -> Post:
            body = json.loads(self.body)
            if body["v"] != BODY_VERSION:
                raise ValueError
            parts = {
                name: _converter.structure(value, _POST_TYPES[name])
                for name, value in body["is"].items()
            }
            row = self.post
            return Post(
                id=row.id,
                school=row.school,
                state=State(row.state),
                revision=self.revision,
                opened_at=row.opened_at,
                entered_at=row.entered_at,
                approvals=self.approvals,
                publications=self.publications,
                **parts,
            )

        return _guarded(read, "a stored post can't be read back")


def post_row(post: Post) -> dict[str, object]:
    """What others may find a post by; without its id, version and body."""
    return {
        "school": post.school,
        "state": post.state.value,
        "revision_number": post.revision.number,
        "opened_at": post.opened_at,
        "entered_at": post.entered_at,
        "going_out_at": post.going_out_at,
    }


def revision_row(post: Post) -> dict[str, object]:
    """The insert-only row of the newest revision."""
    new = post.revision
    return {
        "id": new.id,
        "post_id": post.id,
        "number": new.number,
        "digest": new.digest,
        **_needs_row(new.needs),
        "pack": new.pack,
        "by": new.by,
        "at": new.at,
    }


def revision_of(row: Row[Any], content: bytes, authors: frozenset[PersonId]) -> Revision:
    """A revision from its row, its opened body and its authors' hands.

    Raises :class:`~moderation.kernel.CorruptStore` where the words aren't those of the digest.
    """
    read = from_json(content, Content)
    if read.digest() != row.digest:
        raise CorruptStore("the stored words aren't those of their digest")
    return Revision(
        id=row.id,
        number=row.number,
        content=read,
        digest=row.digest,
        authors=authors,
        needs=_needs(row),
        pack=row.pack,
        by=row.by,
        at=row.at,
    )


def approval_row(approval: Approval) -> dict[str, object]:
    """The insert-only row of one yes."""
    return {
        "revision_id": approval.revision,
        "person_id": approval.person,
        "capacity": "approver",
        "digest": approval.digest,
        "as_head": int(approval.as_head),
        "confirmed": json.dumps(sorted(approval.confirmed)),
        "wording": approval.wording,
        "at": approval.at,
        "whose": json.dumps(sorted(approval.whose)) if approval.whose else None,
    }


def approval_of(row: Row[Any]) -> Approval:
    """One yes, from its row."""
    whose = json.loads(row.whose) if row.whose is not None else ()
    return Approval(
        revision=row.revision_id,
        digest=row.digest,
        person=row.person_id,
        as_head=bool(row.as_head),
        confirmed=frozenset(json.loads(row.confirmed)),
        wording=row.wording,
        at=row.at,
        whose=frozenset((FindingKey(key), NotAPupil(who)) for key, who in whose),
    )


def publication_row(publication: Publication) -> dict[str, object]:
    """The row without which nothing goes out."""
    return {
        "revision_id": publication.revision,
        "account_id": publication.account,
        "digest": publication.digest,
        **_needs_row(publication.needs),
        "author": publication.author,
        "author_capacity": "author",
        "second": publication.second,
        "third": publication.third,
        "head": publication.head,
        "head_as": None if publication.head is None else 1,
        "at": publication.at,
    }


def publication_of(row: Row[Any]) -> Publication:
    """A publication, from its row."""
    return Publication(
        revision=row.revision_id,
        account=row.account_id,
        digest=row.digest,
        needs=_needs(row),
        author=row.author,
        second=row.second,
        third=row.third,
        head=row.head,
        at=row.at,
    )


def _needs_row(needs: Needs) -> dict[str, object]:
    return {
        "seconds_needed": needs.seconds,
        "head_needed": int(needs.head),
        "head_counts": int(needs.head_counts),
    }


def _needs(row: Row[Any]) -> Needs:
    return Needs(row.seconds_needed, head=bool(row.head_needed), head_counts=bool(row.head_counts))


# -- people and accounts -------------------------------------------------------------------------


def person_of(person: PersonId, body: bytes, parts: Sequence[Row[Any]]) -> Person:
    """A person from their sealed name and the rows of their parts, each kind in its order.

    ``part`` is the table's name; ``first`` and ``second`` are school and role, or platform and id.
    """
    named: Mapping[str, str] = from_json(body, dict[str, str])
    by_kind: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in parts:
        by_kind[row.part].append(row)
    return Person(
        id=person,
        name=named["name"],
        email=named["email"],
        appointments=tuple(
            Appointment(school=row.first, role=Role(row.second), span=_span(row))
            for row in by_kind["appointment"]
        ),
        identities=tuple(Identity(Platform(row.first), row.second) for row in by_kind["identity"]),
        absences=tuple(map(_span, by_kind["absence"])),
        may_be_named="unnamed" not in named,
        may_be_shown="unshown" not in named,
    )


def person_body(person: Person) -> bytes:
    """What is sealed of a person."""
    body = {"name": person.name, "email": person.email}
    # Words alone: the program before reads nothing else here.
    wishes = {"unnamed": person.may_be_named, "unshown": person.may_be_shown}
    return to_json(body | {no: "yes" for no, may in wishes.items() if not may}).encode()


def appointment_rows(person: Person) -> list[dict[str, Any]]:
    """Roles at schools, in their order."""
    return [
        {"school": held.school, "role": held.role.value, **span_row(held.span)}
        for held in person.appointments
    ]


def identity_rows(person: Person) -> list[dict[str, Any]]:
    """Chat identities, in their order."""
    return [
        {"platform": identity.platform.value, "id": identity.id} for identity in person.identities
    ]


def absence_rows(person: Person) -> list[dict[str, Any]]:
    """Absences, in their order."""
    return [span_row(absence) for absence in person.absences]


def span_row(span: Span) -> dict[str, Any]:
    """The two days of a span."""
    return {"starts_on": span.start, "ends_on": span.end}


def _span(row: Row[Any]) -> Span:
    return Span(start=row.starts_on, end=row.ends_on)


def grant_of(row: Row[Any]) -> Grant:
    """A right on an account, from its row."""
    return Grant(
        account=row.account_id,
        person=row.person_id,
        role=AccountRole(row.role),
        standing=Standing(row.standing),
        span=_span(row),
    )


def account_row(account: Account) -> dict[str, object]:
    """The register's row."""
    return {
        "id": account.id,
        "school": account.school,
        "platform": account.platform,
        "name": account.name,
        "url": account.url,
        "opened_on": _text(account.opened_on),
        "closed_on": _text(account.closed_on),
        "known_since": account.known_since,
    }


def account_of(row: Row[Any]) -> Account:
    """An official account, from its row."""
    return Account(
        id=row.id,
        school=row.school,
        platform=row.platform,
        name=row.name,
        url=row.url,
        opened_on=_month_or_day(row.opened_on),
        closed_on=_month_or_day(row.closed_on),
        known_since=row.known_since,
    )


def _text(when: MonthOrDay | None) -> str | None:
    return None if when is None else str(when)


def _month_or_day(text: str | None) -> MonthOrDay | None:
    return None if text is None else MonthOrDay(*map(int, text.split("-")))
