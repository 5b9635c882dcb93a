"""Which models may answer a question, in the order in which they are tried."""

from collections.abc import Callable, Mapping

from integrations.providers.types import Ask, Target
from services.gateway.chats import (
    NO_CHAT,
    NO_MODEL,
    NO_PROVIDER_KEY,
    NOT_CONFIGURED,
    NOT_IN_PLAN,
    NOT_ITS_MODEL,
    UNABLE,
    ChatRefused,
    Question,
)
from services.gateway.prices import Prices
from services.licensing import Plan

Unable = Callable[[str, Ask], str]


def targets(
    question: Question, plan: Plan, keys: Mapping[str, str], prices: Prices, unable: Unable
) -> tuple[Target, ...]:
    """The model that was named, or the plan's first of each provider; raises ChatRefused.

    `keys` by provider are those that may be used; providers without one are passed over unless
    they were named. `unable` says which field of the request a provider cannot serve.
    """
    _check_chats(plan)
    if question.model or question.provider:
        allowed = [_named(question, plan, prices)]
    else:
        wanted = [_first_of(provider, plan, prices) for provider in plan.providers]
        allowed = [(provider, model) for provider, model in wanted if model]
    reachable = [one for one in allowed if keys.get(one[0])]
    if not reachable:
        raise _without_key(plan, allowed)
    able = [one for one in reachable if not unable(one[0], question.ask)]
    if not able:
        provider = reachable[0][0]
        field = unable(provider, question.ask)
        raise ChatRefused(400, "not_supported", UNABLE, provider=provider, field=field)
    most = min(question.ask.max_tokens, plan.max_tokens)
    return tuple(Target(provider, model, keys[provider], most) for provider, model in able)


def askable(plan: Plan, prices: Prices) -> Mapping[str, str]:
    """The plan's models that can be named, each with its provider; raises ChatRefused."""
    _check_chats(plan)
    owners = {model: prices.provider(model) for model in plan.models}
    return {model: owner for model, owner in owners.items() if owner in plan.providers}


def _check_chats(plan: Plan) -> None:
    if not plan.chats:
        raise ChatRefused(403, "ai_not_included", NO_CHAT, plan=plan.display_name)


def _named(question: Question, plan: Plan, prices: Prices) -> tuple[str, str]:
    """The one target of a client that knows what it wants."""
    model = question.model or _first_of(question.provider, plan, prices)[1]
    provider = prices.provider(model)
    if question.model and not provider:
        raise ChatRefused(
            400, "model_not_found", NO_MODEL, model=question.model, models=_listed(plan)
        )
    if provider and question.provider not in ("", provider):
        asked = question.provider
        raise ChatRefused(400, "model_not_found", NOT_ITS_MODEL, model=model, provider=asked)
    if model not in plan.models or provider not in plan.providers:
        asked, name = question.model or question.provider, plan.display_name
        raise ChatRefused(
            403, "model_not_allowed", NOT_IN_PLAN, plan=name, asked=asked, models=_listed(plan)
        )
    return provider, model


def _listed(plan: Plan) -> str:
    return ", ".join(plan.models)


def _first_of(provider: str, plan: Plan, prices: Prices) -> tuple[str, str]:
    """The plan's first model of a provider; "" when it has none."""
    own = (model for model in plan.models if prices.provider(model) == provider)
    return provider, next(own, "")


def _without_key(plan: Plan, allowed: list[tuple[str, str]]) -> ChatRefused:
    if plan.ai_included:
        return ChatRefused(503, "no_provider", NOT_CONFIGURED)
    name = allowed[0][0] if allowed else plan.providers[0]
    return ChatRefused(403, "provider_key_needed", NO_PROVIDER_KEY, provider=name)
