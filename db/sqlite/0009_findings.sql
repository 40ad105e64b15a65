-- Notes of contributions are searched, and indicators are pulled by what changed.

-- Derived: the folded words of contributions' own notes, for q=. What they stand under has its words in pledge_text.
CREATE VIRTUAL TABLE contribution_text USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'ascii');

CREATE INDEX indicator_by_version ON indicator (version, id);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('indicator', 'indicator_by_version', '4000 1 1');

-- FTS and fts are one system: its name is kept in small letters. What stands in the ledger stays as it was written, and is compared so.
UPDATE pledge SET external_system = lower(external_system)
WHERE external_system <> lower(external_system)
  AND NOT EXISTS (SELECT 1 FROM pledge o WHERE o.no <> pledge.no AND lower(o.external_system) = lower(pledge.external_system) AND o.external_id = pledge.external_id);

-- What is searched knows more names and signs than before, and a contribution's system is found in small letters: both are derived anew.
UPDATE schema SET rules = 0;
ANALYZE sqlite_schema;
