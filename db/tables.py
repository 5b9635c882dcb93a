"""Every table module, imported here once: migrations and key rotation see what this file names."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from db import idempotency, installations, meetings, operations, webhooks
from db import issuing as bulk
from db import mail as emails
from db import ops as proposals
from db import people as members
from db.audit import admin_keys, audit
from db.connections import connections, signins
from db.followups import followups, templates
from db.gateway import ledger, provider_keys, usage
from db.licensing import customers, licenses, plans, sites

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
    operations,
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
