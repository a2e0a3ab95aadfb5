using System.Collections.Frozen;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Every type of job that a slice registered.</summary>
public sealed class JobTypes(IEnumerable<JobType> types)
{
    private readonly FrozenDictionary<string, JobType> _byName = types.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);

    public IReadOnlyList<JobType> All => _byName.Values;

    public JobType? Find(string name) => _byName.GetValueOrDefault(name);
}
