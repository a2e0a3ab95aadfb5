using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>Fills the table of jobs by the million.</summary>
internal static class JobRows
{
    /// <summary>How many types, owners and words the rows have.</summary>
    public const int Types = 20, Owners = 500, Words = 2000;

    /// <summary>Finished a minute ago and before, one a second: 96 % succeeded, 3 % failed, 1 % cancelled.</summary>
    public static Task FillFinishedAsync(string connectionString, FigureSink sink, int rows, CancellationToken cancellation) => FillAsync(connectionString, sink, rows, """
        INSERT INTO "Jobs" ("TenantId", "OwnerId", "Type", "Queue", "Priority", "State", "Subject", "Arguments", "IdempotencyKey", "CreatedAt", "DueAt", "StartedAt", "FinishedAt",
          "Attempts", "MaxAttempts", "CancelRequested", "Node", "WaitsFor", "HasFollowers", "Version", "Error")
        SELECT @tenant, CASE WHEN n % 4 = 0 THEN ('00000000-0000-7000-8000-' || lpad((n % @owners)::text, 12, '0'))::uuid END,
          'bench.type' || n % @types, 'default', 5,
          CASE WHEN n % 100 < 96 THEN 'Succeeded' WHEN n % 100 < 99 THEN 'Failed' ELSE 'Cancelled' END,
          CASE WHEN n % 10 = 0 THEN 'Letter word' || n % @words || ' of word' || (n * 7 + 3) % @words || '.pdf' END,
          '{"number":' || n || '}', md5(n::text), t.at, t.at, t.at + interval '20 ms', t.at + interval '1 s', 1, 5, false, 'bench', 0, false, 2,
          CASE WHEN n % 100 BETWEEN 96 AND 98 THEN 'The service answered 503.' END
        FROM generate_series(@from, @to) AS n CROSS JOIN LATERAL (SELECT now() - (@rows - n + 60) * interval '1 s' AS at) AS t
        """, cancellation);

    /// <summary>Due, of <see cref="FillerJob"/>, with the lowest priority.</summary>
    public static Task FillWaitingAsync(string connectionString, FigureSink sink, int rows, CancellationToken cancellation) => FillAsync(connectionString, sink, rows, """
        INSERT INTO "Jobs" ("TenantId", "Type", "Queue", "Priority", "State", "Arguments", "IdempotencyKey", "CreatedAt", "DueAt",
          "Attempts", "MaxAttempts", "CancelRequested", "WaitsFor", "HasFollowers", "Version")
        SELECT @tenant, 'bench.filler', 'default', 1, 'Queued', '{"number":' || n || '}', md5(n::text), now(), now() - interval '1 s' - n * interval '1 us', 0, 5, false, 0, false, 0
        FROM generate_series(@from, @to) AS n
        """, cancellation);

    /// <summary>Two words of the subject of each job that has one.</summary>
    public static Task FillFieldsAsync(string connectionString, CancellationToken cancellation) => JobsServer.ExecuteAsync(connectionString, """
        INSERT INTO "JobFields" ("TenantId", "Name", "Value", "JobId")
        SELECT DISTINCT j."TenantId", 'subject', w.word, j."Id" FROM "Jobs" j
        CROSS JOIN LATERAL (SELECT unnest(regexp_matches(j."Subject", 'word\d+', 'g'))) AS w(word) WHERE j."Subject" IS NOT NULL;
        ANALYZE "JobFields";
        """, cancellation);

    private static Task FillAsync(string connectionString, FigureSink sink, int rows, string insert, CancellationToken cancellation) =>
        TableFill.RunAsync(connectionString, "Jobs", insert, rows, sink, values =>
        {
            values.AddWithValue("tenant", Data.AppDbContext.DefaultTenant);
            values.AddWithValue("owners", Owners);
            values.AddWithValue("types", Types);
            values.AddWithValue("words", Words);
            values.AddWithValue("rows", rows);
        }, cancellation);
}
