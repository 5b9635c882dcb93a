"""Users as the ops channel reads of them."""

from tests.views.scenes import Scene, given
from views.slack import users

NOTICES = (
    Scene(users.same_mailbox, "normal", lambda lang: given("ada+2@example.com", lang)),
    Scene(users.profiles_not_written, "normal", lambda lang: given("42501", lang)),
    Scene(users.openrouter_empty, "normal", lambda lang: given(lang)),
)
USERS = (*NOTICES,)
