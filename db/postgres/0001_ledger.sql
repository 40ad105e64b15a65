-- The ledger on PostgreSQL: the tables of db/sqlite with the same columns in the same order, indexes and triggers; a test asks both
-- engines and compares. What they are for is said there as well as here.
-- Tables marked "derived" hold nothing that could not be computed again from the others; `verify` does so.
-- Amounts are integers of minor units (cents, fils); usd_minor is US cents. Instants are whole milliseconds.
-- Every text is COLLATE "C": compared and sorted byte by byte, as SQLite does, whatever the database was created with.
-- Row numbers (no, seq) are given by the program: one more than the last, under its lock, so that none is ever left out.
-- An index ends in the row number, or in the id, which breaks ties.

-- What this database is: the version of its tables, and of the rules that computed what is derived in it.
CREATE TABLE schema (
    no      BIGINT PRIMARY KEY CHECK (no = 1),
    version BIGINT NOT NULL,
    rules   BIGINT NOT NULL
);
INSERT INTO schema (no, version, rules) VALUES (1, 1, 1);

-- What a trigger calls to refuse whatever happens to its table; its argument says why.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0];
END $$;

CREATE TABLE organization (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id ~ '^[a-z0-9]' AND length(id) <= 64),
    name_en        TEXT COLLATE "C",
    name_ar        TEXT COLLATE "C",
    type           TEXT COLLATE "C" NOT NULL CHECK (type = '10' OR type = '11' OR type = '15' OR type = '21' OR type = '22' OR type = '23' OR type = '30'
                            OR type = '40' OR type = '60' OR type = '70' OR type = '80' OR type = '90' OR type = 'group'),
    country        TEXT COLLATE "C" CHECK (length(country) = 3),
    description_en TEXT COLLATE "C",
    description_ar TEXT COLLATE "C",
    website        TEXT COLLATE "C",
    merged_into    TEXT COLLATE "C" REFERENCES organization (id) CHECK (merged_into <> id),
    search         TEXT COLLATE "C" NOT NULL,
    version        BIGINT NOT NULL,
    CHECK (name_en IS NOT NULL OR name_ar IS NOT NULL)
);
CREATE INDEX organization_by_merge ON organization (merged_into, id) WHERE merged_into IS NOT NULL;
CREATE INDEX organization_by_type ON organization (type, id);
CREATE INDEX organization_by_country ON organization (country, id);
CREATE TRIGGER organization_is_never_deleted BEFORE DELETE ON organization FOR EACH ROW EXECUTE FUNCTION refuse('organizations are never deleted');
CREATE TRIGGER organization_is_never_truncated BEFORE TRUNCATE ON organization FOR EACH STATEMENT EXECUTE FUNCTION refuse('organizations are never deleted');

CREATE TABLE fund (
    id               TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id ~ '^[a-z0-9]' AND length(id) <= 64),
    name_en          TEXT COLLATE "C",
    name_ar          TEXT COLLATE "C",
    kind             TEXT COLLATE "C" NOT NULL CHECK (kind = 'facility' OR kind = 'trust_fund' OR kind = 'appeal' OR kind = 'programme' OR kind = 'pledge_drive'),
    description_en   TEXT COLLATE "C",
    description_ar   TEXT COLLATE "C",
    parent_id        TEXT COLLATE "C" REFERENCES fund (id) CHECK (parent_id <> id),
    administrator_id TEXT COLLATE "C" REFERENCES organization (id),
    countries        TEXT COLLATE "C" NOT NULL DEFAULT '[]' CHECK (countries::json IS NOT NULL),
    website          TEXT COLLATE "C",
    search           TEXT COLLATE "C" NOT NULL,
    version          BIGINT NOT NULL,
    CHECK (name_en IS NOT NULL OR name_ar IS NOT NULL)
);
CREATE INDEX fund_by_parent ON fund (parent_id, id) WHERE parent_id IS NOT NULL;
CREATE TRIGGER fund_is_never_deleted BEFORE DELETE ON fund FOR EACH ROW EXECUTE FUNCTION refuse('funds are never deleted');
CREATE TRIGGER fund_is_never_truncated BEFORE TRUNCATE ON fund FOR EACH STATEMENT EXECUTE FUNCTION refuse('funds are never deleted');

