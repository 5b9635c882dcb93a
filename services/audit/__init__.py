"""The audit log, and the admin keys whose holders it names."""

from services.audit.acts import note_act
from services.audit.admin_keys import AdminKeys
from services.audit.audit import Audit, AuditRecord, AuditSearch, Change, Facts, Subject, note
