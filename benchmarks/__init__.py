"""Measurements of what the design promises, each a program: `python -m benchmarks.NAME --json`.

They may import every room; no room imports them. Seeds are fixed and data is made up, so that two runs differ only by
the machine.
"""
