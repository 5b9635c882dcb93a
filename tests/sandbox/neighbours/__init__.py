"""Vendors that are not in the sandbox: what somebody would add, folder by folder."""
