"""Tables in and out: spreadsheets, CSV and Parquet, read exactly or refused."""
