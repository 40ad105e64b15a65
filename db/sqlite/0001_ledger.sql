-- The ledger on SQLite: who gives, where to, what was said, what was paid, and every change of it. db/postgres has the same tables,
-- columns, indexes and triggers; a test asks both engines and compares.
-- Tables marked "derived" hold nothing that could not be computed again from the others; `verify` does so.
-- Words are checked with OR: for a CHECK with IN and a longer list SQLite builds a table in memory on every write.
-- Amounts are integers of minor units (cents, fils); usd_minor is US cents. Dates are yyyy-MM-dd, instants RFC 3339 UTC, flags 0 or 1.
-- Row numbers (no, seq) are given by the program: one more than the last. An index ends in the row number, SQLite adds it by itself.

-- What this database is: the version of its tables, and of the rules that computed what is derived in it.
CREATE TABLE schema (
    no      INTEGER PRIMARY KEY CHECK (no = 1),
    version INTEGER NOT NULL,
    rules   INTEGER NOT NULL
) STRICT;
INSERT INTO schema (no, version, rules) VALUES (1, 1, 1);

CREATE TABLE organization (
    id             TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '[a-z0-9]*' AND length(id) <= 64),
    name_en        TEXT,
    name_ar        TEXT,
    type           TEXT NOT NULL CHECK (type = '10' OR type = '11' OR type = '15' OR type = '21' OR type = '22' OR type = '23' OR type = '30'
                            OR type = '40' OR type = '60' OR type = '70' OR type = '80' OR type = '90' OR type = 'group'),
    country        TEXT CHECK (length(country) = 3),
    description_en TEXT,
    description_ar TEXT,
    website        TEXT,
    merged_into    TEXT REFERENCES organization (id) CHECK (merged_into <> id),
    search         TEXT NOT NULL,
    version        INTEGER NOT NULL,
    CHECK (name_en IS NOT NULL OR name_ar IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX organization_by_merge ON organization (merged_into, id) WHERE merged_into IS NOT NULL;
CREATE INDEX organization_by_type ON organization (type, id);
CREATE INDEX organization_by_country ON organization (country, id);
CREATE TRIGGER organization_is_never_deleted BEFORE DELETE ON organization BEGIN SELECT RAISE(ABORT, 'organizations are never deleted'); END;

CREATE TABLE fund (
    id               TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '[a-z0-9]*' AND length(id) <= 64),
    name_en          TEXT,
    name_ar          TEXT,
    kind             TEXT NOT NULL CHECK (kind = 'facility' OR kind = 'trust_fund' OR kind = 'appeal' OR kind = 'programme' OR kind = 'pledge_drive'),
    description_en   TEXT,
    description_ar   TEXT,
    parent_id        TEXT REFERENCES fund (id) CHECK (parent_id <> id),
    administrator_id TEXT REFERENCES organization (id),
    countries        TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(countries)),
    website          TEXT,
    search           TEXT NOT NULL,
    version          INTEGER NOT NULL,
    CHECK (name_en IS NOT NULL OR name_ar IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX fund_by_parent ON fund (parent_id, id) WHERE parent_id IS NOT NULL;
CREATE TRIGGER fund_is_never_deleted BEFORE DELETE ON fund BEGIN SELECT RAISE(ABORT, 'funds are never deleted'); END;

CREATE TABLE event (
    id                 TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '[a-z0-9]*' AND length(id) <= 64),
    name_en            TEXT,
    name_ar            TEXT,
    starts_on          TEXT NOT NULL CHECK (starts_on IS date(starts_on)),
    ends_on            TEXT CHECK (ends_on >= starts_on AND ends_on IS date(ends_on)),
    place_en           TEXT,
    place_ar           TEXT,
    country            TEXT CHECK (length(country) = 3),
    description_en     TEXT,
    description_ar     TEXT,
    -- What was announced as the event's total, whether or not anybody published its parts.
    reported_minor     INTEGER,
    reported_currency  TEXT CHECK ((reported_minor IS NULL) = (reported_currency IS NULL)),
    reported_qualifier TEXT CHECK (reported_qualifier = 'exact' OR reported_qualifier = 'approximate' OR reported_qualifier = 'at_least'
                            OR reported_qualifier = 'at_most'),
    search             TEXT NOT NULL,
    version            INTEGER NOT NULL,
    CHECK (name_en IS NOT NULL OR name_ar IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_by_start ON event (starts_on, id);
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

CREATE TABLE source (
    id             TEXT NOT NULL PRIMARY KEY CHECK (id GLOB '[a-z0-9]*' AND length(id) <= 64),
    title_en       TEXT,
    title_ar       TEXT,
    publisher_en   TEXT,
    publisher_ar   TEXT,
    url            TEXT,
    language       TEXT NOT NULL,
    published_on   TEXT NOT NULL CHECK (published_on IS date(published_on)),
    date_qualifier TEXT NOT NULL DEFAULT 'exact' CHECK (date_qualifier = 'exact' OR date_qualifier = 'approximate'),
    reliability    TEXT NOT NULL CHECK (reliability = 'primary' OR reliability = 'secondary'),
    note_en        TEXT,
    note_ar        TEXT,
    search         TEXT NOT NULL,
    version        INTEGER NOT NULL,
    CHECK (title_en IS NOT NULL OR title_ar IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_by_date ON source (published_on, id);
CREATE TRIGGER source_is_never_deleted BEFORE DELETE ON source BEGIN SELECT RAISE(ABORT, 'sources are never deleted'); END;

CREATE TABLE exchange_rate (
    no           INTEGER PRIMARY KEY,
    currency     TEXT NOT NULL CHECK (length(currency) = 3 AND currency <> 'USD'),
    date         TEXT NOT NULL CHECK (date IS date(date)),
    -- US dollars for one unit of the currency, times 10^12: exact for every rate that is published.
    usd_pico     INTEGER NOT NULL CHECK (usd_pico > 0),
    provider     TEXT NOT NULL,
    url          TEXT,
    recorded_at  TEXT NOT NULL,
    recorded_by  TEXT NOT NULL,
    UNIQUE (currency, date, provider)
) STRICT;
CREATE INDEX exchange_rate_by_date ON exchange_rate (date);
CREATE INDEX exchange_rate_by_currency ON exchange_rate (currency, date);

-- One header per promise, or per direct contribution (origin = 'direct'), so that all money hangs on one kind of thing.
CREATE TABLE pledge (
    no                  INTEGER PRIMARY KEY,
    id                  TEXT NOT NULL UNIQUE,
    origin              TEXT NOT NULL CHECK (origin = 'announced' OR origin = 'direct'),
    fund_id             TEXT REFERENCES fund (id),
    recipient_id        TEXT REFERENCES organization (id),
    event_id            TEXT REFERENCES event (id),
    instrument          TEXT NOT NULL CHECK (instrument = 'grant' OR instrument = 'loan' OR instrument = 'credit_line'
                            OR instrument = 'guarantee' OR instrument = 'investment' OR instrument = 'in_kind' OR instrument = 'mou'
                            OR instrument = 'unspecified'),
    currency            TEXT CHECK (length(currency) = 3),
    qualifier           TEXT NOT NULL CHECK (qualifier = 'exact' OR qualifier = 'approximate' OR qualifier = 'at_least' OR qualifier = 'at_most'),
    shared              INTEGER NOT NULL DEFAULT 0 CHECK (shared = 0 OR shared = 1),
    announced_on        TEXT NOT NULL CHECK (announced_on IS date(announced_on)),
    date_precision      TEXT NOT NULL CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate'),
    due_on              TEXT CHECK (due_on IS date(due_on)),
    instalments         TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(instalments)),
    countries           TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(countries)),
    sectors             TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(sectors)),
    usage_years         TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(usage_years)),
    earmarking          TEXT CHECK (earmarking = 'unearmarked' OR earmarking = 'softly_earmarked' OR earmarking = 'tightly_earmarked'
                            OR earmarking = 'earmarked'),
    description_en      TEXT,
    description_ar      TEXT,
    note_en             TEXT,
    note_ar             TEXT,
    restates_no         INTEGER REFERENCES pledge (no),
    passed_on_from_no   INTEGER REFERENCES pledge (no),
    reclassifies_no     INTEGER REFERENCES pledge (no),
    external_system     TEXT,
    external_id         TEXT,
    recorded_at         TEXT NOT NULL,
    recorded_by         TEXT NOT NULL,
    version             INTEGER NOT NULL,
    -- Money that repackages or passes on money already counted stays out of totals.
    counted             INTEGER NOT NULL GENERATED ALWAYS AS (restates_no IS NULL AND passed_on_from_no IS NULL) STORED,
    -- Derived: the sums over this header's lines.
    amount_minor        INTEGER,
    pledged_usd         INTEGER NOT NULL DEFAULT 0,
    withdrawn_usd       INTEGER NOT NULL DEFAULT 0,
    committed_usd       INTEGER NOT NULL DEFAULT 0,
    paid_usd            INTEGER NOT NULL DEFAULT 0,
    paid_on_pledged_usd INTEGER NOT NULL DEFAULT 0,
    outstanding_usd     INTEGER NOT NULL DEFAULT 0,
    status              TEXT NOT NULL DEFAULT 'void' CHECK (status = 'announced' OR status = 'partially_committed' OR status = 'committed'
                            OR status = 'partially_paid' OR status = 'paid' OR status = 'partially_withdrawn' OR status = 'withdrawn'
                            OR status = 'void'),
    -- Derived: the due date that has been missed once it has passed, as the money stands now.
    overdue_from        TEXT CHECK (overdue_from IS date(overdue_from)),
    CHECK (origin = 'direct' OR currency IS NOT NULL)
) STRICT;
CREATE INDEX pledge_by_announced ON pledge (origin, announced_on);
CREATE INDEX pledge_by_amount ON pledge (origin, pledged_usd);
CREATE INDEX pledge_by_outstanding ON pledge (origin, outstanding_usd);
CREATE INDEX pledge_by_fund_announced ON pledge (fund_id, origin, announced_on);
CREATE INDEX pledge_by_fund_amount ON pledge (fund_id, origin, pledged_usd);
CREATE INDEX pledge_by_fund_outstanding ON pledge (fund_id, origin, outstanding_usd);
CREATE INDEX pledge_by_recipient_announced ON pledge (recipient_id, origin, announced_on) WHERE recipient_id IS NOT NULL;
CREATE INDEX pledge_by_recipient_amount ON pledge (recipient_id, origin, pledged_usd) WHERE recipient_id IS NOT NULL;
CREATE INDEX pledge_by_recipient_outstanding ON pledge (recipient_id, origin, outstanding_usd) WHERE recipient_id IS NOT NULL;
CREATE INDEX pledge_by_event_announced ON pledge (event_id, origin, announced_on) WHERE event_id IS NOT NULL;
CREATE INDEX pledge_by_event_amount ON pledge (event_id, origin, pledged_usd) WHERE event_id IS NOT NULL;
CREATE INDEX pledge_by_event_outstanding ON pledge (event_id, origin, outstanding_usd) WHERE event_id IS NOT NULL;
CREATE INDEX pledge_by_status_announced ON pledge (status, origin, announced_on);
CREATE INDEX pledge_by_status_amount ON pledge (status, origin, pledged_usd);
CREATE INDEX pledge_by_status_outstanding ON pledge (status, origin, outstanding_usd);
CREATE INDEX pledge_by_instrument_announced ON pledge (instrument, origin, announced_on);
CREATE INDEX pledge_by_instrument_amount ON pledge (instrument, origin, pledged_usd);
CREATE INDEX pledge_by_instrument_outstanding ON pledge (instrument, origin, outstanding_usd);
CREATE INDEX pledge_by_currency_announced ON pledge (currency, origin, announced_on);
CREATE INDEX pledge_by_currency_amount ON pledge (currency, origin, pledged_usd);
CREATE INDEX pledge_by_currency_outstanding ON pledge (currency, origin, outstanding_usd);
CREATE INDEX pledge_by_overdue_announced ON pledge (origin, announced_on) WHERE overdue_from IS NOT NULL;
CREATE INDEX pledge_by_overdue_amount ON pledge (origin, pledged_usd) WHERE overdue_from IS NOT NULL;
CREATE INDEX pledge_by_overdue_outstanding ON pledge (origin, outstanding_usd) WHERE overdue_from IS NOT NULL;
CREATE INDEX pledge_by_reclassified ON pledge (reclassifies_no) WHERE reclassifies_no IS NOT NULL;
CREATE UNIQUE INDEX pledge_by_external ON pledge (external_system, external_id) WHERE external_id IS NOT NULL;

