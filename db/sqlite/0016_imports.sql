-- What comes in from other systems and from spreadsheets.

-- Private, as keys are: written without a change. A file (or several pages of one) that somebody sent, and how far it is. worker is the server that applies it, until then alone.
CREATE TABLE import (
    no              INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    format          TEXT NOT NULL,
    dataset         TEXT,
    complete        INTEGER NOT NULL CHECK (complete = 0 OR complete = 1),
    mode            TEXT NOT NULL CHECK (mode = 'all' OR mode = 'per-row'),
    dry_run         INTEGER NOT NULL CHECK (dry_run = 0 OR dry_run = 1),
    state           TEXT NOT NULL CHECK (state = 'staging' OR state = 'checking' OR state = 'applying' OR state = 'done' OR state = 'checked' OR state = 'refused' OR state = 'cancelled'),
    files           TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(files)),
    mapping         TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(mapping)),
    report          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(report)),
    actor           TEXT NOT NULL,
    role            TEXT NOT NULL CHECK (role = 'recorder' OR role = 'editor' OR role = 'admin'),
    organization_id TEXT REFERENCES organization (id),
    created_at      TEXT NOT NULL,
    begun_at        TEXT,
    ended_at        TEXT,
    rows_read       INTEGER NOT NULL DEFAULT 0,
    rows_repeated   INTEGER NOT NULL DEFAULT 0,
    rows_refused    INTEGER NOT NULL DEFAULT 0,
    rows_created    INTEGER NOT NULL DEFAULT 0,
    rows_changed    INTEGER NOT NULL DEFAULT 0,
    rows_unchanged  INTEGER NOT NULL DEFAULT 0,
    -- The last row that was looked at, and how many there are.
    reached         INTEGER NOT NULL DEFAULT 0,
    last_row        INTEGER NOT NULL DEFAULT 0,
    worker          TEXT,
    worker_until    TEXT
) STRICT;
CREATE INDEX import_by_actor ON import (actor);
CREATE INDEX import_by_state ON import (state);

-- Private. A row of it: what is to be recorded, and what came of it. before and after are what a later snapshot of a dataset changed, in US cents.
CREATE TABLE import_row (
    import_no     INTEGER NOT NULL REFERENCES import (no),
    no            INTEGER NOT NULL,
    page          INTEGER NOT NULL,
    line          INTEGER NOT NULL,
    key           TEXT,
    content       TEXT,
    cells         TEXT,
    faults        TEXT,
    notes         TEXT,
    outcome       TEXT CHECK (outcome = 'created' OR outcome = 'changed' OR outcome = 'unchanged' OR outcome = 'refused'),
    record_id     TEXT,
    difference    TEXT CHECK (difference = 'new' OR difference = 'advanced' OR difference = 'went_back' OR difference = 'amount_changed' OR difference = 'changed'
                            OR difference = 'dropped' OR difference = 'returned'),
    donor_id      TEXT,
    before_status TEXT,
    before_usd    INTEGER,
    after_status  TEXT,
    after_usd     INTEGER,
    PRIMARY KEY (import_no, no)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX import_row_by_key ON import_row (import_no, key) WHERE key IS NOT NULL;
CREATE INDEX import_row_by_outcome ON import_row (import_no, outcome, no);
CREATE INDEX import_row_by_difference ON import_row (import_no, difference, no) WHERE difference IS NOT NULL;

-- A flow as a dataset of another system last told it; content is all of it that is kept. boundary and on_boundary are said of the place and the year of the dataset.
-- pledge_no is the header that its money stands under; what is not incoming has none. source_state says whether the dataset still tells what stands here, and since when not.
CREATE TABLE flow (
    dataset            TEXT NOT NULL,
    external_id        TEXT NOT NULL,
    status             TEXT NOT NULL,
    boundary           TEXT NOT NULL,
    on_boundary        TEXT NOT NULL,
    amount_usd         INTEGER NOT NULL,
    parent_id          TEXT,
    content            TEXT NOT NULL CHECK (json_valid(content)),
    pledge_no          INTEGER REFERENCES pledge (no),
    source_state       TEXT CHECK (source_state = 'changed' OR source_state = 'dropped'),
    source_state_since TEXT CHECK (source_state_since IS date(source_state_since)),
    version            INTEGER NOT NULL,
    PRIMARY KEY (dataset, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX flow_by_number ON flow (external_id);
CREATE INDEX flow_by_pledge ON flow (pledge_no) WHERE pledge_no IS NOT NULL;
CREATE INDEX flow_by_version ON flow (version, dataset, external_id);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('import', 'sqlite_autoindex_import_1', '300 1'),
    ('import', 'import_by_actor', '300 10'),
    ('import', 'import_by_state', '300 50'),
    ('import_row', 'import_row', '900000 3000 1'),
    ('import_row', 'import_row_by_key', '900000 3000 1'),
    ('import_row', 'import_row_by_outcome', '900000 3000 1000 1'),
    ('import_row', 'import_row_by_difference', '450000 1500 500 1'),
    ('flow', 'flow', '150000 1500 1'),
    ('flow', 'flow_by_number', '150000 2'),
    ('flow', 'flow_by_pledge', '140000 2'),
    ('flow', 'flow_by_version', '150000 1 1 1');
ANALYZE sqlite_schema;
