"""What the rules found, on the reviewer's screen in the reviewer's language."""

from __future__ import annotations

import html
import re

from factories.applications import assessed
from factories.lists import usual_lists
from sqlalchemy import select
from web_under_test import WebUnderTest

from accredit.db.models.decisions import AssessmentRecord
from accredit.domain.permissions import Role


def _reviewed(web: WebUnderTest, language: str, **changes: str) -> str:
    """The screen of somebody who applied with these fields, as plain text."""
    with web.changing() as session:
        usual_lists(session, web.office)
        reference = assessed(session, web.office, web.event, **changes).reference
    page = web.staff(Role.REVIEWER).get(f"/review/{reference}?lang={language}").text
    return html.unescape(re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_the_findings_are_told_in_french(web: WebUnderTest) -> None:
    """Sentences, names of the evidence, days and codes; the names of bodies and people stay as they are."""
    page = _reviewed(web, "fr", received_at="2017-09-05T00:00:01+02:00")
    assert "reçue le 5 septembre 2017 à 00:00:01, 0:00:01 après la fin du 4 septembre 2017" in page
    assert "trouvé par\u00a0: son nom" in page
    assert re.search(r"Reçue le 5 septembre 2017\S* (à )?00:00:01", page)
    for english in ("received", "found by", "no other application", "before this one", "Received", "delegate"):
        assert english not in page, english


def test_the_doubts_of_the_matcher_are_told_in_french(web: WebUnderTest) -> None:
    """Above the candidates, and beside each of them."""
    page = _reviewed(web, "fr", organisation="Alpine Migrant Forum Kenya")
    assert "Seule la demande" in page
    for english in ("Only the", "The application", "The listed", "The words"):
        assert english not in page, english


def test_in_english_they_read_as_they_are_kept(web: WebUnderTest) -> None:
    """With days as everywhere on the pages."""
    page = _reviewed(web, "en", received_at="2017-09-05T00:00:01+02:00")
    assert "received 5 September 2017 at 00:00:01, 0:00:01 after the end of 4 September 2017" in page


def test_an_older_assessment_is_told_as_it_was_kept(pages: WebUnderTest) -> None:
    """Without patterns its English stands on the French page, and the application is not assessed anew for that."""
    with pages.changing() as session:
        usual_lists(session, pages.office)
        reference = assessed(session, pages.office, pages.event).reference
        session.flush()
        record = session.scalars(select(AssessmentRecord)).one()
        record.findings = [{name: one[name] for name in one if name != "told"} for one in record.findings]
    page = pages.staff(Role.REVIEWER).get(f"/review/{reference}?lang=fr")
    assert page.status_code == 200
    assert "received 20 August 2017 at 10:00:00" in page.text
