"""Forms of signing in, of one's own account, and of members."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, IntegerField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.access.members import GIVEN_ROLES
from core.access.models import Role
from core.access.tokens import LONGEST_DAYS
from core.language import LANGUAGES, Words, _
from core.partners.models import PartnerKind
from core.refusals import Refusal, Refusals


class PageForm(FlaskForm):
    """A form that can be told no by a service."""

    def refuse(self, refusal: Refusal) -> None:
        """Put a rule's no beside the field it speaks of, or on top of the form."""
        for one in refusal.refusals if isinstance(refusal, Refusals) else [refusal]:
            if one.field and one.field in self._fields:
                self._fields[one.field].errors = [*self._fields[one.field].errors, one.message]
            else:
                self.form_errors.append(one.message)


def required(message: Words) -> InputRequired:
    """The field may not stay empty; the sentence says what to write."""
    return InputRequired(message)


class SignInForm(PageForm):
    """Who comes in."""

    email = EmailField(
        _("Work e-mail"), [required(_("Write your e-mail address."))], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        _("Password"),
        [required(_("Write your password."))],
        description=_("You can paste it from a password manager."),
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


def one_time_code(label: Words, *validators: Any) -> StringField:
    """The field for a code of the authenticator app."""
    return StringField(
        label, validators, render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 24}
    )


class CodeForm(PageForm):
    """The second factor at sign-in."""

    one_time_code = StringField(
        _("Code"),
        [required(_("Write the code that your app shows."))],
        description=_("The six digits of your app, or one of your recovery codes."),
        render_kw={"autocomplete": "one-time-code", "maxlength": 24},
    )


class FirstCodeForm(PageForm):
    """The first code of an app that was just told the secret."""

    one_time_code = one_time_code(
        _("The six digits that your app shows"), required(_("Write the code that your app shows."))
    )


