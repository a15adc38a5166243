"""The gate's own program: enrol once, keep the list up to date, decide without a network, and lose no scan.

What was verified stands in `trust_store`, what happened in `journal`; `gate` decides between the two through
`accredit.credential.admission`, the same rule that the server uses. `sync` is a process of its own.

Imports `accredit.credential` (never its signing) and `accredit.identity`, the standard library, cryptography, httpx,
argon2 and click; never flask, sqlalchemy, alembic, or any other room of ours. This module itself imports nothing.
"""
