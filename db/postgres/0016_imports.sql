-- What comes in from other systems and from spreadsheets. What is said of it in db/sqlite is true here.

-- Private, as keys are: written without a change. A file (or several pages of one) that somebody sent, and how far it is. worker is the server that applies it, until then alone.
CREATE TABLE import (
    no              BIGINT NOT NULL PRIMARY KEY,
    id              TEXT COLLATE "C" NOT NULL UNIQUE,
    format          TEXT COLLATE "C" NOT NULL,
    dataset         TEXT COLLATE "C",
    complete        BOOLEAN NOT NULL,
    mode            TEXT COLLATE "C" NOT NULL CHECK (mode = 'all' OR mode = 'per-row'),
    dry_run         BOOLEAN NOT NULL,
    state           TEXT COLLATE "C" NOT NULL CHECK (state = 'staging' OR state = 'checking' OR state = 'applying' OR state = 'done' OR state = 'checked' OR state = 'refused' OR state = 'cancelled'),
    files           TEXT COLLATE "C" NOT NULL DEFAULT '[]' CHECK (files::json IS NOT NULL),
    mapping         TEXT COLLATE "C" NOT NULL DEFAULT '{}' CHECK (mapping::json IS NOT NULL),
    report          TEXT COLLATE "C" NOT NULL DEFAULT '{}' CHECK (report::json IS NOT NULL),
    actor           TEXT COLLATE "C" NOT NULL,
    role            TEXT COLLATE "C" NOT NULL CHECK (role = 'recorder' OR role = 'editor' OR role = 'admin'),
    organization_id TEXT COLLATE "C" REFERENCES organization (id),
    created_at      TIMESTAMPTZ NOT NULL,
    begun_at        TIMESTAMPTZ,
    ended_at        TIMESTAMPTZ,
    rows_read       BIGINT NOT NULL DEFAULT 0,
    rows_repeated   BIGINT NOT NULL DEFAULT 0,
    rows_refused    BIGINT NOT NULL DEFAULT 0,
    rows_created    BIGINT NOT NULL DEFAULT 0,
    rows_changed    BIGINT NOT NULL DEFAULT 0,
    rows_unchanged  BIGINT NOT NULL DEFAULT 0,
    -- The last row that was looked at, and how many there are.
    reached         BIGINT NOT NULL DEFAULT 0,
    last_row        BIGINT NOT NULL DEFAULT 0,
    worker          TEXT COLLATE "C",
    worker_until    TIMESTAMPTZ
);
CREATE INDEX import_by_actor ON import (actor, no);
CREATE INDEX import_by_state ON import (state, no);

-- Private. A row of it: what is to be recorded, and what came of it. before and after are what a later snapshot of a dataset changed, in US cents.
CREATE TABLE import_row (
    import_no     BIGINT NOT NULL REFERENCES import (no),
    no            BIGINT NOT NULL,
    page          BIGINT NOT NULL,
    line          BIGINT NOT NULL,
    key           TEXT COLLATE "C",
    content       TEXT COLLATE "C",
    cells         TEXT COLLATE "C",
    faults        TEXT COLLATE "C",
    notes         TEXT COLLATE "C",
    outcome       TEXT COLLATE "C" CHECK (outcome = 'created' OR outcome = 'changed' OR outcome = 'unchanged' OR outcome = 'refused'),
    record_id     TEXT COLLATE "C",
    difference    TEXT COLLATE "C" CHECK (difference = 'new' OR difference = 'advanced' OR difference = 'went_back' OR difference = 'amount_changed' OR difference = 'changed'
                            OR difference = 'dropped' OR difference = 'returned'),
    donor_id      TEXT COLLATE "C",
    before_status TEXT COLLATE "C",
    before_usd    BIGINT,
    after_status  TEXT COLLATE "C",
    after_usd     BIGINT,
    PRIMARY KEY (import_no, no)
);
CREATE UNIQUE INDEX import_row_by_key ON import_row (import_no, key) WHERE key IS NOT NULL;
CREATE INDEX import_row_by_outcome ON import_row (import_no, outcome, no);
CREATE INDEX import_row_by_difference ON import_row (import_no, difference, no) WHERE difference IS NOT NULL;

-- A flow as a dataset of another system last told it; content is all of it that is kept. boundary and on_boundary are said of the place and the year of the dataset.
-- pledge_no is the header that its money stands under; what is not incoming has none. source_state says whether the dataset still tells what stands here, and since when not.
CREATE TABLE flow (
    dataset            TEXT COLLATE "C" NOT NULL,
    external_id        TEXT COLLATE "C" NOT NULL,
    status             TEXT COLLATE "C" NOT NULL,
    boundary           TEXT COLLATE "C" NOT NULL,
    on_boundary        TEXT COLLATE "C" NOT NULL,
    amount_usd         BIGINT NOT NULL,
    parent_id          TEXT COLLATE "C",
    content            TEXT COLLATE "C" NOT NULL CHECK (content::json IS NOT NULL),
    pledge_no          BIGINT REFERENCES pledge (no),
    source_state       TEXT COLLATE "C" CHECK (source_state = 'changed' OR source_state = 'dropped'),
    source_state_since DATE,
    version            BIGINT NOT NULL,
    PRIMARY KEY (dataset, external_id)
);
CREATE INDEX flow_by_number ON flow (external_id);
CREATE INDEX flow_by_pledge ON flow (pledge_no) WHERE pledge_no IS NOT NULL;
CREATE INDEX flow_by_version ON flow (version, dataset, external_id);
