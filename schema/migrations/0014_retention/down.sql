DROP FUNCTION drop_log_month(date, timestamptz);
DROP FUNCTION take_over_log_months();
DROP FUNCTION log_months();
DROP TABLE audit_archives;
DROP TABLE legal_holds;
DROP TABLE withholdings;
ALTER TABLE emergency_accesses DROP COLUMN category;
ALTER TABLE tenant_settings DROP COLUMN show_names_to_patients;
