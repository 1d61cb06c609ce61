"""Spiders of these tests."""
