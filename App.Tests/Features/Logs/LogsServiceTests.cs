using System.IO.Compression;
using System.Net;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Logs;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Features.Logs;

public sealed class LogsServiceTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Log_LineWithReference_IsFoundByItAndLeadsToThePerson()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var logger = fixture.Services.GetRequiredService<ILoggerFactory>().CreateLogger("BlazorAdmin.Features.Probe.Thing");
        using (logger.BeginScope(new KeyValuePair<string, object?>[] { new(LogRecorder.UserId, admin.Session.UserId) }))
            logger.LogError(new InvalidOperationException("the cause"), "Something of {Name} failed (reference {Reference})", "probe", "PRBE-2345");
        await FlushAsync();
        var logs = admin.Get<LogsService>();

        var row = (await logs.ListAsync(new ListQuery { Search = "prbe-2345" }, default)).Rows.ShouldHaveSingleItem();
        var details = (await logs.GetAsync(row.Id, default)).ShouldNotBeNull();

        (row.Slice, row.Level, row.Person).ShouldBe(("Probe", LogLevel.Error, "Ada Lovelace"));
        details.Exception.ShouldNotBeNull().ShouldContain("the cause");
        details.Values.ShouldNotBeNull().ShouldContain("\"Name\": \"probe\"");
        (await logs.SlicesAsync(default)).ShouldContain("Probe");
        (await logs.GetAsync(long.MaxValue, default)).ShouldBeNull();
    }

    [Fact]
    public async Task List_Filters_FindWhatTheyName()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var user = admin.Session.UserId;
        await AddAsync(
            Entry("Filters", LogLevel.Information, "alpha one"), Entry("Filters", LogLevel.Warning, "alpha two", job: 77), Entry("Filters", LogLevel.Error, "beta three", trace: new string('a', 32), user: user),
            Entry("Filters", LogLevel.Critical, "old four", at: DateTimeOffset.UtcNow.AddDays(-3)));
        var slice = new ListQuery().WithFilter("slice", "Filters");

        await Finds(slice, "old four", "beta three", "alpha two", "alpha one");
        await Finds(slice.WithFilter("level", "warning"), "old four", "beta three", "alpha two");
        await Finds(new ListQuery().WithFilter("job", "#77"), "alpha two");
        await Finds(new ListQuery().WithFilter("trace", new string('A', 32)), "beta three");
        await Finds(slice.WithFilter("person", "ada l"), "beta three");
        await Finds(slice.WithFilter("person", PortalFixture.AdminEmail), "beta three");
        await Finds(slice.WithFilter("person", "nobody"));
        await Finds(slice.WithSearch("ALPHA"), "alpha two", "alpha one");
        await Finds(slice.WithFilter("to", DateTimeOffset.UtcNow.AddDays(-2).ToString("O")), "old four");
        await Finds(slice.WithFilter("from", DateTimeOffset.UtcNow.AddDays(-2).ToString("O")).WithFilter("level", "error"), "beta three");
        await Finds(slice.WithFilter("node", "elsewhere"));

        async Task Finds(ListQuery query, params string[] messages) =>
            (await admin.Get<LogsService>().ListAsync(query, default)).Rows.Select(r => r.Message).ShouldBe(messages, query.ToQueryString(new ListQuery()));
    }

    [Fact]
    public async Task List_PagesByLevel_NeitherSkipNorRepeat()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await AddAsync([.. Enumerable.Range(0, 25).Select(i => Entry("Paged", i % 2 == 0 ? LogLevel.Critical : LogLevel.Error, $"{i}", job: 991))]);
        var logs = admin.Get<LogsService>();
        foreach (var query in new[] { new ListQuery { PageSize = 10 }.WithFilter("job", "991"), new ListQuery { PageSize = 10 }.WithFilter("job", "991").WithFilter("level", "error") })
        {
            var first = await logs.ListAsync(query, default);
            var second = await logs.ListAsync(query.WithCursor(first.Next), default);
            var third = await logs.ListAsync(query.WithCursor(second.Next), default);
            first.Rows.Concat(second.Rows).Concat(third.Rows).Select(r => r.Message).ShouldBe(Enumerable.Range(0, 25).Reverse().Select(i => $"{i}"));
            third.Next.ShouldBeNull();
            (await logs.ListAsync(query.WithCursor(third.Previous), default)).Rows.ShouldBe(second.Rows);
            (await logs.ListAsync(query with { Anchor = second.First }, default)).PendingNew.Count.ShouldBe(10);
        }
    }

    [PostgresFact]
    public async Task Search_OverManyLines_StopsInTimeAndGoesOn()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = new TestDatabases(database.ConnectionString).CreateDbContext();
        await db.Database.ExecuteSqlRawAsync("""
            INSERT INTO "LogEntries" ("At", "Level", "Slice", "Category", "Message", "Node") SELECT now(), 2, 'Bulk', 'c', 'line ' || i, 'n' FROM generate_series(1, 20000) i
            """);
        // Every look at the clock finds a second gone.
        var finder = new LogFinder(db, LogCriteria.Parse(new ListQuery { Search = "line 3000" }), [], new Hurried());
        var query = new ListQuery { Search = "line 3000" };

        var page = await finder.PageAsync(query, default);
        page.IsUnfinished.ShouldBeTrue();
        page.Rows.ShouldBeEmpty();
        var target = new ListQuery { Search = "line 17" };
        var finds = new LogFinder(db, LogCriteria.Parse(target), [], new Hurried());
        var (found, pages, cursor) = (new List<string>(), 0, (string?)null);
        do
        {
            var next = await finds.PageAsync(target.WithCursor(cursor) with { PageSize = 200 }, default);
            found.AddRange(next.Rows.Select(r => r.Message));
            cursor = next.Next;
            pages++;
        }
        while (cursor is not null);

        found.Count.ShouldBe(1 + 10 + 100 + 1000);
        found.ShouldBe(found.Distinct());
        pages.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Export_Csv_StreamsAndIsRecorded()
    {
        await AddAsync(Entry("Export", LogLevel.Information, "exported line"));
        using var browser = await fixture.SignedInAsync();

        using var answer = await browser.GetAsync("/admin/logs/export?format=csv&slice=Export");

        (await answer.Content.ReadAsStringAsync()).ShouldContain("exported line");
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.Action == "logs.export"))).ShouldBeTrue();
    }

    [Fact]
    public async Task Bundle_Downloaded_HoldsWhatHelpsAndNoSecret()
    {
        await AddAsync(Entry("Bundle", LogLevel.Information, "in the bundle"));
        using var browser = await fixture.SignedInAsync();

        using var answer = await browser.GetAsync("/admin/logs/bundle?hours=1");

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        using var zip = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()));
        zip.Entries.Select(e => e.Name).Order(StringComparer.Ordinal).ShouldBe(["configuration.json", "health.json", "log.jsonl", "metrics.txt", "nodes.json", "traces.jsonl", "versions.json"]);
        Text(zip, "log.jsonl").ShouldContain("in the bundle");
        Text(zip, "configuration.json").ShouldContain("Logs:RetentionDays");
        Text(zip, "health.json").ShouldContain("database");
        Text(zip, "metrics.txt").ShouldContain("blazoradmin_build_info");
        string.Concat(zip.Entries.Select(e => Text(zip, e.Name))).ShouldNotContain(PortalFixture.Password);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "logs.bundle"))).ShouldBe(1);
    }

    [Fact]
    public async Task List_PeopleOfAnotherTenant_AreNeitherNamedNorFound()
    {
        var stranger = await fixture.AddUserAsync("stranger@example.org", Roles.Member);
        await fixture.QueryAsync(db => db.Users.Where(u => u.Id == stranger.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.TenantId, Guid.NewGuid())));
        var gone = Guid.NewGuid();
        await AddAsync(Entry("Tenants", LogLevel.Information, "theirs", user: stranger.Id), Entry("Tenants", LogLevel.Information, "of nobody now", user: gone));
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var logs = admin.Get<LogsService>();

        var rows = (await logs.ListAsync(new ListQuery().WithFilter("slice", "Tenants"), default)).Rows;

        rows.Count.ShouldBe(2);
        rows.ShouldAllBe(r => r.Person == null);
        (await logs.GetAsync(rows[1].Id, default)).ShouldNotBeNull().Row.Person.ShouldBeNull();
        (await logs.ListAsync(new ListQuery().WithFilter("person", stranger.Id.ToString()), default)).Rows.ShouldBeEmpty();
        (await logs.ListAsync(new ListQuery().WithFilter("person", gone.ToString()), default)).Rows.ShouldHaveSingleItem().Message.ShouldBe("of nobody now");
    }

    [Fact]
    public async Task List_SeveralPeople_PagesNeitherSkipNorRepeat()
    {
        var people = new[] { (await fixture.AddUserAsync("several1@example.org", Roles.Member)).Id, (await fixture.AddUserAsync("several2@example.org", Roles.Member)).Id };
        await fixture.QueryAsync(db => db.Users.Where(u => people.Contains(u.Id)).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisplayName, "Several People")));
        await AddAsync([.. Enumerable.Range(0, 15).Select(i => Entry("Several", LogLevel.Information, $"{i}", user: people[i % 2]))]);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var query = new ListQuery { PageSize = 10 }.WithFilter("person", "several p");

        var first = await admin.Get<LogsService>().ListAsync(query, default);
        var second = await admin.Get<LogsService>().ListAsync(query.WithCursor(first.Next), default);

        first.Rows.Concat(second.Rows).Select(r => r.Message).ShouldBe(Enumerable.Range(0, 15).Reverse().Select(i => $"{i}"));
    }

    [Fact]
    public async Task Bundle_FromElsewhereOrWhileAnotherIsWritten_IsRefused()
    {
        using var browser = await fixture.SignedInAsync();
        using var elsewhere = await browser.GetAsync("/admin/logs/bundle", ("Sec-Fetch-Site", "cross-site"));
        var turn = fixture.Services.GetRequiredService<SupportBundleTurn>();
        turn.TryTake().ShouldBeTrue();
        using var second = await browser.GetAsync("/admin/logs/bundle");
        turn.Release();

        elsewhere.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        second.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Log_RequestWithoutToken_LeavesNoLineOfTheHandler()
    {
        using (var browser = fixture.Browser()) (await browser.GetAsync("/health", ("Accept", "application/json"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await FlushAsync();

        (await fixture.QueryAsync(db => db.Set<LogEntry>().CountAsync(e => e.Category == typeof(BlazorAdmin.Features.Tokens.TokenAuthentication).FullName))).ShouldBe(0);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("100000")]
    public async Task Bundle_BadHours_NamesTheFieldAndTheRange(string hours)
    {
        using var browser = await fixture.SignedInAsync();
        using var answer = await browser.GetAsync($"/admin/logs/bundle?hours={hours}");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("from 1 to 336");
    }

    [Fact]
    public async Task EveryMethod_WithoutThePermission_IsRefused()
    {
        await fixture.AddUserAsync("nosy@example.org", Roles.Auditor);
        await using var scope = await fixture.ActAsAsync("nosy@example.org");
        var logs = scope.Get<LogsService>();

        await Should.ThrowAsync<ForbiddenException>(() => logs.ListAsync(new ListQuery(), default));
        await Should.ThrowAsync<ForbiddenException>(() => logs.GetAsync(1, default));
        await Should.ThrowAsync<ForbiddenException>(() => logs.SlicesAsync(default));
        await Should.ThrowAsync<ForbiddenException>(() => logs.TraceAsync("x", default));
        await Should.ThrowAsync<ForbiddenException>(async () =>
        {
            await foreach (var _ in logs.ExportAsync(new ListQuery(), default)) break;
        });
        using var browser = await fixture.SignedInAsync("nosy@example.org");
        ((int)(await browser.GetAsync("/admin/logs/bundle")).StatusCode).ShouldBe(403);
        ((int)(await browser.GetAsync("/admin/logs/export?format=csv")).StatusCode).ShouldBe(403);
    }

    private static string Text(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private Task FlushAsync() => fixture.Services.GetRequiredService<LogWriter>().FlushAsync(default);

    private Task AddAsync(params LogEntry[] entries) => fixture.QueryAsync(async db =>
    {
        foreach (var entry in entries)
        {
            db.Add(entry);
            await db.SaveChangesAsync();
        }

        return 0;
    });

    private static LogEntry Entry(string slice, LogLevel level, string message, long? job = null, string? trace = null, Guid? user = null, DateTimeOffset? at = null) => new()
    {
        At = at ?? DateTimeOffset.UtcNow, Level = (byte)level, Slice = slice, Category = "c", Message = message, Node = "n", JobId = job, TraceId = trace, UserId = user,
    };

    private sealed class Hurried : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _now++;
    }
}
