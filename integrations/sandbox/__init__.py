"""The outside world on localhost: imitated vendors, one folder each, sharing one cast."""
