"""Rows: models, column types, sessions, migrations check, queries.

May import the domain's enums and `credential.reasons`. May not import Flask, services, or anything that sends or draws.
"""
