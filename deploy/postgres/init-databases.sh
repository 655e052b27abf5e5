#!/usr/bin/env bash
# Runs once, on an empty cluster: a database and a role for every service named in SERVICES. A role may enter its own
# database only. Passwords come from DB_PASSWORD_<SERVICE>; there are no default ones.
set -euo pipefail

for service in ${SERVICES:?}; do
	variable="DB_PASSWORD_${service^^}"
	psql --quiet --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname postgres \
		--set ON_ERROR_STOP=1 --set name="khet_${service}" --set password="${!variable:?}" <<-'SQL'
		CREATE ROLE :"name" LOGIN PASSWORD :'password';
		CREATE DATABASE :"name" OWNER :"name";
		REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
	SQL
done
psql --quiet --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname postgres --set ON_ERROR_STOP=1 \
	--command 'REVOKE CONNECT ON DATABASE postgres FROM PUBLIC'
