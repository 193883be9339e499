"""The network's values and a partner's own, as lists and record pages show them."""

from core.language import _
from core.parameters import queries, services
from core.parameters.forms import ParameterForm
from core.parameters.models import NetworkParameter, PartnerParameter
from core.resource.declaration import Facts, Resource

COLUMNS = ("label", "stated", "valid_from", "valid_to", "in_force", "source")

own = Resource(
    PartnerParameter,
    name="parameters",
    title=_("Own parameters"),
    singular=_("Own parameter"),
    columns=COLUMNS,
    filters=["key", "valid_from", "valid_to"],
    search=["key", "value", "source"],
    form=ParameterForm,
    order="key",
    select=queries.own_values,
    create=services.set_parameter,
    amend=services.amend_parameter,
    remove=services.withdraw_parameter,
    panels=[Facts(*COLUMNS)],
    icon="settings",
    sentence=_("Values that we set for ourselves; where there is none, the network's holds."),
)

network = Resource(
    NetworkParameter,
    name="network-parameters",
    title=_("Network parameters"),
    singular=_("Network parameter"),
    columns=COLUMNS,
    filters=["key", "valid_from", "valid_to"],
    search=["key", "value", "source"],
    form=ParameterForm,
    order="key",
    select=queries.network_values,
    create=services.set_network_parameter,
    amend=services.amend_parameter,
    remove=services.withdraw_parameter,
    panels=[Facts(*COLUMNS)],
    icon="settings",
    sentence=_("Values of law, Region and network that hold for every partner without one of its own."),
)
