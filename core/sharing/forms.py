"""Forms of sharing: whom to, how far, why, until when."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from wtforms.fields.choices import Choice

from core.database.scope import scope_of, today
from core.language import Words, _
from core.partners.models import Partner
from core.people.models import Person
from core.resource.fields import (
    ChoiceField,
    DateField,
    LongTextField,
    LookupField,
    TextField,
    at_most,
    optional,
    required,
)
from core.resource.forms import RecordForm
from core.sharing.models import ConsentBy, LegalGround, Level, Notice, Purpose
from core.sharing.models.emergency import SHORTEST_REASON
from core.sharing.needs import REGISTRY, ForModule, modules
from core.sharing.services.giving import usual_end


class Option:
    """A partner as a list offers it."""

    def __init__(self, partner: Partner) -> None:
        self.partner, self.value, self.label = partner, str(partner.id), partner.name


class PartnerField(ChoiceField):
    """Another partner of the network, from the list of those that work; programs may send its name."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._options: list[Option] = []
        super().__init__(*arguments, **options)

    @property
    def members(self) -> list[Any]:
        """The others that work, by name; asked once a form."""
        if not self._options:
            session = self.meta.session
            others = select(Partner).where(Partner.active, Partner.id != scope_of(session).partner_id)
            self._options = [Option(partner) for partner in session.scalars(others.order_by(Partner.name))]
        return list(self._options)

    def _read(self, text: Any) -> Any:
        found = super()._read(str(text.id) if isinstance(text, Partner) else text)
        return found.partner if isinstance(found, Option) else found

    def iter_choices(self) -> Any:
        chosen = str(self.data.id) if isinstance(self.data, Partner) else ""
        return (Choice(value, label, value == chosen, {}) for value, label in self._pairs())


class ModuleField(ChoiceField):
    """What a person is shared for: the registry or a module; its value is the key."""

    @property
    def members(self) -> list[Any]:
        """The registry and the modules that need something of people."""
        return list(modules())

    def _read(self, text: Any) -> Any:
        found = super()._read(text)
        return found.value if isinstance(found, ForModule) else found


WHAT = ("level", "module", "purpose")
GROUND = ("legal_ground",)
DAYS = ("valid_from", "valid_to")
MORE = ("purpose_note", "document", "privacy_notice", "consent_by", "consent_on")


class GivenForm(RecordForm):
    """How far, why, on what ground and until when a person is shared."""

    groups: Sequence[tuple[Words, Sequence[str]]] = (
        (_("What they see, and what for"), WHAT), (_("Legal ground"), GROUND), (_("How long"), DAYS),
    )  # fmt: skip
    more = MORE

    legal_ground = ChoiceField(
        _("Legal ground"), choices=LegalGround, validators=[required()],
        description=_("For a public body consent is often not the right one"),
    )  # fmt: skip
    level = ChoiceField(
        _("Level"), choices=Level, default=Level.L1, validators=[required()],
        description=_("No more than what it is needed for"),
    )  # fmt: skip
    module = ModuleField(_("For the module"), default=REGISTRY, validators=[required()],
                         description=_("Household and ISEE open only to modules that need them"))  # fmt: skip
    purpose = ChoiceField(_("Purpose"), choices=Purpose, default=Purpose.SHARED_CARE, validators=[required()])
    valid_from = DateField(_("From"), validators=[optional()], description=_("Today, if empty"))
    valid_to = DateField(_("Until"), default=lambda: usual_end(today()), validators=[optional()],
                         description=_("The last day; a year if empty, five at most"))  # fmt: skip
    purpose_note = TextField(_("Purpose in words"), validators=[optional(), at_most(300)],
                             description=_("Needed when the purpose is something else"))  # fmt: skip
    document = TextField(_("Act or agreement"), validators=[optional(), at_most(200)],
                         description=_("Its number and date; attach the document to the share"))  # fmt: skip
    privacy_notice = LookupField(_("Privacy notice"), target=Notice, validators=[optional()],
                         description=_("With a consent; the one in use that day, if empty"))  # fmt: skip
    consent_by = ChoiceField(_("Consent given by"), choices=ConsentBy, default=ConsentBy.PERSON,
                             validators=[optional()])  # fmt: skip
    consent_on = DateField(_("Consent given on"), validators=[optional()], description=_("Today, if empty"))


class ShareForm(GivenForm):
    """A share that nobody asked for: whom, and to whom."""

    groups = ((_("Whom, and to whom"), ("person", "taker")), *GivenForm.groups)

    person = LookupField(_("Person"), target=Person, validators=[required()])
    taker = PartnerField(_("Partner that will see them"), validators=[required()])


class AnswerForm(GivenForm):
    """The share that answers a request: it begins with what was asked."""


class AskForm(RecordForm):
    """Whom one asks to see, and why."""

    codice_fiscale = TextField(
        _("Codice fiscale"), validators=[required(), at_most(16)], description=_("16 letters and digits")
    )
    purpose = ChoiceField(_("Purpose"), choices=Purpose, default=Purpose.SHARED_CARE, validators=[required()])
    level = ChoiceField(
        _("Level"), choices=Level, default=Level.L1, validators=[required()],
        description=_("No more than what it is needed for"),
    )  # fmt: skip
    module = ModuleField(_("For the module"), default=REGISTRY, validators=[required()])
    purpose_note = TextField(_("Purpose in words"), validators=[optional(), at_most(300)],
                             description=_("Needed when the purpose is something else"))  # fmt: skip


class EndingForm(RecordForm):
    """Why a share ends, when there is something to say."""

    reason = TextField(_("Reason"), validators=[optional(), at_most(300)])


class RefusingForm(RecordForm):
    """Why a request is refused."""

    reason = TextField(_("Reason"), validators=[required(), at_most(500)], description=_("The other partner reads it"))


class EmergencyForm(RecordForm):
    """Whose page cannot wait, and why."""

    codice_fiscale = TextField(
        _("Codice fiscale"), validators=[required(), at_most(16)], description=_("16 letters and digits")
    )
    reason = TextField(
        _("Why it cannot wait"), validators=[required(), at_most(500)],
        description=_("At least %(n)s characters; both partners read it", n=SHORTEST_REASON),
    )  # fmt: skip


class NoticeForm(RecordForm):
    """The next edition of a privacy notice."""

    title = TextField(_("Title"), validators=[required(), at_most(120)])
    text = LongTextField(_("Text"), validators=[required(), at_most(20_000)],
                         description=_("As it is read and handed out; a later change is a new edition"))  # fmt: skip
    valid_from = DateField(_("In use from"), default=today, validators=[required()])
