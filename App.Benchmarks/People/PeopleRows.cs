using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Benchmarks.Jobs;
using BlazorAdmin.Data;

namespace BlazorAdmin.Benchmarks.People;

/// <summary>Accounts, roles and audit rows of an organisation of 100,000.</summary>
internal static class PeopleRows
{
    public const int People = 100_000;

    /// <summary>How many roles, actions and subjects there are.</summary>
    public const int Roles = 10, Actions = 60, Subjects = 50_000;

    /// <summary>So many of the people change things; the others only sign in.</summary>
    public const int Busy = 500;

    /// <summary>Every 1,000th command was refused or failed.</summary>
    public const int Refused = 1_000;

    public const string RoleOf = "'00000000-0000-7000-9000-' || lpad((n % @roles)::text, 12, '0')";

    private const string PersonOf = "'00000000-0000-7000-8000-' || lpad(n::text, 12, '0')";

    /// <summary>Id of the account with this number, counted from 1.</summary>
    public static Guid Person(int number) => Guid.Parse($"00000000-0000-7000-8000-{number:000000000000}");

    public static Guid Role(int number) => Guid.Parse($"00000000-0000-7000-9000-{number % Roles:000000000000}");

    public static async Task FillUsersAsync(string connectionString, FigureSink sink, CancellationToken cancellation)
    {
        await JobsServer.ExecuteAsync(connectionString, $"""
            INSERT INTO "Roles" ("Id", "TenantId", "Name", "NormalizedName", "BuiltIn")
            SELECT ({RoleOf.Replace("@roles", $"{Roles}", StringComparison.Ordinal)})::uuid, '{AppDbContext.DefaultTenant}', 'Role ' || n, 'ROLE ' || n, false FROM generate_series(0, {Roles} - 1) AS n
            """, cancellation);
        // Names of two words out of 200 each, so that a search finds some and no name is alone.
        await TableFill.RunAsync(connectionString, "Users", $"""
            INSERT INTO "Users" ("Id", "TenantId", "DisplayName", "UserName", "NormalizedUserName", "Email", "NormalizedEmail", "EmailConfirmed", "PhoneNumberConfirmed", "TwoFactorEnabled",
              "LockoutEnabled", "AccessFailedCount", "SecurityStamp", "CreatedAt", "LastSignInAt", "DeactivatedAt")
            SELECT ({PersonOf})::uuid, @tenant, 'First' || (n * 7) % 200 || ' Last' || n / 500, m.mail, upper(m.mail), m.mail, upper(m.mail), true, false, false, false, 0, md5(n::text),
              now() - n * interval '10 min', CASE WHEN n % 10 > 0 THEN now() - n * interval '1 s' END, CASE WHEN n % 20 = 0 THEN now() END
            FROM generate_series(@from, @to) AS n CROSS JOIN LATERAL (SELECT 'person' || n || '@example.org' AS mail) AS m
            """, People, sink, values => values.AddWithValue("tenant", AppDbContext.DefaultTenant), cancellation);
        await TableFill.RunAsync(connectionString, "UserRoles", $"""
            INSERT INTO "UserRoles" ("UserId", "RoleId") SELECT ({PersonOf})::uuid, ({RoleOf})::uuid FROM generate_series(@from, @to) AS n
            """, People, sink, values => values.AddWithValue("roles", Roles), cancellation);
    }

    /// <summary>One row every ten seconds up to now, sealed, by the busy ones.</summary>
    public static async Task FillAuditAsync(string connectionString, FigureSink sink, int rows, CancellationToken cancellation)
    {
        await TableFill.RunAsync(connectionString, "AuditActors", $"""
            INSERT INTO "AuditActors" ("Id", "Name") SELECT ({PersonOf})::uuid, 'First' || (n * 7) % 200 || ' Last' || n / 500 FROM generate_series(@from, @to) AS n
            """, People, sink, _ => { }, cancellation);
        await TableFill.RunAsync(connectionString, "AuditEntries", """
            INSERT INTO "AuditEntries" ("TenantId", "At", "ActorId", "Address", "Node", "Action", "Outcome", "SubjectType", "SubjectId", "SubjectName", "Count", "Before", "After", "Sequence", "PreviousHash", "Hash")
            SELECT @tenant, now() - (@rows - n) * interval '10 s', ('00000000-0000-7000-8000-' || lpad((1 + n % @busy)::text, 12, '0'))::uuid, '10.0.' || n % 200 || '.7', 'bench',
              'bench.action' || n % @actions, CASE WHEN n % @refused > 0 THEN 'Done' WHEN n % (2 * @refused) = 0 THEN 'Denied' ELSE 'Failed' END,
              'document', ((n * 31) % @subjects)::text, 'Report ' || (n * 31) % @subjects || ' of the year.pdf', 1,
              '{"Document":{"' || n % @subjects || '":{"Name":"Old name ' || n || '"}}}', '{"Document":{"' || n % @subjects || '":{"Name":"New name ' || n || '"}}}',
              n, decode(md5(n::text) || md5((n - 1)::text), 'hex'), decode(md5((n + 1)::text) || md5(n::text), 'hex')
            FROM generate_series(@from, @to) AS n
            """, rows, sink, values =>
            {
                values.AddWithValue("tenant", AppDbContext.DefaultTenant);
                values.AddWithValue("rows", rows);
                values.AddWithValue("busy", Busy);
                values.AddWithValue("actions", Actions);
                values.AddWithValue("subjects", Subjects);
                values.AddWithValue("refused", Refused);
            }, cancellation);
    }
}
