"""The words of the dashboard, a module per page."""
