-- Redaction: an admin blanks the free text of one record, wherever it stands, and says why. Amounts, days and hashes stay, and so does the reason.

-- Which change did it. The change is appended last, in the same transaction: until then, and never again, the tables that only grow let the texts of the rows that
-- name this redaction be blanked. Without its change it cannot be committed.
CREATE TABLE redaction (
    seq         INTEGER PRIMARY KEY REFERENCES change (seq) DEFERRABLE INITIALLY DEFERRED,
    id          TEXT NOT NULL UNIQUE,
    entity      TEXT NOT NULL CHECK (entity = 'organization' OR entity = 'fund' OR entity = 'event' OR entity = 'source' OR entity = 'requirement' OR entity = 'shortfall'
                            OR entity = 'indicator' OR entity = 'pledge' OR entity = 'contribution' OR entity = 'entry'),
    entity_id   TEXT NOT NULL,
    reason_en   TEXT,
    reason_ar   TEXT,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    CHECK (reason_en IS NOT NULL OR reason_ar IS NOT NULL)
) STRICT;
CREATE INDEX redaction_by_record ON redaction (entity_id);
CREATE TRIGGER redaction_is_never_updated BEFORE UPDATE ON redaction BEGIN SELECT RAISE(ABORT, 'redactions are append-only'); END;
CREATE TRIGGER redaction_is_never_deleted BEFORE DELETE ON redaction BEGIN SELECT RAISE(ABORT, 'redactions are append-only'); END;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('redaction', 'sqlite_autoindex_redaction_1', '200 1'), ('redaction', 'redaction_by_record', '200 1');

-- The last redaction of a row.
ALTER TABLE organization ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
ALTER TABLE fund ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
ALTER TABLE event ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
ALTER TABLE source ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
ALTER TABLE pledge ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
ALTER TABLE ledger_entry ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
ALTER TABLE requirement ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
ALTER TABLE shortfall ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
ALTER TABLE indicator ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
ALTER TABLE verification ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
ALTER TABLE confirmation ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
ALTER TABLE change ADD COLUMN redacted_by INTEGER REFERENCES redaction (seq);
-- SHA-256 of the body as it was before anything was blanked in it: what the chain goes over.
ALTER TABLE change ADD COLUMN body_hash BLOB CHECK (body_hash IS NULL OR (length(body_hash) = 32 AND redacted_by IS NOT NULL));

DROP TRIGGER ledger_entry_is_never_updated;
CREATE TRIGGER ledger_entry_is_never_updated BEFORE UPDATE ON ledger_entry
WHEN ((NEW.no, NEW.id, NEW.pledge_no, NEW.donor_id, NEW.kind, NEW.amount_minor, NEW.currency, NEW.usd_minor, NEW.usd_basis, NEW.rate_no, NEW.qualifier, NEW.value_date,
       NEW.date_precision, NEW.recorded_at, NEW.recorded_by, NEW.recorded_for, NEW.paid_by, NEW.reverses_no, NEW.external_id, NEW.settles_minor, NEW.counts_from, NEW.reason,
       NEW.adjusts, NEW.usd_qualifier, NEW.external_system, NEW.replaces_no)
   IS (OLD.no, OLD.id, OLD.pledge_no, OLD.donor_id, OLD.kind, OLD.amount_minor, OLD.currency, OLD.usd_minor, OLD.usd_basis, OLD.rate_no, OLD.qualifier, OLD.value_date,
       OLD.date_precision, OLD.recorded_at, OLD.recorded_by, OLD.recorded_for, OLD.paid_by, OLD.reverses_no, OLD.external_id, OLD.settles_minor, OLD.counts_from, OLD.reason,
       OLD.adjusts, OLD.usd_qualifier, OLD.external_system, OLD.replaces_no)
  AND (NEW.reference IS NULL OR NEW.reference IS OLD.reference) AND (NEW.note_en IS NULL OR NEW.note_en IS OLD.note_en) AND (NEW.note_ar IS NULL OR NEW.note_ar IS OLD.note_ar)
  AND EXISTS (SELECT 1 FROM redaction d WHERE d.seq = NEW.redacted_by AND d.seq > (SELECT coalesce(max(c.seq), 0) FROM change c))) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