CREATE TABLE event (
    id                 TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id ~ '^[a-z0-9]' AND length(id) <= 64),
    name_en            TEXT COLLATE "C",
    name_ar            TEXT COLLATE "C",
    starts_on          DATE NOT NULL,
    ends_on            DATE CHECK (ends_on >= starts_on),
    place_en           TEXT COLLATE "C",
    place_ar           TEXT COLLATE "C",
    country            TEXT COLLATE "C" CHECK (length(country) = 3),
    description_en     TEXT COLLATE "C",
    description_ar     TEXT COLLATE "C",
    -- What was announced as the event's total, whether or not anybody published its parts.
    reported_minor     BIGINT,
    reported_currency  TEXT COLLATE "C" CHECK ((reported_minor IS NULL) = (reported_currency IS NULL)),
    reported_qualifier TEXT COLLATE "C" CHECK (reported_qualifier = 'exact' OR reported_qualifier = 'approximate' OR reported_qualifier = 'at_least'
                            OR reported_qualifier = 'at_most'),
    search             TEXT COLLATE "C" NOT NULL,
    version            BIGINT NOT NULL,
    CHECK (name_en IS NOT NULL OR name_ar IS NOT NULL)
);
CREATE INDEX event_by_start ON event (starts_on, id);
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse('events are never deleted');
CREATE TRIGGER event_is_never_truncated BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse('events are never deleted');

CREATE TABLE source (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id ~ '^[a-z0-9]' AND length(id) <= 64),
    title_en       TEXT COLLATE "C",
    title_ar       TEXT COLLATE "C",
    publisher_en   TEXT COLLATE "C",
    publisher_ar   TEXT COLLATE "C",
    url            TEXT COLLATE "C",
    language       TEXT COLLATE "C" NOT NULL,
    published_on   DATE NOT NULL,
    date_qualifier TEXT COLLATE "C" NOT NULL DEFAULT 'exact' CHECK (date_qualifier = 'exact' OR date_qualifier = 'approximate'),
    reliability    TEXT COLLATE "C" NOT NULL CHECK (reliability = 'primary' OR reliability = 'secondary'),
    note_en        TEXT COLLATE "C",
    note_ar        TEXT COLLATE "C",
    search         TEXT COLLATE "C" NOT NULL,
    version        BIGINT NOT NULL,
    CHECK (title_en IS NOT NULL OR title_ar IS NOT NULL)
);
CREATE INDEX source_by_date ON source (published_on, id);
CREATE TRIGGER source_is_never_deleted BEFORE DELETE ON source FOR EACH ROW EXECUTE FUNCTION refuse('sources are never deleted');
CREATE TRIGGER source_is_never_truncated BEFORE TRUNCATE ON source FOR EACH STATEMENT EXECUTE FUNCTION refuse('sources are never deleted');

CREATE TABLE exchange_rate (
    no           BIGINT PRIMARY KEY,
    currency     TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3 AND currency <> 'USD'),
    date         DATE NOT NULL,
    -- US dollars for one unit of the currency, times 10^12: exact for every rate that is published.
    usd_pico     BIGINT NOT NULL CHECK (usd_pico > 0),
    provider     TEXT COLLATE "C" NOT NULL,
    url          TEXT COLLATE "C",
    recorded_at  TIMESTAMPTZ NOT NULL,
    recorded_by  TEXT COLLATE "C" NOT NULL,
    UNIQUE (currency, date, provider)
);
CREATE INDEX exchange_rate_by_date ON exchange_rate (date, no);
CREATE INDEX exchange_rate_by_currency ON exchange_rate (currency, date, no);

