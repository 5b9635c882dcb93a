"""What every cache stands on: batches of look-ups, and freshness."""

from services.caching.batcher import Batcher
from services.caching.freshness import CacheFreshness
