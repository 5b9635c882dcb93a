"""Every table module, imported here once: migrations and key rotation see what this file names."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from db import (
    admins,
    alerts,
    auth,
    budgets,
    credits,
    habits,
    home,
    idempotency,
    installations,
    issuing,
    key_ages,
    mail,
    meetings,
    operations,
    ops,
    people,
    quarantine,
    webhooks,
)
from db.arrivals import arrivals, deliveries, watches
from db.audit import admin_keys, audit
from db.billing import accounts as billing_accounts
from db.billing import checkouts, comparisons, revenue, subscriptions
from db.billing import events as billing_events
from db.connections import connections, signins
from db.crm import activities, records, refreshes
from db.followups import followups, templates
from db.gateway import ledger, provider_keys, usage
from db.licensing import customers, licenses, plans, sites
from db.reports import days as report_days
from db.reports import files as report_files
from db.rollouts import migrations as tenant_migrations
from db.rollouts import rollouts, targets
from db.tenants import invitations, tenants
from db.users import keys as user_keys
from db.users import notices, signups, users
from db.workspaces import departures

TABLES = (
    activities,
    checkouts,
    comparisons,
    admin_keys,
    admins,
    alerts,
    arrivals,
    audit,
    auth,
    billing_accounts,
    billing_events,
    budgets,
    connections,
    credits,
    customers,
    departures,
    deliveries,
    followups,
    habits,
    home,
    idempotency,
    installations,
    invitations,
    issuing,
    key_ages,
    ledger,
    licenses,
    mail,
    meetings,
    notices,
    operations,
    ops,
    people,
    plans,
    provider_keys,
    quarantine,
    records,
    refreshes,
    rollouts,
    report_days,
    report_files,
    revenue,
    signins,
    signups,
    sites,
    targets,
    subscriptions,
    templates,
    tenant_migrations,
    tenants,
    usage,
    user_keys,
    users,
    watches,
    webhooks,
)

metadata: MetaData = SQLModel.metadata
