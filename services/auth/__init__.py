"""Auth: sign-up and sign-in as Supabase does them, and what a true sign-up starts."""

from services.auth.calls import NO_BEARER, Action, AuthCall, AuthRefused
from services.auth.forwarder import AuthForwarder
from services.auth.limits import AuthLimits
