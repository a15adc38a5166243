"""The rules of accreditation, true on paper without a computer.

May live here: facts, states, rules and their reasons. May not be imported: any database, web or matching code; of ours only
`credential.reasons`, whose closed lists the gate shares.
"""
