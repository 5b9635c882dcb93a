"""Whole answers: who may ask, which provider answers, what it costs, and every failure."""

from collections.abc import AsyncIterator
from dataclasses import replace

import orjson
import pytest
import pytest_asyncio

from services.gateway.chats import ChatRefused
from services.gateway.provider_keys import Keys
from services.licensing.eligibility import CANCELLED, SUSPENDED
from tests.integrations.fake_vendor import says
from tests.kit.model_plays import Play, completion, drops, hangs, message
from tests.kit.model_stage import FACTS, NOW, PLAN, Stage, model_stage, question
from views.api.gateway.chat import answer_json

TOLD = {"prompt_tokens": 20, "completion_tokens": 7, "total_tokens": 27}


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Stage]:
    async with model_stage() as made:
        made.plays = {
            "openai": says(completion(**TOLD)),
            "anthropic": says(message()),
            "deepseek": says(completion("Hallo", "deepseek-flash", **TOLD)),
        }
        yield made


async def refused(stage: Stage, **asked: object) -> ChatRefused:
    with pytest.raises(ChatRefused) as caught:
        await stage.gateway.answer("key", question(**asked))
    return caught.value


async def test_an_answer_is_metered_exactly_as_the_provider_counted(stage: Stage) -> None:
    answer = await stage.gateway.answer("key", question())
    assert (answer.content, answer.provider, answer.model) == ("Ciao", "openai", "gpt-5.4-mini")
    metered = stage.ledger.metered
    assert (metered.input_tokens, metered.output_tokens, metered.estimated) == (20, 7, False)
    # 20 × 0.75 + 7 × 4.50 dollars per million, in micro-dollars, rounded up.
    assert metered.cost_micro == 47
    assert metered.price_version


async def test_the_providers_bytes_are_spliced_in_untouched(stage: Stage) -> None:
    raw = b'{ "choices":[{"message":{"content":"1.0"}}],  "x": 1.10, "y":"\\u00e8" }'
    stage.plays["openai"] = says(raw)
    written = answer_json(await stage.gateway.answer("key", question()))
    assert written.endswith(b'"response":' + raw + b"}")
    assert orjson.loads(written)["usage"]["estimated"] is True


@pytest.mark.parametrize(
    ("model", "provider", "content"),
    [
        ("gpt-5.4-mini", "openai", "Ciao"),
        ("claude-haiku-5-5", "anthropic", "Ciao"),
        ("deepseek-flash", "deepseek", "Hallo"),
    ],
)
async def test_every_provider_answers_with_its_own_key_and_words(
    stage: Stage, model: str, provider: str, content: str
) -> None:
    answer = await stage.gateway.answer("key", question(model=model))
    [(asked, headers, body)] = stage.asked
    assert (answer.content, asked, body["model"]) == (content, provider, model)
    assert headers["Authorization"] == f"Bearer sk-ours-{provider}"
    assert ("system" in body) is (provider == "anthropic")
    limit = "max_completion_tokens" if provider == "openai" else "max_tokens"
    assert body[limit] == PLAN.max_tokens


async def test_a_named_provider_answers_with_the_plans_first_model_of_it(stage: Stage) -> None:
    answer = await stage.gateway.answer("key", question(provider="deepseek"))
    assert answer.model == "deepseek-flash"


async def test_an_explicit_zero_usage_is_zero(stage: Stage) -> None:
    stage.plays["openai"] = says(completion(prompt_tokens=0, completion_tokens=0))
    await stage.gateway.answer("key", question())
    metered = stage.ledger.metered
    assert (metered.input_tokens, metered.output_tokens, metered.cost_micro) == (0, 0, 0)
    assert not metered.estimated


async def test_a_missing_usage_is_estimated_and_says_so(stage: Stage) -> None:
    stage.plays["openai"] = says(completion("x" * 41))
    answer = await stage.gateway.answer("key", question())
    metered = stage.ledger.metered
    assert (metered.input_tokens, metered.output_tokens) == (20, 11)
    assert metered.estimated
    assert answer.counted.estimated


