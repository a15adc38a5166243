"""`python -m accredit.cli` is `accredit`."""

from accredit.cli import main

main()
