-- What was known at a moment.

-- The last entry of the ledger when the change was made. Of changes of before this was kept, their time says it.
ALTER TABLE change ADD COLUMN last_entry bigint;

-- What members paid on the promises of their groups.
CREATE INDEX ledger_entry_by_payer ON ledger_entry (paid_by, no) WHERE paid_by IS NOT NULL;

UPDATE schema SET version = 3;
