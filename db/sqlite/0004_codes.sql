-- The earlier round of an event, whose number an external id is, and requirements that are dated to the month or the year.

ALTER TABLE event ADD COLUMN preceded_by TEXT REFERENCES event (id) CHECK (preceded_by <> id);

-- Where it is null, external_id is a number of the organization that the entry was recorded for.
ALTER TABLE ledger_entry ADD COLUMN external_system TEXT;
CREATE INDEX ledger_entry_by_system ON ledger_entry (external_system, value_date) WHERE external_system IS NOT NULL;

ALTER TABLE requirement ADD COLUMN date_precision TEXT NOT NULL DEFAULT 'day' CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate');

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('ledger_entry', 'ledger_entry_by_system', '113336 37779 13');
ANALYZE sqlite_schema;
