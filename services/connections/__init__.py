"""What a member or workspace has connected, and how healthy that is."""

from services.connections.connections import (
    CRONO,
    FATHOM,
    GOOGLE,
    RENEWING,
    ConnectionHealth,
    Connections,
    SharedKeys,
    possible_key,
)
from services.connections.gmail import RESUME, Access, Gmail, News, Outside
from services.connections.signins import BAD_LINK, HOME, MESSAGE, VIEW, LinkOrigin, SignIns
