using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Benchmarks.Jobs;
using BlazorAdmin.Benchmarks.People;
using BlazorAdmin.Data;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>Documents of an organisation, by the million: owners, collections, kinds, tags and a page of text each.</summary>
internal static class DocumentRows
{
    /// <summary>Owners, collections (each tenth is restricted), kinds, tags and words of the texts.</summary>
    public const int Owners = 1_000, Collections = 50, Kinds = 20, Tags = 200, Words = 20_000;

    /// <summary>A word that every 500th page has, and one that all have.</summary>
    public const string Rare = "quarterlyreview", Common = "everywhere";

    /// <summary>Each so-manieth document waits, has a problem, is in the bin, violates a rule, has a date on which it goes.</summary>
    public const int Waiting = 5_000, Problem = 200, Deleted = 100, Finding = 1_000, Dated = 50;

    public static Guid Collection(int number) => Guid.Parse($"00000000-0000-7000-a000-{number:000000000000}");

    public static Guid Kind(int number) => Guid.Parse($"00000000-0000-7000-a100-{number:000000000000}");

    public static Guid Tag(int number) => Guid.Parse($"00000000-0000-7000-a200-{number:000000000000}");

    public static async Task FillAsync(string connectionString, FigureSink sink, int rows, CancellationToken cancellation)
    {
        var tenant = AppDbContext.DefaultTenant;
        await PeopleRows.FillUsersAsync(connectionString, sink, cancellation);
        await JobsServer.ExecuteAsync(connectionString, $"""
            INSERT INTO "Collections" ("Id", "TenantId", "Name", "NormalizedName", "IsRestricted", "RetentionDays", "CreatedAt", "Version")
            SELECT ({IdOf("a000", "n")})::uuid, '{tenant}', 'Collection ' || n, 'collection ' || n, n % 10 = 0, CASE WHEN n % 5 = 0 THEN 3650 END, now(), 1 FROM generate_series(0, {Collections} - 1) AS n;
            INSERT INTO "CollectionGrants" ("Id", "TenantId", "CollectionId", "UserId", "Right")
            SELECT gen_random_uuid(), '{tenant}', ({IdOf("a000", "n")})::uuid, '{PeopleRows.Person(1)}', 'Read' FROM generate_series(1, 10) AS n;
            INSERT INTO "DocumentTypes" ("Id", "TenantId", "Name", "NormalizedName", "CreatedAt", "Version")
            SELECT ({IdOf("a100", "n")})::uuid, '{tenant}', 'Kind ' || n, 'kind ' || n, now(), 1 FROM generate_series(0, {Kinds} - 1) AS n;
            INSERT INTO "Tags" ("Id", "TenantId", "Name", "NormalizedName")
            SELECT ({IdOf("a200", "n")})::uuid, '{tenant}', 'tag' || n, 'tag' || n FROM generate_series(0, {Tags} - 1) AS n
            """, cancellation);
        await JobsServer.ExecuteAsync(connectionString, """ANALYZE "Collections", "CollectionGrants", "DocumentTypes", "Tags" """, cancellation);
        await TableFill.RunAsync(connectionString, "Documents", $"""
            INSERT INTO "Documents" ("Id", "SeriesId", "TenantId", "OwnerId", "CollectionId", "Origin", "Edition", "IsLatest", "Node", "Name", "Sha256", "Size", "Type", "TypeId", "TypeSource",
              "SuggestedTypeId", "SuggestedConfidence", "State", "Outcome", "Revision", "Progress", "Pages", "Warnings", "Characters", "Quality", "Findings", "KeepUntil", "CreatedAt",
              "ReadStartedAt", "ReadEndedAt", "DeletedAt", "DeletedById", "Version")
            SELECT i.id, i.id, @tenant, ({IdOf("8000", $"1 + n % {Owners}")})::uuid, CASE WHEN n % 3 > 0 THEN ({IdOf("a000", $"(n * 7) % {Collections}")})::uuid END,
              CASE WHEN n % 10000 = 17 THEN 'Attachment' WHEN n % 4 = 0 THEN 'Folder' ELSE 'Upload' END, 1, true, 'bench', 'Report ' || (n * 31) % 50000 || ' of the year ' || n || '.pdf', md5(n::text) || md5((n + 1)::text),
              1000 + (n::bigint * 7919) % 5000000, CASE WHEN n % 7 = 0 THEN 'Docx' WHEN n % 1000 = 1 THEN 'Epub' ELSE 'Pdf' END,
              CASE WHEN n % 2 = 0 THEN ({IdOf("a100", $"(n / 2) % {Kinds}")})::uuid END, CASE WHEN n % 20 = 0 THEN 'Person' WHEN n % 2 = 0 THEN 'Model' END,
              CASE WHEN n % 25 = 1 THEN ({IdOf("a100", $"n % {Kinds}")})::uuid END, CASE WHEN n % 25 = 1 THEN (n % 1000) / 1000.0 END,
              CASE WHEN n % {Waiting} = 11 THEN 'Waiting' WHEN n % {Problem} = 7 THEN 'Problem' ELSE 'Ready' END, CASE WHEN n % {Waiting} <> 11 THEN CASE WHEN n % {Problem} = 7 THEN 'Damaged' ELSE 'Ready' END END,
              0, 100, 1, 0, 200, (n * 13) % 101, CASE WHEN n % {Finding} = 13 THEN 1 ELSE 0 END, CASE WHEN n % {Dated} = 3 THEN now() + (n % 3650) * interval '1 day' END,
              now() - (@rows - n) * interval '5 min', now(), now(), CASE WHEN n % {Deleted} = 0 THEN now() END, CASE WHEN n % {Deleted} = 0 THEN ({IdOf("8000", "1")})::uuid END, 1
            FROM generate_series(@from, @to) AS n CROSS JOIN LATERAL (SELECT ({IdOf("b000", "n")})::uuid AS id) AS i
            """, rows, sink, values =>
            {
                values.AddWithValue("tenant", tenant);
                values.AddWithValue("rows", rows);
            }, cancellation);
        await TableFill.RunAsync(connectionString, "DocumentTags", $"""
            INSERT INTO "DocumentTags" ("DocumentId", "TagId", "TenantId") SELECT ({IdOf("b000", "n")})::uuid, ({IdOf("a200", $"n % {Tags}")})::uuid, @tenant FROM generate_series(@from, @to) AS n
            """, rows, sink, values => values.AddWithValue("tenant", tenant), cancellation);
        await TableFill.RunAsync(connectionString, "DocumentPages", $"""
            INSERT INTO "DocumentPages" ("DocumentId", "Number", "TenantId", "Text", "Origin")
            SELECT ({IdOf("b000", "n")})::uuid, 1, @tenant, '{Common} ' || CASE WHEN n % 500 = 19 THEN '{Rare} ' ELSE '' END || (SELECT string_agg('word' || (n::bigint * k * 7919) % {Words}, ' ') FROM generate_series(1, 20) AS k), 'Embedded'
            FROM generate_series(@from, @to) AS n
            """, rows, sink, values => values.AddWithValue("tenant", tenant), cancellation);
    }

    private static string IdOf(string kind, string number) => $"'00000000-0000-7000-{kind}-' || lpad(({number})::text, 12, '0')";
}
