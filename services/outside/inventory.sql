-- What a database consists of, an object a row, with all of it that migrations and policies.sql decide. In Supabase's own schemas
-- that is only who sees the rows of its tables and what hangs on them: the rest changes with its releases.
with ours as (
    select oid, nspname, nspacl, nspowner from pg_namespace where nspname in ('public', 'private')
), relations as (
    select pg_class.*, format('%I.%I', nspname, relname) as name, relnamespace in (select oid from ours) as is_ours
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'S', 'c') and (
        relnamespace in (select oid from ours)
        or (nspname, relname) in (('storage', 'objects'), ('storage', 'buckets'), ('realtime', 'messages'))
    )
), columns as (
    select pg_attribute.*, name, relkind
    from pg_attribute join relations on relations.oid = attrelid
    where is_ours and attnum > 0 and not attisdropped
), functions as (
    select pg_proc.*, pg_proc.oid::regprocedure as name from pg_proc where pronamespace in (select oid from ours)
), privileges (place, acl, owner) as (
    select format('on schema %I', nspname), coalesce(nspacl, acldefault('n', nspowner)), nspowner from ours
    union all
    select 'on ' || name, coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)), relowner
    from relations where is_ours
    union all
    select format('(%I) on %s', attname, name), attacl, 0 from columns
    union all
    select 'on function ' || name, coalesce(proacl, acldefault('f', proowner)), proowner from functions
    union all
    select format('by default on %s made by postgres in %s', defaclobjtype, coalesce(nullif(defaclnamespace, 0)::regnamespace::text, 'any schema')),
        defaclacl, defaclrole
    from pg_default_acl where defaclrole = 'postgres'::regrole
)
select format('%s %s to %s', privilege_type, place, case grantee when 0 then 'public' else grantee::regrole::text end) as object, '' as description
from privileges, aclexplode(acl)
where grantee <> owner
group by 1
union all
select case relkind when 'v' then 'view ' when 'm' then 'view ' when 'S' then 'sequence ' when 'c' then 'type ' else 'table ' end || name,
    case
        when relkind in ('v', 'm') then concat_ws(' ', md5(pg_get_viewdef(oid)), array_to_string(reloptions, ' '))
        when relkind in ('r', 'p') then 'row-level security ' || case when relrowsecurity then 'on' else 'off' end
        else ''
    end
from relations
union all
select format('column %s.%I', name, attname),
    concat_ws(' ', format_type(atttypid, atttypmod), case when attnotnull then 'not null' end,
        case when attidentity <> '' then format('identity %s', attidentity) end,
        case when attgenerated <> '' then format('generated %s', attgenerated) end,
        pg_get_expr(adbin, adrelid))
from columns left join pg_attrdef on adrelid = attrelid and adnum = attnum
where relkind in ('r', 'p', 'c')
union all
select format('constraint %I on %s', conname, name), pg_get_constraintdef(pg_constraint.oid)
from pg_constraint join relations on relations.oid = conrelid
where is_ours and contype not in ('n', 't')
union all
select format('index %s on %s', indexrelid::regclass, name), pg_get_indexdef(indexrelid)
from pg_index join relations on relations.oid = indrelid
where is_ours
union all
select format('policy %I on %s', polname, name),
    format('%s %s to %s using (%s) check (%s)', case when polpermissive then 'permissive' else 'restrictive' end, polcmd,
        array(select case role when 0 then 'public' else role::regrole::text end from unnest(polroles) as role order by 1),
        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
from pg_policy join relations on relations.oid = polrelid
union all
select format('trigger %I on %s', tgname, tgrelid::regclass), format('%s %s', pg_get_triggerdef(pg_trigger.oid), tgenabled)
from pg_trigger
where not tgisinternal and (tgfoid in (select oid from functions) or tgrelid in (select oid from relations where is_ours))
union all
select 'function ' || name, case when prokind in ('f', 'p') then md5(pg_get_functiondef(oid)) else prokind::text end
from functions
union all
select 'type ' || enumtypid::regtype, string_agg(enumlabel, ', ' order by enumsortorder)
from pg_enum join pg_type on pg_type.oid = enumtypid
where typnamespace in (select oid from ours)
group by enumtypid
order by 1
