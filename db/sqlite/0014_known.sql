-- What was known at a moment.

-- The last entry of the ledger when the change was made. Of changes of before this was kept, their time says it.
ALTER TABLE change ADD COLUMN last_entry INTEGER;
DROP TRIGGER change_is_never_updated;
CREATE TRIGGER change_is_never_updated BEFORE UPDATE ON change
WHEN ((NEW.seq, NEW.at, NEW.actor, NEW.entity, NEW.entity_id, NEW.pledge_id, NEW.hash, NEW.last_entry)
    IS (OLD.seq, OLD.at, OLD.actor, OLD.entity, OLD.entity_id, OLD.pledge_id, OLD.hash, OLD.last_entry)
  AND length(NEW.body_hash) = 32 AND (OLD.body_hash IS NULL OR NEW.body_hash IS OLD.body_hash)
  AND EXISTS (SELECT 1 FROM redaction d WHERE d.seq = NEW.redacted_by AND d.seq > (SELECT coalesce(max(c.seq), 0) FROM change c))) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;

-- What members paid on the promises of their groups.
CREATE INDEX ledger_entry_by_payer ON ledger_entry (paid_by) WHERE paid_by IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('ledger_entry', 'ledger_entry_by_payer', '5000 10');
ANALYZE sqlite_schema;

UPDATE schema SET version = 3;
