"""What goes on paper: codes, photos, fonts, badge templates and the badges themselves.

May live here: drawing, encoding of pictures, fitting of text, checks that belong to ink and paper. May be imported here:
the standard library, typst, qrcode, python-barcode, Pillow, fontTools, and at most plain types of `accredit.domain`.
May not be imported here: Flask, the database, services, settings. Facts come in as plain dataclasses, paths and fonts
as arguments; nothing here reads a clock, draws random numbers or writes outside a temporary folder.
"""
