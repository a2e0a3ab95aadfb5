using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs;

/// <summary>Every command of the Jobs tab where it cannot be carried out: somebody was quicker, or took the right away while the page was open.</summary>
public sealed class JobCommandsTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly Caller Operator = new(Guid.NewGuid(), null, "Olga", AppDbContext.DefaultTenant, null, new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());

    private readonly TestNode _node;
    private readonly ShellContext _context = new();

    public JobCommandsTests(DatabaseFixture database)
    {
        _node = new TestNode(database.ConnectionString, $"commands{Guid.NewGuid():N}");
        _context.AddJobsTab(_node);
        As(Operator);
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo("/admin/jobs");
    }

    public static TheoryData<JobState, string> Commands => new()
    {
        { JobState.Queued, "Cancel job" }, { JobState.Running, "Give up" }, { JobState.Failed, "Retry job" }, { JobState.Failed, "Discard job" }, { JobState.Succeeded, "Run again" },
    };

    public async Task InitializeAsync() => await ChangeAsync(async db =>
    {
        await db.Set<Job>().ExecuteDeleteAsync();
        await db.Set<AuditEntry>().ExecuteDeleteAsync();
    });

    public async Task DisposeAsync()
    {
        await _context.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Details_SomebodyWasQuicker_SaysSoAndDoesNothing(JobState state, string command)
    {
        var id = await AddAsync(state);
        var details = await DetailsAsync(id, command);
        // Unseen by the page: no topic tells of it. What runs may not be given up, and what waits cannot be run again.
        var now = command is "Cancel job" ? JobState.Succeeded : JobState.Queued;
        await ChangeAsync(db => db.Set<Job>().ExecuteUpdateAsync(set => set.SetProperty(j => j.State, now).SetProperty(j => j.StuckAt, (DateTimeOffset?)null)));

        await ClickAsync(details, command);

        if (command == "Give up")
        {
            // It has gone back to the queue, and there it ends like any other.
            (await _node.ReadAsync(id)).State.ShouldBe(JobState.Cancelled);
            return;
        }

        Said().ShouldBe($"Job #{id} has changed meanwhile; nothing was done.");
        await NothingWasDoneAsync(id, now);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Details_RightTakenAway_SaysSoAndDoesNothing(JobState state, string command)
    {
        var id = await AddAsync(state);
        var details = await DetailsAsync(id, command);
        As(Operator with { Permissions = new[] { JobsPermissions.Read }.ToFrozenSet() });

        await ClickAsync(details, command);

        Said().ShouldBe("Your role does not allow that.");
        await NothingWasDoneAsync(id, state);
    }

    [Theory]
    [InlineData("Retry 2 jobs", JobState.Failed, JobState.Queued)]
    [InlineData("Cancel 2 jobs", JobState.Queued, JobState.Cancelled)]
    [InlineData("Discard 2 jobs", JobState.Failed, JobState.Discarded)]
    public async Task Selection_Command_WorksForWhoMayAndNobodyElse(string command, JobState before, JobState after)
    {
        var (one, other) = (await AddAsync(before), await AddAsync(before));
        var page = _context.Render<JobsPage>();
        page.WaitForAssertion(() => page.FindAll("tr[data-row]").Count.ShouldBe(2));
        await page.ClickOnAsync(p => p.Find("th.pick input"));
        As(Operator with { Permissions = new[] { JobsPermissions.Read }.ToFrozenSet() });
        await ClickAsync(page, command);
        Said().ShouldBe("Your role does not allow that.");
        await NothingWasDoneAsync(one, before);

        As(Operator);
        await ClickAsync(page, command);
        foreach (var id in new[] { one, other }) (await _node.ReadAsync(id)).State.ShouldBe(after);

        // Taken back: what it was.
        await _context.Services.GetRequiredService<Toasts>().Shown[^1].Undo!();
        foreach (var id in new[] { one, other }) (await _node.ReadAsync(id)).State.ShouldBe(before);
    }

    [Fact]
    public async Task Discard_OneJob_IsTakenBackAndRetriedFromTheHead()
    {
        var id = await AddAsync(JobState.Failed);
        await ClickAsync(await DetailsAsync(id, "Discard job"), "Discard job");
        (await _node.ReadAsync(id)).State.ShouldBe(JobState.Discarded);
        await _context.Services.GetRequiredService<Toasts>().Shown[^1].Undo!();
        (await _node.ReadAsync(id)).State.ShouldBe(JobState.Failed);

        var page = _context.Render<JobsPage>();
        page.WaitForAssertion(() => page.FindAll("button").Select(b => b.TextContent.Trim()).ShouldContain("Retry 1 failed job"));
        await ClickAsync(page, "Retry 1 failed job");
        (await _node.ReadAsync(id)).State.ShouldBe(JobState.Queued);
    }

    private async Task<long> AddAsync(JobState state)
    {
        var id = await _node.EnqueueAsync(new TestJob("x"), new() { DueAt = DateTimeOffset.UtcNow.AddHours(1) });
        var now = DateTimeOffset.UtcNow;
        await ChangeAsync(db => db.Set<Job>().Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, state)
            .SetProperty(j => j.FinishedAt, state.IsFinal() ? now : null).SetProperty(j => j.CancelRequested, state == JobState.Running).SetProperty(j => j.StuckAt, state == JobState.Running ? now : null)));
        return id;
    }

    private async Task ChangeAsync(Func<AppDbContext, Task> change)
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        await change(db);
    }

    private Task<IRenderedComponent<JobDetails>> DetailsAsync(long id, string command)
    {
        var details = _context.Render<JobDetails>(p => p.Add(d => d.Id, $"{id}").Add(d => d.MayManage, true));
        details.WaitForAssertion(() => details.FindAll("button").Select(b => b.TextContent.Trim()).ShouldContain(command));
        return Task.FromResult(details);
    }

    /// <summary>Clicks, and says yes where it is asked.</summary>
    private async Task ClickAsync<T>(IRenderedComponent<T> view, string command) where T : IComponent
    {
        var confirmations = _context.Services.GetRequiredService<Confirmations>();
        var click = view.ClickOnAsync(v => v.FindAll("button").Single(b => b.TextContent.Trim() == command));
        await Eventually.Holds(() => click.IsCompleted || confirmations.Open is not null);
        if (confirmations.Open is not null) confirmations.Answer(true);
        await click;
    }

    private async Task NothingWasDoneAsync(long id, JobState state)
    {
        (await _node.ReadAsync(id)).State.ShouldBe(state);
        await ChangeAsync(async db =>
        {
            (await db.Set<Job>().CountAsync(j => j.Id > id && j.State != state)).ShouldBe(0);
            (await db.Set<AuditEntry>().CountAsync(a => a.Action.StartsWith("jobs."))).ShouldBe(0, "a refusal has a row of its own kind");
        });
    }

    private string Said() => _context.Services.GetRequiredService<Toasts>().Shown[^1].Text;

    private void As(Caller caller) => _context.Services.GetRequiredService<CurrentCaller>().Use(caller);
}
