-- What a total as of any day is read from: what each day changed of a line, and each month of a total.

-- What was committed and is not paid yet, at the pledge's rate.
ALTER TABLE pledge ADD COLUMN undisbursed_usd BIGINT NOT NULL DEFAULT 0;
ALTER TABLE line ADD COLUMN undisbursed_usd BIGINT NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN undisbursed_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN pledges BIGINT NOT NULL DEFAULT 0;

-- More totals than those of donors, funds and events: of all (id ''), of countries, and of the months in which pledges were announced. What names no fund, no event or no
-- country has the id '', money for several countries that nobody split the id 'shared'. pledges counts headers, in a donor's total its lines.
ALTER TABLE total DROP CONSTRAINT total_scope_check, ADD CONSTRAINT total_scope_check CHECK (scope = 'all' OR scope = 'donor' OR scope = 'fund' OR scope = 'event' OR scope = 'country' OR scope = 'announced');

-- Derived: what each day changed of a line: its sums at the end of that day less those at the end of the day before. Of all headers, counted or not; a day that changed
-- nothing has no row, but for a line's first.
CREATE TABLE line_day (
    pledge_no              BIGINT NOT NULL REFERENCES pledge (no),
    donor_id               TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    day                    DATE NOT NULL,
    pledged_usd            BIGINT NOT NULL,
    revised_down_usd       BIGINT NOT NULL,
    withdrawn_usd          BIGINT NOT NULL,
    committed_usd          BIGINT NOT NULL,
    paid_usd               BIGINT NOT NULL,
    outstanding_usd        BIGINT NOT NULL,
    promised_only_usd      BIGINT NOT NULL,
    excess_usd             BIGINT NOT NULL,
    undisbursed_usd        BIGINT NOT NULL,
    approximate            BIGINT NOT NULL,
    at_least               BIGINT NOT NULL,
    at_most                BIGINT NOT NULL,
    withdrawn_by_donor_usd BIGINT NOT NULL,
    lapsed_usd             BIGINT NOT NULL,
    written_off_usd        BIGINT NOT NULL,
    direct_committed_usd   BIGINT NOT NULL,
    direct_paid_usd        BIGINT NOT NULL,
    adjusted_pledged_usd   BIGINT NOT NULL,
    adjusted_committed_usd BIGINT NOT NULL,
    adjusted_paid_usd      BIGINT NOT NULL,
    PRIMARY KEY (pledge_no, donor_id, day)
);
CREATE INDEX line_day_by_day ON line_day (day, pledge_no, donor_id);

-- Derived: what each month changed of a total, which is the sum of its months. pledges counts each header in the month of its first entry that stands.
CREATE TABLE total_month (
    scope                  TEXT COLLATE "C" NOT NULL CHECK (scope = 'all' OR scope = 'donor' OR scope = 'fund' OR scope = 'event' OR scope = 'country' OR scope = 'announced'),
    instrument             TEXT COLLATE "C" NOT NULL,
    id                     TEXT COLLATE "C" NOT NULL,
    month                  TEXT COLLATE "C" NOT NULL,
    pledges                BIGINT NOT NULL,
    pledged_usd            BIGINT NOT NULL,
    revised_down_usd       BIGINT NOT NULL,
    withdrawn_usd          BIGINT NOT NULL,
    committed_usd          BIGINT NOT NULL,
    paid_usd               BIGINT NOT NULL,
    outstanding_usd        BIGINT NOT NULL,
    promised_only_usd      BIGINT NOT NULL,
    excess_usd             BIGINT NOT NULL,
    undisbursed_usd        BIGINT NOT NULL,
    approximate            BIGINT NOT NULL,
    at_least               BIGINT NOT NULL,
    at_most                BIGINT NOT NULL,
    withdrawn_by_donor_usd BIGINT NOT NULL,
    lapsed_usd             BIGINT NOT NULL,
    written_off_usd        BIGINT NOT NULL,
    direct_committed_usd   BIGINT NOT NULL,
    direct_paid_usd        BIGINT NOT NULL,
    adjusted_pledged_usd   BIGINT NOT NULL,
    adjusted_committed_usd BIGINT NOT NULL,
    adjusted_paid_usd      BIGINT NOT NULL,
    PRIMARY KEY (scope, instrument, id, month)
);

-- No sum leaves ±9 × 10^18.
DROP TRIGGER pledge_stays_within_bounds ON pledge;
DROP TRIGGER total_stays_within_bounds ON total;
CREATE TRIGGER pledge_stays_within_bounds BEFORE UPDATE OF amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd, outstanding_usd, undisbursed_usd ON pledge FOR EACH ROW
WHEN (NEW.amount_minor NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.pledged_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.withdrawn_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.committed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.paid_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.outstanding_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.undisbursed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000)
EXECUTE FUNCTION refuse('total_too_large');
CREATE TRIGGER total_stays_within_bounds BEFORE UPDATE ON total FOR EACH ROW
WHEN (NEW.pledged_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.withdrawn_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.committed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.paid_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.outstanding_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.undisbursed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000)
EXECUTE FUNCTION refuse('total_too_large');
CREATE TRIGGER total_month_stays_within_bounds BEFORE UPDATE ON total_month FOR EACH ROW
WHEN (NEW.pledged_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.withdrawn_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.committed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.paid_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.outstanding_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.undisbursed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000)
EXECUTE FUNCTION refuse('total_too_large');

-- What is derived is computed anew.
UPDATE schema SET rules = 0;
