"""What sharing keeps of a person, and what becomes of it when the person is erased: that it was shared stays."""

from core.language import _
from core.people.models.merge import is_of
from core.rights.about import About
from core.sharing.models import Emergency, Share, ShareRequest
from core.sharing.models.emergency import SHORTEST_REASON

ABOUT = [
    About(Share, _("Shares"), lambda person: is_of(Share.person_id, person),
          blank={"purpose_note": None, "document": None, "revoked_because": None}),
    About(ShareRequest, _("Requests to share"), lambda person: is_of(ShareRequest.person_id, person),
          blank={"codice_fiscale": "—", "purpose_note": None, "answer": None}),
    About(Emergency, _("Emergencies"), lambda person: is_of(Emergency.person_id, person),
          blank={"reason": "—" * SHORTEST_REASON}),
]  # fmt: skip