CREATE TRIGGER pledge_classification_is_fixed BEFORE UPDATE OF id, origin, fund_id, recipient_id, event_id, instrument, currency, shared, countries,
    announced_on, usage_years, restates_no, passed_on_from_no ON pledge
WHEN (NEW.id, NEW.origin, NEW.fund_id, NEW.recipient_id, NEW.event_id, NEW.instrument, NEW.currency, NEW.shared, NEW.countries, NEW.announced_on,
      NEW.usage_years, NEW.restates_no, NEW.passed_on_from_no)
   IS NOT (OLD.id, OLD.origin, OLD.fund_id, OLD.recipient_id, OLD.event_id, OLD.instrument, OLD.currency, OLD.shared, OLD.countries, OLD.announced_on,
      OLD.usage_years, OLD.restates_no, OLD.passed_on_from_no)
 AND EXISTS (SELECT 1 FROM ledger_entry e WHERE e.pledge_no = OLD.no)
BEGIN SELECT RAISE(ABORT, 'a pledge with entries is reclassified, not changed'); END;
CREATE TRIGGER pledge_is_kept BEFORE DELETE ON pledge BEGIN SELECT RAISE(ABORT, 'pledges are never deleted'); END;

-- The heart. No row is ever updated or deleted.
CREATE TABLE ledger_entry (
    no             INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    pledge_no      INTEGER NOT NULL REFERENCES pledge (no),
    donor_id       TEXT NOT NULL REFERENCES organization (id),
    kind           TEXT NOT NULL CHECK (kind = 'pledge' OR kind = 'revision' OR kind = 'withdrawal' OR kind = 'commitment' OR kind = 'payment'),
    amount_minor   INTEGER NOT NULL CHECK (amount_minor BETWEEN -999999999999999 AND 999999999999999),
    currency       TEXT NOT NULL CHECK (length(currency) = 3),
    usd_minor      INTEGER NOT NULL CHECK (usd_minor BETWEEN -999999999999999 AND 999999999999999),
    usd_basis      TEXT NOT NULL CHECK (usd_basis = 'reported' OR usd_basis = 'rate'),
    rate_no        INTEGER REFERENCES exchange_rate (no),
    qualifier      TEXT NOT NULL CHECK (qualifier = 'exact' OR qualifier = 'approximate' OR qualifier = 'at_least' OR qualifier = 'at_most'),
    value_date     TEXT NOT NULL CHECK (value_date IS date(value_date)),
    date_precision TEXT NOT NULL CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate'),
    recorded_at    TEXT NOT NULL,
    recorded_by    TEXT NOT NULL,
    recorded_for   TEXT REFERENCES organization (id),
    paid_by        TEXT REFERENCES organization (id),
    reverses_no    INTEGER UNIQUE REFERENCES ledger_entry (no),
    reference      TEXT,
    external_id    TEXT,
    note_en        TEXT,
    note_ar        TEXT,
    CHECK (currency <> 'USD' OR usd_minor = amount_minor)
) STRICT;
CREATE INDEX ledger_entry_by_pledge ON ledger_entry (pledge_no);
CREATE INDEX ledger_entry_by_donor ON ledger_entry (donor_id, amount_minor, value_date);
CREATE INDEX ledger_entry_by_external ON ledger_entry (external_id) WHERE external_id IS NOT NULL;

