"""Auth: sign-up and sign-in as Supabase does them, and what a true sign-up starts."""

from services.auth.calls import Action, AuthCall, AuthRefused
from services.auth.forwarder import AuthForwarder
from services.auth.limits import AuthLimits
