using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Jobs;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Shell.Lists;
using Npgsql;

namespace BlazorAdmin.Benchmarks.People;

/// <summary>The list of people with 100,000 accounts.</summary>
internal static class UserFigures
{
    private static readonly IReadOnlyList<(string Name, Func<Random, ListQuery> Query)> Kinds =
    [
        ("all", _ => new ListQuery()),
        ("newest", _ => new ListQuery { Sort = "created", Descending = true }),
        ("seen", random => new ListQuery { Sort = "seen", Descending = random.Next(2) == 0 }),
        ("role", random => new ListQuery().WithFilter("role", PeopleRows.Role(random.Next(PeopleRows.Roles)).ToString())),
        ("state", random => new ListQuery().WithFilter("state", random.Next(2) == 0 ? "closed" : "never")),
        ("name", random => new ListQuery().WithSearch($"last{random.Next(200)}")),
        ("mail", random => new ListQuery().WithSearch($"person{random.Next(PeopleRows.People)}@")),
        ("name-role", random => new ListQuery().WithSearch($"first{random.Next(200)} l").WithFilter("role", PeopleRows.Role(random.Next(PeopleRows.Roles)).ToString())),
        ("nothing", random => new ListQuery().WithSearch($"absent{random.Next()}")),
    ];

    public static async Task MeasureAsync(FigureSink sink, JobsServer server, string database, CancellationToken cancellation)
    {
        await using var node = EngineNode.Create(database, server.Folder, portal => portal.Services.AddScoped<UserDirectory>());
        await new ListTimes("people.users", 150, Kinds).MeasureAsync(
            sink, (query, token) => ListTimes.AskAsync<UserDirectory>(node, UsersPermissions.Read, users => users.ListAsync(query, token)),
            "page by OFFSET, with a full count", (random, token) => OffsetPageAsync(database, random, token), cancellation);
    }

    /// <summary>What a plain grid asks: any page by its number, and how many there are.</summary>
    private static async Task OffsetPageAsync(string database, Random random, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand($"""
            SELECT "Id", "DisplayName", "Email", "CreatedAt", "LastSignInAt" FROM "Users" ORDER BY "DisplayName" LIMIT 50 OFFSET {random.Next(PeopleRows.People - 50)};
            SELECT count(*) FROM "Users"
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        do
            while (await reader.ReadAsync(cancellation)) reader.GetValue(0);
        while (await reader.NextResultAsync(cancellation));
    }
}
