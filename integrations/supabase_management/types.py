"""Projects and poolers as the Management API tells of them, and how often it may be asked."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

# Counts one call of an operation in a scope ("" for the account, an organization's slug, a
# project's ref), or not when there is no room: how long until there is, else zero.
TakeTurn = Callable[[str, str], Awaitable[timedelta]]


# As the specification lists them for a new project.
REGIONS = frozenset(
    {"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"}
    | {"eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-central-1", "eu-central-2"}
    | {"ap-east-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2"}
    | {"ap-south-1"}
)


async def unlimited(operation: str, scope: str) -> timedelta:
    """No limit of our own, for a single question such as the doctor's."""
    return timedelta(0)


@dataclass(frozen=True, slots=True)
class NewProject:
    """What a project is made of; `region` as AWS names it, such as eu-central-1."""

    name: str
    organization: str
    region: str
    password: str


@dataclass(frozen=True, slots=True)
class Project:
    """One project; `status` is Supabase's own word, `host` of the database "" where not told."""

    ref: str
    name: str
    organization: str
    status: str
    created_at: datetime | None = None
    host: str = ""


@dataclass(frozen=True, slots=True)
class Pooler:
    """One way through Supavisor; `sslmode` "" where the API does not say."""

    host: str
    port: int
    user: str
    database: str
    mode: str
    sslmode: str = ""
