-- What the numbers of the Financial Tracking Service stand for, as imports told them. What is said of it in db/sqlite is true here.
CREATE TABLE fts_number (
    kind   TEXT COLLATE "C" NOT NULL CHECK (kind = 'location' OR kind = 'emergency'),
    number BIGINT NOT NULL,
    name   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, number)
);
CREATE INDEX fts_number_by_name ON fts_number (kind, name);
