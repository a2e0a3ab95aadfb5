using System.IO.Compression;
using System.Net;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Features.Documents;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Account.PersonalData;

/// <summary>What people fetch of themselves: whole, theirs alone, and gone when its time is over.</summary>
public sealed class AccountExportTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Start_Person_CollectsEveryPartAndOnlyTheirs()
    {
        var person = await fixture.AddUserAsync("curious@example.org", Roles.Member);
        await fixture.AddUserAsync("bystander@example.org", Roles.Member);
        using var browser = await fixture.SignedInAsync("curious@example.org");
        using (var started = await browser.SubmitAsync(AccountExport.Page, "data", [])) started.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var acting = await fixture.ActAsAsync("curious@example.org");
        await ReadyAsync(acting);

        using var answer = await browser.GetAsync("/account/data/download");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        using var zip = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()));
        zip.Entries.Select(e => e.Name).ShouldBeSubsetOf(zip.Entries.Select(e => e.Name).Distinct());
        foreach (var name in (string[])["account.json", "documents.json", "jobs.json", "audit.json", "sign-ins.json", "notifications.json", "README.txt"]) zip.GetEntry(name).ShouldNotBeNull(name);
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            var text = await reader.ReadToEndAsync();
            text.ShouldNotContain("bystander");
            text.ShouldNotContain("PasswordHash");
            if (!entry.Name.EndsWith(".json", StringComparison.Ordinal)) continue;
            using var json = JsonDocument.Parse(text);
            json.RootElement.ValueKind.ShouldBe(JsonValueKind.Array, entry.Name);
            if (entry.Name == "account.json") json.RootElement[0].GetProperty("email").GetString().ShouldBe("curious@example.org");
            if (entry.Name == "sign-ins.json") json.RootElement.GetArrayLength().ShouldBeGreaterThan(0);
        }

        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "account.export_fetch" && e.ActorId == person.Id))).ShouldBe(1);
        // Bound to the person: nobody else has an address for it.
        using var other = await fixture.SignedInAsync("bystander@example.org");
        using var nothing = await other.GetAsync("/account/data/download");
        nothing.Headers.Location!.ToString().ShouldBe(AccountExport.Page);
    }

    [Fact]
    public async Task Download_WithoutFreshProofOrOver_IsRefused()
    {
        var person = await fixture.AddUserAsync("stale@example.org", Roles.Member);
        await using var acting = await fixture.ActAsAsync("stale@example.org");
        (await acting.Get<AccountExport>().StartAsync(default)).ShouldBeTrue();
        var record = await ReadyAsync(acting);
        var (fresh, content) = await acting.Get<AccountExport>().OpenAsync(default);
        fresh.ShouldBeTrue();
        await content.ShouldNotBeNull().DisposeAsync();

        await fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => s.Id == acting.Session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, DateTimeOffset.UtcNow.AddMinutes(-6))));
        (await acting.Get<AccountExport>().OpenAsync(default)).Fresh.ShouldBeFalse();

        await fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => s.Id == acting.Session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, DateTimeOffset.UtcNow)));
        var key = ExportRecord.KeyOf(person.Id);
        var over = (record with { ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(-1) }).Write();
        await fixture.QueryAsync(db => db.Set<SystemValue>().Where(v => v.Key == key).ExecuteUpdateAsync(set => set.SetProperty(v => v.Value, over)));
        (await acting.Get<AccountExport>().OpenAsync(default)).Content.ShouldBeNull("its day is over");
        await using var scope = fixture.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ExportAccountHandler>().RunAsync(new ExpireExport(person.Id, record.Sha256), new QuietJob(), default);
        fixture.Services.GetRequiredService<IContentStore>().Contains(record.Sha256).ShouldBeFalse();
        (await fixture.QueryAsync(db => db.Set<SystemValue>().AnyAsync(v => v.Key == key))).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_EndsBeforeTheBytesAreKept_TheirEndIsPlannedAlready()
    {
        var person = await fixture.AddUserAsync("interrupted@example.org", Roles.Member);
        var handler = new ExportAccountHandler(fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>(), [], new FullStore(), fixture.Services.GetRequiredService<DataDirectory>(), TimeProvider.System);

        await Should.ThrowAsync<IOException>(() => handler.RunAsync(new ExportAccount(person.Id), new QuietJob(), default));

        var expiry = await fixture.QueryAsync(db => db.Set<Job>().SingleAsync(j => j.Type == "account.export_expire" && j.Arguments.Contains(person.Id.ToString())));
        expiry.State.ShouldBe(JobState.Queued);
        expiry.DueAt.ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddHours(23));
    }

    [Fact]
    public async Task Expire_DocumentHasTheSameBytes_LeavesThem()
    {
        var person = await fixture.AddUserAsync("keeps@example.org", Roles.Editor);
        await using var acting = await fixture.ActAsAsync("keeps@example.org");
        var id = (await acting.Get<UploadService>().Send("fetched.txt", "The file that was fetched, given back"u8.ToArray())).Id;
        var sha256 = await fixture.QueryAsync(db => db.Set<Document>().Where(d => d.Id == id).Select(d => d.Sha256).SingleAsync());
        await using var scope = fixture.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<ExportAccountHandler>().RunAsync(new ExpireExport(person.Id, sha256), new QuietJob(), default);

        fixture.Services.GetRequiredService<IContentStore>().Contains(sha256).ShouldBeTrue();
    }

    private static async Task<ExportRecord> ReadyAsync(ActingScope acting)
    {
        ExportRecord? ready = null;
        await Eventually.Holds(async () => (ready = (await acting.Get<AccountExport>().StateAsync(default)).Ready) is not null, Patience, "the data is collected");
        return ready!;
    }

    /// <summary>Stands for a process that ends before the bytes are kept.</summary>
    private sealed class FullStore : IContentStore
    {
        public Task<StoredContent> Save(Stream source, long limit, CancellationToken cancel) => throw new IOException("No space.");

        public bool Contains(string sha256) => false;

        public Stream OpenRead(string sha256) => throw new FileNotFoundException(sha256);

        public string PathOf(string sha256) => sha256;

        public bool Delete(string sha256, TimeSpan unusedFor) => true;

        public IEnumerable<StoredFile> List(string after) => [];
    }
}
