DROP TABLE record_export_links;
DROP TABLE record_export_chunks;
DROP TABLE record_export_files;
DROP TABLE record_exports;
