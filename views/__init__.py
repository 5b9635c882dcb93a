"""What people see: pure functions from results to messages, modals and pages."""
