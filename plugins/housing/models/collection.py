"""Direct debits: mandates of tenants, collections sent to the bank, and the charges behind each debit."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, DebitSequence, Money, PartnerOwned, _, fact, field, never_edited, referable, same_partner
from plugins.housing.models.base import Model
from plugins.housing.models.lease import Lease
from plugins.housing.models.ledger import Charge, Payment
from plugins.housing.rules.ledger import NOTHING

IN_FORCE = text("state = 'active'")


class MandateState(Choice):
    """Whether a mandate may be used."""

    ACTIVE = "active", _("In force"), "ok"
    REVOKED = "revoked", _("Revoked")


class DebitState(Choice):
    """What became of a debit."""

    SENT = "sent", _("Sent"), "info"
    PAID = "paid", _("Collected"), "ok"
    RETURNED = "returned", _("Returned"), "bad"
    CANCELLED = "cancelled", _("Cancelled")


class CollectionState(Choice):
    """What became of a collection."""

    PREPARED = "prepared", _("Prepared"), "info"
    COLLECTED = "collected", _("Collected"), "ok"
    CANCELLED = "cancelled", _("Cancelled")


class SequenceKind(Choice):
    """Which debit of its mandate it is, as SEPA says it."""

    FIRST = DebitSequence.FIRST.value, _("First")
    RECURRENT = DebitSequence.RECURRENT.value, _("Recurrent")


class Mandate(PartnerOwned, Model):
    """A tenant's authorisation to debit an account (SEPA Core)."""

    __tablename__ = "housing_mandate"
    __table_args__ = (
        referable(),
        same_partner("lease_id", Lease),
        UniqueConstraint("partner_id", "reference", info={"message": _("Another mandate has this reference.")}),
        Index(
            "uq_housing_mandate_active", "partner_id", "lease_id", unique=True, sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE, info={"message": _("This lease has a mandate in force already.")},
        ),
        Index("ix_housing_mandate_list", "partner_id", "signed_on", "id"),
    )  # fmt: skip

    lease_id: Mapped[UUID] = field(_("Lease"))
    reference: Mapped[str] = field(_("Mandate"), String(35), help=_("Its unique reference (UMR), such as M-00001"))
    holder: Mapped[str] = field(_("Account holder"), String(70))
    iban: Mapped[str] = field(_("IBAN"), String(34), kind="iban")
    signed_on: Mapped[date] = field(_("Signed on"))
    state: Mapped[MandateState] = field(_("State"), MandateState, default=MandateState.ACTIVE)
    revoked_on: Mapped[date | None] = field(_("Revoked on"))

    lease: Mapped[Lease] = relationship(foreign_keys=[lease_id])

    def __str__(self) -> str:
        return self.reference


class Collection(PartnerOwned, Model):
    """One file of direct debits, due on a day."""

    __tablename__ = "housing_collection"
    __table_args__ = (
        referable(),
        UniqueConstraint("partner_id", "number", info={"message": _("Another collection has this number.")}),
        Index("ix_housing_collection_list", "partner_id", "collect_on", "id"),
    )

    number: Mapped[str] = field(_("Number"), String(40))
    month: Mapped[date] = field(_("Charges until the end of"))
    collect_on: Mapped[date] = field(_("Collection date"))
    state: Mapped[CollectionState] = field(_("State"), CollectionState, default=CollectionState.PREPARED)

    debits: Mapped[list["Debit"]] = relationship(
        back_populates="collection", foreign_keys="Debit.collection_id", order_by="Debit.end_to_end", lazy="selectin"
    )

    def __str__(self) -> str:
        return self.number

    @property
    def message(self) -> str:
        """The identifier of its file: the number without slashes."""
        return self.number.replace("/", "-")

    @fact(_("Debits"))
    def debit_count(self) -> int:
        """How many debits it has."""
        return len(self.debits)

    @fact(_("Total"), money=True)
    def total(self) -> Decimal:
        """What it asks for in all."""
        return sum((one.amount for one in self.debits), NOTHING)


