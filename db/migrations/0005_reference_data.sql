-- Counts the changes of what other records name. While it stays the same, a name that was looked up once need not be looked up again,
-- however much is written to the ledger.

CREATE TABLE reference_data (
    no      INTEGER NOT NULL PRIMARY KEY CHECK (no = 1),
    edition INTEGER NOT NULL
) STRICT;
INSERT INTO reference_data VALUES (1, 1);

CREATE TRIGGER organization_is_new     AFTER INSERT ON organization BEGIN UPDATE reference_data SET edition = edition + 1; END;
CREATE TRIGGER organization_is_changed AFTER UPDATE ON organization BEGIN UPDATE reference_data SET edition = edition + 1; END;
CREATE TRIGGER fund_is_new             AFTER INSERT ON fund         BEGIN UPDATE reference_data SET edition = edition + 1; END;
CREATE TRIGGER fund_is_changed         AFTER UPDATE ON fund         BEGIN UPDATE reference_data SET edition = edition + 1; END;
CREATE TRIGGER event_is_new            AFTER INSERT ON event        BEGIN UPDATE reference_data SET edition = edition + 1; END;
CREATE TRIGGER event_is_changed        AFTER UPDATE ON event        BEGIN UPDATE reference_data SET edition = edition + 1; END;
CREATE TRIGGER source_is_new           AFTER INSERT ON source       BEGIN UPDATE reference_data SET edition = edition + 1; END;
CREATE TRIGGER source_is_changed       AFTER UPDATE ON source       BEGIN UPDATE reference_data SET edition = edition + 1; END;

CREATE TRIGGER organization_is_never_deleted BEFORE DELETE ON organization BEGIN SELECT RAISE(ABORT, 'organizations are never deleted'); END;
CREATE TRIGGER fund_is_never_deleted         BEFORE DELETE ON fund         BEGIN SELECT RAISE(ABORT, 'funds are never deleted'); END;
CREATE TRIGGER event_is_never_deleted        BEFORE DELETE ON event        BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER source_is_never_deleted       BEFORE DELETE ON source       BEGIN SELECT RAISE(ABORT, 'sources are never deleted'); END;
