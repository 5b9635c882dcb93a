"""What every answer of the API is made of, and its document."""