@pytest.mark.parametrize(
    "play",
    [
        says({"error": {"message": "slow"}}, 429, Retry_After="7"),
        says({"error": {}}, 500),
        says(b"<html>bad gateway</html>", 502),
        says(b"<html>not JSON</html>"),
        says({"object": "nothing"}),
        says({"error": {"message": "bad key"}}, 401),
        hangs,
        drops,
    ],
)
async def test_the_next_provider_answers_when_no_model_was_named(stage: Stage, play: Play) -> None:
    stage.plays["openai"] = play
    answer = await stage.gateway.answer("key", question())
    assert answer.provider == "anthropic"
    assert stage.ledger.metered.provider == "anthropic"
    assert len(stage.ledger.claims) == 1


@pytest.mark.parametrize(
    ("play", "status", "code"),
    [
        (says({"error": {"message": "slow"}}, 429, Retry_After="7"), 429, "provider_rate_limited"),
        (says({"error": {"code": "insufficient_quota"}}, 429), 502, "provider_key_refused"),
        (says({"error": {"message": "bad key sk-ours-openai"}}, 401), 502, "provider_key_refused"),
        (says({"error": {}}, 402), 502, "provider_key_refused"),
        (says({"error": {"message": "no"}}, 400), 400, "provider_refused"),
        (says({"error": {}}, 529), 502, "provider_failed"),
        (says(b"<html>"), 502, "provider_failed"),
        (hangs, 504, "provider_timeout"),
        (drops, 502, "provider_failed"),
    ],
)
async def test_a_named_models_failure_is_told_in_our_words_and_free(
    stage: Stage, play: Play, status: int, code: str
) -> None:
    stage.plays["openai"] = play
    error = await refused(stage, model="gpt-5.4-mini")
    assert (error.status, error.code) == (status, code)
    assert "sk-ours" not in str(error)
    assert error.headers["RateLimit-Remaining"] == "99"
    assert [one[0] for one in stage.asked] == ["openai"]
    assert len(stage.ledger.released) == 1
    assert not stage.ledger.settled


async def test_a_busy_provider_says_when_to_come_back(stage: Stage) -> None:
    stage.plays["openai"] = says({"error": {}}, 429, Retry_After="7")
    error = await refused(stage, model="gpt-5.4-mini")
    assert error.headers["Retry-After"] == "7"


async def test_a_wrong_request_is_explained_without_secrets(stage: Stage) -> None:
    said = "Bad 'tools' for org-Acme123 with\nsk-proj-abcdef1234, see https://x.example/a?b"
    stage.plays["openai"] = says({"error": {"message": said}}, 400)
    error = await refused(stage)
    assert str(error) == "openai: Bad 'tools' for … with …, see …"
    assert [one[0] for one in stage.asked] == ["openai"]


async def test_when_everybody_fails_the_last_failure_is_told_once(stage: Stage) -> None:
    stage.plays = dict.fromkeys(stage.plays, says({}, 503))
    error = await refused(stage)
    assert error.status == 502
    assert len(stage.asked) == 3
    assert list(stage.ledger.released.values()) == ["Unreachable"]


@pytest.mark.parametrize(
    ("facts", "status", "code"),
    [
        (None, 401, "license_key_unknown"),
        (replace(FACTS, status=SUSPENDED), 403, "license_suspended"),
        (replace(FACTS, status=CANCELLED), 403, "license_cancelled"),
        (replace(FACTS, expires_at=NOW), 403, "license_expired"),
        (replace(FACTS, key_expires_at=NOW), 401, "license_key_unknown"),
        (replace(FACTS, plan=replace(PLAN, ai_included=False)), 403, "ai_not_included"),
    ],
)
async def test_who_may_not_is_told_why_and_nothing_is_held(
    stage: Stage, facts: object, status: int, code: str
) -> None:
    stage.facts = facts
    error = await refused(stage)
    assert (error.status, error.code) == (status, code)
    assert not stage.ledger.claims
    assert not stage.asked


