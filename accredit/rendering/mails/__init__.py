"""The words of mails in six languages, as text and as HTML: no database, no server, no clock.

`letters` says what each occasion tells, `plain_words` why somebody was refused or waits, `texts` holds the translations,
`layouts` how it looks. May import the domain only, as all of `rendering`.
"""
