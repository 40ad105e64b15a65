-- Finding and correcting one's records. What is said of it in db/sqlite is true here.

ALTER TABLE api_key ADD COLUMN renewed_at TIMESTAMPTZ;

ALTER TABLE ledger_entry ADD COLUMN replaces_no BIGINT REFERENCES ledger_entry (no);
CREATE UNIQUE INDEX ledger_entry_by_replaced ON ledger_entry (replaces_no) WHERE replaces_no IS NOT NULL;

CREATE INDEX change_by_entity_id ON change (entity_id, seq);

ALTER TABLE contribution ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
UPDATE contribution SET version = (SELECT coalesce(max(seq), 0) FROM change);
CREATE INDEX contribution_by_version ON contribution (version, entry_no);

CREATE TABLE contribution_key (
    filter     TEXT COLLATE "C" NOT NULL CHECK (filter = 'recipient' OR filter = 'event' OR filter = 'instrument' OR filter = 'country' OR filter = 'recordedBy'
                        OR filter = 'externalId' OR filter = 'externalSystem'),
    value      TEXT COLLATE "C" NOT NULL,
    value_date DATE NOT NULL,
    entry_no   BIGINT NOT NULL REFERENCES ledger_entry (no),
    PRIMARY KEY (filter, value, value_date, entry_no)
);
INSERT INTO contribution_key (filter, value, value_date, entry_no)
SELECT k.filter, k.value, e.value_date, e.no
FROM contribution n JOIN ledger_entry e ON e.no = n.entry_no JOIN (
    SELECT x.no, 'recipient' AS filter, p.recipient_id AS value FROM ledger_entry x JOIN pledge p ON p.no = x.pledge_no
    UNION ALL SELECT x.no, 'event', p.event_id FROM ledger_entry x JOIN pledge p ON p.no = x.pledge_no
    UNION ALL SELECT x.no, 'instrument', p.instrument FROM ledger_entry x JOIN pledge p ON p.no = x.pledge_no
    UNION ALL SELECT x.no, 'country', c.country FROM ledger_entry x JOIN pledge_country c ON c.pledge_no = x.pledge_no
    UNION ALL SELECT x.no, 'recordedBy', x.recorded_by FROM ledger_entry x
    UNION ALL SELECT x.no, 'recordedBy', x.recorded_for FROM ledger_entry x
    UNION ALL SELECT x.no, 'externalSystem', x.external_system FROM ledger_entry x
    UNION ALL SELECT x.no, 'externalId', x.external_id FROM ledger_entry x) k ON k.no = e.no
WHERE k.value IS NOT NULL;

CREATE INDEX pledge_by_recorder_announced ON pledge (recorded_by, origin, announced_on, no);
CREATE INDEX pledge_by_recorder_amount ON pledge (recorded_by, origin, pledged_usd, no);
CREATE INDEX pledge_by_recorder_outstanding ON pledge (recorded_by, origin, outstanding_usd, no);
CREATE INDEX pledge_by_system_announced ON pledge (external_system, origin, announced_on, no) WHERE external_system IS NOT NULL;
CREATE INDEX pledge_by_system_amount ON pledge (external_system, origin, pledged_usd, no) WHERE external_system IS NOT NULL;
CREATE INDEX pledge_by_system_outstanding ON pledge (external_system, origin, outstanding_usd, no) WHERE external_system IS NOT NULL;
CREATE INDEX pledge_by_number ON pledge (external_id, no) WHERE external_id IS NOT NULL;

CREATE INDEX pledge_by_version ON pledge (origin, version, no);
CREATE INDEX organization_by_version ON organization (version, id);
CREATE INDEX fund_by_version ON fund (version, id);
CREATE INDEX event_by_version ON event (version, id);
CREATE INDEX source_by_version ON source (version, id);
