"""Organisations as the law sorts them, their bank accounts, and the states they go through."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.database.field import Choice, field
from core.database.model import Model
from core.database.ownership import Registered
from core.language import _


class LegalType(Choice):
    """What an organisation is in Italian law."""

    ODV = "odv", _("Voluntary organisation (ODV)")
    APS = "aps", _("Social promotion association (APS)")
    PHILANTHROPIC = "philanthropic", _("Philanthropic body")
    SOCIAL_COOPERATIVE_A = "social_cooperative_a", _("Social cooperative, type A")
    SOCIAL_COOPERATIVE_B = "social_cooperative_b", _("Social cooperative, type B")
    SOCIAL_COOPERATIVE_AB = "social_cooperative_ab", _("Social cooperative, type A and B")
    SOCIAL_ENTERPRISE = "social_enterprise", _("Social enterprise")
    ASSOCIATIVE_NETWORK = "associative_network", _("Associative network")
    MUTUAL_AID_SOCIETY = "mutual_aid_society", _("Mutual aid society (SOMS)")
    OTHER_ETS = "other_ets", _("Other third-sector body (ETS)")
    ASSOCIATION = "association", _("Association outside the third-sector register")
    MUNICIPALITY = "municipality", _("Municipality")
    SOCIAL_SERVICES_AGENCY = "social_services_agency", _("Special agency or social district")
    HEALTH_AUTHORITY = "health_authority", _("Local health authority (ASST)")
    SCHOOL = "school", _("School")
    PARISH = "parish", _("Parish or parish hall")
    COMPANY = "company", _("Company")
    BANK = "bank", _("Bank")
    CONDOMINIUM = "condominium", _("Condominium")
    INFORMAL_GROUP = "informal_group", _("Informal group")


class RuntsSection(Choice):
    """Sections of the national register of the third sector (art. 46 CTS)."""

    A = "a", _("a) Voluntary organisations")
    B = "b", _("b) Social promotion associations")
    C = "c", _("c) Philanthropic bodies")
    D = "d", _("d) Social enterprises, social cooperatives among them")
    E = "e", _("e) Associative networks")
    F = "f", _("f) Mutual aid societies")
    G = "g", _("g) Other third-sector bodies")


class PartnerStatus(Choice):
    """What the organisation is to the network."""

    NETWORK = "network", _("In the network")
    PARTNER = "partner", _("Partner"), "info"
    LEAD = "lead", _("Lead partner"), "info"
    SUPPLIER = "supplier", _("Supplier")
    HOST = "host", _("Host")
    FUNDER = "funder", _("Funder")


class OrganisationState(Choice):
    """Where an organisation stands in the registry."""

    PROPOSED = "proposed", _("Proposed"), "warn"
    ACTIVE = "active", _("Active"), "ok"
    CEASED = "ceased", _("Ceased"), "bad"


class Organisation(Registered, Model):
    """A body, public or private, that the network deals with."""

    __tablename__ = "organisations_organisation"
    __table_args__ = (
        UniqueConstraint("codice_fiscale", info={"message": _("Another organisation has this codice fiscale.")}),
        CheckConstraint("runts_second_section is null or runts_section is not null", name="second_after_first"),
        CheckConstraint("runts_number > 0", name="runts_number"),
        Index("ix_organisations_organisation_name", "name", "id"),
        Index("ix_organisations_organisation_partita_iva", "partita_iva"),
    )

    name: Mapped[str] = field(_("Name"), String(200), help=_("The full denomination, as in its statute"))
    legal_type: Mapped[LegalType] = field(_("Legal type"), LegalType)
    codice_fiscale: Mapped[str | None] = field(
        _("Codice fiscale"),
        String(16),
        help=_("11 digits; 16 characters for a sole trader; none for an informal group"),
    )
    partita_iva: Mapped[str | None] = field(_("VAT number"), String(11), help=_("11 digits"))
    partner_status: Mapped[PartnerStatus | None] = field(_("Role in the network"), PartnerStatus)
    runts_section: Mapped[RuntsSection | None] = field(_("RUNTS section"), RuntsSection)
    runts_second_section: Mapped[RuntsSection | None] = field(
        _("Second RUNTS section"), RuntsSection, help=_("Only an associative network stands in two sections")
    )
    runts_number: Mapped[int | None] = field(_("RUNTS number"), help=_("Its number in the repertory"))
    runts_date: Mapped[date | None] = field(_("Registered in RUNTS on"))
    cooperative_number: Mapped[str | None] = field(_("Register of cooperatives"), String(20))
    ateco: Mapped[str | None] = field(_("ATECO code"), String(8), help=_("Main activity, such as 88.99.00"))
    ipa_code: Mapped[str | None] = field(_("IPA code"), String(20), help=_("Of public bodies"))
    sdi_code: Mapped[str | None] = field(_("SDI code"), String(7), help=_("7 letters or digits, for e-invoices"))
    pec: Mapped[str | None] = field(_("PEC"), String(254), kind="email", help=_("Certified e-mail"))
    email: Mapped[str | None] = field(_("E-mail"), String(254), kind="email")
    phone: Mapped[str | None] = field(_("Phone"), String(20), kind="phone")
    website: Mapped[str | None] = field(_("Website"), String(200), kind="url")
    state: Mapped[OrganisationState] = field(_("State"), OrganisationState, default=OrganisationState.PROPOSED)
    ceased_on: Mapped[date | None] = field(_("Ceased on"))
    notes: Mapped[str | None] = field(_("Notes"), Text)
    search: Mapped[str] = field(_("Search text"), String(400), kind="hidden", default="")

    ibans: Mapped[list["OrganisationIban"]] = relationship(
        back_populates="organisation", order_by="OrganisationIban.created_at", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def is_informal(self) -> bool:
        """Whether it is a group of people without a codice fiscale of its own."""
        return self.legal_type is LegalType.INFORMAL_GROUP


class OrganisationIban(Registered, Model):
    """A bank account of an organisation."""

    __tablename__ = "organisations_iban"
    __table_args__ = (
        UniqueConstraint("organisation_id", "iban", info={"message": _("This account is already there.")}),
    )

    organisation_id: Mapped[UUID] = field(
        _("Organisation"), ForeignKey("organisations_organisation.id", ondelete="CASCADE")
    )
    iban: Mapped[str] = field(_("IBAN"), String(34), kind="iban")
    purpose: Mapped[str | None] = field(_("Used for"), String(80))

    organisation: Mapped[Organisation] = relationship(back_populates="ibans")

    def __str__(self) -> str:
        return self.iban
