-- Notes of contributions are searched, and indicators are pulled by what changed. What is said of it in db/sqlite is true here.

CREATE TABLE contribution_text (
    entry_no BIGINT PRIMARY KEY REFERENCES ledger_entry (no),
    words    TSVECTOR NOT NULL
);
CREATE INDEX contribution_text_by_word ON contribution_text USING gin (words);

CREATE INDEX indicator_by_version ON indicator (version, id);

UPDATE pledge SET external_system = lower(external_system)
WHERE external_system <> lower(external_system)
  AND NOT EXISTS (SELECT 1 FROM pledge o WHERE o.no <> pledge.no AND lower(o.external_system) = lower(pledge.external_system) AND o.external_id = pledge.external_id);

UPDATE schema SET rules = 0;
