"""What is kept of a workspace's CRM: the index, how far it was read, and remembered matches."""
