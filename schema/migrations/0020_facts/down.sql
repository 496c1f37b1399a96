DROP TABLE fact_versions;
DROP TABLE facts;
