"""What every cache stands on: look-ups in batches, and the freshness of entries."""

from services.caching.batcher import Batcher
from services.caching.freshness import CacheFreshness
