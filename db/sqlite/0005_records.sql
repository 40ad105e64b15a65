-- Finding and correcting one's records.

-- When its holder took a new key for this one, which ends an hour later.
ALTER TABLE api_key ADD COLUMN renewed_at TEXT;

-- The entry that was wrong, and in whose place this one stands.
ALTER TABLE ledger_entry ADD COLUMN replaces_no INTEGER REFERENCES ledger_entry (no);
CREATE UNIQUE INDEX ledger_entry_by_replaced ON ledger_entry (replaces_no) WHERE replaces_no IS NOT NULL;

-- The changes of one thing.
CREATE INDEX change_by_entity_id ON change (entity_id);

-- The change that a contribution now shows. When those that are there already last changed is not kept: they changed now.
ALTER TABLE contribution ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
UPDATE contribution SET version = (SELECT coalesce(max(seq), 0) FROM change);
CREATE INDEX contribution_by_version ON contribution (version);

-- Derived: what contributions are found by that does not stand in their own row, in the order in which they are listed.
CREATE TABLE contribution_key (
    filter     TEXT NOT NULL CHECK (filter = 'recipient' OR filter = 'event' OR filter = 'instrument' OR filter = 'country' OR filter = 'recordedBy'
                        OR filter = 'externalId' OR filter = 'externalSystem'),
    value      TEXT NOT NULL,
    value_date TEXT NOT NULL,
    entry_no   INTEGER NOT NULL REFERENCES ledger_entry (no),
    PRIMARY KEY (filter, value, value_date, entry_no)
) STRICT, WITHOUT ROWID;
INSERT INTO contribution_key (filter, value, value_date, entry_no)
SELECT k.filter, k.value, e.value_date, e.no
FROM contribution n JOIN ledger_entry e ON e.no = n.entry_no JOIN (
    SELECT x.no, 'recipient' AS filter, p.recipient_id AS value FROM ledger_entry x JOIN pledge p ON p.no = x.pledge_no
    UNION ALL SELECT x.no, 'event', p.event_id FROM ledger_entry x JOIN pledge p ON p.no = x.pledge_no
    UNION ALL SELECT x.no, 'instrument', p.instrument FROM ledger_entry x JOIN pledge p ON p.no = x.pledge_no
    UNION ALL SELECT x.no, 'country', c.country FROM ledger_entry x JOIN pledge_country c ON c.pledge_no = x.pledge_no
    UNION ALL SELECT x.no, 'recordedBy', x.recorded_by FROM ledger_entry x
    UNION ALL SELECT x.no, 'recordedBy', x.recorded_for FROM ledger_entry x
    UNION ALL SELECT x.no, 'externalSystem', x.external_system FROM ledger_entry x
    UNION ALL SELECT x.no, 'externalId', x.external_id FROM ledger_entry x) k ON k.no = e.no
WHERE k.value IS NOT NULL;

-- Each further filter of pledges, in each order; numbers have so few matches that these are sorted.
CREATE INDEX pledge_by_recorder_announced ON pledge (recorded_by, origin, announced_on);
CREATE INDEX pledge_by_recorder_amount ON pledge (recorded_by, origin, pledged_usd);
CREATE INDEX pledge_by_recorder_outstanding ON pledge (recorded_by, origin, outstanding_usd);
CREATE INDEX pledge_by_system_announced ON pledge (external_system, origin, announced_on) WHERE external_system IS NOT NULL;
CREATE INDEX pledge_by_system_amount ON pledge (external_system, origin, pledged_usd) WHERE external_system IS NOT NULL;
CREATE INDEX pledge_by_system_outstanding ON pledge (external_system, origin, outstanding_usd) WHERE external_system IS NOT NULL;
CREATE INDEX pledge_by_number ON pledge (external_id) WHERE external_id IS NOT NULL;

-- What changed since a version of the dataset, in the order of changing.
CREATE INDEX pledge_by_version ON pledge (origin, version);
CREATE INDEX organization_by_version ON organization (version, id);
CREATE INDEX fund_by_version ON fund (version, id);
CREATE INDEX event_by_version ON event (version, id);
CREATE INDEX source_by_version ON source (version, id);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('ledger_entry', 'ledger_entry_by_replaced', '2000 1'),
    ('change', 'change_by_entity_id', '454545 2'),
    ('contribution', 'contribution_by_version', '226961 1'),
    ('contribution_key', 'contribution_key', '1134805 189135 1135 2 1'),
    ('pledge', 'pledge_by_recorder_amount', '210000 2100 1050 2'),
    ('pledge', 'pledge_by_recorder_announced', '210000 2100 1050 2'),
    ('pledge', 'pledge_by_recorder_outstanding', '210000 2100 1050 2'),
    ('pledge', 'pledge_by_system_amount', '105000 35000 17500 3'),
    ('pledge', 'pledge_by_system_announced', '105000 35000 17500 5'),
    ('pledge', 'pledge_by_system_outstanding', '105000 35000 17500 4'),
    ('pledge', 'pledge_by_number', '105000 1'),
    ('pledge', 'pledge_by_version', '210000 105000 1'),
    ('organization', 'organization_by_version', '5500 1 1'),
    ('fund', 'fund_by_version', '2000 1 1'),
    ('event', 'event_by_version', '150 1 1'),
    ('source', 'source_by_version', '3001 1 1');
ANALYZE sqlite_schema;