@pytest.mark.parametrize(
    ("code", "status", "word"),
    [
        ("RATE_LIMITED", 429, "rate_limited"),
        ("QUOTA_EXCEEDED", 429, "quota_exceeded"),
        ("BUDGET_EXCEEDED", 402, "budget_exceeded"),
    ],
)
async def test_what_the_ledger_refuses_asks_nobody(
    stage: Stage, code: str, status: int, word: str
) -> None:
    stage.ledger.code = code
    error = await refused(stage)
    assert (error.status, error.code) == (status, word)
    assert {"Retry-After", "RateLimit-Limit", "X-Quota-Remaining"} <= set(error.headers)
    assert not stage.asked
    assert not stage.ledger.ended
    # No connection is spent on it, and no provider's failure is counted.
    assert stage.connections() == 0
    assert not stage.observed


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"model": "gpt-2"}, 400, "model_not_found"),
        ({"model": "gpt-5.5"}, 403, "model_not_allowed"),
        ({"model": "gpt-5.4-mini", "provider": "anthropic"}, 400, "model_not_found"),
        ({"model": "claude-haiku-5-5", "tools": [{"type": "function"}]}, 400, "not_supported"),
    ],
)
async def test_a_model_that_is_not_to_be_had_is_refused_before_the_hold(
    stage: Stage, asked: dict[str, object], status: int, code: str
) -> None:
    error = await refused(stage, **asked)
    assert (error.status, error.code) == (status, code)
    assert not stage.ledger.claims


async def test_a_provider_that_cannot_serve_the_request_is_passed_over(stage: Stage) -> None:
    stage.plays["openai"] = says({}, 500)
    answer = await stage.gateway.answer("key", question(tools=[{"type": "function"}]))
    assert answer.provider == "deepseek"


async def test_what_a_provider_cannot_be_told_of_a_conversation_is_asked_elsewhere(
    stage: Stage,
) -> None:
    heard = {"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}
    spoken = replace(question().ask, messages=(heard,))
    stage.plays["openai"] = says({}, 500)
    answer = await stage.gateway.answer("key", replace(question(), ask=spoken))
    assert answer.provider == "deepseek"
    named = replace(question(model="claude-haiku-5-5"), ask=spoken)
    with pytest.raises(ChatRefused) as caught:
        await stage.gateway.answer("key", named)
    assert (caught.value.status, caught.value.code) == (400, "not_supported")
    assert "messages.0.content.0: input_audio" in str(caught.value)


async def test_a_request_refused_in_our_words_is_asked_elsewhere(stage: Stage) -> None:
    stage.plays["openai"] = says({}, 500)
    stage.plays["anthropic"] = says({"error": {"message": "messages.1: no"}}, 400)
    answer = await stage.gateway.answer("key", question())
    assert answer.provider == "deepseek"
    assert list(stage.ledger.settled.values()) == [stage.ledger.metered]


async def test_the_customers_own_key_is_used_and_costs_us_nothing(stage: Stage) -> None:
    stage.on(replace(PLAN, ai_included=False, own_key=True))
    stage.keys.given = Keys({"openai": "sk-theirs"}, frozenset({"openai"}))
    await stage.gateway.answer("key", question())
    assert stage.asked[0][1]["Authorization"] == "Bearer sk-theirs"
    assert stage.ledger.metered.cost_micro == 0
    assert stage.ledger.claims[0].estimate_micro == 0


async def test_without_an_own_key_the_plan_says_what_to_do(stage: Stage) -> None:
    stage.on(replace(PLAN, ai_included=False, own_key=True))
    stage.keys.given = Keys({})
    error = await refused(stage)
    assert (error.status, error.code) == (403, "provider_key_needed")


async def test_the_hold_is_for_the_dearest_of_the_targets(stage: Stage) -> None:
    stage.on(replace(PLAN, models=("gpt-5.5", "claude-haiku-5-5")), budget_micro=10)
    await stage.gateway.answer("key", question())
    claim = stage.ledger.claims[0]
    assert claim.estimate_micro == 20 * 5 + PLAN.max_tokens * 30
    assert (claim.hourly, claim.monthly, claim.budget_micro) == (100, 1000, 10)


async def test_a_number_no_provider_can_take_is_a_wrong_request(stage: Stage) -> None:
    error = await refused(stage, seed=2**70)
    assert error.status == 400
    assert not stage.asked
    assert set(stage.ledger.released.values()) == {"RefusedByVendor"}
