"""Every table module, imported here once: migrations and key rotation see what this file names."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from db import (
    audit,
    connections,
    followups,
    installations,
    meetings,
    members,
    signins,
    templates,
)

TABLES = (
    audit,
    connections,
    followups,
    installations,
    meetings,
    members,
    signins,
    templates,
)

metadata: MetaData = SQLModel.metadata
