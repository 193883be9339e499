"""What asking, giving and opening in an emergency all refuse, in the same words."""

from sqlalchemy.orm import Session

from core.language import _
from core.people.known import Holder, holder_of
from core.refusals import Refusal
from core.sharing.models import Purpose


def registered_holder(session: Session, code: str) -> Holder:
    """Who registered the person with this exact codice fiscale; refuses one that nobody has."""
    holder = holder_of(session, code)
    if holder is None:
        raise Refusal(
            _("No partner has registered this codice fiscale: you can register the person."), field="codice_fiscale"
        )
    return holder


def wrong_purpose(purpose: Purpose, note: str | None) -> list[Refusal]:
    """A purpose that is on no list is said in words."""
    if purpose is Purpose.OTHER and not note:
        return [Refusal(_("Write the purpose in words."), field="purpose_note")]
    return []
