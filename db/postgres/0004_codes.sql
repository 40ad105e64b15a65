-- Larger amounts, sums that are kept within bounds, organizations of type pooled_fund, the earlier round of an event, whose number an external id is,
-- and requirements that are dated to the month or the year.

-- The new bounds hold every appeal in dinars, rials or rupiahs.
ALTER TABLE organization DROP CONSTRAINT organization_type_check, ADD CONSTRAINT organization_type_check CHECK (
    type = '10' OR type = '11' OR type = '15' OR type = '21' OR type = '22' OR type = '23' OR type = '30'
    OR type = '40' OR type = '60' OR type = '70' OR type = '80' OR type = '90' OR type = 'group' OR type = 'pooled_fund');
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_amount_minor_check, DROP CONSTRAINT ledger_entry_usd_minor_check,
    ADD CONSTRAINT ledger_entry_amount_minor_check CHECK (amount_minor BETWEEN -100000000000000000 AND 100000000000000000),
    ADD CONSTRAINT ledger_entry_usd_minor_check CHECK (usd_minor BETWEEN -100000000000000 AND 100000000000000);
ALTER TABLE requirement DROP CONSTRAINT requirement_amount_minor_check,
    ADD CONSTRAINT requirement_amount_minor_check CHECK (amount_minor BETWEEN 0 AND 100000000000000000),
    ADD CONSTRAINT requirement_usd_minor_check CHECK (usd_minor BETWEEN 0 AND 100000000000000);
ALTER TABLE shortfall DROP CONSTRAINT shortfall_amount_minor_check,
    ADD CONSTRAINT shortfall_amount_minor_check CHECK (amount_minor BETWEEN 0 AND 100000000000000000),
    ADD CONSTRAINT shortfall_usd_minor_check CHECK (usd_minor BETWEEN 0 AND 100000000000000);

-- No sum leaves ±9 × 10^18, so that what is computed from it fits 64 bits. A header's lines are within what the header comes to.
CREATE TRIGGER pledge_stays_within_bounds BEFORE UPDATE OF amount_minor, pledged_usd, withdrawn_usd, committed_usd, paid_usd, outstanding_usd ON pledge FOR EACH ROW
WHEN (NEW.amount_minor NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.pledged_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.withdrawn_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.committed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.paid_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.outstanding_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000)
EXECUTE FUNCTION refuse('total_too_large');
CREATE TRIGGER total_stays_within_bounds BEFORE UPDATE ON total FOR EACH ROW
WHEN (NEW.pledged_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.withdrawn_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.committed_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000 OR NEW.paid_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000
  OR NEW.outstanding_usd NOT BETWEEN -9000000000000000000 AND 9000000000000000000)
EXECUTE FUNCTION refuse('total_too_large');

ALTER TABLE event ADD COLUMN preceded_by TEXT COLLATE "C" REFERENCES event (id) CHECK (preceded_by <> id);

-- Where it is null, external_id is a number of the organization that the entry was recorded for.
ALTER TABLE ledger_entry ADD COLUMN external_system TEXT COLLATE "C";
CREATE INDEX ledger_entry_by_system ON ledger_entry (external_system, value_date, no) WHERE external_system IS NOT NULL;

ALTER TABLE requirement ADD COLUMN date_precision TEXT COLLATE "C" NOT NULL DEFAULT 'day' CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate');
