"""The closed lists of sharing."""

from core.database.field import Choice
from core.database.visibility import CONTENT, IDENTITY, SUMMARY
from core.language import _


class Level(Choice):
    """How far a share goes; without one another partner learns, of an exact codice fiscale, that it is known."""

    L1 = "L1", _("Identity and contacts")
    L2 = "L2", _("Summaries")
    L3 = "L3", _("Everything")

    @property
    def rank(self) -> int:
        """As accesses count it."""
        return {"L1": IDENTITY, "L2": SUMMARY, "L3": CONTENT}[self.value]


class Purpose(Choice):
    """What the other partner needs it for."""

    SHARED_CARE = "shared_care", _("Following the person together")
    HOUSING = "housing", _("Finding or keeping a home")
    GUARANTEE = "guarantee", _("Guarantee or economic help")
    WORK = "work", _("Work and training")
    ACTIVITIES = "activities", _("Activities of the community")
    OTHER = "other", _("Something else")


class LegalGround(Choice):
    """On what ground data pass (GDPR, art. 6)."""

    CONSENT = "consent", _("Consent of the person")
    PUBLIC_TASK = "public_task", _("Task of public interest")
    CONTRACT = "contract", _("Contract with the person")
    JOINT_CONTROLLERS = "joint_controllers", _("Joint controllers' agreement")
    LEGAL_OBLIGATION = "legal_obligation", _("Obligation by law")
    VITAL_INTEREST = "vital_interest", _("Vital interest")


class ConsentBy(Choice):
    """Who gave the consent."""

    PERSON = "person", _("The person")
    PARENT = "parent", _("A parent")
    GUARDIAN = "guardian", _("The guardian")
    SUPPORT_ADMINISTRATOR = "support_administrator", _("The support administrator")


class Standing(Choice):
    """How a share stands today."""

    TO_COME = "to_come", _("Not yet in force"), "info"
    IN_FORCE = "in_force", _("In force"), "ok"
    EXPIRED = "expired", _("Expired"), "none"
    REVOKED = "revoked", _("Revoked"), "bad"


class RequestState(Choice):
    """What became of a request."""

    WAITING = "waiting", _("Waiting"), "warn"
    GIVEN = "given", _("Given"), "ok"
    REFUSED = "refused", _("Refused"), "bad"
    WITHDRAWN = "withdrawn", _("Withdrawn"), "none"
    EXPIRED = "expired", _("Expired"), "none"
