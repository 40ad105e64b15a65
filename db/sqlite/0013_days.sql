-- What a total as of any day is read from: what each day changed of a line, and each month of a total.

-- What was committed and is not paid yet, at the pledge's rate.
ALTER TABLE pledge ADD COLUMN undisbursed_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE line ADD COLUMN undisbursed_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN undisbursed_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN pledges INTEGER NOT NULL DEFAULT 0;

-- More totals than those of donors, funds and events: of all (id ''), of countries, and of the months in which pledges were announced. What names no fund, no event or no
-- country has the id '', money for several countries that nobody split the id 'shared'. pledges counts headers, in a donor's total its lines.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'OR scope = ''event'')', 'OR scope = ''event'' OR scope = ''country'' OR scope = ''announced'' OR scope = ''all'')')
WHERE type = 'table' AND name = 'total';
PRAGMA writable_schema = RESET;

-- Derived: what each day changed of a line: its sums at the end of that day less those at the end of the day before. Of all headers, counted or not; a day that changed
-- nothing has no row, but for a line's first.
CREATE TABLE line_day (
    pledge_no              INTEGER NOT NULL REFERENCES pledge (no),
    donor_id               TEXT NOT NULL REFERENCES organization (id),
    day                    TEXT NOT NULL,
    pledged_usd            INTEGER NOT NULL,
    revised_down_usd       INTEGER NOT NULL,
    withdrawn_usd          INTEGER NOT NULL,
    committed_usd          INTEGER NOT NULL,
    paid_usd               INTEGER NOT NULL,
    outstanding_usd        INTEGER NOT NULL,
    promised_only_usd      INTEGER NOT NULL,
    excess_usd             INTEGER NOT NULL,
    undisbursed_usd        INTEGER NOT NULL,
    approximate            INTEGER NOT NULL,
    at_least               INTEGER NOT NULL,
    at_most                INTEGER NOT NULL,
    withdrawn_by_donor_usd INTEGER NOT NULL,
    lapsed_usd             INTEGER NOT NULL,
    written_off_usd        INTEGER NOT NULL,
    direct_committed_usd   INTEGER NOT NULL,
    direct_paid_usd        INTEGER NOT NULL,
    adjusted_pledged_usd   INTEGER NOT NULL,
    adjusted_committed_usd INTEGER NOT NULL,
    adjusted_paid_usd      INTEGER NOT NULL,
    PRIMARY KEY (pledge_no, donor_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_day_by_day ON line_day (day, pledge_no, donor_id);

-- Derived: what each month changed of a total, which is the sum of its months. pledges counts each header in the month of its first entry that stands.
CREATE TABLE total_month (
    scope                  TEXT NOT NULL CHECK (scope = 'all' OR scope = 'donor' OR scope = 'fund' OR scope = 'event' OR scope = 'country' OR scope = 'announced'),
    instrument             TEXT NOT NULL,
    id                     TEXT NOT NULL,
    month                  TEXT NOT NULL,
    pledges                INTEGER NOT NULL,
    pledged_usd            INTEGER NOT NULL,
    revised_down_usd       INTEGER NOT NULL,
    withdrawn_usd          INTEGER NOT NULL,
    committed_usd          INTEGER NOT NULL,
    paid_usd               INTEGER NOT NULL,
    outstanding_usd        INTEGER NOT NULL,
    promised_only_usd      INTEGER NOT NULL,
    excess_usd             INTEGER NOT NULL,
    undisbursed_usd        INTEGER NOT NULL,
    approximate            INTEGER NOT NULL,
    at_least               INTEGER NOT NULL,
    at_most                INTEGER NOT NULL,
    withdrawn_by_donor_usd INTEGER NOT NULL,
    lapsed_usd             INTEGER NOT NULL,
    written_off_usd        INTEGER NOT NULL,
    direct_committed_usd   INTEGER NOT NULL,
    direct_paid_usd        INTEGER NOT NULL,
    adjusted_pledged_usd   INTEGER NOT NULL,
    adjusted_committed_usd INTEGER NOT NULL,
    adjusted_paid_usd      INTEGER NOT NULL,
    PRIMARY KEY (scope, instrument, id, month)
) STRICT, WITHOUT ROWID;

-- No sum leaves ±9 × 10^18.
DROP TRIGGER pledge_stays_within_bounds;
DROP TRIGGER total_stays_within_bounds;
CREATE TRIGGER pledge_stays_within_bounds BEFORE UPDATE OF amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd, outstanding_usd, undisbursed_usd ON pledge
WHEN NEW.amount_minor NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.pledged_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.withdrawn_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.committed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.paid_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.outstanding_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.undisbursed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
BEGIN SELECT RAISE(ABORT, 'total_too_large'); END;
CREATE TRIGGER total_stays_within_bounds BEFORE UPDATE ON total
WHEN NEW.pledged_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.withdrawn_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.committed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.paid_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.outstanding_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.undisbursed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
BEGIN SELECT RAISE(ABORT, 'total_too_large'); END;
CREATE TRIGGER total_month_stays_within_bounds BEFORE UPDATE ON total_month
WHEN NEW.pledged_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.withdrawn_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.committed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.paid_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.outstanding_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.undisbursed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
BEGIN SELECT RAISE(ABORT, 'total_too_large'); END;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('line_day', 'line_day', '449720 3 3 1'),
    ('line_day', 'line_day_by_day', '449720 83 2 1'),
    ('total_month', 'total_month', '1000000 166667 18519 36 1');

-- What is derived is computed anew.
UPDATE schema SET rules = 0;
ANALYZE sqlite_schema;
