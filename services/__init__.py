"""The product: what can be done, whoever asks and however it is shown."""

from dataclasses import dataclass

from services.audit import AdminKeys, Audit
from services.connections import Connections, Gmail, SignIns
from services.doctor import Checkups
from services.followups import FollowUps, Mails, Templates, Writing
from services.gateway import FairScheduler, Gateway, Ledger, ProviderKeys, UsageReports
from services.issuing import Bulk, BulkRun, BulkUploads, Issuing
from services.licensing import Customers, Licenses, Plans, Sites
from services.mail import Emails, LostEmails
from services.meetings import Meetings
from services.operations import Operations
from services.ops import Confirmations, Ops
from services.people import Members
from services.validation import Receipts, UnknownKeyRateLimiter, Validation
from services.webhooks import WebhookDeliveries, Webhooks


@dataclass(frozen=True, slots=True)
class LicensingServices:
    """Those of customers, licenses and the AI gateway."""

    audit: Audit
    admin_keys: AdminKeys
    plans: Plans
    customers: Customers
    licenses: Licenses
    sites: Sites
    bulk: Bulk
    bulk_uploads: BulkUploads
    bulk_run: BulkRun
    ops: Ops
    operations: Operations
    proposals: Confirmations
    issuing: Issuing
    emails: Emails
    lost_emails: LostEmails
    webhooks: Webhooks
    webhook_deliveries: WebhookDeliveries
    ledger: Ledger
    usage: UsageReports
    validation: Validation
    strangers: UnknownKeyRateLimiter
    gateway: Gateway
    pacing: FairScheduler
    provider_keys: ProviderKeys
    receipts: Receipts


@dataclass(frozen=True, slots=True)
class Services(LicensingServices):
    """Everything the doors may call."""

    members: Members
    connections: Connections
    checkups: Checkups
    signins: SignIns
    gmail: Gmail
    meetings: Meetings
    followups: FollowUps
    writing: Writing
    mails: Mails
    templates: Templates