class Debit(PartnerOwned, Model):
    """What is asked of one mandate in one collection."""

    __tablename__ = "housing_debit"
    __table_args__ = (
        referable(),
        same_partner("collection_id", Collection),
        same_partner("mandate_id", Mandate),
        same_partner("lease_id", Lease),
        same_partner("payment_id", Payment),
        UniqueConstraint("partner_id", "end_to_end", info={"message": _("Another debit has this identifier.")}),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_housing_debit_collection", "partner_id", "collection_id"),
        Index("ix_housing_debit_lease", "partner_id", "lease_id"),
        Index("ix_housing_debit_mandate", "partner_id", "mandate_id"),
    )

    collection_id: Mapped[UUID] = field(_("Collection"))
    mandate_id: Mapped[UUID] = field(_("Mandate"))
    lease_id: Mapped[UUID] = field(_("Lease"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)
    sequence: Mapped[SequenceKind] = field(_("Sequence"), SequenceKind)
    end_to_end: Mapped[str] = field(_("End-to-end identifier"), String(35))
    state: Mapped[DebitState] = field(_("State"), DebitState, default=DebitState.SENT)
    payment_id: Mapped[UUID | None] = field(_("Payment"))
    return_code: Mapped[str | None] = field(_("Returned because"), String(20), help=_("ISO code, such as AM04"))
    returned_on: Mapped[date | None] = field(_("Returned on"))

    collection: Mapped[Collection] = relationship(back_populates="debits", foreign_keys=[collection_id])
    mandate: Mapped[Mandate] = relationship(foreign_keys=[mandate_id], lazy="joined")
    lease: Mapped[Lease] = relationship(foreign_keys=[lease_id], lazy="joined")
    payment: Mapped[Payment | None] = relationship(foreign_keys=[payment_id])
    charges: Mapped[list["DebitCharge"]] = relationship(
        back_populates="debit", foreign_keys="DebitCharge.debit_id", order_by="DebitCharge.id", lazy="selectin"
    )

    def __str__(self) -> str:
        return self.end_to_end


class DebitCharge(PartnerOwned, Model):
    """The part of a debit that is asked for one charge."""

    __tablename__ = "housing_debit_charge"
    __table_args__ = (
        same_partner("debit_id", Debit),
        same_partner("charge_id", Charge),
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("partner_id", "debit_id", "charge_id"),
        Index("ix_housing_debit_charge_charge", "partner_id", "charge_id"),
    )

    debit_id: Mapped[UUID] = field(_("Debit"))
    charge_id: Mapped[UUID] = field(_("Charge"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)

    debit: Mapped[Debit] = relationship(back_populates="charges", foreign_keys=[debit_id])
    charge: Mapped[Charge] = relationship(foreign_keys=[charge_id], lazy="joined")

    def __str__(self) -> str:
        return str(self.charge)


class Position(PartnerOwned, Model):
    """What a citizen pays through pagoPA: one charge under its IUV."""

    __tablename__ = "housing_position"
    __table_args__ = (
        same_partner("charge_id", Charge),
        UniqueConstraint("partner_id", "charge_id", info={"message": _("This charge has its IUV already.")}),
        UniqueConstraint("partner_id", "iuv", info={"message": _("Another position has this IUV.")}),
    )

    charge_id: Mapped[UUID] = field(_("Charge"))
    iuv: Mapped[str] = field(_("IUV"), String(35), help=_("Identificativo univoco di versamento"))
    notice: Mapped[str | None] = field(_("Notice number"), String(18), help=_("18 digits, as on the payment notice"))

    charge: Mapped[Charge] = relationship(foreign_keys=[charge_id], lazy="joined")

    def __str__(self) -> str:
        return self.iuv


never_edited(DebitCharge, _("A debit sent is never edited."))
never_edited(Debit, _("A debit sent is never edited."), "collection_id", "mandate_id", "lease_id", "amount",
             "sequence", "end_to_end")  # fmt: skip
never_edited(Mandate, _("A mandate signed is never edited: revoke it and write the new one."),
             "lease_id", "reference", "holder", "iban", "signed_on")  # fmt: skip
