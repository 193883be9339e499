"""The register of issued documents, and the head that a partner writes on its letters."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.database.field import fact, field
from core.database.model import Model
from core.database.ownership import PartnerOwned, same_partner
from core.files.models import Attachment
from core.language import LANGUAGES, _, in_context


class IssuedDocument(PartnerOwned, Model):
    """A line of the register: written once, with the fingerprint of the very bytes that were issued."""

    __tablename__ = "documents_issued"
    __table_args__ = (
        UniqueConstraint("partner_id", "number", info={"message": _("Another document has this number.")}),
        same_partner("attachment_id", Attachment),
        Index("ix_documents_issued_record", "partner_id", "entity", "entity_id", "id"),
    )

    number: Mapped[str] = field(_("Protocol number"), String(60))
    kind: Mapped[str] = field(_("Kind of document"), String(80), kind="hidden")
    label: Mapped[str] = field(_("Document"), String(200))
    module: Mapped[str] = field(_("Module"), String(60), kind="hidden")
    entity: Mapped[str] = field(_("Kind of record"), String(80), kind="hidden")
    entity_id: Mapped[UUID] = field(_("Record"), kind="hidden")
    issued_on: Mapped[date] = field(in_context("document", "Issued on"))
    issued_by: Mapped[str] = field(_("Issued by"), String(120))
    language: Mapped[str] = field(_("Language"), String(2), kind="hidden")
    sha256: Mapped[str] = field(_("Fingerprint"), String(64), help=_("SHA-256 of its bytes"))
    attachment_id: Mapped[UUID] = field(_("File"), kind="hidden")
    replaces: Mapped[str] = field(_("Replaces"), String(60), help=_("The number of the one before"), default="")

    attachment: Mapped[Attachment] = relationship(viewonly=True)

    def __str__(self) -> str:
        return self.number

    @fact(_("Language"))
    def spoken(self) -> str:
        """The language it is written in, by its name."""
        return LANGUAGES.get(self.language, self.language)


class Letterhead(PartnerOwned, Model):
    """What stands at the head and at the foot of a partner's documents; one for each partner."""

    __tablename__ = "documents_letterhead"
    __table_args__ = (
        UniqueConstraint("partner_id", info={"message": _("The letterhead is already there: change that one.")}),
    )

    address: Mapped[str] = field(_("Address"), Text, help=_("As on letters, line by line"))
    contacts: Mapped[str] = field(_("Contacts"), Text, help=_("Phone, e-mail, PEC, codice fiscale"), default="")
    place: Mapped[str] = field(_("Place"), String(80), help=_("Before the date at the foot of letters"), default="")
    signed_by: Mapped[str] = field(_("Signed by"), String(120), default="")
    signed_as: Mapped[str] = field(_("Office of who signs"), String(120), default="")

    def __str__(self) -> str:
        return str(_("Letterhead"))
