"""The rents of a lease from month to month, and the yearly updates that are proposed."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, column_property, relationship

from core.api import Choice, Exact, Money, PartnerOwned, _, field, never_edited, referable, same_partner
from plugins.housing.models.base import Model
from plugins.housing.models.lease import Lease
from plugins.housing.rules.indexation import Skipped


class RentSource(Choice):
    """Where a rent comes from."""

    AGREED = "agreed", _("New agreement")
    IMPORTED = "imported", _("Users' registry (SAP)")
    INDEXED = "indexed", _("ISTAT update")
    CORRECTED = "corrected", _("Correction")


class ErpArea(Choice):
    """The area of a public tenant by ISEE-ERP (L.R. 27/2009)."""

    PROTECTION = "protection", _("Protection")
    ACCESS = "access", _("Access")
    PERMANENCE = "permanence", _("Permanence")
    FORFEITURE = "forfeiture", _("Forfeiture"), "warn"


class UpdateState(Choice):
    """What became of a proposed update."""

    PROPOSED = "proposed", _("Proposed"), "info"
    SKIPPED = "skipped", _("Not updated")
    EXCLUDED = "excluded", _("Left out"), "warn"
    CONFIRMED = "confirmed", _("Confirmed"), "ok"
    TAKEN_BACK = "taken_back", _("Taken back"), "bad"


class Rent(PartnerOwned, Model):
    """The rent of a lease from a month on; the rent as signed stands on the lease itself."""

    __tablename__ = "housing_rent"
    __table_args__ = (
        referable(),
        same_partner("lease_id", Lease),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_housing_rent_lease", "partner_id", "lease_id", "starts_on"),
        Index("ix_housing_rent_list", "partner_id", "starts_on", "id"),
    )

    lease_id: Mapped[UUID] = field(_("Lease"))
    starts_on: Mapped[date] = field(_("From"), help=_("The first day of a month"))
    amount: Mapped[Decimal] = field(_("Monthly rent"), Money)
    source: Mapped[RentSource] = field(_("Where it comes from"), RentSource)
    anchor: Mapped[date] = field(_("Years counted from"), kind="hidden")
    base_month: Mapped[date] = field(_("Month of the index"), kind="hidden")
    erp_area: Mapped[ErpArea | None] = field(_("ISEE-ERP area"), ErpArea)
    isee_erp: Mapped[Decimal | None] = field(_("ISEE-ERP"), Money)
    note: Mapped[str | None] = field(_("Note"), String(300))

    lease: Mapped[Lease] = relationship(back_populates="rents", foreign_keys=[lease_id])

    def __str__(self) -> str:
        return f"{self.lease.number} · {self.starts_on:%d/%m/%Y}"


# When the users' registry last fixed the rent of a public home; the day the lease began, before any.
registry_since = (
    select(func.coalesce(func.max(Rent.starts_on), Lease.starts_on))
    .where(Rent.partner_id == Lease.partner_id, Rent.lease_id == Lease.id, Rent.source == RentSource.IMPORTED)
    .correlate(Lease.__table__)
    .scalar_subquery()
)
Lease.registry_since = column_property(registry_since, deferred=True, info={"label": _("Users’ registry from")})


class RentUpdate(PartnerOwned, Model):
    """The update of one rent in one month: its arithmetic, or why there is none."""

    __tablename__ = "housing_rent_update"
    __table_args__ = (
        referable(),
        same_partner("lease_id", Lease),
        same_partner("rent_id", Rent),
        UniqueConstraint("partner_id", "lease_id", "month", info={"message": _("This rent has its proposal already.")}),
        CheckConstraint("state <> 'confirmed' or rent_id is not null", name="confirmed"),
        Index("ix_housing_rent_update_month", "partner_id", "month", "state", "id"),
    )

    lease_id: Mapped[UUID] = field(_("Lease"))
    month: Mapped[date] = field(_("Month"))
    old_rent: Mapped[Decimal] = field(_("Rent so far"), Money)
    due: Mapped[date | None] = field(_("Due from"))
    base_month: Mapped[date | None] = field(_("Starting index of"))
    base_value: Mapped[Decimal | None] = field(_("Starting index"), Exact(1))
    index_month: Mapped[date | None] = field(_("New index of"))
    index_value: Mapped[Decimal | None] = field(_("New index"), Exact(1))
    coefficient: Mapped[Decimal | None] = field(_("Coefficient between bases"), Exact(9))
    variation: Mapped[Decimal | None] = field(_("Variation %"), Exact(1))
    applied: Mapped[Decimal | None] = field(_("Applied %"), Exact(3))
    new_rent: Mapped[Decimal | None] = field(_("New rent"), Money)
    skipped: Mapped[Skipped | None] = field(_("Why not"), Skipped)
    missing: Mapped[date | None] = field(_("Missing index of"))
    requested_on: Mapped[date | None] = field(_("Requested in writing on"))
    effective_from: Mapped[date | None] = field(_("In force from"))
    state: Mapped[UpdateState] = field(_("State"), UpdateState)
    note: Mapped[str | None] = field(_("Note"), String(300))
    rent_id: Mapped[UUID | None] = field(_("Rent that it made"), kind="hidden")

    lease: Mapped[Lease] = relationship(foreign_keys=[lease_id], lazy="joined")
    rent: Mapped[Rent | None] = relationship(foreign_keys=[rent_id])

    def __str__(self) -> str:
        return f"{self.lease.number} · {self.month:%m/%Y}"


never_edited(Rent, _("Rents are never edited: add the new one from its month."))
