DROP TABLE clock_alarms;
DROP INDEX audit_checkpoints_by_time;
DROP TABLE checkpoint_copies;
DROP TABLE witnessed_logs;
DROP TABLE cosignatures;
DROP TABLE witnesses;