DROP TRIGGER requirement_is_never_updated;
CREATE TRIGGER requirement_is_never_updated BEFORE UPDATE ON requirement
WHEN ((NEW.no, NEW.id, NEW.fund_id, NEW.kind, NEW.period_start, NEW.period_end, NEW.amount_minor, NEW.currency, NEW.usd_minor, NEW.usd_basis, NEW.rate_no, NEW.qualifier,
       NEW.stated_on, NEW.recorded_at, NEW.recorded_by, NEW.version, NEW.date_precision)
   IS (OLD.no, OLD.id, OLD.fund_id, OLD.kind, OLD.period_start, OLD.period_end, OLD.amount_minor, OLD.currency, OLD.usd_minor, OLD.usd_basis, OLD.rate_no, OLD.qualifier,
       OLD.stated_on, OLD.recorded_at, OLD.recorded_by, OLD.version, OLD.date_precision)
  AND (NEW.stated_by_en IS NULL OR NEW.stated_by_en IS OLD.stated_by_en) AND (NEW.stated_by_ar IS NULL OR NEW.stated_by_ar IS OLD.stated_by_ar)
  AND (NEW.note_en IS NULL OR NEW.note_en IS OLD.note_en) AND (NEW.note_ar IS NULL OR NEW.note_ar IS OLD.note_ar)
  AND EXISTS (SELECT 1 FROM redaction d WHERE d.seq = NEW.redacted_by AND d.seq > (SELECT coalesce(max(c.seq), 0) FROM change c))) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'requirements are append-only'); END;

DROP TRIGGER shortfall_is_never_updated;
CREATE TRIGGER shortfall_is_never_updated BEFORE UPDATE ON shortfall
WHEN ((NEW.no, NEW.id, NEW.fund_id, NEW.period_start, NEW.period_end, NEW.amount_minor, NEW.currency, NEW.usd_minor, NEW.usd_basis, NEW.rate_no, NEW.qualifier,
       NEW.stated_on, NEW.date_precision, NEW.recorded_at, NEW.recorded_by, NEW.version)
   IS (OLD.no, OLD.id, OLD.fund_id, OLD.period_start, OLD.period_end, OLD.amount_minor, OLD.currency, OLD.usd_minor, OLD.usd_basis, OLD.rate_no, OLD.qualifier,
       OLD.stated_on, OLD.date_precision, OLD.recorded_at, OLD.recorded_by, OLD.version)
  AND (NEW.stated_by_en IS NULL OR NEW.stated_by_en IS OLD.stated_by_en) AND (NEW.stated_by_ar IS NULL OR NEW.stated_by_ar IS OLD.stated_by_ar)
  AND (NEW.note_en IS NULL OR NEW.note_en IS OLD.note_en) AND (NEW.note_ar IS NULL OR NEW.note_ar IS OLD.note_ar)
  AND EXISTS (SELECT 1 FROM redaction d WHERE d.seq = NEW.redacted_by AND d.seq > (SELECT coalesce(max(c.seq), 0) FROM change c))) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'reported shortfalls are append-only'); END;

DROP TRIGGER verification_is_never_updated;
CREATE TRIGGER verification_is_never_updated BEFORE UPDATE ON verification
WHEN ((NEW.no, NEW.entry_no, NEW.state, NEW.recorded_at, NEW.recorded_by) IS (OLD.no, OLD.entry_no, OLD.state, OLD.recorded_at, OLD.recorded_by)
  AND (NEW.note_en IS NULL OR NEW.note_en IS OLD.note_en) AND (NEW.note_ar IS NULL OR NEW.note_ar IS OLD.note_ar)
  AND EXISTS (SELECT 1 FROM redaction d WHERE d.seq = NEW.redacted_by AND d.seq > (SELECT coalesce(max(c.seq), 0) FROM change c))) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'verifications are append-only'); END;

DROP TRIGGER confirmation_is_never_updated;
CREATE TRIGGER confirmation_is_never_updated BEFORE UPDATE ON confirmation
WHEN ((NEW.no, NEW.entry_no, NEW.organization_id, NEW.recorded_at, NEW.recorded_by) IS (OLD.no, OLD.entry_no, OLD.organization_id, OLD.recorded_at, OLD.recorded_by)
  AND (NEW.note_en IS NULL OR NEW.note_en IS OLD.note_en) AND (NEW.note_ar IS NULL OR NEW.note_ar IS OLD.note_ar)
  AND EXISTS (SELECT 1 FROM redaction d WHERE d.seq = NEW.redacted_by AND d.seq > (SELECT coalesce(max(c.seq), 0) FROM change c))) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'confirmations are append-only'); END;

-- What may be left of a body no trigger can tell: the redaction's own change has a hash of it, and verify compares.
DROP TRIGGER change_is_never_updated;
CREATE TRIGGER change_is_never_updated BEFORE UPDATE ON change
WHEN ((NEW.seq, NEW.at, NEW.actor, NEW.entity, NEW.entity_id, NEW.pledge_id, NEW.hash) IS (OLD.seq, OLD.at, OLD.actor, OLD.entity, OLD.entity_id, OLD.pledge_id, OLD.hash)
  AND length(NEW.body_hash) = 32 AND (OLD.body_hash IS NULL OR NEW.body_hash IS OLD.body_hash)
  AND EXISTS (SELECT 1 FROM redaction d WHERE d.seq = NEW.redacted_by AND d.seq > (SELECT coalesce(max(c.seq), 0) FROM change c))) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;

ANALYZE sqlite_schema;
