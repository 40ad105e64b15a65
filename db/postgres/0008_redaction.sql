-- Redaction. What is said of it in db/sqlite is true here.

CREATE TABLE redaction (
    seq         BIGINT PRIMARY KEY REFERENCES change (seq) DEFERRABLE INITIALLY DEFERRED,
    id          TEXT COLLATE "C" NOT NULL UNIQUE,
    entity      TEXT COLLATE "C" NOT NULL CHECK (entity = 'organization' OR entity = 'fund' OR entity = 'event' OR entity = 'source' OR entity = 'requirement' OR entity = 'shortfall'
                            OR entity = 'indicator' OR entity = 'pledge' OR entity = 'contribution' OR entity = 'entry'),
    entity_id   TEXT COLLATE "C" NOT NULL,
    reason_en   TEXT COLLATE "C",
    reason_ar   TEXT COLLATE "C",
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    CHECK (reason_en IS NOT NULL OR reason_ar IS NOT NULL)
);
CREATE INDEX redaction_by_record ON redaction (entity_id, seq);
CREATE TRIGGER redaction_is_never_updated BEFORE UPDATE ON redaction FOR EACH ROW EXECUTE FUNCTION refuse('redactions are append-only');
CREATE TRIGGER redaction_is_never_deleted BEFORE DELETE ON redaction FOR EACH ROW EXECUTE FUNCTION refuse('redactions are append-only');
CREATE TRIGGER redaction_is_never_truncated BEFORE TRUNCATE ON redaction FOR EACH STATEMENT EXECUTE FUNCTION refuse('redactions are append-only');

ALTER TABLE organization ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE fund ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE event ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE source ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE pledge ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE ledger_entry ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE requirement ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE shortfall ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE indicator ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE verification ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE confirmation ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE change ADD COLUMN redacted_by BIGINT REFERENCES redaction (seq);
ALTER TABLE change ADD COLUMN body_hash BYTEA CHECK (body_hash IS NULL OR (length(body_hash) = 32 AND redacted_by IS NOT NULL));

-- Lets nothing through but that texts (the arguments behind the refusal) are blanked, in a row that names a redaction whose change is still to come.
CREATE FUNCTION refuse_but_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    texts text[] := TG_ARGV[1:];
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
BEGIN
    IF after - texts - 'redacted_by' = before - texts - 'redacted_by'
       AND NOT EXISTS (SELECT 1 FROM unnest(texts) t WHERE after -> t <> 'null' AND after -> t <> before -> t)
       AND EXISTS (SELECT 1 FROM redaction d WHERE d.seq = NEW.redacted_by AND d.seq > (SELECT coalesce(max(c.seq), 0) FROM change c)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0];
END $$;
DROP TRIGGER ledger_entry_is_never_updated ON ledger_entry;
CREATE TRIGGER ledger_entry_is_never_updated BEFORE UPDATE ON ledger_entry FOR EACH ROW
    EXECUTE FUNCTION refuse_but_redaction('the ledger is append-only', 'reference', 'note_en', 'note_ar');
DROP TRIGGER requirement_is_never_updated ON requirement;
CREATE TRIGGER requirement_is_never_updated BEFORE UPDATE ON requirement FOR EACH ROW
    EXECUTE FUNCTION refuse_but_redaction('requirements are append-only', 'stated_by_en', 'stated_by_ar', 'note_en', 'note_ar');
DROP TRIGGER shortfall_is_never_updated ON shortfall;
CREATE TRIGGER shortfall_is_never_updated BEFORE UPDATE ON shortfall FOR EACH ROW
    EXECUTE FUNCTION refuse_but_redaction('reported shortfalls are append-only', 'stated_by_en', 'stated_by_ar', 'note_en', 'note_ar');
DROP TRIGGER verification_is_never_updated ON verification;
CREATE TRIGGER verification_is_never_updated BEFORE UPDATE ON verification FOR EACH ROW
    EXECUTE FUNCTION refuse_but_redaction('verifications are append-only', 'note_en', 'note_ar');
DROP TRIGGER confirmation_is_never_updated ON confirmation;
CREATE TRIGGER confirmation_is_never_updated BEFORE UPDATE ON confirmation FOR EACH ROW
    EXECUTE FUNCTION refuse_but_redaction('confirmations are append-only', 'note_en', 'note_ar');

CREATE FUNCTION change_is_never_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{body,body_hash,redacted_by}'::text[] = to_jsonb(OLD) - '{body,body_hash,redacted_by}'::text[]
       AND NEW.body_hash = coalesce(OLD.body_hash, sha256(convert_to(OLD.body, 'UTF8')))
       AND EXISTS (SELECT 1 FROM redaction d WHERE d.seq = NEW.redacted_by AND d.seq > (SELECT coalesce(max(c.seq), 0) FROM change c)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the change log is append-only';
END $$;
DROP TRIGGER change_is_never_updated ON change;
CREATE TRIGGER change_is_never_updated BEFORE UPDATE ON change FOR EACH ROW EXECUTE FUNCTION change_is_never_updated();
