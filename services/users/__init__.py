"""Users who signed up."""

from services.users.sessions import SessionExpired, SessionRefused, Sessions, SignedIn
