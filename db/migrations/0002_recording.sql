-- Recording by others than the seed: API keys, retries that never double, and what other people say of a contribution.

-- The secret itself is never kept: only its SHA-256.
CREATE TABLE api_key (
    id              TEXT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    role            TEXT NOT NULL CHECK (role IN ('recorder', 'editor', 'admin')),
    organization_id TEXT REFERENCES organization (id),
    secret_sha256   BLOB NOT NULL CHECK (length(secret_sha256) = 32),
    created_at      TEXT NOT NULL,
    created_by      TEXT NOT NULL,
    expires_at      TEXT,
    revoked_at      TEXT,
    revoked_by      TEXT,
    last_used_at    TEXT,
    CHECK ((role = 'recorder') = (organization_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- The answer to a request that was carried out, kept in the same transaction as what it recorded. Only successes are here.
CREATE TABLE idempotency (
    caller      TEXT NOT NULL,
    route       TEXT NOT NULL,
    key         TEXT NOT NULL,
    body_sha256 BLOB NOT NULL CHECK (length(body_sha256) = 32),
    status      INTEGER NOT NULL,
    location    TEXT,
    entity_tag  TEXT,
    answer      BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (caller, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (recorded_at);

-- What an editor found about a contribution. The entry itself is never touched.
CREATE TABLE verification (
    no          INTEGER PRIMARY KEY,
    entry_no    INTEGER NOT NULL REFERENCES ledger_entry (no),
    state       TEXT NOT NULL CHECK (state IN ('verified', 'disputed')),
    note_en     TEXT,
    note_ar     TEXT,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL
) STRICT;
CREATE INDEX verification_by_entry ON verification (entry_no);
CREATE TRIGGER verification_is_never_updated BEFORE UPDATE ON verification BEGIN SELECT RAISE(ABORT, 'verifications are append-only'); END;
CREATE TRIGGER verification_is_never_deleted BEFORE DELETE ON verification BEGIN SELECT RAISE(ABORT, 'verifications are append-only'); END;

-- The other party to a contribution says the same.
CREATE TABLE confirmation (
    no              INTEGER PRIMARY KEY,
    entry_no        INTEGER NOT NULL REFERENCES ledger_entry (no),
    organization_id TEXT NOT NULL REFERENCES organization (id),
    note_en         TEXT,
    note_ar         TEXT,
    recorded_at     TEXT NOT NULL,
    recorded_by     TEXT NOT NULL,
    UNIQUE (entry_no, organization_id)
) STRICT;
CREATE TRIGGER confirmation_is_never_updated BEFORE UPDATE ON confirmation BEGIN SELECT RAISE(ABORT, 'confirmations are append-only'); END;
CREATE TRIGGER confirmation_is_never_deleted BEFORE DELETE ON confirmation BEGIN SELECT RAISE(ABORT, 'confirmations are append-only'); END;

-- Derived: the last of its verifications, or 'reported'.
ALTER TABLE contribution ADD COLUMN verification TEXT NOT NULL DEFAULT 'reported' CHECK (verification IN ('reported', 'verified', 'disputed'));
CREATE INDEX contribution_by_verification ON contribution (verification, value_date);
