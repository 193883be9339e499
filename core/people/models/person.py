"""The person: what identifies them, where they live and how to reach them, and no more."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, relationship, synonym

from core.database.field import fact, field
from core.database.finding import people_in_sight, respelled
from core.database.model import Model
from core.database.ownership import ConsentBound
from core.database.scope import people_seen_by, today
from core.language import Words, _
from core.people.models.choices import (
    AGE_BANDS,
    ContactPreference,
    DocumentKind,
    KnownToServices,
    Language,
    NoCodiceFiscale,
    PersonState,
    Sex,
)
from core.people.models.facets import facet_of
from core.places.models import Municipality

if TYPE_CHECKING:
    from core.people.models.merge import Merge


MERGED = text("state = 'merged'")


class Person(ConsentBound, Model):
    """Somebody the network met, registered by the partner that met them first.

    Special categories (health, disability, criminal records) have no column here and never will. What comes
    nearest, whether the social services knew them, is read as they would be: with a purpose.
    """

    __tablename__ = "people_person"
    facet = "identity"
    __table_args__ = (
        UniqueConstraint(
            "codice_fiscale", info={"message": _("This person is already known to another partner: ask to share.")}
        ),
        # What accesses and shares point at: only the registrar gives.
        Index("uq_people_person_registrar", "id", "registered_by_id", unique=True),
        CheckConstraint("sex in ('F', 'M')", name="sex"),
        CheckConstraint("birth_date >= '1900-01-01'", name="birth_date"),
        CheckConstraint("codice_fiscale is null or no_codice_fiscale_reason is null", name="reason_without_code"),
        CheckConstraint("(state = 'deceased') = (deceased_on is not null)", name="deceased"),
        Index("ix_people_person_list", "registered_by_id", "sort_name", "id"),
        Index("ix_people_person_sort_name", "sort_name", postgresql_ops={"sort_name": "varchar_pattern_ops"}),
        Index("ix_people_person_search", "search", postgresql_ops={"search": "varchar_pattern_ops"}),
        Index("ix_people_person_birth_date", "birth_date"),
        Index("ix_people_person_phone", "phone"),
        Index("ix_people_person_email", "email"),
        Index("ix_people_person_merged", "id", sqlite_where=MERGED, postgresql_where=MERGED),
    )

    # Lists by name and searches walk along what the partner sees; who is mistyped is found by the nearest names.
    listed_along, respelled = staticmethod(people_in_sight), staticmethod(respelled)
    # The fields that another partner's share leaves closed (models/sight.py).
    veiled = frozenset[str]()

    # The scope's condition names `person_id` on every consent-bound row: the person is its own.
    person_id: Mapped[UUID] = synonym("id")

    surname: Mapped[str] = field(_("Surname"), String(100))
    name: Mapped[str] = field(_("Name"), String(100))
    sex: Mapped[Sex] = field(_("Registered sex"), Sex, help=_("As on the identity document"))
    gender: Mapped[str | None] = field(_("Gender"), String(60), help=_("As the person says, if they wish to"))
    birth_date: Mapped[date | None] = field(
        _("Date of birth"), help=_("Day, month and year, such as 31/12/1984; only an anonymous person goes without")
    )
    birth_place: Mapped[str | None] = field(
        _("Place of birth"), String(4), help=_("Municipality or state, by name or cadastral code (F471)")
    )
    birth_place_name: Mapped[str | None] = field(_("Born in"), String(90))
    citizenship: Mapped[str | None] = field(
        _("Citizenship"), String(2), kind="country", help=_("State, by name or two-letter code (IT)")
    )
    codice_fiscale: Mapped[str | None] = field(_("Codice fiscale"), String(16), help=_("16 letters and digits"))
    no_codice_fiscale_reason: Mapped[NoCodiceFiscale | None] = field(
        _("Why there is none"), NoCodiceFiscale, help=_("Leave it empty when you write the codice fiscale")
    )
    mismatch_reason: Mapped[str | None] = field(
        _("Why the codice fiscale differs"),
        String(300),
        help=_("Only when it says another name, date, sex or place than those written here"),
    )

    phone: Mapped[str | None] = field(_("Phone"), String(20), kind="phone")
    email: Mapped[str | None] = field(_("E-mail"), String(254), kind="email")
    pec: Mapped[str | None] = field(_("PEC"), String(254), kind="email", help=_("Certified e-mail"))
    language: Mapped[Language | None] = field(_("Preferred language"), Language)
    contact_preference: Mapped[ContactPreference | None] = field(_("Prefers to be reached"), ContactPreference)

    residence_address: Mapped[str | None] = field(_("Residence"), String(200), help=_("Street and number"))
    residence_municipality_id: Mapped[UUID | None] = field(
        _("Municipality of residence"), ForeignKey("places_municipality.id"), index=True
    )
    residence_postcode: Mapped[str | None] = field(_("Postcode"), String(5), help=_("5 digits"))
    domicile_address: Mapped[str | None] = field(
        _("Domicile"), String(200), help=_("Only when it is not the residence")
    )
    domicile_municipality_id: Mapped[UUID | None] = field(
        _("Municipality of domicile"), ForeignKey("places_municipality.id"), index=True
    )
    domicile_postcode: Mapped[str | None] = field(_("Postcode of domicile"), String(5), help=_("5 digits"))

    document_kind: Mapped[DocumentKind | None] = field(_("Identity document"), DocumentKind)
    document_number: Mapped[str | None] = field(_("Document number"), String(40))
    document_expires_on: Mapped[date | None] = field(_("Document expires on"))
    iban: Mapped[str | None] = field(_("IBAN"), String(34), kind="iban")
    photo_consent: Mapped[bool] = field(_("Agrees to photographs"), default=False)
    notes: Mapped[str | None] = field(_("Notes"), Text, help=_("Nothing about health"))

    known_to_services: Mapped[KnownToServices] = field(
        _("Already known to social services"), KnownToServices, sensitivity="special"
    )
    first_contact_date: Mapped[date] = field(_("First contact"))
    state: Mapped[PersonState] = field(_("State"), PersonState, default=PersonState.ACTIVE)
    deceased_on: Mapped[date | None] = field(_("Deceased on"))
    sort_name: Mapped[str] = field(_("Surname and name"), String(220), kind="hidden")
    search: Mapped[str] = field(_("Search text"), String(600), kind="hidden")

    residence_municipality: Mapped[Municipality | None] = relationship(foreign_keys=[residence_municipality_id])
    domicile_municipality: Mapped[Municipality | None] = relationship(foreign_keys=[domicile_municipality_id])

    merges: Mapped[list["Merge"]] = relationship(
        "Merge", primaryjoin="and_(Person.id == foreign(Merge.person_id), Merge.undone_at.is_(None))", viewonly=True
    )

    def __str__(self) -> str:
        return self.full_name

    @classmethod
    def shown(cls) -> ColumnElement[bool]:
        """Everybody but for sheets that became part of another: those lead to that one."""
        return cls.state != PersonState.MERGED

    @classmethod
    def hidden(cls) -> Any:
        """The keys of those sheets: few, and with an index of their own."""
        table: Any = cls.__table__
        return select(table.c.id).where(table.c.state == literal_column("'merged'"))

    @property
    def former_keys(self) -> list[UUID]:
        """The keys of the sheets that were merged into this one: what was written of them is of this person."""
        return [merge.merged_id for merge in self.merges]

    @classmethod
    def where_open(cls, partner: UUID | None, name: str) -> ColumnElement[bool]:
        """The rows whose field a partner may see: who filters by a closed one must find nobody by it."""
        return or_(cls.registered_by_id == partner, cls.id.in_(people_seen_by(partner, facet_of(name))))

    @fact(_("Surname and name"))
    def full_name(self) -> str:
        """As lists and letters write it, the surname first."""
        return f"{self.surname} {self.name}"

    @fact(_("Age"))
    def age(self) -> int | None:
        """In whole years today, or on the day of death; none for who has no date of birth."""
        return self.age_on(self.deceased_on or today())

    @fact(_("Age band"))
    def age_band(self) -> Words | None:
        """The band that reports count people in."""
        age = self.age
        if age is None:
            return None
        for youngest, oldest in AGE_BANDS:
            if age <= oldest:
                return f"{youngest}–{oldest}"
        return _("80 and over")

    def age_on(self, day: date) -> int | None:
        """In whole years on a day."""
        born = self.birth_date
        return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    @property
    def postal_address(self) -> list[str]:
        """Where letters go, line by line: the domicile when it is not the residence."""
        if self.domicile_address:
            return [self.domicile_address, *_town(self.domicile_postcode, self.domicile_municipality)]
        street = [self.residence_address] if self.residence_address else []
        return [*street, *_town(self.residence_postcode, self.residence_municipality)]

    @property
    def draft(self) -> bool:
        """Whether some of what identifies them is still missing."""
        return self.state is PersonState.DRAFT


def _town(postcode: str | None, municipality: Municipality | None) -> list[str]:
    """Postcode, municipality and province on one line, as far as they are known."""
    name = municipality.name if municipality else ""
    province = f"({municipality.province})" if municipality and municipality.province else ""
    line = " ".join(part for part in (postcode, name, province) if part)
    return [line] if line else []
