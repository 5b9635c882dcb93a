"""The product: what can be done, whoever asks and however it is shown.

A domain with one service is that service; one with several is a bundle. A bundle's field has its
class's name without the domain's; the class that is called like its domain, what it is about.
"""

from dataclasses import dataclass

from services.admins import AdminSessions, LocalAdmins, SlackSignIn
from services.alerts import Alerts, AlertTelling, AlertWatch
from services.arrivals import ArrivalInbox, Arrivals, Beginning, FathomHooks, Polling, Reminders
from services.audit import AdminKeys, Audit
from services.auth import AuthForwarder
from services.billing import (
    BillingCards,
    BillingDesk,
    BillingTimer,
    Catalogue,
    Checkouts,
    Comparison,
    EventHandling,
    Explaining,
    Revenue,
    StripeInbox,
    Trials,
)
from services.budgets import Budgets, BudgetTelling, ModelCalls
from services.calendar import Calendar
from services.connections import Connections, CrmKeys, Gmail, SignIns
from services.credits import CreditHolds, CreditProofs, Credits
from services.crm import (
    ActivityForms,
    Crm,
    CrmAccess,
    CrmActivities,
    CrmConnecting,
    CrmIndex,
    CrmRefresh,
    Matching,
)
from services.doctor import Checkups, Standing
from services.followups import (
    ActionRun,
    Actions,
    CrmForms,
    FollowUpClaims,
    FollowUps,
    Mails,
    Recap,
    TemplatePreviews,
    Templates,
    Writing,
)
from services.gateway import (
    Estimates,
    FairScheduler,
    Gateway,
    Ledger,
    ProviderKeys,
    UsageReports,
)
from services.habits import Habits
from services.home import Home
from services.issuing import Bulk, BulkRun, BulkUploads, Issuing
from services.licensing import Customers, Licenses, Plans, Sites
from services.mail import Emails, LostEmails
from services.meetings import Meetings
from services.operations import Kind, Operations
from services.ops import Confirmations, Ops
from services.people import Members
from services.reports import (
    BusinessFigures,
    ExportFiles,
    Exports,
    FollowUpFigures,
    HealthChecks,
    ReportDays,
    ReportMonths,
    SubscriptionFigures,
    UsageFigures,
)
from services.retention import Retention
from services.rollouts import (
    Behind,
    Controls,
    MigrationFiles,
    RolloutProposals,
    Rollouts,
)
from services.tenants import (
    Invitations,
    Lifecycle,
    Onboarding,
    TenantReconciler,
    Tenants,
    TenantSignUps,
    TenantWatch,
)
from services.users import Provisioning, Reconciler, Sessions, UserCommands, UserKeys, Users
from services.validation import Receipts, UnknownKeyRateLimiter, Validation
from services.webhooks import WebhookDeliveries, Webhooks
from services.workspaces import Departures, Greetings


@dataclass(frozen=True, slots=True)
class AdminServices:
    """Who is signed in to the dashboard, and the two ways in."""

    sessions: AdminSessions
    slack: SlackSignIn
    local: LocalAdmins


@dataclass(frozen=True, slots=True)
class AlertServices:
    """What somebody should look at: raised, looked for, told."""

    log: Alerts
    watch: AlertWatch
    telling: AlertTelling


@dataclass(frozen=True, slots=True)
class ArrivalServices:
    """Meetings that arrive by themselves: how we hear of them, and what follows."""

    hooks: FathomHooks
    inbox: ArrivalInbox
    polling: Polling
    beginning: Beginning
    verbs: Arrivals
    reminders: Reminders


@dataclass(frozen=True, slots=True)
class AuditServices:
    """The audit log, and the keys of the admin API."""

    log: Audit
    admin_keys: AdminKeys


@dataclass(frozen=True, slots=True)
class BillingServices:
    """Subscriptions at Stripe, and the access that follows. `contact`: whom to write to, or ""."""

    inbox: StripeInbox
    handling: EventHandling
    timer: BillingTimer
    cards: BillingCards
    desk: BillingDesk
    explaining: Explaining
    trials: Trials
    catalogue: Catalogue
    checkouts: Checkouts
    comparison: Comparison
    revenue: Revenue
    publishable_key: str
    contact: str


@dataclass(frozen=True, slots=True)
class BudgetServices:
    """What the model may cost, what it has cost, and who is warned."""

    limits: Budgets
    calls: ModelCalls
    telling: BudgetTelling


@dataclass(frozen=True, slots=True)
class ConnectionServices:
    """What a member has connected."""

    accounts: Connections
    gmail: Gmail
    signins: SignIns
    crm_keys: CrmKeys


