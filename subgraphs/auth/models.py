"""What is kept of credentials, sessions, keys and what was taken back.

No password, refresh token or client secret is here, only what proves one: an
argon2id hash of what people choose, a SHA-256 digest of what we drew at random.
"""

from datetime import datetime
from enum import Enum
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    text,
)
from sqlalchemy import Enum as EnumText
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kit.database import IdText, naming_metadata

LONGEST_EMAIL: Final = 254  # RFC 5321, section 4.5.3.1.3, without its brackets
LONGEST_USER_AGENT: Final = 256
LONGEST_DEVICE_NAME: Final = 100
LONGEST_NAME: Final = 100

Moment = DateTime(timezone=True)


class EndReason(Enum):
    """Why a session is over."""

    SIGNED_OUT = "SIGNED_OUT"
    REVOKED = "REVOKED"
    REUSED = "REUSED"
    DISABLED = "DISABLED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - a reason, not a secret


class Row(DeclarativeBase):
    """The base of this domain's tables."""

    metadata = naming_metadata()


class AccountRow(Row):
    """How one user proves who they are; users owns everything else about them."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint(f"length(email) BETWEEN 3 AND {LONGEST_EMAIL}", "email_length"),
    )

    user_id: Mapped[str] = mapped_column(IdText, primary_key=True)
    email: Mapped[str] = mapped_column(Text, unique=True)
    password_hash: Mapped[str] = mapped_column(Text)
    password_set_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)


class SessionRow(Row):
    """One sign-in on one device, from the password to sign-out or expiry.

    Each refresh begins a new ``generation``; ``scopes`` and ``roles`` are those of
    the newest access token, which the watch compares with what users says now.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", "ended"),
        CheckConstraint(
            f"length(user_agent) <= {LONGEST_USER_AGENT}", "user_agent_length"
        ),
        CheckConstraint(
            f"length(device_name) <= {LONGEST_DEVICE_NAME}", "device_name_length"
        ),
        Index(None, "user_id", "last_seen_at"),
        Index(
            "ix_sessions_last_seen_at_open",
            "last_seen_at",
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "expires_at"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    user_id: Mapped[str] = mapped_column(
        IdText, ForeignKey("accounts.user_id", ondelete="CASCADE")
    )
    generation: Mapped[int]
    rotated_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    end_reason: Mapped[EndReason | None] = mapped_column(
        EnumText(
            EndReason,
            native_enum=False,
            length=20,
            name="end_reason",
            create_constraint=True,
        )
    )
    ip_address: Mapped[str | None] = mapped_column(Text)
    user_agent: Mapped[str | None] = mapped_column(Text)
    device_name: Mapped[str | None] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))


class RefreshTokenRow(Row):
    """A refresh token of a session's family, used or not; its digest, not itself."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index(None, "session_id"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[str] = mapped_column(
        IdText, ForeignKey("sessions.id", ondelete="CASCADE")
    )
    generation: Mapped[int]


class ServiceAccountRow(Row):
    """A program that acts in its own name, with scopes somebody gave it."""

    __tablename__ = "service_accounts"
    __table_args__ = (
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    owner_id: Mapped[str | None] = mapped_column(IdText)
    secret_digest: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)


class SigningKeyRow(Row):
    """A key that signs access tokens from ``use_from`` until a newer one does.

    It is published from the start until ``retires_at``, which is set when its
    successor is made; then the row goes, and with it the private key.
    """

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(IdText, primary_key=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    private_pem: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    use_from: Mapped[datetime] = mapped_column(Moment)
    retires_at: Mapped[datetime | None] = mapped_column(Moment)


class RevocationRow(Row):
    """Tokens of a session or subject issued before a second are no longer good."""

    __tablename__ = "revocations"
    __table_args__ = (Index(None, "who"),)

    number: Mapped[int] = mapped_column(
        BigInteger, Identity(always=True), primary_key=True
    )
    who: Mapped[str] = mapped_column(IdText)
    not_before: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Moment)


class AttemptsRow(Row):
    """How often a sign-in failed for an account or from an address of late.

    ``key`` holds a digest: what people type into the email field may be a password.
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "since"),)

    key: Mapped[str] = mapped_column(IdText, primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)
    count: Mapped[int]
