-- What the numbers of the Financial Tracking Service stand for, as imports told them: `location` a country (ISO 3166-1 alpha-3), `emergency` an emergency by its name.
CREATE TABLE fts_number (
    kind   TEXT NOT NULL CHECK (kind = 'location' OR kind = 'emergency'),
    number INTEGER NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX fts_number_by_name ON fts_number (kind, name);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('fts_number', 'fts_number', '600 300 1'),
    ('fts_number', 'fts_number_by_name', '600 300 1 1');
ANALYZE sqlite_schema;
