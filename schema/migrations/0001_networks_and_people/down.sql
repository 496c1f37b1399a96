DROP TABLE clients;
DROP TABLE sessions;
DROP TABLE accounts;
DROP TABLE staff_members;
DROP TABLE facilities;
DROP TABLE tenants;