-- One header per promise, or per direct contribution (origin = 'direct'), so that all money hangs on one kind of thing.
CREATE TABLE pledge (
    no                  BIGINT PRIMARY KEY,
    id                  TEXT COLLATE "C" NOT NULL UNIQUE,
    origin              TEXT COLLATE "C" NOT NULL CHECK (origin = 'announced' OR origin = 'direct'),
    fund_id             TEXT COLLATE "C" REFERENCES fund (id),
    recipient_id        TEXT COLLATE "C" REFERENCES organization (id),
    event_id            TEXT COLLATE "C" REFERENCES event (id),
    instrument          TEXT COLLATE "C" NOT NULL CHECK (instrument = 'grant' OR instrument = 'loan' OR instrument = 'credit_line'
                            OR instrument = 'guarantee' OR instrument = 'investment' OR instrument = 'in_kind' OR instrument = 'mou'
                            OR instrument = 'unspecified'),
    currency            TEXT COLLATE "C" CHECK (length(currency) = 3),
    qualifier           TEXT COLLATE "C" NOT NULL CHECK (qualifier = 'exact' OR qualifier = 'approximate' OR qualifier = 'at_least' OR qualifier = 'at_most'),
    shared              BOOLEAN NOT NULL DEFAULT FALSE,
    announced_on        DATE NOT NULL,
    date_precision      TEXT COLLATE "C" NOT NULL CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate'),
    due_on              DATE,
    instalments         TEXT COLLATE "C" NOT NULL DEFAULT '[]' CHECK (instalments::json IS NOT NULL),
    countries           TEXT COLLATE "C" NOT NULL DEFAULT '[]' CHECK (countries::json IS NOT NULL),
    sectors             TEXT COLLATE "C" NOT NULL DEFAULT '[]' CHECK (sectors::json IS NOT NULL),
    usage_years         TEXT COLLATE "C" NOT NULL DEFAULT '[]' CHECK (usage_years::json IS NOT NULL),
    earmarking          TEXT COLLATE "C" CHECK (earmarking = 'unearmarked' OR earmarking = 'softly_earmarked' OR earmarking = 'tightly_earmarked'
                            OR earmarking = 'earmarked'),
    description_en      TEXT COLLATE "C",
    description_ar      TEXT COLLATE "C",
    note_en             TEXT COLLATE "C",
    note_ar             TEXT COLLATE "C",
    restates_no         BIGINT REFERENCES pledge (no),
    passed_on_from_no   BIGINT REFERENCES pledge (no),
    reclassifies_no     BIGINT REFERENCES pledge (no),
    external_system     TEXT COLLATE "C",
    external_id         TEXT COLLATE "C",
    recorded_at         TIMESTAMPTZ NOT NULL,
    recorded_by         TEXT COLLATE "C" NOT NULL,
    version             BIGINT NOT NULL,
    -- Money that repackages or passes on money already counted stays out of totals.
    counted             BOOLEAN NOT NULL GENERATED ALWAYS AS (restates_no IS NULL AND passed_on_from_no IS NULL) STORED,
    -- Derived: the sums over this header's lines.
    amount_minor        BIGINT,
    pledged_usd         BIGINT NOT NULL DEFAULT 0,
    withdrawn_usd       BIGINT NOT NULL DEFAULT 0,
    committed_usd       BIGINT NOT NULL DEFAULT 0,
    paid_usd            BIGINT NOT NULL DEFAULT 0,
    paid_on_pledged_usd BIGINT NOT NULL DEFAULT 0,
    outstanding_usd     BIGINT NOT NULL DEFAULT 0,
    status              TEXT COLLATE "C" NOT NULL DEFAULT 'void' CHECK (status = 'announced' OR status = 'partially_committed' OR status = 'committed'
                            OR status = 'partially_paid' OR status = 'paid' OR status = 'partially_withdrawn' OR status = 'withdrawn'
                            OR status = 'void'),
    -- Derived: the due date that has been missed once it has passed, as the money stands now.
    overdue_from        DATE,
    CHECK (origin = 'direct' OR currency IS NOT NULL)
);
CREATE INDEX pledge_by_announced ON pledge (origin, announced_on, no);
CREATE INDEX pledge_by_amount ON pledge (origin, pledged_usd, no);
CREATE INDEX pledge_by_outstanding ON pledge (origin, outstanding_usd, no);
CREATE INDEX pledge_by_fund_announced ON pledge (fund_id, origin, announced_on, no);
CREATE INDEX pledge_by_fund_amount ON pledge (fund_id, origin, pledged_usd, no);
CREATE INDEX pledge_by_fund_outstanding ON pledge (fund_id, origin, outstanding_usd, no);
CREATE INDEX pledge_by_recipient_announced ON pledge (recipient_id, origin, announced_on, no) WHERE recipient_id IS NOT NULL;
CREATE INDEX pledge_by_recipient_amount ON pledge (recipient_id, origin, pledged_usd, no) WHERE recipient_id IS NOT NULL;
CREATE INDEX pledge_by_recipient_outstanding ON pledge (recipient_id, origin, outstanding_usd, no) WHERE recipient_id IS NOT NULL;
CREATE INDEX pledge_by_event_announced ON pledge (event_id, origin, announced_on, no) WHERE event_id IS NOT NULL;
CREATE INDEX pledge_by_event_amount ON pledge (event_id, origin, pledged_usd, no) WHERE event_id IS NOT NULL;
CREATE INDEX pledge_by_event_outstanding ON pledge (event_id, origin, outstanding_usd, no) WHERE event_id IS NOT NULL;
CREATE INDEX pledge_by_status_announced ON pledge (status, origin, announced_on, no);
CREATE INDEX pledge_by_status_amount ON pledge (status, origin, pledged_usd, no);
CREATE INDEX pledge_by_status_outstanding ON pledge (status, origin, outstanding_usd, no);
CREATE INDEX pledge_by_instrument_announced ON pledge (instrument, origin, announced_on, no);
CREATE INDEX pledge_by_instrument_amount ON pledge (instrument, origin, pledged_usd, no);
CREATE INDEX pledge_by_instrument_outstanding ON pledge (instrument, origin, outstanding_usd, no);
CREATE INDEX pledge_by_currency_announced ON pledge (currency, origin, announced_on, no);
CREATE INDEX pledge_by_currency_amount ON pledge (currency, origin, pledged_usd, no);
CREATE INDEX pledge_by_currency_outstanding ON pledge (currency, origin, outstanding_usd, no);
CREATE INDEX pledge_by_overdue_announced ON pledge (origin, announced_on, no) WHERE overdue_from IS NOT NULL;
CREATE INDEX pledge_by_overdue_amount ON pledge (origin, pledged_usd, no) WHERE overdue_from IS NOT NULL;
CREATE INDEX pledge_by_overdue_outstanding ON pledge (origin, outstanding_usd, no) WHERE overdue_from IS NOT NULL;
CREATE INDEX pledge_by_reclassified ON pledge (reclassifies_no, no) WHERE reclassifies_no IS NOT NULL;
CREATE UNIQUE INDEX pledge_by_external ON pledge (external_system, external_id) WHERE external_id IS NOT NULL;

