"""Who may come in, as whom, for which partner; and what is kept of each visit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.database.field import Choice, field, now
from core.database.model import Model
from core.database.ownership import Common, PartnerOwned
from core.language import FIRST_LANGUAGE, _
from core.partners.models import Partner

SHA256_HEX = 64


class Role(Choice):
    """What somebody is in a partner; what a role may do, presets say and a partner corrects."""

    SYSADMIN = "sysadmin", _("System administrator"), "warn"
    ORG_MANAGER = "org_manager", _("Head of the organisation"), "info"
    OPERATOR = "operator", _("Operator")
    MUNICIPAL = "municipal", _("Municipal officer")
    CASE_MANAGER = "case_manager", _("Case manager")
    FACILITATOR = "facilitator", _("Community facilitator")
    COMMITTEE = "committee", _("Committee member")
    ACCOUNTANT = "accountant", _("Administration and accounts")
    AUDITOR = "auditor", _("Auditor or funder")


class User(Common, Model):
    """Somebody who signs in; what they are, their memberships say.

    An invited user has no password yet: an empty hash matches nothing.
    """

    __tablename__ = "access_user"
    __table_args__ = (UniqueConstraint("email", info={"message": _("Another user has this e-mail address.")}),)

    email: Mapped[str] = field(_("E-mail"), String(254), kind="email")
    name: Mapped[str] = field(_("Name"), String(120))
    password_hash: Mapped[str] = field(_("Password"), String(200), kind="secret", default="")
    language: Mapped[str] = field(_("Language"), String(2), default=FIRST_LANGUAGE)
    active: Mapped[bool] = field(_("Active"), default=True)
    network_admin: Mapped[bool] = field(_("System administrator"), default=False)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", cascade="all, delete-orphan")

    def __str__(self) -> str:
        return self.name


class Membership(Common, Model):
    """One role of one user in one partner."""

    __tablename__ = "access_membership"
    __table_args__ = (
        UniqueConstraint("user_id", "partner_id", "role", info={"message": _("This person has this role already.")}),
        Index("ix_access_membership_partner", "partner_id", "user_id"),
    )

    user_id: Mapped[UUID] = field(_("User"), ForeignKey("access_user.id", ondelete="CASCADE"))
    partner_id: Mapped[UUID] = field(_("Partner"), ForeignKey("partners_partner.id"))
    role: Mapped[Role] = field(_("Role"), Role)

    user: Mapped[User] = relationship(back_populates="memberships")
    partner: Mapped[Partner] = relationship()

    def __str__(self) -> str:
        return str(self.role.label)


class SignIn(Common, Model):
    """A visit, kept by the server so that it can be ended; the browser holds only a random token.

    A `pending` one has given the password and still owes a code: it opens nothing but the page that asks for it.
    """

    __tablename__ = "access_sign_in"
    __audited__ = False
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_access_sign_in_user", "user_id", "ended_at"))

    token_hash: Mapped[str] = field(_("Token"), String(SHA256_HEX), kind="secret")
    user_id: Mapped[UUID] = field(_("User"), ForeignKey("access_user.id", ondelete="CASCADE"))
    partner_id: Mapped[UUID | None] = field(_("Partner"), ForeignKey("partners_partner.id"))
    began_at: Mapped[datetime] = field(_("Signed in"), default=now)
    seen_at: Mapped[datetime] = field(_("Last seen"), default=now)
    confirmed_at: Mapped[datetime] = field(_("Identity confirmed"), default=now)
    pending: Mapped[bool] = field(_("Owes a code"), default=False)
    ended_at: Mapped[datetime | None] = field(_("Ended"))
    agent: Mapped[str] = field(_("Browser"), String(200), default="")
    address: Mapped[str] = field(_("Address"), String(45), default="")


class SecondFactor(Common, Model):
    """The secret that a user's authenticator app shares with us; in force once a first code was right.

    `last_step` is the half minute of the last code taken: a code is never taken twice.
    """

    __tablename__ = "access_second_factor"
    __table_args__ = (UniqueConstraint("user_id", info={"message": _("There is a second factor already.")}),)

    user_id: Mapped[UUID] = field(_("User"), ForeignKey("access_user.id", ondelete="CASCADE"))
    secret: Mapped[str] = field(_("Secret"), Text, kind="sealed")
    since: Mapped[datetime | None] = field(_("In force since"))
    last_step: Mapped[int] = field(_("Last code"), kind="hidden", default=0)

    def __str__(self) -> str:
        return f"{self.since:%d/%m/%Y}" if self.since else ""


class Identity(Common, Model):
    """Who a user is at an OpenID provider; linked to their account once, by hand or by a verified address."""

    __tablename__ = "access_identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject", info={"message": _("This identity belongs to another account.")}),
        UniqueConstraint("user_id", "issuer", info={"message": _("This account has an identity there already.")}),
    )

    user_id: Mapped[UUID] = field(_("User"), ForeignKey("access_user.id", ondelete="CASCADE"))
    issuer: Mapped[str] = field(_("Provider"), String(255))
    subject: Mapped[str] = field(_("Subject"), String(255))
    linked_at: Mapped[datetime] = field(_("Linked"), default=now)

    def __str__(self) -> str:
        return self.issuer


class RecoveryCode(Common, Model):
    """A code for who has lost the app: it works once."""

    __tablename__ = "access_recovery_code"
    __audited__ = False
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    user_id: Mapped[UUID] = field(_("User"), ForeignKey("access_user.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = field(_("Code"), String(SHA256_HEX), kind="secret")
    used_at: Mapped[datetime | None] = field(_("Used"))


class Reset(Common, Model):
    """A link to set a password: for one use, for a short while."""

    __tablename__ = "access_reset"
    __audited__ = False
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_access_reset_user", "user_id"))

    token_hash: Mapped[str] = field(_("Token"), String(SHA256_HEX), kind="secret")
    user_id: Mapped[UUID] = field(_("User"), ForeignKey("access_user.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime] = field(_("Valid until"))
    used_at: Mapped[datetime | None] = field(_("Used"))

    user: Mapped[User] = relationship()


class ApiToken(Common, Model):
    """What a program shows instead of a password: it acts as one user in one partner."""

    __tablename__ = "access_token"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_access_token_user", "user_id", "revoked_at"))

    label: Mapped[str] = field(_("Label"), String(80), help=_("What will use it, such as: accounts program"))
    token_hash: Mapped[str] = field(_("Token"), String(SHA256_HEX), kind="secret")
    user_id: Mapped[UUID] = field(_("User"), ForeignKey("access_user.id", ondelete="CASCADE"))
    partner_id: Mapped[UUID] = field(_("Partner"), ForeignKey("partners_partner.id"))
    expires_at: Mapped[datetime] = field(_("Valid until"))
    used_at: Mapped[datetime | None] = field(_("Last used"))
    revoked_at: Mapped[datetime | None] = field(_("Revoked"))

    partner: Mapped[Partner] = relationship()

    def __str__(self) -> str:
        return self.label


class Attempt(Common, Model):
    """How often somebody failed at an account, or from an address; `key` is a hash of either.

    Unknown accounts are counted like known ones, so that the answers do not tell them apart.
    """

    __tablename__ = "access_attempt"
    __audited__ = False
    __table_args__ = (UniqueConstraint("key"), Index("ix_access_attempt_last", "last_at"))

    key: Mapped[str] = field(_("Key"), String(SHA256_HEX))
    failures: Mapped[int] = field(_("Failures"), default=0)
    first_at: Mapped[datetime] = field(_("First failure"))
    last_at: Mapped[datetime] = field(_("Last failure"))
    until: Mapped[datetime | None] = field(_("Closed until"))


class RolePermission(PartnerOwned, Model):
    """Where a partner's roles differ from the presets: a permission given, or taken away."""

    __tablename__ = "access_role_permission"
    __table_args__ = (
        UniqueConstraint(
            "partner_id", "role", "permission", info={"message": _("Somebody else just changed this permission.")}
        ),
    )

    role: Mapped[Role] = field(_("Role"), Role)
    permission: Mapped[str] = field(_("Permission"), String(120))
    allowed: Mapped[bool] = field(_("Allowed"))

    def __str__(self) -> str:
        return f"{self.role.label}: {self.permission}"


class OnceKey(Common, Model):
    """A key that came with a write, and the answer it got: the same key gets the same answer, once done."""

    __tablename__ = "access_once_key"
    __audited__ = False
    __table_args__ = (UniqueConstraint("user_id", "key"), Index("ix_access_once_key_created", "created_at"))

    user_id: Mapped[UUID] = field(_("User"), ForeignKey("access_user.id", ondelete="CASCADE"))
    key: Mapped[str] = field(_("Key"), String(80))
    status: Mapped[int] = field(_("Status"))
    location: Mapped[str] = field(_("Location"), Text, default="")
    body: Mapped[Any] = field(_("Body"), JSON)
