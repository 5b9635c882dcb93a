"""What is kept of a workspace's CRM: its index, remembered matches, and what people wrote."""
