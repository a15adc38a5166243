"""What a browser or another program sees: routes, forms, templates, the gate API.

A route parses, calls one service, commits once, and renders. May import services and the domain's types; never wiring.
"""
