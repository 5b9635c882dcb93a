"""The dashboard's pages: pure models of what is on them, templates that draw them."""
