using System.Collections.Frozen;
using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Live;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace BlazorAdmin.Benchmarks.Flags;

/// <summary>
/// One answer of a flag among two hundred: half of the people of a role, chosen by hash; noted who was given what. The peer
/// targets half of a group, from a configuration in memory.
/// </summary>
internal static class EvaluationFigures
{
    private const int Flags = 200;
    private const int People = 1_000;
    private const int Rounds = 1_000;
    private const int PeerRounds = 20;
    private const string Asked = "bench.flag100";

    private static readonly Guid Role = new("00000000-0000-0000-0000-0000000000e1");

    public static async Task MeasureAsync(FigureSink sink, CancellationToken cancellation)
    {
        using var store = Store();
        var evaluator = new FlagEvaluator(store, new FlagCatalog([]), new FlagExposures(), TimeProvider.System);
        var roles = new[] { "Editor" }.ToFrozenSet();
        var people = Enumerable.Range(0, People).Select(_ => new FlagPerson(AppDbContext.DefaultTenant, Guid.NewGuid(), roles)).ToArray();
        await using var services = PeerServices();
        await using var scope = services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<IFeatureManager>();
        var contexts = people.Select(person => new TargetingContext { UserId = person.Id.ToString(), Groups = ["Editor"] }).ToArray();
        FigureSpec[] specs =
        [
            new("flags.evaluate", "ns", Better.Lower) { Must = 1_000, Peer = "Microsoft.FeatureManagement 4.7.0, targeting filter" },
            new("flags.allocated", "B", Better.Lower) { Must = 0, Peer = "Microsoft.FeatureManagement 4.7.0, targeting filter" },
        ];
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), async _ =>
        {
            var (time, bytes) = Measure(() => Ask(evaluator, people, Rounds), (long)Rounds * People);
            await AskAsync(manager, contexts, 1);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            await AskAsync(manager, contexts, PeerRounds);
            var peer = Stopwatch.GetElapsedTime(start).TotalNanoseconds / (PeerRounds * People);
            return new RunResult([time, bytes], [peer, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(PeerRounds * People)]);
        }, cancellation);
    }

    private static (double Nanoseconds, double Bytes) Measure(Action work, long count)
    {
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        work();
        return (Stopwatch.GetElapsedTime(start).TotalNanoseconds / count, Math.Round((GC.GetAllocatedBytesForCurrentThread() - before) / (double)count, 3));
    }

    private static void Ask(FlagEvaluator evaluator, FlagPerson[] people, int rounds)
    {
        var on = 0;
        for (var round = 0; round < rounds; round++)
            foreach (var person in people)
                if (evaluator.Decide(person, Asked).IsOn) on++;
        if (on == 0 || on == rounds * people.Length) throw new InvalidOperationException("A half was expected to be given the feature.");
    }

    private static async Task AskAsync(IFeatureManager manager, TargetingContext[] contexts, int rounds)
    {
        var on = 0;
        for (var round = 0; round < rounds; round++)
            foreach (var context in contexts)
                if (await manager.IsEnabledAsync(Asked, context)) on++;
        if (on == 0 || on == rounds * contexts.Length) throw new InvalidOperationException("A half was expected to be given the feature.");
    }

    private static FlagStore Store()
    {
        var definition = (FlagDefinition.OnOff with { Default = FlagDefinition.OffName, Rules = [new FlagRule { Roles = [Role], Thousandths = 50_000, Variant = FlagDefinition.OnName }] }).ToJson();
        var flags = Enumerable.Range(0, Flags).Select(i => new Flag { Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Key = $"bench.flag{i}", Enabled = true, Definition = definition, Salt = $"salt{i}", Version = 1 });
        var store = new FlagStore(null!, new Topic<FlagsRenewed>("flags.renewed", new NoBus(), NullLogger<Topic<FlagsRenewed>>.Instance), NullLogger<FlagStore>.Instance);
        store.Put(FlagSnapshot.Of(flags, new Dictionary<Guid, string> { [Role] = "Editor" }, _ => new FlagUse()));
        return store;
    }

    private static ServiceProvider PeerServices()
    {
        var settings = new Dictionary<string, string?>();
        for (var i = 0; i < Flags; i++)
        {
            var place = $"FeatureManagement:bench.flag{i}:EnabledFor:0:";
            settings[place + "Name"] = "Microsoft.Targeting";
            settings[place + "Parameters:Audience:Groups:0:Name"] = "Editor";
            settings[place + "Parameters:Audience:Groups:0:RolloutPercentage"] = "50";
            settings[place + "Parameters:Audience:DefaultRolloutPercentage"] = "0";
        }

        var services = new ServiceCollection();
        services.AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(new Microsoft.Extensions.Configuration.ConfigurationBuilder(), settings).Build());
        services.AddLogging();
        services.AddFeatureManagement().AddFeatureFilter<ContextualTargetingFilter>();
        return services.BuildServiceProvider();
    }

    private sealed class NoBus : INodeBus
    {
        public void Send(string topic, object message)
        {
            // Nobody else is there.
        }
    }
}
