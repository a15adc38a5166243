"""What the rules of the pick-up say, in the officer's language.

The rules speak English, as commands and programs are told. A sentence is its own key in the catalog: it stands here as well,
word by word, so that the catalogs know it; tests/unit/test_desk_sentences.py compares.
"""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

_ = lazy_gettext

SENTENCES = (
    _("The desk is closed now, and opens no more."),
    _("Passes of this category are handed to their holder alone. Ask the person to come in person."),
    _("This document does not count. Ask for a passport or a national identity card."),
    _("This kind of document needs a supervisor."),
    _("This application is not approved. Its state: %(state)s."),
    _("This person enters on the UN grounds pass and gets no special event pass."),
    _("This pass was collected already."),
    _("This pass is suspended. Please ask the supervisor."),
    _("This pass is revoked and cannot be handed out."),
    _("This pass is replaced and cannot be handed out."),
    _("This pass is expired and cannot be handed out."),
    _("The desk is closed now. It opens: %(hours)s."),
    _("A supervisor can open it earlier or later."),
    _("Hand over the pass."),
    _("Please ask the supervisor."),
    _("Send the person to the accreditation desk."),
    _("No pass is prepared for this person. Ask the supervisor."),
    _("Without a valid grounds pass: ask the supervisor."),
    _("This document already collected a pass. Call the supervisor."),
    _("No application has this reference. Look for the person by name or document."),
    _("Read the document: put it on the reader."),
    _("A pass of this document was revoked. Please ask the supervisor."),
    _("Nobody wrote down when."),
    _("It was handed over by %(officer)s on %(moment)s."),
    _("The document has another birth date than the application. Call the supervisor."),
    _("This is a visa. Ask for the passport that it belongs to."),
    _("This is a specimen of Utopia, a State that does not exist. Call the supervisor."),
    _("The State that issued the document is not that of its holder. Compare both codes with the document."),
    _("The zone gives no expiry date. Look for it on the document, and confirm that it is valid today."),
    _("Day and month of the birth date are exchanged between application and document. Call the supervisor."),
    _("A laissez-passer shows its holder's organisation and no nationality."),
    _("The document has expired. Ask for another one; it must be valid on the day of the pick-up."),
    _("The application and the document are a hundred years apart in the year of birth. Compare the age."),
    _("The document leaves part of the birth date open; what it gives agrees. Confirm the person."),
    _("The application gives no nationality that can be compared. Confirm it with the person."),
    _("The document shows another nationality than the application. A second nationality explains it."),
    _("The zone has no room for the whole name; as far as it goes, it agrees. Compare with the printed name."),
    _("The document shortens parts of the name for want of room; what is left agrees. Compare with the printed name."),
    _("The names agree, but application or document does not part surname and given names."),
    _("The same names stand in another order, or in the other field."),
    _("The surname agrees; one side has a further given name."),
    _("The given names agree; one side has a further surname."),
    _("The names are alike and spelled differently. Compare letter by letter."),
    _(
        "The application spells the name twice: one spelling agrees with the document, the other is "
        "another name. Ask the person which one is right, and compare the printed name."
    ),
    _("The given names agree, the surname is another one. Ask for the maiden or married name."),
    _("The names cannot be compared: the application has no Latin spelling as in the document. Compare by eye."),
    _("The document is in another name than the application. Call the supervisor."),
    _("There is no pass that could be taken back."),
    _("The minute is over. The supervisor replaces the pass, or revokes it."),
    _("The pass was let in at a gate already. The supervisor replaces it, or revokes it."),
    _("This pass is not handed out; there is nothing to undo."),
    _("%(officer)s handed this pass over. Ask there, or the supervisor."),
    _("There is no pass of this person that is good."),
    _("This pass is not handed out yet. Read the document first."),
    _("Nothing is printed yet. Print the badge first."),
    _("There is no slip of this number."),
    _("Nothing came off the press."),
)

ZONES = {
    "empty": _("Nothing was read. Put the document on the reader again, or type its zone."),
    "bad_length": _("The zone has signs too many or too few. Read the whole zone again; every < counts."),
    "bad_character": _("%(field)s: a sign that cannot stand here. Compare it with the document."),
    "check_digit": _(
        "%(field)s: the check digit does not fit. Compare both with the document; "
        "0 and O, 1 and I, 5 and S are easily mistaken."
    ),
    "bad_date": _("%(field)s: not a date that can be compared. Compare it with the document."),
    "unknown_state": _(
        "%(field)s: no State or organization has this code. Compare its three letters with the document."
    ),
    "missing_name": _("%(field)s: there is none. Read the zone again."),
    "missing_number": _("%(field)s: there is none. Read the zone again; a document without a number cannot be taken."),
    "not_a_document": _(
        "The zone of a passport begins with P, of a card with I, A or C. Take the zone, not the lines above it."
    ),
    "other_layout": _("The lines are of another kind of document than their first letter says. Read it again."),
}
"""What is wrong with a zone; the field stands in front where there is one."""

FIELDS = {
    "machine readable zone": _("Machine readable zone"),
    "document code": _("Kind of document"),
    "issuing State": _("Issuing State"),
    "document number": _("Document number"),
    "birth date": _("Date of birth"),
    "sex": _("Sex"),
    "expiry date": _("Valid until"),
    "nationality": _("Nationality"),
    "optional data": _("Optional data"),
    "overall check digit": _("Overall check digit"),
    "names": _("Names"),
}


def zone_said(fault: str, field: str, line: int) -> str:
    """What is wrong with a zone, and the line to look at, 0 for the whole. Never what the zone says."""
    told = str(ZONES[fault]) % {"field": FIELDS.get(field, field)}
    return str(gettext("Line %(line)s. %(told)s", line=line, told=told)) if line else told
