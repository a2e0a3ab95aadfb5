using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Flags;

/// <summary>
/// Flags for code of the portal, for whoever this scope acts. A service that has its caller from the guard asks with it;
/// others ask with the key alone. A flag changes what is offered, never what somebody may: permissions are asked first.
/// </summary>
public sealed class FeatureFlags(FlagEvaluator evaluator, CurrentCaller current)
{
    /// <summary>Whether the caller is given something else than the off variant.</summary>
    public bool IsOn(Caller caller, string key) => evaluator.Decide(FlagPerson.Of(caller), key).IsOn;

    /// <inheritdoc cref="IsOn(Caller, string)"/>
    public async ValueTask<bool> IsOnAsync(string key, CancellationToken cancellation = default) => (await DecideAsync(key, cancellation)).IsOn;

    /// <summary>The variant that the person of this scope is given; the off variant, or what is declared, of a flag that does not exist.</summary>
    public async ValueTask<string> VariantAsync(string key, CancellationToken cancellation = default) => (await DecideAsync(key, cancellation)).Variant;

    public async ValueTask<FlagDecision> DecideAsync(string key, CancellationToken cancellation = default)
    {
        var caller = await current.GetAsync(cancellation);
        return evaluator.Decide(caller is null ? new FlagPerson(AppDbContext.DefaultTenant, null, FrozenSet<string>.Empty) : FlagPerson.Of(caller), key);
    }

    /// <exception cref="FeatureOffException">The flag gives the caller its off variant.</exception>
    public void Require(Caller caller, string key)
    {
        if (!IsOn(caller, key)) throw new FeatureOffException(key);
    }
}
