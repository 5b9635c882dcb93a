"""Issuing licenses from Slack and in bulk."""

from services.issuing.bulk import BULK_ISSUE, Bulk, BulkProgress, KeyPage, Manner
from services.issuing.bulk_csv import COLUMNS, MAX_BYTES, too_large
from services.issuing.bulk_lines import BulkLine, BulkPreview
from services.issuing.bulk_run import BulkRun
from services.issuing.bulk_uploads import BulkUploads, Upload
from services.issuing.issuing import (
    ISSUE,
    LICENSE_ISSUE,
    IssueReceipt,
    Issuing,
    LicensingDeps,
    Preview,
    Typed,
    read_months,
)
