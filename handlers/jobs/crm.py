"""Durable work of the CRM: tasks and notes that people write into it."""

from handlers.jobs.kit.runner import Runner
from handlers.jobs.operations import register_kinds
from services import Services


def register(jobs: Runner, services: Services) -> None:
    """Make the workflow known to the engine."""
    register_kinds(jobs, services.operations, (services.crm.activities.kind,))
