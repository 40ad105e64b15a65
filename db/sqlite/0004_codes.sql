-- Larger amounts, sums that are kept within bounds, organizations of type pooled_fund, the earlier round of an event, whose number an external id is,
-- and requirements that are dated to the month or the year.

-- What a CHECK says is not what is on the disk: its text is changed and read again. The new bounds hold every appeal in dinars, rials or rupiahs.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'OR type = ''group'')', 'OR type = ''group'' OR type = ''pooled_fund'')')
WHERE type = 'table' AND name = 'organization';
UPDATE sqlite_schema SET sql = replace(replace(sql,
    'amount_minor BETWEEN -999999999999999 AND 999999999999999', 'amount_minor BETWEEN -100000000000000000 AND 100000000000000000'),
    'usd_minor BETWEEN -999999999999999 AND 999999999999999', 'usd_minor BETWEEN -100000000000000 AND 100000000000000')
WHERE type = 'table' AND name = 'ledger_entry';
UPDATE sqlite_schema SET sql = replace(replace(sql,
    'amount_minor BETWEEN 0 AND 999999999999999', 'amount_minor BETWEEN 0 AND 100000000000000000'),
    'usd_minor      INTEGER NOT NULL,', 'usd_minor      INTEGER NOT NULL CHECK (usd_minor BETWEEN 0 AND 100000000000000),')
WHERE type = 'table' AND (name = 'requirement' OR name = 'shortfall');
PRAGMA writable_schema = RESET;

-- No sum leaves ±9 × 10^18, so that what is computed from it fits 64 bits. A header's lines are within what the header comes to.
CREATE TRIGGER pledge_stays_within_bounds BEFORE UPDATE OF amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd, outstanding_usd ON pledge
WHEN NEW.amount_minor NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.pledged_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.withdrawn_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.committed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.paid_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.outstanding_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
BEGIN SELECT RAISE(ABORT, 'total_too_large'); END;
CREATE TRIGGER total_stays_within_bounds BEFORE UPDATE ON total
WHEN NEW.pledged_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.withdrawn_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.committed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.paid_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.outstanding_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
BEGIN SELECT RAISE(ABORT, 'total_too_large'); END;

ALTER TABLE event ADD COLUMN preceded_by TEXT REFERENCES event (id) CHECK (preceded_by <> id);

-- Where it is null, external_id is a number of the organization that the entry was recorded for.
ALTER TABLE ledger_entry ADD COLUMN external_system TEXT;
CREATE INDEX ledger_entry_by_system ON ledger_entry (external_system, value_date) WHERE external_system IS NOT NULL;

ALTER TABLE requirement ADD COLUMN date_precision TEXT NOT NULL DEFAULT 'day' CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate');

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('ledger_entry', 'ledger_entry_by_system', '113336 37779 13');
ANALYZE sqlite_schema;
