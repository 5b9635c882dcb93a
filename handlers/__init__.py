"""Doors in: translate, call one service, choose a view."""
