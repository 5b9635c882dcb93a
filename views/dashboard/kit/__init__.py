"""What every page is made of: frame, blocks, fields, and the reader's own forms of things."""
