"""What the register keeps of a person who is erased: that something was asked, and that it was answered."""

from core.data_requests.models import DataRequest
from core.language import _
from core.people.models.merge import is_of
from core.rights.about import About

ABOUT = [
    About(DataRequest, _("Requests about data"), lambda person: is_of(DataRequest.person_id, person),
          blank=dict.fromkeys(("asked_by", "answer", "note", "extended_because"))),
]  # fmt: skip
