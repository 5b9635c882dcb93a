"""The outside world on localhost: imitated vendors, one module each, sharing one cast."""
