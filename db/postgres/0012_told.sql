-- What covers a shortfall is told by instrument, a renewed key continues the one before, and units have names in both languages. What is said of it in db/sqlite is
-- true here.

DROP TABLE fund_day;
CREATE TABLE fund_day (
    fund_id          TEXT COLLATE "C" NOT NULL REFERENCES fund (id),
    first_year       BIGINT NOT NULL,
    last_year        BIGINT NOT NULL,
    day              DATE NOT NULL,
    instrument       TEXT COLLATE "C" NOT NULL,
    pledged          BIGINT NOT NULL,
    committed        BIGINT NOT NULL,
    committed_direct BIGINT NOT NULL,
    paid             BIGINT NOT NULL,
    PRIMARY KEY (fund_id, first_year, last_year, day, instrument)
);

ALTER TABLE api_key ADD COLUMN continues TEXT COLLATE "C" REFERENCES api_key (id) CHECK (continues <> id);

ALTER TABLE indicator ADD COLUMN unit_name_en TEXT COLLATE "C";
ALTER TABLE indicator ADD COLUMN unit_name_ar TEXT COLLATE "C";

UPDATE schema SET rules = 0;