CREATE FUNCTION pledge_classification_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.origin, NEW.fund_id, NEW.recipient_id, NEW.event_id, NEW.instrument, NEW.currency, NEW.shared, NEW.countries, NEW.announced_on,
        NEW.usage_years, NEW.restates_no, NEW.passed_on_from_no)
       IS DISTINCT FROM (OLD.id, OLD.origin, OLD.fund_id, OLD.recipient_id, OLD.event_id, OLD.instrument, OLD.currency, OLD.shared, OLD.countries,
        OLD.announced_on, OLD.usage_years, OLD.restates_no, OLD.passed_on_from_no)
       AND EXISTS (SELECT 1 FROM ledger_entry e WHERE e.pledge_no = OLD.no) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a pledge with entries is reclassified, not changed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pledge_classification_is_fixed BEFORE UPDATE OF id, origin, fund_id, recipient_id, event_id, instrument, currency, shared, countries,
    announced_on, usage_years, restates_no, passed_on_from_no ON pledge
    FOR EACH ROW EXECUTE FUNCTION pledge_classification_is_fixed();
CREATE TRIGGER pledge_is_kept BEFORE DELETE ON pledge FOR EACH ROW EXECUTE FUNCTION refuse('pledges are never deleted');
CREATE TRIGGER pledge_is_never_truncated BEFORE TRUNCATE ON pledge FOR EACH STATEMENT EXECUTE FUNCTION refuse('pledges are never deleted');

-- The heart. No row is ever updated or deleted.
CREATE TABLE ledger_entry (
    no             BIGINT PRIMARY KEY,
    id             TEXT COLLATE "C" NOT NULL UNIQUE,
    pledge_no      BIGINT NOT NULL REFERENCES pledge (no),
    donor_id       TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    kind           TEXT COLLATE "C" NOT NULL CHECK (kind = 'pledge' OR kind = 'revision' OR kind = 'withdrawal' OR kind = 'commitment' OR kind = 'payment'),
    amount_minor   BIGINT NOT NULL CHECK (amount_minor BETWEEN -999999999999999 AND 999999999999999),
    currency       TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    usd_minor      BIGINT NOT NULL CHECK (usd_minor BETWEEN -999999999999999 AND 999999999999999),
    usd_basis      TEXT COLLATE "C" NOT NULL CHECK (usd_basis = 'reported' OR usd_basis = 'rate'),
    rate_no        BIGINT REFERENCES exchange_rate (no),
    qualifier      TEXT COLLATE "C" NOT NULL CHECK (qualifier = 'exact' OR qualifier = 'approximate' OR qualifier = 'at_least' OR qualifier = 'at_most'),
    value_date     DATE NOT NULL,
    date_precision TEXT COLLATE "C" NOT NULL CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate'),
    recorded_at    TIMESTAMPTZ NOT NULL,
    recorded_by    TEXT COLLATE "C" NOT NULL,
    recorded_for   TEXT COLLATE "C" REFERENCES organization (id),
    paid_by        TEXT COLLATE "C" REFERENCES organization (id),
    reverses_no    BIGINT UNIQUE REFERENCES ledger_entry (no),
    reference      TEXT COLLATE "C",
    external_id    TEXT COLLATE "C",
    note_en        TEXT COLLATE "C",
    note_ar        TEXT COLLATE "C",
    CHECK (currency <> 'USD' OR usd_minor = amount_minor)
);
CREATE INDEX ledger_entry_by_pledge ON ledger_entry (pledge_no, no);
CREATE INDEX ledger_entry_by_donor ON ledger_entry (donor_id, amount_minor, value_date, no);
CREATE INDEX ledger_entry_by_external ON ledger_entry (external_id, no) WHERE external_id IS NOT NULL;

CREATE TRIGGER ledger_entry_is_never_updated BEFORE UPDATE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse('the ledger is append-only');
CREATE TRIGGER ledger_entry_is_never_deleted BEFORE DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse('the ledger is append-only');
CREATE TRIGGER ledger_entry_is_never_truncated BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse('the ledger is append-only');
CREATE FUNCTION ledger_entry_reverses_exactly() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reverses_no IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM ledger_entry o
        WHERE o.no = NEW.reverses_no AND o.reverses_no IS NULL AND o.pledge_no = NEW.pledge_no AND o.donor_id = NEW.donor_id AND o.kind = NEW.kind
          AND o.currency = NEW.currency AND o.amount_minor = -NEW.amount_minor AND o.usd_minor = -NEW.usd_minor AND o.value_date = NEW.value_date) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a reversal mirrors one entry that is not itself a reversal';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_reverses_exactly BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_reverses_exactly();
