-- What is said of it in db/sqlite is true here.
ALTER TABLE pledge ADD COLUMN shares TEXT COLLATE "C" NOT NULL DEFAULT '[]' CHECK (shares::json IS NOT NULL);

CREATE OR REPLACE FUNCTION pledge_classification_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.origin, NEW.fund_id, NEW.recipient_id, NEW.event_id, NEW.instrument, NEW.currency, NEW.shared, NEW.countries, NEW.announced_on,
        NEW.usage_years, NEW.restates_no, NEW.passed_on_from_no, NEW.shares)
       IS DISTINCT FROM (OLD.id, OLD.origin, OLD.fund_id, OLD.recipient_id, OLD.event_id, OLD.instrument, OLD.currency, OLD.shared, OLD.countries,
        OLD.announced_on, OLD.usage_years, OLD.restates_no, OLD.passed_on_from_no, OLD.shares)
       AND EXISTS (SELECT 1 FROM ledger_entry e WHERE e.pledge_no = OLD.no) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a pledge with entries is reclassified, not changed';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER pledge_classification_is_fixed ON pledge;
CREATE TRIGGER pledge_classification_is_fixed BEFORE UPDATE OF id, origin, fund_id, recipient_id, event_id, instrument, currency, shared, countries,
    announced_on, usage_years, restates_no, passed_on_from_no, shares ON pledge
    FOR EACH ROW EXECUTE FUNCTION pledge_classification_is_fixed();
