"""The gateway's ledger, usage and provider keys."""
