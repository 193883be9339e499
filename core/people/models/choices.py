"""The closed lists that describe a person."""

from core.database.field import Choice
from core.language import _


class Sex(Choice):
    """As the registry office writes it, and as it stands in the codice fiscale."""

    FEMALE = "F", _("Female")
    MALE = "M", _("Male")


class PersonState(Choice):
    """Where a person stands in the registry."""

    DRAFT = "draft", _("Draft"), "warn"
    ACTIVE = "active", _("Active"), "ok"
    MERGED = "merged", _("Merged into another"), "info"
    ARCHIVED = "archived", _("Archived")
    DECEASED = "deceased", _("Deceased")


class NoCodiceFiscale(Choice):
    """Why a person is registered without a codice fiscale."""

    UNAVAILABLE = "unavailable", _("Not available now")
    FOREIGNER = "foreigner", _("Foreigner without a codice fiscale")
    ANONYMOUS = "anonymous", _("Anonymous person")


class KnownToServices(Choice):
    """Whether the social services knew the person at the first contact."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class ContactPreference(Choice):
    """How a person prefers to be reached."""

    PHONE = "phone", _("By phone")
    MESSAGE = "message", _("By text message")
    EMAIL = "email", _("By e-mail")
    POST = "post", _("By post")
    IN_PERSON = "in_person", _("In person")


class DocumentKind(Choice):
    """What a person proves their identity with."""

    IDENTITY_CARD = "identity_card", _("Identity card")
    PASSPORT = "passport", _("Passport")
    DRIVING_LICENCE = "driving_licence", _("Driving licence")
    RESIDENCE_PERMIT = "residence_permit", _("Residence permit")


class Language(Choice):
    """Languages that people of the territory speak."""

    ITALIAN = "it", _("Italian")
    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")
    SPANISH = "es", _("Spanish")
    GERMAN = "de", _("German")
    ROMANIAN = "ro", _("Romanian")
    ALBANIAN = "sq", _("Albanian")
    UKRAINIAN = "uk", _("Ukrainian")
    RUSSIAN = "ru", _("Russian")
    ARABIC = "ar", _("Arabic")
    PUNJABI = "pa", _("Punjabi")
    HINDI = "hi", _("Hindi")
    URDU = "ur", _("Urdu")
    BENGALI = "bn", _("Bengali")
    CHINESE = "zh", _("Chinese")
    WOLOF = "wo", _("Wolof")
    PORTUGUESE = "pt", _("Portuguese")
    POLISH = "pl", _("Polish")
    OTHER = "other", _("Another language")


AGE_BANDS = ((0, 5), (6, 13), (14, 17), (18, 29), (30, 49), (50, 64), (65, 79))