CREATE TRIGGER ledger_entry_is_never_updated BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_entry_is_never_deleted BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_entry_reverses_exactly BEFORE INSERT ON ledger_entry
WHEN NEW.reverses_no IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ledger_entry o
    WHERE o.no = NEW.reverses_no AND o.reverses_no IS NULL AND o.pledge_no = NEW.pledge_no AND o.donor_id = NEW.donor_id AND o.kind = NEW.kind
      AND o.currency = NEW.currency AND o.amount_minor = -NEW.amount_minor AND o.usd_minor = -NEW.usd_minor AND o.value_date = NEW.value_date)
BEGIN SELECT RAISE(ABORT, 'a reversal mirrors one entry that is not itself a reversal'); END;
CREATE TRIGGER ledger_entry_keeps_the_pledge_currency BEFORE INSERT ON ledger_entry
WHEN NEW.kind IN ('pledge', 'revision', 'withdrawal')
 AND NEW.currency IS NOT (SELECT p.currency FROM pledge p WHERE p.no = NEW.pledge_no AND p.origin = 'announced')
BEGIN SELECT RAISE(ABORT, 'a pledge, its revisions and its withdrawals share the header''s currency'); END;

-- Derived: a line is (header, donor). donor_id is the survivor where organizations were merged. The header's sort keys stand here
-- too, so that one donor's pledges are walked in order without sorting.
CREATE TABLE line (
    pledge_no              INTEGER NOT NULL REFERENCES pledge (no),
    donor_id               TEXT NOT NULL REFERENCES organization (id),
    has_pledge             INTEGER NOT NULL CHECK (has_pledge = 0 OR has_pledge = 1),
    amount_minor           INTEGER NOT NULL,
    pledged_usd            INTEGER NOT NULL,
    withdrawn_usd          INTEGER NOT NULL,
    committed_usd          INTEGER NOT NULL,
    paid_usd               INTEGER NOT NULL,
    paid_on_pledged_usd    INTEGER NOT NULL,
    outstanding_usd        INTEGER NOT NULL,
    outstanding_minor      INTEGER NOT NULL,
    status                 TEXT NOT NULL,
    origin                 TEXT NOT NULL,
    announced_on           TEXT NOT NULL,
    header_pledged_usd     INTEGER NOT NULL,
    header_outstanding_usd INTEGER NOT NULL,
    PRIMARY KEY (pledge_no, donor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_by_donor_announced ON line (donor_id, origin, announced_on, pledge_no);
CREATE INDEX line_by_donor_amount ON line (donor_id, origin, header_pledged_usd, pledge_no);
CREATE INDEX line_by_donor_outstanding ON line (donor_id, origin, header_outstanding_usd, pledge_no);

-- Derived: a header's destination countries, with the header's sort keys.
CREATE TABLE pledge_country (
    country         TEXT NOT NULL,
    pledge_no       INTEGER NOT NULL REFERENCES pledge (no),
    origin          TEXT NOT NULL,
    announced_on    TEXT NOT NULL,
    pledged_usd     INTEGER NOT NULL,
    outstanding_usd INTEGER NOT NULL,
    PRIMARY KEY (country, pledge_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX pledge_country_by_pledge ON pledge_country (pledge_no);
CREATE INDEX pledge_country_by_announced ON pledge_country (country, origin, announced_on, pledge_no);
CREATE INDEX pledge_country_by_amount ON pledge_country (country, origin, pledged_usd, pledge_no);
CREATE INDEX pledge_country_by_outstanding ON pledge_country (country, origin, outstanding_usd, pledge_no);

-- Derived: the folded words of a header's own texts, for q=. Names are searched where they stand.
CREATE VIRTUAL TABLE pledge_text USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'unicode61');

-- Derived: commitments and payments as they are listed.
CREATE TABLE contribution (
    entry_no     INTEGER PRIMARY KEY REFERENCES ledger_entry (no),
    pledge_no    INTEGER NOT NULL REFERENCES pledge (no),
    stage        TEXT NOT NULL CHECK (stage = 'commitment' OR stage = 'release' OR stage = 'payment' OR stage = 'refund'),
    donor_id     TEXT NOT NULL REFERENCES organization (id),
    fund_id      TEXT REFERENCES fund (id),
    value_date   TEXT NOT NULL,
    reversed     INTEGER NOT NULL CHECK (reversed = 0 OR reversed = 1),
    -- The last of its verifications, or 'reported'.
    verification TEXT NOT NULL DEFAULT 'reported' CHECK (verification IN ('reported', 'verified', 'disputed'))
) STRICT;
CREATE INDEX contribution_by_date ON contribution (value_date);
CREATE INDEX contribution_by_stage ON contribution (stage, value_date);
CREATE INDEX contribution_by_donor ON contribution (donor_id, value_date);
CREATE INDEX contribution_by_fund ON contribution (fund_id, value_date);
CREATE INDEX contribution_by_pledge ON contribution (pledge_no, value_date);
CREATE INDEX contribution_by_verification ON contribution (verification, value_date);

-- Derived: the sums over all counted lines of a donor, a fund or an event, for each instrument and for 'all'.
-- Few, and changed by every contribution: a list in the order of a figure reads those of one scope and instrument and sorts them.
CREATE TABLE total (
    scope               TEXT NOT NULL CHECK (scope = 'donor' OR scope = 'fund' OR scope = 'event'),
    instrument          TEXT NOT NULL,
    id                  TEXT NOT NULL,
    lines               INTEGER NOT NULL,
    pledged_usd         INTEGER NOT NULL,
    withdrawn_usd       INTEGER NOT NULL,
    committed_usd       INTEGER NOT NULL,
    paid_usd            INTEGER NOT NULL,
    paid_on_pledged_usd INTEGER NOT NULL,
    outstanding_usd     INTEGER NOT NULL,
    PRIMARY KEY (scope, instrument, id)
) STRICT, WITHOUT ROWID;

-- Derived: what a day added to a fund. pledged is net of the later fate of the pledges made that day;
-- committed_direct is the part of committed that nobody had pledged.
CREATE TABLE fund_day (
    fund_id          TEXT NOT NULL REFERENCES fund (id),
    day              TEXT NOT NULL,
    pledged          INTEGER NOT NULL,
    committed        INTEGER NOT NULL,
    committed_direct INTEGER NOT NULL,
    paid             INTEGER NOT NULL,
    PRIMARY KEY (fund_id, day)
) STRICT, WITHOUT ROWID;

-- Derived: a fund's money by the years it is for, for requirements of a period. A header without usage years stands under the year it was announced in.
CREATE TABLE fund_year (
    fund_id    TEXT NOT NULL REFERENCES fund (id),
    first_year INTEGER NOT NULL,
    last_year  INTEGER NOT NULL,
    pledged    INTEGER NOT NULL,
    committed  INTEGER NOT NULL,
    paid       INTEGER NOT NULL,
    PRIMARY KEY (fund_id, first_year, last_year)
) STRICT, WITHOUT ROWID;

CREATE TABLE requirement (
    no             INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    fund_id        TEXT NOT NULL REFERENCES fund (id),
    kind           TEXT NOT NULL CHECK (kind = 'original' OR kind = 'revised'),
    period_start   TEXT CHECK (period_start IS date(period_start)),
    period_end     TEXT CHECK (period_end IS date(period_end)),
    amount_minor   INTEGER NOT NULL CHECK (amount_minor BETWEEN 0 AND 999999999999999),
    currency       TEXT NOT NULL CHECK (length(currency) = 3),
    usd_minor      INTEGER NOT NULL,
    usd_basis      TEXT NOT NULL CHECK (usd_basis = 'reported' OR usd_basis = 'rate'),
    rate_no        INTEGER REFERENCES exchange_rate (no),
    qualifier      TEXT NOT NULL CHECK (qualifier = 'exact' OR qualifier = 'approximate' OR qualifier = 'at_least' OR qualifier = 'at_most'),
    stated_on      TEXT NOT NULL CHECK (stated_on IS date(stated_on)),
    stated_by_en   TEXT,
    stated_by_ar   TEXT,
    note_en        TEXT,
    note_ar        TEXT,
    recorded_at    TEXT NOT NULL,
    recorded_by    TEXT NOT NULL,
    version        INTEGER NOT NULL,
    CHECK ((period_start IS NULL) = (period_end IS NULL) AND (period_start IS NULL OR period_start <= period_end))
) STRICT;
CREATE INDEX requirement_by_fund ON requirement (fund_id, stated_on, id);
CREATE INDEX requirement_by_stated ON requirement (stated_on, id);
CREATE TRIGGER requirement_is_never_updated BEFORE UPDATE ON requirement BEGIN SELECT RAISE(ABORT, 'requirements are append-only'); END;
CREATE TRIGGER requirement_is_never_deleted BEFORE DELETE ON requirement BEGIN SELECT RAISE(ABORT, 'requirements are append-only'); END;

-- Reported shortfalls: somebody said so, on a day.
CREATE TABLE shortfall (
    no             INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    fund_id        TEXT NOT NULL REFERENCES fund (id),
    period_start   TEXT CHECK (period_start IS date(period_start)),
    period_end     TEXT CHECK (period_end IS date(period_end)),
    amount_minor   INTEGER NOT NULL CHECK (amount_minor BETWEEN 0 AND 999999999999999),
    currency       TEXT NOT NULL CHECK (length(currency) = 3),
    usd_minor      INTEGER NOT NULL,
    usd_basis      TEXT NOT NULL CHECK (usd_basis = 'reported' OR usd_basis = 'rate'),
    rate_no        INTEGER REFERENCES exchange_rate (no),
    qualifier      TEXT NOT NULL CHECK (qualifier = 'exact' OR qualifier = 'approximate' OR qualifier = 'at_least' OR qualifier = 'at_most'),
    stated_on      TEXT NOT NULL CHECK (stated_on IS date(stated_on)),
    date_precision TEXT NOT NULL CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate'),
    stated_by_en   TEXT,
    stated_by_ar   TEXT,
    note_en        TEXT,
    note_ar        TEXT,
    recorded_at    TEXT NOT NULL,
    recorded_by    TEXT NOT NULL,
    version        INTEGER NOT NULL,
    -- "Until July" has an end and no start; "now" has neither.
    CHECK (period_start IS NULL OR (period_end IS NOT NULL AND period_start <= period_end))
) STRICT;
CREATE INDEX shortfall_by_fund ON shortfall (fund_id, stated_on, id);
CREATE INDEX shortfall_by_stated ON shortfall (stated_on, id);
CREATE TRIGGER shortfall_is_never_updated BEFORE UPDATE ON shortfall BEGIN SELECT RAISE(ABORT, 'reported shortfalls are append-only'); END;
CREATE TRIGGER shortfall_is_never_deleted BEFORE DELETE ON shortfall BEGIN SELECT RAISE(ABORT, 'reported shortfalls are append-only'); END;

-- Derived: a statement that no longer speaks for its fund, and the next one that does.
CREATE TABLE superseded (
    kind     TEXT NOT NULL CHECK (kind = 'shortfall' OR kind = 'requirement'),
    no       INTEGER NOT NULL,
    by_no    INTEGER NOT NULL,
    PRIMARY KEY (kind, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE indicator (
    no             INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    measure        TEXT NOT NULL CHECK (measure GLOB '[a-z0-9]*' AND length(measure) <= 64),
    name_en        TEXT,
    name_ar        TEXT,
    -- A plain decimal number, kept as it was written: an indicator may count people or be a share.
    value          TEXT NOT NULL,
    unit           TEXT NOT NULL,
    qualifier      TEXT NOT NULL CHECK (qualifier = 'exact' OR qualifier = 'approximate' OR qualifier = 'at_least' OR qualifier = 'at_most'),
    date           TEXT NOT NULL CHECK (date IS date(date)),
    date_precision TEXT NOT NULL CHECK (date_precision = 'day' OR date_precision = 'month' OR date_precision = 'year'
                            OR date_precision = 'approximate'),
    fund_id        TEXT REFERENCES fund (id),
    country        TEXT CHECK (length(country) = 3),
    note_en        TEXT,
    note_ar        TEXT,
    recorded_at    TEXT NOT NULL,
    recorded_by    TEXT NOT NULL,
    version        INTEGER NOT NULL,
    CHECK (name_en IS NOT NULL OR name_ar IS NOT NULL)
) STRICT;
CREATE INDEX indicator_by_date ON indicator (date, id);
CREATE INDEX indicator_by_measure ON indicator (measure, date, id);
CREATE INDEX indicator_by_fund ON indicator (fund_id, date, id) WHERE fund_id IS NOT NULL;

-- The document a figure rests on, and the words in it. Each citation belongs to exactly one thing.
CREATE TABLE citation (
    no             INTEGER PRIMARY KEY,
    source_id      TEXT NOT NULL REFERENCES source (id),
    pledge_no      INTEGER REFERENCES pledge (no),
    entry_no       INTEGER REFERENCES ledger_entry (no),
    shortfall_no   INTEGER REFERENCES shortfall (no),
    requirement_no INTEGER REFERENCES requirement (no),
    indicator_no   INTEGER REFERENCES indicator (no),
    event_id       TEXT REFERENCES event (id),
    quote          TEXT,
    note_en        TEXT,
    note_ar        TEXT,
    recorded_at    TEXT NOT NULL,
    CHECK ((pledge_no IS NOT NULL) + (entry_no IS NOT NULL) + (shortfall_no IS NOT NULL) + (requirement_no IS NOT NULL)
         + (indicator_no IS NOT NULL) + (event_id IS NOT NULL) = 1)
) STRICT;
CREATE INDEX citation_by_source ON citation (source_id);
CREATE INDEX citation_by_pledge ON citation (pledge_no) WHERE pledge_no IS NOT NULL;
CREATE INDEX citation_by_entry ON citation (entry_no) WHERE entry_no IS NOT NULL;
CREATE INDEX citation_by_shortfall ON citation (shortfall_no) WHERE shortfall_no IS NOT NULL;
CREATE INDEX citation_by_requirement ON citation (requirement_no) WHERE requirement_no IS NOT NULL;
CREATE INDEX citation_by_indicator ON citation (indicator_no) WHERE indicator_no IS NOT NULL;
CREATE INDEX citation_by_event ON citation (event_id) WHERE event_id IS NOT NULL;

-- What was done, by whom, in one chain: hash = SHA-256(previous hash, sequence, time, actor, SHA-256(body)).
CREATE TABLE change (
    seq       INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    actor     TEXT NOT NULL,
    entity    TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    pledge_id TEXT,
    body      TEXT NOT NULL CHECK (json_valid(body)),
    hash      BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX change_by_entity ON change (entity);
CREATE INDEX change_by_pledge ON change (pledge_id) WHERE pledge_id IS NOT NULL;
CREATE INDEX change_by_actor ON change (actor);
CREATE INDEX change_by_time ON change (at);
CREATE TRIGGER change_is_never_updated BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;
CREATE TRIGGER change_is_never_deleted BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;

-- The secret itself is never kept: only its SHA-256.
CREATE TABLE api_key (
    id              TEXT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    role            TEXT NOT NULL CHECK (role IN ('recorder', 'editor', 'admin')),
    organization_id TEXT REFERENCES organization (id),
    secret_sha256   BLOB NOT NULL CHECK (length(secret_sha256) = 32),
    created_at      TEXT NOT NULL,
    created_by      TEXT NOT NULL,
    expires_at      TEXT,
    revoked_at      TEXT,
    revoked_by      TEXT,
    last_used_at    TEXT,
    CHECK ((role = 'recorder') = (organization_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- The answer to a request that was carried out, kept in the same transaction as what it recorded. Only successes are here.
CREATE TABLE idempotency (
    caller      TEXT NOT NULL,
    route       TEXT NOT NULL,
    key         TEXT NOT NULL,
    body_sha256 BLOB NOT NULL CHECK (length(body_sha256) = 32),
    status      INTEGER NOT NULL,
    location    TEXT,
    entity_tag  TEXT,
    answer      BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (caller, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (recorded_at);

-- What an editor found about a contribution. The entry itself is never touched.
CREATE TABLE verification (
    no          INTEGER PRIMARY KEY,
    entry_no    INTEGER NOT NULL REFERENCES ledger_entry (no),
    state       TEXT NOT NULL CHECK (state IN ('verified', 'disputed')),
    note_en     TEXT,
    note_ar     TEXT,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL
) STRICT;
CREATE INDEX verification_by_entry ON verification (entry_no);
CREATE TRIGGER verification_is_never_updated BEFORE UPDATE ON verification BEGIN SELECT RAISE(ABORT, 'verifications are append-only'); END;
CREATE TRIGGER verification_is_never_deleted BEFORE DELETE ON verification BEGIN SELECT RAISE(ABORT, 'verifications are append-only'); END;

-- The other party to a contribution says the same.
CREATE TABLE confirmation (
    no              INTEGER PRIMARY KEY,
    entry_no        INTEGER NOT NULL REFERENCES ledger_entry (no),
    organization_id TEXT NOT NULL REFERENCES organization (id),
    note_en         TEXT,
    note_ar         TEXT,
    recorded_at     TEXT NOT NULL,
    recorded_by     TEXT NOT NULL,
    UNIQUE (entry_no, organization_id)
) STRICT;
CREATE TRIGGER confirmation_is_never_updated BEFORE UPDATE ON confirmation BEGIN SELECT RAISE(ABORT, 'confirmations are append-only'); END;
CREATE TRIGGER confirmation_is_never_deleted BEFORE DELETE ON confirmation BEGIN SELECT RAISE(ABORT, 'confirmations are append-only'); END;

-- What the planner goes by: the figures that ANALYZE found in a generated database of 210,000 headers, so that an empty one has the plans that
-- serve it when it has grown. For each index: its rows, and how many of them share its first column, its first two, and so on.
-- ANALYZE of the schema alone makes the table of statistics without looking at any; said again it reads them.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('organization', 'organization', '5500 1'),
    ('organization', 'organization_by_country', '5500 135 1'),
    ('organization', 'organization_by_merge', '100 100 1'),
    ('organization', 'organization_by_type', '5500 459 1'),
    ('fund', 'fund', '2000 1'),
    ('fund', 'fund_by_parent', '390 8 1'),
    ('event', 'event', '150 1'),
    ('event', 'event_by_start', '150 1 1'),
    ('source', 'source', '3001 1'),
    ('source', 'source_by_date', '3001 2 1'),
    ('exchange_rate', 'sqlite_autoindex_exchange_rate_1', '107462 4299 1 1'),
    ('exchange_rate', 'exchange_rate_by_currency', '107462 4299 1'),
    ('exchange_rate', 'exchange_rate_by_date', '107462 28'),
    ('pledge', 'sqlite_autoindex_pledge_1', '210000 1'),
    ('pledge', 'pledge_by_amount', '210000 105000 3'),
    ('pledge', 'pledge_by_announced', '210000 105000 21'),
    ('pledge', 'pledge_by_currency_amount', '210000 26250 26250 3'),
    ('pledge', 'pledge_by_currency_announced', '210000 26250 26250 7'),
    ('pledge', 'pledge_by_currency_outstanding', '210000 26250 26250 4'),
    ('pledge', 'pledge_by_event_amount', '59994 400 400 2'),
    ('pledge', 'pledge_by_event_announced', '59994 400 400 400'),
    ('pledge', 'pledge_by_event_outstanding', '59994 400 400 2'),
    ('pledge', 'pledge_by_external', '105000 35000 1'),
    ('pledge', 'pledge_by_fund_amount', '210000 105 55 2'),
    ('pledge', 'pledge_by_fund_announced', '210000 105 55 2'),
    ('pledge', 'pledge_by_fund_outstanding', '210000 105 55 2'),
    ('pledge', 'pledge_by_instrument_amount', '210000 26250 13125 3'),
    ('pledge', 'pledge_by_instrument_announced', '210000 26250 13125 6'),
    ('pledge', 'pledge_by_instrument_outstanding', '210000 26250 13125 3'),
    ('pledge', 'pledge_by_outstanding', '210000 105000 4'),
    ('pledge', 'pledge_by_overdue_amount', '44397 44397 3'),
    ('pledge', 'pledge_by_overdue_announced', '44397 44397 9'),
    ('pledge', 'pledge_by_overdue_outstanding', '44397 44397 3'),
    ('pledge', 'pledge_by_recipient_amount', '41364 83 83 1'),
    ('pledge', 'pledge_by_recipient_announced', '41364 83 83 1'),
    ('pledge', 'pledge_by_recipient_outstanding', '41364 83 83 2'),
    ('pledge', 'pledge_by_reclassified', '1050 1'),
    ('pledge', 'pledge_by_status_amount', '210000 30000 23334 3'),
    ('pledge', 'pledge_by_status_announced', '210000 30000 23334 7'),
    ('pledge', 'pledge_by_status_outstanding', '210000 30000 23334 4'),
    ('ledger_entry', 'sqlite_autoindex_ledger_entry_1', '453344 1'),
    ('ledger_entry', 'sqlite_autoindex_ledger_entry_2', '453344 50'),
    ('ledger_entry', 'ledger_entry_by_donor', '453344 91 4 1'),
    ('ledger_entry', 'ledger_entry_by_external', '226672 1'),
    ('ledger_entry', 'ledger_entry_by_pledge', '453344 3'),
    ('line', 'line', '221750 1 1'),
    ('line', 'line_by_donor_amount', '221750 45 31 2 1'),
    ('line', 'line_by_donor_announced', '221750 45 31 2 1'),
    ('line', 'line_by_donor_outstanding', '221750 45 31 2 1'),
    ('pledge_country', 'pledge_country', '242897 6073 1'),
    ('pledge_country', 'pledge_country_by_amount', '242897 6073 3037 3 1'),
    ('pledge_country', 'pledge_country_by_announced', '242897 6073 3037 3 1'),
    ('pledge_country', 'pledge_country_by_outstanding', '242897 6073 3037 3 1'),
    ('pledge_country', 'pledge_country_by_pledge', '242897 2'),
    ('contribution', 'contribution_by_date', '226961 42'),
    ('contribution', 'contribution_by_donor', '226961 47 2'),
    ('contribution', 'contribution_by_fund', '226961 114 2'),
    ('contribution', 'contribution_by_pledge', '226961 3 1'),
    ('contribution', 'contribution_by_stage', '226961 113481 21'),
    ('contribution', 'contribution_by_verification', '226961 75654 18'),
    ('total', 'total', '42231 14077 1565 1'),
    ('fund_day', 'fund_day', '331330 166 1'),
    ('fund_year', 'fund_year', '48596 25 2 1'),
    ('requirement', 'sqlite_autoindex_requirement_1', '1500 1'),
    ('requirement', 'requirement_by_fund', '1500 3 1 1'),
    ('requirement', 'requirement_by_stated', '1500 2 1'),
    ('shortfall', 'sqlite_autoindex_shortfall_1', '800 1'),
    ('shortfall', 'shortfall_by_fund', '800 2 1 1'),
    ('shortfall', 'shortfall_by_stated', '800 1 1'),
    ('superseded', 'superseded', '217 217 1'),
    ('indicator', 'sqlite_autoindex_indicator_1', '4000 1'),
    ('indicator', 'indicator_by_date', '4000 2 1'),
    ('indicator', 'indicator_by_fund', '2356 2 1 1'),
    ('indicator', 'indicator_by_measure', '4000 20 1 1'),
    ('citation', 'citation_by_entry', '68211 1'),
    ('citation', 'citation_by_event', '150 1'),
    ('citation', 'citation_by_indicator', '4000 1'),
    ('citation', 'citation_by_pledge', '187127 1'),
    ('citation', 'citation_by_requirement', '1500 1'),
    ('citation', 'citation_by_shortfall', '800 1'),
    ('citation', 'citation_by_source', '261788 88'),
    ('change', 'change_by_actor', '454545 2273'),
    ('change', 'change_by_entity', '454545 50505'),
    ('change', 'change_by_pledge', '441594 3'),
    ('change', 'change_by_time', '454545 44'),
    ('api_key', 'api_key', '200 1'),
    ('idempotency', 'idempotency', '20000 100 34 1'),
    ('idempotency', 'idempotency_by_age', '20000 1'),
    ('verification', 'verification_by_entry', '49894 1'),
    ('confirmation', 'sqlite_autoindex_confirmation_1', '45392 1 1');
ANALYZE sqlite_schema;
