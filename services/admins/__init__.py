"""Admins of the dashboard: how they sign in, and the sessions they have."""

from services.admins.local_admins import LocalAdmins, SignInAlarm
from services.admins.sessions import (
    COMMAND_LINE,
    AdminSession,
    AdminSessions,
    Device,
    SignedInAdmin,
)
from services.admins.slack_sign_in import (
    SlackAttempt,
    SlackHome,
    SlackSignIn,
    SlackSignInDeps,
)
