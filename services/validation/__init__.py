"""Validation of license keys, answered from memory, with signed receipts."""

from services.validation.last_seen import LastSeenWriter
from services.validation.license_cache import LicenseCache
from services.validation.receipts import Receipts
from services.validation.responses import ValidationResponses, ValidationResult
from services.validation.unknown_keys import TooManyTries, UnknownKeyRateLimiter
from services.validation.validation import Validation
