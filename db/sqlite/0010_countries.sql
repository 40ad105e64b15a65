-- What editors call countries. Codes and names stand in the program, which enters them here when it computes anew what is derived.
CREATE TABLE country (
    code    TEXT NOT NULL PRIMARY KEY CHECK (length(code) = 3),
    aliases TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(aliases)),
    search  TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX country_by_version ON country (version, code);
CREATE TRIGGER country_is_never_deleted BEFORE DELETE ON country BEGIN SELECT RAISE(ABORT, 'countries are never deleted'); END;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('country', 'country', '281 1'),
    ('country', 'country_by_version', '281 281 1');

-- Names of countries are not copied any more into what is searched.
UPDATE schema SET rules = 0;
ANALYZE sqlite_schema;
