-- Beside `prefect`, which Postgres makes at its first start: runs and models, and who may see them.
CREATE DATABASE mlflow;
CREATE DATABASE mlflow_auth;
