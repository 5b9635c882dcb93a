"""The words people read, English and Italian side by side."""
