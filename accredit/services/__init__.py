"""Use cases: one function each, database session first, committed by the caller.

May live here: what the service does, in the words of the trade: load a list, take in, screen, review, collect, print,
answer the gate. May import: domain, matching, identity, credential, db, rendering. May not be imported here: web, cli,
jobs, wiring; nothing here reads the environment or the clock.
"""
