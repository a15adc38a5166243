"""The demonstration: fictitious people walk through October 2017, by the real commands, service and scanners.

May live here: the invented cast and the scenes. It starts our commands as processes and may import the domain, identity and
rendering for building what people bring (documents, photos); never services or the database.
"""
