"""Tenants: companies with a database of their own, from sign-up to deletion."""

from services.tenants.invitations import (
    INVITATION,
    Invitation,
    InvitationExpired,
    Invitations,
    TenantAdmin,
)
from services.tenants.letters import TenantLetters
from services.tenants.lifecycle import Lifecycle, LifecyclePorts
from services.tenants.listing import every_tenant
from services.tenants.modules import MODULES, PLANS, modules_of
from services.tenants.onboarding import ONBOARD, Onboarding, OnboardingPorts
from services.tenants.ports import (
    DatabaseHandle,
    DatabaseProviders,
    Migrations,
    OwnDatabases,
    SmokeQuery,
    TenantDatabases,
)
from services.tenants.reconciler import RECONCILE, TenantFindings, TenantReconciler
from services.tenants.signups import (
    NewTenant,
    SignUpDoor,
    SignUpLimits,
    TenantSignUps,
    TooManySignUps,
)
from services.tenants.state import (
    DELETED,
    DELETING,
    FAILED,
    NEEDS_PERSON,
    NO_CARD,
    ONBOARDING,
    PAUSED,
    READY,
    RESUMING,
    STATES,
    SUSPENDED,
    CardPlace,
    Tenant,
    TenantTerms,
)
from services.tenants.tenants import DELETE, RESUME, SUSPEND, Tenants
from services.tenants.watch import WATCH, TenantRoom, TenantWatch
