"""Organisation names: is the body that an applicant names on a list, and how sure is that?

May live here: the comparable form of a name, the index over one list, the answer with its band and its flags.
Pure: no database, no files, no clock. May not be imported here: anything of ours. rapidfuzz and anyascii are allowed.
"""