@dataclass(frozen=True, slots=True)
class CreditServices:
    """What users may spend, what is set aside, and the proof of it."""

    accounts: Credits
    holds: CreditHolds
    proofs: CreditProofs


@dataclass(frozen=True, slots=True)
class CrmServices:
    """The workspace's CRM, and what is known of it here."""

    access: CrmAccess
    context: Crm
    index: CrmIndex
    refresh: CrmRefresh
    connecting: CrmConnecting
    matching: Matching
    activities: CrmActivities
    activity_forms: ActivityForms


@dataclass(frozen=True, slots=True)
class DoctorServices:
    """A member's connections, and how the workspace stands."""

    checkups: Checkups
    standing: Standing


@dataclass(frozen=True, slots=True)
class FollowUpServices:
    """Drafts, how they are written, what they claim, and what is done with them."""

    drafts: FollowUps
    claims: FollowUpClaims
    writing: Writing
    actions: Actions
    action_run: ActionRun
    recap: Recap
    crm: CrmForms
    mails: Mails
    templates: Templates
    previews: TemplatePreviews
    habits: Habits


@dataclass(frozen=True, slots=True)
class GatewayServices:
    """Chats with models, and what they may cost."""

    chats: Gateway
    scheduler: FairScheduler
    ledger: Ledger
    usage: UsageReports
    provider_keys: ProviderKeys
    estimates: Estimates


@dataclass(frozen=True, slots=True)
class IssuingServices:
    """Licenses issued from Slack and in bulk."""

    single: Issuing
    bulk: Bulk
    bulk_run: BulkRun
    uploads: BulkUploads


@dataclass(frozen=True, slots=True)
class LicensingServices:
    """What is sold, to whom, and where it is used."""

    plans: Plans
    customers: Customers
    licenses: Licenses
    sites: Sites


@dataclass(frozen=True, slots=True)
class MailServices:
    """E-mails, and those that got lost."""

    emails: Emails
    lost_emails: LostEmails


@dataclass(frozen=True, slots=True)
class OpsServices:
    """Who may operate, and what waits for their yes."""

    access: Ops
    confirmations: Confirmations


@dataclass(frozen=True, slots=True)
class ReportServices:
    """Figures of the business, and the days they are counted by."""

    business: BusinessFigures
    usage: UsageFigures
    followups: FollowUpFigures
    health: HealthChecks
    exports: Exports
    files: ExportFiles
    days: ReportDays
    months: ReportMonths
    subscriptions: SubscriptionFigures


@dataclass(frozen=True, slots=True)
class RolloutServices:
    """SQL over every tenant: asked for, steered, looked at; `kinds` are its operations."""

    proposals: RolloutProposals
    controls: Controls
    directory: Rollouts
    files: MigrationFiles
    behind: Behind
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class TenantServices:
    """Companies with a database each: who signs up, how they are onboarded, and what then."""

    signups: TenantSignUps
    onboarding: Onboarding
    directory: Tenants
    invitations: Invitations
    lifecycle: Lifecycle
    watch: TenantWatch
    reconciler: TenantReconciler


@dataclass(frozen=True, slots=True)
class UserServices:
    """Users who signed up, how they are provisioned, their keys, and who of them is asking."""

    sessions: Sessions
    accounts: Users
    commands: UserCommands
    provisioning: Provisioning
    keys: UserKeys
    reconciler: Reconciler


@dataclass(frozen=True, slots=True)
class ValidationServices:
    """Answers to sites that ask about a key."""

    validator: Validation
    unknown_keys: UnknownKeyRateLimiter
    receipts: Receipts


@dataclass(frozen=True, slots=True)
class WebhookServices:
    """Endpoints of other systems, and what is delivered to them."""

    endpoints: Webhooks
    deliveries: WebhookDeliveries


@dataclass(frozen=True, slots=True)
class WorkspaceServices:
    """Workspaces that install us, and those that leave."""

    greetings: Greetings
    departures: Departures


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the doors may call, by domain."""

    admins: AdminServices
    alerts: AlertServices
    arrivals: ArrivalServices
    audit: AuditServices
    auth: AuthForwarder
    billing: BillingServices
    budgets: BudgetServices
    calendar: Calendar
    connections: ConnectionServices
    credits: CreditServices
    crm: CrmServices
    doctor: DoctorServices
    followups: FollowUpServices
    gateway: GatewayServices
    home: Home
    issuing: IssuingServices
    licensing: LicensingServices
    mail: MailServices
    meetings: Meetings
    operations: Operations
    ops: OpsServices
    people: Members
    reports: ReportServices
    retention: Retention
    rollouts: RolloutServices
    tenants: TenantServices
    users: UserServices
    validation: ValidationServices
    webhooks: WebhookServices
    workspaces: WorkspaceServices
