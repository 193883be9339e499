"""The core: partners, people, organisations, places, access, and how pages are made."""

__version__ = "0.1.0"
