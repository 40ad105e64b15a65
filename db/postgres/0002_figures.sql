-- Figures as they are since rules 2: a line is counted in its pledge's currency, by what entries in others settle; withdrawals say why; adjustments.
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind_check CHECK (kind = 'pledge' OR kind = 'revision' OR kind = 'withdrawal' OR kind = 'commitment' OR kind = 'payment'
                            OR kind = 'adjustment');
ALTER TABLE pledge DROP CONSTRAINT pledge_status_check;
ALTER TABLE pledge ADD CONSTRAINT pledge_status_check CHECK (status = 'announced' OR status = 'partially_committed' OR status = 'committed'
                            OR status = 'partially_paid' OR status = 'paid' OR status = 'partially_withdrawn' OR status = 'withdrawn'
                            OR status = 'taken_back' OR status = 'adjusted' OR status = 'void');
ALTER TABLE contribution DROP CONSTRAINT contribution_stage_check;
ALTER TABLE contribution ADD CONSTRAINT contribution_stage_check CHECK (stage = 'commitment' OR stage = 'release' OR stage = 'payment' OR stage = 'refund' OR stage = 'adjustment');

-- What an entry in another currency settles of the pledge, in the pledge's minor units, signed like the amount; fixed when it is recorded.
ALTER TABLE ledger_entry ADD COLUMN settles_minor BIGINT;
-- The day it counts from, where that is not its date: what is recorded before its date counts from the day it was recorded on.
ALTER TABLE ledger_entry ADD COLUMN counts_from DATE;
-- Why it was withdrawn.
ALTER TABLE ledger_entry ADD COLUMN reason TEXT COLLATE "C" CHECK (reason IS NULL OR reason = 'withdrawn_by_donor' OR reason = 'lapsed' OR reason = 'written_off' OR reason = 'unspecified');
-- What an adjustment corrects.
ALTER TABLE ledger_entry ADD COLUMN adjusts TEXT COLLATE "C" CHECK (adjusts IS NULL OR adjusts = 'pledge' OR adjusts = 'commitment' OR adjusts = 'payment');
-- How exact the US dollars are, where that differs from the amount.
ALTER TABLE ledger_entry ADD COLUMN usd_qualifier TEXT COLLATE "C" CHECK (usd_qualifier IS NULL OR usd_qualifier = 'exact' OR usd_qualifier = 'approximate'
    OR usd_qualifier = 'at_least' OR usd_qualifier = 'at_most');

ALTER TABLE pledge DROP COLUMN paid_on_pledged_usd;
ALTER TABLE pledge ADD COLUMN revised_down_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN promised_only_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN excess_usd BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN approximate BIGINT NOT NULL DEFAULT 0, ADD COLUMN at_least BIGINT NOT NULL DEFAULT 0, ADD COLUMN at_most BIGINT NOT NULL DEFAULT 0;
ALTER TABLE line DROP COLUMN paid_on_pledged_usd;
ALTER TABLE line ADD COLUMN revised_down_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN promised_only_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN excess_usd BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN approximate BIGINT NOT NULL DEFAULT 0, ADD COLUMN at_least BIGINT NOT NULL DEFAULT 0, ADD COLUMN at_most BIGINT NOT NULL DEFAULT 0;
ALTER TABLE total DROP COLUMN paid_on_pledged_usd;
ALTER TABLE total ADD COLUMN revised_down_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN promised_only_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN excess_usd BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN approximate BIGINT NOT NULL DEFAULT 0, ADD COLUMN at_least BIGINT NOT NULL DEFAULT 0, ADD COLUMN at_most BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN withdrawn_by_donor_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN lapsed_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN written_off_usd BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN direct_committed_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN direct_paid_usd BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN adjusted_pledged_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN adjusted_committed_usd BIGINT NOT NULL DEFAULT 0, ADD COLUMN adjusted_paid_usd BIGINT NOT NULL DEFAULT 0;

-- Derived: what a day added to a fund, by the years that the money is for: 0 and 0 where its header names none. pledged is net of the later fate of the
-- pledges made that day; money taken back comes off the days it lay on, the latest first; committed_direct is the part of committed that nobody had pledged.
DROP TABLE fund_year;
DROP TABLE fund_day;
CREATE TABLE fund_day (
    fund_id          TEXT COLLATE "C" NOT NULL REFERENCES fund (id),
    first_year       BIGINT NOT NULL,
    last_year        BIGINT NOT NULL,
    day              DATE NOT NULL,
    pledged          BIGINT NOT NULL,
    committed        BIGINT NOT NULL,
    committed_direct BIGINT NOT NULL,
    paid             BIGINT NOT NULL,
    PRIMARY KEY (fund_id, first_year, last_year, day)
);

-- What was recorded before its date: up to a day ahead, because it is already tomorrow somewhere. Once, and not by the program.
ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_is_never_updated;
UPDATE ledger_entry e SET counts_from = d.day
FROM (SELECT n.no, CAST(coalesce(o.recorded_at, n.recorded_at) AT TIME ZONE 'UTC' AS date) AS day FROM ledger_entry n LEFT JOIN ledger_entry o ON o.no = n.reverses_no) d
WHERE d.no = e.no AND e.value_date > d.day;
ALTER TABLE ledger_entry ENABLE TRIGGER ledger_entry_is_never_updated;

UPDATE schema SET version = 2;
