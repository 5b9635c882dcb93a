"""Every table module, imported here once: migrations and key rotation see what this file names."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from db import (
    credits,
    idempotency,
    installations,
    issuing,
    mail,
    meetings,
    operations,
    ops,
    people,
    webhooks,
)
from db.audit import admin_keys, audit
from db.connections import connections, signins
from db.crm import activities, records, refreshes
from db.followups import followups, templates
from db.gateway import ledger, provider_keys, usage
from db.licensing import customers, licenses, plans, sites

TABLES = (
    activities,
    admin_keys,
    audit,
    connections,
    credits,
    customers,
    followups,
    idempotency,
    installations,
    issuing,
    ledger,
    licenses,
    mail,
    meetings,
    operations,
    ops,
    people,
    plans,
    provider_keys,
    records,
    refreshes,
    signins,
    sites,
    templates,
    usage,
    webhooks,
)

metadata: MetaData = SQLModel.metadata
