"""What a member or workspace has connected, and how healthy that is."""

from services.connections.connections import (
    FATHOM,
    GOOGLE,
    RENEWING,
    WATCH,
    ConnectionHealth,
    Connections,
    possible_key,
)
from services.connections.crm_keys import (
    CRM,
    CRMS,
    CRONO,
    EVERYBODY,
    HUBSPOT,
    MEMBER_KEYS,
    CrmKeys,
    CrmProgress,
    SharedKeys,
    StoredKeys,
)
from services.connections.gmail import RESUME, Access, Gmail, News, Outside
from services.connections.google_grants import GoogleGrants
from services.connections.signins import BAD_LINK, HOME, MESSAGE, VIEW, LinkOrigin, SignIns
