"""What may be read in a log line: fields on a list, texts without tokens, errors without data."""

import re
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

from structlog.typing import WrappedLogger

# Names, ids, counts and times of our own making. A field that is not here shows its type only.
PLAIN = """
action_id attempt attempts block_id cache_write_tokens cached_tokens callback_id command count
customer_id cut detail event event_type exception executor_id executors host input_tokens job job_id
kind lag_ms level limit logger member_id method mode model month ms operation output_tokens path pid
port process queue reason reference request_id retry_after seconds signal size slot stage status
step subject task team_id tenant_id tick timestamp user_id vendor version workflow workspace_id
"""
PLAIN_FIELDS = frozenset(PLAIN.split())
TEXT_LIMIT = 2_000
EXCEPTION_LIMIT = 8_000
MESSAGE_LIMIT = 300
MASK = "***"

# Longest first where one contains another. Sources: the vendors' own descriptions of their keys.
TOKENS = re.compile(
    r"""
      xox[a-z][-.][\w.%-]+                 # Slack: bot, user, refresh, rotated
    | xapp-[\w-]+                          # Slack: app level
    | hooks\.slack\.com/\S+                # Slack: whoever holds the address may post
    | [sr]k[-_][\w-]{8,}                   # Anthropic, OpenAI, OpenRouter, Stripe
    | whsec_[\w+/=-]+                      # Standard Webhooks, Stripe
    | AIza[\w-]{10,} | ya29\.[\w.%-]+ | 1//[\w-]{6,} | GOCSPX-[\w-]+ | 4/0[\w-]{10,}   # Google
    | sbp_\w+ | sb_secret_[\w-]+           # Supabase
    | CHA(?:-[0-9A-Za-z]{4,8}){2,}         # our own license keys
    | adm_[\w-]{20,}                       # our own admin keys
    | eyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)? # JSON Web Tokens
    | (?<=earer\ )[^\s"',]+ | (?<=EARER\ )[^\s"',]+ | (?<=asic\ )[\w+/=]{8,}
    """,
    re.VERBOSE,
)
NAMED = re.compile(
    r"""(?ix)
    (?P<name> (?: pass(?:word|wd)? | secret | token | api[-_]?key | private[-_]?key | authorization
      | [\w-]*[_-](?:password|secret|token|key) ) ["']? \s* [=:] \s* ["']? )
    (?! [Bb]earer\  | [Bb]asic\  | \*{3} )
    [^\s"'&,;)}\]]+
    """
)
IN_ADDRESS = re.compile(r"(?i)([?&](?:code|state|sig|signature|ticket|link_key)=)[^&\s\"']+")
PASSWORD_IN_URL = re.compile(r"(://[^\s:/@]*:)\S+(?=@)")


def scrub(text: str) -> str:
    """The text with everything that looks like a token or a password masked."""
    text = PASSWORD_IN_URL.sub(rf"\1{MASK}", text)
    text = TOKENS.sub(MASK, text)
    text = NAMED.sub(rf"\g<name>{MASK}", text)
    return IN_ADDRESS.sub(rf"\1{MASK}", text)


def redact(
    logger: WrappedLogger, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: known fields keep scrubbed values, the others only their shape."""
    return {
        name: _shown(name, value)
        for name, value in event.items()
        # structlog's own bookkeeping for the formatter
        if not name.startswith("_")
    } | {name: value for name, value in event.items() if name.startswith("_")}


def exception_text(error: BaseException) -> str:
    """Frames and the first line of each message of the chain.

    Only first lines: databases put parameters, and validators put inputs, on the later ones.
    """
    text = "\n".join(_chain(error, set()))
    return scrub(text)[-EXCEPTION_LIMIT:]


def _shown(name: str, value: object) -> object:
    if name not in PLAIN_FIELDS:
        return _shape(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if name == "exception" else scrub(value[: TEXT_LIMIT * 2])[:TEXT_LIMIT]
    return _shape(value)


def _shape(value: object) -> str:
    kind = type(value).__name__
    return f"<{kind} {len(value)}>" if hasattr(value, "__len__") else f"<{kind}>"


def _chain(error: BaseException, seen: set[int]) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _chain(before, seen)
        yield "which led to"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()
    first_line = (str(error).splitlines() or [""])[0][:MESSAGE_LIMIT]
    yield f"{type(error).__module__}.{type(error).__qualname__}: {first_line}"
    for part in getattr(error, "exceptions", ()):
        yield from _chain(part, seen)
