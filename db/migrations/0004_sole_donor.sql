-- Nearly every header has one line, which says what the header says: its donor stands in the header as well, so that a pledge is shown
-- without reading the line. Derived; NULL where the lines have to be read, because several give or because nothing was promised on the only one.

ALTER TABLE pledge ADD COLUMN sole_donor_id TEXT;
UPDATE pledge SET sole_donor_id = (
    SELECT max(l.donor_id) FROM line l WHERE l.pledge_no = pledge.no HAVING count(*) = 1 AND max(l.has_pledge) = (pledge.amount_minor IS NOT NULL));
