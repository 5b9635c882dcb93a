"""What a tenant may use: its plan's modules, and what an operator switched on or off for it."""

from collections.abc import Mapping

FOLLOWUPS, CRM, REPORTS = "followups", "crm", "reports"
GATEWAY, WEBHOOKS, SIGN_ON = "gateway", "webhooks", "sso"
MODULES = (FOLLOWUPS, CRM, REPORTS, GATEWAY, WEBHOOKS, SIGN_ON)

STARTER, PROFESSIONAL, ENTERPRISE = "starter", "professional", "enterprise"
OF_PLANS: Mapping[str, tuple[str, ...]] = {
    STARTER: (FOLLOWUPS, CRM),
    PROFESSIONAL: (FOLLOWUPS, CRM, REPORTS, GATEWAY, WEBHOOKS),
    ENTERPRISE: MODULES,
}
PLANS = tuple(OF_PLANS)


def modules_of(plan: str, overrides: Mapping[str, bool]) -> tuple[str, ...]:
    """The modules in their usual order. An unknown plan has none of its own."""
    planned = OF_PLANS.get(plan, ())
    return tuple(name for name in MODULES if overrides.get(name, name in planned))
