-- The earlier round of an event, whose number an external id is, and requirements that are dated to the month or the year.

ALTER TABLE event ADD COLUMN preceded_by TEXT COLLATE "C" REFERENCES event (id) CHECK (preceded_by <> id);

-- Where it is null, external_id is a number of the organization that the entry was recorded for.
ALTER TABLE ledger_entry ADD COLUMN external_system TEXT COLLATE "C";
CREATE INDEX ledger_entry_by_system ON ledger_entry (external_system, value_date, no) WHERE external_system IS NOT NULL;

ALTER TABLE requirement ADD COLUMN date_precision TEXT COLLATE "C" NOT NULL DEFAULT 'day' CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate');
