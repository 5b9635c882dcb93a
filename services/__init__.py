"""The product: what can be done, whoever asks and however it is shown."""

from dataclasses import dataclass

from services.admin_keys import AdminKeys
from services.audit import Audit
from services.bulk import Bulk
from services.bulk_run import BulkRun
from services.bulk_uploads import BulkUploads
from services.checkups import Checkups
from services.connections import Connections
from services.customers import Customers
from services.emails import Emails
from services.emails_lost import LostEmails
from services.followups import FollowUps
from services.gateway import Gateway
from services.gmail import Gmail
from services.issuing import Issuing
from services.ledger import Ledger
from services.licenses import Licenses
from services.mails import Mails
from services.meetings import Meetings
from services.members import Members
from services.ops import Ops
from services.pacing import Pacing
from services.plans import Plans
from services.proposals import Proposals
from services.provider_keys import ProviderKeys
from services.receipts import Receipts
from services.signins import SignIns
from services.sites import Sites
from services.strangers import Strangers
from services.templates import Templates
from services.usage import Usage
from services.validation import Validation
from services.webhook_deliveries import WebhookDeliveries
from services.webhooks import Webhooks
from services.writing import Writing


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
    proposals: Proposals
    issuing: Issuing
    emails: Emails
    lost_emails: LostEmails
    webhooks: Webhooks
    webhook_deliveries: WebhookDeliveries
    ledger: Ledger
    usage: Usage
    validation: Validation
    strangers: Strangers
    gateway: Gateway
    pacing: Pacing
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
