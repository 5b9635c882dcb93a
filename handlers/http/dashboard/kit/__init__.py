"""What every page of the dashboard stands on: sessions, forms, headers, files."""
