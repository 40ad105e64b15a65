-- Figures as they are since rules 2: a line is counted in its pledge's currency, by what entries in others settle; withdrawals say why; adjustments.
-- The tables change in what they allow and in columns added at the end; nothing that stands in them is written again (https://www.sqlite.org/lang_altertable.html,
-- "changes that do not affect the on-disk content").
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'OR kind = ''payment'')', 'OR kind = ''payment''
                            OR kind = ''adjustment'')') WHERE type = 'table' AND name = 'ledger_entry';
UPDATE sqlite_schema SET sql = replace(sql, 'OR status = ''void'')', 'OR status = ''taken_back'' OR status = ''adjusted'' OR status = ''void'')')
    WHERE type = 'table' AND name = 'pledge';
UPDATE sqlite_schema SET sql = replace(sql, 'OR stage = ''refund'')', 'OR stage = ''refund'' OR stage = ''adjustment'')') WHERE type = 'table' AND name = 'contribution';
PRAGMA writable_schema = RESET;

-- What an entry in another currency settles of the pledge, in the pledge's minor units, signed like the amount; fixed when it is recorded.
ALTER TABLE ledger_entry ADD COLUMN settles_minor INTEGER;
-- The day it counts from, where that is not its date: what is recorded before its date counts from the day it was recorded on.
ALTER TABLE ledger_entry ADD COLUMN counts_from TEXT CHECK (counts_from IS date(counts_from));
-- Why it was withdrawn.
ALTER TABLE ledger_entry ADD COLUMN reason TEXT CHECK (reason IS NULL OR reason = 'withdrawn_by_donor' OR reason = 'lapsed' OR reason = 'written_off' OR reason = 'unspecified');
-- What an adjustment corrects.
ALTER TABLE ledger_entry ADD COLUMN adjusts TEXT CHECK (adjusts IS NULL OR adjusts = 'pledge' OR adjusts = 'commitment' OR adjusts = 'payment');
-- How exact the US dollars are, where that differs from the amount.
ALTER TABLE ledger_entry ADD COLUMN usd_qualifier TEXT CHECK (usd_qualifier IS NULL OR usd_qualifier = 'exact' OR usd_qualifier = 'approximate'
    OR usd_qualifier = 'at_least' OR usd_qualifier = 'at_most');

ALTER TABLE pledge DROP COLUMN paid_on_pledged_usd;
ALTER TABLE pledge ADD COLUMN revised_down_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pledge ADD COLUMN promised_only_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pledge ADD COLUMN excess_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pledge ADD COLUMN approximate INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pledge ADD COLUMN at_least INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pledge ADD COLUMN at_most INTEGER NOT NULL DEFAULT 0;

ALTER TABLE line DROP COLUMN paid_on_pledged_usd;
ALTER TABLE line ADD COLUMN revised_down_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE line ADD COLUMN promised_only_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE line ADD COLUMN excess_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE line ADD COLUMN approximate INTEGER NOT NULL DEFAULT 0;
ALTER TABLE line ADD COLUMN at_least INTEGER NOT NULL DEFAULT 0;
ALTER TABLE line ADD COLUMN at_most INTEGER NOT NULL DEFAULT 0;

ALTER TABLE total DROP COLUMN paid_on_pledged_usd;
ALTER TABLE total ADD COLUMN revised_down_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN promised_only_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN excess_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN approximate INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN at_least INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN at_most INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN withdrawn_by_donor_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN lapsed_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN written_off_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN direct_committed_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN direct_paid_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN adjusted_pledged_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN adjusted_committed_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE total ADD COLUMN adjusted_paid_usd INTEGER NOT NULL DEFAULT 0;

-- Derived: what a day added to a fund, by the years that the money is for: 0 and 0 where its header names none. pledged is net of the later fate of the
-- pledges made that day; money taken back comes off the days it lay on, the latest first; committed_direct is the part of committed that nobody had pledged.
DROP TABLE fund_year;
DROP TABLE fund_day;
CREATE TABLE fund_day (
    fund_id          TEXT NOT NULL REFERENCES fund (id),
    first_year       INTEGER NOT NULL,
    last_year        INTEGER NOT NULL,
    day              TEXT NOT NULL,
    pledged          INTEGER NOT NULL,
    committed        INTEGER NOT NULL,
    committed_direct INTEGER NOT NULL,
    paid             INTEGER NOT NULL,
    PRIMARY KEY (fund_id, first_year, last_year, day)
) STRICT, WITHOUT ROWID;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('fund_day', 'fund_day', '331330 166 80 60 1');

-- What was recorded before its date: up to a day ahead, because it is already tomorrow somewhere. Once, and not by the program.
DROP TRIGGER ledger_entry_is_never_updated;
UPDATE ledger_entry SET counts_from = (SELECT substr(coalesce(o.recorded_at, e.recorded_at), 1, 10) FROM ledger_entry e LEFT JOIN ledger_entry o ON o.no = e.reverses_no WHERE e.no = ledger_entry.no)
WHERE value_date > (SELECT substr(coalesce(o.recorded_at, e.recorded_at), 1, 10) FROM ledger_entry e LEFT JOIN ledger_entry o ON o.no = e.reverses_no WHERE e.no = ledger_entry.no);
CREATE TRIGGER ledger_entry_is_never_updated BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

UPDATE schema SET version = 2;