CREATE FUNCTION ledger_entry_keeps_the_pledge_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind IN ('pledge', 'revision', 'withdrawal')
       AND NEW.currency IS DISTINCT FROM (SELECT p.currency FROM pledge p WHERE p.no = NEW.pledge_no AND p.origin = 'announced') THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a pledge, its revisions and its withdrawals share the header''s currency';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_keeps_the_pledge_currency BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_keeps_the_pledge_currency();

-- Derived: a line is (header, donor). donor_id is the survivor where organizations were merged. The header's sort keys stand here
-- too, so that one donor's pledges are walked in order without sorting.
CREATE TABLE line (
    pledge_no              BIGINT NOT NULL REFERENCES pledge (no),
    donor_id               TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    has_pledge             BOOLEAN NOT NULL,
    amount_minor           BIGINT NOT NULL,
    pledged_usd            BIGINT NOT NULL,
    withdrawn_usd          BIGINT NOT NULL,
    committed_usd          BIGINT NOT NULL,
    paid_usd               BIGINT NOT NULL,
    paid_on_pledged_usd    BIGINT NOT NULL,
    outstanding_usd        BIGINT NOT NULL,
    outstanding_minor      BIGINT NOT NULL,
    status                 TEXT COLLATE "C" NOT NULL,
    origin                 TEXT COLLATE "C" NOT NULL,
    announced_on           DATE NOT NULL,
    header_pledged_usd     BIGINT NOT NULL,
    header_outstanding_usd BIGINT NOT NULL,
    PRIMARY KEY (pledge_no, donor_id)
);
CREATE INDEX line_by_donor_announced ON line (donor_id, origin, announced_on, pledge_no);
CREATE INDEX line_by_donor_amount ON line (donor_id, origin, header_pledged_usd, pledge_no);
CREATE INDEX line_by_donor_outstanding ON line (donor_id, origin, header_outstanding_usd, pledge_no);

-- Derived: a header's destination countries, with the header's sort keys.
CREATE TABLE pledge_country (
    country         TEXT COLLATE "C" NOT NULL,
    pledge_no       BIGINT NOT NULL REFERENCES pledge (no),
    origin          TEXT COLLATE "C" NOT NULL,
    announced_on    DATE NOT NULL,
    pledged_usd     BIGINT NOT NULL,
    outstanding_usd BIGINT NOT NULL,
    PRIMARY KEY (country, pledge_no)
);
CREATE INDEX pledge_country_by_pledge ON pledge_country (pledge_no);
CREATE INDEX pledge_country_by_announced ON pledge_country (country, origin, announced_on, pledge_no);
CREATE INDEX pledge_country_by_amount ON pledge_country (country, origin, pledged_usd, pledge_no);
CREATE INDEX pledge_country_by_outstanding ON pledge_country (country, origin, outstanding_usd, pledge_no);

-- Derived: the folded words of a header's own texts, for q=. Names are searched where they stand.
CREATE TABLE pledge_text (
    pledge_no BIGINT PRIMARY KEY REFERENCES pledge (no),
    words     TSVECTOR NOT NULL
);
CREATE INDEX pledge_text_by_word ON pledge_text USING gin (words);

-- Derived: commitments and payments as they are listed.
CREATE TABLE contribution (
    entry_no     BIGINT PRIMARY KEY REFERENCES ledger_entry (no),
    pledge_no    BIGINT NOT NULL REFERENCES pledge (no),
    stage        TEXT COLLATE "C" NOT NULL CHECK (stage = 'commitment' OR stage = 'release' OR stage = 'payment' OR stage = 'refund'),
    donor_id     TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    fund_id      TEXT COLLATE "C" REFERENCES fund (id),
    value_date   DATE NOT NULL,
    reversed     BOOLEAN NOT NULL,
    -- The last of its verifications, or 'reported'.
    verification TEXT COLLATE "C" NOT NULL DEFAULT 'reported' CHECK (verification IN ('reported', 'verified', 'disputed'))
);
CREATE INDEX contribution_by_date ON contribution (value_date, entry_no);
CREATE INDEX contribution_by_stage ON contribution (stage, value_date, entry_no);
CREATE INDEX contribution_by_donor ON contribution (donor_id, value_date, entry_no);
CREATE INDEX contribution_by_fund ON contribution (fund_id, value_date, entry_no);
CREATE INDEX contribution_by_pledge ON contribution (pledge_no, value_date, entry_no);
CREATE INDEX contribution_by_verification ON contribution (verification, value_date, entry_no);

