"""Data files that come along: events and small status lists. No code lives here, and nothing is imported."""
