-- Each country's share of a header's money, where its source gives one: in ten-thousandths of a percent, in the order of countries; they add up to 1,000,000.
ALTER TABLE pledge ADD COLUMN shares TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(shares));

-- They are fixed with the countries.
DROP TRIGGER pledge_classification_is_fixed;
CREATE TRIGGER pledge_classification_is_fixed BEFORE UPDATE OF id, origin, fund_id, recipient_id, event_id, instrument, currency, shared, countries,
    announced_on, usage_years, restates_no, passed_on_from_no, shares ON pledge
WHEN (NEW.id, NEW.origin, NEW.fund_id, NEW.recipient_id, NEW.event_id, NEW.instrument, NEW.currency, NEW.shared, NEW.countries, NEW.announced_on,
      NEW.usage_years, NEW.restates_no, NEW.passed_on_from_no, NEW.shares)
   IS NOT (OLD.id, OLD.origin, OLD.fund_id, OLD.recipient_id, OLD.event_id, OLD.instrument, OLD.currency, OLD.shared, OLD.countries, OLD.announced_on,
      OLD.usage_years, OLD.restates_no, OLD.passed_on_from_no, OLD.shares)
 AND EXISTS (SELECT 1 FROM ledger_entry e WHERE e.pledge_no = OLD.no)
BEGIN SELECT RAISE(ABORT, 'a pledge with entries is reclassified, not changed'); END;
