"""The CRM: accounts, contacts, deals, notes and tasks of the companies that are met."""

from services.crm.access import NO_CRM, CrmAccess
from services.crm.activities import DONE as ACTIVITY_DONE
from services.crm.activities import FAILED as ACTIVITY_FAILED
from services.crm.activities import PENDING as ACTIVITY_PENDING
from services.crm.activities import (
    ActivityPlace,
    ActivityResult,
    CrmActivities,
    CrmActivity,
    tasks_of_day,
)
from services.crm.activity_forms import ActivityForms
from services.crm.connecting import CrmConnecting, NewKeys, read_keys
from services.crm.crm import Context, Crm, facts, stored_context
from services.crm.crono import CronoVendor
from services.crm.hubspot import HubSpotVendor
from services.crm.index import CrmHit, CrmIndex, CrmQuery
from services.crm.matching import NO_ACCOUNT, Mapping, Match, Matching, public_domains
from services.crm.money import shown, typed, written
from services.crm.port import (
    GONE,
    Account,
    AccountContext,
    Amount,
    Capabilities,
    ChangePage,
    Contact,
    CrmPort,
    CrmVendor,
    CrmWords,
    Deal,
    DealChange,
    Gone,
    KeyField,
    NewNote,
    NewTask,
    Note,
    Owner,
    Pipeline,
    RecordKind,
    Stage,
    Task,
    TaskType,
)
from services.crm.refresh import AT_ONCE, OVER, CrmRefresh
from services.crm.refresh import JOB as REFRESH_JOB
from services.crm.typed import TypedTask, read_typed
from services.crm.wishes import ActivityTarget, NoteEntry, TaskEntry
