"""The few pages people see in a browser outside the dashboard."""
