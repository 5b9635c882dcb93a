"""What makes a process: engine, clock, log, metrics."""
