"""Every table module, imported here once: migrations and key rotation see what this file names."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from db import (
    admin_keys,
    audit,
    bulk,
    connections,
    customers,
    emails,
    followups,
    idempotency,
    installations,
    ledger,
    licenses,
    meetings,
    members,
    plans,
    proposals,
    provider_keys,
    signins,
    sites,
    templates,
    usage,
    webhooks,
)

TABLES = (
    admin_keys,
    audit,
    bulk,
    connections,
    customers,
    emails,
    followups,
    idempotency,
    installations,
    ledger,
    licenses,
    meetings,
    members,
    plans,
    proposals,
    provider_keys,
    signins,
    sites,
    templates,
    usage,
    webhooks,
)

metadata: MetaData = SQLModel.metadata
