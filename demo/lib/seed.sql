-- What every server of the fleet holds. Read by `postgres --single -j`: a statement ends with a semicolon and
-- an empty line. `\next` goes on in the next database: template1, orders, billing.
create role rds_superuser;

create role rds_iam;

create role iam_dba login in role rds_iam, rds_superuser, pg_monitor;

create role iam_ro login in role rds_iam, pg_read_all_data;

create role jane_doe login in role rds_iam, pg_read_all_data;

create role app_orders login in role rds_iam;

create role iam_locked nologin in role rds_iam;

create role iam_full login connection limit 0 in role rds_iam;

create role app_password login password '{password}';

create function pg_catalog.aurora_version() returns text language sql stable as $$ select current_setting('rds.aurora_version') $$;

create function pg_catalog.aurora_db_instance_identifier() returns text language sql stable as $$ select current_setting('rds.instance_id') $$;

create function pg_catalog.aurora_replica_status(out server_id text, out session_id text, out replica_lag_in_msec double precision, out cpu double precision, out last_update_timestamp timestamptz) returns setof record language sql stable as $$ select split_part(n, ':', 2), case when split_part(n, ':', 1) = 'w' then 'MASTER_SESSION_ID' else md5(n) end, nullif(split_part(n, ':', 3), '0')::double precision, 7.5, case when split_part(n, ':', 2) = current_setting('rds.instance_id') then null else now() end from unnest(string_to_array(current_setting('rds.topology'), ',')) as n $$;

drop database postgres;

create database postgres;

create database orders owner iam_dba;

create database billing owner iam_dba;

create database closed;

revoke connect on database closed from public;

create database crowded connection limit 0;

\next
create table orders (id int primary key, customer text not null, placed timestamptz not null, cents int not null);

insert into orders select n, 'customer ' || n % 40, '2026-01-01'::timestamptz + n * interval '1 hour', n * 137 % 90000 from generate_series(1, 500) as n;

grant select on orders to iam_ro, jane_doe, app_orders;

alter table orders owner to iam_dba;

\next
create table invoices (id int primary key, order_id int not null, paid boolean not null);

insert into invoices select n, n, n % 3 > 0 from generate_series(1, 300) as n;

alter table invoices owner to iam_dba;

