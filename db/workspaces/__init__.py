"""Workspaces that removed us, and how they are forgotten."""