-- Derived: the sums over all counted lines of a donor, a fund or an event, for each instrument and for 'all'.
-- Few, and changed by every contribution: a list in the order of a figure reads those of one scope and instrument and sorts them.
CREATE TABLE total (
    scope               TEXT COLLATE "C" NOT NULL CHECK (scope = 'donor' OR scope = 'fund' OR scope = 'event'),
    instrument          TEXT COLLATE "C" NOT NULL,
    id                  TEXT COLLATE "C" NOT NULL,
    lines               BIGINT NOT NULL,
    pledged_usd         BIGINT NOT NULL,
    withdrawn_usd       BIGINT NOT NULL,
    committed_usd       BIGINT NOT NULL,
    paid_usd            BIGINT NOT NULL,
    paid_on_pledged_usd BIGINT NOT NULL,
    outstanding_usd     BIGINT NOT NULL,
    PRIMARY KEY (scope, instrument, id)
);

-- Derived: what a day added to a fund. pledged is net of the later fate of the pledges made that day;
-- committed_direct is the part of committed that nobody had pledged.
CREATE TABLE fund_day (
    fund_id          TEXT COLLATE "C" NOT NULL REFERENCES fund (id),
    day              DATE NOT NULL,
    pledged          BIGINT NOT NULL,
    committed        BIGINT NOT NULL,
    committed_direct BIGINT NOT NULL,
    paid             BIGINT NOT NULL,
    PRIMARY KEY (fund_id, day)
);

-- Derived: a fund's money by the years it is for, for requirements of a period. A header without usage years stands under the year it was announced in.
CREATE TABLE fund_year (
    fund_id    TEXT COLLATE "C" NOT NULL REFERENCES fund (id),
    first_year BIGINT NOT NULL,
    last_year  BIGINT NOT NULL,
    pledged    BIGINT NOT NULL,
    committed  BIGINT NOT NULL,
    paid       BIGINT NOT NULL,
    PRIMARY KEY (fund_id, first_year, last_year)
);

CREATE TABLE requirement (
    no             BIGINT PRIMARY KEY,
    id             TEXT COLLATE "C" NOT NULL UNIQUE,
    fund_id        TEXT COLLATE "C" NOT NULL REFERENCES fund (id),
    kind           TEXT COLLATE "C" NOT NULL CHECK (kind = 'original' OR kind = 'revised'),
    period_start   DATE,
    period_end     DATE,
    amount_minor   BIGINT NOT NULL CHECK (amount_minor BETWEEN 0 AND 999999999999999),
    currency       TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    usd_minor      BIGINT NOT NULL,
    usd_basis      TEXT COLLATE "C" NOT NULL CHECK (usd_basis = 'reported' OR usd_basis = 'rate'),
    rate_no        BIGINT REFERENCES exchange_rate (no),
    qualifier      TEXT COLLATE "C" NOT NULL CHECK (qualifier = 'exact' OR qualifier = 'approximate' OR qualifier = 'at_least' OR qualifier = 'at_most'),
    stated_on      DATE NOT NULL,
    stated_by_en   TEXT COLLATE "C",
    stated_by_ar   TEXT COLLATE "C",
    note_en        TEXT COLLATE "C",
    note_ar        TEXT COLLATE "C",
    recorded_at    TIMESTAMPTZ NOT NULL,
    recorded_by    TEXT COLLATE "C" NOT NULL,
    version        BIGINT NOT NULL,
    CHECK ((period_start IS NULL) = (period_end IS NULL) AND (period_start IS NULL OR period_start <= period_end))
);
CREATE INDEX requirement_by_fund ON requirement (fund_id, stated_on, id);
CREATE INDEX requirement_by_stated ON requirement (stated_on, id);
CREATE TRIGGER requirement_is_never_updated BEFORE UPDATE ON requirement FOR EACH ROW EXECUTE FUNCTION refuse('requirements are append-only');
CREATE TRIGGER requirement_is_never_deleted BEFORE DELETE ON requirement FOR EACH ROW EXECUTE FUNCTION refuse('requirements are append-only');
CREATE TRIGGER requirement_is_never_truncated BEFORE TRUNCATE ON requirement FOR EACH STATEMENT EXECUTE FUNCTION refuse('requirements are append-only');

