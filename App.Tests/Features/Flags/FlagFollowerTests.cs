using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Live;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Flags;

/// <summary>What one node stores is in force on all of them, and windows begin and end by themselves.</summary>
public sealed class FlagFollowerTests : IAsyncLifetime
{
    private readonly FlagNodes _nodes = new();

    public Task InitializeAsync() => _nodes.InitializeAsync();

    public Task DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task Change_OnOneNode_IsInForceOnTheOtherAndItsPagesHear()
    {
        var (one, two) = (await _nodes.StartAsync("one"), await _nodes.StartAsync("two"));
        var heard = 0;
        using var subscription = two.Services.GetRequiredService<Topic<FlagsRenewed>>().Subscribe(_ => Interlocked.Increment(ref heard));
        var made = await FlagNodes.CreateAsync(one, "test.travels", FlagDefinition.OnOff);
        await Eventually.Holds(() => FlagNodes.Decide(one, "test.travels").IsOn && FlagNodes.Decide(two, "test.travels").IsOn);
        await Eventually.Holds(() => Volatile.Read(ref heard) > 0);

        await FlagNodes.ManageAsync(one, flags => flags.SwitchAsync([made.Id!.Value], false, null, default));

        await Eventually.Holds(() => !FlagNodes.Decide(two, "test.travels").IsOn);
        await FlagNodes.ManageAsync(two, flags => flags.ArchiveAsync([made.Id!.Value], default));
        await Eventually.Holds(() => FlagNodes.Decide(one, "test.travels").Reason == FlagReason.Unknown);
        FlagNodes.Decide(one, "declared.on").IsOn.ShouldBeTrue();
        FlagNodes.Decide(one, "declared.off").IsOn.ShouldBeFalse();
    }

    [Fact]
    public async Task Store_ReadWithoutAnyDifference_TellsNobody()
    {
        var node = await _nodes.StartAsync("quiet");
        await FlagNodes.CreateAsync(node, "test.quiet", FlagDefinition.OnOff);
        await Eventually.Holds(() => FlagNodes.Decide(node, "test.quiet").IsOn);
        var store = node.Services.GetRequiredService<FlagStore>();
        await store.ReadAsync(default);
        var (before, heard) = (store.Current, 0);
        using var subscription = node.Services.GetRequiredService<Topic<FlagsRenewed>>().Subscribe(_ => heard++);

        await store.ReadAsync(default);

        heard.ShouldBe(0);
        store.Current.ShouldBeSameAs(before);
    }

    [Fact]
    public async Task Commit_WithoutAMessage_IsFoundByTheSweep()
    {
        var time = new FakeTime(DateTimeOffset.UtcNow);
        var node = await _nodes.StartAsync("swept", time);
        await using (var db = _nodes.Open())
        using (AuditScope.EngineOwn())
        {
            db.Add(FlagBench.Row(FlagDefinition.OnOff, "test.silent"));
            await db.SaveChangesAsync();
        }

        await Eventually.Holds(() =>
        {
            time.Advance(FlagFollower.Sweep);
            return FlagNodes.Decide(node, "test.silent").IsOn;
        });
    }

    [Fact]
    public async Task Window_BeginsAndEnds_IsToldWithoutAnybodysClick()
    {
        var time = new FakeTime(DateTimeOffset.UtcNow);
        var node = await _nodes.StartAsync("timed", time);
        var start = time.GetUtcNow().AddSeconds(10);
        await FlagNodes.CreateAsync(node, "test.window", FlagDefinition.OnOff with { Default = "off", Rules = [new FlagRule { From = start, Until = start.AddSeconds(10), Variant = "on" }] });
        var store = node.Services.GetRequiredService<FlagStore>();
        await Eventually.Holds(() => store.Current.Find(AppDbContext.DefaultTenant, "test.window") is not null);
        var seen = new System.Collections.Concurrent.ConcurrentQueue<bool>();
        using var subscription = node.Services.GetRequiredService<Topic<FlagsRenewed>>().Subscribe(_ => seen.Enqueue(FlagNodes.Decide(node, "test.window").IsOn));

        FlagNodes.Decide(node, "test.window").IsOn.ShouldBeFalse();
        await AdvanceAsync(time, start, () => seen.Contains(true));
        await AdvanceAsync(time, start.AddSeconds(10), () => seen.LastOrDefault() is false && seen.Count > 1);
    }

    // The clock stands at the moment; the timer of a follower that was not waiting yet fires as soon as it does.
    private static async Task AdvanceAsync(FakeTime time, DateTimeOffset to, Func<bool> until)
    {
        if (to > time.GetUtcNow()) time.Advance(to - time.GetUtcNow());
        await Eventually.Holds(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            return until();
        });
    }
}
