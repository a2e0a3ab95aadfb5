using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Mail;

/// <summary>A node that sends mail, on a test database.</summary>
public sealed class MailSite : IAsyncDisposable
{
    private MailSite(TestNode node, SetOptions<MailOptions> options) => (Node, Options) = (node, options);

    public TestNode Node { get; }

    public SetOptions<MailOptions> Options { get; }

    public IDbContextFactory<AppDbContext> Databases => Node.Databases;

    public MailUpkeep Upkeep => new(Databases, Node.Get<DatabaseState>(), Options, Node.Get<Topic<MailChanged>>(), TimeProvider.System, NullLogger<MailUpkeep>.Instance);

    public static async Task<MailSite> StartAsync(DatabaseFixture fixture, MailOptions settings, bool start = true)
    {
        var options = new SetOptions<MailOptions>(settings);
        var node = new TestNode(fixture.ConnectionString, more: services =>
        {
            services.AddSingleton<IOptionsMonitor<MailOptions>>(options);
            services.AddSingleton<IOptionsMonitor<SecurityOptions>>(new SetOptions<SecurityOptions>(new SecurityOptions { PublicUrl = "https://portal.example.org" }));
            services.AddSingleton(MakeBox());
            services.AddSingleton(provider => new Topic<MailChanged>("mail", provider.GetRequiredService<INodeBus>(), NullLogger<Topic<MailChanged>>.Instance));
            services.AddSingleton(JobType.Of<SendMail, SendMailHandler>()).AddScoped<SendMailHandler>();
            MailSetup.AddServices(services);
        });
        if (start) await node.StartAsync();
        return new MailSite(node, options);
    }

    public async Task<Guid> SendAsync(string address, string link = "https://portal.example.org/", MailTemplate? template = null)
    {
        await using var db = await Databases.CreateDbContextAsync();
        var message = await WriteAsync(db, address, link, template);
        await db.SaveChangesAsync();
        return message.Id;
    }

    /// <summary>Writes a mail into somebody's context without saving.</summary>
    public Task<MailMessage> WriteAsync(AppDbContext db, string address, string link, MailTemplate? template = null)
    {
        var wanted = template ?? MailTemplates.AccountReset;
        var model = new MailModel().With("link", link).With("expires", "2026-11-24 12:00 UTC");
        if (wanted == MailTemplates.AccountInvitation) model.With("inviter", "Ada Lovelace");
        return Node.Get<MailOutbox>().SendAsync(db, Caller.Portal, wanted, model, new MailRecipient(address, "Grace Hopper", "de-AT"), default);
    }

    public Task<MailMessage> ReadAsync(Guid id) => QueryAsync(db => db.Set<MailMessage>().AsNoTracking().SingleAsync(m => m.Id == id));

    public async Task<MailMessage> Reaches(Guid id, MailState state)
    {
        MailMessage? message = null;
        await Eventually.Holds(async () => (message = await ReadAsync(id)).State == state, because: $"the mail is {state}");
        return message!;
    }

    /// <summary>Waits until the attempt has failed and the job waits for the next one, which comes when it is hurried and not by itself.</summary>
    public Task WaitsAfterAttempt(Guid id, int attempt) => Eventually.Holds(
        async () => await QueryAsync(db => db.Set<Job>().Where(j => j.SubjectUrl == $"/admin/mail?item={id}" && j.State == JobState.Queued && j.Attempts >= attempt)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.DueAt, DateTimeOffset.UtcNow.AddDays(1)))) == 1,
        because: $"attempt {attempt} has failed");

    /// <summary>The next attempt begins now.</summary>
    public Task HurryAsync(Guid id) =>
        QueryAsync(db => db.Set<Job>().Where(j => j.SubjectUrl == $"/admin/mail?item={id}").ExecuteUpdateAsync(set => set.SetProperty(j => j.DueAt, DateTimeOffset.UtcNow.AddMinutes(-1))));

    public async Task<T> QueryAsync<T>(Func<AppDbContext, Task<T>> query)
    {
        await using var db = await Databases.CreateDbContextAsync();
        return await query(db);
    }

    internal static SecretBox MakeBox()
    {
        var key = new RootKey();
        key.Load([.. Enumerable.Repeat((byte)7, RootKey.Length)]);
        return new SecretBox(key);
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
