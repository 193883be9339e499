"""The core: partners, people, organisations, places, access, and how pages are made."""

import gc

__version__ = "0.1.0"

# Nearly everything that a start or a request makes stays, or goes by itself: looking for circles of rubbish after
# every 700 objects took a fifth of a start.
gc.set_threshold(20_000, 20, 20)
