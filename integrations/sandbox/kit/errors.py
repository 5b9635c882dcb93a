"""Why a sandbox cannot begin."""


class SetupError(Exception):
    """A file or setting that was given is not sound; one sentence for whoever gave it."""
