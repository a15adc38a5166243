"""One subject a file. Columns, relations and trivial properties; no queries, no rules.

`accredit.db.models.all` imports every file, so that the metadata is whole for migrations.
"""
