"""`python -m bot doctor`: every setting looked at, every credential tried."""
