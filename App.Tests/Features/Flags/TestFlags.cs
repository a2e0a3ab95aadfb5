using BlazorAdmin.Data;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Flags;

/// <summary>Flags in memory, for tests of those who ask for them.</summary>
internal static class TestFlags
{
    /// <summary>Where no flag is stored: what is named is declared as on.</summary>
    public static FeatureFlags Declared(IDbContextFactory<AppDbContext> databases, CurrentCaller current, params string[] on)
    {
        var store = new FlagStore(databases, Topic<FlagsRenewed>(), NullLogger<FlagStore>.Instance);
        return new FeatureFlags(new FlagEvaluator(store, new FlagCatalog(on.Select(key => new FlagDeclaration(key, typeof(FlagsTexts), "Flag", true))), new FlagExposures(), TimeProvider.System), current);
    }

    public static Topic<T> Topic<T>(INodeBus? bus = null) where T : class => new(typeof(T).Name, bus ?? new RecordingBus(), NullLogger<Topic<T>>.Instance);
}
