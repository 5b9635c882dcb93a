"""What the Management API refuses of a new project (specification V1CreateProjectBody)."""

import re
from collections.abc import Mapping
from typing import Any

from integrations.sandbox.supabase_management.errors import Refused

FIELDS = frozenset(
    {"db_pass", "name", "organization_id", "organization_slug", "plan", "region"}
    | {"region_selection", "kps_enabled", "desired_instance_size", "template_url"}
)
REGIONS = frozenset(
    {"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"}
    | {"eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-central-1", "eu-central-2"}
    | {"ap-east-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2"}
    | {"ap-south-1"}
)
GROUPS = frozenset({"americas", "emea", "apac"})
SLUG = re.compile(r"[\w-]+")
MAX_NAME = 256


def check_new(body: Mapping[str, Any]) -> str:
    """The region; raises Refused 400 for the first thing that is wrong."""
    unknown = sorted(set(body) - FIELDS)
    if unknown:
        raise Refused(400, f"property {unknown[0]} should not exist")
    for name in ("db_pass", "name", "organization_slug"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise Refused(400, f"{name} should not be empty")
    if len(body["name"]) > MAX_NAME:
        raise Refused(400, "name must be shorter than or equal to 256 characters")
    if not SLUG.fullmatch(body["organization_slug"]):
        raise Refused(400, "organization_slug must match /^[\\w-]+$/ regular expression")
    return _region(body)


def _region(body: Mapping[str, Any]) -> str:
    if ("region" in body) == ("region_selection" in body):
        raise Refused(400, "Either region or region_selection must be given")
    if "region" in body:
        return _known(body["region"], REGIONS)
    chosen = body["region_selection"]
    if not isinstance(chosen, dict):
        raise Refused(400, "region_selection must be an object")
    if chosen.get("type") == "specific":
        return _known(chosen.get("code"), REGIONS)
    if chosen.get("type") == "smartGroup":
        _known(chosen.get("code"), GROUPS)
        return "eu-central-1"
    raise Refused(400, "region_selection.type must be one of: specific, smartGroup")


def _known(code: object, codes: frozenset[str]) -> str:
    if not isinstance(code, str) or code not in codes:
        raise Refused(400, f"region must be one of: {', '.join(sorted(codes))}")
    return code
