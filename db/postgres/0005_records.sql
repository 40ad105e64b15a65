-- Finding and correcting one's records. What is said of it in db/sqlite is true here.

ALTER TABLE api_key ADD COLUMN renewed_at timestamptz;

ALTER TABLE ledger_entry ADD COLUMN replaces_no bigint REFERENCES ledger_entry (no);
CREATE UNIQUE INDEX ledger_entry_by_replaced ON ledger_entry (replaces_no) WHERE replaces_no IS NOT NULL;

CREATE INDEX change_by_entity_id ON change (entity_id, seq);