-- Reported shortfalls: somebody said so, on a day.
CREATE TABLE shortfall (
    no             BIGINT PRIMARY KEY,
    id             TEXT COLLATE "C" NOT NULL UNIQUE,
    fund_id        TEXT COLLATE "C" NOT NULL REFERENCES fund (id),
    period_start   DATE,
    period_end     DATE,
    amount_minor   BIGINT NOT NULL CHECK (amount_minor BETWEEN 0 AND 999999999999999),
    currency       TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    usd_minor      BIGINT NOT NULL,
    usd_basis      TEXT COLLATE "C" NOT NULL CHECK (usd_basis = 'reported' OR usd_basis = 'rate'),
    rate_no        BIGINT REFERENCES exchange_rate (no),
    qualifier      TEXT COLLATE "C" NOT NULL CHECK (qualifier = 'exact' OR qualifier = 'approximate' OR qualifier = 'at_least' OR qualifier = 'at_most'),
    stated_on      DATE NOT NULL,
    date_precision TEXT COLLATE "C" NOT NULL CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate'),
    stated_by_en   TEXT COLLATE "C",
    stated_by_ar   TEXT COLLATE "C",
    note_en        TEXT COLLATE "C",
    note_ar        TEXT COLLATE "C",
    recorded_at    TIMESTAMPTZ NOT NULL,
    recorded_by    TEXT COLLATE "C" NOT NULL,
    version        BIGINT NOT NULL,
    -- "Until July" has an end and no start; "now" has neither.
    CHECK (period_start IS NULL OR (period_end IS NOT NULL AND period_start <= period_end))
);
CREATE INDEX shortfall_by_fund ON shortfall (fund_id, stated_on, id);
CREATE INDEX shortfall_by_stated ON shortfall (stated_on, id);
CREATE TRIGGER shortfall_is_never_updated BEFORE UPDATE ON shortfall FOR EACH ROW EXECUTE FUNCTION refuse('reported shortfalls are append-only');
CREATE TRIGGER shortfall_is_never_deleted BEFORE DELETE ON shortfall FOR EACH ROW EXECUTE FUNCTION refuse('reported shortfalls are append-only');
CREATE TRIGGER shortfall_is_never_truncated BEFORE TRUNCATE ON shortfall FOR EACH STATEMENT EXECUTE FUNCTION refuse('reported shortfalls are append-only');

-- Derived: a statement that no longer speaks for its fund, and the next one that does.
CREATE TABLE superseded (
    kind     TEXT COLLATE "C" NOT NULL CHECK (kind = 'shortfall' OR kind = 'requirement'),
    no       BIGINT NOT NULL,
    by_no    BIGINT NOT NULL,
    PRIMARY KEY (kind, no)
);

CREATE TABLE indicator (
    no             BIGINT PRIMARY KEY,
    id             TEXT COLLATE "C" NOT NULL UNIQUE,
    measure        TEXT COLLATE "C" NOT NULL CHECK (measure ~ '^[a-z0-9]' AND length(measure) <= 64),
    name_en        TEXT COLLATE "C",
    name_ar        TEXT COLLATE "C",
    -- A plain decimal number, kept as it was written: an indicator may count people or be a share.
    value          TEXT COLLATE "C" NOT NULL,
    unit           TEXT COLLATE "C" NOT NULL,
    qualifier      TEXT COLLATE "C" NOT NULL CHECK (qualifier = 'exact' OR qualifier = 'approximate' OR qualifier = 'at_least' OR qualifier = 'at_most'),
    date           DATE NOT NULL,
    date_precision TEXT COLLATE "C" NOT NULL CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate'),
    fund_id        TEXT COLLATE "C" REFERENCES fund (id),
    country        TEXT COLLATE "C" CHECK (length(country) = 3),
    note_en        TEXT COLLATE "C",
    note_ar        TEXT COLLATE "C",
    recorded_at    TIMESTAMPTZ NOT NULL,
    recorded_by    TEXT COLLATE "C" NOT NULL,
    version        BIGINT NOT NULL,
    CHECK (name_en IS NOT NULL OR name_ar IS NOT NULL)
);
CREATE INDEX indicator_by_date ON indicator (date, id);
CREATE INDEX indicator_by_measure ON indicator (measure, date, id);
CREATE INDEX indicator_by_fund ON indicator (fund_id, date, id) WHERE fund_id IS NOT NULL;

-- The document a figure rests on, and the words in it. Each citation belongs to exactly one thing.
CREATE TABLE citation (
    no             BIGINT PRIMARY KEY,
    source_id      TEXT COLLATE "C" NOT NULL REFERENCES source (id),
    pledge_no      BIGINT REFERENCES pledge (no),
    entry_no       BIGINT REFERENCES ledger_entry (no),
    shortfall_no   BIGINT REFERENCES shortfall (no),
    requirement_no BIGINT REFERENCES requirement (no),
    indicator_no   BIGINT REFERENCES indicator (no),
    event_id       TEXT COLLATE "C" REFERENCES event (id),
    quote          TEXT COLLATE "C",
    note_en        TEXT COLLATE "C",
    note_ar        TEXT COLLATE "C",
    recorded_at    TIMESTAMPTZ NOT NULL,
    CHECK (num_nonnulls(pledge_no, entry_no, shortfall_no, requirement_no, indicator_no, event_id) = 1)
);
CREATE INDEX citation_by_source ON citation (source_id, no);
CREATE INDEX citation_by_pledge ON citation (pledge_no, no) WHERE pledge_no IS NOT NULL;
CREATE INDEX citation_by_entry ON citation (entry_no, no) WHERE entry_no IS NOT NULL;
CREATE INDEX citation_by_shortfall ON citation (shortfall_no, no) WHERE shortfall_no IS NOT NULL;
CREATE INDEX citation_by_requirement ON citation (requirement_no, no) WHERE requirement_no IS NOT NULL;
CREATE INDEX citation_by_indicator ON citation (indicator_no, no) WHERE indicator_no IS NOT NULL;
CREATE INDEX citation_by_event ON citation (event_id, no) WHERE event_id IS NOT NULL;

