"""The first tables.

Going down drops them with all that they hold.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False, comment="argon2id"),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True, comment="RFC 6238"),
        sa.Column("totp_set_at", sa.DateTime(timezone=True), nullable=True, comment="from then on a code is asked for"),
        sa.Column(
            "totp_last_step",
            sa.Integer(),
            nullable=True,
            comment="a code holds once: none of this step or before",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "aliases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the change that added it; staff call it so"),
        sa.Column("list_key", sa.String(length=40), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False, comment="the body's number on the list"),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "former_name",
                "later_name",
                "translation",
                "acronym",
                "confirmed_spelling",
                name="alias_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "country",
            sa.String(length=3),
            nullable=False,
            comment="a spelling that a reviewer confirmed holds for bodies of this country; empty: for any",
        ),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False, comment="the day that the source tells"),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_number", sa.Integer(), nullable=True, comment="of the change that withdrew it"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_for", sa.String(length=400), nullable=False),
        sa.CheckConstraint("withdrawn_number > number", name=op.f("ck_aliases_withdrawn_later")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aliases")),
        sa.UniqueConstraint("number", name=op.f("uq_aliases_number")),
        sa.UniqueConstraint("withdrawn_number", name=op.f("uq_aliases_withdrawn_number")),
    )
    op.create_index("ix_aliases_list_key_external_id", "aliases", ["list_key", "external_id"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "digest", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 over this row and the previous digest"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entries")),
    )
    op.create_index(
        "ix_audit_entries_subject_kind_subject_id", "audit_entries", ["subject_kind", "subject_id"], unique=False
    )
    op.create_index("ix_audit_entries_subject_id_number", "audit_entries", ["subject_id", "number"], unique=False)
    op.create_index("ix_audit_entries_actor_number", "audit_entries", ["actor", "number"], unique=False)
    op.create_index("ix_audit_entries_action_number", "audit_entries", ["action", "number"], unique=False)
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"], unique=False)
    audit_head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    # The end of an empty chain: whoever appends first finds a row to lock.
    op.bulk_insert(audit_head, [{"id": 1, "number": 0, "digest": bytes(32)}])
    op.create_table(
        "editions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_key", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 over the entries in order"),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("list_key", "as_of", "revision", name=op.f("uq_editions_list_key_as_of_revision")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="stands in every credential"),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "roster_number",
            sa.BigInteger(),
            nullable=False,
            comment="grows with every change that a scanner must learn; the row is the lock of that order",
        ),
        sa.Column(
            "settings_number",
            sa.BigInteger(),
            nullable=False,
            comment="the roster number at which the event file last changed",
        ),
        sa.Column("revocation_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("key", name=op.f("uq_events_key")),
        sa.UniqueConstraint("number", name=op.f("uq_events_number")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=2000), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_state_heartbeat_at", "jobs", ["state", "heartbeat_at"], unique=False)
    op.create_table(
        "staged_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False, comment="event or list"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="of the file, as it was uploaded"),
        sa.Column("facts", sa.JSON(), nullable=False, comment="which list, as of which day, which columns"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("staged_by", sa.String(length=80), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_files")),
    )
    op.create_table(
        "log_in_counters",
        sa.Column("name_hash", sa.LargeBinary(length=32), nullable=False, comment="keyed; the name is not kept"),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name_hash", name=op.f("pk_log_in_counters")),
    )
    op.create_index(op.f("ix_log_in_counters_last_at"), "log_in_counters", ["last_at"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"], unique=False)
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False, comment="what of the account's rights it may use"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_api_tokens_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_table(
        "applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False, comment="random, unambiguous when read aloud"),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "assessed",
                "waiting",
                "approved",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="grows with every change; a decider names the one he read"
        ),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("surname", sa.String(length=120), nullable=False),
        sa.Column("given_names", sa.String(length=120), nullable=False),
        sa.Column("latin_surname", sa.String(length=120), nullable=False),
        sa.Column("latin_given_names", sa.String(length=120), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=False),
        sa.Column("nationality", sa.String(length=3), nullable=False),
        sa.Column("guardian_name", sa.LargeBinary(), nullable=True, comment="the adult who comes with a minor"),
        sa.Column("guardian_contact", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("organisation", sa.String(length=300), nullable=False),
        sa.Column("organisation_country", sa.String(length=3), nullable=False),
        sa.Column(
            "affiliation",
            sa.Enum(
                "letter",
                "note-verbale",
                "nomination",
                "delegate-list",
                "focal-point",
                name="affiliation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "affiliation_source",
            sa.Enum(
                "import",
                "applicant",
                "focal-point",
                name="affiliation_source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
            comment="who told us of the affiliation; the applicant's own word is no proof",
        ),
        sa.Column("grounds_pass", sa.Boolean(), nullable=False),
        sa.Column(
            "grounds_hash", sa.LargeBinary(length=32), nullable=True, comment="keyed hash of the grounds pass number"
        ),
        sa.Column(
            "person_hash", sa.LargeBinary(length=32), nullable=False, comment="keyed hash of folded name and birth date"
        ),
        sa.Column(
            "person_hash_native",
            sa.LargeBinary(length=32),
            nullable=True,
            comment="the same of the native spelling; null where it has the same words",
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "link_version",
            sa.Integer(),
            nullable=False,
            comment="signed status links of earlier versions are void",
        ),
        sa.Column(
            "meetings",
            sa.JSON(),
            nullable=False,
            comment="keys of the meetings that the person wants; empty means all that are open to him",
        ),
        sa.Column("accessibility", sa.LargeBinary(), nullable=True, comment="what the person needs, in his own words"),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True, comment="to the notice on personal data"),
        sa.Column("security_hold", sa.Boolean(), nullable=False),
        sa.Column("hold_reason", sa.LargeBinary(), nullable=True),
        sa.Column(
            "organisation_key",
            sa.String(length=300),
            nullable=False,
            comment="the organisation as typed, in small Latin letters: order and search of the queue",
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "eligible",
                "review",
                "ineligible",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
            comment="of the latest assessment, as the four after it: the queue reads them here",
        ),
        sa.Column("list_key", sa.String(length=40), nullable=False, comment="of the body that was settled on"),
        sa.Column("is_late", sa.Boolean(), nullable=False, comment="the deadline speaks against it"),
        sa.Column("is_flagged", sa.Boolean(), nullable=False, comment="a finding is not clear"),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_applications_event_id_events")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["applications.id"], name=op.f("fk_applications_replaces_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("event_id", "reference", name=op.f("uq_applications_event_id_reference")),
    )
    op.create_index("ix_applications_event_id_person_hash", "applications", ["event_id", "person_hash"], unique=False)
    op.create_index(
        "ix_applications_event_id_person_hash_native",
        "applications",
        ["event_id", "person_hash_native"],
        unique=False,
    )
    narrowed_by = ["state", "outcome", "category", "list_key", "is_late", "is_flagged", "organisation_country"]
    op.create_index("ix_applications_queue_counts", "applications", ["event_id", *narrowed_by[:-1]], unique=False)
    op.create_index(
        "ix_applications_queue_received", "applications", ["event_id", "received_at", "id", *narrowed_by], unique=False
    )
    op.create_index(
        "ix_applications_queue_organisation",
        "applications",
        ["event_id", "organisation_key", "received_at", "id", *narrowed_by],
        unique=False,
    )
    op.create_index(
        "ix_applications_queue_country",
        "applications",
        ["event_id", "organisation_country", *narrowed_by[:-1]],
        unique=False,
    )
    op.create_index("ix_applications_replaces_id", "applications", ["replaces_id"], unique=False)
    op.create_index("ix_applications_event_id_grounds_hash", "applications", ["event_id", "grounds_hash"], unique=False)
    op.create_table(
        "organisation_words",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column(
            "word",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_organisation_words_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_organisation_words_event_id_events")),
        sa.PrimaryKeyConstraint("application_id", "word", name=op.f("pk_organisation_words")),
    )
    op.create_index(
        "ix_organisation_words_event_id_word",
        "organisation_words",
        ["event_id", "word", "application_id"],
        unique=False,
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "confirmed",
                "declined",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("waived", sa.JSON(), nullable=False, comment="rules whose finding is to be waived"),
        sa.Column(
            "confirm_entry", sa.String(length=125), nullable=False, comment="LIST/NUMBER of the body that is meant"
        ),
        sa.Column("reason_applicant", sa.String(length=2000), nullable=False),
        sa.Column("reason_staff", sa.String(length=2000), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_for", sa.String(length=2000), nullable=False, comment="why it was declined"),
        sa.CheckConstraint("reason_staff <> ''", name=op.f("ck_proposals_has_a_reason")),
        sa.CheckConstraint("state <> 'confirmed' OR settled_by <> proposed_by", name=op.f("ck_proposals_two_people")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_proposals_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index("ix_proposals_application_id", "proposals", ["application_id"], unique=False)
    op.create_index(
        "uq_proposals_open",
        "proposals",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "person_words",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column(
            "word",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_person_words_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_person_words_event_id_events")),
        sa.PrimaryKeyConstraint("application_id", "word", name=op.f("pk_person_words")),
    )
    op.create_index(
        "ix_person_words_event_id_word", "person_words", ["event_id", "word", "application_id"], unique=False
    )
    op.create_table(
        "slips",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="what the person holds"),
        sa.Column("application_id", sa.Uuid(), nullable=True, comment="null: somebody who was not found"),
        sa.Column(
            "code", sa.String(length=40), nullable=False, comment="the cause that the desk was told, never a value"
        ),
        sa.Column(
            "state",
            sa.Enum("open", "settled", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "handed_over",
                "back_to_the_desk",
                "to_a_reviewer",
                "sent_away",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=80), nullable=False),
        sa.Column("settled_for", sa.String(length=400), nullable=False),
        sa.CheckConstraint("state <> 'settled' OR outcome IS NOT NULL", name=op.f("ck_slips_settled_has_outcome")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_slips_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_slips_event_id_events")),
        sa.PrimaryKeyConstraint("event_id", "number", name=op.f("pk_slips")),
    )
    op.create_index(
        "uq_slips_open_application",
        "slips",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "pickup_openings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_pickup_openings_hours")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_pickup_openings_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_openings")),
    )
    op.create_index("ix_pickup_openings_event_id_closes_at", "pickup_openings", ["event_id", "closes_at"], unique=False)
    op.create_table(
        "questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_questions_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index("ix_questions_application_id", "questions", ["application_id"], unique=False)
    op.create_table(
        "reviewer_settings",
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("queue_order", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("actor", name=op.f("pk_reviewer_settings")),
    )
    op.create_table(
        "viewings",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_viewings_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("application_id", "actor", name=op.f("pk_viewings")),
    )
    op.create_table(
        "drafts",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True, comment="re-encoded and cropped"),
        sa.Column("letter", sa.LargeBinary(), nullable=True),
        sa.Column("letter_type", sa.String(length=40), nullable=False),
        sa.Column("letter_pages", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_drafts_event_id_events")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_expires_at", "drafts", ["expires_at"], unique=False)
    op.create_table(
        "letters",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_letters_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_letters")),
    )
    op.create_table(
        "submission_keys",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False, comment="hash of sender and key"),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False, comment="keyed hash of what was sent under it"),
        sa.Column(
            "account_id", sa.Uuid(), nullable=True, comment="of the program that sent it; null where a person did"
        ),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_submission_keys_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_submission_keys_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submission_keys")),
    )
    op.create_index(
        "ix_submission_keys_account_id_taken_at",
        "submission_keys",
        ["account_id", "taken_at", "application_id"],
        unique=False,
    )
    op.create_index("ix_submission_keys_application_id", "submission_keys", ["application_id"], unique=False)
    op.create_table(
        "delegate_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("list_key", sa.String(length=40), nullable=False, comment="the status list on which the body stands"),
        sa.Column("external_id", sa.String(length=80), nullable=False, comment="the body's number there"),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 over the delegates in order"),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_delegate_lists_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegate_lists")),
        sa.UniqueConstraint(
            "event_id",
            "list_key",
            "external_id",
            "as_of",
            "revision",
            name=op.f("uq_delegate_lists_event_id_list_key_external_id_as_of_revision"),
        ),
    )
    op.create_table(
        "delegates",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "name_hash", sa.LargeBinary(length=32), nullable=False, comment="keyed hash of the words of the name"
        ),
        sa.Column(
            "person_hash",
            sa.LargeBinary(length=32),
            nullable=True,
            comment="the same of name and birth date; null where the list gives none",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["delegate_lists.id"],
            name=op.f("fk_delegates_list_id_delegate_lists"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("list_id", "number", name=op.f("pk_delegates")),
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("checkpoint", sa.String(length=40), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("switched_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "clock_offset_ms", sa.BigInteger(), nullable=True, comment="device clock minus ours, at its last upload"
        ),
        sa.Column("held_number", sa.BigInteger(), nullable=True, comment="of the pass list that it said it has"),
        sa.Column("unsent", sa.Integer(), nullable=True, comment="scans that waited on it after its last upload"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_devices_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_devices_code_hash")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_devices_event_id_name")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_devices_token_hash")),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column(
            "country", sa.String(length=3), nullable=False, comment="ISO 3166-1 alpha-3, empty where the list has none"
        ),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False, comment='[{"name": …, "kind": …}]'),
        sa.Column("details", sa.JSON(), nullable=False, comment="other columns of the list, as read"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_entries_edition_id_editions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("edition_id", "external_id", name=op.f("uq_entries_edition_id_external_id")),
    )
    op.create_index("ix_entries_external_id", "entries", ["external_id"], unique=False)
    op.create_table(
        "revocations",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.LargeBinary(length=5), nullable=True),
        sa.Column("kid", sa.Integer(), nullable=True, comment="a key whose passes are all void; it never comes back"),
        sa.Column("restored", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(serial IS NULL) <> (kid IS NULL)", name=op.f("ck_revocations_pass_or_key")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_revocations_event_id_events")),
        sa.PrimaryKeyConstraint("event_id", "number", name=op.f("pk_revocations")),
    )
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="first, second … of its application; the highest one counts"
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "eligible", "review", "ineligible", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("is_clear", sa.Boolean(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("editions", sa.JSON(), nullable=False, comment="ids of the list editions that were read"),
        sa.Column("entry_id", sa.Uuid(), nullable=True, comment="the listed body that was settled on"),
        sa.Column("alias_id", sa.Uuid(), nullable=True, comment="the other name by which it was found"),
        sa.Column(
            "aliases_number", sa.Integer(), nullable=False, comment="of the last change to the aliases that was known"
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alias_id"], ["aliases.id"], name=op.f("fk_assessments_alias_id_aliases")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_assessments_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_assessments_entry_id_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_assessments_application_id_number")),
    )
    op.create_index("ix_assessments_alias_id", "assessments", ["alias_id"], unique=False)
    op.create_index("ix_assessments_entry_id", "assessments", ["entry_id"], unique=False)
    op.create_table(
        "grounds_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number_hash", sa.LargeBinary(length=32), nullable=True, comment="null until the number is known"),
        sa.Column("grants", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("roster_number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_grounds_grants_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_grounds_grants_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grounds_grants")),
        sa.UniqueConstraint("application_id", name=op.f("uq_grounds_grants_application_id")),
    )
    op.create_index(
        "ix_grounds_grants_event_id_roster_number", "grounds_grants", ["event_id", "roster_number"], unique=False
    )
    op.create_table(
        "passes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.LargeBinary(length=5), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "prepared",
                "collected",
                "suspended",
                "revoked",
                "replaced",
                "expired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "suspended_from",
            sa.Enum(
                "prepared",
                "collected",
                "suspended",
                "revoked",
                "replaced",
                "expired",
                name="suspended_from",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("category_code", sa.Integer(), nullable=False),
        sa.Column("grants", sa.BigInteger(), nullable=False, comment="32 bits, more than a signed integer holds"),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("document_tag", sa.LargeBinary(length=3), nullable=True),
        sa.Column("document_type", sa.String(length=20), nullable=True),
        sa.Column("document_state", sa.String(length=3), nullable=True),
        sa.Column("document_expires_on", sa.Date(), nullable=True),
        sa.Column("document_tail", sa.String(length=2), nullable=True, comment="last two characters of the number"),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collected_by", sa.String(length=80), nullable=True),
        sa.Column(
            "collected_through",
            sa.LargeBinary(),
            nullable=True,
            comment="who took it in the holder's place, with an authorisation",
        ),
        sa.Column("state_reason", sa.String(length=2000), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("roster_number", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'collected' OR document_hash IS NOT NULL", name=op.f("ck_passes_collected_has_document")
        ),
        sa.CheckConstraint(
            "state <> 'suspended' OR suspended_from IS NOT NULL", name=op.f("ck_passes_suspended_from_something")
        ),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_passes_validity")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_passes_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_passes_event_id_events")),
        sa.ForeignKeyConstraint(["replaces_id"], ["passes.id"], name=op.f("fk_passes_replaces_id_passes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passes")),
        sa.UniqueConstraint("event_id", "serial", name=op.f("uq_passes_event_id_serial")),
    )
    op.create_index("ix_passes_application_id", "passes", ["application_id"], unique=False)
    op.create_index(
        "ix_passes_event_id_state_collected_at", "passes", ["event_id", "state", "collected_at"], unique=False
    )
    op.create_index("ix_passes_event_id_roster_number", "passes", ["event_id", "roster_number"], unique=False)
    op.create_index(
        "uq_passes_collected_document",
        "passes",
        ["event_id", "document_hash"],
        unique=True,
        sqlite_where=sa.text("state = 'collected'"),
        postgresql_where=sa.text("state = 'collected'"),
    )
    op.create_index(
        "uq_passes_live_application",
        "passes",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('prepared', 'collected', 'suspended')"),
        postgresql_where=sa.text("state IN ('prepared', 'collected', 'suspended')"),
    )
    op.create_table(
        "photos",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("etag", sa.LargeBinary(length=8), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_photos_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_photos")),
    )
    op.create_table(
        "scans",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the device"),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.LargeBinary(length=5), nullable=True),
        sa.Column("kid", sa.Integer(), nullable=True),
        sa.Column("checkpoint", sa.String(length=40), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("officer", sa.String(length=20), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("entry", "exit", name="direction", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "code",
                "short_code",
                "grounds",
                "sight",
                "supervisor",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "verdict",
            sa.Enum("admit", "ask", "refuse", name="verdict", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "ok",
                "malformed",
                "unknown_key",
                "bad_signature",
                "key_compromised",
                "wrong_event",
                "wrong_category",
                "not_yet_valid",
                "expired",
                "revoked",
                "replaced",
                "suspended",
                "not_collected",
                "no_grant",
                "closed_now",
                "read_elsewhere",
                "already_inside",
                "full",
                "document_mismatch",
                "no_document",
                "unknown_pass",
                "unsigned_code",
                "confirmation_not_pass",
                "stale_list",
                "clock_wrong",
                "by_sight",
                "by_supervisor",
                "refused_by_officer",
                "undone",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=True, comment="null where nothing was read"),
        sa.Column("sight_class", sa.String(length=40), nullable=True),
        sa.Column("supersedes", sa.Uuid(), nullable=True),
        sa.Column("roster_number", sa.BigInteger(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False, comment="the device's clock"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, comment="ours"),
        sa.Column(
            "server_offset_ms", sa.BigInteger(), nullable=True, comment="device minus server, as the device knew it"
        ),
        sa.Column(
            "clock_suspect", sa.Boolean(), nullable=False, comment="scanned after it was received, or long before"
        ),
        sa.Column(
            "from_paper", sa.Boolean(), nullable=False, comment="noted by hand while the scanner's disk was full"
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_scans_device_id_devices")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_scans_event_id_events")),
        sa.PrimaryKeyConstraint("device_id", "id", name=op.f("pk_scans")),
    )
    op.create_index("ix_scans_event_id_scanned_at", "scans", ["event_id", "scanned_at"], unique=False)
    op.create_index("ix_scans_event_id_serial", "scans", ["event_id", "serial"], unique=False)
    op.create_table(
        "set_aside_scans",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("scan_id", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_set_aside_scans_device_id_devices")),
        sa.PrimaryKeyConstraint("device_id", "scan_id", name=op.f("pk_set_aside_scans")),
    )
    op.create_table(
        "split_alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.LargeBinary(length=5), nullable=False),
        sa.Column("first_device_id", sa.Uuid(), nullable=False),
        sa.Column("first_scan_id", sa.Uuid(), nullable=False),
        sa.Column("second_device_id", sa.Uuid(), nullable=False),
        sa.Column("second_scan_id", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "roster_number", sa.BigInteger(), nullable=True, comment="under which scanners are told; null: not yet"
        ),
        sa.Column(
            "settled_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="seen by a person; gates show it no more",
        ),
        sa.Column("settled_by", sa.String(length=80), nullable=False),
        sa.Column("settled_for", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_split_alerts_event_id_events")),
        sa.ForeignKeyConstraint(
            ["first_device_id", "first_scan_id"],
            ["scans.device_id", "scans.id"],
            name=op.f("fk_split_alerts_first_device_id_scans"),
        ),
        sa.ForeignKeyConstraint(
            ["second_device_id", "second_scan_id"],
            ["scans.device_id", "scans.id"],
            name=op.f("fk_split_alerts_second_device_id_scans"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_split_alerts")),
        sa.UniqueConstraint(
            "first_device_id",
            "first_scan_id",
            "second_device_id",
            "second_scan_id",
            name=op.f("uq_split_alerts_scans"),
        ),
    )
    op.create_index("ix_split_alerts_event_id_raised_at", "split_alerts", ["event_id", "raised_at"], unique=False)
    op.create_table(
        "badges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pass_id", sa.Uuid(), nullable=False),
        sa.Column("kid", sa.Integer(), nullable=False),
        sa.Column("printed_ahead", sa.Boolean(), nullable=False),
        sa.Column("document_tag", sa.LargeBinary(length=3), nullable=True),
        sa.Column("name", sa.String(length=27), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=True, comment="its place in the box of passes printed ahead"),
        sa.Column("reprints", sa.Integer(), nullable=False),
        sa.Column("reprint_reason", sa.String(length=400), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by", sa.String(length=80), nullable=False),
        sa.Column(
            "in_hand_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the officer said that it lies in his hand; a printer's word is none",
        ),
        sa.Column("in_hand_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name=op.f("fk_badges_pass_id_passes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badges")),
    )
    op.create_index("ix_badges_pass_id", "badges", ["pass_id"], unique=False)
    op.create_table(
        "printers",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("queue", sa.String(length=127), nullable=False, comment="the destination as lp knows it"),
        sa.Column("desk", sa.String(length=40), nullable=False, comment="empty: of no desk alone"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_printers")),
    )
    op.create_table(
        "print_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False, comment="the job that made it, one of several files"),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("printer", sa.String(length=40), nullable=False, comment="empty: a file to fetch"),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "done",
                "unsure",
                "failed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cause", sa.String(length=400), nullable=False),
        sa.Column("file", sa.String(length=120), nullable=False, comment="its name in the folder of made files"),
        sa.Column("badges", sa.Integer(), nullable=False, comment="how many came out"),
        sa.Column(
            "first", sa.String(length=40), nullable=False, comment="surnames from here, as on the sign of the desk"
        ),
        sa.Column("last", sa.String(length=40), nullable=False),
        sa.Column("request", sa.String(length=200), nullable=False, comment="what the print server calls it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_print_runs_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_runs")),
        sa.UniqueConstraint("batch_id", "part", name=op.f("uq_print_runs_batch_id_part")),
    )
    op.create_index("ix_print_runs_event_id_created_at", "print_runs", ["event_id", "created_at"], unique=False)
    op.create_table(
        "print_items",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("pass_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name=op.f("fk_print_items_pass_id_passes")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["print_runs.id"], name=op.f("fk_print_items_run_id_print_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_print_items")),
        sa.UniqueConstraint("batch_id", "pass_id", name=op.f("uq_print_items_batch_id_pass_id")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("approved", "refused", name="verdict", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("reason_applicant", sa.String(length=2000), nullable=False),
        sa.Column("reason_staff", sa.String(length=2000), nullable=False),
        sa.Column("waived", sa.JSON(), nullable=False, comment="rules whose finding was waived"),
        sa.Column("legal_basis", sa.String(length=400), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict = 'approved' OR (reason_applicant <> '' AND reason_staff <> '')",
            name=op.f("ck_decisions_refusal_has_reasons"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_decisions_application_id_applications")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_decisions_assessment_id_assessments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(
        "ix_decisions_application_id_decided_at", "decisions", ["application_id", "decided_at"], unique=False
    )
    op.create_table(
        "presence",
        sa.Column("pass_id", sa.Uuid(), nullable=False),
        sa.Column("checkpoint", sa.String(length=40), nullable=False),
        sa.Column("inside", sa.Boolean(), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_presence_device_id_devices")),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name=op.f("fk_presence_pass_id_passes")),
        sa.PrimaryKeyConstraint("pass_id", "checkpoint", name=op.f("pk_presence")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False, comment="also its Message-ID"),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "received",
                "question",
                "approved",
                "refused",
                "amended",
                "withdrawn",
                "focal_point_request",
                "focal_point_reminder",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "sent_unsure",
                "failed",
                "overtaken",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recipient", sa.LargeBinary(), nullable=True, comment="null: the applicant's address"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False, comment="an earlier try may have reached the person"),
        sa.Column("cause", sa.String(length=200), nullable=False, comment="why the last try failed; nothing personal"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_messages_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_application_id", "messages", ["application_id"], unique=False)
    op.create_index("ix_messages_state_next_try_at", "messages", ["state", "next_try_at"], unique=False)
    op.create_table(
        "applicant_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "amendment",
                "respelling",
                "deletion",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("open", "done", "declined", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("wanted", sa.LargeBinary(), nullable=False, comment="JSON: field → what is wanted"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True, comment="when data that may go is erased"),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_applicant_requests_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicant_requests")),
    )
    op.create_index("ix_applicant_requests_application_id", "applicant_requests", ["application_id"], unique=False)
    op.create_index("ix_applicant_requests_state_due_at", "applicant_requests", ["state", "due_at"], unique=False)


def downgrade() -> None:
    op.drop_table("applicant_requests")
    op.drop_table("messages")
    op.drop_table("presence")
    op.drop_table("decisions")
    op.drop_table("print_items")
    op.drop_table("print_runs")
    op.drop_table("printers")
    op.drop_table("badges")
    op.drop_table("split_alerts")
    op.drop_table("set_aside_scans")
    op.drop_table("scans")
    op.drop_table("photos")
    op.drop_table("passes")
    op.drop_table("grounds_grants")
    op.drop_table("assessments")
    op.drop_table("revocations")
    op.drop_table("entries")
    op.drop_table("devices")
    op.drop_table("delegates")
    op.drop_table("delegate_lists")
    op.drop_table("submission_keys")
    op.drop_table("letters")
    op.drop_table("drafts")
    op.drop_table("viewings")
    op.drop_table("reviewer_settings")
    op.drop_table("questions")
    op.drop_table("pickup_openings")
    op.drop_table("slips")
    op.drop_table("person_words")
    op.drop_table("proposals")
    op.drop_table("organisation_words")
    op.drop_table("applications")
    op.drop_table("api_tokens")
    op.drop_table("recovery_codes")
    op.drop_table("log_in_counters")
    op.drop_table("staged_files")
    op.drop_table("jobs")
    op.drop_table("events")
    op.drop_table("editions")
    op.drop_table("audit_head")
    op.drop_table("audit_entries")
    op.drop_table("aliases")
    op.drop_table("accounts")
