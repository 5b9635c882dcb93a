"""What every imitated vendor is given: world, journal, faults, wire."""