class ConfirmForm(PageForm):
    """Who is still there. Its fields have a prefix: they travel with those of the form that was sent."""

    PREFIX = "confirm-"

    password = PasswordField(
        _("Password"), description=_("The one you sign in with"), render_kw={"autocomplete": "current-password"}
    )
    one_time_code = one_time_code(_("Or a code of your app"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, prefix=self.PREFIX, **options)

    def validate(self, *arguments: Any, **options: Any) -> bool:
        """One of the two is enough."""
        if not super().validate(*arguments, **options):
            return False
        if not self.password.data and not ("one_time_code" in self and self.one_time_code.data):
            self.password.errors = [_("Write your password.")]
            return False
        return True

    @classmethod
    def has(cls, name: str) -> bool:
        """Whether a field that was sent is of this form."""
        return name.startswith(cls.PREFIX)

    @classmethod
    def was_sent(cls) -> bool:
        """Whether the form came with the request."""
        return any(cls.has(name) for name in request.form)


class ForgottenForm(PageForm):
    """Whose password is forgotten."""

    email = EmailField(
        _("Work e-mail"), [required(_("Write your e-mail address."))], render_kw={"autocomplete": "username"}
    )


def new_password() -> PasswordField:
    """The field for a password to be."""
    return PasswordField(
        _("New password"),
        [required(_("Write a new password."))],
        description=_("At least 12 characters, 14 for administrators: a few words that do not go together."),
        render_kw={"autocomplete": "new-password"},
    )


def same_as_first(form: Any, field: Any) -> None:
    """Both must be the same."""
    if field.data != form.password.data:
        raise ValidationError(_("The two passwords differ: write them again."))


def same_password() -> PasswordField:
    """The field to write it once more: nobody can read it while typing."""
    return PasswordField(
        _("New password again"),
        [required(_("Write it once more.")), same_as_first],
        render_kw={"autocomplete": "new-password"},
    )


class NewPasswordForm(PageForm):
    """A new password for who comes by a link."""

    password = new_password()
    again = same_password()


class ChangePasswordForm(PageForm):
    """A new password for who knows the old one."""

    current = PasswordField(
        _("Current password"),
        [required(_("Write your current password."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = new_password()
    again = same_password()


class ProfileForm(PageForm):
    """How somebody is called and spoken to."""

    name = StringField(_("Name"), [required(_("Write a name."))], render_kw={"autocomplete": "name", "maxlength": 120})
    language = SelectField(_("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])


class TokenForm(PageForm):
    """A token for a program."""

    label = StringField(
        _("What will use it"),
        [required(_("Write what will use the token."))],
        description=_("Such as: accounts program"),
        render_kw={"maxlength": 80},
    )
    days = IntegerField(
        _("Days it lasts"),
        [required(_("Write a number of days."))],
        default=LONGEST_DAYS,
        description=_("A year at most"),
        render_kw={"min": 1, "max": LONGEST_DAYS},
    )


class RolesField(SelectMultipleField):
    """The roles a partner gives, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Words, **options: Any) -> None:
        choices = [SelectChoice(role.value, role.label) for role in GIVEN_ROLES]
        super().__init__(label, choices=choices, coerce=Role, **options)
        # Not by a validator: each box would take it for itself, and browsers would ask for every one.
        self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not self.data:
            raise ValidationError(_("Choose at least one role."))


class RolesForm(PageForm):
    """What a member is."""

    roles = RolesField(_("Roles"))


class MemberForm(PageForm):
    """Somebody who joins."""

    email = EmailField(
        _("Work e-mail"),
        [required(_("Write an e-mail address."))],
        description=_("A link to come in is sent here."),
        render_kw={"maxlength": 254},
    )
    name = StringField(
        _("Name"),
        [required(_("Write a name."))],
        description=_("Who has an account already keeps the name they gave."),
        render_kw={"maxlength": 120},
    )
    roles = RolesField(_("Roles"))


class PartnerForm(PageForm):
    """How an organisation is called, spoken to and reached, and where its declarations stand."""

    name = StringField(_("Name"), [required(_("Write a name."))], render_kw={"maxlength": 200})
    kind = SelectField(
        _("Kind"), choices=[SelectChoice(kind.value, kind.label) for kind in PartnerKind], coerce=PartnerKind
    )
    language = SelectField(
        _("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        description=_("The one new members begin with"),
    )  # fmt: skip
    email = EmailField(
        _("Contact e-mail"), description=_("Where people write about their data or about barriers"),
        render_kw={"maxlength": 254},
    )  # fmt: skip
    phone = StringField(_("Contact telephone"), render_kw={"maxlength": 20, "inputmode": "tel"})
    accessibility_url = StringField(
        _("Accessibility statement"), description=_("Its address, such as https://form.agid.gov.it/view/…"),
        render_kw={"maxlength": 300, "inputmode": "url"},
    )  # fmt: skip
    privacy_url = StringField(
        _("Privacy notice"), description=_("Its address, such as https://www.example.it/privacy"),
        render_kw={"maxlength": 300, "inputmode": "url"},
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """What was read, as the service takes it."""
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}


class NewPartnerForm(PageForm):
    """An organisation that joins, and its first responsible person."""

    code = StringField(
        _("Code"), [required(_("Write a code."))], description=_("Short, in capitals: MONTICHIARI"),
        render_kw={"maxlength": 20, "autocapitalize": "characters"},
    )  # fmt: skip
    name = StringField(_("Name"), [required(_("Write a name."))], render_kw={"maxlength": 200})
    kind = SelectField(
        _("Kind"), choices=[SelectChoice(kind.value, kind.label) for kind in PartnerKind], coerce=PartnerKind
    )
    language = SelectField(_("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])
    head = StringField(
        _("Name of the responsible person"), [required(_("Write a name."))], render_kw={"maxlength": 120}
    )
    email = EmailField(
        _("Work e-mail of the responsible person"), [required(_("Write an e-mail address."))],
        description=_("A link to come in is sent here."), render_kw={"maxlength": 254},
    )  # fmt: skip
