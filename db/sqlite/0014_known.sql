-- What was known at a moment.

-- The last entry of the ledger when the change was made. Of changes of before this was kept, their time says it.
ALTER TABLE change ADD COLUMN last_entry INTEGER;

-- What members paid on the promises of their groups.
CREATE INDEX ledger_entry_by_payer ON ledger_entry (paid_by) WHERE paid_by IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('ledger_entry', 'ledger_entry_by_payer', '5000 10');
ANALYZE sqlite_schema;

UPDATE schema SET version = 3;