-- What was done, by whom, in one chain: hash = SHA-256(previous hash, sequence, time, actor, SHA-256(body)).
CREATE TABLE change (
    seq       BIGINT PRIMARY KEY,
    at        TIMESTAMPTZ NOT NULL,
    actor     TEXT COLLATE "C" NOT NULL,
    entity    TEXT COLLATE "C" NOT NULL,
    entity_id TEXT COLLATE "C" NOT NULL,
    pledge_id TEXT COLLATE "C",
    body      TEXT COLLATE "C" NOT NULL CHECK (body::json IS NOT NULL),
    hash      BYTEA NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX change_by_entity ON change (entity, seq);
CREATE INDEX change_by_pledge ON change (pledge_id, seq) WHERE pledge_id IS NOT NULL;
CREATE INDEX change_by_actor ON change (actor, seq);
CREATE INDEX change_by_time ON change (at, seq);
CREATE TRIGGER change_is_never_updated BEFORE UPDATE ON change FOR EACH ROW EXECUTE FUNCTION refuse('the change log is append-only');
CREATE TRIGGER change_is_never_deleted BEFORE DELETE ON change FOR EACH ROW EXECUTE FUNCTION refuse('the change log is append-only');
CREATE TRIGGER change_is_never_truncated BEFORE TRUNCATE ON change FOR EACH STATEMENT EXECUTE FUNCTION refuse('the change log is append-only');

-- The secret itself is never kept: only its SHA-256.
CREATE TABLE api_key (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name            TEXT COLLATE "C" NOT NULL,
    role            TEXT COLLATE "C" NOT NULL CHECK (role IN ('recorder', 'editor', 'admin')),
    organization_id TEXT COLLATE "C" REFERENCES organization (id),
    secret_sha256   BYTEA NOT NULL CHECK (length(secret_sha256) = 32),
    created_at      TIMESTAMPTZ NOT NULL,
    created_by      TEXT COLLATE "C" NOT NULL,
    expires_at      TIMESTAMPTZ,
    revoked_at      TIMESTAMPTZ,
    revoked_by      TEXT COLLATE "C",
    last_used_at    TIMESTAMPTZ,
    CHECK ((role = 'recorder') = (organization_id IS NOT NULL))
);

-- The answer to a request that was carried out, kept in the same transaction as what it recorded. Only successes are here.
CREATE TABLE idempotency (
    caller      TEXT COLLATE "C" NOT NULL,
    route       TEXT COLLATE "C" NOT NULL,
    key         TEXT COLLATE "C" NOT NULL,
    body_sha256 BYTEA NOT NULL CHECK (length(body_sha256) = 32),
    status      BIGINT NOT NULL,
    location    TEXT COLLATE "C",
    entity_tag  TEXT COLLATE "C",
    answer      BYTEA NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (caller, route, key)
);
CREATE INDEX idempotency_by_age ON idempotency (recorded_at);

-- What an editor found about a contribution. The entry itself is never touched.
CREATE TABLE verification (
    no          BIGINT PRIMARY KEY,
    entry_no    BIGINT NOT NULL REFERENCES ledger_entry (no),
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('verified', 'disputed')),
    note_en     TEXT COLLATE "C",
    note_ar     TEXT COLLATE "C",
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL
);
CREATE INDEX verification_by_entry ON verification (entry_no, no);
CREATE TRIGGER verification_is_never_updated BEFORE UPDATE ON verification FOR EACH ROW EXECUTE FUNCTION refuse('verifications are append-only');
CREATE TRIGGER verification_is_never_deleted BEFORE DELETE ON verification FOR EACH ROW EXECUTE FUNCTION refuse('verifications are append-only');
CREATE TRIGGER verification_is_never_truncated BEFORE TRUNCATE ON verification FOR EACH STATEMENT EXECUTE FUNCTION refuse('verifications are append-only');

-- The other party to a contribution says the same.
CREATE TABLE confirmation (
    no              BIGINT PRIMARY KEY,
    entry_no        BIGINT NOT NULL REFERENCES ledger_entry (no),
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    note_en         TEXT COLLATE "C",
    note_ar         TEXT COLLATE "C",
    recorded_at     TIMESTAMPTZ NOT NULL,
    recorded_by     TEXT COLLATE "C" NOT NULL,
    UNIQUE (entry_no, organization_id)
);
CREATE TRIGGER confirmation_is_never_updated BEFORE UPDATE ON confirmation FOR EACH ROW EXECUTE FUNCTION refuse('confirmations are append-only');
CREATE TRIGGER confirmation_is_never_deleted BEFORE DELETE ON confirmation FOR EACH ROW EXECUTE FUNCTION refuse('confirmations are append-only');
CREATE TRIGGER confirmation_is_never_truncated BEFORE TRUNCATE ON confirmation FOR EACH STATEMENT EXECUTE FUNCTION refuse('confirmations are append-only');
