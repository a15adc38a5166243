"""Who a document says its holder is: machine readable zones, ICAO spelling, personal names, the document check.

Standard library only, and nothing of ours: the scanner's machine at the gate carries this room as it is. Everything
here is pure; the day is an argument. No message of this room holds a document number or a name, so that a message
may go to a log, where the zone itself may not.
"""
