-- Changes are found by whom and what they are about. What is said of it in db/sqlite is true here.

CREATE TABLE change_about (
    kind TEXT COLLATE "C" NOT NULL CHECK (kind = 'donor' OR kind = 'fund' OR kind = 'event'),
    id   TEXT COLLATE "C" NOT NULL,
    seq  BIGINT NOT NULL,
    PRIMARY KEY (kind, id, seq)
);

INSERT INTO change_about (kind, id, seq)
SELECT 'fund', p.fund_id, c.seq FROM change c JOIN pledge p ON p.id = c.pledge_id WHERE p.fund_id IS NOT NULL
UNION SELECT 'event', p.event_id, c.seq FROM change c JOIN pledge p ON p.id = c.pledge_id WHERE p.event_id IS NOT NULL
UNION SELECT 'donor', coalesce(o.merged_into, o.id), c.seq
    FROM change c JOIN pledge p ON p.id = c.pledge_id JOIN ledger_entry e ON e.pledge_no = p.no JOIN organization o ON o.id = e.donor_id WHERE c.entity = 'pledge' OR e.id = c.entity_id
UNION SELECT 'donor', coalesce(o.merged_into, o.id), c.seq FROM change c JOIN organization o ON o.id = c.entity_id WHERE c.entity = 'organization'
UNION SELECT 'fund', c.entity_id, c.seq FROM change c WHERE c.entity = 'fund'
UNION SELECT 'event', c.entity_id, c.seq FROM change c WHERE c.entity = 'event'
UNION SELECT 'fund', q.fund_id, c.seq FROM change c JOIN requirement q ON q.id = c.entity_id WHERE c.entity = 'requirement'
UNION SELECT 'fund', s.fund_id, c.seq FROM change c JOIN shortfall s ON s.id = c.entity_id WHERE c.entity = 'shortfall'
UNION SELECT 'fund', i.fund_id, c.seq FROM change c JOIN indicator i ON i.id = c.entity_id WHERE c.entity = 'indicator' AND i.fund_id IS NOT NULL;

CREATE INDEX change_about_by_change ON change_about (seq);
