"""What we refuse before Auth is asked, in both of Auth's shapes."""

from tests.views.scenes import Given, Scene
from views.api import auth

WORDS = (429, "over_request_rate_limit", "Too many requests. Please try again in 7 seconds.")
ENGLISH = ("en",)
AUTH = (
    Scene(auth.auth_error_json, "old", lambda _: Given((*WORDS, ""), {}), ENGLISH),
    Scene(
        auth.auth_error_json,
        "new",
        lambda _: Given((*WORDS, auth.NEW_SHAPE), {}),
        ENGLISH,
    ),
)
