"""Operations as Slack and the API show them, in every state they can be in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from services.operations import Operation, Step
from services.phrases import Phrase
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from views.slack import operations
from views.words.operations import KindWords

WORDS = KindWords(
    Phrase("Provisioning", "Attivazione"),
    {
        "profile": Phrase("Profile", "Profilo"),
        "credits": Phrase("Initial credits", "Crediti iniziali"),
        "key": Phrase("Provider key", "Chiave del provider"),
        "mapping": Phrase("Mapping", "Abbinamento"),
    },
)
MADE = Phrase("made", "creato")
THERE = Phrase("there already", "già presente")
BUSY = Phrase("busy <429>", "occupato <429>")
PROBLEM = {
    "en": "OpenRouter refused the request (<limit>).",
    "it": "OpenRouter ha rifiutato la richiesta (<limit>).",
}


def _step(name: str, state: str = "waiting", note: str = "", attempt: int = 0) -> Step:
    began = some.NOW if attempt else None
    ended = some.NOW + timedelta(seconds=1.4) if state in ("done", "failed") else None
    again = some.NOW + timedelta(minutes=5) if state == "retrying" else None
    return Step(name, state, note, attempt, began, ended, again)


def operation(language: str, *steps: Step, state: str = "running", **more: object) -> Operation:
    """An operation of these steps."""
    made = Operation(
        id="op_1",
        kind="users.provision",
        subject_id="usr_1",
        title="ada@example.com <b>",
        actor_id="T:U",
        actor_name="Ada",
        language=language,
        state=state,
        run=1,
        problem="",
        reference="",
        missing="",
        done=0,
        total=0,
        steps=steps,
        cancellable=True,
        workspace_id="T",
        channel_id="C",
        message_ts="1.0",
        created_at=some.NOW,
        updated_at=some.NOW,
        ended_at=None,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of the operation


def _begun(language: str) -> Operation:
    done = _step("profile", "done", MADE(language), 1)
    return operation(language, done, _step("credits", "running", "", 1), _step("key"))


def _retrying(language: str) -> Operation:
    steps = (_step("profile", "done", "", 3), _step("key", "retrying", BUSY(language), 2))
    return operation(language, *steps, cancellable=False)


def _failed(language: str) -> Operation:
    steps = (_step("profile", "skipped", THERE(language)), _step("key", "failed", "", 1))
    more = {"problem": PROBLEM[language], "reference": "a1b2c3"}
    return operation(language, *steps, _step("mapping"), state="failed", **more)


def _counting(language: str) -> Operation:
    return operation(language, _step("key", "running", "", 1), done=1_250, total=5_000)


def _over(state: str) -> Callable[[str], Given]:
    return lambda language: given(
        operation(language, _step("profile", "done", "", 1), state=state), WORDS
    )


OPERATIONS = (
    Scene(operations.card, "begun", lambda lang: given(_begun(lang), WORDS)),
    Scene(operations.card, "retrying", lambda lang: given(_retrying(lang), WORDS)),
    Scene(operations.card, "failed", lambda lang: given(_failed(lang), WORDS)),
    Scene(operations.card, "counting", lambda lang: given(_counting(lang), WORDS)),
    *(Scene(operations.card, state, _over(state)) for state in ("done", "cancelled")),
)
