DROP INDEX acknowledgement_asks_of_patient;
DROP TABLE calendar_feeds;
DROP TABLE appointment_people;
DROP TABLE appointment_versions;
DROP TABLE appointments;
