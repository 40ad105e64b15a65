-- Every contribution changes up to six totals, and each of their five indexes with them: most of what a write cost. Totals are few (a
-- row for each donor, fund and event, and each instrument it gives by), so a list sorted by a figure reads those of one scope and
-- instrument, which now stand together, and sorts them.

CREATE TABLE total_by_instrument (
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
INSERT INTO total_by_instrument (scope, instrument, id, lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd)
SELECT scope, instrument, id, lines, pledged_usd, withdrawn_usd, committed_usd, paid_usd, paid_on_pledged_usd, outstanding_usd
FROM total ORDER BY scope, instrument, id;
DROP TABLE total;
ALTER TABLE total_by_instrument RENAME TO total;
