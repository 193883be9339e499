"""What is known of an attached file; its bytes stand in the uploads folder under a random name."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.database.field import Choice, fact, field
from core.database.model import Model
from core.database.ownership import PartnerOwned, referable
from core.database.scope import today
from core.language import _


class AttachmentCategory(Choice):
    """What an attached file is."""

    IDENTITY = "identity", _("Identity document")
    CONSENT = "consent", _("Consent or privacy notice")
    CERTIFICATE = "certificate", _("Certificate")
    CONTRACT = "contract", _("Contract or agreement")
    APPLICATION = "application", _("Application")
    INVOICE = "invoice", _("Invoice or receipt")
    REPORT = "report", _("Report or minutes")
    ISSUED = "issued", _("Issued document")
    STATUTE = "statute", _("Statute or deed")
    PHOTO = "photo", _("Photograph")
    OTHER = "other", _("Other")


class Attachment(PartnerOwned, Model):
    """A file that one partner keeps beside a record; other partners never see it."""

    __tablename__ = "files_attachment"
    __table_args__ = (
        referable(),
        UniqueConstraint("partner_id", "stored_as"),
        CheckConstraint("size > 0", name="size"),
        Index("ix_files_attachment_record", "partner_id", "entity", "entity_id", "id"),
    )

    entity: Mapped[str] = field(_("Kind of record"), String(80))
    entity_id: Mapped[UUID] = field(_("Record"))
    name: Mapped[str] = field(_("File name"), String(150))
    content_type: Mapped[str] = field(_("File type"), String(100))
    size: Mapped[int] = field(_("Size"), help=_("Bytes"))
    sha256: Mapped[str] = field(_("Fingerprint"), String(64), help=_("SHA-256 of its bytes"))
    category: Mapped[AttachmentCategory] = field(_("Category"), AttachmentCategory)
    expires_on: Mapped[date | None] = field(_("Expires on"), help=_("The last day the document is valid"))
    sealed: Mapped[bool] = field(_("Kept for good"), help=_("It cannot be removed from its record"), default=False)
    stored_as: Mapped[str] = field(_("Stored as"), String(64), kind="hidden")

    def __str__(self) -> str:
        return self.name

    @fact(_("Expired"))
    def has_expired(self) -> bool:
        """Whether its last valid day has passed."""
        return self.expires_on is not None and self.expires_on < today()

    @property
    def kilobytes(self) -> int:
        """Its size rounded up, as lists show it."""
        return -(-self.size // 1024)
