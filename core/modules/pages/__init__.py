"""The pages of modules: a partner's own, and the network's."""

from core.modules.pages import network, partner
from core.modules.pages.network import pages as network_pages
from core.modules.pages.partner import pages as partner_pages

__all__ = ["network", "network_pages", "partner", "partner_pages"]
