-- Finding and correcting one's records.

-- When its holder took a new key for this one, which ends an hour later.
ALTER TABLE api_key ADD COLUMN renewed_at TEXT;

-- The entry that was wrong, and in whose place this one stands.
ALTER TABLE ledger_entry ADD COLUMN replaces_no INTEGER REFERENCES ledger_entry (no);
CREATE UNIQUE INDEX ledger_entry_by_replaced ON ledger_entry (replaces_no) WHERE replaces_no IS NOT NULL;

-- The changes of one thing.
CREATE INDEX change_by_entity_id ON change (entity_id);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('ledger_entry', 'ledger_entry_by_replaced', '2000 1'),
    ('change', 'change_by_entity_id', '454545 2');
ANALYZE sqlite_schema;
