"""The kiosk page: what the officer looks at all day, served by the scanner on its own machine.

Here live Flask, cheroot and the page's own scripts. The page decides nothing: each offer goes to `scanner.gate`, and what
comes back is shown. The rest of the scanner never imports this package, but for the command that starts it.
"""
