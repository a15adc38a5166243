"""What the demonstration says at its end, held against the database, the journals and the files that it left."""

from __future__ import annotations

from collections import Counter

from demo_runs import SCANNERS, DemoRun, accredit

PROMISED = ("applications", "approved", "refused", "waiting", "passes", "collected", "scans", "admitted")


def test_the_summary_has_what_is_promised_and_agrees_with_the_database(demo_run: DemoRun) -> None:
    """Every number is a count of rows, and about 300 people applied."""
    told = demo_run.summary
    assert set(told) >= {*PROMISED, "refused_by_reason", "asked_by_reason"}
    states = dict(demo_run.on_server("SELECT state, count(*) FROM applications GROUP BY state"))
    assert told["applications"] == sum(states.values()) >= 290
    assert (told["approved"], told["refused"]) == (states["approved"], states["refused"])
    undecided = ("submitted", "assessed", "waiting")
    assert told["waiting"] == sum(states.get(state, 0) for state in undecided) > 0
    passes = demo_run.on_server("SELECT count(*), count(collected_at) FROM passes")
    assert [(told["passes"], told["collected"])] == passes
    reasons = Counter(demo_run.on_server("SELECT verdict, reason FROM scans"))
    assert told["scans"] == sum(reasons.values())
    assert told["admitted"] == sum(count for (verdict, _), count in reasons.items() if verdict == "admit")
    for verdict, name in (("refuse", "refused_by_reason"), ("ask", "asked_by_reason")):
        assert told[name] == {reason: count for (found, reason), count in reasons.items() if found == verdict}


def test_every_case_of_the_gate_occurred(demo_run: DemoRun) -> None:
    """Forged, confirmation, revoked, not collected, wrong door; two lanes, typed, closed; by sight."""
    told = demo_run.summary
    refused = {"bad_signature", "malformed", "confirmation_not_pass", "revoked", "not_collected", "no_grant"}
    assert set(told["refused_by_reason"]) == refused
    assert set(told["asked_by_reason"]) == {"read_elsewhere", "unsigned_code", "closed_now"}
    assert told["by_reason"]["by_sight"] == 1


def test_each_scan_is_on_the_server_exactly_once(demo_run: DemoRun) -> None:
    """Also those that were made while the service was away: journals and server hold the same ids."""
    taken = [scan_id for (scan_id,) in demo_run.on_server("SELECT id FROM scans")]
    made = [row for scanner in SCANNERS for row in demo_run.journal(scanner)]
    assert len(taken) == len(set(taken)) == len(made)
    assert {scan_id.replace("-", "") for scan_id in taken} == {_hex(scan_id) for scan_id, _, _ in made}
    assert {upload for _, _, upload in made} <= {"taken", "known"}
    assert "scans waited on the scanners and were handed in afterwards" in demo_run.output


def test_three_passes_were_handed_out_on_paper(demo_run: DemoRun) -> None:
    """The desk worked on without server: entered with hour and officer of the paper, and then let in at the gate."""
    on_paper = "SELECT collected_by, count(*) FROM passes WHERE collected_by = '4711' GROUP BY collected_by"
    assert demo_run.on_server(on_paper) == [("4711", 3)]
    assert "3 pick-ups entered, 0 not" in demo_run.output
    assert demo_run.output.count("Handed out on paper, entered when the server was back") == 3


def test_the_audit_trail_is_whole(demo_run: DemoRun) -> None:
    """`accredit audit check` finds every row fitting the one before it."""
    checked = accredit("audit", "check", cwd=demo_run.folder, env=demo_run.environment)
    assert checked.returncode == 0, checked.stderr
    assert "every one fits the one before it" in checked.stdout


def test_the_run_says_what_it_made_and_how_long_it_took(demo_run: DemoRun) -> None:
    """The files it names are there, and the starts of `accredit` are at most fifteen."""
    lines = demo_run.output.splitlines()
    listed = lines[lines.index("Files") + 1 :]
    files = [line.strip() for line in listed if line.startswith(f"  {demo_run.folder}")]
    assert len(files) == 5
    assert all((demo_run.folder / file).is_file() for file in files)
    (took,) = [line for line in lines if line.startswith("The run took")]
    assert int(took.split(" and ")[1].split()[0]) <= 15


def _hex(scan_id: str | bytes) -> str:
    return scan_id.hex() if isinstance(scan_id, bytes) else scan_id.replace("-", "")
