"""Durable work of users: provisioning."""

from handlers.jobs.kit.runner import Runner
from handlers.jobs.operations import register_kinds
from services import Services


def register(jobs: Runner, services: Services) -> None:
    """Make the workflow known to the engine."""
    register_kinds(jobs, services.operations, (services.users.provisioning.kind(),))
