"""The signed pass: what it says, how it is written and signed, and how a gate judges it with no network.

Here live the format (CBOR, COSE, claims, text), the keys and lists that a gate trusts, the verifier, the closed list
of reasons, and the admission rule. Issuer and scanner read the same code, so that nobody implements a rule twice.

Imports the standard library, `cryptography` and `base45`, and nothing of ours. It touches no disk, no network, no
clock and no source of randomness: bytes, time, entropy and keys are arguments. `signing` belongs to the issuer; the
scanner never imports it. This module itself imports nothing, so that importing one file wakes no other.
"""
