"""One link of the record: what its hash covers, and how a part of it can be kept back.

    commitment = HMAC-SHA-256(salt, canonical JSON of what happened)
    about      = HMAC-SHA-256(link salt, who, when, what kind, commitment)
    hash       = SHA-256(domain ‖ number ‖ hash before ‖ about)

Whoever may see a line gets its fields and the link salt, and of what happened the JSON and its
salt. Whoever may not gets ``about`` alone, and the chain still checks. Lines of the first version
have no link salt: there the hash covers the fields themselves.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final


DOMAIN_1: Final = b"schoolgate-audit-v1"
DOMAIN_2: Final = b"schoolgate-audit-v2"
SALT_BYTES: Final = 32
LINK_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The fields of one event that its hash covers, without the hash itself.

    ``link_salt`` is hexadecimal, and empty for a line of the first version.
    """

    seq: int
    prev_hash: str
    at: datetime
    actor_kind: str
    actor_id: str
    person_id: str
    tag: str
    subject_kind: str
    subject_id: str
    version: int
    commitment: str
    link_salt: str = ""

    def hash(self) -> str:
        """64 hexadecimal digits."""
        digest = hashlib.sha256(DOMAIN_2 if self.link_salt else DOMAIN_1)
        digest.update(packed(str(self.seq), self.prev_hash))
        digest.update(packed(self.about()) if self.link_salt else packed(*self.told()))
        return digest.hexdigest()

    def about(self) -> str:
        """What the chain knows of the fields; it says nothing of them without the link salt."""
        salt = bytes.fromhex(self.link_salt)
        return hmac.new(salt, packed(*self.told()), hashlib.sha256).hexdigest()

    def told(self) -> tuple[str, ...]:
        """The fields that may be kept back, in the order in which they are hashed."""
        return (
            written(self.at),
            self.actor_kind,
            self.actor_id,
            self.person_id,
            self.tag,
            self.subject_kind,
            self.subject_id,
            str(self.version),
            self.commitment,
        )


def written(at: datetime) -> str:
    """An instant as it is hashed: UTC, with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def packed(*parts: str) -> bytes:
    """Each part after its length in 8 bytes, so that no two lists of parts read alike."""
    exact = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(8, "big") + part for part in exact)


def commitment(salt: bytes, payload: bytes) -> str:
    """What the chain knows of a payload."""
    return hmac.new(salt, payload, hashlib.sha256).hexdigest()


def new_salt() -> bytes:
    """For a payload."""
    return secrets.token_bytes(SALT_BYTES)


def new_link_salt() -> str:
    """For the fields of a line."""
    return secrets.token_hex(LINK_SALT_BYTES)
