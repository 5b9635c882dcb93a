"""Users who signed up: provisioned with credits and a key, changed, revoked, reconciled."""

from services.users.commands import (
    PROVISION_USER,
    TypedUser,
    UserCommands,
    UserOrders,
    UserPreview,
    read_credits,
    read_limit,
)
from services.users.keys import UserKeys
from services.users.listing import every_user
from services.users.mirror import Mirror
from services.users.ports import Accounts, AuthAccount, CreditGrants, ProfileMirror, UserRoom
from services.users.provisioning import PROVISION, Provisioning, ProvisioningPorts
from services.users.reconciler import (
    ASKED,
    RECONCILE,
    Discrepancy,
    Reconciler,
    ReconcilerPorts,
    Reconciliation,
)
from services.users.sessions import SessionExpired, SessionRefused, Sessions, SignedIn
from services.users.state import (
    ACTIVE,
    FAILED,
    PENDING,
    REVOKED,
    KeyUsage,
    NewUser,
    ProvisioningTerms,
    SignedUp,
    User,
    UserChanges,
)
from services.users.telling import UserNotices
from services.users.users import Users
from services.users.waiting import until_provisioned
