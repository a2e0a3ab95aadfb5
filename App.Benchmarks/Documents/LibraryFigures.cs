using System.Globalization;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Jobs;
using BlazorAdmin.Benchmarks.People;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Shell;
using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Shell.Lists;
using Npgsql;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>Lists and pages about documents at the size of a large organisation.</summary>
internal static class LibraryFigures
{
    private static readonly string[] Rights = [DocumentsPermissions.Read, DocumentsPermissions.Own, DocumentsPermissions.Manage];

    private static readonly IReadOnlyList<(string Name, Func<Random, ListQuery> Query)> Lists =
    [
        ("all", _ => All()),
        ("name", _ => All() with { Sort = "name", Descending = false }),
        ("size", _ => All() with { Sort = "size" }),
        ("quality", _ => All() with { Sort = "quality", Descending = false }),
        ("process", _ => All().WithFilter("state", "process")),
        ("problem", _ => All().WithFilter("state", "problem")),
        ("type", random => All().WithFilter("type", random.Next(2) == 0 ? "Pdf" : "Epub")),
        ("collection", random => All().WithFilter("collection", DocumentRows.Collection(random.Next(DocumentRows.Collections)).ToString())),
        ("kind", random => All().WithFilter("kind", DocumentRows.Kind(random.Next(DocumentRows.Kinds)).ToString())),
        ("no-kind", _ => All().WithFilter("kind", "none")),
        ("tag", random => All().WithFilter("tag", DocumentRows.Tag(random.Next(DocumentRows.Tags)).ToString())),
        ("poor", _ => All().WithFilter("quality", "poor")),
        ("findings", _ => All().WithFilter("findings", "yes")),
        ("origin", random => All().WithFilter("origin", random.Next(2) == 0 ? "Folder" : "Attachment")),
        ("old-month", random => Month(random.Next(24))),
        ("owner", random => All().WithFilter("owner", $"last{random.Next(2)}")),
        ("rare-word", _ => All().WithSearch(DocumentRows.Rare)),
        ("common-word", _ => All().WithSearch(DocumentRows.Common)),
        ("two-words", random => All().WithSearch($"word{random.Next(DocumentRows.Words)} {DocumentRows.Common}")),
        ("name-part", random => All().WithSearch($"report {random.Next(50_000)} of")),
        ("nothing", random => All().WithSearch($"absent{random.Next()}")),
        ("collection-kind", random => All().WithFilter("collection", DocumentRows.Collection(random.Next(DocumentRows.Collections)).ToString()).WithFilter("kind", DocumentRows.Kind(random.Next(DocumentRows.Kinds)).ToString())),
    ];

    private static readonly (string Name, Func<IServiceProvider, CancellationToken, Task> Read)[] Pages =
    [
        ("summary", (services, token) => services.GetRequiredService<DocumentLibrary>().Summary(DocumentLibrary.RunningShown, token)),
        ("badge", (services, token) => services.GetRequiredService<DocumentLibrary>().InProcess(token)),
        ("choices", (services, token) => services.GetRequiredService<DocumentChoices>().Get(token)),
        ("types", (services, token) => services.GetRequiredService<DocumentTypes>().List(token)),
        ("models", (services, token) => services.GetRequiredService<ClassifierModels>().Overview(token)),
        ("unsure", (services, token) => services.GetRequiredService<DocumentTyping>().Unsure(5, token)),
        ("collections", (services, token) => services.GetRequiredService<CollectionsService>().List(token)),
        ("tags", (services, token) => services.GetRequiredService<TagsService>().List(token)),
        ("bin", (services, token) => services.GetRequiredService<BinService>().List(DocumentScope.All, BinService.Defaults, token)),
        ("retention", (services, token) => services.GetRequiredService<RetentionPreview>().List(RetentionPreview.Defaults, token)),
        ("retention-counts", (services, token) => services.GetRequiredService<RetentionPreview>().Counts(token)),
    ];

    public static async Task MeasureAsync(FigureSink sink, int rows, CancellationToken cancellation)
    {
        sink.Say($"Lists and pages about {rows:N0} documents");
        await using var server = await JobsServer.StartAsync(cancellation);
        var database = await server.CreateAsync("bench_documents", cancellation);
        await DocumentRows.FillAsync(database, sink, rows, cancellation);
        await using var node = EngineNode.Create(database, server.Folder, portal => portal.AddShell().AddFlags().AddDocuments());
        foreach (var scope in new[] { DocumentScope.All, DocumentScope.Own, DocumentScope.Shared })
        {
            if (!sink.Wants($"documents.lists.{scope.ToString().ToLowerInvariant()}")) continue;
            string[] rights = scope == DocumentScope.All ? Rights : [DocumentsPermissions.Own];
            await new ListTimes($"documents.lists.{scope.ToString().ToLowerInvariant()}", 200, scope == DocumentScope.All ? Lists : [.. Lists.Where(list => list.Name != "owner")]).MeasureAsync(
                sink, (query, token) => ListTimes.AskAsync<DocumentLibrary>(node, rights, library => library.List(scope, query, token)),
                scope == DocumentScope.All ? "page by OFFSET, with a full count" : null, scope == DocumentScope.All ? (random, token) => OffsetPageAsync(database, random, rows, token) : null, cancellation);
        }
        if (!sink.Wants("documents.pages")) return;
        await new ListTimes("documents.pages", 200, [.. Pages.Select(page => (page.Name, (Func<Random, ListQuery>)(_ => new ListQuery { Search = page.Name })))]).MeasureAsync(
            sink, (query, token) => ListTimes.AskAsync<IServiceProvider>(node, Rights, services => Pages.Single(page => page.Name == query.Search).Read(services, token)), null, null, cancellation);
    }

    private static ListQuery All() => new() { Sort = "created", Descending = true };

    private static ListQuery Month(int ago)
    {
        var from = DateTimeOffset.UtcNow.AddDays(-30 * (ago + 1));
        return All().WithFilter("from", Day(from)).WithFilter("to", Day(from.AddDays(30)));

        static string Day(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);
    }

    /// <summary>What a plain grid asks: any page by its number, and how many there are.</summary>
    private static async Task OffsetPageAsync(string database, Random random, int rows, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand($"""
            SELECT "Id", "Name", "State", "Size", "CreatedAt" FROM "Documents" WHERE "DeletedAt" IS NULL ORDER BY "CreatedAt" DESC LIMIT 50 OFFSET {random.Next(rows - rows / 50)};
            SELECT count(*) FROM "Documents" WHERE "DeletedAt" IS NULL
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        do
            while (await reader.ReadAsync(cancellation)) reader.GetValue(0);
        while (await reader.NextResultAsync(cancellation));
    }
}
