"""Certificates of web servers, as everybody sees them."""
