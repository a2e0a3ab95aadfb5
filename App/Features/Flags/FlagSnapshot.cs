using System.Collections.Frozen;

namespace BlazorAdmin.Features.Flags;

/// <summary>All flags that are in use, as one node evaluates them: made anew when one changes, never changed itself.</summary>
public sealed class FlagSnapshot
{
    private readonly FrozenDictionary<Guid, FrozenDictionary<string, CompiledFlag>> _tenants;

    private FlagSnapshot(FrozenDictionary<Guid, FrozenDictionary<string, CompiledFlag>> tenants) => _tenants = tenants;

    public static FlagSnapshot Empty { get; } = new(FrozenDictionary<Guid, FrozenDictionary<string, CompiledFlag>>.Empty);

    public IEnumerable<CompiledFlag> All => _tenants.Values.SelectMany(flags => flags.Values);

    /// <param name="flags">Those that are not archived.</param>
    /// <param name="roles">Names of all roles by id.</param>
    /// <param name="use">What keeps the times of use of a flag.</param>
    /// <param name="unreadable">Told of a flag whose definition this version cannot read; it is left out.</param>
    public static FlagSnapshot Of(IEnumerable<Flag> flags, IReadOnlyDictionary<Guid, string> roles, Func<Guid, FlagUse> use, Action<Flag>? unreadable = null)
    {
        var tenants = new Dictionary<Guid, Dictionary<string, CompiledFlag>>();
        foreach (var flag in flags)
        {
            if (FlagDefinition.TryRead(flag.Definition) is not { } definition)
            {
                unreadable?.Invoke(flag);
                continue;
            }

            if (!tenants.TryGetValue(flag.TenantId, out var byKey)) tenants[flag.TenantId] = byKey = new Dictionary<string, CompiledFlag>(StringComparer.Ordinal);
            byKey[flag.Key] = CompiledFlag.Of(flag, definition, roles, use(flag.Id));
        }

        foreach (var byKey in tenants.Values)
        {
            var needs = byKey.ToDictionary(pair => pair.Key, pair => pair.Value.Definition.Needs.Select(need => need.Flag).ToList(), StringComparer.Ordinal);
            // Two people can save the two halves of a cycle at once.
            foreach (var flag in byKey.Values) flag.Link(byKey, key => FlagCycles.Find(key, needs) is not null);
        }

        return new FlagSnapshot(tenants.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenDictionary(StringComparer.Ordinal)));
    }

    /// <returns>Null if there is no such flag, or it is archived.</returns>
    public CompiledFlag? Find(Guid tenantId, string key) => _tenants.TryGetValue(tenantId, out var flags) && flags.TryGetValue(key, out var flag) ? flag : null;

    /// <summary>The next moment at which a window of any flag begins or ends; null if none does.</summary>
    public DateTimeOffset? BoundaryAfter(DateTimeOffset now)
    {
        var next = long.MaxValue;
        foreach (var flag in All) next = Math.Min(next, flag.BoundaryAfter(now.UtcTicks));
        return next == long.MaxValue ? null : new DateTimeOffset(next, TimeSpan.Zero);
    }
}
