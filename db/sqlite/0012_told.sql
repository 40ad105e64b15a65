-- What covers a shortfall is told by instrument, a renewed key continues the one before, and units have names in both languages.

-- Derived: what a day added to a fund, by instrument and by the years that the money is for: 0 and 0 where its header names none. pledged is net of the later fate
-- of the pledges made that day; money taken back comes off the days it lay on, the latest first; committed_direct is the part of committed that nobody had pledged.
DROP TABLE fund_day;
CREATE TABLE fund_day (
    fund_id          TEXT NOT NULL REFERENCES fund (id),
    first_year       INTEGER NOT NULL,
    last_year        INTEGER NOT NULL,
    day              TEXT NOT NULL,
    instrument       TEXT NOT NULL,
    pledged          INTEGER NOT NULL,
    committed        INTEGER NOT NULL,
    committed_direct INTEGER NOT NULL,
    paid             INTEGER NOT NULL,
    PRIMARY KEY (fund_id, first_year, last_year, day, instrument)
) STRICT, WITHOUT ROWID;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('fund_day', 'fund_day', '331330 166 80 60 2 1');

-- The first of the keys that this one continues, each made for the one before: what is recorded with it goes by the first.
ALTER TABLE api_key ADD COLUMN continues TEXT REFERENCES api_key (id) CHECK (continues <> id);

-- The unit as people read it behind the number.
ALTER TABLE indicator ADD COLUMN unit_name_en TEXT;
ALTER TABLE indicator ADD COLUMN unit_name_ar TEXT;

UPDATE schema SET rules = 0;
ANALYZE sqlite_schema;
